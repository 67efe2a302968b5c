/**
 * Inference of one body: a function's, or the initialiser of a constant, static or enum discriminant.
 *
 * Input: a definition. Output: its facts (`TypedBody`), generic in the definition's own parameters, as rustc's typeck results. The
 * order is rustc's: parameters, the body with what is expected of it, pending obligations, fallback, casts, captures.
 * Null where the definition has no body. Throws for nothing; what stays unknown has a reason.
 */
import type { DefId, ExpandedBody } from "../names/defs.ts";
import { coerce } from "./coerce.ts";
import type { InferredBody, InferTable, TypeCtx } from "./context.ts";
import { checkBlock, checkStmts } from "./infer-control.ts";
import { checkExpr } from "./infer-expr.ts";
import { finish } from "./infer-finish.ts";
import { newLocals } from "./infer-locals.ts";
import { checkPat } from "./infer-pat.ts";
import { type Fcx, has } from "./infer-state.ts";
import { newTables } from "./infer-tables.ts";
import { ASYNC_FN, HAS_OPAQUE } from "./intern.ts";
import { joinExpr, newJoin } from "./join.ts";
import { foldTy } from "./subst.ts";
import type { Ty } from "./ty.ts";
import { type Signature, writeBack } from "./writeback.ts";

/** Facts of the body of `def`; null where there is none. */
export function inferBody(ctx: TypeCtx, def: DefId): InferredBody | null {
  const inferred = inferFully(ctx, def);
  return inferred === null ? null : inferred.body;
}

/** The same, with the state of inference (for tests and tools that look at mismatches). */
export function inferFully(ctx: TypeCtx, def: DefId): { readonly body: InferredBody; readonly fcx: Fcx } | null {
  const expanded = ctx.names.body(def);
  if (expanded === null) return null;
  const f = newFcx(ctx, def, expanded);
  const signature = ctx.names.def(def).kind === "fn" ? checkFn(f) : checkInitialiser(f);
  const captures = finish(f);
  return { body: writeBack(f, signature, captures), fcx: f };
}

function newFcx(ctx: TypeCtx, def: DefId, expanded: ExpandedBody): Fcx {
  const env = ctx.envOf(def);
  const table: InferTable = ctx.newTable(env, def);
  return {
    ctx,
    def,
    expanded,
    env,
    table,
    scope: expanded.scope,
    tables: newTables(),
    locals: newLocals(),
    frames: [],
    closures: new Map(),
    asyncs: new Map(),
    closureCalls: [],
    bindingTys: new Map(),
    casts: [],
    laterOperators: [],
    failures: [],
    mismatches: [],
    lowered: new Map(),
    diverging: [],
    diverges: false,
    depth: 0,
    steps: 0,
    nodes: 0,
    checkExpr,
    checkBlock,
    checkStmts,
  };
}

function checkFn(f: Fcx): Signature {
  const { ctx, table } = f;
  const args = ctx.identityArgs(f.def);
  const sig = ctx.instantiateSig(table, f.def, args);
  const hidden = new Map<number, Ty>();
  const declared = sig.async ? ctx.instantiate(table, ctx.asyncRet(f.def), args) : sig.ret;
  const ret = openHidden(f, declared, hidden);
  const { body } = f.expanded;
  let next = 0;
  if (sig.hasSelf || body.selfParam !== null) {
    const self = sig.params[0];
    if (self !== undefined) f.bindingTys.set(-1, self);
    next = 1;
  }
  for (const [index, param] of body.params.entries()) checkPat(f, param.pat, sig.params[next + index] ?? table.fresh());
  const join = newJoin(ret);
  f.frames.push({ ret, join, breakables: [] });
  joinExpr(f, join, body.root, checkExpr(f, body.root, has(ret)));
  f.frames.pop();
  return { params: sig.params, ret: declared, hidden };
}

/** The function's own `impl Trait`s stand for what its body gives: variables with the declared bounds. */
function openHidden(f: Fcx, declared: Ty, hidden: Map<number, Ty>): Ty {
  const { ctx, table } = f;
  return foldTy(ctx.tys, declared, HAS_OPAQUE, (ty) => {
    if (ty.k !== "opaque" || ty.def !== f.def || ty.index >= ASYNC_FN) return null;
    const known = hidden.get(ty.index);
    if (known !== undefined) return known;
    const variable = table.fresh();
    hidden.set(ty.index, variable);
    const own = (inner: Ty): Ty => foldTy(ctx.tys, inner, HAS_OPAQUE, (one) => (one === ty ? variable : null));
    for (const bound of ctx.opaqueBounds(f.def, ty.index)) {
      if (bound.k === "trait")
        table.register({ k: "trait", ref: { trait: bound.ref.trait, args: bound.ref.args.map(own) } });
      else table.register({ ...bound, args: bound.args.map(own), ty: openHidden(f, own(bound.ty), hidden) });
    }
    return variable;
  });
}

function checkInitialiser(f: Fcx): Signature {
  const { ctx } = f;
  const declared = ctx.names.def(f.def).kind === "variant" ? ctx.tys.prim("isize") : ctx.typeOf(f.def);
  const ret = f.table.normalize(declared);
  const join = newJoin(ret);
  f.frames.push({ ret, join, breakables: [] });
  const found = checkExpr(f, f.expanded.body.root, has(ret));
  if (ctx.names.def(f.def).kind === "variant") f.table.unify(found, ret);
  else coerce(f, f.expanded.body.root, found, ret);
  f.frames.pop();
  return { params: [], ret, hidden: new Map() };
}
