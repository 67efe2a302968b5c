/**
 * Which fields of bindings a closure takes one by one, by the types of a body: what can be taken by itself, and what must be taken whole.
 *
 * How a place is used is captures.ts's to say.
 */
import type { Expr, Pat } from "../syntax/ast-body.ts";
import { type FieldPath, takenPlaces, type Use } from "./capture-places.ts";
import type { Ty } from "./ty.ts";
import type { Adjustment, Resolution } from "./typed-body.ts";

export interface PlaceInput {
  exprTy(expr: Expr): Ty;
  adjustments(expr: Expr): readonly Adjustment[];
  resolution(node: Expr | Pat): Resolution | null;
  bindingTy(binding: number): Ty;
  fieldIndex(expr: Expr): number | null;
  /** Can fields of such a value be taken one by one? */
  hasParts(ty: Ty): boolean;
  /** May the type have a drop of its own, apart from that of its fields? */
  mayHaveDrop(ty: Ty): boolean;
  isCopy(ty: Ty): boolean;
}

/** Uses by place (`placeKey`). */
export type Uses = Map<string, Use>;

/** Fields are taken one by one where one of them is moved, or would be moved with the whole. */
export function placesTaken(input: PlaceInput, uses: Uses, movesAll: boolean): Use[] {
  if (!movesAll) return takenPlaces(uses.values(), (parts) => parts.some(({ mode }) => mode === "move"));
  const movable = [...uses.values()].map((use) => ({ ...use, path: movablePath(input, use) }));
  return takenPlaces(movable, ([part]) => part !== undefined && !input.isCopy(input.bindingTy(part.binding)));
}

/** Nothing but a copy is taken out of a value with a drop of its own: that is taken whole. */
function movablePath(input: PlaceInput, { binding, path }: Use): FieldPath {
  if (input.isCopy(placeTy(input, binding, path))) return path;
  const owners = [input.bindingTy(binding), ...path.map(({ ty }) => ty)];
  const end = path.findIndex((_, at) => owners[at] === undefined || input.mayHaveDrop(owners[at]));
  return end < 0 ? path : path.slice(0, end);
}

/** The type of a binding, or of a field of it. */
export function placeTy(input: PlaceInput, binding: number, path: FieldPath): Ty {
  return path.at(-1)?.ty ?? input.bindingTy(binding);
}

/** The field of a binding, or of such a field, that can be taken by itself. */
export function partOf(input: PlaceInput, expr: Expr & { readonly k: "field" }): Omit<Use, "mode"> | null {
  const { base } = expr;
  const index = input.fieldIndex(expr);
  if (index === null || input.adjustments(base).length > 0 || !input.hasParts(input.exprTy(base))) return null;
  const step = { index, ty: input.exprTy(expr) };
  if (base.k === "field") {
    const outer = partOf(input, base);
    return outer === null ? null : { ...outer, path: [...outer.path, step] };
  }
  const resolution = base.k === "path" ? input.resolution(base) : null;
  if (resolution?.k === "local") return { binding: resolution.binding, path: [step] };
  return resolution?.k === "self-param" ? { binding: -1, path: [step] } : null;
}
