/**
 * From the tables of inference to the facts of a body: every type with its variables replaced.
 *
 * Operators that turned out to be built in lose their calls; `?` between `Result`s gets its `From::from`; calls of
 * closures get the Fn* trait of their kind. A node whose type stayed open is unknown("not-inferred") and listed.
 */
import type { Span } from "../base/span.ts";
import type { TypeRef } from "../syntax/ast.ts";
import type { Expr, Pat } from "../syntax/ast-body.ts";
import type { InferredBody } from "./context.ts";
import { fnTraitMethod } from "./infer-call.ts";
import type { CaptureFacts } from "./infer-finish.ts";
import { isBuiltinCall } from "./infer-ops.ts";
import { type Failure, type Fcx, unknown } from "./infer-state.ts";
import { isPat, type OperatorCall } from "./infer-tables.ts";
import { errorConversion } from "./infer-try.ts";
import { ASYNC_BLOCK } from "./intern.ts";
import type { Ty } from "./ty.ts";
import type { Adjustment, BodyFacts, ClosureFacts, Resolution } from "./typed-body.ts";
import { visitBody } from "./visit-body.ts";

export interface Signature {
  readonly params: readonly Ty[];
  readonly ret: Ty;
  readonly hidden: ReadonlyMap<number, Ty>;
}

type Capture = ClosureFacts["captures"][number];

function finalCapture(one: Capture, final: (ty: Ty) => Ty): Capture {
  return { ...one, path: one.path.map(({ index, ty }) => ({ index, ty: final(ty) })), ty: final(one.ty) };
}

/** The finished facts. */
export function writeBack(f: Fcx, signature: Signature, captures: ReadonlyMap<number, CaptureFacts>): InferredBody {
  const final = (ty: Ty): Ty => f.table.final(f.table.normalize(f.table.resolve(ty)));
  const missing = unknown(f, "not-inferred");
  const exprTys = f.tables.exprTys.map((ty) => (ty === undefined ? missing : final(ty)));
  const patTys = f.tables.patTys.map((ty) => (ty === undefined ? missing : final(ty)));
  const adjustments = mapValues(f.tables.adjustments, (list) =>
    list.map((one) => finalAdjustment(one, final)).filter(isAdjusting),
  );
  const patDerefs = mapValues(f.tables.patDerefs, (list) => list.map(final));
  const exprResolutions = mapValues(f.tables.exprResolutions, (one) => finalResolution(one, final));
  const patResolutions = mapValues(f.tables.patResolutions, (one) => finalResolution(one, final));
  const operatorCalls = mapValues(f.tables.operatorCalls, (list) =>
    list.map((one) => ({ ...one, args: one.args.map(final) })),
  );
  const closures = new Map<number, ClosureFacts>();
  const exprs = new Map<number, Expr>();
  for (const [index, state] of f.closures) {
    const facts = captures.get(index);
    exprs.set(index, state.expr);
    closures.set(index, {
      span: state.expr.span,
      label: `closure#${index}`,
      params: state.params.map(final),
      ret: final(state.ret),
      kind: facts?.kind ?? "fn-once",
      captures: (facts?.captures ?? []).map((one) => finalCapture(one, final)),
    });
  }
  for (const [ordinal, [index, expr]] of [...f.asyncs].sort(([left], [right]) => left - right).entries()) {
    const facts = captures.get(index);
    exprs.set(index, expr);
    closures.set(index, {
      span: expr.span,
      label: `async#${ordinal}`,
      params: expr.k === "closure" ? (f.closures.get(expr.closure)?.params ?? []).map(final) : [],
      ret: final(f.table.asyncOutputs.get(index) ?? missing),
      kind: "fn-once",
      captures: (facts?.captures ?? []).map((one) => finalCapture(one, final)),
    });
  }
  const open: Failure[] = [];
  const exprTy = (expr: Expr): Ty => exprTys[expr.id] ?? missing;
  const adjusted = (expr: Expr): Ty => adjustments.get(expr.id)?.at(-1)?.to ?? exprTy(expr);
  const failed = new Set<Expr | Pat>(f.failures.map((one) => one.node));
  const ret = (stack: readonly Ty[]): Ty => stack.at(-1) ?? final(signature.ret);
  visitBody(f.expanded.body, {
    expr: (expr, rets) => {
      const calls = operatorCalls.get(expr.id);
      if (calls !== undefined) finishCalls(f, operatorCalls, expr, calls, adjusted, ret(rets));
      else if (expr.k === "call") closureCall(f, operatorCalls, closures, expr, adjusted(expr.callee));
      if (
        (expr.k === "method" || expr.k === "call" || expr.k === "closure") &&
        isOpen(exprTy(expr)) &&
        !failed.has(expr)
      ) {
        open.push({ node: expr, reason: "not-inferred", text: expr.k === "method" ? `.${expr.name}()` : expr.k });
      }
    },
    pat: (pat) => {
      if (pat.k === "ident" && isOpen(patTys[pat.id] ?? missing))
        open.push({ node: pat, reason: "not-inferred", text: pat.name });
    },
    frameRet: (expr) =>
      expr.k === "closure" ? (closures.get(expr.closure)?.ret ?? missing) : asyncRet(f, expr, final),
  });
  const facts = factsOf(closures, f.expanded.body.root.span, unknown(f, "limit"), {
    hiddenTypes: mapValues(signature.hidden, final),
    asyncOutputs: mapValues(f.table.asyncOutputs, final),
  });
  return {
    def: f.def,
    facts,
    expanded: f.expanded,
    params: signature.params.map(final),
    ret: final(signature.ret),
    exprTy,
    patTy: (pat) => patTys[pat.id] ?? missing,
    adjustments: (expr) => adjustments.get(expr.id) ?? none,
    patDerefs: (pat) => patDerefs.get(pat.id) ?? none,
    binding: (pat) => f.tables.bindings.get(pat.id) ?? "move",
    resolution: (node) => (isPat(node) ? patResolutions : exprResolutions).get(node.id) ?? null,
    operatorCalls: (expr) => operatorCalls.get(expr.id) ?? none,
    fieldIndex: (expr) => f.tables.fieldIndices.get(expr.id) ?? null,
    closure: facts.closure,
    closureExpr: (index) => exprs.get(index) ?? noExpr(f.expanded.body.root.span, index),
    lowerType: (ty) => finalLowered(f, ty, final),
    unresolved: [...f.failures, ...open],
    counted: { nodes: f.nodes, resolved: f.nodes - f.failures.filter((one) => isCounted(one)).length },
  };
}

/** The facts by themselves: they outlive what they were worked out from, and must not hold on to it. */
function factsOf(
  closures: ReadonlyMap<number, ClosureFacts>,
  span: Span,
  limit: Ty,
  hidden: Pick<BodyFacts, "hiddenTypes" | "asyncOutputs">,
): BodyFacts {
  return {
    closures,
    closure: (index) =>
      closures.get(index) ?? { span, label: `closure#${index}`, params: [], ret: limit, kind: "fn-once", captures: [] },
    ...hidden,
  };
}

const none: readonly never[] = [];

/** Failures of nodes that are counted: paths, methods, macros, constructors. */
function isCounted(failure: Failure): boolean {
  const { k } = failure.node;
  return k === "path" || k === "method" || k === "macro" || k === "struct" || k === "tuple-struct" || k === "ident";
}

function isOpen(ty: Ty): boolean {
  return ty.k === "unknown" && ty.reason === "not-inferred";
}

function mapValues<K, A, B>(map: ReadonlyMap<K, A>, to: (value: A) => B): Map<K, B> {
  const out = new Map<K, B>();
  for (const [key, value] of map) out.set(key, to(value));
  return out;
}

function finalAdjustment(one: Adjustment, final: (ty: Ty) => Ty): Adjustment {
  switch (one.k) {
    case "deref":
    case "borrow":
    case "never-to-any":
      return { ...one, to: final(one.to) };
    case "overloaded-deref":
      return { ...one, selfTy: final(one.selfTy), to: final(one.to) };
    case "unsize":
    case "reify":
      return { ...one, from: final(one.from), to: final(one.to) };
    default:
      return unreachable(one);
  }
}

/** A coercion between types that turned out to be the same is none. */
function isAdjusting(one: Adjustment): boolean {
  return (one.k !== "unsize" && one.k !== "reify") || one.from !== one.to;
}

function finalResolution(one: Resolution, final: (ty: Ty) => Ty): Resolution {
  if (one.k === "def") return { ...one, args: one.args.map(final) };
  return one.k === "const-param" ? { ...one, ty: final(one.ty) } : one;
}

function finishCalls(
  f: Fcx,
  table: Map<number, OperatorCall[]>,
  expr: Expr,
  calls: OperatorCall[],
  adjusted: (expr: Expr) => Ty,
  ret: Ty,
): void {
  const kept = calls.filter((call) => !isBuiltinCall(expr, call));
  if (expr.k === "try") {
    const conversion = errorConversion(f, adjusted(expr.operand), ret);
    if (conversion !== null) kept.push({ role: "from-error", ...conversion });
  }
  if (kept.length === 0) table.delete(expr.id);
  else table.set(expr.id, kept);
}

/** The call of a closure value goes through the trait of its kind. */
function closureCall(
  f: Fcx,
  table: Map<number, OperatorCall[]>,
  closures: ReadonlyMap<number, ClosureFacts>,
  expr: Expr & { readonly k: "call" },
  callee: Ty,
): void {
  if (callee.k !== "closure") return;
  const facts =
    callee.body === f.def ? closures.get(callee.closure) : f.ctx.bodyFacts(callee.body)?.closure(callee.closure);
  if (facts === undefined) return;
  const [lang, method] = fnTraitMethod(facts.kind);
  const def = f.ctx.member(f.ctx.lang(lang), method);
  if (def !== null) table.set(expr.id, [{ role: "op", def, args: [callee, f.ctx.tys.tuple(facts.params)] }]);
}

function asyncRet(f: Fcx, expr: Expr, final: (ty: Ty) => Ty): Ty {
  const output = f.table.asyncOutputs.get(ASYNC_BLOCK + expr.id);
  return output === undefined ? unknown(f, "not-inferred") : final(output);
}

function finalLowered(f: Fcx, ty: TypeRef, final: (ty: Ty) => Ty): Ty {
  const known = f.lowered.get(ty);
  return known === undefined ? f.ctx.lowerType(ty, f.expanded.scope) : final(known);
}

function noExpr(span: Span, index: number): Expr {
  return { k: "error", id: -1, span: { ...span }, attrs: [], reason: "limit", text: `closure ${index}` };
}

function unreachable(value: never): never {
  return value;
}
