/**
 * Projections: what `<Self as Trait>::Assoc` is, from bounds, impls, trait objects, closures and async code.
 */
import type { DefId } from "../names/defs.ts";
import { callableOf } from "./callable.ts";
import type { Core } from "./core.ts";
import type { Table } from "./infer-table.ts";
import { ASYNC_BLOCK, ASYNC_FN, HAS_INFER, HAS_OPAQUE } from "./intern.ts";
import { roleOf } from "./roles.ts";
import { declaredBounds, normalEnv } from "./solve-candidates.ts";
import { selectStep } from "./solve-select.ts";
import { anyFlags, substTy } from "./subst.ts";
import type { Predicate, Ty } from "./ty.ts";

export type Projected =
  | { readonly k: "ty"; readonly ty: Ty; readonly nested: readonly Predicate[] }
  /** It is what it is: `T::Item` with no more known of it. */
  | { readonly k: "rigid" }
  | { readonly k: "ambiguous" }
  | { readonly k: "error" };
type Projection = Predicate & { readonly k: "projection" };

/** One step of proving that a projection is a type. */
export function projectStep(
  core: Core,
  table: Table,
  goal: Projection,
  depth: number,
): { readonly k: "yes"; readonly nested: readonly Predicate[] } | { readonly k: "no" | "maybe" } {
  const args = goal.args.map((ty) => table.normalize(table.resolve(ty)));
  const projected = project(core, table, goal.assoc, args, depth);
  switch (projected.k) {
    case "ty":
      return isSame(core, table, projected.ty, goal.ty) ? { k: "yes", nested: projected.nested } : { k: "no" };
    case "rigid": {
      const ty = table.shallow(goal.ty);
      const rigid = core.tys.proj(goal.assoc, args);
      if (ty.k === "proj" && ty.assoc === goal.assoc && ty.args.every((arg, n) => table.unify(arg, args[n] ?? arg)))
        return { k: "yes", nested: [] };
      return table.unify(ty, rigid) ? { k: "yes", nested: [] } : { k: "no" };
    }
    case "ambiguous":
      return { k: "maybe" };
    case "error":
      table.noteUnknown(goal.ty, "unresolved-projection");
      return { k: "no" };
    default:
      return unreachable(projected);
  }
}

/**
 * What a closure gives back was inferred where a function's `impl Trait` is opaque; once nothing is under inference any more, who asks knows what
 * that is.
 */
function isSame(core: Core, table: Table, projected: Ty, wanted: Ty): boolean {
  const ty = table.normalize(projected);
  if (table.unify(ty, wanted)) return true;
  const both = [table.resolve(ty), table.resolve(wanted)];
  if (table.body !== null || !anyFlags(both, HAS_OPAQUE) || anyFlags(both, HAS_INFER)) return false;
  const [seen, other] = both.map((one) => core.normalizeIn(one, table.env, true));
  return seen !== undefined && other !== undefined && table.unify(seen, other);
}

/** What the projection is; `args` resolved and normalised. Bindings of the chosen impl are kept. */
export function project(core: Core, table: Table, assoc: DefId, args: readonly Ty[], depth: number): Projected {
  const trait = core.names.def(assoc).parent;
  const self = args[0];
  if (trait === null || self === undefined) return { k: "error" };
  const said = fromBounds(core, table, assoc, args, self);
  if (said !== null) return said;
  if (self.k === "unknown") return { k: "error" };
  if (self.k === "infer" && self.kind === "general") return { k: "ambiguous" };
  const builtin = fromCompiler(core, table, assoc, trait, self, args);
  if (builtin !== null) return builtin;
  const count = core.params(trait).params.length;
  const step = selectStep(core, table, { trait, args: args.slice(0, count) }, depth);
  if (step.k === "maybe") return { k: "ambiguous" };
  if (step.k === "no") return self.k === "param" || self.k === "proj" ? { k: "rigid" } : { k: "error" };
  const { selection } = step;
  if (selection.k === "param") return { k: "rigid" };
  if (selection.k !== "impl") return { k: "error" };
  const name = core.names.def(assoc).name;
  const member = core.member(selection.impl, name, "type-alias");
  if (member !== null)
    return {
      k: "ty",
      ty: substTy(core.tys, core.typeOf(member), [...selection.args, ...args.slice(count)]),
      nested: step.nested,
    };
  const { item } = core.names.def(assoc);
  if (item?.k === "type-alias" && item.ty !== null)
    return { k: "ty", ty: substTy(core.tys, core.typeOf(assoc), args), nested: step.nested };
  return { k: "error" };
}

/** `T: Trait<Assoc = X>` in the environment, or declared on the type itself. */
function fromBounds(core: Core, table: Table, assoc: DefId, args: readonly Ty[], self: Ty): Projected | null {
  if (self.k === "infer") return null;
  const lists = [normalEnv(core, table), declaredBounds(core, self)];
  for (const list of lists) {
    const fitting = list.filter(
      (one): one is Projection => one.k === "projection" && one.assoc === assoc && fits(table, one, args),
    );
    const [first] = fitting;
    if (first === undefined) continue;
    if (fitting.length > 1 && anyFlags(args, HAS_INFER)) return { k: "ambiguous" };
    for (const [n, arg] of first.args.entries()) table.unify(arg, args[n] ?? arg);
    return { k: "ty", ty: first.ty, nested: [] };
  }
  return null;
}

function fits(table: Table, predicate: Projection, args: readonly Ty[]): boolean {
  return table.probe(
    () => predicate.args.length <= args.length && predicate.args.every((ty, n) => sameOrUnified(table, ty, args[n])),
  );
}

/** A projection as Self of a bound (`T::Item: Iterator<Item = X>`) is compared as it stands. */
function sameOrUnified(table: Table, ty: Ty, arg: Ty | undefined): boolean {
  return arg !== undefined && (ty === arg || table.unify(ty, arg));
}

function fromCompiler(
  core: Core,
  table: Table,
  assoc: DefId,
  trait: DefId,
  self: Ty,
  args: readonly Ty[],
): Projected | null {
  const known = (ty: Ty): Projected => ({ k: "ty", ty, nested: [] });
  switch (roleOf(core, trait)) {
    case "fn_once": {
      if (self.k !== "fn-def" && self.k !== "fn-ptr" && self.k !== "closure") return null;
      const sig = callableOf(core, table, self);
      if (sig === null) return { k: "ambiguous" };
      const given = args[1];
      if (given !== undefined) table.unify(given, core.tys.tuple(sig.params));
      return known(sig.ret);
    }
    case "future_trait":
      return self.k === "opaque" && self.index >= ASYNC_FN ? asyncOutput(core, table, self) : null;
    case "discriminant_kind":
      if (self.k === "param" || self.k === "proj") return { k: "rigid" };
      return self.k === "infer" ? null : known(discriminantTy(core, self));
    case "pointee_trait":
      return core.names.def(assoc).name === "Metadata" ? metadataOf(core, self) : null;
    default:
      return null;
  }
}

function asyncOutput(core: Core, table: Table, self: Ty & { readonly k: "opaque" }): Projected {
  if (self.index < ASYNC_BLOCK)
    return { k: "ty", ty: substTy(core.tys, core.asyncRet(self.def), self.args), nested: [] };
  const local = self.def === table.body ? table.asyncOutputs.get(self.index) : undefined;
  if (local !== undefined) return { k: "ty", ty: local, nested: [] };
  const output = self.def === table.body ? undefined : core.bodyFacts(self.def)?.asyncOutputs.get(self.index);
  return output === undefined ? { k: "ambiguous" } : { k: "ty", ty: substTy(core.tys, output, self.args), nested: [] };
}

/** `repr(u8)` and the like; isize without. */
function discriminantTy(core: Core, self: Ty): Ty {
  if (self.k !== "adt" || core.names.def(self.def).kind !== "enum") return core.tys.prim("u8");
  for (const attr of core.names.def(self.def).attrs) {
    const found = attr.path === "repr" ? /\b[iu](8|16|32|64|128|size)\b/.exec(attr.tokens) : null;
    if (found !== null) return core.tys.prim(found[0]);
  }
  return core.tys.prim("isize");
}

function metadataOf(core: Core, self: Ty): Projected | null {
  switch (self.k) {
    case "slice":
      return { k: "ty", ty: core.tys.usize, nested: [] };
    case "prim":
      return { k: "ty", ty: self.name === "str" ? core.tys.usize : core.tys.unit, nested: [] };
    case "param":
    case "proj":
    case "infer":
    case "dyn":
    case "adt":
      return null;
    default:
      return { k: "ty", ty: core.tys.unit, nested: [] };
  }
}

function unreachable(value: never): never {
  return value;
}
