/**
 * The state of inferring one body, and the small questions that every part of inference asks of it.
 *
 * One `Fcx` per body: the inference variables, the side tables, the variables in sight, the frames (function, closures,
 * async blocks) and breakable blocks around the present expression. The parts (expressions, patterns, calls …) are
 * functions over it; they reach the expression checker through `checkExpr`, so that no module needs another one that
 * needs it.
 *
 * Bounded: nesting of expressions and the number of steps per body; past the bound a type is unknown("limit").
 */
import { pushAll } from "../base/push-all.ts";
import type { DefId, ExpandedBody, Scope } from "../names/defs.ts";
import type { TypeRef } from "../syntax/ast.ts";
import type { Block, Expr, Label, Pat, Stmt } from "../syntax/ast-body.ts";
import type { Autoderef, Env, InferTable, TypeCtx } from "./context.ts";
import type { Locals } from "./infer-locals.ts";
import type { OperatorRole, Tables } from "./infer-tables.ts";
import type { Predicate, Ty, UnknownReason } from "./ty.ts";
import type { Adjustment } from "./typed-body.ts";

/** What is known of an expression's type before it is looked at. `has`: it will be coerced to it; `cast`, `hint`: it may be of use. */
export type Expect = null | { readonly k: "has" | "cast" | "hint"; readonly ty: Ty };

/** The branches seen so far of what has one type (join.ts). */
export interface Joined {
  readonly expected: Ty;
  merged: Ty | null;
  readonly exprs: Expr[];
}
export interface Breakable {
  readonly label: Label | null;
  readonly kind: "loop" | "while" | "block";
  readonly join: Joined | null;
  broken: boolean;
}
export interface Frame {
  /** What `return` and the body's value are coerced to. */
  readonly ret: Ty;
  readonly join: Joined;
  readonly breakables: Breakable[];
}
export interface ClosureState {
  readonly expr: Expr & { readonly k: "closure" };
  readonly params: readonly Ty[];
  readonly ret: Ty;
}
export interface Failure {
  readonly node: Expr | Pat;
  readonly reason: UnknownReason;
  readonly text: string;
}
/** A cast is judged when the body has been seen. */
export interface Cast {
  readonly expr: Expr & { readonly k: "cast" };
  readonly from: Ty;
  readonly to: Ty;
}

export interface Fcx {
  readonly ctx: TypeCtx;
  readonly def: DefId;
  readonly expanded: ExpandedBody;
  readonly env: Env;
  readonly table: InferTable;
  readonly tables: Tables;
  readonly locals: Locals;
  readonly frames: Frame[];
  readonly closures: Map<number, ClosureState>;
  /** Async blocks and async closures, by the index of their future (`ASYNC_BLOCK` of intern.ts). */
  readonly asyncs: Map<number, Expr>;
  /** Calls of closures: whether they change them is known at the end. */
  readonly closureCalls: (Expr & { readonly k: "call" })[];
  /** By ident pattern: its variable's type. -1: self. */
  readonly bindingTys: Map<number, Ty>;
  readonly casts: Cast[];
  /** Binary and unary operators whose operands were not known when they were seen. */
  readonly laterOperators: (() => boolean)[];
  readonly failures: Failure[];
  /** Types that should have been equal and were not: errors of this model (or of the code). For development. */
  readonly mismatches: { readonly node: Expr | Pat; readonly expected: Ty; readonly found: Ty }[];
  readonly lowered: Map<TypeRef, Ty>;
  /** Variables of values that are never made: `()` where nothing says more. */
  readonly diverging: Ty[];
  scope: Scope;
  /** The present point cannot be reached. */
  diverges: boolean;
  depth: number;
  steps: number;
  /** Path, method and macro nodes seen. */
  nodes: number;
  readonly checkExpr: (f: Fcx, expr: Expr, expect: Expect) => Ty;
  readonly checkBlock: (f: Fcx, block: Block, expect: Expect) => Ty;
  readonly checkStmts: (f: Fcx, stmts: readonly Stmt[]) => void;
}

export const maxExprDepth: number = 400;
export const maxSteps: number = 200_000;

/** `has` for a type. */
export function has(ty: Ty): Expect {
  return { k: "has", ty };
}

/** The expected type with its outermost variable followed, whatever the strength. */
export function expectedTy(f: Fcx, expect: Expect): Ty | null {
  return expect === null ? null : f.table.shallow(expect.ty);
}

/** The type that the expression will be coerced to; null where there is only a hint. */
export function onlyHas(f: Fcx, expect: Expect): Ty | null {
  return expect?.k === "has" ? f.table.shallow(expect.ty) : null;
}

/** The coercion target, else a new variable. */
export function targetTy(f: Fcx, expect: Expect): Ty {
  return onlyHas(f, expect) ?? f.table.fresh();
}

/** Expectation for a branch: an unknown target must not be fixed by the first branch. */
export function forBranch(f: Fcx, expect: Expect): Expect {
  if (expect?.k !== "has") return expect;
  const ty = f.table.shallow(expect.ty);
  return ty.k === "infer" ? null : { k: "has", ty };
}

/** A hint for the value behind a pointer: unsized types are no type of a value. */
export function rvalueHint(f: Fcx, ty: Ty): Expect {
  const known = f.table.shallow(ty);
  if (known.k === "slice" || known.k === "dyn" || (known.k === "prim" && known.name === "str"))
    return { k: "hint", ty: known };
  return { k: "has", ty: known };
}

/** The type as far as pending obligations can tell it. */
export function structurally(f: Fcx, ty: Ty): Ty {
  const known = f.table.shallow(ty);
  if (known.k === "proj") return f.table.shallow(f.table.normalize(known));
  if (known.k !== "infer" || known.kind !== "general") return known;
  solve(f);
  return f.table.shallow(known);
}

/** The dereferences of a type, as far as pending obligations can tell what stands behind a pointer. */
export function derefChain(f: Fcx, ty: Ty, unsize = false): Autoderef {
  const chain = f.ctx.autoderef(f.table, ty, unsize);
  if (!chain.stuck) return chain;
  solve(f);
  return f.ctx.autoderef(f.table, ty, unsize);
}

/** Works through what is pending: obligations, and operators whose operands are known by now. */
export function solve(f: Fcx): void {
  for (let round = 0; round < 8; round++) {
    f.table.solvePending();
    if (f.laterOperators.length === 0) return;
    const waiting = f.laterOperators.splice(0);
    const left = waiting.filter((decide) => !decide());
    pushAll(f.laterOperators, left);
    if (left.length === waiting.length) return;
  }
}

/** Makes two types equal; a difference is noted and nothing else happens. */
export function demandEqual(f: Fcx, node: Expr | Pat, expected: Ty, found: Ty): boolean {
  if (f.table.unify(expected, found)) return true;
  mismatch(f, node, expected, found);
  return false;
}

/** Notes types that do not fit. */
export function mismatch(f: Fcx, node: Expr | Pat, expected: Ty, found: Ty): void {
  f.mismatches.push({ node, expected, found });
}

/** A type that could not be told, with its reason. */
export function unknown(f: Fcx, reason: UnknownReason): Ty {
  return f.ctx.tys.unknown(reason);
}

/** A path, method or macro without an answer: noted, and unknown. */
export function fail(f: Fcx, node: Expr | Pat, reason: UnknownReason, text: string): Ty {
  f.failures.push({ node, reason, text });
  return unknown(f, reason);
}

/** Adds adjustments after those that are there. */
export function adjust(f: Fcx, expr: Expr, more: readonly Adjustment[]): void {
  if (more.length === 0) return;
  const known = f.tables.adjustments.get(expr.id);
  if (known === undefined) f.tables.adjustments.set(expr.id, [...more]);
  else if (!known.some((one) => one.k === "never-to-any")) pushAll(known, more);
}

/** Type of an expression after its adjustments. */
export function adjustedTy(f: Fcx, expr: Expr): Ty {
  const adjustments = f.tables.adjustments.get(expr.id);
  const last = adjustments?.[adjustments.length - 1];
  return last !== undefined ? last.to : (f.tables.exprTys[expr.id] ?? unknown(f, "not-inferred"));
}

/** Notes a call that an operator, index, loop … makes. */
export function operatorCall(f: Fcx, expr: Expr, role: OperatorRole, def: DefId | null, args: readonly Ty[]): void {
  if (def === null) return;
  const list = f.tables.operatorCalls.get(expr.id);
  if (list === undefined) f.tables.operatorCalls.set(expr.id, [{ role, def, args }]);
  else list.push({ role, def, args });
}

/** A written type, with variables for what is left out. */
export function lowerTy(f: Fcx, ty: TypeRef): Ty {
  const known = f.lowered.get(ty);
  if (known !== undefined) return known;
  const lowered = f.table.normalize(f.ctx.lowerType(ty, f.scope, { fresh: () => f.table.fresh() }));
  f.lowered.set(ty, lowered);
  return lowered;
}

/** `<args[0] as Trait>::name`, normalised; unknown where no pack has the trait. */
export function project(f: Fcx, trait: DefId | null, name: string, args: readonly Ty[]): Ty {
  const assoc = f.ctx.member(trait, name, "type-alias");
  if (assoc === null) return unknown(f, "unresolved-projection");
  return f.table.normalize(f.ctx.tys.proj(assoc, args));
}

/** The trait must hold: pending until it can be told. */
export function requireTrait(f: Fcx, trait: DefId | null, args: readonly Ty[]): void {
  if (trait === null) return;
  const predicate: Predicate = { k: "trait", ref: { trait, args } };
  f.table.register(predicate);
}

/** The frame of the innermost function, closure or async block. */
export function frame(f: Fcx): Frame | null {
  return f.frames[f.frames.length - 1] ?? null;
}

/** Runs with another scope of names. */
export function within<T>(f: Fcx, scope: Scope, run: () => T): T {
  const before = f.scope;
  f.scope = scope;
  try {
    return run();
  } finally {
    f.scope = before;
  }
}
