/**
 * Written types to types.
 *
 * Input: a `TypeRef`, the scope it stands in, and what `_` and `impl Trait` mean there. Output: a `Ty`, projections not
 * normalised, aliases expanded. What cannot be told is unknown with a reason. Depth is bounded.
 */
import type { Scope } from "../names/defs.ts";
import type { Bound, TypeRef } from "../syntax/ast.ts";
import type { LowerOptions } from "./context.ts";
import { type Core, genericParent } from "./core.ts";
import { lowerTraitBound } from "./lower-args.ts";
import { lowerPathType } from "./lower-path.ts";
import type { DynTrait, Ty } from "./ty.ts";

const maxDepth = 48;

/** The type that is meant. */
export function lowerTypeRef(core: Core, node: TypeRef, scope: Scope, options: LowerOptions, depth = 0): Ty {
  const { tys } = core;
  if (depth > maxDepth) return tys.unknown("limit");
  const lower = (inner: TypeRef): Ty => lowerTypeRef(core, inner, scope, options, depth + 1);
  switch (node.k) {
    case "path":
      return lowerPathType(core, node.path, scope, options, depth);
    case "ref":
      return tys.ref(lower(node.inner), node.mut);
    case "ptr":
      return tys.ptr(lower(node.inner), node.mut);
    case "slice":
      return tys.slice(lower(node.inner));
    case "array":
      return tys.array(lower(node.inner), lowerLength(core, node.len, scope, options));
    case "tuple":
      return tys.tuple(node.elems.map(lower));
    case "fn":
      return tys.fnPtr(node.params.map(lower), node.ret === null ? tys.unit : lower(node.ret), node.abi, node.variadic);
    case "dyn":
      return lowerDyn(core, node.bounds, scope, options, depth);
    case "impl":
      return lowerImpl(core, node, options);
    case "never":
      return tys.never;
    case "infer":
      return options.fresh?.() ?? tys.unknown("not-inferred");
    case "macro":
      return lower(core.names.expandType(scope, node.call));
    case "error":
      return tys.unknown("parse-error");
    default:
      return unreachable(node);
  }
}

/** `dyn A<B, Item = C> + Send`. */
export function lowerDyn(core: Core, bounds: readonly Bound[], scope: Scope, options: LowerOptions, depth: number): Ty {
  const self = core.tys.unknown("not-inferred");
  const traits: DynTrait[] = [];
  for (const bound of bounds) {
    if (bound.maybe) continue;
    const lowered = lowerTraitBound(core, bound.path, self, scope, options, depth);
    if (lowered === null) return core.tys.unknown("unresolved-path");
    const bindings = lowered.projections.flatMap((one) =>
      one.k === "projection" ? [{ assoc: one.assoc, ty: one.ty }] : [],
    );
    traits.push({ trait: lowered.ref.trait, args: lowered.ref.args.slice(1), bindings });
  }
  return traits.length === 0 ? core.tys.unknown("parse-error") : core.tys.dyn(traits);
}

function lowerLength(
  core: Core,
  len: { source: import("../syntax/ast.ts").Source; start: number; end: number; text: string },
  scope: Scope,
  options: LowerOptions,
): Ty {
  if (len.text.trim() === "_") return options.fresh?.() ?? core.tys.unknown("not-inferred");
  return core.lowerConst(scope, len.source, len.start, len.end);
}

function lowerImpl(core: Core, node: TypeRef, options: LowerOptions): Ty {
  const meaning = options.implTrait;
  if (meaning === undefined) return core.tys.unknown("unresolved-path");
  if (meaning.k === "param") {
    const index = core.params(meaning.owner).implTraits.get(node);
    const info = index === undefined ? undefined : core.params(meaning.owner).params[index];
    if (index === undefined || info === undefined) return core.tys.unknown("unresolved-path");
    return core.tys.param(meaning.owner, index, info.name);
  }
  const index = core.opaqueNodes(meaning.owner).get(node);
  if (index === undefined) return core.tys.unknown("unresolved-path");
  return core.tys.opaque(meaning.owner, index, core.identityArgs(meaning.owner));
}

/** `Self` in a scope: an impl's self type, a trait's parameter 0, the struct or enum itself. */
export function selfTyOf(core: Core, scope: Scope): Ty | null {
  let owner = scope.owner;
  for (let steps = 0; owner !== null && steps < 8; steps++) {
    const def = core.names.def(owner);
    if (def.kind === "impl") return core.implSelfTy(owner);
    if (def.kind === "trait") return core.tys.param(owner, 0, "Self");
    if (def.kind === "struct" || def.kind === "enum") return core.tys.adt(owner, core.identityArgs(owner));
    owner = genericParent(core, owner);
  }
  return null;
}

function unreachable(value: never): never {
  return value;
}
