/**
 * Control flow to MIR: blocks, if, match, loops, jumps, `?`, short circuits.
 *
 * Every arm and branch has a scope of its own. Conditions are built as jumps (`a && let Some(x) = b` tests in order, each
 * failure leaving the scopes it has entered). `?` on a Result is a switch on its variant, so that its error path can be told.
 */
import type { Block, Expr, Label, Stmt } from "../syntax/ast.ts";
import type { Ty } from "../types/ty.ts";
import {
  assign,
  blindSpot,
  type Builder,
  consume,
  exitTo,
  goto,
  inScope,
  innermostScope,
  newBlock,
  newLocal,
  newTemp,
  project,
  RETURN_PLACE,
  scheduleDrop,
  terminate,
} from "./mir-builder.ts";
import { emitCall } from "./mir-call.ts";
import { adjustedTy, constantOf, exprInto, exprOperand, exprPlace, isPlaceExpr } from "./mir-expr.ts";
import { bindPattern, declareBindings, testPattern } from "./mir-pattern.ts";
import type { Operand, Place } from "./mir.ts";

/** Handles the expressions that steer; false for all others. */
export function controlInto(builder: Builder, dest: Place, expr: Expr): boolean {
  switch (expr.k) {
    case "block":
      labelledBlock(builder, dest, expr);
      return true;
    case "if":
      ifInto(builder, dest, expr);
      return true;
    case "binary":
      if (expr.op !== "and" && expr.op !== "or") return false;
      booleanInto(builder, dest, expr);
      return true;
    case "let":
      booleanInto(builder, dest, expr);
      return true;
    case "match":
      matchInto(builder, dest, expr);
      return true;
    case "while":
    case "loop":
      loopInto(builder, dest, expr);
      return true;
    case "for":
      forInto(builder, dest, expr);
      return true;
    case "break":
    case "continue":
      jump(builder, expr);
      return true;
    case "return":
      if (expr.value === null) assign(builder, RETURN_PLACE, UNIT, expr.span);
      else exprInto(builder, RETURN_PLACE, expr.value);
      exitTo(builder, 0, builder.returnBlock, expr.span);
      return true;
    case "try":
      tryInto(builder, dest, expr);
      return true;
    case "await":
      awaitInto(builder, dest, expr);
      return true;
    case "panic":
      terminate(builder, { k: "panic", macro: expr.macro, span: expr.span }, null);
      return true;
    default:
      return false;
  }
}

const UNIT = { k: "aggregate", kind: { k: "tuple" }, fields: [] } as const;

/** Statements and tail of a block, in a scope of its own. */
export function blockInto(builder: Builder, dest: Place, block: Block): void {
  if (block.flavor === "async" || block.flavor === "async-move") {
    // A future runs when it is polled, not here.
    assign(builder, dest, { k: "opaque" }, block.span);
    return;
  }
  inScope(builder, block.span, false, () => {
    statements(builder, block.stmts);
    if (block.tail !== null) exprInto(builder, dest, block.tail);
    else if (endsOpen(builder)) assign(builder, dest, UNIT, block.span);
  });
}

function endsOpen(builder: Builder): boolean {
  return builder.blocks[builder.current]?.term === null;
}

function statements(builder: Builder, stmts: readonly Stmt[]): void {
  for (const stmt of stmts) statement(builder, stmt);
}

function statement(builder: Builder, stmt: Stmt): void {
  switch (stmt.k) {
    case "let":
      letStatement(builder, stmt);
      return;
    case "expr":
      inScope(builder, stmt.span, true, () => {
        const ty = adjustedTy(builder, stmt.expr);
        if (isPlaceExpr(builder, stmt.expr)) exprPlace(builder, stmt.expr);
        else exprInto(builder, newTemp(builder, ty, stmt.expr.span), stmt.expr);
      });
      return;
    case "macro":
      if (stmt.expanded !== null) statements(builder, stmt.expanded);
      else blindSpot(builder, stmt.failure?.reason ?? "unknown-macro", stmt.span, stmt.failure?.text ?? "");
      return;
    case "item":
      return;
  }
}

function letStatement(builder: Builder, stmt: Stmt & { k: "let" }): void {
  const { pat, init, otherwise } = stmt;
  const outer = innermostScope(builder);
  declareBindings(builder, pat);
  if (init === null) return;
  if (pat.k === "ident" && pat.sub === null && builder.typed.binding(pat) === "move") {
    const place = builder.bindings.get(pat.id);
    if (place !== undefined && otherwise === null) {
      const extended = extendsTemporaries(init);
      const work = (): void => exprInto(builder, place, init);
      if (extended) withTempScope(builder, outer, work);
      else inScope(builder, stmt.span, true, work);
      return;
    }
  }
  const work = (): void => {
    if (pat.k === "wild") {
      if (isPlaceExpr(builder, init)) exprPlace(builder, init);
      else if (extendsTemporaries(init)) exprInto(builder, newTemp(builder, adjustedTy(builder, init), init.span), init);
      else exprInto(builder, newTemp(builder, adjustedTy(builder, init), init.span), init);
      return;
    }
    const scrutinee = exprPlace(builder, init);
    if (otherwise === null) {
      bindPattern(builder, pat, scrutinee, adjustedTy(builder, init));
      return;
    }
    const fail = newBlock(builder);
    testPattern(builder, pat, scrutinee, adjustedTy(builder, init), fail);
    bindPattern(builder, pat, scrutinee, adjustedTy(builder, init));
    const done = newBlock(builder);
    goto(builder, done, fail);
    exprInto(builder, newTemp(builder, builder.typed.exprTy(otherwise), otherwise.span), otherwise);
    terminate(builder, { k: "unreachable" }, done);
  };
  if (bindsByReference(builder, pat) || extendsTemporaries(init)) withTempScope(builder, outer, work);
  else inScope(builder, stmt.span, true, work);
}

function withTempScope(builder: Builder, scope: number, work: () => void): void {
  const saved = builder.tempScope;
  builder.tempScope = scope;
  work();
  builder.tempScope = saved;
}

/** `let x = &temp()`: the temporary lives as long as x (reference: "temporary lifetime extension"). */
function extendsTemporaries(init: Expr): boolean {
  switch (init.k) {
    case "ref":
      return true;
    case "tuple":
    case "array":
      return init.elems.some(extendsTemporaries);
    case "struct":
      return init.fields.some((field) => extendsTemporaries(field.value));
    case "cast":
      return extendsTemporaries(init.operand);
    case "block":
      return init.block.tail !== null && extendsTemporaries(init.block.tail);
    case "macro":
      return init.expanded !== null && extendsTemporaries(init.expanded);
    default:
      return false;
  }
}

function bindsByReference(builder: Builder, pat: (Stmt & { k: "let" })["pat"]): boolean {
  if (pat.k !== "ident") return true;
  return builder.typed.binding(pat) !== "move";
}

function labelledBlock(builder: Builder, dest: Place, expr: Expr & { k: "block" }): void {
  const { block } = expr;
  if (block.label === null) return blockInto(builder, dest, block);
  const exit = newBlock(builder);
  builder.breakables.push({ label: block.label, loop: false, breakBlock: exit, continueBlock: null, depth: builder.scopes.length, dest });
  blockInto(builder, dest, block);
  builder.breakables.pop();
  goto(builder, exit, exit);
}

function ifInto(builder: Builder, dest: Place, expr: Expr & { k: "if" }): void {
  const otherwise = newBlock(builder);
  const join = newBlock(builder);
  inScope(builder, expr.span, true, () => {
    condition(builder, expr.cond, otherwise, builder.scopes.length);
    blockInto(builder, dest, expr.then);
  });
  goto(builder, join, otherwise);
  if (expr.otherwise === null) assign(builder, dest, UNIT, expr.span);
  else inScope(builder, expr.otherwise.span, true, () => exprInto(builder, dest, expr.otherwise as Expr));
  goto(builder, join, join);
}

/** Falls through where the condition holds; else leaves the scopes deeper than `depth - 1` and goes to `fail`. */
function condition(builder: Builder, cond: Expr, fail: number, depth: number): void {
  if (cond.k === "macro" && cond.expanded !== null) return condition(builder, cond.expanded, fail, depth);
  if (cond.k === "binary" && cond.op === "and") {
    condition(builder, cond.left, fail, depth);
    condition(builder, cond.right, fail, depth);
    return;
  }
  if (cond.k === "unary" && cond.op === "not" && !containsLet(cond.operand)) {
    const holds = newBlock(builder);
    const failed = newBlock(builder);
    condition(builder, cond.operand, failed, builder.scopes.length);
    leave(builder, depth, fail, cond);
    goto(builder, failed, failed);
    goto(builder, holds, holds);
    return;
  }
  if (cond.k === "let") {
    const scrutinee = exprPlace(builder, cond.value);
    const ty = adjustedTy(builder, cond.value);
    const miss = newBlock(builder);
    declareBindings(builder, cond.pat);
    testPattern(builder, cond.pat, scrutinee, ty, miss);
    bindPattern(builder, cond.pat, scrutinee, ty);
    const go = builder.current;
    builder.current = miss;
    leave(builder, depth, fail, cond);
    builder.current = go;
    return;
  }
  const constant = constantOf(builder, cond);
  if (constant?.k === "bool") {
    if (!constant.value) leave(builder, depth, fail, cond);
    return;
  }
  const operand = inScope(builder, cond.span, true, (): Operand => {
    const value: Place = { local: newLocal(builder, builder.typed.exprTy(cond), null, cond.span), proj: [] };
    exprInto(builder, value, cond);
    return { k: "copy", place: value };
  });
  const holds = newBlock(builder);
  const miss = newBlock(builder);
  const targets = [
    { value: "true", target: holds },
    { value: "false", target: miss },
  ];
  terminate(builder, { k: "switch", on: { k: "bool", condition: operand }, targets, otherwise: null, span: cond.span }, miss);
  leave(builder, depth, fail, cond);
  builder.current = holds;
}

/** Drops what the scopes from `depth - 1` up have scheduled and jumps; those scopes stay open for the other branch. */
function leave(builder: Builder, depth: number, target: number, at: Expr): void {
  exitTo(builder, Math.max(0, depth - 1), target, at.span);
}

function containsLet(expr: Expr): boolean {
  if (expr.k === "let") return true;
  return expr.k === "binary" && (containsLet(expr.left) || containsLet(expr.right));
}

/** `a && b`, `a || b`, `let` as a value. */
function booleanInto(builder: Builder, dest: Place, expr: Expr): void {
  const join = newBlock(builder);
  const put = (value: boolean): void => assign(builder, dest, { k: "use", operand: { k: "const", value: { k: "bool", value } } }, expr.span);
  if (expr.k === "binary" && expr.op === "or") {
    const second = newBlock(builder);
    const fail = newBlock(builder);
    inScope(builder, expr.span, true, () => condition(builder, expr.left, second, builder.scopes.length));
    put(true);
    goto(builder, join, second);
    inScope(builder, expr.span, true, () => condition(builder, expr.right, fail, builder.scopes.length));
    put(true);
    goto(builder, join, fail);
  } else {
    const fail = newBlock(builder);
    inScope(builder, expr.span, true, () => condition(builder, expr, fail, builder.scopes.length));
    put(true);
    goto(builder, join, fail);
  }
  put(false);
  goto(builder, join, join);
}

function matchInto(builder: Builder, dest: Place, expr: Expr & { k: "match" }): void {
  const scrutinee = exprPlace(builder, expr.scrutinee);
  const ty = adjustedTy(builder, expr.scrutinee);
  const join = newBlock(builder);
  for (const arm of expr.arms) {
    const next = newBlock(builder);
    inScope(builder, arm.span, true, () => {
      testPattern(builder, arm.pat, scrutinee, ty, next);
      if (arm.guard !== null) {
        declareBindings(builder, arm.pat, false);
        bindPattern(builder, arm.pat, scrutinee, ty, true);
        condition(builder, arm.guard, next, builder.scopes.length);
        scheduleBound(builder, arm.pat);
      } else {
        declareBindings(builder, arm.pat);
      }
      bindPattern(builder, arm.pat, scrutinee, ty);
      exprInto(builder, dest, arm.body);
    });
    goto(builder, join, next);
  }
  // No arm took it: a match is exhaustive.
  terminate(builder, { k: "unreachable" }, join);
}

/** After a guard: the bindings now own what they bind. */
function scheduleBound(builder: Builder, pat: (Expr & { k: "match" })["arms"][number]["pat"]): void {
  const scope = innermostScope(builder);
  const visit = (one: typeof pat): void => {
    if (one.k === "ident") {
      const place = builder.bindings.get(one.id);
      if (place !== undefined && place.proj.length === 0) scheduleDrop(builder, place.local, scope);
      if (one.sub !== null) visit(one.sub);
    } else if (one.k === "tuple" || one.k === "slice" || one.k === "tuple-struct") for (const elem of one.elems) visit(elem);
    else if (one.k === "struct") for (const field of one.fields) visit(field.pat);
    else if (one.k === "or") for (const alternative of one.alternatives.slice(0, 1)) visit(alternative);
    else if (one.k === "ref") visit(one.inner);
    else if (one.k === "macro" && one.expanded !== null) visit(one.expanded);
  };
  visit(pat);
}

function loopInto(builder: Builder, dest: Place, expr: Expr & { k: "while" | "loop" }): void {
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
  builder.breakables.push({ label, loop: true, breakBlock: exit, continueBlock: head, depth: builder.scopes.length, dest });
}

function forInto(builder: Builder, dest: Place, expr: Expr & { k: "for" }): void {
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
      emitCall(builder, { k: "def", def: next.def, args: next.args }, [{ k: "move", place: self }], item, expr.iter.span, "for");
      const some = newBlock(builder);
      const none = newBlock(builder);
      const targets = [
        { value: "0", target: none },
        { value: "1", target: some },
      ];
      terminate(builder, { k: "switch", on: { k: "variant", place: item, ty: ret }, targets, otherwise: null, span: expr.span }, none);
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

function jump(builder: Builder, expr: Expr & { k: "break" | "continue" }): void {
  const { label } = expr;
  const matches = builder.breakables.filter((one) =>
    label === null ? one.loop : one.label?.name === label.name && one.label.context === label.context,
  );
  const target = matches.at(-1) ?? builder.breakables.filter((one) => label !== null && one.label?.name === label.name).at(-1);
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

function tryInto(builder: Builder, dest: Place, expr: Expr & { k: "try" }): void {
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
    terminate(builder, { k: "switch", on: { k: "variant", place: value, ty: operandTy }, targets, otherwise: null, span: expr.span }, bad);
    if (isResult) errorExit(builder, value, operandTy.args[1], bodyRet, expr);
    else assign(builder, RETURN_PLACE, { k: "aggregate", kind: { k: "adt", def: bodyRet.def, variant: 0, args: bodyRet.args, indices: [] }, fields: [] }, expr.span);
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
  emitCall(builder, { k: "def", def: branch.def, args: branch.args }, [{ k: "move", place: value }], flow, expr.span, "question");
  const go = newBlock(builder);
  const stop = newBlock(builder);
  const targets = [
    { value: "0", target: go },
    { value: "1", target: stop },
  ];
  terminate(builder, { k: "switch", on: { k: "variant", place: flow, ty: flowTy }, targets, otherwise: null, span: expr.span }, stop);
  if (residual !== undefined) {
    const residualTy = flowTy.k === "adt" ? flowTy.args[0] : undefined;
    const payload = project(flow, { k: "field", index: 0, variant: 1, ty: residualTy ?? okTy });
    emitCall(builder, { k: "def", def: residual.def, args: residual.args }, [{ k: "move", place: payload }], RETURN_PLACE, expr.span, "question");
  }
  exitTo(builder, 0, builder.returnBlock, expr.span);
  builder.current = go;
  const payload = project(flow, { k: "field", index: 0, variant: 0, ty: okTy });
  assign(builder, dest, { k: "use", operand: consume(builder, payload, okTy) }, expr.span);
}

function awaitInto(builder: Builder, dest: Place, expr: Expr & { k: "await" }): void {
  const operand = exprOperand(builder, expr.operand);
  const poll = builder.typed.operatorCalls(expr).find((one) => one.role === "poll");
  if (poll === undefined) {
    blindSpot(builder, "unknown-type", expr.span, "`.await`");
    assign(builder, dest, { k: "opaque" }, expr.span);
    return;
  }
  emitCall(builder, { k: "def", def: poll.def, args: poll.args }, [operand], dest, expr.span, "await");
}
