/**
 * `0..*n`, `..&x`, `..-1`, `..=n`: the grammar reads them as operations on a range without an end, and without an error.
 *
 * Input: a binary operation or assignment whose left side is such a range, lowered. Output: the range with its end; null where the left side is
 * no bare range. `..` binds weaker than every operator, so that nobody can have meant the other reading without parentheses.
 */
import type { BinaryOp, Expr } from "./ast-body.ts";
import { fieldChild, kindOf } from "./grammar.ts";
import type { ExprKind } from "./lower-expr.ts";
import type { Lowering } from "./lowering.ts";

type Made = (kind: ExprKind) => Expr;

/** `left op right` as a range, where `left` is one that stands without parentheses. */
export function rangeOfBinary(
  l: Lowering,
  op: BinaryOp,
  left: { readonly node: number; readonly expr: Expr },
  right: { readonly node: number; readonly expr: Expr },
  made: Made,
): ExprKind | null {
  const range = left.expr;
  if (range.k !== "range" || !isBare(l, left.node)) return null;
  if (range.to !== null) {
    return {
      k: "range",
      from: range.from,
      to: made({ k: "binary", op, left: range.to, right: right.expr }),
      inclusive: range.inclusive,
    };
  }
  const to = prefixed(l, op, right.node, right.expr, made);
  return to === null ? null : { k: "range", from: range.from, to, inclusive: range.inclusive };
}

/** `..= right`, where the grammar sees `.. = right`. */
export function rangeOfAssignment(l: Lowering, leftNode: number, left: Expr, right: Expr): ExprKind | null {
  if (left.k !== "range" || left.to !== null || !isBare(l, leftNode)) return null;
  return { k: "range", from: left.from, to: right, inclusive: true };
}

function isBare(l: Lowering, node: number): boolean {
  const kind = kindOf(l.tree, node);
  return kind === "range_expression" || kind === "binary_expression";
}

/** The operator as a prefix of what stands leftmost in the operand: prefixes bind tighter than casts and binary operators. */
function prefixed(l: Lowering, op: BinaryOp, node: number, expr: Expr, made: Made): Expr | null {
  const kind = kindOf(l.tree, node);
  if (kind === "type_cast_expression" && expr.k === "cast") {
    const operand = prefixed(l, op, fieldChild(l.tree, node, "value"), expr.operand, made);
    return operand === null ? null : { ...expr, operand };
  }
  if (kind === "binary_expression" && expr.k === "binary") {
    const left = prefixed(l, op, fieldChild(l.tree, node, "left"), expr.left, made);
    return left === null ? null : { ...expr, left };
  }
  const ref = (operand: Expr): Expr => made({ k: "ref", mut: false, raw: false, operand });
  switch (op) {
    case "mul":
      return made({ k: "unary", op: "deref", operand: expr });
    case "sub":
      return made({ k: "unary", op: "neg", operand: expr });
    case "bitand":
      return ref(expr);
    case "and":
      return ref(ref(expr));
    default:
      return null;
  }
}
