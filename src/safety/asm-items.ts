/**
 * Assembly outside of all functions (`global_asm!`) that may install a handler: its text calls a registrar, or enters the kernel with the number of one.
 *
 * What it installs is not looked for: it is told as unknown, and so is text from a file that cannot be read.
 */
import { pushAll } from "../base/push-all.ts";
import type { Span } from "../base/span.ts";
import type { CrateId } from "../crates/crate-graph.ts";
import type { Registrar } from "../model/registrars.ts";
import type { DefId } from "../names/defs.ts";
import type { Edition } from "../syntax/ast.ts";
import { literalOf } from "../syntax/literals.ts";
import { scan } from "../syntax/scan.ts";
import { wordPlaces } from "../syntax/word-places.ts";
import { type Asm, instructionsOf, systemCallsIn } from "./asm-system-calls.ts";
import type { PassedRegistrar, RegistrarSearch } from "./registrar-uses.ts";

const macro: string = "global_asm";
/** Of one macro call, so much text is read. */
const MAX_TEXT = 20_000;

/** Each such macro call of a crate: in its files, and in what macros made of it. */
export function asmItems(search: RegistrarSearch, crate: CrateId): PassedRegistrar[] {
  const { names } = search.bodies;
  if (!names.mayMention(crate, [macro])) return [];
  const root = names.crateRoot(crate);
  const found: PassedRegistrar[] = [];
  const seen = new Set<string>();
  const look = (written: Written): void => {
    if (seen.has(written.text) || !written.text.includes(macro)) return;
    seen.add(written.text);
    pushAll(found, callsIn(search, crate, written));
  };
  for (const { id: file, text } of names.textsWith(macro, crate))
    look({ def: root, text, spanOf: (start, end) => ({ file, start, end }) });
  const pending: DefId[] = [root];
  for (let def = pending.pop(); def !== undefined; def = pending.pop()) {
    if (names.isUnread(def)) continue;
    const { item, children } = names.def(def);
    for (const one of children) pending.push(one);
    if (item !== null) look({ def, text: item.source.text, spanOf: item.source.spanOf });
  }
  return found;
}

/** A text, and the definition that is named for what stands in it. */
interface Written {
  readonly def: DefId;
  readonly text: string;
  spanOf(start: number, end: number): Span;
}

function callsIn(search: RegistrarSearch, crate: CrateId, { def, text, spanOf }: Written): PassedRegistrar[] {
  const { names } = search.bodies;
  const placeOf = wordPlaces(text, names.edition(def));
  const found: PassedRegistrar[] = [];
  let passed = 0;
  for (const { index, 0: call } of text.matchAll(/\bglobal_asm\s*!\s*[({[]/g)) {
    if (index < passed || placeOf(index) === "silent") continue;
    passed = endOf(text, index + call.length, placeOf);
    const span = spanOf(index, passed);
    const included = includedIn(text, index, passed, placeOf).map((one) => names.includedText(one, span, crate));
    const [unknown = null] = included.includes(null) ? search.registrars.bySystemCall : [];
    const registrar = unknown ?? installedBy(search, text.slice(index, passed), included, names.edition(def));
    if (registrar !== null) found.push({ registrar, body: { def, closure: null }, span });
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

/** What files are named by between `start` and `end`: the arguments of `include_str!`. */
function includedIn(text: string, start: number, end: number, placeOf: (at: number) => string): string[] {
  const found: string[] = [];
  for (const { index, 0: name } of text.slice(start, end).matchAll(/\binclude_str\s*!\s*[({[]/g)) {
    const at = start + index;
    if (placeOf(at) !== "silent") found.push(text.slice(at + name.length, endOf(text, at + name.length, placeOf) - 1));
  }
  return found;
}

/** The registrar that is called, by its name or by the kernel's number; `included` is the text of files. */
function installedBy(
  { bodies, registrars, arch }: RegistrarSearch,
  call: string,
  included: readonly (string | null)[],
  edition: Edition,
): Registrar | null {
  const template = [...literalsIn(call, edition), ...included].join("\n");
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

/** The text of all literals, those in comments left out. */
function literalsIn(call: string, edition: Edition): string[] {
  return scan(call, 0, call.length, edition).flatMap(({ k, start, end }) => {
    const literal = k === "literal" ? literalOf(call.slice(start, end)) : null;
    return literal?.k === "str" ? literal.value : [];
  });
}
