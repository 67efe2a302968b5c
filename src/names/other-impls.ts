/**
 * Impls that may be compiled in place of one: of the same trait for the same type, both under cfgs that only a build script decides.
 *
 * Input: an impl. Output: the others of its crate with the same header as written, wherever they stand. Two headers that say the same in other words are not
 * told to be one.
 */
import { addTo } from "../base/add-to.ts";
import type { CrateId } from "../crates/crate-graph.ts";
import { crateOf, type DefRec, defOf, type Store, standsAssumed } from "./store.ts";
import { writtenAs } from "./written-as.ts";

const NONE: readonly DefRec[] = [];

/** Answers for one store; a crate's impls are gone through once for each number of them, where it has such cfgs at all. */
export function createOtherImpls(store: Store): (impl: DefRec) => readonly DefRec[] {
  const known = new Map<
    CrateId,
    { readonly count: number; readonly byHeader: ReadonlyMap<string, readonly DefRec[]> }
  >();
  const ofCrate = (id: CrateId): ReadonlyMap<string, readonly DefRec[]> => {
    const { impls } = crateOf(store, id);
    const { bodyImpls } = store;
    const count = impls.length + bodyImpls.length;
    const before = known.get(id);
    if (before?.count === count) return before.byHeader;
    const byHeader = new Map<string, DefRec[]>();
    for (const one of [...impls, ...bodyImpls]) {
      const def = defOf(store, one);
      if (def.crate !== id || !standsAssumed(store, one)) continue;
      addTo(byHeader, headerOf(def), def);
    }
    known.set(id, { count, byHeader });
    return byHeader;
  };
  return (impl) => {
    if (impl.kind !== "impl" || !standsAssumed(store, impl.id)) return NONE;
    return (ofCrate(impl.crate).get(headerOf(impl)) ?? NONE).filter((one) => one.id !== impl.id);
  };
}

/** The trait, by its last name, and the type as they are written: a derive names the trait in full. */
function headerOf({ item }: DefRec): string {
  return item?.k === "impl" ? writtenAs([item.trait?.segments.at(-1), item.selfTy]) : "";
}
