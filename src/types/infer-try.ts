/**
 * `?` and `.await`: the trait calls they stand for.
 *
 * `e?` is `Try::branch(e)`, and on the way out `FromResidual::from_residual`; between two `Result`s that runs `From::from` on the
 * error, noted once both error types are known (`noteErrorConversions`). `e.await` is `IntoFuture::into_future(e)` and
 * `Future::poll`.
 */
import type { DefId } from "../names/defs.ts";
import type { Expr } from "../syntax/ast-body.ts";
import { type Fcx, frame, operatorCall, project, requireTrait, structurally, unknown } from "./infer-state.ts";
import type { Ty } from "./ty.ts";

/** `operand?`. */
export function checkTry(f: Fcx, expr: Expr & { readonly k: "try" }): Ty {
  const { ctx } = f;
  const operand = structurally(f, f.checkExpr(f, expr.operand, null));
  if (operand.k === "unknown") return operand;
  const branch = ctx.lang("branch");
  const tryTrait = branch === null ? ctx.lang("Try") : ctx.names.def(branch).parent;
  const from = ctx.lang("from_residual");
  const residualTrait = from === null ? ctx.lang("FromResidual") : ctx.names.def(from).parent;
  requireTrait(f, tryTrait, [operand]);
  const output = project(f, tryTrait, "Output", [operand]);
  // The match that it stands for has an arm that returns: a value that nothing asks for is `()`.
  f.diverging.push(output);
  const residual = project(f, tryTrait, "Residual", [operand]);
  operatorCall(f, expr, "branch", ctx.member(tryTrait, "branch"), [operand]);
  const ret = frame(f)?.ret;
  if (ret !== undefined) {
    requireTrait(f, residualTrait, [ret, residual]);
    operatorCall(f, expr, "from-residual", ctx.member(residualTrait, "from_residual"), [ret, residual]);
  }
  return structurally(f, output);
}

/** For each `?` from one `Result` to another: `From::from` of the errors. `Poll<Result>`s and `Option`s convert through their own impls. */
export function errorConversion(
  f: Fcx,
  operand: Ty,
  ret: Ty,
): { readonly def: DefId; readonly args: readonly Ty[] } | null {
  const result = f.ctx.lang("Result") ?? f.ctx.names.byPath("core::result::Result");
  const from = f.ctx.member(f.ctx.lang("From") ?? f.ctx.names.byPath("core::convert::From"), "from");
  if (result === null || from === null || operand.k !== "adt" || ret.k !== "adt") return null;
  if (operand.def !== result || ret.def !== result) return null;
  const [, found] = operand.args;
  const [, wanted] = ret.args;
  return found === undefined || wanted === undefined ? null : { def: from, args: [wanted, found] };
}

/** `operand.await`. */
export function checkAwait(f: Fcx, expr: Expr & { readonly k: "await" }): Ty {
  const { ctx } = f;
  const operand = structurally(f, f.checkExpr(f, expr.operand, null));
  if (operand.k === "unknown") return operand;
  const into = ctx.lang("into_future");
  const intoTrait = into === null ? null : ctx.names.def(into).parent;
  if (into !== null) operatorCall(f, expr, "into-future", into, [operand]);
  const future = intoTrait === null ? operand : project(f, intoTrait, "IntoFuture", [operand]);
  const poll = ctx.lang("poll");
  if (poll !== null) operatorCall(f, expr, "poll", poll, [future.k === "unknown" ? operand : future]);
  const output = ctx.awaitOutput(f.table, operand);
  return structurally(f, output.k === "unknown" && operand.k === "infer" ? unknown(f, "not-inferred") : output);
}
