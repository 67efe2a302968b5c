/**
 * Whole-program flow of what a call names, for one instance: what the instance was given is taken from what is known of it, and only
 * where that is not complete its callers are looked for.
 *
 * Input: a call whose callee, or receiver, is not known completely. Output: values to be looked at, knowledge of those that came in as arguments, open ends.
 */
import { pushAll } from "../base/push-all.ts";
import { parameterLocal } from "./bodies.ts";
import { lentOnce, ownFlowOnce, passedOnce } from "./flow-memo.ts";
import type { Flow, FlowValue, OpenEnd } from "./flow-model.ts";
import type { Instance } from "./instances.ts";
import type { Known } from "./known.ts";
import type { BodyKey, Operand } from "./mir.ts";
import { callablesIn, lookThrough, valueOf } from "./resolve-places.ts";
import type { World } from "./world.ts";

export interface Followed {
  /** None of them is a parameter. */
  readonly values: readonly FlowValue[];
  readonly known: readonly Known[];
  readonly open: readonly OpenEnd[];
}

/** What an operand of the instance's body may be; nothing where it is no body that can be looked at. */
export function followed(world: World, instance: Instance, operand: Operand | null): Followed {
  if (operand === null || instance.what.k !== "body") return { values: [], known: [], open: [] };
  const { key } = instance.what;
  return given(world, instance, key, ownFlowOnce(world.bodies, key, operand));
}

/** What may be stored into a local of the instance's body through references that it is lent by; null where it is not. */
export function followedLent(world: World, instance: Instance, local: number): Followed | null {
  if (instance.what.k !== "body") return null;
  const flow = lentOnce(world.bodies, instance.what.key, local);
  return flow === null ? null : given(world, instance, instance.what.key, flow);
}

/** Parameters as what is known of the arguments, else, where that is not complete, as what all callers pass. */
function given(world: World, instance: Instance, key: BodyKey, flow: Flow): Followed {
  if (!flow.values.some((one) => one.k === "parameter")) return { ...flow, known: [] };
  const values: FlowValue[] = [];
  const known: Known[] = [];
  const open = [...flow.open];
  for (const value of flow.values) {
    if (value.k !== "parameter") {
      values.push(value);
      continue;
    }
    const local = parameterLocal(key, value.index);
    const argument = valueOf(world, lookThrough(world, instance.context[local - 1] ?? null, value.steps));
    if (argument !== null && !callablesIn(world, argument).open) {
      known.push(argument);
      continue;
    }
    const passed = passedOnce(world.bodies, key, { k: "copy", place: { local, proj: value.steps } });
    pushAll(values, passed.values);
    pushAll(open, passed.open);
  }
  return { values, known, open };
}
