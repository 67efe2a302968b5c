/**
 * Paths in type position → types: definitions with their arguments, aliases, parameters, `Self`, associated types.
 */
import type { DefId, PathBase, Scope } from "../names/defs.ts";
import type { Path, PathSegment } from "../syntax/ast.ts";
import type { LowerOptions } from "./context.ts";
import { type Core, genericParent, traitOf } from "./core.ts";
import { lowerArgs, ownParam, resolveTrait } from "./lower-args.ts";
import { findAssocInTrait, findAssocTy } from "./lower-assoc.ts";
import { lowerDyn, lowerTypeRef, selfTyOf } from "./lower-type.ts";
import { substTy } from "./subst.ts";
import type { TraitRef, Ty } from "./ty.ts";

/** The type a path means. */
export function lowerPathType(core: Core, path: Path, scope: Scope, options: LowerOptions, depth: number): Ty {
  if (path.qself !== null) return lowerQualified(core, path, scope, options, depth);
  const res = core.names.resolve(scope, path, "type");
  switch (res.k) {
    case "def":
      return lowerDefPath(core, res.def, path.segments, scope, options, depth, path);
    case "base":
      return lowerBase(core, res.base, path.segments, scope, options, depth, path);
    case "partial": {
      const base = lowerBase(core, res.base, path.segments.slice(0, res.used), scope, options, depth, path);
      return lowerAssocSegments(
        core,
        base,
        path.segments.slice(res.used),
        scope,
        options,
        depth,
        implRefOf(core, res.base, path.segments[res.used]),
      );
    }
    case "local":
    case "unresolved":
      return core.tys.unknown("unresolved-path");
    default:
      return unreachable(res);
  }
}

/** `base::A::B`: each segment an associated type of what stands before it. `known`: where `Self` is an impl's, the trait reference to look in first. */
export function lowerAssocSegments(
  core: Core,
  base: Ty,
  segments: readonly PathSegment[],
  scope: Scope,
  options: LowerOptions,
  depth: number,
  known: TraitRef | null = null,
): Ty {
  let ty = base;
  let first = known;
  for (const segment of segments) {
    const found =
      (first === null ? null : findAssocInTrait(core, first, segment.name)) ??
      findAssocTy(core, ty, segment.name, scope);
    first = null;
    if (found === null) return core.tys.unknown(ty.k === "unknown" ? ty.reason : "unresolved-projection");
    ty = core.tys.proj(found.assoc, lowerArgs(core, found.assoc, segment.args, found.args, scope, options, depth));
  }
  return ty;
}

/** A base that names gave, as a type; `segments` end with the one that holds its arguments. */
export function lowerBase(
  core: Core,
  base: PathBase,
  segments: readonly PathSegment[],
  scope: Scope,
  options: LowerOptions,
  depth: number,
  path: Path | null,
): Ty {
  switch (base.k) {
    case "def":
      return lowerDefPath(core, base.def, segments, scope, options, depth, path);
    case "prim":
      return core.tys.prim(base.name);
    case "param":
      return ownParam(core, base.owner, base.index);
    case "self-ty":
      return (
        options.selfTy ??
        selfTyOf(core, { module: scope.module, owner: base.owner }) ??
        core.tys.unknown("unresolved-path")
      );
    default:
      return unreachable(base);
  }
}

/** An item in type position with the arguments written on the path. */
function lowerDefPath(
  core: Core,
  def: DefId,
  segments: readonly PathSegment[],
  scope: Scope,
  options: LowerOptions,
  depth: number,
  path: Path | null,
): Ty {
  const info = core.names.def(def);
  const written = segments.at(-1)?.args ?? null;
  switch (info.kind) {
    case "struct":
    case "enum":
      return core.tys.adt(def, lowerArgs(core, def, written, [], scope, options, depth));
    case "variant": {
      const parent = genericParent(core, def);
      if (parent === null) return core.tys.unknown("unresolved-path");
      const args = segments.at(-2)?.args ?? written;
      return core.tys.adt(parent, lowerArgs(core, parent, args, [], scope, options, depth));
    }
    case "type-alias":
      return lowerAlias(core, def, written, scope, options, depth);
    case "trait":
      // A bare trait name: a trait object, as editions before 2021 write it.
      return path === null
        ? core.tys.unknown("unresolved-path")
        : lowerDyn(core, [{ path: { ...path, segments }, maybe: false }], scope, options, depth);
    case "mod":
    case "fn":
    case "impl":
    case "const":
    case "static":
    case "macro":
    case "block":
      return core.tys.unknown("unresolved-path");
    default:
      return unreachable(info.kind);
  }
}

function lowerAlias(
  core: Core,
  def: DefId,
  written: PathSegment["args"],
  scope: Scope,
  options: LowerOptions,
  depth: number,
): Ty {
  const item = core.names.def(def).item;
  if (item?.k !== "type-alias") return core.tys.unknown("unresolved-path");
  // `type X;` in an extern block is a type of its own.
  if (item.ty === null && traitOf(core, def) === null) return core.tys.adt(def, []);
  const args = lowerArgs(core, def, written, [], scope, options, depth);
  return substTy(core.tys, core.typeOf(def), args);
}

/** `<T as Trait<A>>::Assoc` and `<T>::Assoc`. */
function lowerQualified(core: Core, path: Path, scope: Scope, options: LowerOptions, depth: number): Ty {
  if (path.qself === null) return core.tys.unknown("unresolved-path");
  const self = lowerTypeRef(core, path.qself, scope, options, depth + 1);
  const rest = path.segments.slice(path.qselfPosition);
  if (path.qselfPosition === 0) return lowerAssocSegments(core, self, rest, scope, options, depth);
  const traitPath: Path = {
    ...path,
    qself: null,
    qselfPosition: 0,
    segments: path.segments.slice(0, path.qselfPosition),
  };
  const trait = resolveTrait(core, traitPath, scope);
  if (trait === null) return core.tys.unknown("unresolved-path");
  const args = lowerArgs(core, trait, traitPath.segments.at(-1)?.args ?? null, [self], scope, options, depth);
  return lowerAssocSegments(core, self, rest, scope, options, depth, { trait, args });
}

/** Where `Self` of a trait impl (or of a trait) is the base, its own trait is looked in first, then the supertraits. */
function implRefOf(core: Core, base: PathBase, segment: PathSegment | undefined): TraitRef | null {
  if (base.k !== "self-ty" || segment === undefined) return null;
  let owner: DefId | null = base.owner;
  if (core.names.def(owner).kind !== "impl" && core.names.def(owner).kind !== "trait")
    owner = genericParent(core, owner);
  if (owner === null) return null;
  if (core.names.def(owner).kind === "trait") return { trait: owner, args: core.identityArgs(owner) };
  return core.names.def(owner).kind === "impl" ? core.implTraitRef(owner) : null;
}

function unreachable(value: never): never {
  return value;
}
