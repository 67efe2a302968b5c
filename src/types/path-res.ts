/**
 * Paths in bodies: names first, then associated items; generic arguments lowered, fresh variables for what is left out.
 */
import type { DefId, PathBase, Scope } from "../names/defs.ts";
import type { GenericArgs, Path, PathSegment } from "../syntax/ast.ts";
import { resolveAssoc, variantOf } from "./assoc.ts";
import type { LowerOptions, ValueRes } from "./context.ts";
import { type Core, genericParent } from "./core.ts";
import type { Table } from "./infer-table.ts";
import { lowerArgs, ownParam, resolveTrait } from "./lower-args.ts";
import { lowerAssocSegments, lowerBase } from "./lower-path.ts";
import type { Ty, UnknownReason } from "./ty.ts";

type Namespace = "value" | "type";
interface Place {
  readonly core: Core;
  readonly table: Table;
  readonly scope: Scope;
  readonly ns: Namespace;
  readonly options: LowerOptions;
}

/** What a path in a body means. */
export function resolvePath(core: Core, table: Table, path: Path, ns: Namespace, scope: Scope): ValueRes {
  const place: Place = { core, table, scope, ns, options: { fresh: () => table.fresh(), omitted: "infer" } };
  if (path.qself !== null) return qualified(place, path);
  const res = core.names.resolve(scope, path, ns);
  switch (res.k) {
    case "def":
      return fromDef(place, res.def, path.segments, path);
    case "base":
      return fromBase(place, res.base, path);
    case "partial":
      return fromPartial(place, res.base, path, res.used);
    case "local":
      return { k: "local", name: res.name, context: res.context };
    case "unresolved":
      return unresolved(isOfPack(core, path, res.segment, scope) ? "undeclared" : "unresolved-path", null);
    default:
      return unreachable(res);
  }
}

/** Whether the segments that were found name something of a modelled crate. */
function isOfPack(core: Core, path: Path, found: number, scope: Scope): boolean {
  if (found === 0) return false;
  const prefix = core.names.resolve(scope, { ...path, segments: path.segments.slice(0, found) }, "type");
  return prefix.k === "def" && core.names.isPackCrate(core.names.def(prefix.def).crate);
}

/** The definition's own arguments as written, fresh where left out. */
export function lowerOwnArgs(
  core: Core,
  table: Table,
  def: DefId,
  generics: GenericArgs | null,
  scope: Scope,
): readonly Ty[] {
  const { parentCount } = core.params(def);
  const prefix = core.identityArgs(def).slice(0, parentCount);
  const options: LowerOptions = { fresh: () => table.fresh(), omitted: "infer" };
  return lowerArgs(core, def, generics, prefix, scope, options).slice(parentCount).map(table.normalize);
}

function fromDef(place: Place, def: DefId, segments: readonly PathSegment[], path: Path): ValueRes {
  const { core, table, scope, options } = place;
  const info = core.names.def(def);
  const last = segments.at(-1)?.args ?? null;
  const args = (owner: DefId, written: GenericArgs | null, prefix: readonly Ty[] = []): readonly Ty[] =>
    lowerArgs(core, owner, written, prefix, scope, options).map(table.normalize);
  switch (info.kind) {
    case "fn":
    case "const":
    case "static": {
      const parent = genericParent(core, def);
      // A member named by a path that names could follow alone (`Trait::method` imported): the parent's arguments are open.
      if (parent !== null)
        return { k: "def", def, args: [...table.freshArgs(parent), ...lowerOwnArgs(core, table, def, last, scope)] };
      return { k: "def", def, args: args(def, last) };
    }
    case "variant": {
      const parent = genericParent(core, def);
      if (parent === null) return unresolved("unresolved-path", null);
      return { k: "def", def, args: args(parent, last ?? segments.at(-2)?.args ?? null) };
    }
    case "struct":
      if (place.ns === "value") return { k: "def", def, args: args(def, last) };
      return { k: "type", ty: core.tys.adt(def, args(def, last)) };
    case "enum":
    case "type-alias":
    case "trait":
      return asType(place, lowerBase(core, { k: "def", def }, segments, scope, options, 0, path));
    case "mod":
    case "impl":
    case "macro":
    case "block":
      return unresolved("unresolved-path", null);
    default:
      return unreachable(info.kind);
  }
}

function fromBase(place: Place, base: PathBase, path: Path): ValueRes {
  const { core } = place;
  if (base.k === "def") return fromDef(place, base.def, path.segments, path);
  if (base.k === "param" && base.param.k === "const") {
    const ty = ownParam(core, base.owner, base.index);
    return { k: "const-param", ty, valueTy: core.lowerType(base.param.ty, core.names.scopeOf(base.owner)) };
  }
  return asType(place, lowerBase(core, base, path.segments, place.scope, place.options, 0, path));
}

/** A type where one is asked for; `Self(..)` and an alias of a unit or tuple struct as a value are the struct. */
function asType(place: Place, written: Ty): ValueRes {
  const ty = place.table.normalize(written);
  if (place.ns === "value" && ty.k === "adt" && place.core.names.def(ty.def).kind === "struct")
    return { k: "def", def: ty.def, args: ty.args };
  if (ty.k === "unknown") return unresolved(ty.reason, null);
  return { k: "type", ty };
}

function fromPartial(place: Place, base: PathBase, path: Path, used: number): ValueRes {
  const { core, table, scope, options } = place;
  const rest = path.segments.slice(used);
  const last = rest.at(-1);
  if (last === undefined) return unresolved("unresolved-path", base);
  if (base.k === "def" && core.names.def(base.def).kind === "trait") {
    const written = path.segments[used - 1]?.args ?? null;
    const self = table.fresh();
    const args = lowerArgs(core, base.def, written, [self], scope, options).map(table.normalize);
    return member(place, self, rest, base, { def: base.def, args: args.slice(1) });
  }
  const ty = table.normalize(lowerBase(core, base, path.segments.slice(0, used), scope, options, 0, path));
  return member(place, ty, rest, base, null);
}

/** `<T as Trait<A>>::name`, `<T>::name`, with more segments behind. */
function qualified(place: Place, path: Path): ValueRes {
  const { core, table, scope, options } = place;
  if (path.qself === null) return unresolved("unresolved-path", null);
  const { omitted: _, ...typeOptions } = options;
  const self = table.normalize(core.lowerType(path.qself, scope, typeOptions));
  const rest = path.segments.slice(path.qselfPosition);
  if (path.qselfPosition === 0) return member(place, self, rest, null, null);
  const traitPath: Path = {
    ...path,
    qself: null,
    qselfPosition: 0,
    segments: path.segments.slice(0, path.qselfPosition),
  };
  const trait = resolveTrait(core, traitPath, scope);
  if (trait === null) return unresolved("unresolved-path", null);
  const args = lowerArgs(core, trait, traitPath.segments.at(-1)?.args ?? null, [self], scope, typeOptions).map(
    table.normalize,
  );
  return member(place, self, rest, null, { def: trait, args: args.slice(1) });
}

/** Follows the segments behind a type; all but the last are types. */
function member(
  place: Place,
  start: Ty,
  segments: readonly PathSegment[],
  base: PathBase | null,
  trait: { readonly def: DefId; readonly args: readonly Ty[] } | null,
): ValueRes {
  const { core, table, scope } = place;
  const last = segments.at(-1);
  if (last === undefined) return asType(place, start);
  let ty = start;
  let within = trait;
  for (const segment of segments.slice(0, -1)) {
    ty = within === null ? typeMember(place, ty, segment) : inTraitType(place, ty, segment, within);
    within = null;
  }
  const known =
    within === null && base?.k === "self-ty" && segments.length === 1 ? implMember(place, ty, last, base.owner) : null;
  if (known !== null) return known;
  const res = resolveAssoc(core, table, {
    ty,
    name: last.name,
    ns: place.ns,
    scope,
    generics: last.args,
    trait: within,
  });
  switch (res.k) {
    case "def":
    case "stuck":
      return res;
    case "type":
      return asType(place, res.ty);
    case "unresolved":
      return { ...res, base };
    default:
      return unreachable(res);
  }
}

/** `Self::Assoc` in a trait or its impl: looked for in that trait first. */
function implMember(place: Place, ty: Ty, segment: PathSegment, owner: DefId): ValueRes | null {
  if (place.ns !== "type" || variantOf(place.core, ty, segment.name) !== null) return null;
  const found = lowerBaseAssoc(place, segment, owner, ty);
  return found.k === "unknown" ? null : asType(place, found);
}

function lowerBaseAssoc(place: Place, segment: PathSegment, owner: DefId, ty: Ty): Ty {
  const { core, scope, options } = place;
  const impl = core.names.def(owner).kind === "impl" ? owner : genericParent(core, owner);
  const ref = impl !== null && core.names.def(impl).kind === "impl" ? core.implTraitRef(impl) : null;
  return lowerAssocSegments(core, ty, [segment], scope, options, 0, ref);
}

function typeMember(place: Place, ty: Ty, segment: PathSegment): Ty {
  const res = resolveAssoc(place.core, place.table, {
    ty,
    name: segment.name,
    ns: "type",
    scope: place.scope,
    generics: segment.args,
  });
  if (res.k === "type") return res.ty;
  const { owner } = place.scope;
  const own = owner === null ? null : lowerBaseAssoc(place, segment, owner, ty);
  return own === null || own.k === "unknown"
    ? place.core.tys.unknown("unresolved-projection")
    : place.table.normalize(own);
}

function inTraitType(
  place: Place,
  ty: Ty,
  segment: PathSegment,
  trait: { readonly def: DefId; readonly args: readonly Ty[] },
): Ty {
  const res = resolveAssoc(place.core, place.table, {
    ty,
    name: segment.name,
    ns: "type",
    scope: place.scope,
    generics: segment.args,
    trait,
  });
  return res.k === "type" ? res.ty : place.core.tys.unknown("unresolved-projection");
}

function unresolved(reason: UnknownReason, base: PathBase | null): ValueRes {
  return { k: "unresolved", reason, candidates: [], base };
}

function unreachable(value: never): never {
  return value;
}
