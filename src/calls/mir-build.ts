/**
 * One body as MIR: functions, closures, initialisers of consts and statics.
 *
 * Input: what inference says of the definition. Output: control flow with drops elaborated (see `mir.ts`), generic in the
 * definition's own parameters. Async bodies are built as if polled to the end; making the future runs none of it.
 */
import type { Span } from "../base/span.ts";
import type { Expr } from "../syntax/ast-body.ts";
import type { Types } from "../types/api.ts";
import { ASYNC_BLOCK } from "../types/intern.ts";
import type { Ty } from "../types/ty.ts";
import type { ClosureFacts, TypedBody } from "../types/typed-body.ts";
import { elaborateDrops } from "./drop-elaboration.ts";
import type { BodyKey, Mir, Place } from "./mir.ts";
import {
  type Builder,
  consume,
  createBuilder,
  exitTo,
  finishBlocks,
  inScope,
  newLocal,
  project,
  RETURN_PLACE,
  scheduleDrop,
} from "./mir-builder.ts";
import { bindCaptures, capturesOf } from "./mir-captures.ts";
import { blockInto } from "./mir-control.ts";
import { exprInto } from "./mir-expr.ts";
import { futureInto } from "./mir-future.ts";
import { bindPattern, declareBindings } from "./mir-pattern.ts";
import { pruneBlocks } from "./mir-prune.ts";

/** Null where the definition has no body or the closure does not exist. */
export function buildMir(types: Types, key: BodyKey): Mir | null {
  const typed = types.typedBody(key.def);
  if (typed === null) return null;
  return key.closure === null ? functionMir(types, typed, key) : closureMir(types, typed, key, key.closure);
}

function functionMir(types: Types, typed: TypedBody, key: BodyKey): Mir {
  const { body } = typed.expanded;
  const builder = createBuilder(types, typed, key, typed.ret, body.root.span);
  const argCount = typed.params.length;
  builder.scopes.push({ drops: [], span: body.root.span });
  inScope(builder, body.root.span, true, () => {
    let next = 0;
    if (body.selfParam !== null) {
      const ty = typed.params[next] ?? typed.ret;
      const local = newLocal(builder, ty, "self", body.selfParam.span);
      builder.selfPlace = { local, proj: [] };
      scheduleDrop(builder, local, builder.scopes.length - 1);
      next += 1;
    }
    const rest = body.params.map((param, index) => ({
      pat: param.pat,
      ty: typed.params[next + index] ?? typed.patTy(param.pat),
    }));
    parameters(builder, rest);
    exprInto(builder, RETURN_PLACE, body.root);
    // Leaves the parameters' scope: their drops come last.
    exitTo(builder, 0, builder.returnBlock, body.root.span);
  });
  return finish(builder, key, body.root.span, argCount, []);
}

function closureMir(types: Types, typed: TypedBody, key: BodyKey, index: number): Mir | null {
  const facts = typed.closure(index);
  const expr = typed.closureExpr(index);
  if (index >= ASYNC_BLOCK) return futureMir(types, typed, key, facts, expr);
  if (expr.k !== "closure") return null;
  const builder = createBuilder(types, typed, key, facts.ret, expr.span);
  const selfTy = types.closureTy(key.def, index);
  const byRef = facts.kind !== "fn-once";
  const envTy = byRef ? types.refTo(selfTy, facts.kind === "fn-mut") : selfTy;
  builder.scopes.push({ drops: [], span: expr.span });
  inScope(builder, expr.span, true, () => {
    const env = newLocal(builder, envTy, null, expr.span);
    if (!byRef) scheduleDrop(builder, env, builder.scopes.length - 1);
    const base = byRef ? project({ local: env, proj: [] }, { k: "deref" }) : { local: env, proj: [] };
    bindCaptures(builder, facts, base);
    const rest = expr.params.map((param, position) => ({
      pat: param.pat,
      ty: facts.params[position] ?? typed.patTy(param.pat),
    }));
    if (expr.async) {
      const places = argumentPlaces(builder, rest);
      const args = rest.map(({ ty }, at) => consume(builder, places[at] ?? RETURN_PLACE, ty));
      futureInto(builder, RETURN_PLACE, expr, args);
    } else {
      parameters(builder, rest);
      exprInto(builder, RETURN_PLACE, expr.body);
    }
    exitTo(builder, 0, builder.returnBlock, expr.span);
  });
  return finish(builder, key, expr.span, expr.params.length + 1, capturesOf(facts));
}

/** The body of an async block or closure as if polled to the end; its one argument is the future. */
function futureMir(types: Types, typed: TypedBody, key: BodyKey, facts: ClosureFacts, expr: Expr): Mir | null {
  if (expr.k !== "closure" && expr.k !== "block") return null;
  const builder = createBuilder(types, typed, key, facts.ret, expr.span);
  const future = expr.k === "block" ? typed.exprTy(expr) : typed.closure(expr.closure).ret;
  builder.scopes.push({ drops: [], span: expr.span });
  inScope(builder, expr.span, true, () => {
    const env = newLocal(builder, future, null, expr.span);
    scheduleDrop(builder, env, builder.scopes.length - 1);
    bindCaptures(builder, facts, { local: env, proj: [] });
    if (expr.k === "block") blockInto(builder, RETURN_PLACE, expr.block);
    else {
      for (const [position, param] of expr.params.entries()) {
        const ty = facts.params[position] ?? typed.patTy(param.pat);
        const field = { k: "field", index: facts.captures.length + position, variant: null, ty } as const;
        declareBindings(builder, param.pat);
        bindPattern(builder, param.pat, project({ local: env, proj: [] }, field), ty);
      }
      exprInto(builder, RETURN_PLACE, expr.body);
    }
    exitTo(builder, 0, builder.returnBlock, expr.span);
  });
  return finish(builder, key, expr.span, 1, capturesOf(facts));
}

interface Param {
  readonly pat: (Expr & { k: "closure" })["params"][number]["pat"];
  readonly ty: Ty;
}

/** A local for each argument, dropped at the end. */
function argumentPlaces(builder: Builder, params: readonly Param[]): readonly Place[] {
  return params.map((param) => {
    const simple = param.pat.k === "ident" && param.pat.sub === null;
    const local = newLocal(
      builder,
      param.ty,
      simple && param.pat.k === "ident" ? param.pat.name : null,
      param.pat.span,
    );
    scheduleDrop(builder, local, builder.scopes.length - 1);
    return { local, proj: [] };
  });
}

/** Argument locals come first, in order; their patterns are bound after all of them exist. */
function parameters(builder: Builder, params: readonly Param[]): void {
  const places = argumentPlaces(builder, params);
  for (const [index, param] of params.entries()) {
    const place = places[index];
    if (place === undefined) continue;
    if (param.pat.k === "ident" && param.pat.sub === null && builder.typed.binding(param.pat) === "move") {
      builder.bindings.set(param.pat.id, place);
    } else {
      declareBindings(builder, param.pat);
      bindPattern(builder, param.pat, place, param.ty);
    }
  }
}

function finish(builder: Builder, key: BodyKey, span: Span, argCount: number, captures: Mir["captures"]): Mir {
  const draft: Mir = {
    key,
    span,
    locals: builder.locals,
    argCount,
    captures,
    blocks: finishBlocks(builder),
    blind: builder.blind,
    panicChecks: builder.panicChecks,
  };
  return pruneBlocks(elaborateDrops(builder.types, pruneBlocks(draft)));
}
