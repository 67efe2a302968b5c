/**
 * `explain FUNCTION`: what is known of a C function, a system call or a function of std, why, and what to call instead in a handler.
 *
 * C functions and system calls by name (`pthread_getname_np`, `libc::write`, `SYS_futex`), from signal-safety.json; functions of std by path, whole or
 * from a type or module on (`std::thread::park`, `Vec::push`), from the rule packs, with which witnesses saw the same.
 */
import type { Lints } from "../model/lints.ts";
import type { Pack, PackEffect, PackFn } from "../model/pack.ts";
import { functionKey } from "../model/pack-index.ts";
import type { LibcRecord, LibcVerdict, SignalSafety, SyscallRecord } from "../model/signal-safety.ts";
import { type StdWitnesses, witnessLines } from "../model/std-witnesses.ts";
import type { Kind } from "../model/vocabulary.ts";

const VERDICTS: Readonly<Record<LibcVerdict, string>> = {
  listed: "signal-safety(7) lists it: a handler may call it",
  "safe-in-practice": "not listed, but safe on Linux: silent, a warning under --strict-posix",
  unlisted: "not listed, and in doubt: a warning",
  unsafe: "not safe in a handler: an error",
  unknown: "nothing is known of it: a blind spot",
};

/** The text for a C function or system call; null where there is none of this name. */
export function explainC(safety: SignalSafety, lints: Lints, written: string): string | null {
  const name = written.replace(/^(?:::)?libc::/u, "").replace(/\(\)$/u, "");
  const call = safety.syscalls.byName(name);
  if (call !== null) return textOf(name, call, lints, call.like ?? null);
  const record = safety.lookup(name);
  return record === null ? null : textOf(name, record, lints, record.name === name ? null : record.name);
}

function textOf(name: string, record: LibcRecord | SyscallRecord, lints: Lints, like: string | null): string {
  const { standard } = record;
  const since =
    standard === undefined
      ? []
      : [`Since ${standard.since}${standard.removed === undefined ? "" : `, removed by ${standard.removed}`}.`];
  const effects = (record.effects ?? []).map(({ kind, when }) => said(lints, kind, when));
  const errno = { never: "It never sets errno.", "on-failure": "It sets errno when it fails.", unknown: "" }[
    record.errno
  ];
  const special = (record.byArgument ?? []).map(
    ({ arg, values, verdict }) =>
      `With argument ${arg} ${values.length > 8 ? `one of ${values.length} constants` : `one of ${values.join(", ")}`}: ${verdict}.`,
  );
  return lines([
    `${name}: ${record.verdict} (${VERDICTS[record.verdict]})`,
    ...(like === null ? [] : [`The same as \`${like}\`.`]),
    ...since,
    ...(record.note === undefined ? [] : [`Note: ${record.note}.`]),
    ...effects,
    ...special,
    errno,
    instead(record, lints),
    ...cited(record.cite ?? []),
  ]);
}

function instead(record: LibcRecord | SyscallRecord, lints: Lints): string {
  if (record.verdict === "listed" || record.verdict === "safe-in-practice") return "";
  const [first] = record.effects ?? [];
  return `Instead: ${record.instead ?? lints.ofKind(first?.kind ?? "libc").help}`;
}

/** The texts for the functions of std that a path means; null where the packs have none. More than a few are only listed. */
export function explainStd(
  packs: readonly Pack[],
  witnesses: () => StdWitnesses,
  lints: Lints,
  written: string,
): string | null {
  const wanted = written
    .replace(/^::/u, "")
    .replace(/\(\)$/u, "")
    .replace(/<[^<>]*>/gu, "")
    .split("::");
  const found = packs.flatMap((pack) => [...functionsOf(pack)]).filter((one) => means(one.path, wanted));
  if (found.length === 0) return null;
  if (found.length > 12)
    return `${found.length} functions are named so; give more of the path:\n${found
      .slice(0, 40)
      .map((one) => `  ${one.path.join("::")}\n`)
      .join("")}`;
  const seen = witnesses();
  return found.map((one) => stdText(one, seen, lints)).join("\n");
}

interface Declared {
  readonly path: readonly string[];
  readonly holder: string;
  readonly fn: PackFn;
  /** What the witnesses know it by; null where they are not asked (single crates). */
  readonly key: string | null;
}

function* functionsOf(pack: Pack): Generator<Declared> {
  for (const module of pack.modules) {
    const at = module.path.split("::");
    for (const fn of module.fns ?? [])
      yield { path: [...at, nameOf(fn)], holder: "", fn, key: functionKey(module.path, "", fn) };
    for (const { decl, fns } of [...(module.traits ?? []), ...(module.impls ?? [])])
      for (const fn of fns ?? [])
        yield { path: [...at, ownerOf(decl), nameOf(fn)], holder: decl, fn, key: functionKey(module.path, decl, fn) };
  }
  for (const { path, ...fn } of pack.overrides ?? [])
    yield { path: path.replace(/[<>]/gu, "").split("::"), holder: "", fn: { ...fn, sig: `fn ${path}` }, key: null };
}

/** The last words of the path are the written ones; a module may be left out between a crate and what it exports. */
function means(path: readonly string[], wanted: readonly string[]): boolean {
  const tail = path.slice(-wanted.length);
  if (tail.join("::") === wanted.join("::")) return true;
  // `std::string::String::push` is written in `alloc::string`; `std::sync::Mutex::lock` in a module below.
  const [first = "", ...rest] = wanted;
  return ["std", "core", "alloc"].includes(first) && rest.length > 1 && path.slice(-2).join() === rest.slice(-2).join();
}

function nameOf(fn: PackFn): string {
  return /\bfn\s+(?:r#)?(\w+)/u.exec(fn.sig)?.[1] ?? "";
}

/** `impl<T> Clone for Vec<T>` is of `Vec`, a trait of itself. */
function ownerOf(decl: string): string {
  const head = decl.replace(/^#\[[^\]]*\]\s*/u, "").replace(/\bwhere\b.*$/su, "");
  const trait = /\btrait\s+(\w+)/u.exec(head)?.[1];
  if (trait !== undefined) return trait;
  const self = / for (.*)$/su.exec(head)?.[1] ?? withoutGenerics(head.replace(/^(?:unsafe )?impl/u, ""));
  return /(\w+)\s*(?:<.*)?$/su.exec(self.trim().replace(/<.*$/su, ""))?.[1] ?? self.trim();
}

function withoutGenerics(text: string): string {
  if (!text.startsWith("<")) return text;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "<") depth += 1;
    else if (text[at] === ">" && text[at - 1] !== "-") depth -= 1;
    if (depth === 0) return text.slice(at + 1);
  }
  return text;
}

function stdText({ path, holder, fn, key }: Declared, witnesses: StdWitnesses, lints: Lints): string {
  const effects = (fn.effects ?? []).map((one) => effectText(one, lints));
  const parametric = [
    ...(fn.body === undefined ? [] : ["What it calls, with the caller's types, is followed like any code."]),
    ...(fn.invokes ?? []).map(({ arg, when }) => `Calls its argument ${arg}${when === undefined ? "" : ` (${when})`}.`),
    ...(fn.drops ?? []).map((one) => `Drops ${one}.`),
    ...(fn.forces ?? []).map((arg) => `Forces the cell behind argument ${arg}.`),
  ];
  const none = effects.length === 0 && parametric.length === 0 ? ["Nothing that a handler must not do."] : [];
  const [first] = fn.effects ?? [];
  return lines([
    `${path.join("::")}${holder.includes(" for ") ? ` (${holder})` : ""}`,
    ...effects,
    ...parametric,
    ...none,
    fn.panics === true ? "It can panic." : "",
    fn.note === undefined ? "" : `Note: ${fn.note}.`,
    first === undefined || first.kind === "errno" ? "" : `Instead: ${lints.ofKind(first.kind).help}`,
    ...cited(fn.cite),
    ...(key === null ? [] : witnessLines(witnesses, key)),
  ]);
}

function effectText({ kind, when, through }: PackEffect, lints: Lints): string {
  return `${said(lints, kind, when)}${through === undefined ? "" : ` Through ${through}.`}`;
}

function said(lints: Lints, kind: Kind, when: string): string {
  const lint = lints.ofKind(kind);
  return `${lint.id} (${kind})${when === "always" ? "" : `, ${when}`}: ${lint.title}.`;
}

function cited(cite: readonly string[]): string[] {
  return cite.length === 0 ? [] : [`From: ${cite.join("; ")}`];
}

function lines(all: readonly string[]): string {
  return all
    .filter((one) => one !== "")
    .map((one, at) => `${at === 0 ? "" : "  "}${one}\n`)
    .join("");
}
