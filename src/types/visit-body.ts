/**
 * Every expression and pattern of a body, outer before inner, in source order, expansions included.
 *
 * `rets` is the stack of result types of the closures and async blocks around an expression.
 */
import type { Block, Body, Expr, Pat, Stmt } from "../syntax/ast-body.ts";
import type { Ty } from "./ty.ts";

export interface BodyVisitor {
  expr(expr: Expr, rets: readonly Ty[]): void;
  pat(pat: Pat): void;
  /** Result type of a closure or async block; absent where nobody asks. */
  frameRet?(expr: Expr): Ty;
}

type Node = { readonly e: Expr; readonly rets: readonly Ty[] } | { readonly p: Pat };

/** Visits parameters, then the root. Iterative: the depth of a body is not the depth of the stack. */
export function visitBody(body: Body, visitor: BodyVisitor): void {
  const stack: Node[] = [{ e: body.root, rets: [] }, ...body.params.map((param): Node => ({ p: param.pat })).reverse()];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const parts: Node[] = [];
    if ("p" in node) {
      visitor.pat(node.p);
      patParts(node.p, parts);
    } else {
      visitor.expr(node.e, node.rets);
      const frames = node.e.k === "closure" || (node.e.k === "block" && node.e.block.flavor.startsWith("async"));
      const rets = frames && visitor.frameRet !== undefined ? [...node.rets, visitor.frameRet(node.e)] : node.rets;
      exprParts(node.e, rets, parts);
    }
    for (let n = parts.length - 1; n >= 0; n--) {
      const part = parts[n];
      if (part !== undefined) stack.push(part);
    }
  }
}

function patParts(pat: Pat, out: Node[]): void {
  const add = (list: readonly Pat[]): void => {
    for (const one of list) out.push({ p: one });
  };
  switch (pat.k) {
    case "ident":
      if (pat.sub !== null) add([pat.sub]);
      return;
    case "tuple-struct":
    case "tuple":
    case "slice":
      return add(pat.elems);
    case "struct":
      return add(pat.fields.map((field) => field.pat));
    case "ref":
      return add([pat.inner]);
    case "or":
      return add(pat.alternatives);
    case "macro":
      if (pat.expanded !== null) add([pat.expanded]);
      return;
    case "range":
      for (const side of [pat.from, pat.to]) if (side !== null) out.push({ e: side, rets: [] });
      return;
    case "const-block":
      out.push({ e: pat.value, rets: [] });
      return;
    default:
      return;
  }
}

function exprParts(expr: Expr, rets: readonly Ty[], out: Node[]): void {
  const e = (...list: readonly (Expr | null)[]): void => {
    for (const one of list) if (one !== null) out.push({ e: one, rets });
  };
  const b = (block: Block): void => {
    stmts(block.stmts);
    e(block.tail);
  };
  const stmts = (list: readonly Stmt[]): void => {
    for (const stmt of list) {
      if (stmt.k === "let") {
        e(stmt.init, stmt.otherwise);
        out.push({ p: stmt.pat });
      } else if (stmt.k === "expr") e(stmt.expr);
      else if (stmt.k === "macro" && stmt.expanded !== null) stmts(stmt.expanded);
    }
  };
  switch (expr.k) {
    case "call":
      return e(expr.callee, ...expr.args);
    case "method":
      return e(expr.receiver, ...expr.args);
    case "field":
      return e(expr.base);
    case "index":
      return e(expr.base, expr.index);
    case "unary":
    case "ref":
    case "cast":
    case "try":
    case "await":
      return e(expr.operand);
    case "binary":
    case "assign":
      return e(expr.left, expr.right);
    case "range":
      return e(expr.from, expr.to);
    case "tuple":
    case "array":
      return e(...expr.elems);
    case "repeat":
      return e(expr.value, expr.len);
    case "struct":
      return e(...expr.fields.map((field) => field.value), expr.base);
    case "block":
      return b(expr.block);
    case "if":
      e(expr.cond);
      b(expr.then);
      return e(expr.otherwise);
    case "let":
      e(expr.value);
      out.push({ p: expr.pat });
      return;
    case "match":
      e(expr.scrutinee);
      for (const arm of expr.arms) {
        out.push({ p: arm.pat });
        e(arm.guard, arm.body);
      }
      return;
    case "while":
      e(expr.cond);
      return b(expr.body);
    case "loop":
      return b(expr.body);
    case "for":
      e(expr.iter);
      out.push({ p: expr.pat });
      return b(expr.body);
    case "break":
    case "return":
      return e(expr.value);
    case "closure":
      for (const param of expr.params) out.push({ p: param.pat });
      return e(expr.body);
    case "macro":
      return e(expr.expanded);
    case "format-args":
      return e(...expr.args.map((arg) => arg.value));
    case "panic":
      return e(...expr.args);
    case "asm":
      return e(...expr.operands.map((operand) => operand.value));
    default:
      return;
  }
}
