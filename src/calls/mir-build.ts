/**
 * One body as MIR: functions, closures, initialisers of consts and statics.
 *
 * Input: what inference says of the definition. Output: control flow with drops elaborated (see `mir.ts`), generic in the
 * definition's own parameters. Async bodies are built as if polled to the end; making the future runs none of it.
 */
import type { Span } from "../base/span.ts";
import type { Expr } from "../syntax/ast-body.ts";
import type { Types } from "../types/api.ts";
import type { Ty } from "../types/ty.ts";
import type { TypedBody } from "../types/typed-body.ts";
import { elaborateDrops } from "./drop-elaboration.ts";
import type { BodyKey, Mir } from "./mir.ts";
import {
  type Builder,
  createBuilder,
  exitTo,
  finishBlocks,
  inScope,
  newLocal,
  project,
  RETURN_PLACE,
  scheduleDrop,
} from "./mir-builder.ts";
import { exprInto } from "./mir-expr.ts";
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
  const { expr } = facts;
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
    for (const [field, capture] of facts.captures.entries()) {
      const reference = capture.mode !== "move";
      const ty = reference ? types.refTo(capture.ty, capture.mode === "ref-mut") : capture.ty;
      const place = project(base, { k: "field", index: field, variant: null, ty });
      const seen = reference ? project(place, { k: "deref" }) : place;
      if (capture.binding === -1) builder.selfPlace = seen;
      else builder.bindings.set(capture.binding, seen);
    }
    const rest = expr.params.map((param, position) => ({
      pat: param.pat,
      ty: facts.params[position] ?? typed.patTy(param.pat),
    }));
    parameters(builder, rest);
    exprInto(builder, RETURN_PLACE, expr.body);
    exitTo(builder, 0, builder.returnBlock, expr.span);
  });
  const captures = facts.captures.map((capture) => ({
    name: String(capture.binding),
    ty: capture.ty,
    byRef: capture.mode !== "move",
  }));
  return finish(builder, key, expr.span, expr.params.length + 1, captures);
}

/** Argument locals come first, in order; their patterns are bound after all of them exist. */
function parameters(
  builder: Builder,
  params: readonly { readonly pat: (Expr & { k: "closure" })["params"][number]["pat"]; readonly ty: Ty }[],
): void {
  const places = params.map((param) => {
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
