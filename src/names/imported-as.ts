/**
 * Names that a crate gives to what it imports: `use dep::install as set_up;`. For whoever looks for a function by its name.
 */
import type { CrateId } from "../crates/crate-graph.ts";
import { rootOf } from "./lookup.ts";
import { firstPack, moduleAt, type Store } from "./store.ts";

const kept = new WeakMap<Store, Map<CrateId, ReadonlyMap<string, readonly string[]>>>();

/** The other names of these names in a crate's modules, renames of renames too. */
export function importedAs(store: Store, crate: CrateId, wanted: readonly string[]): readonly string[] {
  const memo = kept.get(store) ?? new Map<CrateId, ReadonlyMap<string, readonly string[]>>();
  kept.set(store, memo);
  const renames = memo.get(crate) ?? renamesIn(store, crate);
  memo.set(crate, renames);
  if (renames.size === 0) return [];
  const found = new Set<string>();
  const pending = [...wanted];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    for (const other of renames.get(name) ?? []) {
      if (found.has(other)) continue;
      found.add(other);
      pending.push(other);
    }
  }
  return [...found].sort();
}

function renamesIn(store: Store, crate: CrateId): Map<string, string[]> {
  rootOf(store, crate);
  const renames = new Map<string, string[]>();
  if (crate >= firstPack) for (const id of store.kept?.modules ?? []) moduleAt(store, id);
  for (const module of store.modules.values()) {
    if (module.crate !== crate) continue;
    for (const one of [...module.imports.values()].flat()) {
      const from = one.path.at(-1);
      if (one.name === null || from === undefined || one.name === from || one.name === "_") continue;
      renames.set(from, [...(renames.get(from) ?? []), one.name]);
    }
  }
  return renames;
}
