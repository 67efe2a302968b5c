/**
 * What rustc's MIR says of one crate: every call with its callee and place, and every named variable with its type.
 *
 * Input: lines of `-Zunpretty=mir -Zmir-include-spans=on`, as rustc-mir.sh keeps them. Places are files as rustc names them (absolute in the
 * registry), lines and columns from 1. Text that is not understood is left out, never guessed.
 */
import { type CalleeShape, readCallee, readType, type Shape } from "./shape.ts";

export interface Place {
  readonly file: string;
  /** `line:column: line:column`. */
  readonly range: string;
}
export interface MirCall {
  readonly place: Place;
  /** Null where a value is called. */
  readonly callee: CalleeShape | null;
  readonly text: string;
  /** Where the impl stands whose member holds it: an attribute where it is derived. */
  readonly impl: Place | null;
}
export interface MirVariable {
  readonly place: Place;
  readonly impl: Place | null;
  readonly name: string;
  readonly ty: Shape;
}
export interface MirFacts {
  readonly calls: readonly MirCall[];
  readonly variables: readonly MirVariable[];
}

const comment: RegExp = /\/\/ (?:return place )?(?:in )?scope \d+ at (.+?):(\d+:\d+: \d+:\d+)$/;

/** Reads the lines of one crate. */
export function readMir(text: string): MirFacts {
  const calls: MirCall[] = [];
  const variables: MirVariable[] = [];
  let impl: Place | null = null;
  let locals = new Map<string, string>();
  const named: { readonly local: string; readonly name: string; readonly place: Place }[] = [];
  const flush = (): void => {
    for (const { local, name, place } of named) {
      const ty = locals.get(local);
      if (ty !== undefined) variables.push({ place, impl, name, ty: readType(ty) });
    }
    named.length = 0;
    locals = new Map();
  };
  // A const fn is printed twice: as it runs, and as the compiler evaluates it.
  let twice = false;
  for (const line of text.split("\n")) {
    if (line.startsWith("//")) {
      twice = line.startsWith("// MIR FOR CTFE");
      continue;
    }
    if (twice) {
      twice = !line.startsWith("}");
      continue;
    }
    if (!line.startsWith(" ")) {
      if (!line.startsWith("}")) {
        flush();
        const header = /<impl at (.+?):(\d+:\d+: \d+:\d+)>/.exec(line);
        impl = header === null ? null : { file: header[1] ?? "", range: header[2] ?? "" };
        for (const [local, ty] of parametersOf(line)) locals.set(local, ty);
      }
      continue;
    }
    const at = comment.exec(line);
    if (at === null) continue;
    const place: Place = { file: at[1] ?? "", range: at[2] ?? "" };
    const code = line.slice(0, at.index).trim();
    const local = /^let (?:mut )?(_\d+): (.+);$/.exec(code);
    if (local !== null) {
      locals.set(local[1] ?? "", local[2] ?? "");
      continue;
    }
    const debug = /^debug (\S+) => (_\d+);$/.exec(code);
    if (debug !== null) {
      named.push({ local: debug[2] ?? "", name: debug[1] ?? "", place });
      continue;
    }
    const call = /^(?:\S.*? = )(.+) -> (?:\[return|unwind|bb)/.exec(code);
    if (call !== null && !code.startsWith("drop(")) calls.push(...callOf(call[1] ?? "", place, impl));
  }
  flush();
  return { calls, variables };
}

function callOf(text: string, place: Place, impl: Place | null): MirCall[] {
  const open = argumentsStart(text);
  if (open < 0) return [];
  const name = text.slice(0, open);
  return [{ place, impl, callee: readCallee(name), text: name }];
}

/** Where the parenthesis of the arguments opens: the one that the last closes. */
function argumentsStart(text: string): number {
  if (!text.endsWith(")")) return -1;
  let depth = 0;
  let quoted = false;
  for (let at = text.length - 1; at >= 0; at -= 1) {
    const one = text[at];
    if (one === '"' && text[at - 1] !== "\\") quoted = !quoted;
    if (quoted) continue;
    if (one === ")") depth += 1;
    if (one === "(") {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}

/** `_1: T` of a body's first line. */
function parametersOf(line: string): [string, string][] {
  const found: [string, string][] = [];
  for (const { index } of line.matchAll(/[(,] ?(?=_\d+: )/g)) {
    const start = line.indexOf("_", index);
    const colon = line.indexOf(":", start);
    let depth = 0;
    let at = colon + 1;
    for (; at < line.length; at += 1) {
      const one = line[at] ?? "";
      if ("(<[{".includes(one)) depth += 1;
      if (one === ">" && line[at - 1] === "-") continue;
      if (")>]}".includes(one)) depth -= 1;
      if (depth < 0) break;
      if (one === "," && depth === 0) break;
    }
    found.push([line.slice(start, colon), line.slice(colon + 2, at)]);
  }
  return found;
}
