/**
 * Where a constant of an impl, or of a trait for all that have it, is named in the program's bodies, and with which arguments.
 *
 * Input: the constant. Output: each body that names it, or the trait's constant that it stands for, once for each use. What a rule pack or a macro that is
 * not expanded names is not among them. Bodies that name the word are asked, each once.
 */
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import type { Bodies } from "./bodies.ts";
import { implemented } from "./call-sites.ts";
import type { BodyKey } from "./mir.ts";
import { operandsIn } from "./move-paths.ts";

export interface ConstantUse {
  readonly body: BodyKey;
  readonly named: { readonly def: DefId; readonly args: readonly Ty[] };
}

/** All uses of the constant. */
export function usesOfConstant(bodies: Bodies, target: DefId): readonly ConstantUse[] {
  const { names } = bodies;
  const member = implemented(bodies, target);
  const found: ConstantUse[] = [];
  for (const crate of bodies.cratesThatSee(member ?? target)) {
    for (const id of bodies.mentioning(crate, [names.def(target).name])) {
      for (const body of bodies.withClosures(id)) {
        for (const block of bodies.mir(body)?.blocks ?? []) {
          for (const operand of operandsIn(block)) {
            if (operand.k !== "const" || operand.value.k !== "const") continue;
            const { def, args } = operand.value;
            if (def === target || def === member) found.push({ body, named: { def, args } });
          }
        }
      }
    }
  }
  return found;
}
