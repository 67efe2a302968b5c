/**
 * Control flow: blocks and statements, `if`, `match`, loops, `break`, `return`.
 *
 * Whether a point can be reached (`diverges`) is followed as rustc does it: a block without a tail that cannot be left at
 * its end has type `!`.
 */
import { pushAll } from "../base/push-all.ts";
import { isUndecided } from "../names/undecided.ts";
import type { Block, Expr, Label, Stmt } from "../syntax/ast-body.ts";
import { coerce } from "./coerce.ts";
import { enterScope, type Local, leaveScope } from "./infer-locals.ts";
import { checkPat, hasExplicitRef, hasRefMut } from "./infer-pat.ts";
import {
  type Breakable,
  demandEqual,
  type Expect,
  type Fcx,
  fail,
  forBranch,
  frame,
  has,
  type Joined,
  lowerTy,
  operatorCall,
  project,
  requireTrait,
  structurally,
  targetTy,
  within,
} from "./infer-state.ts";
import { joinExpr, joinResult, joinUnit, newJoin } from "./join.ts";
import { makeMutable } from "./mutable-places.ts";
import type { Ty } from "./ty.ts";

/** A block's type; its variables and items are in sight inside only. */
export function checkBlock(f: Fcx, block: Block, expect: Expect): Ty {
  const scope = f.expanded.blockScopes.get(block);
  return scope === undefined ? blockInner(f, block, expect) : within(f, scope, () => blockInner(f, block, expect));
}

/** Statements one after the other; what they bind stays in sight. */
export function checkStmts(f: Fcx, stmts: readonly Stmt[]): void {
  for (const stmt of stmts) checkStmt(f, stmt);
}

/** `if cond { .. } else { .. }`; variables of `let` conditions are in sight in the first branch. */
export function checkIf(f: Fcx, expr: Expr & { readonly k: "if" }, expect: Expect): Ty {
  const { tys } = f.ctx;
  const mark = enterScope(f.locals);
  condition(f, expr.cond);
  const condDiverges = f.diverges;
  const branch = expr.otherwise === null ? has(tys.unit) : forBranch(f, expect);
  // As rustc: a type that is not known yet is no target, or the first branch's function item would be the type of both.
  const join = newJoin(expr.otherwise === null ? tys.unit : targetTy(f, branch));
  f.diverges = false;
  joinBlock(f, join, expr.then, branch);
  const thenDiverges = f.diverges;
  leaveScope(f.locals, mark);
  if (expr.otherwise === null) {
    f.diverges = condDiverges;
    return tys.unit;
  }
  f.diverges = false;
  const ty = f.checkExpr(f, expr.otherwise, branch);
  const { length } = f.mismatches;
  joinExpr(f, join, expr.otherwise, ty);
  f.diverges = condDiverges || (thenDiverges && f.diverges);
  // Values under opposite cfgs of a build script may be of two types: what is done with them can be either's.
  if (f.mismatches.length > length && isUndecided(expr)) return fail(f, expr, "ambiguous", "one of two types");
  return joinResult(f, join);
}

/** A block as a branch: it is no expression of its own, so its tail carries the coercion. */
function joinBlock(f: Fcx, join: Joined, block: Block, expect: Expect): void {
  const ty = checkBlock(f, block, expect);
  const tail = tailOf(block);
  if (tail !== null) joinExpr(f, join, tail, ty);
  else if (f.table.shallow(ty).k !== "never") joinUnit(f, join);
}

/** `match`: patterns first, then guards and arms. */
export function checkMatch(f: Fcx, expr: Expr & { readonly k: "match" }, expect: Expect): Ty {
  const scrutinee = f.checkExpr(f, expr.scrutinee, null);
  const scrutineeDiverges = f.diverges;
  if (expr.arms.some((arm) => hasRefMut(arm.pat))) makeMutable(f, expr.scrutinee);
  if (expr.arms.length === 0) return f.ctx.tys.never;
  const mark = enterScope(f.locals);
  const bound = expr.arms.map((arm): readonly Local[] => {
    checkPat(f, arm.pat, scrutinee);
    const own = f.locals.stack.slice(mark);
    leaveScope(f.locals, mark);
    return own;
  });
  const branch = forBranch(f, expect);
  const join = newJoin(targetTy(f, branch));
  let allDiverge = true;
  for (const [index, arm] of expr.arms.entries()) {
    pushAll(f.locals.stack, bound[index] ?? []);
    f.diverges = false;
    if (arm.guard !== null) condition(f, arm.guard);
    f.diverges = false;
    joinExpr(f, join, arm.body, f.checkExpr(f, arm.body, branch));
    allDiverge &&= f.diverges;
    leaveScope(f.locals, mark);
  }
  f.diverges = scrutineeDiverges || allDiverge;
  return joinResult(f, join);
}

/** `let P = e` in a condition. */
export function checkLetCondition(f: Fcx, expr: Expr & { readonly k: "let" }): Ty {
  const value = f.checkExpr(f, expr.value, null);
  if (hasRefMut(expr.pat)) makeMutable(f, expr.value);
  checkPat(f, expr.pat, value);
  return f.ctx.tys.bool;
}

/** `loop`, `while`, `for`. */
export function checkLoop(f: Fcx, expr: Expr & { readonly k: "loop" | "while" | "for" }, expect: Expect): Ty {
  const { tys } = f.ctx;
  const mark = enterScope(f.locals);
  const breakable: Breakable = {
    label: expr.label,
    kind: expr.k === "loop" ? "loop" : "while",
    broken: false,
    join: expr.k === "loop" ? newJoin(targetTy(f, expect)) : null,
  };
  if (expr.k === "for") forHead(f, expr);
  frame(f)?.breakables.push(breakable);
  if (expr.k === "while") condition(f, expr.cond);
  const diverges = f.diverges;
  checkBlock(f, expr.body, has(tys.unit));
  frame(f)?.breakables.pop();
  leaveScope(f.locals, mark);
  if (expr.k !== "loop") {
    f.diverges = diverges;
    return tys.unit;
  }
  f.diverges = !breakable.broken;
  return breakable.broken && breakable.join !== null ? joinResult(f, breakable.join) : tys.never;
}

/** `break`, `break 'a value`, `continue`. */
export function checkJump(f: Fcx, expr: Expr & { readonly k: "break" | "continue" }): Ty {
  const target = breakTarget(f, expr.label, expr.k === "continue");
  if (expr.k === "continue") return f.ctx.tys.never;
  if (target === null || target.join === null) {
    if (expr.value !== null) f.checkExpr(f, expr.value, null);
    if (target !== null) target.broken = true;
    return f.ctx.tys.never;
  }
  if (expr.value === null) {
    joinUnit(f, target.join);
    target.broken = true;
    return f.ctx.tys.never;
  }
  const ty = f.checkExpr(f, expr.value, forBranch(f, has(target.join.expected)));
  joinExpr(f, target.join, expr.value, ty);
  target.broken = true;
  return f.ctx.tys.never;
}

/** `return`, `return value`. */
export function checkReturn(f: Fcx, expr: Expr & { readonly k: "return" }): Ty {
  const here = frame(f);
  if (expr.value === null) {
    if (here !== null) joinUnit(f, here.join);
  } else {
    const ty = f.checkExpr(f, expr.value, here === null ? null : has(here.ret));
    if (here !== null) joinExpr(f, here.join, expr.value, ty);
  }
  return f.ctx.tys.never;
}

/** The last expression of a block: its value. A macro in last position may bring it. */
export function tailOf(block: Block): Expr | null {
  if (block.tail !== null) return block.tail;
  let stmt = block.stmts.at(-1);
  for (let depth = 0; stmt?.k === "macro" && !stmt.semi && depth < 128; depth++) stmt = stmt.expanded?.at(-1);
  return stmt?.k === "expr" && !stmt.semi && block.stmts.at(-1)?.k === "macro" ? stmt.expr : null;
}

function blockInner(f: Fcx, block: Block, expect: Expect): Ty {
  const mark = enterScope(f.locals);
  const target = targetTy(f, expect);
  const join = newJoin(target);
  const breakable: Breakable | null =
    block.label === null ? null : { label: block.label, kind: "block", join, broken: false };
  if (breakable !== null) frame(f)?.breakables.push(breakable);
  const tail = tailOf(block);
  stmtsBefore(f, block.stmts, block.tail === null ? tail : null);
  if (tail !== null) joinExpr(f, join, tail, f.checkExpr(f, tail, expect));
  else if (!f.diverges) joinUnit(f, join);
  if (breakable !== null) {
    frame(f)?.breakables.pop();
    if (breakable.broken) f.diverges = false;
  }
  leaveScope(f.locals, mark);
  return joinResult(f, join);
}

/** Statements up to the one that is the block's value (inside a macro's expansion). */
function stmtsBefore(f: Fcx, stmts: readonly Stmt[], tail: Expr | null): void {
  for (const stmt of stmts) {
    if (tail !== null && stmt.k === "expr" && stmt.expr === tail) return;
    if (tail !== null && stmt.k === "macro" && stmt === stmts.at(-1) && stmt.expanded !== null) {
      f.nodes++;
      stmtsBefore(f, stmt.expanded, tail);
    } else checkStmt(f, stmt);
  }
}

function checkStmt(f: Fcx, stmt: Stmt): void {
  switch (stmt.k) {
    case "let":
      return checkLet(f, stmt);
    case "expr": {
      const { unit } = f.ctx.tys;
      if (stmt.semi) f.checkExpr(f, stmt.expr, null);
      else coerce(f, stmt.expr, f.checkExpr(f, stmt.expr, has(unit)), unit);
      return;
    }
    case "macro":
      f.nodes++;
      if (stmt.expanded !== null) checkStmts(f, stmt.expanded);
      else {
        const node: Expr = {
          k: "macro",
          id: -1,
          span: stmt.span,
          attrs: stmt.attrs,
          call: stmt.call,
          expanded: null,
          failure: stmt.failure,
        };
        fail(f, node, "macro", stmt.failure?.text ?? "macro");
      }
      return;
    case "item":
      return;
    default:
      unreachable(stmt);
  }
}

function checkLet(f: Fcx, stmt: Stmt & { readonly k: "let" }): void {
  const declared = stmt.ty === null ? f.table.fresh() : lowerTy(f, stmt.ty);
  if (stmt.init !== null) {
    if (hasExplicitRef(stmt.pat)) {
      const ty = f.checkExpr(f, stmt.init, has(declared));
      if (hasRefMut(stmt.pat)) makeMutable(f, stmt.init);
      demandEqual(f, stmt.init, declared, ty);
    } else coerce(f, stmt.init, f.checkExpr(f, stmt.init, has(declared)), declared);
  }
  const diverges = f.diverges;
  if (stmt.otherwise !== null) {
    const { never } = f.ctx.tys;
    const ty = f.checkExpr(f, stmt.otherwise, has(never));
    if (f.table.shallow(ty).k === "infer") f.table.unify(ty, never);
    f.diverges = diverges;
  }
  checkPat(f, stmt.pat, declared);
}

function condition(f: Fcx, cond: Expr): void {
  const { bool } = f.ctx.tys;
  coerce(f, cond, f.checkExpr(f, cond, has(bool)), bool);
}

function breakTarget(f: Fcx, label: Label | null, loop: boolean): Breakable | null {
  const breakables = frame(f)?.breakables ?? [];
  const matches = (one: Breakable): boolean => {
    if (label === null) return one.kind !== "block";
    return one.label?.name === label.name && one.label.context === label.context && !(loop && one.kind === "block");
  };
  const found = breakables.findLast(matches);
  if (found !== undefined || label === null) return found ?? null;
  return breakables.findLast((one) => one.label?.name === label.name) ?? null;
}

/** `for P in iter`: `IntoIterator::into_iter`, then `Iterator::next` until it gives None. */
function forHead(f: Fcx, expr: Expr & { readonly k: "for" }): void {
  const { ctx } = f;
  const source = structurally(f, f.checkExpr(f, expr.iter, null));
  const member = ctx.lang("into_iter");
  const into = member === null ? ctx.names.byPath("core::iter::IntoIterator") : ctx.names.def(member).parent;
  const next = ctx.lang("next");
  const iterator = next === null ? ctx.names.byPath("core::iter::Iterator") : ctx.names.def(next).parent;
  let item: Ty = source;
  if (source.k !== "unknown") {
    requireTrait(f, into, [source]);
    const iter = project(f, into, "IntoIter", [source]);
    operatorCall(f, expr, "into-iter", ctx.member(into, "into_iter"), [source]);
    operatorCall(f, expr, "next", ctx.member(iterator, "next"), [iter]);
    requireTrait(f, iterator, [iter]);
    item = structurally(f, project(f, iterator, "Item", [iter]));
  }
  checkPat(f, expr.pat, item);
}

function unreachable(value: never): never {
  return value;
}
