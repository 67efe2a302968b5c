/**
 * What a name means: in a module, through imports and globs, lexically, in the extern prelude and the standard prelude.
 *
 * Imports are resolved when somebody asks; cycles are cut where an import asks for itself. Answers in complete crates are
 * kept. Visibility is looked at only for globs: written paths are those of code that compiles. Source: the Rust Reference, "Names".
 */
import type { CrateId } from "../crates/crate-graph.ts";
import type { DefId, Namespace } from "./defs.ts";
import { askImport, whole } from "./import-cycles.ts";
import {
  crateOf,
  type DefRec,
  defOf,
  type Import,
  type LookupResult,
  type ModuleRec,
  moduleAt,
  type NameEntry,
  type Store,
} from "./store.ts";

export interface PathQuery {
  readonly global: boolean;
  readonly dollarCrate: number | null;
  readonly names: readonly string[];
  /** A `use` declaration's path: in edition 2015 it starts at the crate root. */
  readonly use: boolean;
}
export type PathAnswer =
  /** `visibleIn`: where its last name may be said; null for everywhere. */
  | { readonly k: "found"; readonly result: LookupResult; readonly visibleIn: DefId | null }
  /** The first `used` segments are a type or trait, the rest is associated. */
  | { readonly k: "assoc"; readonly base: LookupResult; readonly used: number }
  | { readonly k: "failed"; readonly segment: number };

const primitives: ReadonlySet<string> = new Set(
  "bool char str i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f16 f32 f64 f128".split(" "),
);

/** Is it the name of a type that the language itself has? */
export function isPrimitive(name: string): boolean {
  return primitives.has(name);
}

/** Resolves a path from a module or block. */
export function resolvePath(store: Store, from: DefId, query: PathQuery, ns: Namespace): PathAnswer {
  const { names } = query;
  const start = startOf(store, from, query, ns);
  if (start === null) return { k: "failed", segment: 0 };
  let { result } = start;
  let used = start.used;
  let visibleIn: DefId | null = null;
  while (used < names.length) {
    const name = names[used] ?? "";
    const next = member(store, result, name, used === names.length - 1 ? ns : "type");
    if (next === null) {
      const shadowed = used === 1 && start.used === 1 && primitives.has(names[0] ?? "");
      if (shadowed && isModule(store, result)) return { k: "assoc", base: { k: "prim", name: names[0] ?? "" }, used };
      return hasMembers(store, result) ? { k: "assoc", base: result, used } : { k: "failed", segment: used };
    }
    ({ result, visibleIn } = next);
    used += 1;
  }
  return { k: "found", result, visibleIn };
}

/** A name of a module, enum or block; null where there is none. */
export function lookupIn(store: Store, module: DefId, name: string, ns: Namespace): LookupResult | null {
  return entryIn(store, module, name, ns)?.result ?? null;
}

/** Root module of a crate, complete. */
export function rootOf(store: Store, crate: CrateId): DefId {
  const state = crateOf(store, crate);
  store.complete(state);
  return state.root;
}

/** The crate that an extern name means in a crate; null for none. */
export function externCrate(store: Store, crate: CrateId, name: string): CrateId | null {
  const state = crateOf(store, crate);
  return state.deps.get(name) ?? store.packByName.get(name) ?? null;
}

/** Is it a module? */
export function isModule(store: Store, result: LookupResult): boolean {
  return result.k === "def" && defOf(store, result.def).kind === "mod";
}

/** All names that a module's globs lead to, with the traits they bring: the modules and enums themselves. */
export function globTargets(store: Store, module: ModuleRec): DefId[] {
  return module.globs.flatMap((glob) => {
    const target = importTarget(store, glob, "type");
    return target?.k === "def" ? [target.def] : [];
  });
}

/** The definition that an import means; null where it means none. */
export function importedDef(store: Store, imported: Import, ns: Namespace): DefId | null {
  const target = importTarget(store, imported, ns);
  return target?.k === "def" ? target.def : null;
}

/** What an import means in a namespace. */
export function importTarget(store: Store, imported: Import, ns: Namespace): LookupResult | null {
  if (imported.selfOnly && ns !== "type") return null;
  const { crate, block } = moduleOf(store, imported.module);
  const final = !block && crateOf(store, crate).status === "done";
  return askImport(store, imported, ns, final, () => {
    if (imported.externCrate) return ns === "type" ? externTarget(store, imported) : null;
    if (imported.glob && imported.path.length === 0) return { k: "def", def: startModule(store, imported) };
    const { global, dollarCrate, path: names } = imported;
    const query = { global, dollarCrate, names, use: true };
    const answer = resolvePath(store, imported.module, query, imported.glob ? "type" : ns);
    if (answer.k !== "found") return null;
    return isVisible(store, answer.visibleIn, imported.module) || !hasNamesake(store, imported, query, ns)
      ? answer.result
      : null;
  });
}

/** Whether something else of the name that an import brings may be named there: then what may not is left where it is. */
function hasNamesake(store: Store, { module, glob }: Import, query: PathQuery, ns: Namespace): boolean {
  if (glob) return false;
  return (["type", "value", "macro"] as const).some((other) => {
    const answer = other === ns ? null : resolvePath(store, module, query, other);
    return answer?.k === "found" && isVisible(store, answer.visibleIn, module);
  });
}

/** The module a name's lexical look-up ends in: the nearest that is no block. */
export function properModule(store: Store, module: DefId): ModuleRec {
  let at = moduleOf(store, module);
  while (at.block && at.parent !== null) at = moduleOf(store, at.parent);
  return at;
}

/** The record of a module or block. */
export function moduleOf(store: Store, id: DefId): ModuleRec {
  const module = moduleAt(store, id);
  if (module === undefined) throw new Error(`definition ${id} is no module`);
  return module;
}

function externTarget(store: Store, imported: Import): LookupResult | null {
  const name = imported.path[0] ?? "";
  const { crate } = moduleOf(store, imported.module);
  if (name === "self") return { k: "def", def: crateOf(store, crate).root };
  const target = externCrate(store, crate, name);
  if (target !== null) return { k: "def", def: rootOf(store, target) };
  return crateOf(store, crate).procMacros.has(name) ? { k: "proc-macro", name } : null;
}

function startModule(store: Store, imported: Import): DefId {
  const { crate } = moduleOf(store, imported.module);
  if (imported.dollarCrate !== null) return rootOf(store, imported.dollarCrate as CrateId);
  return crateOf(store, crate).root;
}

/** Where a path starts, and how many segments that took. */
function startOf(
  store: Store,
  from: DefId,
  query: PathQuery,
  ns: Namespace,
): { readonly result: LookupResult; readonly used: number } | null {
  const { names } = query;
  const { crate } = moduleOf(store, from);
  const state = crateOf(store, crate);
  const at = (def: DefId, used: number): { result: LookupResult; used: number } => ({
    result: { k: "def", def },
    used,
  });
  if (query.dollarCrate !== null) return at(rootOf(store, query.dollarCrate as CrateId), 0);
  const first = names[0] ?? "";
  if (query.global) {
    const target = state.edition === "2015" ? null : externCrate(store, crate, first);
    if (target !== null) return at(rootOf(store, target), 1);
    const own = entryIn(store, state.root, first, names.length === 1 ? ns : "type");
    if (own !== null) return { result: own.result, used: 1 };
    return prelude(store, crate, first, "type", true);
  }
  if (first === "crate") return at(state.root, 1);
  if (first === "self" || first === "super") {
    let module = properModule(store, from);
    let used = first === "self" ? 1 : 0;
    while (names[used] === "super") {
      if (module.parent === null) return null;
      module = properModule(store, module.parent);
      used += 1;
    }
    return at(module.def, used);
  }
  const space = names.length === 1 ? ns : "type";
  if (query.use && state.edition === "2015") {
    const own = entryIn(store, state.root, first, space);
    if (own !== null) return { result: own.result, used: 1 };
  }
  return lexical(store, from, first, space) ?? prelude(store, crate, first, space, false);
}

function lexical(
  store: Store,
  from: DefId,
  name: string,
  ns: Namespace,
): { readonly result: LookupResult; readonly used: number } | null {
  for (let module = moduleOf(store, from); ; module = moduleOf(store, module.parent)) {
    const found = entryIn(store, module.def, name, ns);
    if (found !== null) return { result: found.result, used: 1 };
    if (!module.block || module.parent === null) return null;
  }
}

function prelude(
  store: Store,
  crate: CrateId,
  name: string,
  ns: Namespace,
  global: boolean,
): { readonly result: LookupResult; readonly used: number } | null {
  const state = crateOf(store, crate);
  const made = (result: LookupResult): { result: LookupResult; used: number } => ({ result, used: 1 });
  if (ns === "type") {
    const declared = (moduleOf(store, state.root).imports.get(name) ?? []).find((one) => one.externCrate);
    const target = declared === undefined ? null : importTarget(store, declared, "type");
    if (target !== null) return made(target);
    const extern = externCrate(store, crate, name);
    if (extern !== null) return made({ k: "def", def: rootOf(store, extern) });
    if (state.procMacros.has(name)) return made({ k: "proc-macro", name });
  }
  if (global) return null;
  if (ns === "macro") {
    for (const used of state.macroUse) {
      const found = entryIn(store, rootOf(store, used), name, "macro");
      if (found !== null) return made(found.result);
    }
  }
  const standard = standardNames(store, crate, name, ns);
  if (standard !== null) return made(standard);
  return ns === "type" && primitives.has(name) ? made({ k: "prim", name }) : null;
}

function standardNames(store: Store, crate: CrateId, name: string, ns: Namespace): LookupResult | null {
  const state = crateOf(store, crate);
  const home = state.pack !== null ? state.name : state.noStd ? "core" : "std";
  for (const from of home === "std" ? ["std", "core"] : ["core"]) {
    const id = store.packByName.get(from);
    if (id === undefined || (id === crate && crateOf(store, id).status !== "done")) continue;
    const root = rootOf(store, id);
    if (ns === "macro") {
      const found = entryIn(store, root, name, "macro");
      if (found !== null) return found.result;
    }
    for (const version of [`rust_${state.edition}`, "v1"]) {
      const module = entryIn(store, root, "prelude", "type");
      const edition = module?.result.k === "def" ? entryIn(store, module.result.def, version, "type") : null;
      const found = edition?.result.k === "def" ? entryIn(store, edition.result.def, name, ns) : null;
      if (found != null) return found.result;
    }
  }
  return null;
}

function member(store: Store, base: LookupResult, name: string, ns: Namespace): NameEntry | null {
  // A crate of macros exports nothing else: a trait of the same name may be imported beside its derive.
  if (base.k === "proc-macro") return ns === "macro" ? { result: { k: "proc-macro", name }, visibleIn: null } : null;
  if (base.k !== "def") return null;
  const { kind } = defOf(store, base.def);
  if (kind !== "mod" && kind !== "enum" && kind !== "block") return null;
  return entryIn(store, base.def, name, ns) ?? (kind === "mod" ? packMacro(store, base.def, name, ns) : null);
}

/** `std::panic!`, `$crate::format_args!`: what the compiler itself provides. */
function packMacro(store: Store, module: DefId, name: string, ns: Namespace): NameEntry | null {
  const record = moduleOf(store, module);
  const isPack = ns === "macro" && crateOf(store, record.crate).pack !== null;
  return isPack ? { result: { k: "builtin-macro", name }, visibleIn: null } : null;
}

function hasMembers(store: Store, result: LookupResult): boolean {
  if (result.k === "prim") return true;
  return (
    result.k === "def" && ["struct", "enum", "trait", "type-alias", "variant"].includes(defOf(store, result.def).kind)
  );
}

function entryIn(
  store: Store,
  module: DefId,
  name: string,
  ns: Namespace,
  visited: Set<DefId> | null = null,
): NameEntry | null {
  const def = defOf(store, module);
  if (def.kind === "enum") return ns === "macro" ? null : variantIn(store, def, name);
  const record = moduleAt(store, module);
  if (record === undefined) return null;
  const state = crateOf(store, record.crate);
  if (state.status === "new") store.complete(state);
  const own = (ns === "type" ? record.types : ns === "value" ? record.values : record.macros).get(name);
  if (own !== undefined) return { result: { k: "def", def: own }, visibleIn: defOf(store, own).visibleIn };
  if (record.imports.size === 0 && record.globs.length === 0) return null;
  const answers = state.status === "done" && !record.block ? answersOf(store, module, ns) : null;
  const known = answers?.get(name);
  if (known !== undefined) return known;
  const asked = whole(store, () => imported(store, record, name, ns, visited ?? new Set()));
  if (answers !== null && (asked.answer !== null || (visited === null && asked.whole))) answers.set(name, asked.answer);
  return asked.answer;
}

function variantIn(store: Store, def: DefRec, name: string): NameEntry | null {
  const done = crateOf(store, def.crate).status === "done";
  const answers = done ? answersOf(store, def.id, "type") : null;
  const known = answers?.get(name);
  if (known !== undefined) return known;
  const variant = def.children.find((child) => defOf(store, child).name === name);
  const found: NameEntry | null =
    variant === undefined ? null : { result: { k: "def", def: variant }, visibleIn: null };
  answers?.set(name, found);
  return found;
}

function answersOf(store: Store, of: DefId, ns: Namespace): Map<string, NameEntry | null> {
  const all = store.lookups[ns];
  let answers = all.get(of);
  if (answers === undefined) {
    answers = new Map();
    all.set(of, answers);
  }
  return answers;
}

function imported(store: Store, record: ModuleRec, name: string, ns: Namespace, visited: Set<DefId>): NameEntry | null {
  for (const one of record.imports.get(name) ?? []) {
    const result = importTarget(store, one, ns);
    if (result !== null) return { result, visibleIn: one.visibleIn };
  }
  if (record.globs.length === 0 || visited.has(record.def)) return null;
  visited.add(record.def);
  for (const glob of record.globs) {
    const target = importTarget(store, glob, "type");
    if (target?.k !== "def" || target.def === record.def) continue;
    const found = entryIn(store, target.def, name, ns, visited);
    if (found !== null && isVisible(store, found.visibleIn, record.def))
      return { result: found.result, visibleIn: glob.visibleIn };
  }
  return null;
}

/** May something that is visible in `within` be named from `module`? */
export function isVisible(store: Store, within: DefId | null, module: DefId): boolean {
  if (within === null) return true;
  for (let at: DefId | null = module; at !== null; at = moduleAt(store, at)?.parent ?? null)
    if (at === within) return true;
  return false;
}
