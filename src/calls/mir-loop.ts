/**
 * Loops and jumps to MIR: `loop`, `while`, `for` over an iterator, `break`, `continue`.
 */
import type { Expr, Label } from "../syntax/ast-body.ts";
import type { Place } from "./mir.ts";
import {
  assign,
  type Builder,
  blindSpot,
  exitTo,
  goto,
  inScope,
  newBlock,
  newLocal,
  newTemp,
  project,
  terminate,
  UNIT,
} from "./mir-builder.ts";
import { emitCall } from "./mir-call.ts";
import { blockInto, condition } from "./mir-control.ts";
import { adjustedTy, exprInto, exprOperand } from "./mir-expr.ts";
import { bindPattern, declareBindings } from "./mir-pattern.ts";

/** `loop` and `while`: the condition is tested at the head, every round in a scope of its own. */
export function loopInto(builder: Builder, dest: Place, expr: Expr & { k: "while" | "loop" }): void {
  const head = newBlock(builder);
  const exit = newBlock(builder);
  goto(builder, head, head);
  openLoop(builder, expr.label, exit, head, dest);
  inScope(builder, expr.span, true, () => {
    if (expr.k === "while") {
      const done = newBlock(builder);
      condition(builder, expr.cond, done, builder.scopes.length);
      const go = builder.current;
      builder.current = done;
      assign(builder, dest, UNIT, expr.span);
      goto(builder, exit, go);
    }
    blockInto(builder, discard(builder, expr), expr.body);
  });
  builder.breakables.pop();
  goto(builder, head, exit);
}

function discard(builder: Builder, expr: Expr): Place {
  return { local: newLocal(builder, builder.types.tupleOf([]), null, expr.span), proj: [] };
}

function openLoop(builder: Builder, label: Label | null, exit: number, head: number, dest: Place): void {
  builder.breakables.push({
    label,
    loop: true,
    breakBlock: exit,
    continueBlock: head,
    depth: builder.scopes.length,
    dest,
  });
}

/** `for`: `into_iter` once, then `next` at the head of every round. */
export function forInto(builder: Builder, dest: Place, expr: Expr & { k: "for" }): void {
  const calls = builder.typed.operatorCalls(expr);
  const intoIter = calls.find((one) => one.role === "into-iter");
  const next = calls.find((one) => one.role === "next");
  inScope(builder, expr.span, true, () => {
    const source = exprOperand(builder, expr.iter);
    if (intoIter === undefined || next === undefined) {
      blindSpot(builder, "unknown-type", expr.iter.span, "iterator of `for`");
      return;
    }
    const iterTy = next.args[0] ?? adjustedTy(builder, expr.iter);
    const iter: Place = newTemp(builder, iterTy, expr.iter.span);
    emitCall(builder, { k: "def", def: intoIter.def, args: intoIter.args }, [source], iter, expr.iter.span, "for");
    const head = newBlock(builder);
    const exit = newBlock(builder);
    goto(builder, head, head);
    openLoop(builder, expr.label, exit, head, dest);
    inScope(builder, expr.body.span, true, () => {
      const self = newTemp(builder, builder.types.refTo(iterTy, true), expr.iter.span);
      assign(builder, self, { k: "ref", mut: true, raw: false, place: iter }, expr.iter.span);
      const env = builder.env;
      const { types } = builder;
      const ret = types.normalize(types.subst(types.fnSig(next.def).ret, next.args), env);
      const item = newTemp(builder, ret, expr.iter.span);
      emitCall(
        builder,
        { k: "def", def: next.def, args: next.args },
        [{ k: "move", place: self }],
        item,
        expr.iter.span,
        "for",
      );
      const some = newBlock(builder);
      const none = newBlock(builder);
      const targets = [
        { value: "0", target: none },
        { value: "1", target: some },
      ];
      terminate(
        builder,
        { k: "switch", on: { k: "variant", place: item, ty: ret }, targets, otherwise: null, span: expr.span },
        none,
      );
      exitTo(builder, builder.scopes.length - 1, exit, expr.span);
      builder.current = some;
      const itemTy = builder.typed.patTy(expr.pat);
      const payload = project(item, { k: "field", index: 0, variant: 1, ty: itemTy });
      declareBindings(builder, expr.pat);
      bindPattern(builder, expr.pat, payload, itemTy);
      blockInto(builder, discard(builder, expr), expr.body);
    });
    builder.breakables.pop();
    goto(builder, head, exit);
    assign(builder, dest, UNIT, expr.span);
  });
}

/** `break` and `continue`, with what the scopes on the way drop. */
export function jump(builder: Builder, expr: Expr & { k: "break" | "continue" }): void {
  const { label } = expr;
  const matches = builder.breakables.filter((one) =>
    label === null ? one.loop : one.label?.name === label.name && one.label.context === label.context,
  );
  const target =
    matches.at(-1) ?? builder.breakables.filter((one) => label !== null && one.label?.name === label.name).at(-1);
  if (target === undefined) {
    terminate(builder, { k: "unreachable" }, null);
    return;
  }
  if (expr.k === "break") {
    if (expr.value === null) assign(builder, target.dest, UNIT, expr.span);
    else exprInto(builder, target.dest, expr.value);
    exitTo(builder, target.depth, target.breakBlock, expr.span);
  } else if (target.continueBlock !== null) {
    exitTo(builder, target.depth, target.continueBlock, expr.span);
  }
}
