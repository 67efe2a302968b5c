/**
 * Places as value flow compares them: their steps, what pointers point to, what rule packs give back.
 */
import type { DefId } from "../names/defs.ts";
import type { Types } from "../types/api.ts";
import { HAS_PARAM } from "../types/intern.ts";
import type { Ty } from "../types/ty.ts";
import { fieldOwners } from "./inner-types.ts";
import { isBorrowedMutably } from "./local-writes.ts";
import type { Mir, Operand, Place, Projection, Rvalue } from "./mir.ts";

/** Key of a place in maps. */
export function placeKey(place: Place): string {
  return `${place.local}${place.proj.map((one) => (one.k === "deref" ? "*" : one.k === "index" ? `[${one.constant ?? ""}]` : `.${one.variant ?? ""}:${one.index}`)).join("")}`;
}

/** May two steps lead to the same place? */
export function sameStep(left: Projection, right: Projection): boolean {
  if (left.k === "deref" || right.k === "deref") return left.k === right.k;
  if (left.k === "index" || right.k === "index") {
    if (left.k !== "index" || right.k !== "index") return false;
    return left.constant === null || right.constant === null || left.constant === right.constant;
  }
  if (left.union === true || right.union === true) return true;
  // A step without a variant is one of a struct, or one that does not say which.
  if (left.index !== right.index) return false;
  return left.variant === null || right.variant === null || left.variant === right.variant;
}

/** Does `whole` begin with the steps of `prefix`? */
export function prefixOf(prefix: readonly Projection[], whole: readonly Projection[]): boolean {
  return prefix.length <= whole.length && prefix.every((one, index) => sameStep(one, whole[index] as Projection));
}

/** What a pointer type points to: the first argument of Box, Rc, Arc, Pin. */
export function pointee(ty: Ty): Ty | null {
  if (ty.k === "ref" || ty.k === "ptr") return ty.inner;
  return ty.k === "adt" ? (ty.args[0] ?? null) : null;
}

export interface MadeObject {
  readonly object: Ty & { readonly k: "dyn" };
  /** What becomes one. */
  readonly ty: Ty;
}

/** What an unsizing cast makes an object of, behind pointers in pointers too (`Pin<Box<T>>`, `&RefCell<T>`); null where it makes none. */
export function unsizedInto(from: Ty, to: Ty): MadeObject | null {
  const [ty, object] = [pointee(from), pointee(to)];
  if (ty === null || object === null) return null;
  if (object.k !== "dyn") return unsizedInto(ty, object);
  return ty.k === "dyn" ? null : { object, ty };
}

/** What is behind all references and raw pointers. */
export function pointsTo(ty: Ty): Ty {
  return ty.k === "ref" || ty.k === "ptr" ? pointsTo(ty.inner) : ty;
}

/** Is the place a part of its local itself: does it lead through no pointer but boxes? */
export function isOwnPart(types: Types, mir: Mir, { local, proj }: Place): boolean {
  let ty: Ty | null = mir.locals[local]?.ty ?? null;
  for (const step of proj) {
    if (step.k === "field") ty = step.ty;
    else if (step.k === "index") ty = ty?.k === "slice" || ty?.k === "array" ? ty.inner : null;
    else if (ty?.k === "adt" && ty.def === types.names.langItem("owned_box")) ty = ty.args[0] ?? null;
    else return false;
  }
  return true;
}

export interface FieldInPlace {
  readonly owner: DefId;
  readonly index: number;
  /** From the field on to the place. */
  readonly rest: readonly Projection[];
}

/** Each field that a place leads through, outermost first; with `types`, through fields of generic code too. */
export function* fieldsOnTheWay(mir: Mir, place: Place, types: Types | null = null): Generator<FieldInPlace> {
  let ty: Ty | null = mir.locals[place.local]?.ty ?? null;
  for (const [at, step] of place.proj.entries()) {
    if (step.k === "field") {
      if (ty?.k === "adt") yield { owner: ty.def, index: step.index, rest: place.proj.slice(at + 1) };
      ty = types === null || ty?.k !== "adt" ? step.ty : fieldTyIn(types, ty, step);
    } else if (step.k === "deref") ty = ty === null ? null : pointee(ty);
    else ty = ty?.k === "slice" || ty?.k === "array" ? ty.inner : null;
  }
}

/** A step in generic code says the type in that code's own parameters. */
function fieldTyIn(types: Types, { def, args }: Ty & { readonly k: "adt" }, step: Projection & { k: "field" }): Ty {
  if ((step.ty.flags & HAS_PARAM) === 0) return step.ty;
  const [owner = def] = step.variant === null ? [] : fieldOwners(types.names, def, step.variant);
  const declared = types.fieldTys(owner)[step.index];
  return declared === undefined ? step.ty : types.subst(declared, args);
}

export const DEREF: Projection = { k: "deref" };

/** `fn load(&self) -> usize`, `fn read<T>(from: *const T) -> T`: what is behind the reference is given back, not the reference. */
export function givesContents(types: Types, def: DefId, arg: number): boolean {
  const { params, ret } = types.fnSig(def);
  const param = params[arg];
  if (param?.k === "ptr") return ret === param.inner;
  if (param?.k !== "ref" || ret.k === "ref") return false;
  return ret.k !== "ptr" || ret.inner !== param.inner;
}

/** `Box::new(x)`: what is behind the result is the argument. */
export function isBoxed(types: Types, def: DefId, arg: number): boolean {
  const { params, ret } = types.fnSig(def);
  return ret.k === "adt" && ret.def === types.names.langItem("owned_box") && ret.args[0] === params[arg];
}

/** Do steps from a value of one type lead to the same parts of another one that is made of it? Of what was transmuted, or unwrapped, they tell nothing. */
export function sameSteps(types: Types, from: Ty, to: Ty): boolean {
  if (from === to) return true;
  const behind = (ty: Ty): Ty | null => {
    const isPointer =
      ty.k === "ref" || ty.k === "ptr" || (ty.k === "adt" && ty.def === types.names.langItem("owned_box"));
    const inner = isPointer ? pointee(ty) : null;
    return inner?.k === "array" || inner?.k === "slice" ? inner.inner : inner;
  };
  const inner = behind(from);
  return inner !== null && inner === behind(to);
}

/** Locals that hold a mutable reference to a part of the place, taken directly, copied or borrowed again, and what of it remains behind them. */
export function referencesTo(mir: Mir, place: Place): ReadonlyMap<number, readonly Projection[]> {
  const holders = new Map<number, readonly Projection[]>();
  if (!isBorrowedMutably(mir, place.local)) return holders;
  for (let size = -1; size !== holders.size; ) {
    size = holders.size;
    for (const { stmts } of mir.blocks) {
      for (const { place: dest, value } of stmts) {
        if (dest.proj.length > 0 || holders.has(dest.local)) continue;
        if (value.k === "use" && value.operand.k !== "const" && value.operand.place.proj.length === 0) {
          const rest = holders.get(value.operand.place.local);
          if (rest !== undefined) holders.set(dest.local, rest);
        }
        if (value.k !== "ref" || !value.mut) continue;
        const { local, proj } = value.place;
        const rest = local === place.local ? place.proj : proj[0]?.k === "deref" ? holders.get(local) : undefined;
        const into = local === place.local ? proj : proj.slice(1);
        if (rest !== undefined && prefixOf(into, rest)) holders.set(dest.local, rest.slice(into.length));
      }
    }
  }
  return holders;
}

type Aggregate = Rvalue & { readonly k: "aggregate" };

/** Which field each value of an aggregate is. */
export function indicesOf(value: Aggregate): readonly number[] {
  return value.kind.k === "adt" ? value.kind.indices : value.fields.map((_, index) => index);
}

/** The values of an aggregate that a step leads to. */
export function partsAt(value: Aggregate, step: Projection): readonly Operand[] {
  if (step.k === "field" && step.union === true) return value.fields;
  if (step.k === "field") {
    if (value.kind.k === "adt" && step.variant !== null && step.variant !== value.kind.variant) return [];
    const field = value.fields[indicesOf(value).indexOf(step.index)];
    return field === undefined ? [] : [field];
  }
  if (step.k === "index" && step.constant !== null && value.kind.k !== "repeat")
    return value.fields.slice(step.constant, step.constant + 1);
  // Any element; a box or smart pointer seen as what it points to.
  return value.fields;
}
