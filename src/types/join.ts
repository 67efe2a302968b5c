/**
 * The one type of several branches: `if`/`match` arms, array elements, `break` values, `return`s.
 *
 * As rustc's CoerceMany: the first branch is coerced to the expected type; each later one is coerced to what the branches
 * so far have, or, if that cannot be, those are coerced to it. Function items and closures that differ become a
 * function pointer; `!` fits everything.
 */
import type { Expr } from "../syntax/ast-body.ts";
import { applyCoercion, coerceTypes, fnPtrOf } from "./coerce.ts";
import { adjust, type Fcx, type Joined, mismatch } from "./infer-state.ts";
import type { Ty } from "./ty.ts";

/** Nothing joined yet. */
export function newJoin(expected: Ty): Joined {
  return { expected, merged: null, exprs: [] };
}

/** Type so far: of the branches, else what is expected. */
export function joinedSoFar(join: Joined): Ty {
  return join.merged ?? join.expected;
}

/** A branch with its value. */
export function joinExpr(f: Fcx, join: Joined, expr: Expr, ty: Ty): void {
  const found = f.table.shallow(ty);
  if (join.merged === null) {
    const adjustments = coerceTypes(f, found, join.expected);
    if (adjustments === null) mismatch(f, expr, join.expected, found);
    else applyCoercion(f, expr, adjustments, join.expected);
    // A branch that never ends says nothing about the type of the others.
    if (found.k !== "never" || adjustments === null) join.merged = join.expected;
    join.exprs.push(expr);
    return;
  }
  merge(f, join, expr, found);
  join.exprs.push(expr);
}

/** A branch without a value: `()`. */
export function joinUnit(f: Fcx, join: Joined): void {
  const target = joinedSoFar(join);
  f.table.unify(target, f.ctx.tys.unit);
  join.merged = target;
}

/** The type of the whole; never where no branch ends. */
export function joinResult(f: Fcx, join: Joined): Ty {
  if (join.merged !== null) return f.table.shallow(join.merged);
  return join.exprs.length === 0 ? f.ctx.tys.never : joinedNever(f, join);
}

/** All branches are `!`: so is the whole. */
function joinedNever(f: Fcx, join: Joined): Ty {
  for (const expr of join.exprs) {
    const list = f.tables.adjustments.get(expr.id);
    if (list !== undefined && list[list.length - 1]?.k === "never-to-any") list.pop();
  }
  return f.ctx.tys.never;
}

function merge(f: Fcx, join: Joined, expr: Expr, found: Ty): void {
  const previous = f.table.shallow(join.merged ?? join.expected);
  if (found.k !== "never" && previous !== found && mixesCallables(f, previous, found)) {
    const pointer = fnPtrOf(f, found) ?? fnPtrOf(f, previous);
    const target = fnPtrOf(f, previous) ?? pointer;
    if (target !== null) {
      const back = coerceTypes(f, previous, target);
      const forth = coerceTypes(f, found, target);
      if (back !== null && forth !== null) {
        for (const other of join.exprs) if (!endsNever(f, other)) adjust(f, other, back);
        adjust(f, expr, forth);
        join.merged = target;
        return;
      }
    }
  }
  const forth = coerceTypes(f, found, previous);
  if (forth !== null) {
    applyCoercion(f, expr, forth, previous);
    return;
  }
  // An expected type that is fixed stays: the others were coerced to it already.
  const back = coerceTypes(f, previous, found);
  if (back === null) {
    mismatch(f, expr, previous, found);
    return;
  }
  for (const other of join.exprs) if (!endsNever(f, other)) adjust(f, other, back);
  join.merged = found;
}

function mixesCallables(f: Fcx, previous: Ty, found: Ty): boolean {
  const callable = (ty: Ty): boolean => ty.k === "fn-def" || ty.k === "closure";
  if (!callable(previous) || !callable(found)) return false;
  return !f.table.attempt(() => f.table.unify(previous, found));
}

function endsNever(f: Fcx, expr: Expr): boolean {
  const list = f.tables.adjustments.get(expr.id);
  return list?.[list.length - 1]?.k === "never-to-any";
}
