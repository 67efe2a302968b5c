/**
 * Turning shared steps into mutable ones where a place is changed.
 *
 * Overloaded dereferences and indexing are noted as `Deref::deref` and `Index::index`; when the place they lead to is assigned or borrowed
 * mutably (by `&mut`, a receiver, an operator, a binding or a coercion) they become `deref_mut` and `index_mut`, as rustc does it.
 */
import type { Expr } from "../syntax/ast-body.ts";
import type { Fcx } from "./infer-state.ts";

/** The place that `expr` is will be changed: overloaded steps on the way become mutable ones where they can. */
export function makeMutable(f: Fcx, expr: Expr): void {
  const chain: Expr[] = [];
  for (let at: Expr | null = expr; at !== null && chain.length < 400; ) {
    chain.push(at);
    at = baseOf(at);
  }
  for (const one of chain.reverse()) {
    mutableAdjustments(f, one);
    mutableOperator(f, one);
  }
}

function baseOf(expr: Expr): Expr | null {
  switch (expr.k) {
    case "field":
    case "index":
      return expr.base;
    case "unary":
      return expr.op === "deref" ? expr.operand : null;
    case "macro":
      return expr.expanded;
    default:
      return null;
  }
}

function mutableAdjustments(f: Fcx, expr: Expr): void {
  const adjustments = f.tables.adjustments.get(expr.id);
  if (adjustments === undefined) return;
  const trait = f.ctx.lang("deref_mut");
  const method = f.ctx.member(trait, "deref_mut");
  if (trait === null || method === null) return;
  for (const [index, one] of adjustments.entries()) {
    if (one.k !== "overloaded-deref" || one.mut) continue;
    if (f.ctx.holds(f.table, { trait, args: [one.selfTy] }) !== "no")
      adjustments[index] = { ...one, mut: true, method };
  }
}

function mutableOperator(f: Fcx, expr: Expr): void {
  const calls = f.tables.operatorCalls.get(expr.id);
  if (calls === undefined || (expr.k !== "index" && expr.k !== "unary")) return;
  for (const [index, call] of calls.entries()) {
    if (call.role !== "index" && call.role !== "deref") continue;
    const isIndex = call.role === "index";
    const trait = f.ctx.lang(isIndex ? "index_mut" : "deref_mut");
    const def = f.ctx.member(trait, isIndex ? "index_mut" : "deref_mut");
    if (trait === null || def === null) continue;
    const args = call.args.map((ty) => f.table.resolve(ty));
    if (f.ctx.holds(f.table, { trait, args }) !== "no")
      calls[index] = { role: isIndex ? "index-mut" : "deref-mut", def, args };
  }
}
