/**
 * Expressions to MIR: as a place, as an operand, or into a destination, with their adjustments applied in order.
 *
 * Control flow (if, match, loops, `?`, blocks) is in `mir-control`, calls in `mir-call`, patterns in `mir-pattern`. Evaluation order
 * is Rust's: left to right, the right side of a compound assignment on primitives first.
 */
import type { Expr } from "../syntax/ast-body.ts";
import type { Ty } from "../types/ty.ts";
import type { Adjustment } from "../types/typed-body.ts";
import type { Constant, Operand, Place, Rvalue } from "./mir.ts";
import { asmInto } from "./mir-asm.ts";
import { assign, type Builder, blindSpot, consume, emitDrop, newTemp, project, terminate } from "./mir-builder.ts";
import { callInto, emitCall, overloadedPlace } from "./mir-call.ts";
import { takenPart } from "./mir-captures.ts";
import { controlInto } from "./mir-control.ts";
import { closureInto } from "./mir-future.ts";
import { isUnion } from "./value-types.ts";

const MAX_DEPTH = 700;
/** A body of more blocks is not built to its end: every way out of it drops everything that is alive there. */
const MAX_BLOCKS = 50_000;

/** The type of an expression after its first `count` adjustments. */
export function adjustedTy(builder: Builder, expr: Expr, count?: number): Ty {
  const adjustments = builder.typed.adjustments(expr);
  const adjustment = adjustments[(count ?? adjustments.length) - 1];
  return adjustment === undefined ? builder.typed.exprTy(expr) : adjustment.to;
}

/** Evaluates an expression into `dest`, with its first `count` adjustments (default: all). */
export function exprInto(builder: Builder, dest: Place, expr: Expr, count?: number): void {
  builder.depth += 1;
  const large = builder.blocks.length > MAX_BLOCKS;
  if (large || builder.depth > MAX_DEPTH) {
    blindSpot(builder, "limit", expr.span, large ? "body too large" : "expression nested too deeply");
    assign(builder, dest, { k: "opaque" }, expr.span);
  } else {
    const adjustments = builder.typed.adjustments(expr);
    const steps = count ?? adjustments.length;
    const last = adjustments[steps - 1];
    if (last === undefined) bareInto(builder, dest, expr);
    else adjustedInto(builder, dest, expr, last, steps);
  }
  builder.depth -= 1;
}

function adjustedInto(builder: Builder, dest: Place, expr: Expr, last: Adjustment, steps: number): void {
  switch (last.k) {
    case "borrow": {
      const place = exprPlace(builder, expr, steps - 1);
      assign(builder, dest, { k: "ref", mut: last.mut, raw: last.raw, place }, expr.span);
      return;
    }
    case "unsize":
    case "reify": {
      const operand = exprOperand(builder, expr, steps - 1);
      assign(builder, dest, { k: "cast", kind: last.k, operand, from: last.from, to: last.to }, expr.span);
      return;
    }
    case "never-to-any": {
      exprInto(builder, newTemp(builder, builder.typed.exprTy(expr), expr.span), expr, steps - 1);
      terminate(builder, { k: "unreachable" }, null);
      return;
    }
    case "deref":
    case "overloaded-deref": {
      const place = exprPlace(builder, expr, steps);
      assign(builder, dest, { k: "use", operand: consume(builder, place, last.to) }, expr.span);
      return;
    }
  }
}

/** The place an expression names, or a temporary that holds its value. */
export function exprPlace(builder: Builder, expr: Expr, count?: number): Place {
  const adjustments = builder.typed.adjustments(expr);
  const steps = count ?? adjustments.length;
  const last = adjustments[steps - 1];
  if (last?.k === "deref") return project(exprPlace(builder, expr, steps - 1), { k: "deref" });
  if (last?.k === "overloaded-deref") {
    const base = exprPlace(builder, expr, steps - 1);
    return overloadedPlace(builder, base, last.mut, last.method, [last.selfTy], [], last.to, expr.span, "deref");
  }
  if (last !== undefined) return tempOf(builder, expr, steps);
  return barePlace(builder, expr) ?? tempOf(builder, expr, 0);
}

/** Is the unadjusted expression a place (so that borrowing it makes no temporary)? */
export function isPlaceExpr(builder: Builder, expr: Expr): boolean {
  switch (expr.k) {
    case "path": {
      const resolution = builder.typed.resolution(expr);
      if (resolution?.k === "local" || resolution?.k === "self-param") return true;
      return resolution?.k === "def" && builder.types.names.def(resolution.def).kind === "static";
    }
    case "field":
    case "index":
      return true;
    case "unary":
      return expr.op === "deref";
    case "macro":
      return expr.expanded !== null && isPlaceExpr(builder, expr.expanded);
    default:
      return false;
  }
}

/** A value to pass on: a constant, or a place that is copied or moved from. */
export function exprOperand(builder: Builder, expr: Expr, count?: number): Operand {
  const steps = count ?? builder.typed.adjustments(expr).length;
  if (steps === 0) {
    const constant = constantOf(builder, expr);
    // A pointer that a constant holds is looked at as others are: it may lead to a static.
    const isPointer = constant?.k === "const" && (constant.ty.k === "ref" || constant.ty.k === "ptr");
    if (constant !== null && !isPointer) return { k: "const", value: constant };
  }
  const ty = adjustedTy(builder, expr, steps);
  const isPlace = steps === 0 ? isPlaceExpr(builder, expr) : lastIsDeref(builder, expr, steps);
  const place = isPlace ? exprPlace(builder, expr, steps) : tempOf(builder, expr, steps);
  return consume(builder, place, ty);
}

function lastIsDeref(builder: Builder, expr: Expr, steps: number): boolean {
  const last = builder.typed.adjustments(expr)[steps - 1];
  return last?.k === "deref" || last?.k === "overloaded-deref";
}

function tempOf(builder: Builder, expr: Expr, steps: number): Place {
  const temp = newTemp(builder, adjustedTy(builder, expr, steps), expr.span);
  exprInto(builder, temp, expr, steps);
  return temp;
}

function barePlace(builder: Builder, expr: Expr): Place | null {
  switch (expr.k) {
    case "macro":
      return expr.expanded === null ? null : exprPlace(builder, expr.expanded);
    case "path": {
      const resolution = builder.typed.resolution(expr);
      if (resolution?.k === "local") return builder.bindings.get(resolution.binding) ?? null;
      if (resolution?.k === "self-param") return builder.selfPlace;
      if (resolution?.k === "def" && builder.types.names.def(resolution.def).kind === "static") {
        const ty = builder.typed.exprTy(expr);
        const temp = newTemp(builder, builder.types.ptrTo(ty), expr.span);
        const value: Constant = { k: "static", def: resolution.def, ty };
        assign(builder, temp, { k: "use", operand: { k: "const", value } }, expr.span);
        return project(temp, { k: "deref" });
      }
      return null;
    }
    case "field": {
      const index = builder.typed.fieldIndex(expr);
      if (index === null) {
        const ty = builder.typed.exprTy(expr);
        exprPlace(builder, expr.base);
        return newTemp(builder, ty, expr.span);
      }
      const part = takenPart(builder, expr);
      if (part !== null) return part;
      const base = exprPlace(builder, expr.base);
      const union = isUnion(builder.types.names, adjustedTy(builder, expr.base)) ? ({ union: true } as const) : {};
      return project(base, { k: "field", index, variant: null, ty: builder.typed.exprTy(expr), ...union });
    }
    case "index": {
      const call = builder.typed.operatorCalls(expr).find((one) => one.role === "index" || one.role === "index-mut");
      const base = exprPlace(builder, expr.base);
      const index = exprOperand(builder, expr.index);
      if (call !== undefined) {
        const to = builder.typed.exprTy(expr);
        return overloadedPlace(
          builder,
          base,
          call.role === "index-mut",
          call.def,
          call.args,
          [index],
          to,
          expr.span,
          "index",
        );
      }
      builder.panicChecks += 1;
      const constant = index.k === "const" && index.value.k === "int" ? Number(index.value.value) : null;
      return project(base, { k: "index", constant });
    }
    case "unary": {
      if (expr.op !== "deref") return null;
      const call = builder.typed.operatorCalls(expr).find((one) => one.role === "deref" || one.role === "deref-mut");
      const base = exprPlace(builder, expr.operand);
      if (call === undefined) return project(base, { k: "deref" });
      const to = builder.typed.exprTy(expr);
      return overloadedPlace(builder, base, call.role === "deref-mut", call.def, call.args, [], to, expr.span, "deref");
    }
    default:
      return null;
  }
}

/** Constants that need no evaluation: literals, functions, consts, unit values. */
export function constantOf(builder: Builder, expr: Expr): Constant | null {
  if (expr.k === "macro") return expr.expanded === null ? null : constantOf(builder, expr.expanded);
  const ty = builder.typed.exprTy(expr);
  // A truth that only the machine or a build script knows is neither.
  if (expr.k === "constant") return { k: "other", ty };
  if (expr.k === "literal") {
    const lit = expr.lit;
    if (lit.k === "int") return { k: "int", value: lit.value, ty };
    if (lit.k === "byte" || lit.k === "char") return { k: "int", value: String(lit.value), ty };
    if (lit.k === "bool") return { k: "bool", value: lit.value };
    if (lit.k === "str") return { k: "str", value: lit.value };
    return { k: "other", ty };
  }
  if (expr.k !== "path") return null;
  const resolution = builder.typed.resolution(expr);
  if (resolution?.k === "const-param") return { k: "const-param", ty: resolution.ty };
  if (resolution?.k !== "def") return null;
  const def = builder.types.names.def(resolution.def);
  if (def.kind === "fn") return { k: "fn", ty };
  if (def.kind === "const") return { k: "const", def: def.id, args: resolution.args, ty };
  if ((def.kind === "struct" || def.kind === "variant") && ty.k === "fn-def") return { k: "fn", ty };
  return null;
}

function bareInto(builder: Builder, dest: Place, expr: Expr): void {
  const constant = constantOf(builder, expr);
  if (constant !== null) {
    assign(builder, dest, { k: "use", operand: { k: "const", value: constant } }, expr.span);
    return;
  }
  if (isPlaceExpr(builder, expr)) {
    const place = exprPlace(builder, expr, 0);
    assign(builder, dest, { k: "use", operand: consume(builder, place, builder.typed.exprTy(expr)) }, expr.span);
    return;
  }
  if (callInto(builder, dest, expr) || controlInto(builder, dest, expr)) return;
  valueInto(builder, dest, expr);
}

/** Values without control flow and without calls. */
function valueInto(builder: Builder, dest: Place, expr: Expr): void {
  const put = (value: Rvalue): void => assign(builder, dest, value, expr.span);
  switch (expr.k) {
    case "path": {
      const resolution = builder.typed.resolution(expr);
      const ty = builder.typed.exprTy(expr);
      if (resolution?.k === "def" && ty.k === "adt") {
        const def = builder.types.names.def(resolution.def);
        const variant = def.kind === "variant" ? def.index : 0;
        return put({
          k: "aggregate",
          kind: { k: "adt", def: ty.def, variant, args: ty.args, indices: [] },
          fields: [],
        });
      }
      if (resolution?.k === "unresolved" || resolution === null) {
        blindSpot(builder, "unknown-type", expr.span, expr.path.segments.map((one) => one.name).join("::"));
      }
      return put({ k: "opaque" });
    }
    case "ref": {
      const place = exprPlace(builder, expr.operand);
      return put({ k: "ref", mut: expr.mut, raw: expr.raw, place });
    }
    case "unary": {
      builder.panicChecks += expr.op === "neg" ? 1 : 0;
      return put({ k: "unary", op: expr.op, operand: exprOperand(builder, expr.operand) });
    }
    case "binary": {
      const left = exprOperand(builder, expr.left);
      const right = exprOperand(builder, expr.right);
      if (expr.op === "div" || expr.op === "rem") builder.panicChecks += 1;
      return put({ k: "binary", op: expr.op, left, right });
    }
    case "cast": {
      const operand = exprOperand(builder, expr.operand);
      const from = adjustedTy(builder, expr.operand);
      const to = builder.typed.exprTy(expr);
      const reify = (from.k === "fn-def" || from.k === "closure") && to.k === "fn-ptr";
      const unsize = isPointerTo(from) && isPointerToDyn(to) && !isPointerToDyn(from);
      return put({ k: "cast", kind: reify ? "reify" : unsize ? "unsize" : "other", operand, from, to });
    }
    case "tuple":
      return put({ k: "aggregate", kind: { k: "tuple" }, fields: expr.elems.map((one) => exprOperand(builder, one)) });
    case "array":
      return put({ k: "aggregate", kind: { k: "array" }, fields: expr.elems.map((one) => exprOperand(builder, one)) });
    case "repeat":
      return put({ k: "aggregate", kind: { k: "repeat" }, fields: [exprOperand(builder, expr.value)] });
    case "range": {
      const ends = [expr.from, expr.to].filter((one) => one !== null);
      const fields = ends.map((one) => exprOperand(builder, one));
      const ty = builder.typed.exprTy(expr);
      if (ty.k !== "adt") return put({ k: "opaque" });
      const indices = fields.map((_, index) => index);
      return put({ k: "aggregate", kind: { k: "adt", def: ty.def, variant: 0, args: ty.args, indices }, fields });
    }
    case "struct":
      return structInto(builder, dest, expr);
    case "assign":
      return assignment(builder, dest, expr.left, expr.right, expr);
    case "closure":
      return closureInto(builder, dest, expr);
    case "asm":
      return asmInto(builder, dest, expr);
    case "macro": {
      if (expr.expanded !== null) return exprInto(builder, dest, expr.expanded);
      const failure = expr.failure ?? { reason: "unknown-macro" as const, text: "" };
      blindSpot(builder, failure.reason, expr.span, failure.text);
      return put({ k: "opaque" });
    }
    case "error":
      blindSpot(builder, expr.reason, expr.span, expr.text);
      return put({ k: "opaque" });
    default:
      return put({ k: "opaque" });
  }
}

function structInto(builder: Builder, dest: Place, expr: Expr & { k: "struct" }): void {
  const ty = builder.typed.exprTy(expr);
  const resolution = builder.typed.resolution(expr);
  if (ty.k !== "adt") {
    for (const field of expr.fields) exprOperand(builder, field.value);
    assign(builder, dest, { k: "opaque" }, expr.span);
    return;
  }
  const named = resolution?.k === "def" ? builder.types.names.def(resolution.def) : builder.types.names.def(ty.def);
  const shape = named.kind === "variant" ? named : builder.types.names.def(ty.def);
  const names = builder.types.fieldNames(shape.id);
  const tys = builder.types.fieldTys(shape.id);
  const indices: number[] = [];
  const fields: Operand[] = [];
  for (const field of expr.fields) {
    const index = names.indexOf(field.name);
    fields.push(exprOperand(builder, field.value));
    indices.push(index);
  }
  if (expr.base !== null) {
    const base = exprPlace(builder, expr.base);
    for (const [index, declared] of tys.entries()) {
      if (indices.includes(index)) continue;
      const fieldTy = builder.types.normalize(builder.types.subst(declared, ty.args), builder.env);
      fields.push(consume(builder, project(base, { k: "field", index, variant: null, ty: fieldTy }), fieldTy));
      indices.push(index);
    }
  }
  const variant = named.kind === "variant" ? named.index : 0;
  assign(
    builder,
    dest,
    { k: "aggregate", kind: { k: "adt", def: ty.def, variant, args: ty.args, indices }, fields },
    expr.span,
  );
}

function assignment(builder: Builder, dest: Place, left: Expr, right: Expr, expr: Expr & { k: "assign" }): void {
  const unit: Rvalue = { k: "aggregate", kind: { k: "tuple" }, fields: [] };
  if (expr.op !== null) {
    const call = builder.typed.operatorCalls(expr).find((one) => one.role === "op");
    if (call !== undefined) {
      const place = exprPlace(builder, left);
      const value = exprOperand(builder, right);
      const self = newTemp(builder, builder.types.refTo(adjustedTy(builder, left), true), left.span);
      assign(builder, self, { k: "ref", mut: true, raw: false, place }, left.span);
      const args: Operand[] = [{ k: "move", place: self }, value];
      emitCall(builder, { k: "def", def: call.def, args: call.args }, args, dest, expr.span, "operator");
      return;
    }
    const value = exprOperand(builder, right);
    const place = exprPlace(builder, left);
    if (expr.op === "div" || expr.op === "rem") builder.panicChecks += 1;
    assign(builder, place, { k: "binary", op: expr.op, left: { k: "copy", place }, right: value }, expr.span);
    assign(builder, dest, unit, expr.span);
    return;
  }
  const ty = adjustedTy(builder, right);
  if (isPattern(left)) {
    const temp = newTemp(builder, ty, right.span);
    exprInto(builder, temp, right);
    destructure(builder, left, temp, ty, expr);
  } else {
    // Into a fresh local first: the old value is dropped after the new one is there.
    const value = exprOperand(builder, right);
    store(builder, exprPlace(builder, left), value, adjustedTy(builder, left), expr);
  }
  assign(builder, dest, unit, expr.span);
}

function store(builder: Builder, place: Place, value: Operand, ty: Ty, expr: Expr): void {
  if (builder.types.needsDrop(ty)) emitDrop(builder, place, ty, "assign", expr.span);
  assign(builder, place, { k: "use", operand: value }, expr.span);
}

function isPattern(left: Expr): boolean {
  return (
    left.k === "tuple" || left.k === "array" || left.k === "underscore" || left.k === "struct" || left.k === "call"
  );
}

/** `(a, b) = e`: each part is assigned from its field. */
function destructure(builder: Builder, left: Expr, from: Place, ty: Ty, expr: Expr): void {
  if (left.k === "underscore") return;
  const part = (index: number, one: Expr): void => {
    const partTy = builder.typed.exprTy(one);
    const projected = project(from, { k: "field", index, variant: null, ty: partTy });
    destructure(builder, one, projected, partTy, expr);
  };
  if (left.k === "tuple" || left.k === "array") {
    for (const [index, one] of left.elems.entries()) if (one.k !== "range") part(index, one);
  } else if (left.k === "call") {
    for (const [index, one] of left.args.entries()) part(index, one);
  } else if (left.k === "struct") {
    for (const [index, one] of left.fields.entries()) part(index, one.value);
  } else {
    store(builder, exprPlace(builder, left), consume(builder, from, ty), ty, expr);
  }
}

function isPointerTo(ty: Ty): boolean {
  return ty.k === "ref" || ty.k === "ptr" || ty.k === "adt";
}
function isPointerToDyn(ty: Ty): boolean {
  return (ty.k === "ref" || ty.k === "ptr") && ty.inner.k === "dyn";
}
