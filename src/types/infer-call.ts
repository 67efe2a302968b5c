/**
 * Calls: of functions, constructors, function pointers, closures, and of values that implement Fn*; method calls.
 *
 * Arguments are checked in two rounds as rustc does it: closures last, when the other arguments have told what their
 * parameters are. What the result is expected to be flows into the arguments.
 */
import type { DefId } from "../names/defs.ts";
import type { Expr } from "../syntax/ast-body.ts";
import { applyCoercion, coerceTypes, derefAdjustments } from "./coerce.ts";
import type { CallableSig, MethodPick } from "./context.ts";
import {
  adjust,
  derefChain,
  type Expect,
  type Fcx,
  fail,
  mismatch,
  onlyHas,
  operatorCall,
  rvalueHint,
  solve,
  structurally,
  unknown,
} from "./infer-state.ts";
import { HAS_OPAQUE } from "./intern.ts";
import { makeMutable } from "./mutable-places.ts";
import { viaSteps } from "./places.ts";
import type { Ty } from "./ty.ts";
import type { Adjustment } from "./typed-body.ts";

/** `callee(args)`. */
export function checkCall(f: Fcx, expr: Expr & { readonly k: "call" }, expect: Expect): Ty {
  const callee = structurally(f, f.checkExpr(f, expr.callee, null));
  const sig = callableOf(f, expr, callee);
  if (sig === null) {
    for (const arg of expr.args) f.checkExpr(f, arg, null);
    if (callee.k === "unknown") return callee;
    const reason = f.table.shallow(callee).k === "infer" ? "not-inferred" : "unresolved-method";
    f.tables.exprResolutions.set(expr.id, { k: "unresolved", reason, text: "call of a value", candidates: [] });
    return fail(f, expr, reason, "call of a value");
  }
  checkArgs(f, expr, sig.params, sig.ret, expr.args, expect, sig.variadic);
  return sig.ret;
}

/** The callee's signature, behind as many dereferences as it takes; notes the Fn* call where there is one. */
function callableOf(f: Fcx, expr: Expr & { readonly k: "call" }, callee: Ty): CallableSig | null {
  const { steps } = derefChain(f, callee);
  for (const [count, step] of steps.entries()) {
    const ty = structurally(f, step.ty);
    const sig = f.ctx.callableSig(f.table, ty);
    if (sig === null) continue;
    adjust(f, expr.callee, derefAdjustments(f, viaSteps(steps, count)));
    if (sig.via === "bound") noteFnCall(f, expr, ty, sig);
    else if (sig.via === "closure") f.closureCalls.push(expr);
    return sig;
  }
  return null;
}

function noteFnCall(f: Fcx, expr: Expr & { readonly k: "call" }, self: Ty, sig: CallableSig): void {
  const [lang, method] = fnTraitMethod(sig.kind);
  if (sig.kind === "fn-mut") makeMutable(f, expr.callee);
  operatorCall(f, expr, "op", f.ctx.member(f.ctx.lang(lang), method), [self, f.ctx.tys.tuple(sig.params)]);
}

/** The trait (by lang item) and method through which a callable of that kind is called. */
export function fnTraitMethod(kind: CallableSig["kind"]): readonly [string, string] {
  switch (kind) {
    case "fn":
      return ["fn", "call"];
    case "fn-mut":
      return ["fn_mut", "call_mut"];
    case "fn-once":
      return ["fn_once", "call_once"];
    default:
      return unreachable(kind);
  }
}

/** Arguments against declared parameters; what is too much (variadic or wrong) is only looked at. */
export function checkArgs(
  f: Fcx,
  call: Expr,
  formal: readonly Ty[],
  ret: Ty,
  args: readonly Expr[],
  expect: Expect,
  variadic: boolean,
): void {
  const expected = expectedInputs(f, formal, ret, expect);
  if (args.length > formal.length && !variadic) mismatch(f, call, f.ctx.tys.tuple(formal), f.ctx.tys.unit);
  for (const closures of [false, true]) {
    if (closures && args.some(isClosure)) solve(f);
    for (const [index, arg] of args.entries()) {
      if (isClosure(arg) !== closures) continue;
      const declared = formal[index];
      if (declared === undefined) f.checkExpr(f, arg, null);
      else checkArg(f, arg, declared, expected?.[index] ?? declared);
    }
  }
}

function checkArg(f: Fcx, arg: Expr, formal: Ty, expected: Ty): void {
  const expect = rvalueHint(f, expected);
  const found = f.checkExpr(f, arg, expect);
  const target = onlyHas(f, expect) ?? formal;
  const adjustments = coerceTypes(f, found, target) ?? (target === formal ? null : coerceTypes(f, found, formal));
  if (adjustments === null) {
    mismatch(f, arg, f.table.resolve(target), f.table.resolve(found));
    return;
  }
  applyCoercion(f, arg, adjustments, target);
  if (target !== formal) f.table.unify(formal, target);
}

function isClosure(expr: Expr): boolean {
  return expr.k === "closure" || (expr.k === "macro" && expr.expanded !== null && isClosure(expr.expanded));
}

/** Parameter types that follow if the result is what is expected; nothing is bound by asking. */
function expectedInputs(f: Fcx, formal: readonly Ty[], ret: Ty, expect: Expect): readonly Ty[] | null {
  const wanted = onlyHas(f, expect);
  if (wanted === null || wanted.k === "infer" || formal.length === 0) return null;
  const result = structurally(f, ret);
  // What is hidden behind `impl Trait` does not become what a variable stands for (rustc: `expected_inputs_for_expected_output`).
  if (result.k === "infer" && (f.table.resolve(wanted).flags & HAS_OPAQUE) !== 0) return null;
  return f.table.probe(() => (f.table.unify(result, wanted) ? formal.map((ty) => f.table.resolve(ty)) : null));
}

/** `receiver.name(args)`. */
export function checkMethod(f: Fcx, expr: Expr & { readonly k: "method" }, expect: Expect): Ty {
  f.nodes++;
  const receiver = numberKnown(f, structurally(f, f.checkExpr(f, expr.receiver, null)));
  const pick = pickMethod(f, expr, receiver);
  if (pick.k === "method") return confirm(f, expr, pick, expect);
  for (const arg of expr.args) f.checkExpr(f, arg, null);
  const known = f.table.shallow(receiver);
  const candidates: readonly DefId[] = pick.k === "unresolved" ? pick.candidates.slice(0, 8) : [];
  const reason = known.k === "unknown" ? known.reason : pick.k === "stuck" ? "not-inferred" : pick.reason;
  const text = `.${expr.name}()`;
  f.tables.exprResolutions.set(expr.id, { k: "unresolved", reason, text, candidates });
  return fail(f, expr, reason, text);
}

/** Which number it is may follow from what is pending; its methods are those of its default otherwise. */
function numberKnown(f: Fcx, receiver: Ty): Ty {
  if (receiver.k !== "infer" || receiver.kind === "general") return receiver;
  solve(f);
  return f.table.shallow(receiver);
}

function pickMethod(f: Fcx, expr: Expr & { readonly k: "method" }, receiver: Ty): MethodPick {
  const request = { receiver, name: expr.name, generics: expr.generics, scope: f.scope };
  const pick = f.ctx.probeMethod(f.table, request);
  if (pick.k !== "stuck") return pick;
  solve(f);
  return f.ctx.probeMethod(f.table, { ...request, receiver: f.table.shallow(receiver) });
}

function confirm(
  f: Fcx,
  expr: Expr & { readonly k: "method" },
  pick: MethodPick & { readonly k: "method" },
  expect: Expect,
): Ty {
  adjust(f, expr.receiver, receiverAdjustments(f, pick, f.tables.exprTys[expr.receiver.id]));
  if (pick.autoref === "mut" || (pick.autoref === "none" && isMutRef(f, pick.self))) makeMutable(f, expr.receiver);
  f.tables.exprResolutions.set(expr.id, { k: "def", def: pick.def, args: pick.args });
  checkArgs(f, expr, pick.sig.params.slice(1), pick.sig.ret, expr.args, expect, pick.sig.variadic);
  return pick.sig.ret;
}

function isMutRef(f: Fcx, ty: Ty): boolean {
  const known = f.table.shallow(ty);
  return known.k === "ref" && known.mut;
}

function receiverAdjustments(
  f: Fcx,
  pick: MethodPick & { readonly k: "method" },
  receiver: Ty | undefined,
): readonly Adjustment[] {
  const { tys } = f.ctx;
  const found = derefAdjustments(f, pick.derefs);
  const before = f.table.shallow(found.at(-1)?.to ?? receiver ?? unknown(f, "not-inferred"));
  switch (pick.autoref) {
    case "none":
      // A `&mut` receiver is lent, not given away.
      if (before.k === "ref" && before.mut)
        found.push({ k: "deref", to: before.inner }, { k: "borrow", mut: true, raw: false, to: before });
      break;
    case "shared":
    case "mut": {
      const mut = pick.autoref === "mut";
      found.push({ k: "borrow", mut, raw: false, to: pick.unsize ? tys.ref(before, mut) : pick.self });
      break;
    }
    case "const-ptr":
      if (before.k === "ptr")
        found.push({ k: "deref", to: before.inner }, { k: "borrow", mut: false, raw: true, to: pick.self });
      break;
    default:
      unreachable(pick.autoref);
  }
  if (pick.unsize) found.push({ k: "unsize", from: found.at(-1)?.to ?? before, to: pick.self });
  return found;
}

function unreachable(value: never): never {
  return value;
}
