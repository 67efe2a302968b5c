/**
 * Which crates of std are there where a crate is compiled, so that methods which they give to types of core can be called.
 *
 * std gives `sqrt` to `f64`, alloc `to_vec` to slices. A crate without std (`#![no_std]`) sees these only where something has loaded std or alloc: itself by
 * `extern crate`, or a crate that it depends on (measured: rustc 1.95). Else a trait's method of that name is meant. A dependency that is declared is
 * taken to be named; what stands under a cfg that only a build script decides, to be there.
 */
import type { CrateId } from "../crates/crate-graph.ts";
import type { Attr } from "../syntax/ast.ts";
import { applyCfg } from "./attributes.ts";
import { rootOf } from "./lookup.ts";
import { type CrateState, crateOf, type Store } from "./store.ts";

const known = new WeakMap<Store, Map<CrateId, ReadonlySet<string>>>();

/** Does the root of a crate say that std is not there by itself? */
export function isWithoutStd({ cfg }: CrateState, innerAttrs: readonly Attr[]): boolean {
  const { attrs } = applyCfg(innerAttrs, cfg);
  return attrs.some((attr) => (attr.path === "no_std" || attr.path === "no_core") && attr.undecided !== true);
}

/** Is what a crate of the packs gives to types of others there where a crate is compiled? */
export function isLinked(store: Store, crate: CrateId, from: CrateId): boolean {
  const { pack, name } = crateOf(store, from);
  if (pack === null || (name !== "std" && name !== "alloc") || crateOf(store, crate).pack !== null) return true;
  return loadedBy(store, crate).has(name);
}

function loadedBy(store: Store, start: CrateId): ReadonlySet<string> {
  let answers = known.get(store);
  if (answers === undefined) {
    answers = new Map();
    known.set(store, answers);
  }
  const before = answers.get(start);
  if (before !== undefined) return before;
  const found = new Set<string>();
  const seen = new Set<CrateId>([start]);
  for (const id of seen) {
    const crate = crateOf(store, id);
    if (crate.pack !== null) continue;
    // Its modules have to be known.
    rootOf(store, id);
    for (const one of crate.noStd ? crate.loads : ["std"]) found.add(one);
    if (found.has("std")) break;
    for (const dep of crate.deps.values()) seen.add(dep);
  }
  if (found.has("std")) found.add("alloc");
  answers.set(start, found);
  return found;
}
