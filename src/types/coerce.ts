/**
 * Coercions: what is done to a value of one type where another is expected.
 *
 * In rustc's order: `!` to anything; unsizing behind a pointer; reborrow with dereferences (`&String` → `&str`); to raw
 * pointers; function items and closures to function pointers; else the types must be equal. Gives the adjustments, or
 * null (and binds nothing) where the value does not fit.
 */
import type { Expr } from "../syntax/ast-body.ts";
import type { DerefStep } from "./context.ts";
import { adjust, derefChain, type Fcx, mismatch, structurally } from "./infer-state.ts";
import { makeMutable } from "./mutable-places.ts";
import type { Ty } from "./ty.ts";
import type { Adjustment } from "./typed-body.ts";

type Adjustments = readonly Adjustment[];

/** Coerces an expression; the type it has afterwards. What does not fit is noted and left as it is. */
export function coerce(f: Fcx, expr: Expr, found: Ty, target: Ty): Ty {
  const adjustments = coerceTypes(f, found, target);
  if (adjustments === null) {
    mismatch(f, expr, f.table.resolve(target), f.table.resolve(found));
    return f.table.shallow(target);
  }
  applyCoercion(f, expr, adjustments, target);
  return f.table.shallow(target);
}

/** Notes what a coercion does to an expression. A mutable reference is borrowed again even where the types are the same. */
export function applyCoercion(f: Fcx, expr: Expr, adjustments: Adjustments, target: Ty): void {
  adjust(f, expr, adjustments);
  const to = f.table.shallow(target);
  if (to.k === "ref" && to.mut) makeMutable(f, expr);
}

/** Adjustments from one type to another; variables are bound on success only. */
export function coerceTypes(f: Fcx, found: Ty, target: Ty): Adjustments | null {
  const from = structurally(f, found);
  const to = f.table.shallow(target);
  if (from === to) return [];
  if (to.k !== "infer") pointee(f, from);
  if (from.k === "never") return [{ k: "never-to-any", to }];
  if (from.k === "infer" || from.k === "unknown") return f.table.unify(from, to) ? [] : null;
  if (to.k !== "infer") {
    const unsized = coerceUnsized(f, from, to);
    if (unsized !== null) return unsized;
  }
  if (to.k === "ptr" && (from.k === "ref" || from.k === "ptr")) return toRawPointer(f, from, to);
  if (to.k === "ref" && from.k === "ref") return reborrow(f, from, to);
  if (to.k === "fn-ptr" && (from.k === "fn-def" || from.k === "closure" || from.k === "fn-ptr"))
    return toFnPtr(f, from, to);
  return f.table.unify(from, to) ? [] : null;
}

/** What a pointer points at is told before it is compared: `&<usize as SliceIndex<[String]>>::Output` as `&str` is dereferenced. */
function pointee(f: Fcx, from: Ty): void {
  if (from.k === "ref" || from.k === "ptr") structurally(f, from.inner);
  else if (from.k === "adt" && from.args[0] !== undefined) structurally(f, from.args[0]);
}

/** The function pointer type of a function item or closure. */
export function fnPtrOf(f: Fcx, ty: Ty): Ty | null {
  const known = f.table.shallow(ty);
  if (known.k === "fn-ptr") return known;
  if (known.k === "fn-def") {
    const sig = f.ctx.instantiateSig(f.table, known.def, known.args);
    return f.ctx.tys.fnPtr(sig.params, sig.ret, sig.abi, sig.variadic);
  }
  if (known.k === "closure") {
    const sig = f.ctx.callableSig(f.table, known);
    return sig === null ? null : f.ctx.tys.fnPtr(sig.params, sig.ret, null, false);
  }
  return null;
}

/** Autoderef steps as adjustments; overloaded ones shared, until the place proves to be changed (see places.ts). */
export function derefAdjustments(f: Fcx, steps: readonly DerefStep[], mut = false): Adjustment[] {
  const trait = f.ctx.lang(mut ? "deref_mut" : "deref");
  const method = f.ctx.member(trait, mut ? "deref_mut" : "deref");
  return steps.map((step): Adjustment => {
    if (step.k === "builtin" || method === null) return { k: "deref", to: step.to };
    return { k: "overloaded-deref", mut, method, selfTy: step.selfTy, to: step.to };
  });
}

function coerceUnsized(f: Fcx, from: Ty, to: Ty): Adjustments | null {
  const { tys } = f.ctx;
  if ((from.k === "ref" || from.k === "ptr") && (to.k === "ref" || to.k === "ptr")) {
    if (to.mut && !from.mut) return null;
    if (from.k === "ptr" && to.k === "ref") return null;
    if (!unsizes(f, from.inner, to.inner)) return null;
    const target = f.table.resolve(to);
    const inner = f.table.resolve(from.inner);
    if (from.k === "ptr") return [{ k: "unsize", from: f.table.resolve(from), to: target }];
    const raw = to.k === "ptr";
    const borrowed = raw ? tys.ptr(inner, to.mut) : tys.ref(inner, to.mut);
    return [
      { k: "deref", to: inner },
      { k: "borrow", mut: to.mut, raw, to: borrowed },
      { k: "unsize", from: borrowed, to: target },
    ];
  }
  if (from.k === "adt" && to.k === "adt" && from.def === to.def && unsizesAdt(f, from, to, 0)) {
    return [{ k: "unsize", from: f.table.resolve(from), to: f.table.resolve(to) }];
  }
  return null;
}

/** `T` → `U` behind a pointer, and not the same type. */
function unsizes(f: Fcx, from: Ty, to: Ty): boolean {
  const a = f.table.resolve(from);
  const b = f.table.resolve(to);
  if (a === b || b.k === "infer" || a.k === "unknown") return false;
  // A number whose type is not known yet is a value all the same: `&1` as `&dyn Debug`.
  if (a.k === "infer" && (a.kind === "general" || b.k !== "dyn")) return false;
  if (b.k !== "slice" && b.k !== "dyn" && b.k !== "adt") return false;
  if (b.k === "slice" && a.k !== "array") return false;
  if (b.k === "adt" && (a.k !== "adt" || a.def !== b.def || f.table.attempt(() => f.table.unify(a, b)))) return false;
  if (a.k === "dyn" && b.k === "dyn" && f.table.attempt(() => f.table.unify(a, b))) return false;
  return f.ctx.unsizes(f.table, a, b);
}

/** Smart pointers: one argument unsizes (`Box<T>` → `Box<dyn U>`) or is itself such a pointer (`Pin<Box<T>>`). */
function unsizesAdt(f: Fcx, from: Ty & { readonly k: "adt" }, to: Ty & { readonly k: "adt" }, depth: number): boolean {
  if (depth > 3 || f.ctx.names.def(from.def).kind !== "struct") return false;
  for (const [index, left] of from.args.entries()) {
    const right = to.args[index];
    if (right === undefined) return false;
    const a = f.table.resolve(left);
    const b = f.table.resolve(right);
    if (a === b || b.k === "infer" || a.k === "infer") continue;
    const others = (): boolean => from.args.every((ty, n) => n === index || f.table.unify(ty, to.args[n] ?? ty));
    if (b.k === "slice" || b.k === "dyn") return f.table.attempt(() => unsizes(f, a, b) && others());
    if (a.k === "adt" && b.k === "adt" && a.def === b.def) {
      if (f.table.attempt(() => f.table.unify(a, b))) continue;
      return f.table.attempt(() => (unsizes(f, a, b) || unsizesAdt(f, a, b, depth + 1)) && others());
    }
    if (a.k === "ref" && b.k === "ref" && a.mut === b.mut)
      return f.table.attempt(() => unsizes(f, a.inner, b.inner) && others());
  }
  return false;
}

function toRawPointer(
  f: Fcx,
  from: Ty & { readonly k: "ref" | "ptr" },
  to: Ty & { readonly k: "ptr" },
): Adjustments | null {
  if (to.mut && !from.mut) return null;
  if (!f.table.unify(from.inner, to.inner)) return null;
  if (from.k === "ptr" && from.mut === to.mut) return [];
  return [
    { k: "deref", to: from.inner },
    { k: "borrow", mut: to.mut, raw: true, to },
  ];
}

function reborrow(f: Fcx, from: Ty & { readonly k: "ref" }, to: Ty & { readonly k: "ref" }): Adjustments | null {
  if (to.mut && !from.mut) return null;
  if (f.table.unify(from.inner, to.inner)) {
    if (!to.mut && !from.mut) return [];
    return [
      { k: "deref", to: from.inner },
      { k: "borrow", mut: to.mut, raw: false, to },
    ];
  }
  const { steps } = derefChain(f, from);
  for (let n = 2; n < steps.length; n++) {
    const step = steps[n];
    if (step === undefined || !f.table.unify(step.ty, to.inner)) continue;
    const taken = steps.slice(1, n + 1).flatMap((one) => (one.via === null ? [] : [one.via]));
    return [...derefAdjustments(f, taken, to.mut), { k: "borrow", mut: to.mut, raw: false, to }];
  }
  return null;
}

function toFnPtr(f: Fcx, from: Ty, to: Ty): Adjustments | null {
  if (from.k === "fn-ptr") return f.table.unify(from, to) ? [] : null;
  const pointer = fnPtrOf(f, from);
  if (pointer === null || !f.table.unify(pointer, to)) return null;
  return [{ k: "reify", from, to }];
}
