/**
 * How many names of a body were resolved: paths, macro calls, method receivers and written types, counted in the tree itself.
 *
 * Independent of what inference says of itself: a node counts as resolved where its meaning (or, for types, every part of it) is known.
 * A path that names a local variable counts, too. Nodes of expansions are counted where they stand in the expanded body.
 */
import type { Span } from "../../src/base/span.ts";
import type { TypeRef } from "../../src/syntax/ast.ts";
import type { Expr, Pat } from "../../src/syntax/ast-body.ts";
import { HAS_UNKNOWN } from "../../src/types/intern.ts";
import type { TypedBody } from "../../src/types/typed-body.ts";
import { visitBody } from "../../src/types/visit-body.ts";

export interface Miss {
  readonly span: Span;
  readonly reason: string;
  readonly text: string;
}
export interface NodeCount {
  readonly nodes: number;
  readonly misses: readonly Miss[];
}

/** Counts the nodes of one body. */
export function countNodes(body: TypedBody): NodeCount {
  const misses: Miss[] = [];
  let nodes = 0;
  const miss = (span: Span, reason: string, text: string): void => {
    misses.push({ span, reason, text });
  };
  const named = (node: Expr | Pat, text: string): void => {
    nodes += 1;
    const resolution = body.resolution(node);
    if (resolution === null) miss(node.span, "not-resolved", text);
    else if (resolution.k === "unresolved") miss(node.span, resolution.reason, text);
  };
  const written = (ty: TypeRef | null): void => {
    if (ty === null || ty.k === "infer") return;
    nodes += 1;
    if ((body.lowerType(ty).flags & HAS_UNKNOWN) !== 0) miss(ty.span, "unresolved-type", ty.k);
  };
  const macro = (node: {
    readonly span: Span;
    readonly expanded: unknown;
    readonly failure: { readonly reason: string; readonly text: string } | null;
  }): void => {
    nodes += 1;
    if (node.expanded === null) miss(node.span, node.failure?.reason ?? "unknown-macro", node.failure?.text ?? "macro");
  };
  visitBody(body.expanded.body, {
    expr: (expr) => {
      switch (expr.k) {
        case "path":
        case "struct":
          return named(expr, expr.path.segments.map((one) => one.name).join("::"));
        case "method": {
          named(expr, `.${expr.name}()`);
          nodes += 1;
          const receiver = body.exprTy(expr.receiver);
          if ((receiver.flags & HAS_UNKNOWN) !== 0) miss(expr.receiver.span, "unknown-receiver", `.${expr.name}()`);
          return;
        }
        case "cast":
          return written(expr.ty);
        case "closure":
          for (const param of expr.params) written(param.ty);
          return written(expr.ret);
        case "macro":
          return macro(expr);
        case "error":
          nodes += 1;
          return miss(expr.span, expr.reason, expr.text.slice(0, 40));
        default:
          return;
      }
    },
    pat: (pat) => {
      if (pat.k === "path" || pat.k === "tuple-struct" || pat.k === "struct")
        named(pat, pat.path.segments.map((one) => one.name).join("::"));
      else if (pat.k === "macro") macro(pat);
      else if (pat.k === "error") {
        nodes += 1;
        miss(pat.span, pat.reason, "pattern");
      }
    },
  });
  for (const problem of body.expanded.problems) {
    if (
      problem.reason === "unknown-macro" ||
      problem.reason === "build-output" ||
      misses.some((one) => one.span === problem.span)
    )
      continue;
    nodes += 1;
    miss(problem.span, problem.reason, problem.text);
  }
  return { nodes, misses };
}
