/**
 * What the packs say of the functions that stand in the compiled library, and what the machine code of each does.
 *
 * A symbol's type arguments are written into a crate of aliases, so that the tool's own inference makes types of them; the instance of the pack's
 * function that they choose is walked like a handler. Compared are alloc, dealloc, lock and stdio, panics cut on both sides. In the library's
 * machine code a call through a pointer leads nowhere, and so it does here: facts of arguments that only the caller knows count for neither.
 */
import { buildCallGraph, type Entry } from "../../src/calls/build-graph.ts";
import type { Edge } from "../../src/calls/call-graph.ts";
import { loadAllocators } from "../../src/model/allocators.ts";
import type { Pack } from "../../src/model/pack.ts";
import { functionKey } from "../../src/model/pack-index.ts";
import { loadSignalSafety } from "../../src/model/signal-safety.ts";
import type { Said } from "../../src/model/std-witnesses.ts";
import type { Kind } from "../../src/model/vocabulary.ts";
import type { DefId, Names } from "../../src/names/defs.ts";
import type { ExternOptions } from "../../src/safety/extern-effects.ts";
import { reachFrom } from "../../src/safety/reach.ts";
import type { Types } from "../../src/types/api.ts";
import type { Ty } from "../../src/types/ty.ts";
import { programOf, shippedPacks, type TestProgram } from "../../test/calls/program-of.ts";
import { schemaOf, shipped } from "../../test/model/shipped-data.ts";
import { parseSymbol, readRedirects, type Symbol } from "./compiled-symbols.ts";

/** By symbol: what the machine code does (test/referee/libstd.py). */
export type Compiled = Readonly<Record<string, Said>>;

export interface Compared extends Said {
  readonly symbol: string;
  /** The packs' function, as `functionKey` names it, or by its path where its text is one with others'. */
  readonly key: string;
  readonly claimed: readonly string[];
  /** What other effects of the same function stand for. */
  readonly beside?: readonly string[];
  /** Functions of the packs that do what the machine code does not. */
  readonly through: readonly string[];
}

/** Entries are many here, and each is to be read for its own types. */
export const everyInstance: { readonly perBody: number; readonly total: number } = {
  perBody: 100_000,
  total: 5_000_000,
};
const compared: readonly Kind[] = ["alloc", "dealloc", "lock", "stdio"];

/** A symbol with the function behind it. */
export interface Join {
  readonly symbol: string;
  readonly entry: Entry;
}

/** Every function of the compiled library that the packs have, with what both say. */
export async function compareLibrary(html: string, compiled: Compiled): Promise<readonly Compared[]> {
  const symbols = parseSymbols(html, Object.keys(compiled));
  const program = await programOf([{ name: "aliases", text: aliasCrate(symbols) }]);
  return compareEffects(program, joinSymbols(program, "aliases", symbols), compiled);
}

/** The names that are functions of the interface, taken apart. */
export function parseSymbols(html: string, names: readonly string[]): readonly (readonly [string, Symbol])[] {
  const redirects = readRedirects(html);
  return names.flatMap((name): (readonly [string, Symbol])[] => {
    const symbol = parseSymbol(name, redirects);
    return symbol === null ? [] : [[name, symbol]];
  });
}

/** The text of a crate with an alias for each type that the symbols name. */
export function aliasCrate(symbols: readonly (readonly [string, Symbol])[]): string {
  const lines: string[] = [];
  for (const [index, [, symbol]] of symbols.entries()) {
    if (symbol.self !== null) lines.push(`pub type S${index} = ${symbol.self};`);
    for (const [at, arg] of symbol.args.entries())
      lines.push(`pub type A${index}_${at} = ${isConst(arg) ? `[(); ${arg}]` : arg};`);
    const traitArgs = traitArguments(symbol);
    for (const [at, arg] of traitArgs.entries()) lines.push(`pub type T${index}_${at} = ${arg};`);
  }
  return lines.join("\n");
}

/** The argument for a const parameter; its alias is of an array that long. */
function isConst(arg: string): boolean {
  return /^\d+$/.test(arg);
}

function traitArguments({ trait }: Symbol): string[] {
  const inside = /<(.*)>$/.exec(trait ?? "")?.[1];
  return inside === undefined ? [] : inside.split(/, (?![^<(]*[>)])/).filter((one) => !/^\w+ = /.test(one));
}

/** The instances of std's functions that symbols stand for; `crate` is the name of the alias crate. */
export function joinSymbols(
  { names, types, def }: TestProgram,
  crate: string,
  symbols: readonly (readonly [string, Symbol])[],
): readonly Join[] {
  const inherent = inherentMembers(names, types);
  const alias = (name: string): Ty => types.normalize(types.typeOf(def(`${crate}::${name}`)), []);
  return symbols.flatMap(([text, symbol], index): Join[] => {
    const own = symbol.args.map((arg, at) => {
      const ty = alias(`A${index}_${at}`);
      return isConst(arg) && ty.k === "array" ? ty.len : ty;
    });
    const found = instanceOf(index, symbol, own);
    if (found === null || found.args.some((one) => one.k === "unknown" || one.k === "infer")) return [];
    if (names.def(found.def).packEntry === null && !names.isPackCrate(names.def(found.def).crate)) return [];
    return [{ symbol: text, entry: { key: { def: found.def, closure: null }, args: found.args } }];
  });

  function instanceOf(index: number, symbol: Symbol, own: readonly Ty[]): { def: DefId; args: readonly Ty[] } | null {
    if (symbol.self === null) {
      const free = names.byPath(symbol.name);
      return free === null || names.def(free).kind !== "fn" ? null : complete(free, own);
    }
    const self = alias(`S${index}`);
    if (self.k === "unknown") return null;
    if (symbol.trait !== null) {
      const trait = names.byPath(symbol.trait.replace(/<.*$/, ""));
      if (trait === null) return null;
      const member = names.def(trait).children.find((child) => names.def(child).name === symbol.name);
      if (member === undefined || names.def(member).kind !== "fn") return null;
      const args = traitArguments(symbol).map((_, at) => alias(`T${index}_${at}`));
      const wanted = types.genericsOf(trait).params.length;
      while (args.length + 1 < wanted) args.push(self);
      const chosen = types.resolveMember(member, [self, ...args, ...own]);
      return chosen.def === null ? null : { def: chosen.def, args: chosen.args };
    }
    for (const { impl, fn } of inherent.get(symbol.name) ?? []) {
      const bound = match(types.implSelfTy(impl), self);
      if (bound === null) continue;
      const count = types.genericsOf(impl).params.length;
      const args = Array.from({ length: count }, (_, at) => bound.get(at));
      if (args.every((one) => one !== undefined)) return complete(fn, [...args, ...own]);
    }
    return null;
  }

  function complete(fn: DefId, args: readonly Ty[]): { def: DefId; args: readonly Ty[] } | null {
    return types.genericsOf(fn).params.length === args.length ? { def: fn, args } : null;
  }
}

function inherentMembers(names: Names, types: Types): ReadonlyMap<string, readonly { impl: DefId; fn: DefId }[]> {
  const found = new Map<string, { impl: DefId; fn: DefId }[]>();
  for (const crate of names.allCrates().filter((one) => names.isPackCrate(one))) {
    for (const impl of names.implsOf(crate)) {
      if (types.implTraitRef(impl) !== null) continue;
      for (const fn of names.def(impl).children) {
        const { name } = names.def(fn);
        const list = found.get(name) ?? [];
        found.set(name, list);
        list.push({ impl, fn });
      }
    }
  }
  return found;
}

/** Binds the parameters of an impl's self type; null where the type is another. */
function match(general: Ty, special: Ty, bound: Map<number, Ty> = new Map()): Map<number, Ty> | null {
  if (general === special) return bound;
  if (general.k === "param") {
    const known = bound.get(general.index);
    if (known !== undefined && known !== special) return null;
    bound.set(general.index, special);
    return bound;
  }
  if (general.k !== special.k) return null;
  const pairs = insides(general, special);
  if (pairs === null) return null;
  for (const [one, other] of pairs) if (match(one, other, bound) === null) return null;
  return bound;
}

function insides(general: Ty, special: Ty): readonly (readonly [Ty, Ty])[] | null {
  if (general.k === "adt" && special.k === "adt")
    return general.def === special.def ? general.args.map((one, at) => [one, special.args[at] ?? one]) : null;
  if (general.k === "ref" && special.k === "ref")
    return general.mut === special.mut ? [[general.inner, special.inner]] : null;
  if (general.k === "ptr" && special.k === "ptr")
    return general.mut === special.mut ? [[general.inner, special.inner]] : null;
  if (general.k === "tuple" && special.k === "tuple" && general.elems.length === special.elems.length)
    return general.elems.map((one, at) => [one, special.elems[at] ?? one]);
  if (general.k === "slice" && special.k === "slice") return [[general.inner, special.inner]];
  if (general.k === "array" && special.k === "array")
    return [
      [general.inner, special.inner],
      [general.len, special.len],
    ];
  return null;
}

/** Walks each instance, and says what it and the machine code do. */
export function compareEffects(program: TestProgram, joins: readonly Join[], compiled: Compiled): readonly Compared[] {
  const said = packEffects(
    program,
    joins.map((one) => one.entry),
  );
  const keys = functionKeys(shippedPacks());
  return joins.flatMap(({ symbol, entry }, at): Compared[] => {
    const own = said[at];
    if (own === undefined) return [];
    const machine = compiled[symbol] ?? { effects: [], withoutIoErrors: [] };
    const through = own.by.filter(({ kind }) => !machine.effects.includes(kind)).map((one) => one.path);
    const { packEntry } = program.names.def(entry.key.def);
    const key = (packEntry === null ? undefined : keys[packEntry]) ?? program.names.pathOf(entry.key.def);
    return [{ symbol, key, ...machine, claimed: own.claimed, beside: own.beside, through: [...new Set(through)] }];
  });
}

/** What each entry of an index of these packs is called, by its number. */
function functionKeys(packs: readonly Pack[]): readonly string[] {
  return packs.flatMap(({ modules, overrides = [] }) => [
    ...modules.flatMap(({ path, fns = [], traits = [], impls = [] }) => [
      ...fns.map((fn) => functionKey(path, "", fn)),
      ...[...traits, ...impls].flatMap(({ decl, fns: own = [] }) => own.map((fn) => functionKey(path, decl, fn))),
    ]),
    ...overrides.map((one) => one.path),
  ]);
}

/** What packs say of an instance: the kinds that are compared, and which of their functions does each. */
interface Claimed {
  readonly claimed: readonly string[];
  readonly beside: readonly string[];
  readonly by: readonly { readonly kind: string; readonly path: string }[];
}

/** What the packs say of each instance, in order. */
function packEffects(program: TestProgram, entries: readonly Entry[]): readonly Claimed[] {
  const externs: ExternOptions = {
    safety: loadSignalSafety(schemaOf("signal-safety"), shipped("signal-safety.json")),
    allocators: loadAllocators(schemaOf("allocators"), shipped("rules/allocators.json")),
    bodies: program.bodies,
    arch: "x86_64",
  };
  const { types, bodies, packs } = program;
  const graph = buildCallGraph({
    types,
    bodies,
    packs,
    externs: { invokes: () => [] },
    entries,
    limits: everyInstance,
  });
  return graph.entries.map((root) => {
    const { effects, nodes } = reachFrom({ graph, externs, cut: throughPointer }, root);
    const beside = nodes.flatMap((node) =>
      graph.node(node).effects.flatMap(({ kind, beside: told }) => (told === true ? [{ kind, node }] : [])),
    );
    const own = effects.filter(({ conditions }) => !conditions.includes("panic"));
    const kindsOf = (some: readonly { readonly kind: Kind }[]): readonly string[] =>
      compared.filter((kind) => some.some((one) => one.kind === kind));
    return {
      claimed: kindsOf(own),
      beside: kindsOf(beside),
      by: own.map((one) => ({ kind: one.kind, path: graph.node(one.node).path })),
    };
  });
}

type Claims = Pick<Compared, "effects" | "withoutIoErrors" | "claimed" | "beside">;

/**
 * Same kinds. A stream that is buffered and locked has no symbol of its own: `stdio` stands with or without the lock that the machine code shows.
 * Dropping an io::Error that holds an OS code frees nothing, which the machine code decides at run time and packs by a mark. What a pack tells
 * beside other effects may be there or not.
 */
export function agrees({ effects, withoutIoErrors, claimed, beside = [] }: Claims): boolean {
  const streams = claimed.includes("stdio");
  const counts = (kind: string): boolean => kind !== "stdio" && !(streams && kind === "lock");
  return [effects, withoutIoErrors].some((machine) => {
    const seen = machine.filter(counts);
    const said = claimed.filter(counts);
    return said.every((kind) => seen.includes(kind)) && seen.every((kind) => [...said, ...beside].includes(kind));
  });
}

/** Leads to what only the caller knows. */
export function throughPointer(edge: Edge): boolean {
  return edge.via === "dyn" || edge.via === "fn-pointer" || edge.certainty === "all-impls";
}
