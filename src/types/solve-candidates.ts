/**
 * What might make a trait reference true: bounds of the environment, declared bounds of projections and opaque types,
 * a trait object's own traits, impls whose header might fit, and what the compiler makes itself.
 */
import type { DefId } from "../names/defs.ts";
import type { Selection } from "./api.ts";
import type { Core } from "./core.ts";
import { elaborate } from "./env.ts";
import { traitImpls } from "./impls.ts";
import type { Table } from "./infer-table.ts";
import { HAS_INFER, HAS_OPAQUE, HAS_PARAM, HAS_PROJ, isIntName } from "./intern.ts";
import { builtinCandidate } from "./solve-builtin.ts";
import { anyFlags, mapPredicate, substTy } from "./subst.ts";
import type { Predicate, TraitRef, Ty } from "./ty.ts";

export type Candidate =
  | { readonly k: "bound"; readonly ref: TraitRef; readonly selection: Selection }
  | { readonly k: "impl"; readonly impl: DefId }
  | {
      readonly k: "builtin";
      readonly selection: Selection;
      readonly nested: readonly Predicate[];
      readonly equate: readonly (readonly [Ty, Ty])[];
    };

/** All candidates, in a fixed order: bounds, then impls, then builtin ones where no impl was written. */
export function candidatesFor(core: Core, table: Table, ref: TraitRef): readonly Candidate[] {
  const found: Candidate[] = [];
  const fits = (other: TraitRef, rigid: boolean): boolean =>
    other.trait === ref.trait && other.args.every((ty, n) => mayEqual(table, ty, ref.args[n] ?? ty, rigid));
  const add = (predicate: Predicate, selection: Selection): void => {
    if (predicate.k === "trait" && fits(predicate.ref, true)) found.push({ k: "bound", ref: predicate.ref, selection });
  };
  if (anyFlags(ref.args, HAS_PARAM | HAS_PROJ | HAS_OPAQUE | HAS_INFER)) {
    for (const predicate of normalEnv(core, table)) add(predicate, { k: "param", predicate });
  }
  const self = ref.args[0];
  if (self === undefined) return found;
  for (const predicate of declaredBounds(core, self)) add(predicate, boundSelection(self, predicate));
  const here = table.body === null ? null : core.names.def(table.body).crate;
  const impls = traitImpls(core, ref.trait, ref.args, here).filter((impl) => {
    const header = core.implTraitRef(impl);
    return header !== null && fits(header, false);
  });
  for (const impl of impls) found.push({ k: "impl", impl });
  if (found.length === 0) {
    const builtin = builtinCandidate(core, table, ref, self);
    if (builtin !== null) found.push(builtin);
  }
  return found;
}

/** Predicates of the table's environment with projections normalised in the same environment. */
export function normalEnv(core: Core, table: Table): readonly Predicate[] {
  const { env } = table;
  const known = core.memo.normalEnvs.get(env.id);
  if (known !== undefined) return known;
  core.memo.normalEnvs.set(env.id, env.predicates);
  const normal = env.predicates.map((predicate) => {
    if (predicate.k === "trait") return mapPredicate(predicate, (ty) => core.normalizeIn(ty, env));
    // The projection itself must not be replaced by what it is said to be.
    return {
      ...predicate,
      args: predicate.args.map((ty) => core.normalizeIn(ty, env)),
      ty: core.normalizeIn(predicate.ty, env),
    };
  });
  core.memo.normalEnvs.set(env.id, normal);
  return normal;
}

/** What is declared of a projection, an opaque type or a trait object, with supertraits; Self is that type. */
export function declaredBounds(core: Core, self: Ty): readonly Predicate[] {
  if (self.k === "proj") return substAll(core, elaborate(core, core.itemBounds(self.assoc)), self.args);
  if (self.k === "opaque") return substAll(core, elaborate(core, core.opaqueBounds(self.def, self.index)), self.args);
  if (self.k !== "dyn") return [];
  const own = self.traits.flatMap((one): Predicate[] => {
    const ref: TraitRef = { trait: one.trait, args: [self, ...one.args] };
    const bindings = one.bindings.map((binding): Predicate => {
      const trait = core.names.def(binding.assoc).parent;
      // Bindings of generic associated types have no arguments of their own in a trait object.
      const args = trait === one.trait ? ref.args : dynArgs(core, self, ref, trait);
      return { k: "projection", assoc: binding.assoc, args, ty: binding.ty };
    });
    return [{ k: "trait", ref }, ...bindings];
  });
  return elaborate(core, own);
}

function dynArgs(core: Core, self: Ty, ref: TraitRef, trait: DefId | null): readonly Ty[] {
  for (const predicate of elaborate(core, [{ k: "trait", ref }])) {
    if (predicate.k === "trait" && predicate.ref.trait === trait) return predicate.ref.args;
  }
  return [self];
}

function boundSelection(self: Ty, predicate: Predicate): Selection {
  return self.k === "dyn" ? { k: "builtin", what: "dyn" } : { k: "param", predicate };
}

function substAll(core: Core, predicates: readonly Predicate[], args: readonly Ty[]): readonly Predicate[] {
  return predicates.map((predicate) => mapPredicate(predicate, (ty) => substTy(core.tys, ty, args)));
}

/**
 * Cheap look at two types: false only where they cannot be made equal. Parameters on the left stand for anything (those of an
 * impl's header), unless they are `rigid` (those of a bound in the environment).
 */
function mayEqual(table: Table, header: Ty, actual: Ty, rigid: boolean, depth = 0): boolean {
  const a = table.shallow(header);
  const b = table.shallow(actual);
  if (a === b || depth > 6) return true;
  if (a.k === "param" && !rigid) return true;
  // A projection of the environment that is left over stands for itself.
  if (rigid && a.k === "proj") return isOpen(b);
  if (isOpen(a) || isOpen(b)) {
    if (b.k === "infer" && b.kind !== "general" && !isOpen(a))
      return a.k === "prim" && (b.kind === "int" ? isIntName(a.name) : a.name[0] === "f");
    return true;
  }
  const both = (left: readonly Ty[], right: readonly Ty[]): boolean =>
    left.length === right.length && left.every((ty, n) => mayEqual(table, ty, right[n] ?? ty, rigid, depth + 1));
  switch (a.k) {
    case "adt":
      return b.k === "adt" && a.def === b.def && both(a.args, b.args);
    case "ref":
    case "ptr":
      return b.k === a.k && a.mut === b.mut && mayEqual(table, a.inner, b.inner, rigid, depth + 1);
    case "slice":
      return b.k === "slice" && mayEqual(table, a.inner, b.inner, rigid, depth + 1);
    case "array":
      return (
        b.k === "array" &&
        mayEqual(table, a.inner, b.inner, rigid, depth + 1) &&
        mayEqual(table, a.len, b.len, rigid, depth + 1)
      );
    case "tuple":
      return b.k === "tuple" && both(a.elems, b.elems);
    case "fn-ptr":
      return b.k === "fn-ptr" && a.params.length === b.params.length && a.abi === b.abi;
    case "dyn":
      return (
        b.k === "dyn" &&
        a.traits.length === b.traits.length &&
        a.traits.every((one) => b.traits.some((other) => other.trait === one.trait))
      );
    case "fn-def":
      return b.k === "fn-def" && a.def === b.def;
    case "closure":
      return b.k === "closure" && a.body === b.body && a.closure === b.closure;
    case "opaque":
      return b.k === "opaque" && a.def === b.def && a.index === b.index;
    default:
      return false; // param, prim, never, const: interned, so different ones differ
  }
}

function isOpen(ty: Ty): boolean {
  return ty.k === "infer" || ty.k === "proj" || ty.k === "unknown";
}
