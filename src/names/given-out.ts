/**
 * Types that code outside a crate can get values of, though it cannot name them: public signatures, fields and associated types give them out.
 *
 * `mod imp { pub struct Builder; } pub fn builder() -> imp::Builder`: whoever calls `builder` can call what is public of `Builder`, and set its
 * public fields. Types behind `impl Trait` are not given out, what its bounds speak of is. Source: the Rust Reference, "Visibility and Privacy".
 */
import { pushAll } from "../base/push-all.ts";
import type { CrateId } from "../crates/crate-graph.ts";
import type { BareItem, Bound, GenericArgs, Generics, Path, TypeRef } from "../syntax/ast.ts";
import { completeCrate } from "./complete.ts";
import type { DefId } from "./defs.ts";
import { selfDef } from "./print-path.ts";
import { resolveInScope } from "./resolve.ts";
import { crateOf, defOf, type Store } from "./store.ts";

const kept = new WeakMap<Store, Map<CrateId, ReadonlySet<DefId>>>();

/** The types and traits of a crate that its nameable items speak of, and theirs; `open` are the nameable ones. */
export function givenOut(store: Store, crate: CrateId, open: ReadonlySet<DefId>): ReadonlySet<DefId> {
  const known = kept.get(store) ?? new Map<CrateId, ReadonlySet<DefId>>();
  kept.set(store, known);
  let found = known.get(crate);
  if (found === undefined) {
    found = compute(store, crate, open);
    known.set(crate, found);
  }
  return found;
}

function compute(store: Store, crate: CrateId, open: ReadonlySet<DefId>): ReadonlySet<DefId> {
  const state = crateOf(store, crate);
  completeCrate(store, state);
  const members = implsBySelf(store, state.impls);
  const found = new Set<DefId>();
  const pending = [...open, ...(members.get(null) ?? [])];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const def = defOf(store, id);
    if (def.crate !== crate || found.has(id)) continue;
    found.add(id);
    if (def.kind === "trait") pushAll(pending, def.children);
    if (def.kind === "impl") pushAll(pending, publicMembers(store, id));
    pushAll(pending, members.get(id) ?? []);
    for (const path of pathsOf(def.item)) {
      const target = resolveInScope(store, { module: def.module, owner: id }, path, "type");
      if (target.k === "def") pending.push(target.def);
      else if (target.k === "base" && target.base.k === "def") pending.push(target.base.def);
    }
  }
  return found;
}

/** Impls by the type of the crate that they are for; those for other types under null. */
function implsBySelf(store: Store, impls: readonly DefId[]): Map<DefId | null, DefId[]> {
  const bySelf = new Map<DefId | null, DefId[]>();
  for (const id of impls) {
    const { item, crate } = defOf(store, id);
    if (item?.k !== "impl") continue;
    const self = selfDef(store, id, item.selfTy);
    const key = self !== null && defOf(store, self).crate === crate ? self : null;
    const list = bySelf.get(key) ?? [];
    list.push(id);
    bySelf.set(key, list);
  }
  return bySelf;
}

function publicMembers(store: Store, impl: DefId): DefId[] {
  const { item, children } = defOf(store, impl);
  const ofTrait = item?.k === "impl" && item.trait !== null;
  return children.filter((id) => ofTrait || defOf(store, id).item?.vis.k === "public");
}

/** The paths of types and traits in what an item declares to everybody who has it. */
function pathsOf(item: BareItem | null): Path[] {
  const paths: Path[] = [];
  const type = (ty: TypeRef | null): void => {
    if (ty !== null) inType(ty, paths);
  };
  switch (item?.k) {
    case "fn":
      for (const { ty } of item.params) type(ty);
      type(item.ret);
      inGenerics(item.generics, paths);
      break;
    case "struct":
      for (const { ty, vis } of item.fields) if (vis.k === "public") type(ty);
      break;
    case "enum":
      for (const { ty } of item.variants.flatMap((one) => one.fields)) type(ty);
      break;
    case "const":
    case "static":
      type(item.ty);
      break;
    case "type-alias":
      type(item.ty);
      inBounds(item.bounds, paths);
      break;
    case "trait":
      inBounds(item.supertraits, paths);
      break;
    case "impl":
      if (item.trait !== null) inArgs(item.trait, paths);
      inGenerics(item.generics, paths);
      break;
    default:
  }
  return paths;
}

function inType(ty: TypeRef, paths: Path[]): void {
  switch (ty.k) {
    case "path":
      inPath(ty.path, paths);
      break;
    case "ref":
    case "ptr":
    case "slice":
    case "array":
      inType(ty.inner, paths);
      break;
    case "tuple":
      for (const one of ty.elems) inType(one, paths);
      break;
    case "fn":
      for (const one of ty.params) inType(one, paths);
      if (ty.ret !== null) inType(ty.ret, paths);
      break;
    case "dyn":
    case "impl":
      inBounds(ty.bounds, paths);
      break;
    default:
  }
}

function inPath(path: Path, paths: Path[]): void {
  paths.push(path);
  if (path.qself !== null) inType(path.qself, paths);
  inArgs(path, paths);
}

function inArgs(path: Path, paths: Path[]): void {
  for (const { args } of path.segments) if (args !== null) inGiven(args, paths);
}

function inGiven({ types, bindings }: GenericArgs, paths: Path[]): void {
  for (const one of types) if (one.k === "type") inType(one.ty, paths);
  for (const { ty, bounds, args } of bindings) {
    if (ty !== null) inType(ty, paths);
    if (args !== null) inGiven(args, paths);
    inBounds(bounds, paths);
  }
}

function inBounds(bounds: readonly Bound[], paths: Path[]): void {
  for (const { path } of bounds) inPath(path, paths);
}

function inGenerics({ params, where }: Generics, paths: Path[]): void {
  for (const one of params) if (one.k === "type") inBounds(one.bounds, paths);
  for (const { bounds } of where) inBounds(bounds, paths);
}
