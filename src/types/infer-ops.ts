/**
 * Operators: built in on primitive types, else calls of the operator traits by lang item.
 *
 * As rustc: where both sides are primitive the types are made equal and nothing is called; else `L: Add<?R>` becomes
 * an obligation before the right side is looked at, so that it can say what is expected there (`String + &String`).
 * An operator whose left side is not known yet is decided later. Comparisons and compound assignments take their
 * operands by reference; that borrow is not among the adjustments.
 */
import type { BinaryOp, Expr } from "../syntax/ast-body.ts";
import { coerce } from "./coerce.ts";
import { demandEqual, type Fcx, has, operatorCall, project, requireTrait, solve, structurally } from "./infer-state.ts";
import type { OperatorCall } from "./infer-tables.ts";
import { isIntName } from "./intern.ts";
import { makeMutable } from "./mutable-places.ts";
import type { Ty } from "./ty.ts";

type Category = "math" | "shift" | "bits" | "compare";
const categories: Readonly<Record<Exclude<BinaryOp, "and" | "or">, Category>> = {
  add: "math",
  sub: "math",
  mul: "math",
  div: "math",
  rem: "math",
  shl: "shift",
  shr: "shift",
  bitand: "bits",
  bitor: "bits",
  bitxor: "bits",
  eq: "compare",
  ne: "compare",
  lt: "compare",
  le: "compare",
  gt: "compare",
  ge: "compare",
};

/** `left op right`. */
export function checkBinary(f: Fcx, expr: Expr & { readonly k: "binary" }): Ty {
  const { tys } = f.ctx;
  if (expr.op === "and" || expr.op === "or") {
    coerce(f, expr.left, f.checkExpr(f, expr.left, has(tys.bool)), tys.bool);
    const diverges = f.diverges;
    coerce(f, expr.right, f.checkExpr(f, expr.right, has(tys.bool)), tys.bool);
    f.diverges = diverges;
    return tys.bool;
  }
  const left = structurally(f, f.checkExpr(f, expr.left, null));
  return operands(f, expr, expr.op, expr.left, left, expr.right, false);
}

/** `left op= right`. */
export function checkCompound(f: Fcx, expr: Expr & { readonly k: "assign" }, op: BinaryOp): Ty {
  const left = structurally(f, f.checkExpr(f, expr.left, null));
  makeMutable(f, expr.left);
  if (op !== "and" && op !== "or") operands(f, expr, op, expr.left, left, expr.right, true);
  return f.ctx.tys.unit;
}

/** `-x`, `!x`. */
export function checkUnary(f: Fcx, expr: Expr & { readonly k: "unary" }, expect: Parameters<Fcx["checkExpr"]>[2]): Ty {
  const operand = structurally(f, f.checkExpr(f, expr.operand, expect));
  if (isBuiltinUnary(expr.op, operand) || operand.k === "unknown" || operand.k === "never") return operand;
  const name = expr.op === "neg" ? "neg" : "not";
  const overloaded = (): Ty => {
    const trait = f.ctx.lang(name);
    requireTrait(f, trait, [operand]);
    operatorCall(f, expr, "op", f.ctx.member(trait, name), [operand]);
    return project(f, trait, "Output", [operand]);
  };
  if (operand.k !== "infer") return overloaded();
  const result = f.table.fresh();
  f.laterOperators.push(() => {
    const known = f.table.shallow(operand);
    if (known.k === "infer" && known.kind === "general") return false;
    f.table.unify(result, isBuiltinUnary(expr.op, known) || known.k === "unknown" ? known : overloaded());
    return true;
  });
  return result;
}

/** Was the operator noted as a call in the end built in? Then there is no call. */
export function isBuiltinCall(expr: Expr, call: OperatorCall): boolean {
  if (call.role !== "op") return false;
  const [left, right] = call.args;
  if (expr.k === "unary") return left !== undefined && isBuiltinUnary(expr.op, left);
  const op = expr.k === "binary" || expr.k === "assign" ? expr.op : null;
  if (op === null || op === "and" || op === "or" || left === undefined || right === undefined) return false;
  return isBuiltinPair(categories[op], left, right);
}

function operands(
  f: Fcx,
  expr: Expr,
  op: Exclude<BinaryOp, "and" | "or">,
  leftExpr: Expr,
  left: Ty,
  rightExpr: Expr,
  assign: boolean,
): Ty {
  const category = categories[op];
  if (left.k === "infer" && left.kind === "general") {
    const right = structurally(f, f.checkExpr(f, rightExpr, null));
    return later(f, expr, op, left, right, assign);
  }
  if ((left.k === "ptr" || left.k === "fn-ptr") && category === "compare") {
    coerce(f, rightExpr, f.checkExpr(f, rightExpr, has(left)), left);
    return f.ctx.tys.bool;
  }
  if (isScalar(left)) {
    const right = structurally(f, f.checkExpr(f, rightExpr, null));
    if (right.k === "infer" && right.kind === "general") {
      // `n == x.into()`: an impl that is the only one says what the right side is.
      if (left.k !== "infer") requireTrait(f, f.ctx.lang(traitName(op, assign)), [left, right]);
      return later(f, expr, op, left, right, assign);
    }
    if (isBuiltinPair(category, left, right)) return builtin(f, rightExpr, category, left, right);
    return overloaded(f, expr, op, left, right, assign);
  }
  if (left.k === "unknown") {
    f.checkExpr(f, rightExpr, null);
    return category === "compare" ? f.ctx.tys.bool : left;
  }
  const right = f.table.fresh();
  requireTrait(f, f.ctx.lang(traitName(op, assign)), [left, right]);
  solve(f);
  coerce(f, rightExpr, f.checkExpr(f, rightExpr, has(right)), right);
  const [a, b] = [behindRef(f, left), behindRef(f, right)];
  const result = overloaded(f, expr, op, left, right, assign, true);
  // `&5 + &6`: an impl of the library, and the result is known.
  if (!assign && left.k === "ref" && isScalar(a) && isScalar(b) && isBuiltinPair(category, a, b)) {
    const known = builtin(f, leftExpr, category, a, b);
    f.table.unify(result, known);
    return known;
  }
  return result;
}

function later(f: Fcx, expr: Expr, op: Exclude<BinaryOp, "and" | "or">, left: Ty, right: Ty, assign: boolean): Ty {
  const category = categories[op];
  const result = assign || category === "compare" ? f.ctx.tys.bool : f.table.fresh();
  f.laterOperators.push(() => {
    const a = f.table.shallow(left);
    const b = f.table.shallow(right);
    if (a.k === "unknown") {
      f.table.unify(result, category === "compare" ? f.ctx.tys.bool : a);
      return true;
    }
    const open = (ty: Ty): boolean => ty.k === "infer" && ty.kind === "general";
    if (open(a) || (open(b) && isScalar(a))) return false;
    const found = isBuiltinPair(category, a, b)
      ? builtin(f, expr, category, a, b)
      : overloaded(f, expr, op, a, b, assign);
    if (!assign && category !== "compare") f.table.unify(result, found);
    return true;
  });
  return assign ? f.ctx.tys.unit : result;
}

function builtin(f: Fcx, node: Expr, category: Category, left: Ty, right: Ty): Ty {
  if (category !== "shift") demandEqual(f, node, left, right);
  return category === "compare" ? f.ctx.tys.bool : f.table.shallow(left);
}

function overloaded(
  f: Fcx,
  expr: Expr,
  op: Exclude<BinaryOp, "and" | "or">,
  left: Ty,
  right: Ty,
  assign: boolean,
  required = false,
): Ty {
  const trait = f.ctx.lang(traitName(op, assign));
  if (!required) requireTrait(f, trait, [left, right]);
  operatorCall(f, expr, "op", f.ctx.member(trait, assign ? `${op}_assign` : op), [left, right]);
  if (assign) return f.ctx.tys.unit;
  if (categories[op] === "compare") return f.ctx.tys.bool;
  return structurally(f, project(f, trait, "Output", [left, right]));
}

function traitName(op: Exclude<BinaryOp, "and" | "or">, assign: boolean): string {
  if (assign) return `${op}_assign`;
  if (op === "eq" || op === "ne") return "eq";
  return categories[op] === "compare" ? "partial_ord" : op;
}

function behindRef(f: Fcx, ty: Ty): Ty {
  const known = f.table.shallow(ty);
  return known.k === "ref" ? f.table.shallow(known.inner) : known;
}

function isInt(ty: Ty): boolean {
  return (ty.k === "prim" && isIntName(ty.name)) || (ty.k === "infer" && ty.kind === "int");
}

function isFloat(ty: Ty): boolean {
  return (ty.k === "prim" && /^f\d+$/.test(ty.name)) || (ty.k === "infer" && ty.kind === "float");
}

function isBool(ty: Ty): boolean {
  return ty.k === "prim" && ty.name === "bool";
}

function isScalar(ty: Ty): boolean {
  return (
    isInt(ty) ||
    isFloat(ty) ||
    isBool(ty) ||
    (ty.k === "prim" && ty.name === "char") ||
    ty.k === "ptr" ||
    ty.k === "fn-ptr"
  );
}

function isBuiltinPair(category: Category, left: Ty, right: Ty): boolean {
  switch (category) {
    case "math":
      return (isInt(left) && isInt(right)) || (isFloat(left) && isFloat(right));
    case "shift":
      return isInt(left) && isInt(right);
    case "bits":
      return (isInt(left) && isInt(right)) || (isBool(left) && isBool(right));
    case "compare":
      return isScalar(left) && isScalar(right);
    default:
      return unreachable(category);
  }
}

function isBuiltinUnary(op: string, ty: Ty): boolean {
  return isInt(ty) || (op === "neg" ? isFloat(ty) : isBool(ty));
}

function unreachable(value: never): never {
  return value;
}
