/**
 * What else a name may mean that is imported under cfgs which only a build script decides: each import of the name may be the one that is compiled.
 *
 * Input: the imports of that kind, of named things, and globs. Output: what else the names mean under which a definition was imported or
 * declared, for code that can see the import, also where the modules that the imports bring have it from others (import-chains.ts).
 */
import { addTo } from "../base/add-to.ts";
import type { DefId, DefKind, Namespace } from "./defs.ts";
import { createImportChains } from "./import-chains.ts";
import { importedDef, isVisible, lookupIn } from "./lookup.ts";
import { crateOf, type DefRec, defOf, type Import, moduleAt, type Store } from "./store.ts";

/** From where something is named: below which module; null for anywhere. */
export type From = DefId | null;

export interface AlternativeImports {
  /** For a definition that is named below a module. */
  of(def: DefRec, from: From): readonly DefId[];
}

interface Index {
  /** How many of the imports are in it: bodies that are expanded add theirs. */
  count: number;
  readonly byTarget: Map<DefId, Import[]>;
  /** By the module of the import. */
  readonly byName: Map<DefId, Map<string, Import[]>>;
  readonly globs: Map<DefId, Import[]>;
}

const NONE: readonly DefId[] = [];

/** Answers for one store; `besides` tells which modules may be compiled in place of one. */
export function createAlternativeImports(
  store: Store,
  besides: (module: DefId) => readonly DefId[],
): AlternativeImports {
  const index: Index = { count: 0, byTarget: new Map(), byName: new Map(), globs: new Map() };
  const chains = createImportChains(store);
  return {
    of(def, from) {
      if (store.assumedImports.length === 0) return NONE;
      readOn(store, index, (one, target) => {
        if (one.glob || isChoice(one)) chains.readBelow(target);
      });
      const found = new Set<DefId>();
      addOthers(def, from, found);
      // What one import means may be chosen by others.
      for (const other of found) if (other !== def.id) addOthers(defOf(store, other), from, found);
      found.delete(def.id);
      return [...found];
    },
  };

  function addOthers(def: DefRec, from: From, found: Set<DefId>): void {
    const { byTarget } = index;
    if (def.assumedCfg && def.parent !== null) addNamed(def.parent, def.name, def, found);
    for (const one of byTarget.get(def.id) ?? [])
      if (one.name !== null && isSeen(store, one, from)) addNamed(one.module, one.name, def, found);
    for (const { module, name } of chains.placesOf(def)) {
      for (const one of byTarget.get(module) ?? []) {
        if (!isSeen(store, one, from)) continue;
        if (one.glob) addNamed(one.module, name, def, found);
        else if (one.name !== null && module !== def.parent) {
          const modules = new Set<DefId>();
          addNamed(one.module, one.name, defOf(store, module), modules);
          for (const other of modules) addFrom(other, name, def, found);
        }
      }
    }
  }

  /** May something else have the import's name where it stands? */
  function isChoice({ module, name }: Import): boolean {
    if (name === null) return false;
    const own = moduleAt(store, module)?.types.get(name);
    return own !== undefined || (index.byName.get(module)?.get(name)?.length ?? 0) > 1 || besides(module).length > 0;
  }

  function addFrom(module: DefId, name: string, like: DefRec, found: Set<DefId>): void {
    if (moduleAt(store, module) === undefined) return;
    const named = lookupIn(store, module, name, namespaceOf(like.kind));
    if (named?.k === "def" && spaceOf(defOf(store, named.def).kind) === spaceOf(like.kind)) found.add(named.def);
  }

  /** All that the name may mean in a module, and in those that may be compiled in its place. */
  function addNamed(module: DefId, name: string, like: DefRec, found: Set<DefId>): void {
    const { byName, globs } = index;
    for (const at of [module, ...besides(module)]) {
      const add = (id: DefId | null): void => {
        if (id !== null && spaceOf(defOf(store, id).kind) === spaceOf(like.kind)) found.add(id);
      };
      const record = moduleAt(store, at);
      const ns = namespaceOf(like.kind);
      const names = ns === "type" ? record?.types : ns === "macro" ? record?.macros : record?.values;
      add(names?.get(name) ?? null);
      for (const one of byName.get(at)?.get(name) ?? []) add(importedDef(store, one, ns));
      for (const glob of globs.get(at) ?? []) {
        const target = importedDef(store, glob, "type");
        if (target !== null) addFrom(target, name, like, found);
      }
    }
  }
}

/** Two kinds that may stand for one another: a struct may be an enum elsewhere. */
export function spaceOf(kind: DefKind): string {
  return kind === "struct" || kind === "enum" || kind === "type-alias" ? "type" : kind;
}

/** Enters the imports that were collected since, and tells of the modules that they mean. */
function readOn(store: Store, index: Index, visit: (one: Import, module: DefId) => void): void {
  const first = index.count;
  for (; index.count < store.assumedImports.length; index.count += 1) {
    const one = store.assumedImports[index.count];
    if (one === undefined) continue;
    if (one.glob) addTo(index.globs, one.module, one);
    else if (one.name !== null) {
      const names = index.byName.get(one.module) ?? new Map<string, Import[]>();
      index.byName.set(one.module, names);
      addTo(names, one.name, one);
    }
    for (const ns of one.glob ? (["type"] as const) : (["type", "value", "macro"] as const)) {
      const target = importedDef(store, one, ns);
      if (target !== null) addTo(index.byTarget, target, one);
    }
  }
  for (const one of store.assumedImports.slice(first)) {
    const target = importedDef(store, one, "type");
    if (target !== null && moduleAt(store, target) !== undefined) visit(one, target);
  }
}

/** A public import is seen by its own crate, and by those that depend on it. */
function isSeen(store: Store, { visibleIn, module }: Import, from: From): boolean {
  if (from === null) return true;
  if (visibleIn !== null) return isVisible(store, visibleIn, from);
  const { crate } = defOf(store, module);
  const { crate: own } = defOf(store, from);
  return own === crate || [...crateOf(store, own).deps.values()].includes(crate);
}

/** Where a name of the kind is looked up. */
export function namespaceOf(kind: DefKind): Namespace {
  if (kind === "macro") return "macro";
  return kind === "fn" || kind === "const" || kind === "static" ? "value" : "type";
}
