/**
 * Places that a registrar's rule names: the field of the action behind a pointer, as projections of an operand.
 *
 * Input: an operand of a body, and where in it the rule says that the value stands. Types are as far as the body's locals tell; of a field
 * that the type does not have nothing is said. What stands there is not asked here.
 */
import { pushAll } from "../base/push-all.ts";
import type { Bodies } from "../calls/bodies.ts";
import type { Mir, Operand, Place, Projection } from "../calls/mir.ts";
import { factsOf } from "../calls/mir-facts.ts";
import { isOpaque } from "../calls/value-types.ts";
import type { ValuePlace } from "../model/registrars.ts";
import type { Ty } from "../types/ty.ts";

/** Is the type of what the operand points to declared nowhere? */
export function isUnknown(mir: Mir, operand: Operand): boolean {
  const ty = pointedTo(operandTy(mir, operand));
  return ty === null || isOpaque(ty);
}

/** Whether one of the fields that the place names is there. */
export function hasField(bodies: Bodies, mir: Mir, operand: Operand, place: ValuePlace): boolean {
  const ty = operandTy(mir, operand);
  const owner = place.pointee === true ? pointedTo(ty) : ty;
  return (place.fields ?? []).some((path) => fieldSteps(bodies, owner, path.split(".")) !== null);
}

/** `&action as *const _ as usize`: the pointer whose type says what it points to, where the place asks for what is behind it. */
export function beforeCasts(mir: Mir, operand: Operand, place: ValuePlace): Operand {
  if (place.pointee !== true) return operand;
  for (let at = operand; at.k !== "const" && at.place.proj.length === 0; ) {
    const ty = operandTy(mir, at);
    if (ty !== null && pointedTo(ty) !== ty && pointedTo(ty)?.k === "adt") return at;
    const from = copiedFrom(mir, at.place.local);
    if (from === null) break;
    at = from;
  }
  return operand;
}

/** What a local is a copy of, as it is or as another type, where that is all that it is ever set to. */
export function copiedFrom(mir: Mir, local: number): Operand | null {
  const made = factsOf(mir).definition(local);
  return made?.k === "value" && (made.value.k === "cast" || made.value.k === "use") ? made.value.operand : null;
}

/** The operand with the projections that lead to the value. */
export function stepsInto(bodies: Bodies, mir: Mir, operand: Operand, place: ValuePlace): Operand {
  if (operand.k === "const") return operand;
  const proj: Projection[] = [...operand.place.proj];
  let ty = operandTy(mir, operand);
  if (place.pointee === true) {
    proj.push({ k: "deref" });
    ty = pointedTo(ty);
  }
  for (const path of place.fields ?? []) {
    const more = fieldSteps(bodies, ty, path.split("."));
    if (more === null) continue;
    pushAll(proj, more);
    break;
  }
  return { k: "copy", place: { local: operand.place.local, proj } };
}

function fieldSteps(bodies: Bodies, start: Ty | null, path: readonly string[]): Projection[] | null {
  const { types } = bodies;
  const steps: Projection[] = [];
  let ty = start;
  for (const name of path) {
    if (ty?.k !== "adt") return null;
    const index = types.fieldNames(ty.def).indexOf(name);
    const field: Ty | undefined = types.fieldTys(ty.def)[index];
    if (field === undefined) return null;
    ty = types.subst(field, ty.args);
    steps.push({ k: "field", index, variant: null, ty });
  }
  return steps;
}

/** Type of an operand as far as its locals tell. */
export function operandTy(mir: Mir, operand: Operand): Ty | null {
  if (operand.k === "const") return operand.value.k === "fn" ? operand.value.ty : null;
  return placeTy(mir, operand.place);
}

/** What a pointer points to; any other type as it is. */
export function pointedTo(ty: Ty | null): Ty | null {
  return ty?.k === "ref" || ty?.k === "ptr" ? ty.inner : ty;
}

/** Type of a place of a body. */
export function placeTy(mir: Mir, place: Place): Ty | null {
  let ty: Ty | null = mir.locals[place.local]?.ty ?? null;
  for (const step of place.proj) {
    if (step.k === "field") ty = step.ty;
    else if (ty?.k === "ref" || ty?.k === "ptr" || ty?.k === "slice" || ty?.k === "array") ty = ty.inner;
    else ty = null;
  }
  return ty;
}
