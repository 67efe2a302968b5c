/**
 * What else a name may mean that is imported under cfgs which only a build script decides: each import of the name may be the one that is compiled.
 *
 * Input: the imports of that kind, of named things, and globs. Output: what else the names mean under which a definition was imported or
 * declared, for code that can see the import. A chain of globs is followed one step: what a glob's module has from another glob is not told.
 */
import { addTo } from "../base/add-to.ts";
import type { DefId, DefKind, Namespace } from "./defs.ts";
import { importTarget, isVisible, lookupIn } from "./lookup.ts";
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
  return {
    of(def, from) {
      if (store.assumedImports.length === 0) return NONE;
      readOn(store, index);
      const { byTarget } = index;
      const found = new Set<DefId>();
      if (def.assumedCfg && def.parent !== null) addNamed(def.parent, def.name, def, found);
      for (const one of byTarget.get(def.id) ?? []) {
        if (!isSeen(store, one, from)) continue;
        if (one.name !== null) addNamed(one.module, one.name, def, found);
      }
      for (const one of (def.parent === null ? undefined : byTarget.get(def.parent)) ?? [])
        if (one.glob && isSeen(store, one, from)) addNamed(one.module, def.name, def, found);
      found.delete(def.id);
      return [...found];
    },
  };

  /** All that the name may mean in a module, and in those that may be compiled in its place. */
  function addNamed(module: DefId, name: string, like: DefRec, found: Set<DefId>): void {
    const { byName, globs } = index;
    for (const at of [module, ...besides(module)]) {
      const add = (id: DefId | null): void => {
        if (id !== null && spaceOf(defOf(store, id).kind) === spaceOf(like.kind)) found.add(id);
      };
      const record = moduleAt(store, at);
      const ns = namespaceOf(like.kind);
      add((ns === "type" ? record?.types : record?.values)?.get(name) ?? null);
      for (const one of byName.get(at)?.get(name) ?? []) add(targetOf(store, one, ns));
      for (const glob of globs.get(at) ?? []) {
        const target = targetOf(store, glob, "type");
        const named =
          target === null || moduleAt(store, target) === undefined ? null : lookupIn(store, target, name, ns);
        add(named?.k === "def" ? named.def : null);
      }
    }
  }
}

/** Two kinds that may stand for one another: a struct may be an enum elsewhere. */
export function spaceOf(kind: DefKind): string {
  return kind === "struct" || kind === "enum" || kind === "type-alias" ? "type" : kind;
}

/** Enters the imports that were collected since. */
function readOn(store: Store, index: Index): void {
  for (; index.count < store.assumedImports.length; index.count += 1) {
    const one = store.assumedImports[index.count];
    if (one === undefined) continue;
    if (one.glob) addTo(index.globs, one.module, one);
    else if (one.name !== null) {
      const names = index.byName.get(one.module) ?? new Map<string, Import[]>();
      index.byName.set(one.module, names);
      addTo(names, one.name, one);
    }
    for (const ns of one.glob ? (["type"] as const) : (["type", "value"] as const)) {
      const target = targetOf(store, one, ns);
      if (target !== null) addTo(index.byTarget, target, one);
    }
  }
}

function targetOf(store: Store, one: Import, ns: Namespace): DefId | null {
  const target = importTarget(store, one, ns);
  return target?.k === "def" ? target.def : null;
}

/** A public import is seen by its own crate, and by those that depend on it. */
function isSeen(store: Store, { visibleIn, module }: Import, from: From): boolean {
  if (from === null) return true;
  if (visibleIn !== null) return isVisible(store, visibleIn, from);
  const { crate } = defOf(store, module);
  const { crate: own } = defOf(store, from);
  return own === crate || [...crateOf(store, own).deps.values()].includes(crate);
}

function namespaceOf(kind: DefKind): Namespace {
  return kind === "fn" || kind === "const" || kind === "static" ? "value" : "type";
}
