/**
 * `break &x`, `break *x`, `break -x`, `break (x)`, `break [x]`: the grammar reads them as operations on a `break` without a value; and `|x| x..(y)`,
 * `return x..(y).len()` as operations on a closure or `return` that ends in a range.
 *
 * Input: an expression's kind as the grammar has it. Output: the `break`, closure or `return` with the whole as its value where one stands leftmost, else
 * the same kind. A `break` in parentheses of its own, on the left of an operator, is read in the same way; nobody can have meant it.
 */
import type { Expr } from "./ast-body.ts";
import type { ExprKind } from "./lower-expr.ts";

/** The kind with a leftmost `break`, closure or `return` around the whole; `made` gives an expression for a kind, `isBare` says whether what stands leftmost has no parentheses. */
export function liftBreak(kind: ExprKind, made: (kind: ExprKind) => Expr, isBare: () => boolean): ExprKind {
  const base = baseOf(kind);
  if (base?.k === "closure" && base.body.k === "range" && isBare()) {
    const body = inRange(kind, base.body, made);
    const { closure, params, ret, move, async } = base;
    return body === null ? kind : { k: "closure", closure, params, ret, body, move, async };
  }
  if (base?.k === "return" && base.value?.k === "range" && isBare()) {
    const value = inRange(kind, base.value, made);
    return value === null ? kind : { k: "return", value };
  }
  if (base?.k !== "break") return kind;
  const value =
    base.value === null
      ? valueOf(kind, made)
      : base.value.k === "range"
        ? inRange(kind, base.value, made)
        : made(withBase(kind, base.value));
  return value === null ? kind : { k: "break", label: base.label, value };
}

/** The range with the operation at its end. */
function inRange(kind: ExprKind, range: Expr & { readonly k: "range" }, made: (kind: ExprKind) => Expr): Expr | null {
  const to = range.to === null ? valueOf(kind, made) : made(withBase(kind, range.to));
  return to === null ? null : made({ k: "range", from: range.from, to, inclusive: range.inclusive });
}

function baseOf(kind: ExprKind): Expr | null {
  switch (kind.k) {
    case "binary":
      return kind.left;
    case "call":
      return kind.callee;
    case "index":
    case "field":
      return kind.base;
    case "method":
      return kind.receiver;
    case "cast":
    case "try":
      return kind.operand;
    default:
      return null;
  }
}

function withBase(kind: ExprKind, base: Expr): ExprKind {
  switch (kind.k) {
    case "binary":
      return { ...kind, left: base };
    case "call":
      return { ...kind, callee: base };
    case "index":
    case "field":
      return { ...kind, base };
    case "method":
      return { ...kind, receiver: base };
    case "cast":
    case "try":
      return { ...kind, operand: base };
    default:
      return kind;
  }
}

function valueOf(kind: ExprKind, made: (kind: ExprKind) => Expr): Expr | null {
  if (kind.k === "call") {
    const [only] = kind.args;
    return only !== undefined && kind.args.length === 1 ? only : made({ k: "tuple", elems: kind.args });
  }
  if (kind.k === "index") return made({ k: "array", elems: [kind.index] });
  if (kind.k !== "binary") return null;
  const ref = (operand: Expr): Expr => made({ k: "ref", mut: false, raw: false, operand });
  switch (kind.op) {
    case "bitand":
      return ref(kind.right);
    case "and":
      return ref(ref(kind.right));
    case "mul":
      return made({ k: "unary", op: "deref", operand: kind.right });
    case "sub":
      return made({ k: "unary", op: "neg", operand: kind.right });
    default:
      return null;
  }
}
