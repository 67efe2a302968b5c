/**
 * What a closure that is an entry of the graph has in its environment: nobody calls it whose call would say so.
 *
 * Input: the closure's body. Output: each captured value that may lead to something that is called, as whole-program flow finds it in the bodies that make
 * the closure; of all others nothing is asked. Null where no body that makes it is seen.
 */
import type { Ty } from "../types/ty.ts";
import { environmentsIn } from "./captured.ts";
import { flowOnce } from "./flow-memo.ts";
import { isOpen } from "./flow-model.ts";
import type { Known } from "./known.ts";
import { fromFlow } from "./known-of-flow.ts";
import type { BodyKey, Operand } from "./mir.ts";
import { operandTy } from "./value-types.ts";
import { concreteWith, mayCall, unknownOf, type World } from "./world.ts";

/** The environment of a closure's body, of a function with these type arguments. */
export function environmentOf(world: World, key: BodyKey, args: readonly Ty[]): Known | null {
  if (key.closure === null) return null;
  const { knowns } = world;
  const fields: (Known | null)[] = [];
  for (const made of environmentsIn(world.bodies, world.bodies.withClosures(key.def), key.closure)) {
    const mir = world.bodies.mir(made.owner);
    for (const [index, operand] of made.fields.entries()) {
      const own = mir === null ? null : operandTy(mir, operand);
      const ty = own === null ? world.types.unknown("not-inferred") : concreteWith(world, own, args);
      const before = index in fields ? (fields[index] ?? null) : knowns.nothing;
      const value = mayCall(world, ty) ? held(world, made.owner, operand) : unknownOf(world, ty);
      fields[index] = knowns.join(before, value);
    }
  }
  return fields.length === 0 ? null : knowns.parts(null, fields);
}

function held(world: World, owner: BodyKey, operand: Operand): Known | null {
  const flow = flowOnce(world.bodies, owner, operand, "called");
  const values: (Known | null)[] = flow.values.map((one) => fromFlow(world, one, 0));
  if (isOpen(world.types, flow.open)) values.push(null);
  return world.knowns.joinAll(values);
}
