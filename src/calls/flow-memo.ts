/**
 * Questions about values that the call graph asks again for each instance of a body: what a place of the body holds does not depend on that.
 *
 * The answers are those of `flowOf`, kept as long as the bodies are.
 */

import type { Bodies } from "./bodies.ts";
import { type BodyInContext, bodyKeyIn } from "./flow-context.ts";
import type { Flow } from "./flow-model.ts";
import { placeKey } from "./flow-places.ts";
import type { BodyKey, Operand } from "./mir.ts";
import { flowOf, storedThroughLent } from "./value-flow.ts";

const answers = new WeakMap<Bodies, Map<string, Flow>>();

/** All values, objects too, that an operand of a body may hold; `called`: with what is put there through references that the place is lent by. */
export function flowOnce(bodies: Bodies, body: BodyInContext, operand: Operand, lent: "called" | null): Flow {
  const options = {
    objects: true,
    coarse: true,
    filled: true as const,
    users: true as const,
    ...(lent === null ? {} : { lent }),
  };
  if (operand.k === "const") return flowOf(bodies, body, operand, options);
  const known = answers.get(bodies) ?? new Map<string, Flow>();
  answers.set(bodies, known);
  const key = `${bodyKeyIn(body)}|${placeKey(operand.place)}|${lent}`;
  let flow = known.get(key);
  if (flow === undefined) {
    flow = flowOf(bodies, body, operand, options);
    known.set(key, flow);
  }
  return flow;
}

/** The same, lent places too, for one run of the body: what it was given is told as parameters. */
export function ownFlowOnce(bodies: Bodies, { def, closure }: BodyKey, operand: Operand): Flow {
  return flowOnce(bodies, { def, closure, own: true }, operand, "called");
}

/** What all callers pass in a parameter's place. */
export function passedOnce(bodies: Bodies, { def, closure }: BodyKey, operand: Operand): Flow {
  return flowOnce(bodies, { def, closure }, operand, null);
}

const lentAnswers = new WeakMap<Bodies, Map<string, Flow | null>>();

/** `storedThroughLent`, asked once for each local. */
export function lentOnce(bodies: Bodies, body: BodyKey, local: number): Flow | null {
  const known = lentAnswers.get(bodies) ?? new Map<string, Flow | null>();
  lentAnswers.set(bodies, known);
  const key = `${bodyKeyIn(body)}|${local}`;
  let flow = known.get(key);
  if (flow === undefined) {
    flow = storedThroughLent(bodies, body, local);
    known.set(key, flow);
  }
  return flow;
}
