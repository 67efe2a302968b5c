/**
 * Cells that are initialised on first use, known by their signatures and not by their names: a copy under another name is the same cell.
 *
 * Input: a function of the program. Output: whether it initialises the cell behind its first argument, by one of two shapes:
 * `(&Cell<T>, F) -> &T` where `F: FnOnce() -> T` is the only other argument, and `(&Lazy<T, F>) -> &T` where Lazy keeps the F (or a
 * `fn() -> T`). Such a function can give a `&T` back only if there is one afterwards. With `Result<&T, E>` the cell may be
 * left empty, so that nothing is forced, but its initialiser runs on first use all the same.
 */
import type { DefId } from "../names/defs.ts";
import type { Types } from "../types/api.ts";
import type { Predicate, Ty } from "../types/ty.ts";

export interface CellShape {
  /** The cell holds a value whenever the function returns. */
  readonly forces: boolean;
}

const memo = new WeakMap<Types, Map<DefId, CellShape | null>>();

/** The shape of a function; null for functions that have none, and for those of rule packs. */
export function cellShapeOf(types: Types, def: DefId): CellShape | null {
  const known = memo.get(types) ?? new Map<DefId, CellShape | null>();
  memo.set(types, known);
  const found = known.get(def);
  if (found !== undefined) return found;
  const shape = compute(types, def);
  known.set(def, shape);
  return shape;
}

function compute(types: Types, def: DefId): CellShape | null {
  const { names } = types;
  const info = names.def(def);
  if (info.kind !== "fn" || info.foreign !== null || names.isPackCrate(info.crate)) return null;
  const sig = types.fnSig(def);
  const [cell, init] = sig.params;
  if (cell?.k !== "ref" || cell.inner.k !== "adt" || sig.params.length > 2 || sig.async) return null;
  const owner = cell.inner;
  if (names.isPackCrate(names.def(owner.def).crate) || names.def(owner.def).kind !== "struct") return null;
  const { predicates } = types.genericsOf(def);
  const value = valueOf(types, types.normalize(sig.ret, predicates));
  if (value === null) return null;
  const fields = types.fieldTys(owner.def).map((field) => types.subst(field, owner.args));
  if (!fields.some((field) => mentions(field, value.ty, 0))) return null;
  const made =
    init === undefined
      ? fields.flatMap((field) => outputs(types, field, predicates, 0))
      : outputs(types, init, predicates, 0);
  const fits = made.some((output) => output === value.ty || (value.fallible && resultOf(output) === value.ty));
  return fits ? { forces: !value.fallible } : null;
}

/** `T` of `&T`, `&mut T` or `Result<&T, E>`, where T is a type parameter: the cell's own. */
function valueOf(types: Types, ret: Ty): { readonly ty: Ty; readonly fallible: boolean } | null {
  if (ret.k === "ref" && ret.inner.k === "param") return { ty: ret.inner, fallible: false };
  if (ret.k !== "adt" || types.names.def(ret.def).lang !== "Result") return null;
  const [ok] = ret.args;
  return ok?.k === "ref" && ok.inner.k === "param" ? { ty: ok.inner, fallible: true } : null;
}

function resultOf(ty: Ty): Ty | null {
  return ty.k === "adt" ? (ty.args[0] ?? null) : null;
}

/** What calling the callables inside a type gives: function pointers without arguments, parameters bound by `FnOnce() -> T`. */
function outputs(types: Types, ty: Ty, predicates: readonly Predicate[], depth: number): Ty[] {
  if (depth > 6) return [];
  if (ty.k === "fn-ptr") return ty.params.length === 0 ? [ty.ret] : [];
  if (ty.k === "param") {
    return predicates.flatMap((one) => {
      if (one.k !== "projection" || one.args[0] !== ty) return [];
      const { parent } = types.names.def(one.assoc);
      const lang = parent === null ? null : types.names.def(parent).lang;
      const tuple = one.args[1];
      return lang === "fn_once" && tuple?.k === "tuple" && tuple.elems.length === 0 ? [one.ty] : [];
    });
  }
  return ty.k === "adt" ? ty.args.flatMap((arg) => outputs(types, arg, predicates, depth + 1)) : [];
}

function mentions(ty: Ty, wanted: Ty, depth: number): boolean {
  if (ty === wanted) return true;
  if (depth > 6) return false;
  if (ty.k === "adt") return ty.args.some((arg) => mentions(arg, wanted, depth + 1));
  if (ty.k === "tuple") return ty.elems.some((elem) => mentions(elem, wanted, depth + 1));
  return ty.k === "array" ? mentions(ty.inner, wanted, depth + 1) : false;
}
