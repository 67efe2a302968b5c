/**
 * `?` and `.await` to MIR. On a Result or Option in a function that returns one, `?` is a switch on the variant, so that
 * its error path can be told; on everything else it is `Try::branch`.
 */
import type { Expr } from "../syntax/ast-body.ts";
import type { Ty } from "../types/ty.ts";
import type { Operand, Place } from "./mir.ts";
import {
  assign,
  type Builder,
  blindSpot,
  consume,
  emitDrop,
  exitTo,
  newBlock,
  newLocal,
  newTemp,
  project,
  RETURN_PLACE,
  terminate,
} from "./mir-builder.ts";
import { emitCall } from "./mir-call.ts";
import { adjustedTy, exprInto, exprOperand } from "./mir-expr.ts";

/** Evaluates the operand; its payload goes into `dest`, its failure out of the body. */
export function tryInto(builder: Builder, dest: Place, expr: Expr & { k: "try" }): void {
  const { types } = builder;
  const operandTy = adjustedTy(builder, expr.operand);
  const value = newTemp(builder, operandTy, expr.span);
  exprInto(builder, value, expr.operand);
  const okTy = builder.typed.exprTy(expr);
  const isResult = operandTy.k === "adt" && operandTy.def === types.names.langItem("Result");
  const isOption = operandTy.k === "adt" && operandTy.def === types.names.langItem("Option");
  const bodyRet = builder.locals[0]?.ty;
  const ok = newBlock(builder);
  const bad = newBlock(builder);
  if ((isResult || isOption) && bodyRet?.k === "adt" && bodyRet.def === operandTy.def) {
    // Ok = 0, Err = 1; None = 0, Some = 1.
    const targets = [
      { value: "0", target: isResult ? ok : bad },
      { value: "1", target: isResult ? bad : ok },
    ];
    terminate(
      builder,
      { k: "switch", on: { k: "variant", place: value, ty: operandTy }, targets, otherwise: null, span: expr.span },
      bad,
    );
    if (isResult) errorExit(builder, value, operandTy.args[1], bodyRet, expr);
    else
      assign(
        builder,
        RETURN_PLACE,
        {
          k: "aggregate",
          kind: { k: "adt", def: bodyRet.def, variant: 0, args: bodyRet.args, indices: [] },
          fields: [],
        },
        expr.span,
      );
    exitTo(builder, 0, builder.returnBlock, expr.span);
    builder.current = ok;
    const payload = project(value, { k: "field", index: 0, variant: isResult ? 0 : 1, ty: okTy });
    assign(builder, dest, { k: "use", operand: consume(builder, payload, okTy) }, expr.span);
    return;
  }
  generalTry(builder, dest, value, okTy, expr);
}

function errorExit(builder: Builder, value: Place, errTy: Ty | undefined, ret: Ty & { k: "adt" }, expr: Expr): void {
  if (errTy === undefined) return;
  const payload = project(value, { k: "field", index: 0, variant: 1, ty: errTy });
  const from = builder.typed.operatorCalls(expr).find((one) => one.role === "from-error");
  const error = consume(builder, payload, errTy);
  const kind = { k: "adt", def: ret.def, variant: 1, args: ret.args, indices: [0] } as const;
  if (from === undefined) {
    assign(builder, RETURN_PLACE, { k: "aggregate", kind, fields: [error] }, expr.span);
    return;
  }
  const converted = newTemp(builder, ret.args[1] ?? errTy, expr.span);
  emitCall(builder, { k: "def", def: from.def, args: from.args }, [error], converted, expr.span, "question");
  assign(builder, RETURN_PLACE, { k: "aggregate", kind, fields: [{ k: "move", place: converted }] }, expr.span);
}

/** `?` on other types: `Try::branch`, a switch on ControlFlow, `FromResidual::from_residual`. */
function generalTry(builder: Builder, dest: Place, value: Place, okTy: Ty, expr: Expr & { k: "try" }): void {
  const calls = builder.typed.operatorCalls(expr);
  const branch = calls.find((one) => one.role === "branch");
  const residual = calls.find((one) => one.role === "from-residual");
  if (branch === undefined) {
    blindSpot(builder, "unknown-type", expr.span, "operand of `?`");
    assign(builder, dest, { k: "opaque" }, expr.span);
    return;
  }
  const { types } = builder;
  const flowTy = types.normalize(types.subst(types.fnSig(branch.def).ret, branch.args), builder.env);
  const flow = newTemp(builder, flowTy, expr.span);
  emitCall(
    builder,
    { k: "def", def: branch.def, args: branch.args },
    [{ k: "move", place: value }],
    flow,
    expr.span,
    "question",
  );
  const go = newBlock(builder);
  const stop = newBlock(builder);
  const targets = [
    { value: "0", target: go },
    { value: "1", target: stop },
  ];
  terminate(
    builder,
    { k: "switch", on: { k: "variant", place: flow, ty: flowTy }, targets, otherwise: null, span: expr.span },
    stop,
  );
  if (residual !== undefined) {
    const residualTy = flowTy.k === "adt" ? flowTy.args[0] : undefined;
    const payload = project(flow, { k: "field", index: 0, variant: 1, ty: residualTy ?? okTy });
    emitCall(
      builder,
      { k: "def", def: residual.def, args: residual.args },
      [{ k: "move", place: payload }],
      RETURN_PLACE,
      expr.span,
      "question",
    );
  }
  exitTo(builder, 0, builder.returnBlock, expr.span);
  builder.current = go;
  const payload = project(flow, { k: "field", index: 0, variant: 0, ty: okTy });
  assign(builder, dest, { k: "use", operand: consume(builder, payload, okTy) }, expr.span);
}

/**
 * Awaiting polls the future, a call to `poll`, and drops it as soon as it has given its value; what is no future becomes one
 * first, by a call to `into_future`.
 */
export function awaitInto(builder: Builder, dest: Place, expr: Expr & { k: "await" }): void {
  const operand = exprOperand(builder, expr.operand);
  const calls = builder.typed.operatorCalls(expr);
  const poll = calls.find((one) => one.role === "poll");
  const [ty] = poll?.args ?? [];
  if (poll === undefined || ty === undefined) {
    blindSpot(builder, "unknown-type", expr.span, "`.await`");
    assign(builder, dest, { k: "opaque" }, expr.span);
    return;
  }
  const future: Place = { local: newLocal(builder, ty, null, expr.span), proj: [] };
  const into = calls.find((one) => one.role === "into-future");
  if (into === undefined || into.args[0] === ty) assign(builder, future, { k: "use", operand }, expr.span);
  else emitCall(builder, { k: "def", def: into.def, args: into.args }, [operand], future, expr.span, "await");
  const polled: Operand = { k: "copy", place: future };
  emitCall(builder, { k: "def", def: poll.def, args: poll.args }, [polled], dest, expr.span, "await");
  if (builder.types.needsDrop(ty)) emitDrop(builder, future, ty, "awaited", expr.span);
}
