/**
 * Names that a crate gives to what it imports: `use dep::install as set_up;`. For whoever looks for a function by its name.
 */
import { addTo } from "../base/add-to.ts";
import type { CrateId } from "../crates/crate-graph.ts";
import type { DefId } from "./defs.ts";
import { importTarget, rootOf } from "./lookup.ts";
import { firstPack, type Import, moduleAt, type Store } from "./store.ts";

/** By the last word of what is imported. */
type Renames = ReadonlyMap<string, readonly (Import & { readonly name: string })[]>;

const kept = new WeakMap<Store, Map<CrateId, Renames>>();

/** The other names of these names in a crate's modules, renames of renames too. */
export function importedAs(store: Store, crate: CrateId, wanted: readonly string[]): readonly string[] {
  const renames = renamesOf(store, crate);
  if (renames.size === 0) return [];
  const found = new Set<string>();
  const pending = [...wanted];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    for (const { name: other } of renames.get(name) ?? []) {
      if (found.has(other)) continue;
      found.add(other);
      pending.push(other);
    }
  }
  return [...found].sort();
}

/** The other names that imports of a crate give this very definition, where they import one of the words. */
export function givenTo(store: Store, crate: CrateId, def: DefId, words: readonly string[]): readonly string[] {
  const renames = renamesOf(store, crate);
  const means = (one: Import): boolean =>
    (["type", "value"] as const).some((ns) => {
      const target = importTarget(store, one, ns);
      return target?.k === "def" && target.def === def;
    });
  return words.flatMap((word) => (renames.get(word) ?? []).filter(means).map((one) => one.name));
}

function renamesOf(store: Store, crate: CrateId): Renames {
  const memo = kept.get(store) ?? new Map<CrateId, Renames>();
  kept.set(store, memo);
  const renames = memo.get(crate) ?? renamesIn(store, crate);
  memo.set(crate, renames);
  return renames;
}

function renamesIn(store: Store, crate: CrateId): Renames {
  rootOf(store, crate);
  const renames = new Map<string, (Import & { readonly name: string })[]>();
  if (crate >= firstPack) for (const id of store.kept?.modules ?? []) moduleAt(store, id);
  for (const module of store.modules.values()) {
    if (module.crate !== crate) continue;
    for (const one of [...module.imports.values()].flat()) {
      const from = one.path.at(-1);
      if (!isNamed(one) || from === undefined || one.name === from || one.name === "_") continue;
      addTo(renames, from, one);
    }
  }
  return renames;
}

function isNamed(one: Import): one is Import & { readonly name: string } {
  return one.name !== null;
}
