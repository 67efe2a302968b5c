/**
 * Generic arguments as written → the full argument list of a definition; trait paths → trait references.
 *
 * Defaults fill what is not given (in terms of the arguments before them); what has no default is a fresh variable in
 * bodies and unknown("not-inferred") elsewhere. In expression paths without any arguments nothing is taken from
 * defaults: inference decides (`options.omitted`).
 */
import { pushAll } from "../base/push-all.ts";
import type { DefId, Scope } from "../names/defs.ts";
import type { Bound, GenericArg, GenericArgs, Path } from "../syntax/ast.ts";
import type { LowerOptions } from "./context.ts";
import type { Core, ParamInfo } from "./core.ts";
import { findAssocInTrait } from "./lower-assoc.ts";
import { lowerTypeRef } from "./lower-type.ts";
import { roleOf } from "./roles.ts";
import { substTy } from "./subst.ts";
import type { Predicate, TraitRef, Ty } from "./ty.ts";

/** `prefix`: arguments of the parent, or Self of a trait. Own `impl Trait` parameters cannot be written: fresh. */
export function lowerArgs(
  core: Core,
  def: DefId,
  written: GenericArgs | null,
  prefix: readonly Ty[],
  scope: Scope,
  options: LowerOptions,
  depth = 0,
): readonly Ty[] {
  const { params } = core.params(def);
  const given = written?.types ?? [];
  const args: Ty[] = prefix.slice(0, params.length);
  const useDefaults = options.omitted !== "infer" || given.length > 0;
  let next = 0;
  for (let index = args.length; index < params.length; index++) {
    const info = params[index];
    if (info === undefined) break;
    const arg = info.kind === "impl-trait" ? undefined : given[next++];
    if (arg !== undefined) args.push(lowerArg(core, info, arg, scope, options, depth));
    else if (useDefaults && info.default !== null) args.push(substTy(core.tys, info.default(), args));
    else args.push(options.fresh?.() ?? core.tys.unknown("not-inferred"));
  }
  return args;
}

/** A bound's path as a trait reference on `self`, with what its bindings say. Null: the path names no trait. */
export function lowerTraitBound(
  core: Core,
  path: Path,
  self: Ty,
  scope: Scope,
  options: LowerOptions,
  depth: number,
): LoweredBound | null {
  const named = resolveTrait(core, path, scope);
  if (named === null) return null;
  const written = path.segments.at(-1)?.args ?? null;
  const trait = plainFnTrait(core, named);
  if (trait !== null) return asyncFnBound(core, trait, written, self, scope, options, depth);
  return plainBound(core, named, written, self, scope, options, depth);
}

/** `AsyncFn` as `Fn`, which stands for it with a future as its result; null for every other trait. */
function plainFnTrait(core: Core, trait: DefId): DefId | null {
  const role = roleOf(core, trait);
  return role?.startsWith("async_fn") === true ? core.lang(role.slice("async_".length)) : null;
}

/** `AsyncFn(A) -> R`: `Fn(A)` that gives a future of `R`. */
function asyncFnBound(
  core: Core,
  trait: DefId,
  written: GenericArgs | null,
  self: Ty,
  scope: Scope,
  options: LowerOptions,
  depth: number,
): LoweredBound {
  const args = lowerArgs(core, trait, written, [self], scope, options, depth);
  const future = core.lang("future_trait");
  const given = core.member(core.lang("fn_once"), "Output", "type-alias");
  const output = core.member(future, "Output", "type-alias");
  const projections: Predicate[] = [];
  const result = written?.bindings.find((binding) => binding.name === "Output")?.ty;
  if (future !== null && given !== null && output !== null) {
    const made = core.tys.proj(given, args);
    projections.push({ k: "trait", ref: { trait: future, args: [made] } });
    if (result !== undefined && result !== null)
      projections.push({
        k: "projection",
        assoc: output,
        args: [made],
        ty: lowerTypeRef(core, result, scope, options, depth + 1),
      });
  }
  return { ref: { trait, args }, projections };
}

interface LoweredBound {
  readonly ref: TraitRef;
  readonly projections: readonly Predicate[];
}

function plainBound(
  core: Core,
  trait: DefId,
  written: GenericArgs | null,
  self: Ty,
  scope: Scope,
  options: LowerOptions,
  depth: number,
): LoweredBound {
  const ref: TraitRef = { trait, args: lowerArgs(core, trait, written, [self], scope, options, depth) };
  const projections: Predicate[] = [];
  for (const binding of written?.bindings ?? []) {
    const found = findAssocInTrait(core, ref, binding.name);
    if (found === null) continue;
    const args =
      binding.args === null
        ? found.args
        : lowerArgs(core, found.assoc, binding.args, found.args, scope, options, depth);
    if (binding.ty !== null) {
      projections.push({
        k: "projection",
        assoc: found.assoc,
        args,
        ty: lowerTypeRef(core, binding.ty, scope, options, depth + 1),
      });
    }
    pushAll(projections, lowerBounds(core, binding.bounds, core.tys.proj(found.assoc, args), scope, options, depth));
  }
  return { ref, projections };
}

/** Bounds on a type as predicates; `?Sized` says nothing. */
export function lowerBounds(
  core: Core,
  bounds: readonly Bound[],
  subject: Ty,
  scope: Scope,
  options: LowerOptions,
  depth = 0,
): readonly Predicate[] {
  const predicates: Predicate[] = [];
  for (const bound of bounds) {
    if (bound.maybe || depth > 24) continue;
    const lowered = lowerTraitBound(core, bound.path, subject, scope, options, depth + 1);
    if (lowered === null) continue;
    predicates.push({ k: "trait", ref: lowered.ref });
    pushAll(predicates, lowered.projections);
  }
  return predicates;
}

/** The trait a path names. */
export function resolveTrait(core: Core, path: Path, scope: Scope): DefId | null {
  const res = core.names.resolve(scope, path, "type");
  const def = res.k === "def" ? res.def : res.k === "base" && res.base.k === "def" ? res.base.def : null;
  return def !== null && core.names.def(def).kind === "trait" ? def : null;
}

function lowerArg(core: Core, info: ParamInfo, arg: GenericArg, scope: Scope, outer: LowerOptions, depth: number): Ty {
  const { omitted: _, ...options } = outer;
  if (info.kind !== "const") {
    return arg.k === "type"
      ? lowerTypeRef(core, arg.ty, scope, options, depth + 1)
      : core.tys.unknown("unresolved-path");
  }
  if (arg.k === "const") return core.lowerConst(scope, arg.source, arg.start, arg.end);
  if (arg.ty.k === "infer") return options.fresh?.() ?? core.tys.unknown("not-inferred");
  return arg.ty.k === "path" ? lowerConstPath(core, arg.ty.path, scope) : core.tys.unknown("unresolved-path");
}

/** A bare path as a const argument: a const parameter, or a constant. */
function lowerConstPath(core: Core, path: Path, scope: Scope): Ty {
  for (const ns of ["value", "type"] as const) {
    const res = core.names.resolve(scope, path, ns);
    if (res.k === "base" && res.base.k === "param" && res.base.param.k === "const")
      return constParam(core, res.base.owner, res.base.index);
    if (res.k === "def" && core.names.def(res.def).kind === "const") {
      const value = core.constValue(res.def, []);
      return value === null ? core.tys.unknown("not-inferred") : core.tys.constant(value);
    }
  }
  return core.tys.unknown("unresolved-path");
}

/** Parameter `index` of the owner's own ones, as a type. */
export function constParam(core: Core, owner: DefId, index: number): Ty {
  return ownParam(core, owner, index);
}

/** Parameter `index` among those written on `owner` itself, as a type. */
export function ownParam(core: Core, owner: DefId, index: number): Ty {
  const { params, parentCount } = core.params(owner);
  const offset = parentCount + (core.names.def(owner).kind === "trait" ? 1 : 0);
  const info = params[offset + index];
  return info === undefined ? core.tys.unknown("unresolved-path") : core.tys.param(owner, offset + index, info.name);
}
