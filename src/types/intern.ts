/**
 * Types as interned values: the only place where a `Ty` is made.
 *
 * Input: the parts of a type. Output: one object per structurally different type, with flags that say what is inside,
 * so that substitution and resolving can skip whole types. One interner per program; ids follow the order of creation
 * and are keys only, never an order of output.
 */
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

type Unnumbered<T> = T extends unknown ? Omit<T, "id" | "flags"> : never;

/** An empty interner. */
export function createInterner(): Interner {
  const table = new Map<string, Ty>();
  const make = (key: string, flags: number, parts: Unnumbered<Ty>): Ty => {
    const made = { id: table.size, flags, ...parts } as Ty;
    table.set(key, made);
    return made;
  };
  const get = (key: string, flags: () => number, parts: () => Unnumbered<Ty>): Ty =>
    table.get(key) ?? make(key, flags(), parts());
  const list = (tag: string, kids: readonly Ty[], parts: () => Unnumbered<Ty>, own = 0): Ty => {
    let key = tag;
    for (const kid of kids) key += `,${kid.id}`;
    return get(key, () => own | flagsOf(kids), parts);
  };
  const prim = (name: string): Ty =>
    get(
      `p${name}`,
      () => 0,
      () => ({ k: "prim", name }),
    );
  const tuple = (elems: readonly Ty[]): Ty => list("(", elems, () => ({ k: "tuple", elems }));
  const never = get(
    "!",
    () => 0,
    () => ({ k: "never" }),
  );
  return {
    adt: (def, args) => list(`a${def}`, args, () => ({ k: "adt", def, args })),
    prim,
    never,
    unit: tuple([]),
    bool: prim("bool"),
    str: prim("str"),
    usize: prim("usize"),
    ref: (inner, mut) => list(mut ? "&m" : "&", [inner], () => ({ k: "ref", mut, inner })),
    ptr: (inner, mut) => list(mut ? "*m" : "*", [inner], () => ({ k: "ptr", mut, inner })),
    slice: (inner) => list("[", [inner], () => ({ k: "slice", inner })),
    array: (inner, len) => list("[;", [inner, len], () => ({ k: "array", inner, len })),
    tuple,
    fnDef: (def, args) => list(`f${def}`, args, () => ({ k: "fn-def", def, args })),
    fnPtr: (params, ret, abi, variadic) =>
      list(`F${variadic ? "." : ""}${abi ?? ""}`, [...params, ret], () => ({
        k: "fn-ptr",
        params,
        ret,
        abi,
        variadic,
      })),
    closure: (body, closure, args) =>
      list(`c${body}:${closure}`, args, () => ({ k: "closure", body, closure, args }), HAS_CLOSURE),
    dyn: (traits) => {
      const sorted = sortDyn(traits);
      return get(
        dynKey(sorted),
        () => flagsOf(sorted.flatMap(dynKids)),
        () => ({ k: "dyn", traits: sorted }),
      );
    },
    opaque: (def, index, args) =>
      list(
        `o${def}:${index}`,
        args,
        () => ({ k: "opaque", def, index, args }),
        HAS_OPAQUE | (index >= ASYNC_BLOCK ? HAS_CLOSURE : 0),
      ),
    param: (owner, index, name) =>
      get(
        `P${owner}:${index}`,
        () => HAS_PARAM,
        () => ({ k: "param", owner, index, name }),
      ),
    proj: (assoc, args) => list(`J${assoc}`, args, () => ({ k: "proj", assoc, args }), HAS_PROJ),
    constant: (value) =>
      get(
        `#${value}`,
        () => 0,
        () => ({ k: "const", value }),
      ),
    infer: (index, kind) =>
      get(
        `?${kind[0]}${index}`,
        () => HAS_INFER,
        () => ({ k: "infer", index, kind }),
      ),
    unknown: (reason) =>
      get(
        `U${reason}`,
        () => HAS_UNKNOWN,
        () => ({ k: "unknown", reason }),
      ),
    get size() {
      return table.size;
    },
  };
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
