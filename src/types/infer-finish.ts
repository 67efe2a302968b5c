/**
 * The end of a body: what is left open is decided, in rustc's order.
 *
 * Numbers fall back to `i32` and `f64`, values that are never made to `()`; casts are judged; then captures are worked
 * out, which says what kind each closure is and decides what waited for that.
 */
import type { Expr, Pat } from "../syntax/ast-body.ts";
import { asyncClosureFacts, asyncFacts, type CaptureInput, captureFacts } from "./captures.ts";
import { decideCasts } from "./casts.ts";
import { adjustedTy, type Fcx, solve, unknown } from "./infer-state.ts";
import { isPat } from "./infer-tables.ts";
import { makeMutable } from "./mutable-places.ts";
import type { Ty } from "./ty.ts";
import type { ClosureFacts } from "./typed-body.ts";

export type CaptureFacts = Pick<ClosureFacts, "kind" | "captures">;

/** Decides everything that can be decided; gives the closures' captures. */
export function finish(f: Fcx): ReadonlyMap<number, CaptureFacts> {
  solve(f);
  f.table.applyFallback();
  solve(f);
  decideCasts(f);
  fallbackDiverging(f);
  solve(f);
  f.table.applyFallback();
  const facts = closures(f);
  for (const call of f.closureCalls) if (calleeUse(f, call) === "ref-mut") makeMutable(f, call.callee);
  solve(f);
  f.table.applyFallback();
  return facts;
}

function fallbackDiverging(f: Fcx): void {
  const { tys } = f.ctx;
  for (const ty of f.diverging) {
    const known = f.table.shallow(ty);
    if (known.k === "infer" && known.kind === "general")
      f.table.unify(known, f.ctx.names.edition(f.def) === "2024" ? tys.never : tys.unit);
  }
}

function closures(f: Fcx): ReadonlyMap<number, CaptureFacts> {
  const input = captureInput(f);
  const found = new Map<number, CaptureFacts>();
  for (const [index, state] of f.closures) {
    const facts = captureFacts(input, state.expr);
    found.set(index, facts);
    const known = f.table.closures.get(index);
    if (known !== undefined) known.kind = facts.kind;
  }
  for (const [index, expr] of f.asyncs) {
    if (expr.k === "block") found.set(index, asyncFacts(input, expr.block));
    else if (expr.k === "closure") found.set(index, asyncClosureFacts(input, expr));
  }
  return found;
}

function captureInput(f: Fcx): CaptureInput {
  const precise = !["2015", "2018"].includes(f.ctx.names.edition(f.def));
  const known = (ty: Ty | undefined): Ty => (ty === undefined ? unknown(f, "not-inferred") : f.table.resolve(ty));
  return {
    exprTy: (expr) => known(f.tables.exprTys[expr.id]),
    patTy: (pat) => known(f.tables.patTys[pat.id]),
    adjustments: (expr) => f.tables.adjustments.get(expr.id) ?? [],
    binding: (pat) => f.tables.bindings.get(pat.id) ?? "move",
    resolution: (node: Expr | Pat) =>
      (isPat(node) ? f.tables.patResolutions : f.tables.exprResolutions).get(node.id) ?? null,
    operatorCalls: (expr) => f.tables.operatorCalls.get(expr.id) ?? [],
    bindingTy: (binding) => known(f.bindingTys.get(binding)),
    fieldIndex: (expr) => f.tables.fieldIndices.get(expr.id) ?? null,
    hasParts: (ty) => precise && hasParts(f, known(ty)),
    mayHaveDrop: (ty) => mayHaveDrop(f, known(ty)),
    isCopy: (ty) => f.ctx.isCopyIn(f.table, known(ty)),
    calleeUse: (call) => calleeUse(f, call),
  };
}

/** A tuple or a struct. */
function hasParts(f: Fcx, ty: Ty): boolean {
  const item = ty.k === "adt" ? f.ctx.names.def(ty.def).item : null;
  return ty.k === "tuple" || (item?.k === "struct" && !item.union);
}

function mayHaveDrop(f: Fcx, ty: Ty): boolean {
  const drop = f.ctx.names.langItem("drop");
  return ty.k === "adt" && (drop === null || f.ctx.holds(f.table, { trait: drop, args: [ty] }) !== "no");
}

function calleeUse(f: Fcx, call: Expr & { readonly k: "call" }): "ref" | "ref-mut" | "move" {
  const ty = f.table.shallow(adjustedTy(f, call.callee));
  const noted = f.tables.operatorCalls.get(call.id)?.find((one) => one.role === "op");
  if (noted === undefined && ty.k !== "closure") return "move";
  let kind: string | null = null;
  if (ty.k === "closure")
    kind =
      ty.body === f.def
        ? (f.table.closures.get(ty.closure)?.kind ?? null)
        : (f.ctx.bodyFacts(ty.body)?.closure(ty.closure).kind ?? null);
  else if (noted !== undefined) kind = f.ctx.names.def(noted.def).name;
  if (kind === "fn" || kind === "call") return "ref";
  return kind === "fn-mut" || kind === "call_mut" ? "ref-mut" : "move";
}
