/**
 * System calls of inline assembly that may install a handler, as calls of the C function that makes system calls.
 *
 * Input: a crate. Output: its instructions that enter the kernel, in functions whose text or macros have one, with their operands as
 * arguments. Which of them install a handler, by their number or that of their callers, is for the asker to say (registrar-numbers.ts);
 * functions whose every caller names another system call by its constant are left out, by their texts alone: nothing is inferred for them.
 */
import type { Bodies } from "../calls/bodies.ts";
import type { BodyKey, Operand } from "../calls/mir.ts";
import type { CrateId } from "../crates/crate-graph.ts";
import type { Registrar, Registrars } from "../model/registrars.ts";
import type { DefId } from "../names/defs.ts";
import { wordPlaces } from "../syntax/word-places.ts";
import { type Asm, systemCallPattern, systemCallsIn } from "./asm-system-calls.ts";
import { isNumberSeen } from "./registrar-numbers.ts";
import type { RegistrarCall, RegistrarSearch } from "./registrar-uses.ts";
import { callLike } from "./registrar-words.ts";

const asmMacros: readonly string[] = ["asm", "naked_asm"];

/** The system calls that a crate's own assembly makes, where it or who can call it names the number of one that installs a handler. */
export function asmCalls(search: RegistrarSearch, crate: CrateId): RegistrarCall[] {
  const { bodies, registrars, arch } = search;
  const { names } = bodies;
  const rules = registrars.systemCalls(arch);
  if (rules === null || registrars.bySystemCall.length === 0) return [];
  const macros = names.macrosMentioning(asmMacros, crate);
  const instruction = systemCallPattern(rules);
  const mayWrite = names.mayMention(crate, asmMacros) && names.mayMatch(crate, callLike(new Set(asmMacros)));
  const isWritten = mayWrite && names.mayMatch(crate, instruction);
  if (!isWritten && (macros.length === 0 || !names.mayMention(crate, macros))) return [];
  if (!registrars.bySystemCall.some((one) => isNumberSeen(search, one, names.crateRoot(crate)))) return [];
  const writes = macros.length === 0 ? null : new RegExp(`\\b(?:${macros.join("|")})\\s*!`);
  const unknown = bodies.types.unknown("not-inferred");
  const lost: Operand = { k: "const", value: { k: "other", ty: unknown } };
  const callsIn = (body: BodyKey): RegistrarCall[] =>
    (bodies.mir(body)?.blocks ?? []).flatMap(({ term }, block) => {
      if (term.k !== "asm") return [];
      const given = systemCallsIn(term, rules, unknown).map((one) => one.map((operand) => operand ?? lost));
      return given.flatMap((args) =>
        registrars.bySystemCall.map((registrar) => asCall(registrar, body, block, term, args)),
      );
    });
  return bodies.mentioning(crate, asmMacros).flatMap((def) => {
    const text = textOf(bodies, def);
    if (!instruction.test(text) && writes?.test(text) !== true) return [];
    if (isGivenOthers(bodies, registrars, def)) return [];
    const calls = bodies.withClosures(def).flatMap(callsIn);
    if (calls.length === 0) bodies.forget(def);
    return calls;
  });
}

/** Does every text that names the function name another system call first thing in its parentheses? */
function isGivenOthers(bodies: Bodies, { systemCallNames, bySystemCall }: Registrars, def: DefId): boolean {
  const { names } = bodies;
  const { name } = names.def(def);
  const wanted = bySystemCall.flatMap(({ match }) => (match.where ?? []).map(({ constant }) => lastWordOf(constant)));
  const isOther = (after: string): boolean => {
    const first = /^\s*!?\s*\(\s*(?:[\w:]+\s*\(\s*){0,8}(?:\w+\s*::\s*)*([A-Za-z_]\w*)/.exec(after)?.[1] ?? "";
    const family = systemCallNames.find((one) => first.startsWith(one));
    return family !== undefined && !wanted.some((one) => first.slice(family.length).toLowerCase().includes(one));
  };
  let isNamed = false;
  for (const crate of bodies.cratesThatSee(def)) {
    const macros = names.macrosMentioning([name], crate);
    if (!names.mayMention(crate, [name, ...macros])) continue;
    const word = new RegExp(`\\b(?:${[name, ...macros].join("|")})\\b`, "g");
    for (const caller of bodies.mentioning(crate, [name])) {
      if (caller === def) continue;
      const text = textOf(bodies, caller);
      const placeOf = wordPlaces(text, names.def(caller).item?.source.edition ?? "2021");
      const found = [...text.matchAll(word)].filter((one) => placeOf(one.index) !== "silent");
      if (found.length === 0 || !found.every((one) => isOther(text.slice(one.index + one[0].length)))) return false;
      isNamed = true;
    }
  }
  return isNamed;
}

/** What the names of a system call have in common, whoever writes them: `sigaction` of `SYS_rt_sigaction`, `SYS_RT_SIGACTION`, `__NR_sigaction`. */
function lastWordOf(constant: string): string {
  return constant.slice(constant.lastIndexOf("_") + 1).toLowerCase();
}

function textOf({ names }: Bodies, def: DefId): string {
  const { item } = names.def(def);
  return item === null ? "" : item.source.text.slice(item.start, item.end);
}

function asCall(registrar: Registrar, body: BodyKey, block: number, asm: Asm, args: readonly Operand[]): RegistrarCall {
  const { span, next } = asm;
  return {
    registrar,
    body,
    block,
    symbol: null,
    term: {
      k: "call",
      callee: { k: "unresolved", reason: "inline-asm", types: null, text: "asm!", candidates: [] },
      args,
      dest: { local: 0, proj: [] },
      next,
      span,
      via: "call",
      nameSpan: span,
    },
  };
}
