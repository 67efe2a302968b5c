/**
 * Associated types by name: `T::Item`, `Self::Item`, `Trait<Item = X>`.
 *
 * Input: a type (or trait reference) and a name. Output: the associated type's definition with the trait's arguments. Bounds are looked at by
 * definition first and lowered only where the trait (or a supertrait) has the name, so that a bound may mention what it defines.
 */
import type { DefId, Scope } from "../names/defs.ts";
import type { Core } from "./core.ts";
import { substTy } from "./subst.ts";
import type { TraitRef, Ty } from "./ty.ts";

export interface AssocTy {
  readonly assoc: DefId;
  /** Full generics of the trait; the associated type's own follow where it has any. */
  readonly args: readonly Ty[];
}

/** The associated type of a trait or of its supertraits, with their arguments. */
export function findAssocInTrait(core: Core, ref: TraitRef, name: string): AssocTy | null {
  const seen = new Set<DefId>();
  const queue: TraitRef[] = [ref];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (seen.has(next.trait)) continue;
    seen.add(next.trait);
    const own = core.member(next.trait, name, "type-alias");
    if (own !== null) return { assoc: own, args: next.args };
    if (!traitHasAssoc(core, next.trait, name)) continue;
    const { args } = next;
    for (const predicate of core.superRefs(next.trait)) {
      if (predicate.k !== "trait") continue;
      queue.push({ trait: predicate.ref.trait, args: predicate.ref.args.map((ty) => substTy(core.tys, ty, args)) });
    }
  }
  return null;
}

/** By definitions alone: does the trait or a supertrait declare an associated type of this name? */
export function traitHasAssoc(core: Core, trait: DefId, name: string): boolean {
  const seen = new Set<DefId>([trait]);
  for (const one of seen) {
    if (core.member(one, name, "type-alias") !== null) return true;
    for (const parent of core.superIds(one)) seen.add(parent);
  }
  return false;
}

/** `<subject>::name` in a scope, by the bounds in sight. */
export function findAssocTy(core: Core, subject: Ty, name: string, scope: Scope): AssocTy | null {
  const wanted = (trait: DefId): boolean => traitHasAssoc(core, trait, name);
  for (const ref of core.boundsInScope(subject, scope, wanted)) {
    const found = findAssocInTrait(core, ref, name);
    if (found !== null) return found;
  }
  return null;
}
