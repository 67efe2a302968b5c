/**
 * What the parts of the call-graph layer share while one graph is built: the layers below, tables and memos.
 */
import type { PackFn } from "../model/pack.ts";
import type { Condition } from "../model/vocabulary.ts";
import type { DefId, Names } from "../names/defs.ts";
import type { Types } from "../types/api.ts";
import { ASYNC_FN, HAS_INFER, HAS_OPAQUE, HAS_PARAM, HAS_PROJ, HAS_UNKNOWN, kidsOf } from "../types/intern.ts";
import type { Ty } from "../types/ty.ts";
import type { Analysis } from "./analysis.ts";
import type { Bodies } from "./bodies.ts";
import type { Flow } from "./flow-model.ts";
import { declaredFieldTys } from "./inner-types.ts";
import type { Budgets, Instance, Instances } from "./instances.ts";
import type { Known, Knowns } from "./known.ts";
import type { Terminator } from "./mir.ts";

/** Facts of a pack about one function. */
export type Facts = Omit<PackFn, "sig"> & {
  /** The function runs only under a condition on a cell that argument `cell` points to. */
  readonly entered?: { readonly when: Condition; readonly cell: number };
};

export interface PackFacts {
  /** The facts that `Def.packEntry` names. */
  entry(id: number): { readonly fn: Facts } | null;
}

export interface Externs {
  /** Which arguments the C function calls before it returns; empty for most. */
  invokes(symbol: string): readonly number[];
  /** A Rust definition in the program that is linked under this symbol. */
  defined?(symbol: string): DefId | null;
  /** Does assembly go on to its end, and nowhere else, whatever others do? */
  staysInside?(asm: Terminator & { readonly k: "asm" }): boolean;
}

export interface World {
  readonly types: Types;
  readonly names: Names;
  readonly bodies: Bodies;
  readonly packs: PackFacts;
  readonly externs: Externs;
  readonly knowns: Knowns;
  readonly budgets: Budgets;
  readonly instances: Instances;
  readonly analyses: Map<number, Analysis>;
  /** Instances that are being analysed, innermost last. */
  readonly active: Set<number>;
  readonly statics: Map<string, Known | null>;
  /** What answers about values come to, by depth and type of pointer. */
  readonly flows: WeakMap<Flow, Map<string, Known | null>>;
  /** Answers of `canHold` and `mayCall`. */
  readonly holds: Map<Ty, boolean>;
  readonly calls: Map<Ty, boolean>;
}

/** Types nested deeper are taken to hold anything. */
const MAX_DEPTH = 24;

/** A type of the instance's body with the instance's arguments filled in, projections and opaque types seen through. */
export function concrete(world: World, instance: Instance, ty: Ty): Ty {
  const known = instance.concrete.get(ty.id);
  if (known !== undefined) return known;
  const result = concreteWith(world, ty, instance.args);
  instance.concrete.set(ty.id, result);
  return result;
}

/** The same for arguments that belong to no instance yet. */
export function concreteWith(world: World, ty: Ty, args: readonly Ty[]): Ty {
  const filled = (ty.flags & HAS_PARAM) === 0 ? ty : world.types.subst(ty, args);
  return (filled.flags & (HAS_PROJ | HAS_OPAQUE)) === 0 ? filled : world.types.normalize(filled, [], true);
}

/** Facts of the pack entry that stands for a definition. */
export function factsFor(world: World, def: DefId): Facts | null {
  const id = world.names.def(def).packEntry;
  return id === null ? null : (world.packs.entry(id)?.fn ?? null);
}

/** Can a value of the type hold a callable, an object or a pointer to a static? */
export function canHold(world: World, ty: Ty, depth = 0): boolean {
  const known = world.holds.get(ty);
  if (known !== undefined) return known;
  if (depth > MAX_DEPTH) return true;
  world.holds.set(ty, false);
  const result = holdsInside(world, ty, depth);
  world.holds.set(ty, result);
  return result;
}

function holdsInside(world: World, ty: Ty, depth: number): boolean {
  const inside = (one: Ty): boolean => canHold(world, one, depth + 1);
  switch (ty.k) {
    case "fn-ptr":
    case "dyn":
    case "ref":
    case "ptr":
    case "param":
    case "proj":
    case "opaque":
    case "infer":
    case "unknown":
      return true;
    case "closure": {
      const facts = world.types.bodyFacts(ty.body)?.closure(ty.closure);
      if (facts === undefined) return true;
      return facts.captures.some((one) => one.mode !== "move" || inside(concreteWith(world, one.ty, ty.args)));
    }
    case "slice":
    case "array":
      return inside(ty.inner);
    case "tuple":
      return ty.elems.some((elem) => inside(elem));
    case "adt":
      return adtHolds(world, ty, inside);
    case "prim":
    case "never":
    case "fn-def":
    case "const":
      return false;
  }
}

/** What is to be thought of a value of which only the type is known. */
export function unknownOf(world: World, ty: Ty): Known | null {
  if (!canHold(world, ty)) return world.knowns.nothing;
  return mayCall(world, ty) ? null : world.knowns.inert;
}

/** Does a value of the type lead to something that can be called? */
export function mayCall(world: World, ty: Ty, depth = 0): boolean {
  const known = world.calls.get(ty);
  if (known !== undefined) return known;
  if (depth > MAX_DEPTH) return true;
  world.calls.set(ty, false);
  const result = callsInside(world, ty, depth);
  world.calls.set(ty, result);
  return result;
}

function callsInside(world: World, ty: Ty, depth: number): boolean {
  const inside = (one: Ty): boolean => mayCall(world, one, depth + 1);
  switch (ty.k) {
    case "fn-ptr":
    case "dyn":
    case "param":
    case "proj":
    case "opaque":
    case "infer":
    case "unknown":
      return true;
    case "closure": {
      const facts = world.types.bodyFacts(ty.body)?.closure(ty.closure);
      return facts === undefined || facts.captures.some((one) => inside(concreteWith(world, one.ty, ty.args)));
    }
    case "ref":
    case "ptr":
    case "slice":
    case "array":
      return inside(ty.inner);
    case "tuple":
      return ty.elems.some(inside);
    case "adt":
      return ty.args.some(inside) || fieldsOf(world, ty).some(inside);
    case "prim":
    case "never":
    case "fn-def":
    case "const":
      return false;
  }
}

/** In types of packs, pointers lead to values of their arguments; only callables among their own fields count, and tables of them (`RawWakerVTable`). */
function adtHolds(world: World, ty: Ty & { readonly k: "adt" }, inside: (one: Ty) => boolean): boolean {
  if (ty.args.some(inside)) return true;
  const pack = world.names.isPackCrate(world.names.def(ty.def).crate);
  return fieldsOf(world, ty).some((field) => {
    const pointer = field.k === "ref" || field.k === "ptr";
    if (!pack || !pointer) return inside(field);
    return field.inner.k === "dyn" || (field.inner.k === "adt" && field.inner.args.length === 0 && inside(field));
  });
}

/** Types of all fields of a struct, union or enum. */
export function fieldsOf(world: World, ty: Ty & { readonly k: "adt" }): Ty[] {
  return declaredFieldTys(world.types, ty.def).map((field) => concreteWith(world, field, ty.args));
}

/** Nothing in the type is open: no parameter, projection, variable, hidden or lost type. */
export function isConcrete(ty: Ty): boolean {
  const isOpen = (ty.flags & (HAS_PARAM | HAS_PROJ | HAS_INFER | HAS_UNKNOWN)) !== 0;
  return !isOpen && ((ty.flags & HAS_OPAQUE) === 0 || !isHidden(ty));
}

/** The future of an async function, block or closure is a type of its own; `impl Trait` stands for another one. */
function isHidden(ty: Ty): boolean {
  return (ty.k === "opaque" && ty.index < ASYNC_FN) || kidsOf(ty).some(isHidden);
}
