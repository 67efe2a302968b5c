/**
 * Assembly outside of all functions (`global_asm!`) that may install a handler: its text calls a registrar, or enters the kernel with the number of one.
 *
 * What it installs is not looked for: it is told as unknown. Text that is read from a file is not seen.
 */
import type { CrateId } from "../crates/crate-graph.ts";
import type { Registrar } from "../model/registrars.ts";
import type { DefId } from "../names/defs.ts";
import { wordPlaces } from "../syntax/word-places.ts";
import { type Asm, instructionsOf, systemCallsIn } from "./asm-system-calls.ts";
import type { PassedRegistrar, RegistrarSearch } from "./registrar-uses.ts";

const macro: string = "global_asm";
/** Of one macro call, so much text is read. */
const MAX_TEXT = 20_000;

/** Each such macro call of a crate. */
export function asmItems(search: RegistrarSearch, crate: CrateId): PassedRegistrar[] {
  const { bodies } = search;
  const { names } = bodies;
  if (!names.mayMention(crate, [macro])) return [];
  const found: PassedRegistrar[] = [];
  const seen = new Set<string>();
  const pending: DefId[] = [names.crateRoot(crate)];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (names.isUnread(id)) continue;
    const { item, children } = names.def(id);
    for (const one of children) pending.push(one);
    if (item === null || seen.has(item.source.text)) continue;
    const { text, edition } = item.source;
    seen.add(text);
    if (!text.includes(macro)) continue;
    const placeOf = wordPlaces(text, edition);
    for (const { index, 0: call } of text.matchAll(/\bglobal_asm\s*!\s*[({[]/g)) {
      if (placeOf(index) === "silent") continue;
      const end = endOf(text, index + call.length, placeOf);
      const registrar = installedBy(search, text.slice(index, end));
      if (registrar === null) continue;
      found.push({ registrar, body: { def: id, closure: null }, span: item.source.spanOf(index, end) });
    }
  }
  return found;
}

/** Behind the delimiter that closes what was opened before `start`. */
function endOf(text: string, start: number, placeOf: (at: number) => string): number {
  const limit = Math.min(text.length, start + MAX_TEXT);
  let depth = 1;
  for (let at = start; at < limit; at += 1) {
    const isOpening = "([{".includes(text[at] ?? "");
    if (!isOpening && !")]}".includes(text[at] ?? "")) continue;
    if (placeOf(at) === "silent") continue;
    depth += isOpening ? 1 : -1;
    if (depth === 0) return at + 1;
  }
  return limit;
}

/** The registrar that is called, by its name or by the kernel's number. */
function installedBy({ bodies, registrars, arch }: RegistrarSearch, call: string): Registrar | null {
  const template = templateOf(call);
  for (const line of instructionsOf(template)) {
    const symbol = /^(?:call[lq]?|jmp[lq]?|bl?|jal|j|tail)\s+\*?(\w+)/.exec(line)?.[1] ?? "";
    const named = registrars.bySymbol(symbol).find(({ match }) => match.where === undefined);
    if (named !== undefined) return named;
  }
  const rules = registrars.systemCalls(arch);
  const [registrar] = registrars.bySystemCall;
  if (rules === null || registrar === undefined) return null;
  const wanted = registrars.numberOn(arch, registrar.match.where?.[0]?.numbers);
  const span = { file: 0, start: 0, end: 0 } as Asm["span"];
  const asm: Asm = {
    k: "asm",
    template,
    inputs: [],
    attSyntax: call.includes("att_syntax"),
    naked: false,
    next: 0,
    span,
  };
  const isWanted = systemCallsIn(asm, rules, bodies.types.unknown("not-inferred")).some(([number]) => {
    return number?.k === "const" && number.value.k === "int" && Number(number.value.value) === wanted;
  });
  return isWanted ? registrar : null;
}

/** The text of all literals. */
function templateOf(call: string): string {
  const parts = call.matchAll(/r(#{0,8})"([\s\S]*?)"\1|"((?:[^"\\]|\\[\s\S])*)"/g);
  const texts = [...parts].map(([, , raw, plain]) => raw ?? (plain ?? "").replace(/\\[nt]/g, "\n"));
  return texts.join("\n");
}
