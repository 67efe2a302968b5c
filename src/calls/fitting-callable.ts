/**
 * What a function item of generic code is where a pointer of a certain type holds it: `T::default` as `fn() -> u8` is `<u8 as Default>::default`.
 *
 * Parameters are read off the pointer's type by the item's signature. Nothing where no impl gives the item: then the pointer holds another
 * one. Null where the signature does not say all parameters, or is another one: pointers are transmuted.
 */
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import { isConcrete, type World } from "./world.ts";

/** The item as it is in a pointer of this type; empty where there is no such item. `from`: the definition in whose parameters the item is written. */
export function itemInPointer(
  world: World,
  item: Ty & { readonly k: "fn-def" },
  from: DefId,
  pointer: Ty & { readonly k: "fn-ptr" },
): readonly Ty[] | null {
  const { types } = world;
  const sig = types.fnSig(item.def);
  if (sig.params.length !== pointer.params.length) return null;
  const bound = new Map<number, Ty>();
  const written = [...sig.params, sig.ret].map((one) => types.subst(one, item.args));
  const given = [...pointer.params, pointer.ret];
  if (!written.every((one, index) => agrees(one, given[index] ?? one, bound))) return null;
  const args = types.genericsOf(from).params.map((_, index) => bound.get(index));
  if (args.some((one) => one === undefined)) return null;
  const ty = types.subst(item, args as Ty[]);
  if (ty.k !== "fn-def" || !isConcrete(ty)) return null;
  const found = types.resolveMember(ty.def, ty.args);
  return found.def === null && found.selection.k === "none" ? [] : [ty];
}

/** Could the written type be the other one? What its parameters then are is added. */
function agrees(written: Ty, other: Ty, bound: Map<number, Ty>): boolean {
  if (written === other) return true;
  if (written.k === "param") {
    const known = bound.get(written.index);
    bound.set(written.index, known ?? other);
    return known === undefined || known === other;
  }
  if (isConcrete(written)) return !isConcrete(other);
  const pairs = parts(written, other);
  return pairs === null || (pairs !== "differ" && pairs.every(([left, right]) => agrees(left, right, bound)));
}

/** Parts that have to agree; null where a type's shape says nothing. */
function parts(written: Ty, other: Ty): readonly (readonly [Ty, Ty])[] | "differ" | null {
  const zipped = (left: readonly Ty[], right: readonly Ty[]): readonly (readonly [Ty, Ty])[] | "differ" =>
    left.length === right.length ? left.map((one, index) => [one, right[index] ?? one] as const) : "differ";
  switch (written.k) {
    case "adt":
      return other.k === "adt" && other.def === written.def ? zipped(written.args, other.args) : "differ";
    case "ref":
    case "ptr":
      return other.k === written.k && other.mut === written.mut ? [[written.inner, other.inner]] : "differ";
    case "slice":
    case "array":
      return other.k === written.k ? [[written.inner, other.inner]] : "differ";
    case "tuple":
      return other.k === "tuple" ? zipped(written.elems, other.elems) : "differ";
    default:
      return null;
  }
}
