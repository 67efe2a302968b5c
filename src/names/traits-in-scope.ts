/**
 * The traits whose methods can be called at a place: declared or imported around it, `as _` too, and those of the prelude.
 */
import type { DefId, Scope } from "./defs.ts";
import { globTargets, importTarget, lookupIn, moduleOf, rootOf } from "./lookup.ts";
import { resolveInScope } from "./resolve.ts";
import { crateOf, defOf, type ModuleRec, moduleAt, type Store } from "./store.ts";

const kept = new WeakMap<Store, Map<DefId, ReadonlySet<DefId>>>();

/** Traits in scope, a trait that is being defined or implemented included. */
export function traitsInScope(store: Store, scope: Scope): ReadonlySet<DefId> {
  const base = traitsAround(store, scope.module);
  const own = enclosingTrait(store, scope.owner);
  return own === null || base.has(own) ? base : joined(base, own);
}

const joinedSets = new WeakMap<ReadonlySet<DefId>, Map<DefId, ReadonlySet<DefId>>>();

/** One set per pair: what is remembered by set is remembered for all functions of a trait. */
function joined(base: ReadonlySet<DefId>, own: DefId): ReadonlySet<DefId> {
  const byTrait = joinedSets.get(base) ?? new Map<DefId, ReadonlySet<DefId>>();
  joinedSets.set(base, byTrait);
  const known = byTrait.get(own) ?? new Set([...base, own]);
  byTrait.set(own, known);
  return known;
}

function enclosingTrait(store: Store, owner: DefId | null): DefId | null {
  for (let at = owner; at !== null; at = defOf(store, at).parent) {
    const { kind, item, module } = defOf(store, at);
    if (kind === "trait") return at;
    if (kind === "impl" && item?.k === "impl" && item.trait !== null) {
      const trait = resolveInScope(store, { module, owner: at }, item.trait, "type");
      return trait.k === "def" ? trait.def : null;
    }
    if (kind === "mod" || kind === "block") return null;
  }
  return null;
}

function traitsAround(store: Store, module: DefId): ReadonlySet<DefId> {
  const record = moduleOf(store, module);
  const done = crateOf(store, record.crate).status === "done" && !record.block;
  const memo = kept.get(store) ?? new Map<DefId, ReadonlySet<DefId>>();
  kept.set(store, memo);
  const known = done ? memo.get(module) : undefined;
  if (known !== undefined) return known;
  const traits = new Set<DefId>();
  for (
    let at: ModuleRec | null = record;
    at !== null;
    at = at.block && at.parent !== null ? moduleOf(store, at.parent) : null
  ) {
    addModuleTraits(store, at, traits, new Set());
  }
  addPrelude(store, record, traits);
  if (done) memo.set(module, traits);
  return traits;
}

function addModuleTraits(store: Store, module: ModuleRec, traits: Set<DefId>, visited: Set<DefId>): void {
  if (visited.has(module.def)) return;
  visited.add(module.def);
  const add = (def: DefId): void => {
    if (defOf(store, def).kind === "trait") traits.add(def);
  };
  for (const def of module.types.values()) add(def);
  for (const imported of [...module.unnamed, ...[...module.imports.values()].flat()]) {
    const target = importTarget(store, imported, "type");
    if (target?.k === "def") add(target.def);
  }
  for (const target of globTargets(store, module)) {
    const record = moduleAt(store, target);
    if (record !== undefined) {
      rootOf(store, record.crate);
      addModuleTraits(store, record, traits, visited);
    }
  }
}

function addPrelude(store: Store, module: ModuleRec, traits: Set<DefId>): void {
  const state = crateOf(store, module.crate);
  const home = state.pack !== null ? state.name : state.noStd ? "core" : "std";
  for (const name of home === "std" ? ["std", "core"] : ["core"]) {
    const id = store.packByName.get(name);
    if (id === undefined) continue;
    const root = rootOf(store, id);
    const prelude = lookupIn(store, root, "prelude", "type");
    if (prelude?.k !== "def") continue;
    const found = [`rust_${state.edition}`, "v1"]
      .map((version) => lookupIn(store, prelude.def, version, "type"))
      .find((one) => one !== null);
    if (found?.k !== "def") continue;
    const record = moduleAt(store, found.def);
    if (record !== undefined) addModuleTraits(store, record, traits, new Set());
    return;
  }
}
