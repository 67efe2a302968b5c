/**
 * Structural maps over types: substitution of parameters by position, and the general fold that everything else uses.
 *
 * Depth is bounded: past `maxDepth` levels a type becomes unknown("limit"), which is a stated loss and no overflow.
 */
import { HAS_PARAM, type Interner } from "./intern.ts";
import type { DynTrait, FnSig, Predicate, TraitRef, Ty } from "./ty.ts";

const maxDepth = 64;

/**
 * Rebuilds a type bottom-up. `leaf` is asked first for every node and gives a replacement (not looked into again) or null; types without any of the
 * flags in `mask` are passed through. `done` sees each rebuilt node.
 */
export function foldTy(
  tys: Interner,
  ty: Ty,
  mask: number,
  leaf: (ty: Ty) => Ty | null,
  done: (ty: Ty) => Ty = same,
  depth = 0,
): Ty {
  if ((ty.flags & mask) === 0) return ty;
  if (depth > maxDepth) return tys.unknown("limit");
  const replaced = leaf(ty);
  if (replaced !== null) return replaced;
  const fold = (inner: Ty): Ty => foldTy(tys, inner, mask, leaf, done, depth + 1);
  return done(mapKids(tys, ty, fold));
}

/** The same type with each part mapped. */
export function mapKids(tys: Interner, ty: Ty, fold: (ty: Ty) => Ty): Ty {
  switch (ty.k) {
    case "adt":
      return tys.adt(ty.def, mapList(ty.args, fold));
    case "fn-def":
      return tys.fnDef(ty.def, mapList(ty.args, fold));
    case "closure":
      return tys.closure(ty.body, ty.closure, mapList(ty.args, fold));
    case "opaque":
      return tys.opaque(ty.def, ty.index, mapList(ty.args, fold));
    case "proj":
      return tys.proj(ty.assoc, mapList(ty.args, fold));
    case "ref":
      return tys.ref(fold(ty.inner), ty.mut);
    case "ptr":
      return tys.ptr(fold(ty.inner), ty.mut);
    case "slice":
      return tys.slice(fold(ty.inner));
    case "array":
      return tys.array(fold(ty.inner), fold(ty.len));
    case "tuple":
      return tys.tuple(mapList(ty.elems, fold));
    case "fn-ptr":
      return tys.fnPtr(mapList(ty.params, fold), fold(ty.ret), ty.abi, ty.variadic);
    case "dyn":
      return tys.dyn(ty.traits.map((one) => mapDyn(one, fold)));
    case "prim":
    case "never":
    case "param":
    case "const":
    case "infer":
    case "unknown":
      return ty;
    default:
      return unreachable(ty);
  }
}

/** Parameters replaced by `args[index]`; a parameter past the end stays. */
export function substTy(tys: Interner, ty: Ty, args: readonly Ty[]): Ty {
  if ((ty.flags & HAS_PARAM) === 0) return ty;
  return foldTy(tys, ty, HAS_PARAM, (inner) => (inner.k === "param" ? (args[inner.index] ?? inner) : null));
}

/** A predicate with all its types mapped. */
export function mapPredicate(predicate: Predicate, fold: (ty: Ty) => Ty): Predicate {
  return predicate.k === "trait"
    ? { k: "trait", ref: mapTraitRef(predicate.ref, fold) }
    : { k: "projection", assoc: predicate.assoc, args: predicate.args.map(fold), ty: fold(predicate.ty) };
}

/** A trait reference with all its types mapped. */
export function mapTraitRef(ref: TraitRef, fold: (ty: Ty) => Ty): TraitRef {
  return { trait: ref.trait, args: ref.args.map(fold) };
}

/** A signature with all its types mapped. */
export function mapSig(sig: FnSig, fold: (ty: Ty) => Ty): FnSig {
  return { ...sig, params: sig.params.map(fold), ret: fold(sig.ret) };
}

/** Do any of the types hold one of these flags? */
export function anyFlags(list: readonly Ty[], mask: number): boolean {
  return list.some((ty) => (ty.flags & mask) !== 0);
}

function mapDyn(one: DynTrait, fold: (ty: Ty) => Ty): DynTrait {
  return {
    trait: one.trait,
    args: mapList(one.args, fold),
    bindings: one.bindings.map((binding) => ({ assoc: binding.assoc, ty: fold(binding.ty) })),
  };
}

function mapList(list: readonly Ty[], fold: (ty: Ty) => Ty): readonly Ty[] {
  let mapped: Ty[] | null = null;
  for (const [index, ty] of list.entries()) {
    const next = fold(ty);
    if (mapped === null && next !== ty) mapped = list.slice(0, index);
    mapped?.push(next);
  }
  return mapped ?? list;
}

function same(ty: Ty): Ty {
  return ty;
}

function unreachable(value: never): never {
  return value;
}
