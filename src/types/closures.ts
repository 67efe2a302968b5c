/**
 * Calling values, and what a closure is expected to be.
 *
 * `callableSig`: the signature behind a call expression's callee, through Fn* bounds where it is no function itself.
 * `expectedClosure`: what pending obligations on a variable, or the bounds of a known type, say of the closure to come.
 */
import type { DefId } from "../names/defs.ts";
import { callableOf } from "./callable.ts";
import type { CallableSig, ClosureKind } from "./context.ts";
import { asking, type Core } from "./core.ts";
import { elaborate } from "./env.ts";
import type { Table } from "./infer-table.ts";
import { callRole } from "./roles.ts";
import { declaredBounds, normalEnv } from "./solve-candidates.ts";
import { evaluate, solveAll } from "./solve-goals.ts";
import type { Predicate, Ty } from "./ty.ts";

const roles: readonly { readonly lang: string; readonly kind: ClosureKind }[] = [
  { lang: "fn", kind: "fn" },
  { lang: "fn_mut", kind: "fn-mut" },
  { lang: "fn_once", kind: "fn-once" },
];

/** Null: not callable, or not known yet. */
export function callableSig(core: Core, table: Table, start: Ty): CallableSig | null {
  const ty = table.normalize(table.resolve(start));
  const direct = callableOf(core, table, ty);
  if (direct !== null) {
    return {
      params: direct.params,
      ret: direct.ret,
      variadic: direct.variadic,
      via: ty.k === "closure" ? "closure" : "direct",
      kind: direct.kind ?? "fn-once",
    };
  }
  if (ty.k === "infer" || ty.k === "unknown" || ty.k === "prim" || ty.k === "tuple") return null;
  for (const { lang, kind } of roles) {
    const trait = core.lang(lang);
    if (trait === null) continue;
    const args = table.fresh();
    const ref = { trait, args: [ty, args] };
    if (evaluate(core, table, { k: "trait", ref }) === "no") continue;
    asking(core, () => table.attempt(() => solveAll(core, table, [{ k: "trait", ref }], 0) !== "no"));
    const tuple = table.shallow(args);
    if (tuple.k !== "tuple") continue;
    return {
      params: tuple.elems.map(table.resolve),
      ret: outputOf(core, table, ty, tuple),
      variadic: false,
      via: "bound",
      kind,
    };
  }
  return null;
}

function outputOf(core: Core, table: Table, ty: Ty, args: Ty): Ty {
  const output = core.member(core.lang("fn_once"), "Output", "type-alias");
  return output === null
    ? core.tys.unknown("unresolved-projection")
    : table.normalize(core.tys.proj(output, [ty, args]));
}

/** Parameters, result and kind that are asked of a closure of this type; null where nothing is known. */
export function expectedClosure(
  core: Core,
  table: Table,
  start: Ty,
): { readonly params: readonly Ty[] | null; readonly ret: Ty | null; readonly kind: ClosureKind | null } | null {
  const ty = table.normalize(table.resolve(start));
  if (ty.k === "fn-ptr") return { params: ty.params, ret: ty.ret, kind: null };
  const predicates = elaborate(core, predicatesOn(core, table, ty));
  let params: readonly Ty[] | null = null;
  let kind: ClosureKind | null = null;
  let ret: Ty | null = null;
  let found = false;
  for (const predicate of predicates) {
    const role = callRole(
      core,
      predicate.k === "trait" ? predicate.ref.trait : (core.names.def(predicate.assoc).parent ?? (-1 as DefId)),
    );
    if (role === null) continue;
    const args = predicate.k === "trait" ? predicate.ref.args : predicate.args;
    if (args[0] === undefined || table.shallow(args[0]) !== ty) continue;
    found = true;
    const tuple = args[1] === undefined ? null : table.shallow(table.normalize(table.resolve(args[1])));
    if (params === null && tuple?.k === "tuple")
      params = tuple.elems.map((elem) => table.normalize(table.resolve(elem)));
    if (predicate.k === "projection") ret ??= table.normalize(table.resolve(predicate.ty));
    else kind = strongest(kind, role);
  }
  return found ? { params, ret, kind } : null;
}

function predicatesOn(core: Core, table: Table, ty: Ty): readonly Predicate[] {
  if (ty.k === "infer") return table.pendingOn(ty);
  if (ty.k === "param" || ty.k === "proj") return [...normalEnv(core, table), ...declaredBounds(core, ty)];
  return declaredBounds(core, ty);
}

/** `Fn` says more than `FnMut`, which says more than `FnOnce`. */
function strongest(a: ClosureKind | null, b: ClosureKind): ClosureKind {
  const rank: Readonly<Record<ClosureKind, number>> = { fn: 2, "fn-mut": 1, "fn-once": 0 };
  return a !== null && rank[a] >= rank[b] ? a : b;
}

/** What awaiting gives. */
export function awaitOutput(core: Core, table: Table, start: Ty): Ty {
  const ty = table.normalize(table.resolve(start));
  const future = core.lang("future_trait");
  const direct = core.member(future, "Output", "type-alias");
  const into = core.lang("into_future");
  const trait = into === null ? null : core.names.def(into).parent;
  const viaInto = core.member(trait, "Output", "type-alias");
  if (
    future !== null &&
    direct !== null &&
    evaluate(core, table, { k: "trait", ref: { trait: future, args: [ty] } }) !== "no"
  ) {
    return table.normalize(core.tys.proj(direct, [ty]));
  }
  return viaInto === null ? core.tys.unknown("unresolved-projection") : table.normalize(core.tys.proj(viaInto, [ty]));
}
