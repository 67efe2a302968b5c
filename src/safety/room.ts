/**
 * Numbers and types as a call names them: is it a constant, does a value of it take any room?
 */
import type { Bodies } from "../calls/bodies.ts";
import type { Constant, Mir, Operand } from "../calls/mir.ts";
import { factsOf } from "../calls/mir-facts.ts";
import { takesNoRoom } from "../calls/no-room.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";

interface Running {
  readonly mir: Mir;
  readonly args: readonly Ty[];
}

const MAX_STEPS = 8;

/** The number that an operand certainly is; null where it is not constant. */
export function wholeNumber(bodies: Bodies, { mir, args }: Running, start: Operand): bigint | null {
  let operand = start;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    if (operand.k === "const") return constantNumber(bodies, args, operand.value);
    if (operand.place.proj.length > 0) return null;
    const definition = factsOf(mir).definition(operand.place.local);
    if (definition?.k !== "value" || definition.value.k !== "use") return null;
    operand = definition.value.operand;
  }
  return null;
}

/** The type that a function is called with for its parameter `name`. */
export function argumentFor(bodies: Bodies, def: DefId, name: string, args: readonly Ty[]): Ty | undefined {
  return args[bodies.types.genericsOf(def).params.findIndex((one) => one.name === name)];
}

/** Does a value of that type take no room? */
export function isZeroSized(bodies: Bodies, def: DefId, name: string, args: readonly Ty[]): boolean {
  const ty = argumentFor(bodies, def, name, args);
  return ty !== undefined && takesNoRoom(bodies.types, ty);
}

function constantNumber({ types }: Bodies, args: readonly Ty[], value: Constant): bigint | null {
  if (value.k === "int") return integer(value.value);
  if (value.k === "const") {
    return integer(
      types.constValue(
        value.def,
        value.args.map((ty) => types.subst(ty, args)),
      ) ?? "",
    );
  }
  const ty = value.k === "const-param" ? types.subst(value.ty, args) : null;
  return ty?.k === "const" ? integer(ty.value) : null;
}

/** A number without a sign. */
export function integer(text: string): bigint | null {
  return /^\d+$/u.test(text) ? BigInt(text) : null;
}
