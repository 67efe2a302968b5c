/**
 * The types layer of one program: ties its modules together behind `Types` (api.ts) and, for inference of bodies, `TypeCtx`.
 */
import type { DefId, Names } from "../names/defs.ts";
import type { Types } from "./api.ts";
import { resolveAssoc } from "./assoc.ts";
import { autoderef, derefOnce } from "./autoderef.ts";
import { awaitOutput, callableSig, expectedClosure } from "./closures.ts";
import { constValue, lowerConst } from "./const-value.ts";
import type { InferredBody, InferTable, TypeCtx } from "./context.ts";
import { asking, type Core, genericParent, newMemo } from "./core.ts";
import {
  asyncRet,
  fieldNames,
  fieldTys,
  fnSig,
  implSelfTy,
  implTraitRef,
  opaqueBounds,
  opaqueNodes,
  typeOf,
} from "./declared.ts";
import {
  dropImpl,
  implementsTrait,
  isCopy,
  needsDrop,
  resolveMember,
  revealOpaque,
  selectSeenThrough,
} from "./dispatch.ts";
import { envFrom, envOf } from "./env.ts";
import { boundsInScope, genericsOf, itemBounds, paramsOf, superIds, superRefs } from "./generics.ts";
import { createTable, type Table, type TableHooks } from "./infer-table.ts";
import { createInterner } from "./intern.ts";
import { alignOf, sizeOf } from "./layout.ts";
import { lowerTypeRef, selfTyOf } from "./lower-type.ts";
import { probeMethod } from "./method-probe.ts";
import { lowerOwnArgs, resolvePath } from "./path-res.ts";
import { printTy } from "./print.ts";
import { isTrivial } from "./roles.ts";
import { evaluate, solvePending } from "./solve-goals.ts";
import { normalizeIn, normalizeProj, opaqueOfImpl } from "./solve-normalize.ts";
import { selectStep } from "./solve-select.ts";
import { mapPredicate, mapSig, substTy } from "./subst.ts";
import type { Ty } from "./ty.ts";
import type { BodyFacts } from "./typed-body.ts";
import { unsizes } from "./unsize.ts";

/** What comes from outside the core. */
export interface TypesHooks {
  /** Inference of one body (infer.ts); null where the definition has none. */
  inferBody(ctx: TypeCtx, def: DefId): InferredBody | null;
  /** A pack function that gives one of its arguments back: which one. */
  passesArgument?(def: DefId): number | null;
  /** Does a pack function fill a cell that it is given? */
  fillsCell?(def: DefId): boolean;
}

/** The types of a program. */
export function createTypes(names: Names, hooks: TypesHooks): Types {
  const core = createCore(names, hooks);
  const { tys } = core;
  return {
    names,
    genericsOf: core.genericsOf,
    fnSig: core.fnSig,
    typeOf: core.typeOf,
    fieldTys: core.fieldTys,
    implTraitRef: core.implTraitRef,
    implSelfTy: core.implSelfTy,
    subst: core.subst,
    normalize: (ty, env, reveal = false) => core.normalizeIn(ty, core.envFrom(env), reveal),
    select: (ref, env) => selectSeenThrough(core, ref, core.envFrom(env)),
    implements: (ref, env) => implementsTrait(core, ref, core.envFrom(env)),
    resolveMember: (member, args, env = []) => core.resolveMember(member, args, env),
    dropImpl: (ty) => dropImpl(core, ty),
    isCopy: (ty, env) => isCopy(core, ty, core.envFrom(env)),
    needsDrop: (ty) => needsDrop(core, ty),
    reveal: (ty) => core.revealOpaque(ty, core.envFrom([])),
    typedBody: core.inferred,
    bodyFacts: core.bodyFacts,
    shed: (def) => core.shed(def),
    forget: (def) => core.forget(def),
    // Which of two is compiled is not known, and so is not their value.
    constValue: (def, args) => (names.alternativesOf(def).defs.length > 0 ? null : core.constValue(def, args)),
    sizeOf: core.sizeOf,
    alignOf: core.alignOf,
    print: core.print,
    refTo: tys.ref,
    ptrTo: (ty) => tys.ptr(ty, true),
    tupleOf: tys.tuple,
    boolTy: tys.prim("bool"),
    adt: tys.adt,
    projection: (assoc, args) => core.normalizeIn(tys.proj(assoc, args), core.envFrom([]), true),
    unknown: tys.unknown,
    passesArgument: (def) => hooks.passesArgument?.(def) ?? null,
    fillsCell: (def) => hooks.fillsCell?.(def) ?? false,
    closureTy: (def, closure) => tys.closure(def, closure, core.identityArgs(def)),
    fieldNames: core.fieldNames,
    formatMethod: (trait) => core.member(names.byPath(`core::fmt::${trait}`), "fmt"),
    formatterRef: () => {
      const formatter = core.lang("Formatter") ?? names.byPath("core::fmt::Formatter");
      return formatter === null ? tys.unknown("unresolved-path") : tys.ref(tys.adt(formatter, []), true);
    },
  };
}

/** The core with all its parts. Exported for tests of single parts. */
export function createCore(names: Names, hooks: TypesHooks): Core {
  const tys = createInterner();
  const memo = newMemo();
  const bodies = new Map<DefId, InferredBody | null>();
  const facts = new Map<DefId, BodyFacts>();
  const active = new Set<DefId>();
  const asTable = (table: InferTable): Table => table as Table;
  const identity = new Map<DefId, readonly Ty[]>();
  const tableHooks: TableHooks = {
    normalizeProj: (table, assoc, args) => normalizeProj(core, table, assoc, args),
    normalizeOpaque: (table, ty) => asking(core, () => opaqueOfImpl(core, ty, table.env)) ?? ty,
    solvePending: (table) => solvePending(core, table),
    trivial: (predicate) => isTrivial(core, predicate),
    fallback: (table) => fallback(core, table),
  };
  const core: Core = {
    names,
    tys,
    memo,
    solving: {
      stack: new Map(),
      open: new Map(),
      lowest: Number.POSITIVE_INFINITY,
      nesting: 0,
      level: 0,
      fuel: 0,
      projections: 0,
    },
    lang: (name) => cached(memo.langs, name, () => names.langItem(name)),
    member: (owner, name, kind = "fn") =>
      owner === null
        ? null
        : cached(cached(memo.members[kind], name, newByOwner), owner, () => findMember(names, owner, name, kind)),
    params: (def) => paramsOf(core, def),
    opaqueNodes: (def) => opaqueNodes(core, def),
    superRefs: (trait) => superRefs(core, trait),
    superIds: (trait) => superIds(core, trait),
    itemBounds: (assoc) => itemBounds(core, assoc),
    boundsInScope: (subject, scope, wanted) => boundsInScope(core, subject, scope, wanted),
    normalizeIn: (ty, env, reveal = false) => normalizeIn(core, ty, env, reveal),
    revealOpaque: (ty, env) => revealOpaque(core, ty, env),
    resolveMember: (member, args, env) => resolveMember(core, member, args, env),
    genericsOf: (def) => genericsOf(core, def),
    fnSig: (def) => fnSig(core, def),
    asyncRet: (def) => asyncRet(core, def),
    typeOf: (def) => typeOf(core, def),
    fieldTys: (def) => fieldTys(core, def),
    fieldNames: (def) => fieldNames(core, def),
    implTraitRef: (impl) => implTraitRef(core, impl),
    implSelfTy: (impl) => implSelfTy(core, impl),
    opaqueBounds: (def, index) => opaqueBounds(core, def, index),
    subst: (ty, args) => substTy(tys, ty, args),
    substPredicate: (predicate, args) => mapPredicate(predicate, (ty) => substTy(tys, ty, args)),
    identityArgs: (def) =>
      cached(identity, def, () =>
        core.params(def).params.map((info, index) => tys.param(info.owner, index, info.name)),
      ),
    genericsOwner: (def) => (names.def(def).kind === "variant" ? (genericParent(core, def) ?? def) : def),
    envOf: (def) => envOf(core, def),
    envFrom: (predicates) => envFrom(core, predicates),
    selfTyOf: (scope) => selfTyOf(core, scope),
    lowerType: (ty, scope, options = {}) => lowerTypeRef(core, ty, scope, options),
    lowerConst: (scope, source, start, end) => lowerConst(core, scope, source, start, end),
    constValue: (def, args) => constValue(core, def, args),
    sizeOf: (ty) => sizeOf(core, ty),
    alignOf: (ty) => alignOf(core, ty),
    newTable: (env, body) => createTable(core, env, body, tableHooks),
    autoderef: (table, ty, unsize = false) => autoderef(core, asTable(table), ty, unsize),
    derefOnce: (table, ty, explicit) => derefOnce(core, asTable(table), table.resolve(ty), explicit),
    probeMethod: (table, request) => probeMethod(core, asTable(table), request),
    resolveAssoc: (table, request) => resolveAssoc(core, asTable(table), request),
    resolvePath: (table, path, ns, scope) => resolvePath(core, asTable(table), path, ns, scope),
    lowerOwnArgs: (table, def, generics, scope) => lowerOwnArgs(core, asTable(table), def, generics, scope),
    instantiate: (table, ty, args) => table.normalize(substTy(tys, ty, args)),
    instantiateSig: (table, def, args) => mapSig(core.fnSig(def), (ty) => table.normalize(substTy(tys, ty, args))),
    registerPredicates: (table, def, args) => {
      for (const predicate of core.genericsOf(core.genericsOwner(def)).predicates)
        table.register(core.substPredicate(predicate, args));
    },
    callableSig: (table, ty) => callableSig(core, asTable(table), ty),
    expectedClosure: (table, ty) => expectedClosure(core, asTable(table), ty),
    unsizes: (table, from, to) => unsizes(core, asTable(table), from, to),
    holds: (table, ref) => evaluate(core, asTable(table), { k: "trait", ref }),
    selectIn: (table, ref) => {
      const step = asking(core, () => selectStep(core, asTable(table), ref, 0));
      if (step.k === "maybe") return { k: "ambiguous", candidates: step.candidates };
      if (step.k === "no") return { k: "none" };
      for (const predicate of step.nested) asTable(table).push(predicate, 1);
      table.solvePending();
      const { selection } = step;
      return selection.k === "impl" ? { ...selection, args: selection.args.map(table.resolve) } : selection;
    },
    isCopyIn: (table, ty) => {
      const trait = core.lang("copy");
      return trait !== null && evaluate(core, asTable(table), { k: "trait", ref: { trait, args: [ty] } }) === "yes";
    },
    awaitOutput: (table, ty) => awaitOutput(core, asTable(table), ty),
    print: (ty) => printTy(names, ty, (adt) => withoutDefaults(core, adt)),
    forget: (def) => {
      core.shed(def);
      facts.delete(def);
    },
    shed: (def) => {
      bodies.delete(def);
      names.forgetBody(def);
    },
    bodyFacts: (def) => facts.get(def) ?? core.inferred(def)?.facts ?? null,
    inferred: (def) => {
      const known = bodies.get(def);
      if (known !== undefined) return known;
      // A body that is asked for while it is being inferred: what is not there yet is unknown.
      if (active.has(def)) return null;
      active.add(def);
      try {
        const body = hooks.inferBody(core, def);
        bodies.set(def, body);
        if (body !== null) facts.set(def, body.facts);
        return body;
      } finally {
        active.delete(def);
      }
    },
  };
  return core;
}

/** Numbers without a type become i32 and f64; then whatever that decides. */
function fallback(core: Core, table: Table): void {
  table.solvePending();
  for (const { variable, kind } of table.unboundNumbers()) {
    table.unify(variable, core.tys.prim(kind === "int" ? "i32" : "f64"));
  }
  table.solvePending();
}

const newByOwner = (): Map<DefId, DefId | null> => new Map();

function findMember(names: Names, owner: DefId, name: string, kind: "fn" | "type-alias" | "const"): DefId | null {
  return (
    names.def(owner).children.find((child) => names.def(child).kind === kind && names.def(child).name === name) ?? null
  );
}

function cached<K, V>(table: Map<K, V>, key: K, compute: () => V): V {
  const known = table.get(key);
  if (known !== undefined) return known;
  const value = compute();
  table.set(key, value);
  return value;
}

/** Trailing arguments that a type would have if nobody wrote them are left out. */
function withoutDefaults(core: Core, { def, args }: Ty & { readonly k: "adt" }): readonly Ty[] {
  const { params } = core.genericsOf(def);
  let shown = args.length;
  while (shown > 0) {
    const usual = params[shown - 1]?.default ?? null;
    if (usual === null || core.subst(usual(), args).id !== args[shown - 1]?.id) break;
    shown -= 1;
  }
  return args.slice(0, shown);
}
