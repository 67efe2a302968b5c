/**
 * Places: fields, indexing and dereferences.
 *
 * Overloaded dereferences are noted as `Deref::deref` first; mutable-places.ts changes them where the place proves to be changed.
 */
import type { DefId } from "../names/defs.ts";
import type { Expr } from "../syntax/ast-body.ts";
import { isAccessible } from "./accessible.ts";
import { coerce, derefAdjustments } from "./coerce.ts";
import type { Autoderef, DerefStep } from "./context.ts";
import {
  adjust,
  adjustedTy,
  derefChain,
  type Expect,
  expectedTy,
  type Fcx,
  fail,
  operatorCall,
  project,
  requireTrait,
  rvalueHint,
  solve,
  structurally,
} from "./infer-state.ts";
import { makeMutable } from "./mutable-places.ts";
import type { Ty } from "./ty.ts";

/** `base.name`: through dereferences to the first struct or tuple that has the field (and shows it here). */
export function checkField(f: Fcx, expr: Expr & { readonly k: "field" }): Ty {
  const base = structurally(f, f.checkExpr(f, expr.base, null));
  const { steps } = derefChain(f, base);
  for (const [count, step] of steps.entries()) {
    const found = fieldOf(f, step.ty, expr.name);
    if (found === null) continue;
    adjust(f, expr.base, derefAdjustments(f, viaSteps(steps, count)));
    f.tables.fieldIndices.set(expr.id, found.index);
    return found.ty;
  }
  const last = f.table.shallow(steps.at(-1)?.ty ?? base);
  if (last.k === "unknown") return last;
  return fail(f, expr, last.k === "infer" ? "not-inferred" : "unresolved-field", `.${expr.name}`);
}

/** The dereferences that lead to step `count`. */
export function viaSteps(steps: Autoderef["steps"], count: number): readonly DerefStep[] {
  return steps.slice(1, count + 1).flatMap((step) => (step.via === null ? [] : [step.via]));
}

function fieldOf(f: Fcx, ty: Ty, name: string): { readonly index: number; readonly ty: Ty } | null {
  const known = f.table.shallow(ty);
  if (known.k === "tuple") {
    const index = Number(name);
    const elem = Number.isInteger(index) ? known.elems[index] : undefined;
    return elem === undefined ? null : { index, ty: elem };
  }
  if (known.k !== "adt" || f.ctx.names.def(known.def).kind !== "struct") return null;
  const index = f.ctx.fieldNames(known.def).indexOf(name);
  const field = f.ctx.fieldTys(known.def)[index];
  if (field === undefined || !isVisible(f, known.def, name)) return null;
  return { index, ty: f.ctx.instantiate(f.table, field, known.args) };
}

/** A private field does not hide one behind a Deref from code outside its module. */
function isVisible(f: Fcx, def: DefId, name: string): boolean {
  const { names } = f.ctx;
  const { item, module } = names.def(def);
  if (item?.k !== "struct") return true;
  const field = item.fields.find((one) => one.name === name);
  // Text that a macro of another crate brings may name that crate's private fields; decided by the body's crate alone.
  return field === undefined || isAccessible(names, field.vis, module, f.scope.module);
}

/** `base[index]`: built in for arrays and slices by `usize`, else `Index`. */
export function checkIndex(f: Fcx, expr: Expr & { readonly k: "index" }): Ty {
  const base = structurally(f, f.checkExpr(f, expr.base, null));
  const index = structurally(f, f.checkExpr(f, expr.index, null));
  const { steps, unsized } = derefChain(f, base, true);
  const trait = f.ctx.lang("index");
  for (const [count, step] of steps.entries()) {
    const ty = f.table.shallow(step.ty);
    if (ty.k === "unknown") return ty;
    if (ty.k === "infer") break;
    const via = derefAdjustments(f, viaSteps(steps, count));
    if ((ty.k === "array" || ty.k === "slice") && isUsize(f, index)) {
      f.table.unify(index, f.ctx.tys.usize);
      adjust(f, expr.base, via);
      return ty.inner;
    }
    if (trait === null) continue;
    const wanted = f.table.fresh();
    if (f.ctx.holds(f.table, { trait, args: [ty, wanted] }) === "no") continue;
    adjust(f, expr.base, via);
    return overloadedIndex(f, expr, trait, ty, index);
  }
  if (unsized !== null && trait !== null) {
    const from = f.table.resolve(steps.at(-1)?.ty ?? base);
    adjust(f, expr.base, [
      ...derefAdjustments(f, viaSteps(steps, steps.length - 1)),
      { k: "unsize", from, to: unsized },
    ]);
    return overloadedIndex(f, expr, trait, unsized, index);
  }
  const last = f.table.shallow(steps.at(-1)?.ty ?? base);
  return fail(f, expr, last.k === "infer" ? "not-inferred" : "unresolved-method", "[]");
}

function isUsize(f: Fcx, ty: Ty): boolean {
  const known = f.table.shallow(ty);
  return (known.k === "prim" && known.name === "usize") || (known.k === "infer" && known.kind === "int");
}

function overloadedIndex(f: Fcx, expr: Expr & { readonly k: "index" }, trait: DefId, self: Ty, index: Ty): Ty {
  const input = f.table.fresh();
  requireTrait(f, trait, [self, input]);
  // `I: SliceIndex` and the like say nothing of the index; one impl alone (`HashMap<K, V>: Index<&Q>`) does.
  if (f.table.shallow(index).k === "ref") f.table.solvePending();
  coerce(f, expr.index, index, input);
  operatorCall(f, expr, "index", f.ctx.member(trait, "index"), [self, input]);
  const output = project(f, trait, "Output", [self, input]);
  return structurally(f, output);
}

/** `*operand`. */
export function checkDeref(f: Fcx, expr: Expr & { readonly k: "unary" }): Ty {
  const operand = structurally(f, f.checkExpr(f, expr.operand, null));
  if (operand.k === "unknown") return operand;
  const step = f.ctx.derefOnce(f.table, operand, true);
  if (step === null) {
    if (operand.k === "infer") solve(f);
    return fail(f, expr, operand.k === "infer" ? "not-inferred" : "unresolved-method", "*");
  }
  if (step.k === "overloaded") {
    operatorCall(f, expr, "deref", f.ctx.member(f.ctx.lang("deref"), "deref"), [step.selfTy]);
  }
  return step.to;
}

/** `&operand`, `&mut operand`, `&raw …`. */
export function checkRef(f: Fcx, expr: Expr & { readonly k: "ref" }, expect: Expect): Ty {
  const expected = expectedTy(f, expect);
  const pointee = expected !== null && (expected.k === "ref" || expected.k === "ptr") ? expected.inner : null;
  // A place has its type already, whatever is expected; a value may be what the expected type is made of.
  const ty = f.checkExpr(
    f,
    expr.operand,
    pointee === null || looksLikePlace(expr.operand) ? null : rvalueHint(f, pointee),
  );
  if (expr.mut) makeMutable(f, expr.operand);
  const inner = f.tables.adjustments.has(expr.operand.id) ? adjustedTy(f, expr.operand) : ty;
  return expr.raw ? f.ctx.tys.ptr(inner, expr.mut) : f.ctx.tys.ref(inner, expr.mut);
}

function looksLikePlace(expr: Expr): boolean {
  if (expr.k === "path" || expr.k === "field" || expr.k === "index") return true;
  if (expr.k === "unary") return expr.op === "deref";
  return expr.k === "macro" && expr.expanded !== null && looksLikePlace(expr.expanded);
}
