/**
 * What a type says of its values: can they hold a pointer, lead to something that is called, be changed behind a shared reference?
 *
 * Told from declarations alone; what is not known can. Types within types are looked into to a fixed depth.
 */
import type { DefId, Names } from "../names/defs.ts";
import type { Types } from "../types/api.ts";
import type { Ty } from "../types/ty.ts";
import { anywhere, fieldsOf } from "./inner-types.ts";
import type { Mir, Operand, Place } from "./mir.ts";

/** The type of an operand; null for plain constants. */
export function operandTy(mir: Mir, operand: Operand): Ty | null {
  if (operand.k === "const") return "ty" in operand.value ? operand.value.ty : null;
  return placeTyIn(mir, operand.place);
}

/** The type of a place as far as its text says; of the whole where only an element or what it points to is meant. */
export function placeTyIn(mir: Mir, place: Place): Ty {
  const last = place.proj.findLast((one) => one.k === "field");
  return last?.k === "field" ? last.ty : localTy(mir, place.local);
}

/** The type of a local. */
export function localTy(mir: Mir, local: number): Ty {
  const found = mir.locals[local] ?? mir.locals[0];
  if (found === undefined) throw new Error("a body without a return place");
  return found.ty;
}

/** Can something be stored through a value of the type: is it a mutable pointer, or one to a cell? */
export function storesInside(types: Types, ty: Ty): boolean {
  return anywhere(types, ty, (one) => ((one.k === "ref" || one.k === "ptr") && one.mut) || isCell(types, one));
}

function isCell({ names }: Types, ty: Ty): boolean {
  return ty.k === "adt" && names.def(ty.def).lang === "unsafe_cell";
}

/** Is there a cell in the value itself or in a box of it, not behind another pointer? What is not known can have one. */
export function hasCell(types: Types, ty: Ty, depth = 0): boolean {
  const inside = (one: Ty): boolean => hasCell(types, one, depth + 1);
  if (depth > MAX_DEPTH) return true;
  if (ty.k === "tuple") return ty.elems.some(inside);
  if (ty.k === "array") return inside(ty.inner);
  if (ty.k !== "adt") return isOpaque(ty) && ty.k !== "dyn";
  if (ty.def === types.names.langItem("owned_box")) return ty.args.some(inside);
  return isCell(types, ty) || fieldsOf(types, ty).some(inside);
}

/** Can a value of the type hold a pointer, or a cell that was moved into it? What is not known can. */
export function holdsPointer(types: Types, ty: Ty): boolean {
  const leads = (one: Ty): boolean => one.k === "ref" || one.k === "ptr" || isOpaque(one) || one.k === "closure";
  return anywhere(types, ty, (one) => leads(one) || isCell(types, one));
}

/** Can what is in a static, or behind it, be changed after its initialisation: is it mutable, or of a type that allows it through a shared reference? */
export function mayChange(types: Types, def: DefId): boolean {
  return isMutable(types, def) || changes(types, types.typeOf(def), 0);
}

/** Are a static's own bytes what its initialiser made, always? What lies behind a pointer in it may change. */
export function ownNeverChanges(types: Types, def: DefId): boolean {
  return !isMutable(types, def) && !hasCell(types, types.typeOf(def));
}

/** The same of a part of it: the types from the static's own down to the part's. What is inside a cell can change, whatever its own type is. */
export function partMayChange(types: Types, def: DefId, way: readonly Ty[]): boolean {
  const part = way.at(-1);
  const mayBeCell = (ty: Ty): boolean =>
    ty.k === "adt" && types.names.isPackCrate(types.names.def(ty.def).crate) && changes(types, ty, 0);
  return isMutable(types, def) || way.slice(0, -1).some(mayBeCell) || part === undefined || changes(types, part, 0);
}

function isMutable({ names }: Types, def: DefId): boolean {
  const { item } = names.def(def);
  return item?.k === "static" && item.mut;
}

/** Does a type allow to change it through a shared reference? Types of packs without fields are taken to. */
export function changesShared(types: Types, ty: Ty): boolean {
  return changes(types, ty, 0);
}

function changes(types: Types, ty: Ty, depth: number): boolean {
  const inside = (one: Ty): boolean => changes(types, one, depth + 1);
  switch (ty.k) {
    case "ref":
    case "slice":
    case "array":
      return inside(ty.inner);
    case "tuple":
      return ty.elems.some(inside);
    case "adt": {
      const { names } = types;
      if (depth > MAX_DEPTH) return true;
      const { lang, crate } = names.def(ty.def);
      if (lang === "Option") return ty.args.some(inside);
      if (lang === "phantom_data") return false;
      const fields = fieldsOf(types, ty);
      if (!names.isPackCrate(crate)) return fields.some(inside);
      // What a type of a pack leads to, its fields may not tell (a thread-local's key); one of which none is told may have any.
      return isCell(types, ty) || fields.length === 0 || fields.some(inside) || ty.args.some(inside);
    }
    case "prim":
    case "fn-ptr":
    case "fn-def":
    case "closure":
      return false;
    default:
      return true;
  }
}

/** Which values matter for a static or local of this type: those that lead to something that is called; where its own type does not, numbers too. */
export function valuesThatMatter(types: Types, holder: Ty): (ty: Ty) => boolean {
  const calls = (ty: Ty): boolean => anywhere(types, ty, isCalled);
  const erased = (one: Ty): boolean => isErased(types, one);
  const overlaps = holdsUnion(types, holder);
  if (calls(holder) && !overlaps && !anywhere(types, holder, erased)) return calls;
  if (calls(holder) && !overlaps) return (ty) => calls(ty) || anywhere(types, ty, erased);
  // Addresses as numbers, and pointers to nothing in particular.
  return (ty) =>
    calls(ty) || anywhere(types, ty, (one) => one.k === "ptr" || (one.k === "prim" && /^[iu]/.test(one.name)));
}

/**
 * The same where a place is also written to as what it is not declared as: some of the locals that point there are raw pointers to numbers, bytes or
 * nothing in particular.
 */
export function whereRecast(
  types: Types,
  mir: Mir,
  pointers: ReadonlySet<number>,
  wanted: (ty: Ty) => boolean,
): (ty: Ty) => boolean {
  const isRaw = (local: number): boolean => {
    const ty = mir.locals[local]?.ty;
    return (
      ty?.k === "ptr" && (isErased(types, ty) || (ty.inner.k === "prim" && /^[iu](8|64|size)$/.test(ty.inner.name)))
    );
  };
  if (![...pointers].some(isRaw)) return wanted;
  const address = (one: Ty): boolean => one.k === "ptr" || (one.k === "prim" && /^[iu](64|size)$/.test(one.name));
  return (ty) => wanted(ty) || anywhere(types, ty, address);
}

/** A pointer to nothing in particular: it may be a function's too. */
export function isErased(types: Types, ty: Ty): boolean {
  if (ty.k !== "ptr") return false;
  const { inner } = ty;
  return inner === types.tupleOf([]) || (inner.k === "adt" && types.names.def(inner.def).name === "c_void");
}

/** Is there a union in it, of which each field is all others? */
export function holdsUnion(types: Types, ty: Ty): boolean {
  return anywhere(types, ty, (one) => isUnion(types.names, one) && !isOfPack(types, one));
}

/** Is it a union? */
export function isUnion(names: Names, ty: Ty): boolean {
  if (ty.k !== "adt") return false;
  const { item } = names.def(ty.def);
  return item?.k === "struct" && item.union;
}

function isOfPack({ names }: Types, ty: Ty): boolean {
  return ty.k === "adt" && names.isPackCrate(names.def(ty.def).crate);
}

/** Values that are the address of a function as it is stored: those that can be called, and numbers made for addresses. */
export function addresses(types: Types): (ty: Ty) => boolean {
  return (ty) => anywhere(types, ty, (one) => isCalled(one) || (one.k === "prim" && /^[iu]size$/.test(one.name)));
}

/** Values that are asked for where something is filled: what its type lets be called, whatever may be an address, or numbers and what has them. */
export type AskedValues = "called" | "addresses" | "numbers";

/** Which values matter where a local or static of the type is filled. */
export function valuesAsked(types: Types, lent: AskedValues | undefined, holder: Ty): (ty: Ty) => boolean {
  if (lent === "numbers") return numbers(types);
  return lent === "addresses" ? addresses(types) : valuesThatMatter(types, holder);
}

/** Values that are an integer, or an enum that stands for one, or have such in them; not pointers alone. */
function numbers(types: Types): (ty: Ty) => boolean {
  const isNumber = (one: Ty): boolean =>
    (one.k === "prim" && /^[iu]\d/.test(one.name)) || (one.k === "adt" && types.names.def(one.def).kind === "enum");
  return (ty) => anywhere(types, ty, (one) => isNumber(one) || isOpaque(one));
}

/** Can a value of the type hold the address of a function? What is not known can. */
export function holdsAddress(types: Types, ty: Ty): boolean {
  const wide = (one: Ty): boolean => one.k === "ptr" || (one.k === "prim" && /^[iu](size|64|128)$/.test(one.name));
  return anywhere(types, ty, (one) => isCalled(one) || wide(one));
}

function isCalled(ty: Ty): boolean {
  return ty.k === "fn-ptr" || ty.k === "fn-def" || ty.k === "closure" || isOpaque(ty);
}

/** Does the type not say which values it has? */
export function isOpaque({ k }: Ty): boolean {
  return k === "dyn" || k === "param" || k === "proj" || k === "opaque" || k === "infer" || k === "unknown";
}

/** So deep is looked into a type for cells. */
const MAX_DEPTH = 5;
