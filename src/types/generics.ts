/**
 * Generic parameters and what is required of them.
 *
 * Input: a definition. Output: its full parameter list (the parent's first; `Self` of a trait at 0; `impl Trait` arguments
 * last) and its predicates (the parent's first; bounds, where-clauses, `Self: Trait` inside a trait, `T: Trait<Assoc = X>` as
 * projections). What follows from predicates (supertraits) is added where an environment is made (env.ts), not here.
 */
import { pushAll } from "../base/push-all.ts";
import type { DefId, Scope } from "../names/defs.ts";
import type { BareItem, Bound, Generics, TypeRef } from "../syntax/ast.ts";
import { isAbout } from "./clause-subjects.ts";
import { type Core, genericParent, memoized, type ParamInfo, type Params } from "./core.ts";
import { lowerBounds, lowerTraitBound, ownParam, resolveTrait } from "./lower-args.ts";
import { substTy } from "./subst.ts";
import type { GenericsOf, Predicate, TraitRef, Ty } from "./ty.ts";

const noParams: Params = { params: [], parentCount: 0, implTraits: new Map() };
const noGenerics: Generics = { params: [], where: [] };

/** The parameter list. */
export function paramsOf(core: Core, def: DefId): Params {
  return memoized(
    core,
    core.memo.params,
    "params",
    def,
    () => noParams,
    () => computeParams(core, def),
  );
}

function computeParams(core: Core, def: DefId): Params {
  const parent = genericParent(core, def);
  const inherited = parent === null ? [] : core.params(parent).params;
  const { item, kind } = core.names.def(def);
  const scope = core.names.scopeOf(def);
  const own: ParamInfo[] = [];
  if (kind === "trait") own.push({ owner: def, name: "Self", kind: "self", default: null });
  if (kind !== "variant") {
    for (const param of genericsIn(item).params) own.push(paramInfo(core, def, param, scope));
  }
  const implTraits = new Map<TypeRef, number>();
  if (item?.k === "fn") {
    for (const param of item.params) {
      eachImplTrait(param.ty, (node) => {
        implTraits.set(node, inherited.length + own.length);
        own.push({ owner: def, name: `impl#${implTraits.size - 1}`, kind: "impl-trait", default: null });
      });
    }
  }
  return { params: [...inherited, ...own], parentCount: inherited.length, implTraits };
}

function paramInfo(core: Core, owner: DefId, param: Generics["params"][number], scope: Scope): ParamInfo {
  const { default: written } = param;
  if (param.k === "type") {
    const ty = param.default;
    return { owner, name: param.name, kind: "type", default: ty === null ? null : () => core.lowerType(ty, scope) };
  }
  const value = param.default;
  const lower =
    written === null || value === null ? null : (): Ty => core.lowerConst(scope, value.source, value.start, value.end);
  return { owner, name: param.name, kind: "const", default: lower };
}

/** The generics written on an item. */
export function genericsIn(item: BareItem | null): Generics {
  switch (item?.k) {
    case "fn":
    case "struct":
    case "enum":
    case "trait":
    case "impl":
    case "type-alias":
      return item.generics;
    default:
      return noGenerics;
  }
}

/** Parameters and predicates. */
export function genericsOf(core: Core, def: DefId): GenericsOf {
  const compute = (): GenericsOf => {
    const { params, parentCount } = core.params(def);
    const parent = genericParent(core, def);
    const inherited = parent === null ? [] : core.genericsOf(parent).predicates;
    const own = core.names.def(def).kind === "variant" ? [] : ownPredicates(core, def);
    return { params, parentCount, predicates: [...inherited, ...own] };
  };
  const cycle = (): GenericsOf => ({ ...core.params(def), predicates: [] });
  return memoized(core, core.memo.generics, "generics", def, cycle, compute);
}

function ownPredicates(core: Core, def: DefId): readonly Predicate[] {
  const { item, kind } = core.names.def(def);
  const scope = core.names.scopeOf(def);
  const written = genericsIn(item);
  const predicates: Predicate[] = [];
  if (kind === "trait") {
    predicates.push({ k: "trait", ref: { trait: def, args: core.identityArgs(def) } });
    if (item?.k === "trait")
      pushAll(predicates, lowerBounds(core, item.supertraits, core.tys.param(def, 0, "Self"), scope, {}));
  }
  for (const [index, param] of written.params.entries()) {
    if (param.k === "type") pushAll(predicates, lowerBounds(core, param.bounds, ownParam(core, def, index), scope, {}));
  }
  for (const clause of written.where) {
    pushAll(predicates, lowerBounds(core, clause.bounds, core.lowerType(clause.ty, scope), scope, {}));
  }
  for (const [node, index] of core.params(def).implTraits) {
    if (node.k !== "impl") continue;
    const info = core.params(def).params[index];
    const subject = core.tys.param(def, index, info?.name ?? "impl");
    pushAll(predicates, lowerBounds(core, node.bounds, subject, scope, { implTrait: { k: "param", owner: def } }));
  }
  return predicates;
}

/** What a trait requires of Self. */
export function superRefs(core: Core, trait: DefId): readonly Predicate[] {
  const compute = (): readonly Predicate[] => {
    const scope = core.names.scopeOf(trait);
    const self = core.tys.param(trait, 0, "Self");
    return superBounds(core, trait).flatMap((bound) => lowerBounds(core, [bound], self, scope, {}));
  };
  return memoized(core, core.memo.superRefs, "supers", trait, () => [], compute);
}

/** Supertraits by definition. */
export function superIds(core: Core, trait: DefId): readonly DefId[] {
  const compute = (): readonly DefId[] => {
    const scope = core.names.scopeOf(trait);
    return superBounds(core, trait).flatMap((bound) => resolveTrait(core, bound.path, scope) ?? []);
  };
  return memoized(core, core.memo.superIds, "super-ids", trait, () => [], compute);
}

function superBounds(core: Core, trait: DefId): readonly Bound[] {
  const { item } = core.names.def(trait);
  if (item?.k !== "trait") return [];
  const onSelf = item.generics.where.filter((clause) => isSelfPath(clause.ty)).flatMap((clause) => clause.bounds);
  return [...item.supertraits, ...onSelf].filter((bound) => !bound.maybe);
}

function isSelfPath(ty: TypeRef): boolean {
  return (
    ty.k === "path" && ty.path.qself === null && ty.path.segments.length === 1 && ty.path.segments[0]?.name === "Self"
  );
}

/** Bounds of an associated type, on the projection with the trait's own parameters. */
export function itemBounds(core: Core, assoc: DefId): readonly Predicate[] {
  const compute = (): readonly Predicate[] => {
    const { item } = core.names.def(assoc);
    if (item?.k !== "type-alias") return [];
    const subject = core.tys.proj(assoc, core.identityArgs(assoc));
    const own = lowerBounds(core, item.bounds, subject, core.names.scopeOf(assoc), {});
    const parent = genericParent(core, assoc);
    if (parent === null) return own;
    // `trait A where Self::B: C` says the same of `B` as `type B: C`.
    const scope = core.names.scopeOf(parent);
    const inTrait = genericsIn(core.names.def(parent).item)
      .where.filter((clause) => isAbout(core, clause, subject, scope))
      .flatMap((clause) => lowerBounds(core, clause.bounds, subject, scope, {}));
    return [...own, ...inTrait];
  };
  return memoized(core, core.memo.itemBounds, "item-bounds", assoc, () => [], compute);
}

/** Trait references that bounds in sight give for a type. */
export function boundsInScope(
  core: Core,
  subject: Ty,
  scope: Scope,
  wanted: (trait: DefId) => boolean,
): readonly TraitRef[] {
  const found: TraitRef[] = [];
  const add = (bounds: readonly Bound[], at: Scope): void => {
    for (const bound of bounds) {
      const trait = bound.maybe ? null : resolveTrait(core, bound.path, at);
      if (trait === null || !wanted(trait) || core.memo.activeNodes.has(bound)) continue;
      core.memo.activeNodes.add(bound);
      const lowered = lowerTraitBound(core, bound.path, subject, at, {}, 0);
      core.memo.activeNodes.delete(bound);
      if (lowered !== null) found.push(lowered.ref);
    }
  };
  let owner = scope.owner;
  for (let steps = 0; owner !== null && steps < 8; steps++) {
    ownerBounds(core, owner, subject, wanted, add, found);
    owner = genericParent(core, owner);
  }
  const declared =
    subject.k === "proj"
      ? core.itemBounds(subject.assoc)
      : subject.k === "opaque"
        ? core.opaqueBounds(subject.def, subject.index)
        : [];
  if (subject.k === "proj" || subject.k === "opaque") {
    for (const predicate of declared) {
      if (predicate.k !== "trait" || !wanted(predicate.ref.trait)) continue;
      found.push({
        trait: predicate.ref.trait,
        args: predicate.ref.args.map((ty) => substTy(core.tys, ty, subject.args)),
      });
    }
  }
  return found;
}

function ownerBounds(
  core: Core,
  owner: DefId,
  subject: Ty,
  wanted: (trait: DefId) => boolean,
  add: (bounds: readonly Bound[], at: Scope) => void,
  found: TraitRef[],
): void {
  const { item, kind } = core.names.def(owner);
  const scope = core.names.scopeOf(owner);
  const written = genericsIn(item);
  if (kind === "trait" && subject === core.tys.param(owner, 0, "Self")) {
    if (wanted(owner)) found.push({ trait: owner, args: core.identityArgs(owner) });
    else if (item?.k === "trait") add(item.supertraits, scope);
  }
  if (kind !== "variant") {
    for (const [index, param] of written.params.entries()) {
      if (param.k === "type" && param.bounds.length > 0 && ownParam(core, owner, index) === subject)
        add(param.bounds, scope);
    }
  }
  for (const [node, index] of core.params(owner).implTraits) {
    if (node.k === "impl" && subject.k === "param" && subject.owner === owner && subject.index === index)
      add(node.bounds, scope);
  }
  for (const clause of written.where) {
    if (isAbout(core, clause, subject, scope)) add(clause.bounds, scope);
  }
}

/** `impl Trait` nodes in a type, outer ones first. */
export function eachImplTrait(ty: TypeRef, visit: (node: TypeRef) => void): void {
  const inArgs = (bounds: readonly Bound[]): void => {
    for (const bound of bounds) {
      for (const segment of bound.path.segments) visitArgs(segment.args);
    }
  };
  const visitArgs = (args: import("../syntax/ast.ts").GenericArgs | null): void => {
    for (const arg of args?.types ?? []) if (arg.k === "type") eachImplTrait(arg.ty, visit);
    for (const binding of args?.bindings ?? []) if (binding.ty !== null) eachImplTrait(binding.ty, visit);
  };
  switch (ty.k) {
    case "impl":
      visit(ty);
      inArgs(ty.bounds);
      return;
    case "dyn":
      inArgs(ty.bounds);
      return;
    case "path":
      for (const segment of ty.path.segments) visitArgs(segment.args);
      return;
    case "ref":
    case "ptr":
    case "slice":
    case "array":
      eachImplTrait(ty.inner, visit);
      return;
    case "tuple":
      for (const elem of ty.elems) eachImplTrait(elem, visit);
      return;
    case "fn":
      for (const param of ty.params) eachImplTrait(param, visit);
      if (ty.ret !== null) eachImplTrait(ty.ret, visit);
      return;
    case "never":
    case "infer":
    case "macro":
    case "error":
      return;
    default:
      unreachable(ty);
  }
}

function unreachable(value: never): never {
  return value;
}
