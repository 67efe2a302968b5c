/**
 * What the drop glue of a type runs, part by part: its Drop impl, then the glue of its fields, elements or captures.
 */
import { ASYNC_FN } from "../types/intern.ts";
import type { Ty } from "../types/ty.ts";
import type { Instance } from "./instances.ts";
import type { Known } from "./known.ts";
import { principal } from "./object-types.ts";
import { type Call, resolveCall } from "./resolve-call.ts";
import { glue, inside, onlyOfErrors, partsOf } from "./resolve-drop.ts";
import { callablesIn } from "./resolve-places.ts";
import { isCallTrait } from "./resolve-value.ts";
import { both, lost, NOTHING, type Resolved, runs, type Target } from "./resolved.ts";
import type { World } from "./world.ts";

/** What one step of a model or of drop glue leads to. */
export interface Step {
  /** What it is, for reports: `drop of Vec<u8>`. */
  readonly text: string;
  readonly resolved: Resolved;
}

/** The steps of the drop glue that an instance stands for, in order. */
export function glueSteps(world: World, instance: Instance, ty: Ty): Step[] {
  const text = `drop of ${world.types.print(ty)}`;
  const value = instance.context[0] ?? null;
  switch (ty.k) {
    case "dyn": {
      const known = objectsIn(world, ty, value);
      if (known !== null) return [{ text, resolved: known }];
      return [
        {
          text,
          resolved: runs(
            [],
            [{ member: null, object: ty, args: [ty], context: [], via: "drop", known: [], complete: false }],
          ),
        },
      ];
    }
    case "param":
    case "proj":
    case "infer":
    case "unknown":
      return [{ text, resolved: lost("unknown-type", text) }];
    case "opaque":
      if (ty.index < ASYNC_FN) return [{ text, resolved: lost("unknown-type", text) }];
      return partSteps(world, ty, text, value);
    default: {
      const steps: Step[] = [];
      const own = ty.k === "adt" ? world.types.dropImpl(ty) : null;
      if (own !== null) {
        const self = world.types.refTo(ty, true);
        const call: Call = {
          world,
          instance,
          known: [value === null ? null : world.knowns.ref(value)],
          tys: [self],
          ret: world.types.tupleOf([]),
          via: "drop",
          operand: null,
          args: null,
        };
        steps.push({ text, resolved: resolveCall(call, own.def, own.args) });
      }
      return [...steps, ...partSteps(world, ty, text, value)];
    }
  }
}

function partSteps(world: World, ty: Ty, text: string, value: Known | null): Step[] {
  let parts = NOTHING;
  const seen = new Map<Ty, Set<Known | null>>();
  for (const part of partsOf(world, ty)) {
    const held = inside(world, ty, part, value);
    const before = seen.get(part.ty) ?? new Set();
    if (!before.has(held)) parts = both(parts, onlyOfErrors(world, ty, part, glue(world, part.ty, held)));
    seen.set(part.ty, before.add(held));
  }
  return parts === NOTHING ? [] : [{ text: `${text}: its parts`, resolved: parts }];
}

/** The glue of all objects that the value is made of; null where there may be others. Of functions in it, those count that have the object's trait. */
function objectsIn(world: World, object: Ty & { k: "dyn" }, value: Known | null): Resolved | null {
  const found = callablesIn(world, value);
  if (found.open || found.objects.length === 0) return null;
  const trait = principal(world, object);
  const isCalled = trait !== null && isCallTrait(world, trait);
  if (isCalled && found.callables.length > 0) return null;
  const args = object.traits.find((one) => one.trait === trait)?.args ?? [];
  const objects = [...found.objects, ...found.callables.map((ty) => ({ ty, inner: null }))];
  let sum = NOTHING;
  for (const { ty, inner } of objects) {
    const has = trait === null || isCalled || world.types.implements({ trait, args: [ty, ...args] }, []) !== "no";
    if (has) sum = both(sum, glue(world, ty, inner));
  }
  return { ...sum, targets: sum.targets.map((one): Target => ({ ...one, certainty: "by-type" })) };
}
