/**
 * `<Type>::name`: variants, associated functions, constants and types of a type, without dereferencing it.
 *
 * Order: enum variants; inherent impls; bounds on the type; traits in scope. An inherent or trait candidate whose
 * conditions cannot hold is passed over; two that fit alike are "ambiguous".
 */

import type { DefId } from "../names/defs.ts";
import { isAccessible } from "./accessible.ts";
import type { AssocRequest, AssocRes } from "./context.ts";
import type { Core } from "./core.ts";
import { inherentImpls } from "./impls.ts";
import type { Table } from "./infer-table.ts";
import { findAssocInTrait, findAssocTy } from "./lower-assoc.ts";
import { boundTraits, numberDefault } from "./method-probe.ts";
import { isModelled } from "./modelled.ts";
import { evaluate } from "./solve-goals.ts";
import { mapPredicate, substTy } from "./subst.ts";
import type { TraitRef, Ty, UnknownReason } from "./ty.ts";

/** The member that is meant. */
export function resolveAssoc(core: Core, table: Table, request: AssocRequest): AssocRes {
  const ty = table.normalize(table.resolve(request.ty));
  if (request.trait != null) return inTrait(core, table, request, ty, request.trait.def, request.trait.args);
  const variant = variantOf(core, ty, request.name);
  if (variant !== null && ty.k === "adt") return { k: "def", def: variant, args: ty.args };
  if (request.ns === "type") return assocType(core, table, request, ty);
  if (ty.k === "unknown") return unresolved(ty.reason, []);
  const inherent = inherentMember(core, table, request, ty);
  if (inherent !== null) return inherent;
  const refs = boundTraits(core, table, ty);
  for (const ref of refs) {
    const def = valueMember(core, ref.trait, request.name);
    if (def === null) continue;
    // `T: From<u8> + From<u32>`: which one is meant, arguments say.
    const isOne = refs.every((other) => other === ref || other.trait !== ref.trait);
    const args = isOne ? ref.args : table.freshArgs(ref.trait, [ty]);
    return { k: "def", def, args: memberArgs(core, table, request, def, args) };
  }
  if (ty.k !== "infer" || ty.kind !== "general") {
    const found = extensionMember(core, table, request, ty);
    return found.k === "unresolved" && found.candidates.length === 0
      ? (onlyInherent(core, table, request, ty) ?? found)
      : found;
  }
  table.solvePending();
  const known = table.shallow(ty);
  if (known.k !== "infer") return resolveAssoc(core, table, { ...request, ty: known });
  // `<_>::default()`: one trait in scope has it.
  const extension = extensionMember(core, table, request, ty);
  return extension.k === "def" ? extension : { k: "stuck" };
}

/** A variant by name, for an enum type. */
export function variantOf(core: Core, ty: Ty, name: string): DefId | null {
  if (ty.k !== "adt" || core.names.def(ty.def).kind !== "enum") return null;
  return (
    core.names
      .def(ty.def)
      .children.find((child) => core.names.def(child).kind === "variant" && core.names.def(child).name === name) ?? null
  );
}

function inTrait(
  core: Core,
  table: Table,
  request: AssocRequest,
  self: Ty,
  trait: DefId,
  given: readonly Ty[],
): AssocRes {
  const args = table.freshArgs(trait, [self, ...given]);
  const ref: TraitRef = { trait, args };
  if (request.ns === "type") {
    const found = findAssocInTrait(core, ref, request.name);
    if (found === null) return unresolved("unresolved-projection", []);
    const own = memberArgs(core, table, request, found.assoc, found.args);
    return { k: "type", ty: table.normalize(core.tys.proj(found.assoc, own)) };
  }
  const def = valueMember(core, trait, request.name);
  if (def !== null) return { k: "def", def, args: memberArgs(core, table, request, def, args) };
  // `Sub::method` where the method is a supertrait's.
  for (const predicate of core.superRefs(trait)) {
    if (predicate.k !== "trait") continue;
    const up = valueMember(core, predicate.ref.trait, request.name);
    const upArgs = predicate.ref.args.map((ty) => substTy(core.tys, ty, args));
    if (up !== null) return { k: "def", def: up, args: memberArgs(core, table, request, up, upArgs) };
  }
  return unresolved("unresolved-path", []);
}

function assocType(core: Core, table: Table, request: AssocRequest, ty: Ty): AssocRes {
  const found = findAssocTy(core, ty, request.name, request.scope);
  if (found !== null)
    return {
      k: "type",
      ty: table.normalize(core.tys.proj(found.assoc, memberArgs(core, table, request, found.assoc, found.args))),
    };
  for (const ref of boundTraits(core, table, ty)) {
    const assoc = findAssocInTrait(core, ref, request.name);
    if (assoc !== null)
      return {
        k: "type",
        ty: table.normalize(core.tys.proj(assoc.assoc, memberArgs(core, table, request, assoc.assoc, assoc.args))),
      };
  }
  return unresolved(ty.k === "unknown" ? ty.reason : "unresolved-projection", []);
}

function inherentMember(core: Core, table: Table, request: AssocRequest, ty: Ty): AssocRes | null {
  const found: { readonly def: DefId; readonly outcome: "yes" | "maybe" }[] = [];
  for (const impl of inherentImpls(core, numberDefault(core, ty))) {
    const def = valueMember(core, impl, request.name);
    if (def === null) continue;
    const outcome = table.probe(() => implFits(core, table, impl, ty));
    if (outcome !== "no") found.push({ def, outcome });
  }
  const certain = found.filter((one) => one.outcome === "yes");
  const chosen = found.length === 1 ? found[0] : certain.length === 1 ? certain[0] : undefined;
  if (chosen !== undefined && !isMember(core, request, chosen.def)) {
    // What may not be named here is meant only where nothing else has the name.
    const other = extensionMember(core, table, request, ty);
    if (other.k === "def") return other;
  }
  if (chosen === undefined)
    return found.length === 0
      ? null
      : unresolved(
          "ambiguous",
          found.map((one) => one.def),
        );
  return ofImpl(core, table, request, ty, chosen.def);
}

/** The only function or constant of the name, whatever its impl asks of the type: what a macro that is not known derives gives that. */
function onlyInherent(core: Core, table: Table, request: AssocRequest, ty: Ty): AssocRes | null {
  const found = inherentImpls(core, ty).flatMap((impl) => {
    const def = valueMember(core, impl, request.name);
    return def !== null && table.probe(() => implTakes(core, table, impl, ty) !== null) ? [def] : [];
  });
  const [only] = found;
  return only === undefined || found.length > 1 ? null : ofImpl(core, table, request, ty, only);
}

function ofImpl(core: Core, table: Table, request: AssocRequest, ty: Ty, def: DefId): AssocRes {
  const impl = core.names.def(def).parent;
  const args = impl === null ? [] : table.freshArgs(impl);
  if (impl !== null) table.unify(table.normalize(substTy(core.tys, core.implSelfTy(impl), args)), ty);
  return { k: "def", def, args: memberArgs(core, table, request, def, args) };
}

function isMember({ names }: Core, request: AssocRequest, def: DefId): boolean {
  const { item, module, crate } = names.def(def);
  if (!names.isLinked(names.def(request.scope.module).crate, crate)) return false;
  return item === null || isAccessible(names, item.vis, module, request.scope.module);
}

/** Its generics where it is an impl of such a type, conditions aside. */
function implTakes(core: Core, table: Table, impl: DefId, ty: Ty): readonly Ty[] | null {
  const args = table.freshArgs(impl);
  return table.unify(table.normalize(substTy(core.tys, core.implSelfTy(impl), args)), ty) ? args : null;
}

function implFits(core: Core, table: Table, impl: DefId, ty: Ty): "yes" | "no" | "maybe" {
  const args = implTakes(core, table, impl, ty);
  if (args === null) return "no";
  const into = (inner: Ty): Ty => substTy(core.tys, inner, args);
  let outcome: "yes" | "maybe" = "yes";
  for (const predicate of core.genericsOf(impl).predicates) {
    const one = evaluate(core, table, mapPredicate(predicate, into));
    if (one === "no") return "no";
    if (one === "maybe") outcome = "maybe";
  }
  return outcome;
}

function extensionMember(core: Core, table: Table, request: AssocRequest, ty: Ty): AssocRes {
  const fitting: { readonly def: DefId; readonly trait: DefId; readonly outcome: "yes" | "maybe" }[] = [];
  const named: DefId[] = [];
  for (const trait of [...core.names.traitsInScope(request.scope)].sort((a, b) => a - b)) {
    const def = valueMember(core, trait, request.name);
    if (def === null) continue;
    named.push(def);
    const outcome = table.probe(() =>
      evaluate(core, table, { k: "trait", ref: { trait, args: table.freshArgs(trait, [ty]) } }),
    );
    if (outcome !== "no") fitting.push({ def, trait, outcome });
  }
  const certain = fitting.filter((one) => one.outcome === "yes");
  const chosen = fitting.length === 1 ? fitting[0] : certain.length === 1 ? certain[0] : undefined;
  if (chosen === undefined)
    return unresolved(
      fitting.length > 1 ? "ambiguous" : isModelled(core.names, ty) ? "undeclared" : "unresolved-path",
      fitting.length > 1 ? fitting.map((one) => one.def) : named,
    );
  return {
    k: "def",
    def: chosen.def,
    args: memberArgs(core, table, request, chosen.def, table.freshArgs(chosen.trait, [ty])),
  };
}

/** A function or constant of a trait or impl. */
function valueMember(core: Core, owner: DefId, name: string): DefId | null {
  return core.member(owner, name, "fn") ?? core.member(owner, name, "const");
}

function memberArgs(core: Core, table: Table, request: AssocRequest, def: DefId, prefix: readonly Ty[]): readonly Ty[] {
  return [...prefix, ...core.lowerOwnArgs(table, def, request.generics, request.scope)];
}

function unresolved(reason: UnknownReason, candidates: readonly DefId[]): AssocRes {
  return { k: "unresolved", reason, candidates };
}
