/**
 * Concrete types of places and operands of an instance.
 */
import type { Ty } from "../types/ty.ts";
import type { Instance } from "./instances.ts";
import type { Constant, Mir, Operand, Place } from "./mir.ts";
import { concrete, type World } from "./world.ts";

interface Where {
  readonly world: World;
  readonly instance: Instance;
  readonly mir: Mir;
}

/** The type of a place. */
export function placeTy(where: Where, place: Place): Ty {
  const { world, instance, mir } = where;
  const { types } = world;
  const start = mir.locals[place.local]?.ty;
  let ty = start === undefined ? types.unknown("not-inferred") : concrete(world, instance, start);
  for (const step of place.proj) {
    if (step.k === "field") ty = concrete(world, instance, step.ty);
    else if (step.k === "deref") ty = derefTy(ty) ?? types.unknown("not-inferred");
    else ty = ty.k === "array" || ty.k === "slice" ? ty.inner : types.unknown("not-inferred");
  }
  return ty;
}

/** What `*x` is for a reference, raw pointer or box. */
export function derefTy(ty: Ty): Ty | null {
  if (ty.k === "ref" || ty.k === "ptr") return ty.inner;
  return ty.k === "adt" ? (ty.args[0] ?? null) : null;
}

/** The type of an operand. */
export function operandTy(where: Where, operand: Operand): Ty {
  return operand.k === "const" ? constantTy(where, operand.value) : placeTy(where, operand.place);
}

function constantTy(where: Where, value: Constant): Ty {
  const { types } = where.world;
  switch (value.k) {
    case "bool":
    case "str":
      return types.tupleOf([]);
    case "static":
      return types.ptrTo(concrete(where.world, where.instance, value.ty));
    default:
      return concrete(where.world, where.instance, value.ty);
  }
}
