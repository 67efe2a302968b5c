/**
 * Values that own nothing on the heap: `Vec::new()`, `None`, a struct of such. Dropping them frees nothing.
 *
 * Input: a local of an instance's body. Told is only what every assignment to it says: a variant or struct whose parts own nothing, a constant of
 * such, the result of a function without arguments that does nothing by itself. A local that is lent to be changed, or a type that can be filled
 * through a shared reference, or that has a drop of its own, is not told.
 */
import type { Ty } from "../types/ty.ts";
import type { Instance } from "./instances.ts";
import { isBorrowedMutably, type Write, writesTo } from "./local-writes.ts";
import type { BodyKey, Mir, Operand, Rvalue } from "./mir.ts";
import { declaredFieldTys, operandTy } from "./value-types.ts";
import { concrete, concreteWith, factsFor, type World } from "./world.ts";

const MAX_DEPTH = 6;

/** Does the local own nothing whenever it is dropped? */
export function ownsNothing(world: World, instance: Instance, mir: Mir, local: number, depth = 0): boolean {
  const decl = mir.locals[local];
  if (decl === undefined || depth > MAX_DEPTH || (local >= 1 && local <= mir.argCount)) return false;
  const writes = writesTo(mir, local);
  if (writes.length === 0 || isBorrowedMutably(mir, local)) return false;
  const ty = concrete(world, instance, decl.ty);
  if (dropsItself(world, ty) || holdsCell(world, ty, 0)) return false;
  return writes.every((one) => isEmpty(world, instance, mir, one, depth));
}

/** A type of the program whose own code runs when it is dropped. */
function dropsItself({ names, types }: World, ty: Ty): boolean {
  return ty.k === "adt" && types.dropImpl(ty) !== null && !names.isPackCrate(names.def(ty.def).crate);
}

function isEmpty(world: World, instance: Instance, mir: Mir, write: Write, depth: number): boolean {
  if (write.k === "stmt") {
    return write.stmt.place.proj.length === 0 && isEmptyValue(world, instance, mir, write.stmt.value, depth);
  }
  const { callee, args, dest } = write.term;
  if (callee.k !== "def" || args.length > 0 || dest.proj.length > 0) return false;
  const types = callee.args.map((ty) => concrete(world, instance, ty));
  const found = world.types.resolveMember(callee.def, types);
  if (found.def === null) return false;
  const facts = factsFor(world, found.def);
  // What a rule says more of is told where that is looked at.
  if (facts?.marks !== undefined) return false;
  if (facts?.effects !== undefined) return facts.effects.length === 0 && facts.body === undefined;
  const key: BodyKey = { def: found.def, closure: null };
  return givesNothing(world, key, found.args, depth + 1);
}

function isEmptyValue(world: World, instance: Instance, mir: Mir, value: Rvalue, depth: number): boolean {
  const empty = (one: Operand): boolean => isEmptyOperand(world, instance, mir, one, depth);
  if (value.k === "use") return empty(value.operand);
  if (value.k !== "aggregate") return false;
  return value.kind.k !== "closure" && value.fields.every(empty);
}

function isEmptyOperand(world: World, instance: Instance, mir: Mir, operand: Operand, depth: number): boolean {
  const ty = operandTy(mir, operand);
  if (ty === null || !world.types.needsDrop(concrete(world, instance, ty))) return true;
  if (operand.k !== "const")
    return operand.place.proj.length === 0 && ownsNothing(world, instance, mir, operand.place.local, depth + 1);
  if (operand.value.k !== "const") return false;
  const args = operand.value.args.map((one) => concrete(world, instance, one));
  const found = world.types.resolveMember(operand.value.def, args);
  return found.def !== null && givesNothing(world, { def: found.def, closure: null }, found.args, depth + 1);
}

/** Does a function without arguments, or a constant, make such a value? */
function givesNothing(world: World, key: BodyKey, args: Instance["args"], depth: number): boolean {
  const mir = world.bodies.mir(key);
  return mir !== null && mir.argCount === 0 && ownsNothing(world, world.instances.body(key, args, []), mir, 0, depth);
}

/** Is there a cell in the value itself, not behind a pointer of it? */
function holdsCell(world: World, ty: Ty, depth: number): boolean {
  const { names, types } = world;
  const inside = (one: Ty): boolean => holdsCell(world, one, depth + 1);
  if (depth > MAX_DEPTH) return true;
  switch (ty.k) {
    case "tuple":
      return ty.elems.some(inside);
    case "array":
      return inside(ty.inner);
    case "adt":
      if (names.def(ty.def).lang === "unsafe_cell") return true;
      return declaredFieldTys(types, ty.def).some((one) => inside(concreteWith(world, one, ty.args)));
    case "prim":
    case "ref":
    case "ptr":
    case "fn-ptr":
    case "fn-def":
    case "never":
      return false;
    default:
      return true;
  }
}
