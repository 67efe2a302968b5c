/**
 * Closures and async blocks: expected signature from bounds, own frame, the types they are.
 */
import type { Block, Expr } from "../syntax/ast-body.ts";
import { enterScope, leaveScope } from "./infer-locals.ts";
import { checkPat } from "./infer-pat.ts";
import { type Expect, expectedTy, type Fcx, has, lowerTy } from "./infer-state.ts";
import { ASYNC_BLOCK } from "./intern.ts";
import { joinExpr, joinResult, newJoin } from "./join.ts";
import type { Ty } from "./ty.ts";

/** `|params| body`: its parameters are what is written, else what the expected Fn bound says, else variables. */
export function checkClosure(f: Fcx, expr: Expr & { readonly k: "closure" }, expect: Expect): Ty {
  const { tys } = f.ctx;
  const wanted = expectedTy(f, expect);
  const expected = wanted === null ? null : f.ctx.expectedClosure(f.table, wanted);
  const params = expr.params.map((param, index) => {
    const bound = expected?.params?.length === expr.params.length ? expected.params[index] : undefined;
    if (param.ty === null) return bound ?? f.table.fresh();
    const written = lowerTy(f, param.ty);
    if (bound !== undefined) f.table.unify(written, bound);
    return written;
  });
  const written = expr.ret === null ? null : lowerTy(f, expr.ret);
  const output = written ?? (expr.async ? f.table.fresh() : (expected?.ret ?? f.table.fresh()));
  const future = expr.async ? tys.opaque(f.def, ASYNC_BLOCK + expr.id, f.ctx.identityArgs(f.def)) : null;
  if (future !== null) {
    f.table.asyncOutputs.set(ASYNC_BLOCK + expr.id, output);
    f.asyncs.set(ASYNC_BLOCK + expr.id, expr);
  }
  const ret = future ?? output;
  f.closures.set(expr.closure, { expr, params, ret });
  f.table.closures.set(expr.closure, { params, ret, kind: null });
  const mark = enterScope(f.locals);
  for (const [index, param] of expr.params.entries()) checkPat(f, param.pat, params[index] ?? f.table.fresh());
  frameBody(f, output, () => {
    const ty = f.checkExpr(f, expr.body, has(output));
    return [expr.body, ty];
  });
  leaveScope(f.locals, mark);
  return tys.closure(f.def, expr.closure, f.ctx.identityArgs(f.def));
}

/** `async { .. }`: an opaque future; its output is the block's value and what `return` gives. */
export function checkAsyncBlock(
  f: Fcx,
  expr: Expr & { readonly k: "block" },
  check: (block: Block, expect: Expect) => Ty,
): Ty {
  const index = ASYNC_BLOCK + expr.id;
  const output = f.table.fresh();
  f.table.asyncOutputs.set(index, output);
  f.asyncs.set(index, expr);
  frameBody(f, output, () => {
    const ty = check(expr.block, has(output));
    return [expr, ty];
  });
  // The adjustment of the block's value belongs to no expression of its own.
  f.tables.adjustments.delete(expr.id);
  return f.ctx.tys.opaque(f.def, index, f.ctx.identityArgs(f.def));
}

/** Runs the check of a body in a frame of its own; the join of its value and its `return`s is its output. */
function frameBody(f: Fcx, output: Ty, body: () => readonly [Expr, Ty]): void {
  const join = newJoin(output);
  const diverges = f.diverges;
  f.diverges = false;
  f.frames.push({ ret: output, join, breakables: [] });
  const [expr, ty] = body();
  joinExpr(f, join, expr, ty);
  f.frames.pop();
  f.diverges = diverges;
  const result = joinResult(f, join);
  if (result.k === "never") f.diverging.push(output);
  else f.table.unify(output, result);
}
