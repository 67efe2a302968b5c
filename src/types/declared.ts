/**
 * Declared types: signatures, types of consts, statics, fields and aliases, impl headers, bounds of opaque types.
 *
 * All in terms of the definition's own parameters, projections not normalised.
 */
import type { DefId, Names } from "../names/defs.ts";
import { variantsOf } from "../names/variants.ts";
import type { FieldDef, FnItem, TypeRef } from "../syntax/ast.ts";
import { type Core, genericParent, memoized, traitOf } from "./core.ts";
import { eachImplTrait } from "./generics.ts";
import { ASYNC_FN } from "./intern.ts";
import { lowerArgs, lowerBounds, resolveTrait } from "./lower-args.ts";
import { selfTyOf } from "./lower-type.ts";
import type { FnSig, Predicate, TraitRef, Ty } from "./ty.ts";

const noSig = (core: Core): FnSig => ({
  params: [],
  ret: core.tys.unknown("unresolved-path"),
  hasSelf: false,
  abi: null,
  variadic: false,
  async: false,
  unsafe: false,
});

/** Signature of a function, or of a tuple constructor. */
export function fnSig(core: Core, def: DefId): FnSig {
  return memoized(
    core,
    core.memo.sigs,
    "sig",
    def,
    () => noSig(core),
    () => computeSig(core, def),
  );
}

function computeSig(core: Core, def: DefId): FnSig {
  const { item, kind } = core.names.def(def);
  if (item?.k !== "fn" || kind === "variant") return constructorSig(core, def);
  const scope = core.names.scopeOf(def);
  const args = { implTrait: { k: "param", owner: def } } as const;
  const params: Ty[] = item.params.map((param) => core.lowerType(param.ty, scope, args));
  if (item.selfParam !== null) params.unshift(selfParamTy(core, def, item));
  return {
    params,
    ret: item.async ? core.tys.opaque(def, ASYNC_FN, core.identityArgs(def)) : writtenRet(core, def, item),
    hasSelf: item.selfParam !== null,
    abi: core.names.def(def).foreign?.abi ?? item.abi,
    variadic: item.variadic,
    async: item.async,
    unsafe: item.unsafe,
  };
}

/** The return type as written, before `async` wraps it. */
export function asyncRet(core: Core, def: DefId): Ty {
  const { item } = core.names.def(def);
  return item?.k === "fn" ? writtenRet(core, def, item) : core.fnSig(def).ret;
}

function writtenRet(core: Core, def: DefId, item: FnItem): Ty {
  if (item.ret === null) return core.tys.unit;
  return core.lowerType(item.ret, core.names.scopeOf(def), { implTrait: { k: "opaque", owner: def } });
}

function selfParamTy(core: Core, def: DefId, item: FnItem): Ty {
  const scope = core.names.scopeOf(def);
  const self = item.selfParam;
  if (self?.ty != null) return core.lowerType(self.ty, scope);
  const ty = selfTyOf(core, scope) ?? core.tys.unknown("unresolved-path");
  return self?.ref === true ? core.tys.ref(ty, self.mut) : ty;
}

function constructorSig(core: Core, def: DefId): FnSig {
  const owner = core.genericsOwner(def);
  const { kind } = core.names.def(owner);
  if (kind !== "struct" && kind !== "enum") return noSig(core);
  const ret = core.tys.adt(owner, core.identityArgs(owner));
  return { params: core.fieldTys(def), ret, hasSelf: false, abi: null, variadic: false, async: false, unsafe: false };
}

/** Declared type of a const, static, alias, struct or enum. */
export function typeOf(core: Core, def: DefId): Ty {
  return memoized(
    core,
    core.memo.types,
    "type",
    def,
    () => core.tys.unknown("limit"),
    () => computeTypeOf(core, def),
  );
}

function computeTypeOf(core: Core, def: DefId): Ty {
  const { item, kind } = core.names.def(def);
  const scope = core.names.scopeOf(def);
  switch (kind) {
    case "const":
    case "static":
      return (item?.k === "const" || item?.k === "static") && item.ty !== null
        ? core.lowerType(item.ty, scope)
        : core.tys.unknown("not-inferred");
    case "type-alias": {
      if (item?.k !== "type-alias") return core.tys.unknown("unresolved-path");
      if (item.ty !== null) {
        const own = core.lowerType(item.ty, scope);
        // Of several that a build script chooses between nobody knows which it is.
        const isOne = core.names.alternativesOf(def).defs.every((other) => isSameType(core, other, own));
        return isOne ? own : core.tys.unknown("ambiguous");
      }
      return traitOf(core, def) === null ? core.tys.adt(def, []) : core.tys.proj(def, core.identityArgs(def));
    }
    case "struct":
    case "enum":
      return core.tys.adt(def, core.identityArgs(def));
    case "variant": {
      const parent = genericParent(core, def);
      return parent === null ? core.tys.unknown("unresolved-path") : core.typeOf(parent);
    }
    case "fn":
      return core.tys.fnDef(def, core.identityArgs(def));
    case "impl":
      return core.implSelfTy(def);
    case "trait":
    case "mod":
    case "macro":
    case "block":
      return core.tys.unknown("unresolved-path");
    default:
      return unreachable(kind);
  }
}

/** Does another definition, which may be compiled in place of an alias, say the same type? */
function isSameType(core: Core, other: DefId, own: Ty): boolean {
  const { kind, item } = core.names.def(other);
  if (kind === "struct" || kind === "enum") return core.typeOf(other) === own;
  if (item?.k !== "type-alias" || item.ty === null) return kind !== "type-alias";
  return core.lowerType(item.ty, core.names.scopeOf(core.genericsOwner(other))) === own;
}

/** Variants of an enum, a struct itself; with those of types that may be compiled in its place. */
export function fieldOwners(names: Names, def: DefId): readonly DefId[] {
  const types = [def, ...names.alternativesOf(def).defs];
  return types.flatMap((one) => (names.def(one).kind === "enum" ? variantsOf(names, one) : [one]));
}

/** Field types of a struct, union or variant. */
export function fieldTys(core: Core, def: DefId): readonly Ty[] {
  const compute = (): readonly Ty[] => {
    const scope = core.names.scopeOf(core.genericsOwner(def));
    return fieldsOf(core, def).map((field) => core.lowerType(field.ty, scope));
  };
  return memoized(core, core.memo.fields, "fields", def, () => [], compute);
}

/** Names of the fields in order. */
export function fieldNames(core: Core, def: DefId): readonly string[] {
  return fieldsOf(core, def).map((field) => field.name);
}

function fieldsOf(core: Core, def: DefId): readonly FieldDef[] {
  const { item, variant } = core.names.def(def);
  if (variant !== null) return variant.fields;
  return item?.k === "struct" ? item.fields : [];
}

/** Self type of an impl. */
export function implSelfTy(core: Core, impl: DefId): Ty {
  const compute = (): Ty => {
    const { item } = core.names.def(impl);
    return item?.k === "impl"
      ? core.lowerType(item.selfTy, core.names.scopeOf(impl))
      : core.tys.unknown("unresolved-path");
  };
  return memoized(core, core.memo.implSelfs, "impl-self", impl, () => core.tys.unknown("limit"), compute);
}

/** The trait reference an impl makes true; null for an inherent impl, or where the trait is not found. */
export function implTraitRef(core: Core, impl: DefId): TraitRef | null {
  const compute = (): TraitRef | null => {
    const { item } = core.names.def(impl);
    if (item?.k !== "impl" || item.trait === null) return null;
    const scope = core.names.scopeOf(impl);
    const trait = resolveTrait(core, item.trait, scope);
    if (trait === null) return null;
    const written = item.trait.segments.at(-1)?.args ?? null;
    return { trait, args: lowerArgs(core, trait, written, [core.implSelfTy(impl)], scope, {}) };
  };
  return memoized(core, core.memo.implRefs, "impl-ref", impl, () => null, compute);
}

/** `impl Trait`s of a function's return type, numbered. */
export function opaqueNodes(core: Core, def: DefId): ReadonlyMap<TypeRef, number> {
  const compute = (): ReadonlyMap<TypeRef, number> => {
    const nodes = new Map<TypeRef, number>();
    const { item } = core.names.def(def);
    if (item?.k === "fn" && item.ret !== null) eachImplTrait(item.ret, (node) => nodes.set(node, nodes.size));
    return nodes;
  };
  return memoized(core, core.memo.opaqueNodes, "opaque-nodes", def, () => new Map(), compute);
}

/** Bounds of an opaque type, on the opaque type with the function's own parameters. */
export function opaqueBounds(core: Core, def: DefId, index: number): readonly Predicate[] {
  const compute = (): readonly Predicate[] => {
    const node = [...core.opaqueNodes(def)].find(([, number]) => number === index)?.[0];
    if (node?.k !== "impl") return [];
    const subject = core.tys.opaque(def, index, core.identityArgs(def));
    return lowerBounds(core, node.bounds, subject, core.names.scopeOf(def), { implTrait: { k: "opaque", owner: def } });
  };
  return memoized(core, core.memo.opaqueBounds, "opaque-bounds", `${def}:${index}`, () => [], compute);
}

function unreachable(value: never): never {
  return value;
}
