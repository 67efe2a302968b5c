/**
 * What closures and futures took from around them, as places: the fields of the environment inside, what they are made of outside.
 *
 * A closure may have taken fields of a binding one by one: inside, each is a field of the environment, and the binding itself is nowhere.
 */
import type { Expr } from "../syntax/ast-body.ts";
import { placeKey } from "../types/capture-places.ts";
import type { ClosureFacts } from "../types/typed-body.ts";
import type { Mir, Operand, Place } from "./mir.ts";
import { assign, type Builder, consume, newTemp, project } from "./mir-builder.ts";

type Capture = ClosureFacts["captures"][number];
type Path = Capture["path"];

/** Inside: the captured variables are fields of the environment. */
export function bindCaptures(builder: Builder, facts: ClosureFacts, base: Place): void {
  for (const [field, capture] of facts.captures.entries()) {
    const reference = capture.mode !== "move";
    const ty = reference ? builder.types.refTo(capture.ty, capture.mode === "ref-mut") : capture.ty;
    const place = project(base, { k: "field", index: field, variant: null, ty });
    const seen = reference ? project(place, { k: "deref" }) : place;
    if (capture.path.length > 0) builder.parts.set(placeKey(capture.binding, capture.path), seen);
    else if (capture.binding === -1) builder.selfPlace = seen;
    else builder.bindings.set(capture.binding, seen);
  }
}

/** Outside: what is put into the environment. */
export function takeCapture(builder: Builder, capture: Capture, expr: Expr): Operand {
  const place = placeOf(builder, capture.binding, capture.path);
  if (place === null) return { k: "const", value: { k: "other", ty: capture.ty } };
  if (capture.mode === "move") return consume(builder, place, capture.ty);
  const temp = newTemp(builder, builder.types.refTo(capture.ty, capture.mode === "ref-mut"), expr.span);
  assign(builder, temp, { k: "ref", mut: capture.mode === "ref-mut", raw: false, place }, expr.span);
  return { k: "copy", place: temp };
}

/** The place of a field that the body was given by itself; null for all other expressions. */
export function takenPart(builder: Builder, expr: Expr): Place | null {
  if (builder.parts.size === 0) return null;
  const path: { readonly index: number }[] = [];
  let at = expr;
  for (; at.k === "field"; at = at.base) {
    const index = builder.typed.fieldIndex(at);
    if (index === null) return null;
    path.unshift({ index });
  }
  const resolution = at.k === "path" ? builder.typed.resolution(at) : null;
  const binding = resolution?.k === "local" ? resolution.binding : resolution?.k === "self-param" ? -1 : null;
  return binding === null ? null : (builder.parts.get(placeKey(binding, path)) ?? null);
}

/** For readers of the body. */
export function capturesOf(facts: ClosureFacts): Mir["captures"] {
  return facts.captures.map((capture) => ({
    name: placeKey(capture.binding, capture.path),
    ty: capture.ty,
    byRef: capture.mode !== "move",
  }));
}

/** A binding, or a field of it, where the nearest of what it lies in is. */
function placeOf(builder: Builder, binding: number, path: Path): Place | null {
  for (let length = path.length; length >= 0; length -= 1) {
    const whole = binding === -1 ? builder.selfPlace : builder.bindings.get(binding);
    const found = length === 0 ? whole : builder.parts.get(placeKey(binding, path.slice(0, length)));
    if (found === null || found === undefined) continue;
    const rest = path.slice(length).map(({ index, ty }) => ({ k: "field", index, variant: null, ty }) as const);
    return project(found, ...rest);
  }
  return null;
}
