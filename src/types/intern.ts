/**
 * Types as interned values: the only place where a `Ty` is made.
 *
 * Input: the parts of a type. Output: one object per structurally different type, with flags that say what is inside,
 * so that substitution and resolving can skip whole types. One interner per program; ids follow the order of creation
 * and are keys only, never an order of output.
 */
import { exact } from "../base/exact.ts";
import type { DefId } from "../names/defs.ts";
import type { DynTrait, Ty, UnknownReason } from "./ty.ts";

export const HAS_INFER: number = 1;
export const HAS_PARAM: number = 2;
export const HAS_PROJ: number = 4;
export const HAS_UNKNOWN: number = 8;
export const HAS_OPAQUE: number = 16;
/** A closure or an async block: what it is may still be under inference, so answers about it are not memoised then. */
export const HAS_CLOSURE: number = 32;

/** Index of the opaque future of an `async fn`. `impl Trait`s written in a return type are 0, 1, 2 … */
export const ASYNC_FN: number = 0x10000;
/** Index of the opaque future of an async block or async closure: this plus the id of the expression. */
export const ASYNC_BLOCK: number = 0x20000;

export interface Interner {
  adt(def: DefId, args: readonly Ty[]): Ty;
  prim(name: string): Ty;
  readonly never: Ty;
  readonly unit: Ty;
  readonly bool: Ty;
  readonly str: Ty;
  readonly usize: Ty;
  ref(inner: Ty, mut: boolean): Ty;
  ptr(inner: Ty, mut: boolean): Ty;
  slice(inner: Ty): Ty;
  array(inner: Ty, len: Ty): Ty;
  tuple(elems: readonly Ty[]): Ty;
  fnDef(def: DefId, args: readonly Ty[]): Ty;
  fnPtr(params: readonly Ty[], ret: Ty, abi: string | null, variadic: boolean): Ty;
  closure(body: DefId, closure: number, args: readonly Ty[]): Ty;
  /** Traits are put in one order (principal first is not kept; equal sets are equal types). */
  dyn(traits: readonly DynTrait[]): Ty;
  opaque(def: DefId, index: number, args: readonly Ty[]): Ty;
  param(owner: DefId, index: number, name: string): Ty;
  proj(assoc: DefId, args: readonly Ty[]): Ty;
  constant(value: string): Ty;
  infer(index: number, kind: "general" | "int" | "float"): Ty;
  unknown(reason: UnknownReason): Ty;
  /** Number of types made. */
  readonly size: number;
}

/** Writes out a type as one literal, so that all its fields lie in the object itself. */
type Make = (id: number, flags: number, kids: readonly Ty[]) => Ty;

/** Kinds as numbers, for hashing. */
const tag = {
  adt: 1,
  prim: 2,
  never: 3,
  ref: 4,
  ptr: 5,
  slice: 6,
  array: 7,
  tuple: 8,
  fnDef: 9,
  fnPtr: 10,
  closure: 11,
  opaque: 12,
  param: 13,
  proj: 14,
  constant: 15,
  infer: 16,
  unknown: 17,
  dyn: 18,
} as const;
const inferKinds = ["general", "int", "float"] as const;
const noKids: readonly Ty[] = [];

/** What makes a type what it is: kind, two numbers, the types inside. */
interface Entry {
  readonly tag: number;
  readonly a: number;
  readonly b: number;
  readonly kids: readonly Ty[];
  readonly ty: Ty;
  readonly next: Entry | null;
}

/** An empty interner. */
export function createInterner(): Interner {
  const buckets = new Map<number, Entry>();
  const strings = new Map<string, number>();
  let size = 0;
  const text = (value: string): number => {
    const known = strings.get(value);
    if (known !== undefined) return known;
    strings.set(value, strings.size);
    return strings.size - 1;
  };
  const get = (kind: number, a: number, b: number, kids: readonly Ty[], own: number, make: Make): Ty => {
    let hash = Math.imul(kind * 31 + a, 0x9e3779b1) ^ Math.imul(b + 0x7f4a7c15, 0x85ebca6b);
    for (const kid of kids) hash = Math.imul(hash ^ kid.id, 0x01000193) ^ (hash >>> 15);
    const first = buckets.get(hash) ?? null;
    for (let entry = first; entry !== null; entry = entry.next) {
      if (entry.tag === kind && entry.a === a && entry.b === b && sameKids(entry.kids, kids)) return entry.ty;
    }
    const kept = exact(kids);
    const ty = make(size++, own | flagsOf(kids), kept);
    buckets.set(hash, { tag: kind, a, b, kids: kept, ty, next: first });
    return ty;
  };
  const leaf = (kind: number, a: number, b: number, own: number, make: Make): Ty => get(kind, a, b, noKids, own, make);
  const prim = (name: string): Ty => leaf(tag.prim, text(name), 0, 0, (id, flags) => ({ id, flags, k: "prim", name }));
  const tuple = (elems: readonly Ty[]): Ty =>
    get(tag.tuple, 0, 0, elems, 0, (id, flags, elems) => ({ id, flags, k: "tuple", elems }));
  return {
    adt: (def, args) => get(tag.adt, def, 0, args, 0, (id, flags, args) => ({ id, flags, k: "adt", def, args })),
    prim,
    never: leaf(tag.never, 0, 0, 0, (id, flags) => ({ id, flags, k: "never" })),
    unit: tuple([]),
    bool: prim("bool"),
    str: prim("str"),
    usize: prim("usize"),
    ref: (inner, mut) => get(tag.ref, mut ? 1 : 0, 0, [inner], 0, (id, flags) => ({ id, flags, k: "ref", mut, inner })),
    ptr: (inner, mut) => get(tag.ptr, mut ? 1 : 0, 0, [inner], 0, (id, flags) => ({ id, flags, k: "ptr", mut, inner })),
    slice: (inner) => get(tag.slice, 0, 0, [inner], 0, (id, flags) => ({ id, flags, k: "slice", inner })),
    array: (inner, len) =>
      get(tag.array, 0, 0, [inner, len], 0, (id, flags) => ({ id, flags, k: "array", inner, len })),
    tuple,
    fnDef: (def, args) => get(tag.fnDef, def, 0, args, 0, (id, flags, args) => ({ id, flags, k: "fn-def", def, args })),
    fnPtr: (params, ret, abi, variadic) =>
      get(tag.fnPtr, abi === null ? -1 : text(abi), variadic ? 1 : 0, [...params, ret], 0, (id, flags) => ({
        id,
        flags,
        k: "fn-ptr",
        params: exact(params),
        ret,
        abi,
        variadic,
      })),
    closure: (body, closure, args) =>
      get(tag.closure, body, closure, args, HAS_CLOSURE, (id, flags, args) => ({
        id,
        flags,
        k: "closure",
        body,
        closure,
        args,
      })),
    dyn: (traits) => {
      const sorted = sortDyn(traits);
      return get(tag.dyn, text(dynKey(sorted)), 0, sorted.flatMap(dynKids), 0, (id, flags) => ({
        id,
        flags,
        k: "dyn",
        traits: sorted,
      }));
    },
    opaque: (def, index, args) => {
      const own = HAS_OPAQUE | (index >= ASYNC_BLOCK ? HAS_CLOSURE : 0);
      return get(tag.opaque, def, index, args, own, (id, flags, args) => ({
        id,
        flags,
        k: "opaque",
        def,
        index,
        args,
      }));
    },
    param: (owner, index, name) =>
      leaf(tag.param, owner, index, HAS_PARAM, (id, flags) => ({ id, flags, k: "param", owner, index, name })),
    proj: (assoc, args) =>
      get(tag.proj, assoc, 0, args, HAS_PROJ, (id, flags, args) => ({ id, flags, k: "proj", assoc, args })),
    constant: (value) => leaf(tag.constant, text(value), 0, 0, (id, flags) => ({ id, flags, k: "const", value })),
    infer: (index, kind) =>
      leaf(tag.infer, index, inferKinds.indexOf(kind), HAS_INFER, (id, flags) => ({
        id,
        flags,
        k: "infer",
        index,
        kind,
      })),
    unknown: (reason) =>
      leaf(tag.unknown, text(reason), 0, HAS_UNKNOWN, (id, flags) => ({ id, flags, k: "unknown", reason })),
    get size() {
      return size;
    },
  };
}

function sameKids(a: readonly Ty[], b: readonly Ty[]): boolean {
  if (a.length !== b.length) return false;
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) return false;
  return true;
}

/** Is it an integer primitive? */
export function isIntName(name: string): boolean {
  return /^[iu](8|16|32|64|128|size)$/.test(name);
}

/** The types directly inside a type, in the order of its parts. */
export function kidsOf(ty: Ty): readonly Ty[] {
  switch (ty.k) {
    case "adt":
    case "fn-def":
    case "closure":
    case "opaque":
    case "proj":
      return ty.args;
    case "ref":
    case "ptr":
    case "slice":
      return [ty.inner];
    case "array":
      return [ty.inner, ty.len];
    case "tuple":
      return ty.elems;
    case "fn-ptr":
      return [...ty.params, ty.ret];
    case "dyn":
      return ty.traits.flatMap(dynKids);
    case "prim":
    case "never":
    case "param":
    case "const":
    case "infer":
    case "unknown":
      return [];
    default:
      return unreachable(ty);
  }
}

function flagsOf(kids: readonly Ty[]): number {
  let flags = 0;
  for (const kid of kids) flags |= kid.flags;
  return flags;
}

function dynKids(one: DynTrait): readonly Ty[] {
  return [...one.args, ...one.bindings.map((binding) => binding.ty)];
}

function dynKey(traits: readonly DynTrait[]): string {
  return `d${traits
    .map(
      (one) =>
        `${one.trait}(${one.args.map((ty) => ty.id).join()})(${one.bindings.map((b) => `${b.assoc}=${b.ty.id}`).join()})`,
    )
    .join("+")}`;
}

function sortDyn(traits: readonly DynTrait[]): readonly DynTrait[] {
  const seen = new Set<string>();
  return traits
    .map((one) => ({ ...one, bindings: [...one.bindings].sort((a, b) => a.assoc - b.assoc) }))
    .sort((a, b) => a.trait - b.trait)
    .filter((one) => {
      const key = dynKey([one]);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
}

function unreachable(value: never): never {
  return value;
}
