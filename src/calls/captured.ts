/**
 * What a closure captured: the operands that its environment is made of, in the bodies that make it.
 */
import type { Bodies } from "./bodies.ts";
import type { BodyInContext } from "./flow-context.ts";
import type { BodyKey, Operand } from "./mir.ts";

/** The n-th captured value of a closure, once for each place that makes it; only where `body`'s context says that it was made, if it does. */
export function capturedBy(
  bodies: Bodies,
  body: BodyInContext,
  closure: number,
  index: number,
): { readonly owner: BodyInContext | BodyKey; readonly operand: Operand }[] {
  const made = body.context?.made;
  const found: { readonly owner: BodyInContext | BodyKey; readonly operand: Operand }[] = [];
  for (const owner of made === undefined ? bodies.withClosures(body.def) : [made]) {
    for (const { stmts } of bodies.mir(owner)?.blocks ?? []) {
      for (const { value } of stmts) {
        if (value.k !== "aggregate" || value.kind.k !== "closure" || value.kind.closure !== closure) continue;
        const operand = value.fields[index];
        if (operand !== undefined) found.push({ owner, operand });
      }
    }
  }
  return found;
}
