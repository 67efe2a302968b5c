/**
 * Calls to MIR: paths, values, methods, overloaded operators, and the formatting calls of `format_args!`.
 *
 * A tuple struct or variant "called" is an aggregate, not a call. Where a callee could not be resolved the call stays,
 * with the reason: its arguments are evaluated all the same.
 */
import type { Span } from "../base/span.ts";
import type { UnresolvedReason, Via } from "../model/vocabulary.ts";
import type { DefId } from "../names/defs.ts";
import type { Expr } from "../syntax/ast-body.ts";
import type { Ty, UnknownReason } from "../types/ty.ts";
import type { Callee, Operand, Place } from "./mir.ts";
import { assign, type Builder, newBlock, newTemp, project, terminate } from "./mir-builder.ts";
import { adjustedTy, exprOperand, exprPlace } from "./mir-expr.ts";

/** Handles the expressions that are calls; false for all others. */
export function callInto(builder: Builder, dest: Place, expr: Expr): boolean {
  switch (expr.k) {
    case "call":
      callExpr(builder, dest, expr);
      return true;
    case "method":
      methodExpr(builder, dest, expr);
      return true;
    case "binary":
      return binaryCall(builder, dest, expr);
    case "unary": {
      const call = builder.typed.operatorCalls(expr).find((one) => one.role === "op");
      if (call === undefined) return false;
      const operand = exprOperand(builder, expr.operand);
      emitCall(builder, { k: "def", def: call.def, args: call.args }, [operand], dest, expr.span, "operator");
      return true;
    }
    case "format-args": {
      formatCalls(builder, expr);
      assign(builder, dest, { k: "opaque" }, expr.span);
      return true;
    }
    default:
      return false;
  }
}

/** Ends the block with a call; building goes on behind it, or nowhere where it diverges. */
export function emitCall(
  builder: Builder,
  callee: Callee,
  args: readonly Operand[],
  dest: Place,
  span: Span,
  via: Via,
  nameSpan: Span = span,
  diverges = false,
): void {
  const next = diverges ? null : newBlock(builder);
  terminate(builder, { k: "call", callee, args, dest, next, span, via, nameSpan }, next);
}

/** `*method(&base, ..rest)`: the place behind an overloaded deref or index. */
export function overloadedPlace(
  builder: Builder,
  base: Place,
  mut: boolean,
  method: DefId,
  generics: readonly Ty[],
  rest: readonly Operand[],
  to: Ty,
  span: Span,
  via: Via,
): Place {
  const selfTy = generics[0];
  const self = newTemp(builder, builder.types.refTo(selfTy ?? to, mut), span);
  assign(builder, self, { k: "ref", mut, raw: false, place: base }, span);
  const result = newTemp(builder, builder.types.refTo(to, mut), span);
  const args: Operand[] = [{ k: "move", place: self }, ...rest];
  emitCall(builder, { k: "def", def: method, args: generics }, args, result, span, via);
  return project(result, { k: "deref" });
}

function callExpr(builder: Builder, dest: Place, expr: Expr & { k: "call" }): void {
  const target = throughMacro(expr.callee);
  const diverges = builder.typed.exprTy(expr).k === "never";
  if (target.k === "path") {
    const resolution = builder.typed.resolution(target);
    if (resolution?.k === "def") {
      const def = builder.types.names.def(resolution.def);
      if (def.kind === "struct" || def.kind === "variant") return constructorCall(builder, dest, expr, resolution.def);
      if (def.kind === "fn") {
        const args = expr.args.map((arg) => exprOperand(builder, arg));
        const callee: Callee = { k: "def", def: resolution.def, args: resolution.args };
        return emitCall(builder, callee, args, dest, expr.span, "call", target.span, diverges);
      }
    }
    if (resolution?.k === "unresolved") {
      const args = expr.args.map((arg) => exprOperand(builder, arg));
      const callee: Callee = {
        k: "unresolved",
        reason: causeOf(resolution.reason),
        types: resolution.reason,
        text: resolution.text,
        candidates: resolution.candidates,
      };
      return emitCall(builder, callee, args, dest, expr.span, "call", target.span);
    }
  }
  const ty = adjustedTy(builder, expr.callee);
  const place = exprPlace(builder, expr.callee);
  const once = builder.typed.operatorCalls(expr).some((one) => isCallOnce(builder, one.def));
  const operand: Operand = { k: once && !builder.types.isCopy(ty, builder.env) ? "move" : "copy", place };
  const args = expr.args.map((arg) => exprOperand(builder, arg));
  const via: Via = ty.k === "fn-ptr" ? "fn-pointer" : ty.k === "fn-def" ? "call" : "closure";
  emitCall(builder, { k: "value", operand, ty }, args, dest, expr.span, via, expr.callee.span, diverges);
}

function constructorCall(builder: Builder, dest: Place, expr: Expr & { k: "call" }, ctor: DefId): void {
  const fields = expr.args.map((arg) => exprOperand(builder, arg));
  const ty = builder.typed.exprTy(expr);
  if (ty.k !== "adt") return assign(builder, dest, { k: "opaque" }, expr.span);
  const def = builder.types.names.def(ctor);
  const variant = def.kind === "variant" ? def.index : 0;
  const indices = fields.map((_, index) => index);
  assign(
    builder,
    dest,
    { k: "aggregate", kind: { k: "adt", def: ty.def, variant, args: ty.args, indices }, fields },
    expr.span,
  );
}

function methodExpr(builder: Builder, dest: Place, expr: Expr & { k: "method" }): void {
  const resolution = builder.typed.resolution(expr);
  const receiver = exprOperand(builder, expr.receiver);
  const args = [receiver, ...expr.args.map((arg) => exprOperand(builder, arg))];
  const diverges = builder.typed.exprTy(expr).k === "never";
  if (resolution?.k === "def") {
    const callee: Callee = { k: "def", def: resolution.def, args: resolution.args };
    return emitCall(builder, callee, args, dest, expr.span, "method", expr.nameSpan, diverges);
  }
  const unresolved = resolution?.k === "unresolved" ? resolution : null;
  const callee: Callee = {
    k: "unresolved",
    reason: unresolved === null ? "unknown-type" : causeOf(unresolved.reason),
    types: unresolved?.reason ?? "unresolved-method",
    text: `.${expr.name}()`,
    candidates: unresolved?.candidates ?? [],
  };
  emitCall(builder, callee, args, dest, expr.span, "method", expr.nameSpan);
}

/** What a modelled crate does not declare is missing in a rule pack; everything else is a type that could not be told. */
function causeOf(reason: UnknownReason): UnresolvedReason {
  return reason === "undeclared" ? "no-model" : "unknown-type";
}

const COMPARISONS = new Set(["eq", "ne", "lt", "le", "gt", "ge"]);

function binaryCall(builder: Builder, dest: Place, expr: Expr & { k: "binary" }): boolean {
  const call = builder.typed.operatorCalls(expr).find((one) => one.role === "op");
  if (call === undefined) return false;
  const operands = [expr.left, expr.right].map((side): Operand => {
    if (!COMPARISONS.has(expr.op)) return exprOperand(builder, side);
    const place = exprPlace(builder, side);
    const temp = newTemp(builder, builder.types.refTo(adjustedTy(builder, side), false), side.span);
    assign(builder, temp, { k: "ref", mut: false, raw: false, place }, side.span);
    return { k: "move", place: temp };
  });
  emitCall(builder, { k: "def", def: call.def, args: call.args }, operands, dest, expr.span, "operator");
  return true;
}

/**
 * Each argument's `fmt` is called where the arguments are made. In the program it runs when they are written; a
 * `format_args!` that nobody writes is rare, and one made elsewhere and written here would need its type at run time.
 */
function formatCalls(builder: Builder, expr: Expr & { k: "format-args" }): void {
  for (const arg of expr.args) {
    const ty = adjustedTy(builder, arg.value);
    const place = exprPlace(builder, arg.value);
    const method = builder.types.formatMethod(arg.trait);
    if (method === null) continue;
    const self = newTemp(builder, builder.types.refTo(ty, false), arg.value.span);
    assign(builder, self, { k: "ref", mut: false, raw: false, place }, arg.value.span);
    const formatter: Operand = { k: "const", value: { k: "other", ty: builder.types.formatterRef() } };
    const result = newTemp(builder, builder.types.fnSig(method).ret, arg.value.span);
    emitCall(
      builder,
      { k: "def", def: method, args: [ty] },
      [{ k: "copy", place: self }, formatter],
      result,
      arg.value.span,
      "macro",
    );
  }
}

function isCallOnce(builder: Builder, def: DefId): boolean {
  const parent = builder.types.names.def(def).parent;
  return parent !== null && parent === builder.types.names.langItem("fn_once");
}

function throughMacro(expr: Expr): Expr {
  let inner = expr;
  while (inner.k === "macro" && inner.expanded !== null) inner = inner.expanded;
  return inner;
}
