/**
 * Expressions: one case per kind; the larger ones have files of their own.
 *
 * Input: an expression and what is expected of it. Output: its type (before adjustments), noted in the tables. Never
 * throws; past the limits of depth and steps the type is unknown("limit").
 */
import type { Expr } from "../syntax/ast-body.ts";
import { coerce } from "./coerce.ts";
import { evalConstExpr } from "./const-eval.ts";
import type { Core } from "./core.ts";
import { checkCall, checkMethod } from "./infer-call.ts";
import { checkAsyncBlock, checkClosure } from "./infer-closure.ts";
import {
  checkBlock,
  checkIf,
  checkJump,
  checkLetCondition,
  checkLoop,
  checkMatch,
  checkReturn,
} from "./infer-control.ts";
import { checkBinary, checkCompound, checkUnary } from "./infer-ops.ts";
import { resolveValuePath } from "./infer-path.ts";
import {
  type Expect,
  expectedTy,
  type Fcx,
  fail,
  forBranch,
  has,
  lowerTy,
  maxExprDepth,
  maxSteps,
  onlyHas,
  rvalueHint,
  targetTy,
  unknown,
} from "./infer-state.ts";
import { checkStruct } from "./infer-struct.ts";
import { checkAwait, checkTry } from "./infer-try.ts";
import { joinExpr, joinResult, newJoin } from "./join.ts";
import { literalTy } from "./literals.ts";
import { makeMutable } from "./mutable-places.ts";
import { checkDeref, checkField, checkIndex, checkRef } from "./places.ts";
import type { Ty } from "./ty.ts";

/** The expression's type. */
export function checkExpr(f: Fcx, expr: Expr, expect: Expect): Ty {
  if (f.depth >= maxExprDepth || f.steps >= maxSteps) {
    const ty = fail(f, expr, "limit", "too deep or too large");
    f.tables.exprTys[expr.id] = ty;
    return ty;
  }
  f.depth++;
  f.steps++;
  const before = f.diverges;
  f.diverges = false;
  const ty = dispatch(f, expr, expect);
  f.tables.exprTys[expr.id] = ty;
  if (f.table.shallow(ty).k === "never") f.diverges = true;
  f.diverges ||= before;
  f.depth--;
  return ty;
}

function dispatch(f: Fcx, expr: Expr, expect: Expect): Ty {
  const { tys } = f.ctx;
  switch (expr.k) {
    case "literal":
      return literalTy(f, expr.lit, expect);
    case "path":
      return resolveValuePath(f, expr, expr.path);
    case "call":
      return checkCall(f, expr, expect);
    case "method":
      return checkMethod(f, expr, expect);
    case "field":
      return checkField(f, expr);
    case "index":
      return checkIndex(f, expr);
    case "unary":
      return expr.op === "deref" ? checkDeref(f, expr) : checkUnary(f, expr, expect);
    case "ref":
      return checkRef(f, expr, expect);
    case "binary":
      return checkBinary(f, expr);
    case "assign":
      return expr.op === null ? checkAssign(f, expr) : checkCompound(f, expr, expr.op);
    case "cast":
      return checkCast(f, expr);
    case "range":
      return checkRange(f, expr, expect);
    case "tuple":
      return checkTuple(f, expr, expect);
    case "array":
      return checkArray(f, expr, expect);
    case "repeat":
      return checkRepeat(f, expr, expect);
    case "struct":
      return checkStruct(f, expr, expect);
    case "block":
      if (expr.block.flavor === "async" || expr.block.flavor === "async-move") {
        return checkAsyncBlock(f, expr, (block, inner) => checkBlock(f, block, inner));
      }
      return checkBlock(f, expr.block, expect);
    case "if":
      return checkIf(f, expr, expect);
    case "let":
      return checkLetCondition(f, expr);
    case "match":
      return checkMatch(f, expr, expect);
    case "while":
    case "loop":
    case "for":
      return checkLoop(f, expr, expect);
    case "break":
    case "continue":
      return checkJump(f, expr);
    case "return":
      return checkReturn(f, expr);
    case "closure":
      return checkClosure(f, expr, expect);
    case "try":
      return checkTry(f, expr);
    case "await":
      return checkAwait(f, expr);
    case "macro":
      f.nodes++;
      if (expr.expanded !== null) return checkExpr(f, expr.expanded, expect);
      return fail(f, expr, "macro", expr.failure?.text ?? "macro");
    case "format-args": {
      for (const arg of expr.args) f.checkExpr(f, arg.value, null);
      const def = f.ctx.lang("format_arguments") ?? f.ctx.names.byPath("core::fmt::Arguments");
      return def === null ? unknown(f, "unresolved-path") : tys.adt(def, f.table.freshArgs(def));
    }
    case "panic":
      for (const arg of expr.args) f.checkExpr(f, arg, null);
      return tys.never;
    case "asm":
      for (const operand of expr.operands) f.checkExpr(f, operand.value, null);
      return expr.diverges ? tys.never : tys.unit;
    case "constant":
      return constantTy(f, expr.ty);
    case "underscore":
      return f.table.fresh();
    case "error":
      return fail(f, expr, expr.reason === "limit" ? "limit" : "parse-error", expr.text.slice(0, 60));
    default:
      return unreachable(expr);
  }
}

/** `place = value`, and destructuring `(a, _) = value`. */
function checkAssign(f: Fcx, expr: Expr & { readonly k: "assign" }): Ty {
  const left = f.checkExpr(f, expr.left, null);
  if (isPlaceList(expr.left)) {
    const right = f.checkExpr(f, expr.right, has(left));
    coerce(f, expr.right, right, left);
    for (const place of placesOf(expr.left)) makeMutable(f, place);
    return f.ctx.tys.unit;
  }
  makeMutable(f, expr.left);
  coerce(f, expr.right, f.checkExpr(f, expr.right, has(left)), left);
  return f.ctx.tys.unit;
}

function isPlaceList(expr: Expr): boolean {
  return expr.k === "tuple" || expr.k === "array" || expr.k === "struct" || expr.k === "call";
}

function placesOf(expr: Expr): readonly Expr[] {
  switch (expr.k) {
    case "tuple":
    case "array":
      return expr.elems.flatMap(placesOf);
    case "struct":
      return expr.fields.flatMap((field) => placesOf(field.value));
    case "call":
      return expr.args.flatMap(placesOf);
    case "underscore":
    case "range":
      return [];
    default:
      return [expr];
  }
}

function checkCast(f: Fcx, expr: Expr & { readonly k: "cast" }): Ty {
  const to = lowerTy(f, expr.ty);
  const from = f.checkExpr(f, expr.operand, { k: "cast", ty: to });
  f.casts.push({ expr, from, to });
  return to;
}

const rangeLangs: Readonly<Record<string, string>> = {
  "..": "RangeFull",
  "a..": "RangeFrom",
  "..b": "RangeTo",
  "a..b": "Range",
  "..=b": "RangeToInclusive",
  "a..=b": "RangeInclusive",
};

function checkRange(f: Fcx, expr: Expr & { readonly k: "range" }, expect: Expect): Ty {
  const shape = `${expr.from === null ? "" : "a"}..${expr.inclusive ? "=" : ""}${expr.to === null ? "" : "b"}`;
  const def = f.ctx.lang(rangeLangs[shape] ?? "Range");
  const wanted = expectedTy(f, expect);
  const hint = wanted?.k === "adt" && wanted.def === def ? wanted.args[0] : undefined;
  const elem = f.table.fresh();
  for (const side of [expr.from, expr.to]) {
    if (side === null) continue;
    const ty = f.checkExpr(f, side, hint === undefined ? has(elem) : has(hint));
    coerce(f, side, ty, elem);
  }
  if (def === null) return unknown(f, "unresolved-path");
  return f.ctx.tys.adt(def, shape === ".." ? [] : [elem]);
}

function checkTuple(f: Fcx, expr: Expr & { readonly k: "tuple" }, expect: Expect): Ty {
  const wanted = onlyHas(f, expect);
  const elems = expr.elems.map((elem, index) => {
    const hint = wanted?.k === "tuple" ? wanted.elems[index] : undefined;
    if (hint === undefined) return f.checkExpr(f, elem, null);
    return coerce(f, elem, f.checkExpr(f, elem, has(hint)), hint);
  });
  return f.ctx.tys.tuple(elems);
}

function elemHint(f: Fcx, expect: Expect): Ty | null {
  const wanted = expectedTy(f, expect);
  return wanted?.k === "array" || wanted?.k === "slice" ? wanted.inner : null;
}

function checkArray(f: Fcx, expr: Expr & { readonly k: "array" }, expect: Expect): Ty {
  const { tys } = f.ctx;
  const hint = elemHint(f, expect);
  const join = newJoin(hint ?? f.table.fresh());
  // What the first one is, is expected of the others: `[(one as fn(), 1), (other, 2)]`.
  for (const elem of expr.elems) joinExpr(f, join, elem, f.checkExpr(f, elem, forBranch(f, has(join.expected))));
  const elem = expr.elems.length === 0 ? join.expected : joinResult(f, join);
  return tys.array(elem, tys.constant(String(expr.elems.length)));
}

function checkRepeat(f: Fcx, expr: Expr & { readonly k: "repeat" }, expect: Expect): Ty {
  const hint = elemHint(f, expect);
  const elem = targetTy(f, hint === null ? null : rvalueHint(f, hint));
  coerce(f, expr.value, f.checkExpr(f, expr.value, has(elem)), elem);
  return f.ctx.tys.array(elem, repeatLen(f, expr.len));
}

/** `[x; N]`: a literal, a constant, a const parameter; anything else is worked out by the constant evaluator. */
function repeatLen(f: Fcx, len: Expr): Ty {
  const { tys } = f.ctx;
  const ty = f.checkExpr(f, len, has(tys.usize));
  f.table.unify(ty, tys.usize);
  let expr = len;
  for (let depth = 0; depth < 64; depth++) {
    if (expr.k === "macro" && expr.expanded !== null) expr = expr.expanded;
    else if (expr.k === "block" && expr.block.stmts.length === 0 && expr.block.tail !== null) expr = expr.block.tail;
    else break;
  }
  if (expr.k === "literal" && expr.lit.k === "int") return tys.constant(expr.lit.value);
  if (expr.k === "path") {
    const resolution = f.tables.exprResolutions.get(expr.id);
    if (resolution?.k === "const-param") return resolution.ty;
    if (resolution?.k === "def") {
      const value = f.ctx.constValue(
        resolution.def,
        resolution.args.map((arg) => f.table.resolve(arg)),
      );
      if (value !== null) return tys.constant(value);
    }
    if (expr.path.segments.length === 1 && expr.path.segments[0]?.name === "_") return f.table.fresh();
  }
  if (expr.k === "underscore") return f.table.fresh();
  const body = { ...f.expanded, scope: f.scope, body: { ...f.expanded.body, root: expr } };
  const value = evalConstExpr(f.ctx as Core, {
    expanded: body,
    args: f.ctx.identityArgs(f.ctx.genericsOwner(f.def)),
    expected: "usize",
  });
  // What cannot be told may be known from elsewhere (a declared type): left open.
  return value === null ? f.table.fresh() : tys.constant(value);
}

function constantTy(f: Fcx, kind: (Expr & { readonly k: "constant" })["ty"]): Ty {
  const { tys } = f.ctx;
  switch (kind) {
    case "usize":
    case "u32":
    case "bool":
      return tys.prim(kind);
    case "str":
      return tys.ref(tys.str, false);
    case "option-str": {
      const def = f.ctx.lang("Option") ?? f.ctx.names.byPath("core::option::Option");
      return def === null ? unknown(f, "unresolved-path") : tys.adt(def, [tys.ref(tys.str, false)]);
    }
    case "bytes":
      return tys.ref(tys.slice(tys.prim("u8")), false);
    default:
      return unreachable(kind);
  }
}

function unreachable(value: never): never {
  return value;
}
