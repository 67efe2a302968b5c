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
  const owners = made === undefined ? bodies.withClosures(body.def) : [made];
  return environmentsIn(bodies, owners, closure).flatMap(({ owner, fields }) => {
    const operand = fields[index];
    return operand === undefined ? [] : [{ owner, operand }];
  });
}

/** What the environment of a closure is made of, at each place in these bodies that makes it. */
export function environmentsIn<Owner extends BodyKey>(
  bodies: Bodies,
  owners: readonly Owner[],
  closure: number,
): { readonly owner: Owner; readonly fields: readonly Operand[] }[] {
  const found: { readonly owner: Owner; readonly fields: readonly Operand[] }[] = [];
  for (const owner of owners) {
    for (const { stmts } of bodies.mir(owner)?.blocks ?? []) {
      for (const { value } of stmts) {
        if (value.k !== "aggregate" || value.kind.k !== "closure" || value.kind.closure !== closure) continue;
        found.push({ owner, fields: value.fields });
      }
    }
  }
  return found;
}
