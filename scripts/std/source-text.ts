/**
 * A crate of std as one text in stable Rust that the tool reads like any crate: modules in place, unstable syntax rewritten.
 *
 * Rewritten are const traits, macros of the second kind, pattern types, bounds that every type meets, and the four functions that the compiler
 * replaces. A module whose file is not among the compiled ones is left empty. Nothing here decides what a function does.
 */
import path from "node:path";
import { type RawToken, scan } from "../../src/syntax/scan.ts";

/** Files by path from the crate's folder on, `lib.rs` among them. */
export function crateText(name: string, files: ReadonlyMap<string, string>): string {
  const text = withModules(files, "lib.rs", "");
  return oldMacros(withoutBuiltins(replacedByCompiler(name, stableSyntax(text))));
}

/** The tokens of a text, with what is asked of them here. */
interface View {
  readonly text: string;
  readonly tokens: readonly RawToken[];
  word(at: number): string;
  /** The token that closes the group opened at `at`. */
  close(at: number): number;
  /** From the start of one token to the end of another. */
  cut(from: number, to: number): string;
}

function viewOf(text: string): View {
  const tokens = scan(text, 0, text.length, "2024");
  return {
    text,
    tokens,
    word: (at) => text.slice(tokens[at]?.start ?? 0, tokens[at]?.end ?? 0),
    close(at) {
      let depth = 0;
      for (let index = at; index < tokens.length; index += 1) {
        const { k } = tokens[index] ?? { k: "punct" };
        if (k === "open") depth += 1;
        else if (k === "close") depth -= 1;
        if (depth === 0) return index;
      }
      return tokens.length - 1;
    },
    cut: (from, to) => text.slice(tokens[from]?.start ?? 0, tokens[to]?.end ?? 0),
  };
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly with: string;
}

function applied(text: string, edits: readonly Edit[]): string {
  let done = "";
  let from = 0;
  for (const edit of edits) {
    done += text.slice(from, edit.start) + edit.with;
    from = edit.end;
  }
  return done + text.slice(from);
}

/** `mod x;` with the file's text in its place. */
function withModules(files: ReadonlyMap<string, string>, file: string, folder: string): string {
  const view = viewOf(files.get(file) ?? "");
  const edits: Edit[] = [];
  /** Modules that are written in place around the token, with where they end. */
  const around: { readonly name: string; readonly end: number }[] = [];
  for (let at = 0; at < view.tokens.length; at += 1) {
    if (around.at(-1)?.end === at) around.pop();
    if (view.word(at) !== "mod" || view.tokens[at + 1]?.k !== "ident") continue;
    const name = view.word(at + 1);
    if (view.word(at + 2) === "{") around.push({ name, end: view.close(at + 2) });
    if (view.word(at + 2) !== ";") continue;
    const here = path.posix.join(folder, ...around.map((one) => one.name));
    const given = pathAttribute(view, at);
    const places =
      given === null
        ? [path.posix.join(here, `${name}.rs`), path.posix.join(here, name, "mod.rs")]
        : [path.posix.join(path.posix.dirname(file), given)];
    const found = places.find((one) => files.has(one));
    const { start = 0, end = 0 } = view.tokens[at + 2] ?? {};
    const own = found?.endsWith("mod.rs") === true || given !== null;
    const below = own ? path.posix.dirname(found ?? "") : path.posix.join(here, name);
    const inside = found === undefined ? "" : withModules(files, found, below);
    edits.push({ start, end, with: ` {\n${inside}\n}` });
  }
  return applied(view.text, edits);
}

/** `#[path = "…"]` among the attributes of the item whose keyword stands at `at`. */
function pathAttribute(view: View, at: number): string | null {
  const before = view.text.slice(Math.max(0, (view.tokens[at]?.start ?? 0) - 300), view.tokens[at]?.start);
  return /#\[path\s*=\s*"([^"]+)"\](?:\s*#\[[^\]]*\])*\s*(?:pub(?:\([^)]*\))?\s*)?$/.exec(before)?.[1] ?? null;
}

/** Const traits and their bounds, trait aliases, pattern types, bounds on sizes. */
function stableSyntax(text: string): string {
  return text
    .replace(/^[ \t]*\/\/.*$/gm, "")
    .replace(/\[const\]\s+|~const\s+/g, "")
    .replace(/#\[derive_const\(/g, "#[derive(")
    .replace(/\bimpl\s+const\s+/g, "impl ")
    .replace(/\b(unsafe\s+)?impl(<(?:[^<>]|<(?:[^<>]|<[^<>]*>)*>|->)*>)\s*const\s+(?=[\w:!])/g, "$1impl$2 ")
    .replace(/\bconst (unsafe )?(impl|(?:auto )?trait)\b/g, "$1$2")
    .replace(/\bconst ((?:move )?\|)/g, "$1")
    .replace(/: const (?=\w+[<;])/g, ": ")
    .replace(/#\[optimize\(size\)\]\s*\|/g, "|")
    .replace(/pub trait (\w+) = [^;]*;/g, "pub trait $1 {} impl<T: ?Sized> $1 for T {}")
    .replace(/: \*(?:const |mut )?impl Thin\b/g, ": *const ()")
    .replace(/((?<!:)[:+]\s+)(?:PointeeSized|MetaSized)\b/g, "$1?Sized")
    .replace(/(?:crate::)?pattern_type!\(\s*(\$?\w+|\*const T) is [^;{}]*?\)/g, "$1");
}

/** Functions whose text does not matter to the compiler, as what they do. */
function replacedByCompiler(name: string, text: string): string {
  if (name !== "core") return text;
  return text
    .replace(/(pub const fn const_eval_select<[^;]*?\bRET\b[^;]*?);/, "$1 { FnOnce::call_once(_called_at_rt, _arg) }")
    .replace(/(pub unsafe fn catch_unwind\([^;]*?\)\s*->\s*i32);/, "$1 { _try_fn(_data); 0 }")
    .replace(
      /pub (?:const )?unsafe fn drop_in_place<T[^{]*\{(?:[^{}]|\{[^{}]*\})*\}/,
      "pub unsafe fn drop_in_place<T: ?Sized>(to_drop: *mut T) { let _ = crate::ptr::read(to_drop); }",
    )
    .replace(/(?:\b\w+::)*\bcheck_(?:library|language)_ub\(\)(?=\s*[{&])/g, "false")
    .replace(/pub trait Tuple(?: \{\}|;)/, "pub trait Tuple {} impl<T: ?Sized> Tuple for T {}")
    .replace(/pub trait Destruct[^{]*\{/, "impl<T: ?Sized> Destruct for T {}\npub trait Destruct {");
}

/** Without macros of the compiler, which the tool expands by name. */
function withoutBuiltins(text: string): string {
  const view = viewOf(text);
  const edits: Edit[] = [];
  for (let at = 0; at < view.tokens.length; at += 1) {
    if (view.word(at) !== "#" || view.word(at + 1) !== "[") continue;
    const start = view.tokens[at]?.start ?? 0;
    let builtin = false;
    while (view.word(at) === "#" && view.word(at + 1) === "[") {
      builtin ||= view.word(at + 2) === "rustc_builtin_macro";
      at = view.close(at + 1) + 1;
    }
    const end = builtin ? macroEnd(view, at) : null;
    if (end !== null) {
      edits.push({ start, end: view.tokens[end]?.end ?? start, with: "" });
      at = end + 1;
    }
    at -= 1;
  }
  return applied(text, edits);
}

/** The last token of the macro whose visibility or keyword stands at `at`. */
function macroEnd(view: View, at: number): number | null {
  let next = at;
  while (next < at + 8 && view.word(next) !== "macro" && view.word(next) !== "macro_rules") next += 1;
  if (next === at + 8) return null;
  while (view.word(next) !== "{") next = view.word(next) === "(" ? view.close(next) + 1 : next + 1;
  return view.close(next);
}

/** `macro x { (..) => {..}, .. }` and `macro x(..) {..}` as `macro_rules!` of the crate's root, and calls of them by that path. */
function oldMacros(text: string): string {
  const view = viewOf(text);
  const edits: Edit[] = [];
  const names = new Set<string>();
  for (let at = 0; at < view.tokens.length; at += 1) {
    if (view.word(at) !== "macro" || view.tokens[at + 1]?.k !== "ident") continue;
    if (view.word(at + 2) !== "(" && view.word(at + 2) !== "{") continue;
    const name = view.word(at + 1);
    names.add(name);
    let start = at;
    if (view.word(start - 1) === ")") while (view.word(start) !== "pub") start -= 1;
    else if (view.word(start - 1) === "pub") start -= 1;
    const { rules, end } = rulesOf(view, at + 2);
    edits.push({
      start: view.tokens[start]?.start ?? 0,
      end: view.tokens[end]?.end ?? 0,
      with: `#[macro_export] macro_rules! ${name} { ${rules} }`,
    });
    at = end;
  }
  if (names.size === 0) return text;
  const call = new RegExp(
    `(?<![\\w:!])((?:(?:\\$?crate|self|super|[a-z_]+)::)*)(${[...names].join("|")})!(?=\\s*[({[])`,
    "g",
  );
  return applied(text, edits).replace(call, (_, prefix: string, name: string) =>
    prefix.startsWith("$crate") ? `$crate::${name}!` : `crate::${name}!`,
  );
}

function rulesOf(view: View, open: number): { readonly rules: string; readonly end: number } {
  const head = view.close(open);
  if (view.word(open) === "(") {
    const end = view.close(head + 1);
    return { rules: `${view.cut(open, head)} => ${view.cut(head + 1, end)}`, end };
  }
  const rules: string[] = [];
  for (let at = open + 1; at < head; ) {
    const pattern = view.close(at);
    const body = view.close(pattern + 3);
    rules.push(`${view.cut(at, pattern)} => ${view.cut(pattern + 3, body)}`);
    at = body + 1;
    while (view.word(at) === "," || view.word(at) === ";") at += 1;
  }
  return { rules: rules.join(";\n"), end: head };
}
