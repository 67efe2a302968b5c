/**
 * `break &x`, `break *x`, `break -x`, `break (x)`, `break [x]`: the grammar reads them as operations on a `break` without a value.
 *
 * Input: an expression's kind as the grammar has it. Output: the `break` with its value where one stands leftmost, else the same kind. A
 * `break` in parentheses of its own, on the left of an operator, is read in the same way; nobody can have meant it.
 */
import type { Expr } from "./ast-body.ts";
import type { ExprKind } from "./lower-expr.ts";

/** The kind with a leftmost `break` around the whole; `made` gives an expression for a kind. */
export function liftBreak(kind: ExprKind, made: (kind: ExprKind) => Expr): ExprKind {
  const base = baseOf(kind);
  if (base?.k !== "break") return kind;
  const value = base.value === null ? valueOf(kind, made) : made(withBase(kind, base.value));
  return value === null ? kind : { k: "break", label: base.label, value };
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
