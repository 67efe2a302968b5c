/**
 * Control flow to MIR: blocks, if, match, loops, jumps, `?`, short circuits.
 *
 * Every arm and branch has a scope of its own. Conditions are built as jumps (`a && let Some(x) = b` tests in order, each
 * failure leaving the scopes it has entered). `?` on a Result is a switch on its variant, so that its error path can be told.
 */
import { isCfg } from "../names/undecided.ts";
import type { Block, Expr, Stmt } from "../syntax/ast-body.ts";
import type { Operand, Place } from "./mir.ts";
import {
  assign,
  type Builder,
  blindSpot,
  exitTo,
  goto,
  innermostScope,
  inScope,
  newBlock,
  newLocal,
  newTemp,
  RETURN_PLACE,
  scheduleDrop,
  terminate,
  UNIT,
} from "./mir-builder.ts";
import { adjustedTy, constantOf, exprInto, exprPlace, isPlaceExpr } from "./mir-expr.ts";
import { futureInto } from "./mir-future.ts";
import { letStatement } from "./mir-let.ts";
import { forInto, jump, loopInto } from "./mir-loop.ts";
import { bindPattern, declareBindings, testPattern } from "./mir-pattern.ts";
import { awaitInto, tryInto } from "./mir-try.ts";

/** Handles the expressions that steer; false for all others. */
export function controlInto(builder: Builder, dest: Place, expr: Expr): boolean {
  switch (expr.k) {
    case "block":
      if (expr.block.flavor === "async" || expr.block.flavor === "async-move") futureInto(builder, dest, expr);
      else labelledBlock(builder, dest, expr);
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

/** Statements and tail of a block, in a scope of its own. */
export function blockInto(builder: Builder, dest: Place, block: Block): void {
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

function labelledBlock(builder: Builder, dest: Place, expr: Expr & { k: "block" }): void {
  const { block } = expr;
  if (block.label === null) return blockInto(builder, dest, block);
  const exit = newBlock(builder);
  builder.breakables.push({
    label: block.label,
    loop: false,
    breakBlock: exit,
    continueBlock: null,
    depth: builder.scopes.length,
    dest,
  });
  blockInto(builder, dest, block);
  builder.breakables.pop();
  goto(builder, exit, exit);
}

function ifInto(builder: Builder, dest: Place, expr: Expr & { k: "if" }): void {
  const join = newBlock(builder);
  const known = builder.assumedCfg;
  builder.assumedCfg ||= isCfg(expr.cond);
  const otherwise = newBlock(builder);
  inScope(builder, expr.span, true, () => {
    condition(builder, expr.cond, otherwise, builder.scopes.length);
    blockInto(builder, dest, expr.then);
  });
  goto(builder, join, otherwise);
  if (expr.otherwise === null) assign(builder, dest, UNIT, expr.span);
  else inScope(builder, expr.otherwise.span, true, () => exprInto(builder, dest, expr.otherwise as Expr));
  builder.assumedCfg = known;
  goto(builder, join, join);
}

/** Falls through where the condition holds; else leaves the scopes deeper than `depth - 1` and goes to `fail`. */
export function condition(builder: Builder, cond: Expr, fail: number, depth: number): void {
  if (cond.k === "macro" && cond.expanded !== null) return condition(builder, cond.expanded, fail, depth);
  if (cond.k === "binary" && cond.op === "and") {
    condition(builder, cond.left, fail, depth);
    condition(builder, cond.right, fail, depth);
    return;
  }
  if (cond.k === "binary" && cond.op === "or") {
    const holds = newBlock(builder);
    const second = newBlock(builder);
    inScope(builder, cond.span, true, () => condition(builder, cond.left, second, builder.scopes.length));
    goto(builder, holds, second);
    condition(builder, cond.right, fail, depth);
    goto(builder, holds, holds);
    return;
  }
  // `!` of a type of its own is a call.
  const builtin = builder.typed.operatorCalls(cond).length === 0;
  if (cond.k === "unary" && cond.op === "not" && builtin && !containsLet(cond.operand)) {
    const holds = newBlock(builder);
    const failed = newBlock(builder);
    inScope(builder, cond.span, true, () => condition(builder, cond.operand, failed, builder.scopes.length));
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
  terminate(
    builder,
    { k: "switch", on: { k: "bool", condition: operand }, targets, otherwise: null, span: cond.span },
    miss,
  );
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
  const put = (value: boolean): void =>
    assign(builder, dest, { k: "use", operand: { k: "const", value: { k: "bool", value } } }, expr.span);
  const fail = newBlock(builder);
  inScope(builder, expr.span, true, () => condition(builder, expr, fail, builder.scopes.length));
  put(true);
  goto(builder, join, fail);
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
      if (arm.guard === null) declareBindings(builder, arm.pat);
      testPattern(builder, arm.pat, scrutinee, ty, next);
      if (arm.guard !== null) {
        declareBindings(builder, arm.pat, false);
        bindPattern(builder, arm.pat, scrutinee, ty, true);
        condition(builder, arm.guard, next, builder.scopes.length);
        scheduleBound(builder, arm.pat);
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
    } else if (one.k === "tuple" || one.k === "slice" || one.k === "tuple-struct")
      for (const elem of one.elems) visit(elem);
    else if (one.k === "struct") for (const field of one.fields) visit(field.pat);
    else if (one.k === "or") for (const alternative of one.alternatives.slice(0, 1)) visit(alternative);
    else if (one.k === "ref") visit(one.inner);
    else if (one.k === "macro" && one.expanded !== null) visit(one.expanded);
  };
  visit(pat);
}
