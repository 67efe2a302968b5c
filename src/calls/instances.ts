/**
 * Instances: a body, model or drop glue with concrete type arguments and what is known of its arguments.
 *
 * Equal instances are one object. Budgets bound their number: contexts of one body with the same types widen to none, type
 * arguments of one body widen to unknown; each widening is told to `limit`.
 */
import type { DefId } from "../names/defs.ts";
import { kidsOf } from "../types/intern.ts";
import type { Ty } from "../types/ty.ts";
import { bodyId } from "./bodies.ts";
import type { Known } from "./known.ts";
import type { BodyKey } from "./mir.ts";

export type InstanceOf =
  | { readonly k: "body"; readonly key: BodyKey }
  | { readonly k: "drop-glue"; readonly ty: Ty }
  | { readonly k: "model"; readonly def: DefId };

export interface Instance {
  readonly id: number;
  readonly what: InstanceOf;
  readonly args: readonly Ty[];
  /** By argument; null (or missing) where nothing is known. */
  readonly context: readonly (Known | null)[];
  /** By argument that decides a branch: the number, truth value or variant (`#1`) that is passed; empty where none is known. */
  readonly constants: readonly (string | null)[];
  /** Substituted types, shared by all instances with these arguments: id of the generic type → concrete type. */
  readonly concrete: Map<number, Ty>;
}

export interface Budgets {
  /** Contexts of one body with the same type arguments. */
  readonly contexts: number;
  /** The same, where a context names statics, functions or types of objects: a program has a fixed number of those. */
  readonly items: number;
  /** Lists of type arguments of one body. */
  readonly perBody: number;
  readonly total: number;
  /** Bodies that a graph reads; what lies in others is not known. */
  readonly bodies: number;
  readonly typeDepth: number;
}

/** Budgets that real handlers stay within. */
export const DEFAULT_BUDGETS: Budgets = {
  contexts: 8,
  items: 256,
  perBody: 200,
  total: 50_000,
  bodies: 100_000,
  typeDepth: 80,
};

export interface Instances {
  body(
    key: BodyKey,
    args: readonly Ty[],
    context: readonly (Known | null)[],
    constants?: readonly (string | null)[],
  ): Instance;
  model(def: DefId, args: readonly Ty[], context: readonly (Known | null)[]): Instance;
  /** `context` is what the value is known to be made of. */
  dropGlue(ty: Ty, context: readonly (Known | null)[]): Instance;
  readonly count: number;
}

/** An empty table; `limit` hears of every widening, with the instance that stands for the widened ones. */
export function createInstances(
  budgets: Budgets,
  unknown: Ty,
  inert: Known,
  limit: (instance: Instance, what: string) => void,
): Instances {
  const table = new Map<string, Instance>();
  const argLists = new Map<string, { readonly list: readonly Ty[]; readonly concrete: Map<number, Ty> }>();
  const typesOf = new Map<string, Set<string>>();
  const contextsOf = new Map<string, number>();
  let count = 0;

  const listOf = (args: readonly Ty[]): { key: string; list: readonly Ty[]; concrete: Map<number, Ty> } => {
    const key = args.map((ty) => ty.id).join();
    let entry = argLists.get(key);
    if (entry === undefined) {
      entry = { list: args, concrete: new Map() };
      argLists.set(key, entry);
    }
    return { key, ...entry };
  };

  const get = (
    name: string,
    what: InstanceOf,
    given: readonly Ty[],
    context: readonly (Known | null)[],
    constants: readonly (string | null)[] = [],
  ): Instance => {
    const shallow = given.map((ty) => (depthOf(ty) > budgets.typeDepth ? unknown : ty));
    let list = listOf(shallow);
    let widened = shallow.every((ty, index) => ty === given[index]) ? null : "type arguments nested too deeply";
    const seen = typesOf.get(name) ?? new Set<string>();
    typesOf.set(name, seen);
    if (!seen.has(list.key)) {
      if (seen.size >= budgets.perBody || count >= budgets.total) {
        list = listOf(given.map(() => unknown));
        widened = "too many instances";
      }
      seen.add(list.key);
    }
    const kept = trimmed(context, inert);
    const plain = `${name}|${list.key}|`;
    const passed = constants.length === 0 ? "" : `|${constants.join()}`;
    let key = plain + kept.map((one) => (one === null ? "" : one.id)).join() + passed;
    let known = table.get(key);
    if (known === undefined && kept.length + constants.length > 0) {
      const used = contextsOf.get(plain) ?? 0;
      const allowed = kept.some(namesItem) ? budgets.items : budgets.contexts;
      if (used >= allowed) {
        key = plain;
        known = table.get(key);
      } else contextsOf.set(plain, used + 1);
    }
    if (known === undefined) {
      const isPlain = key === plain;
      known = {
        id: count,
        what,
        args: list.list,
        context: isPlain ? [] : kept,
        constants: isPlain ? [] : constants,
        concrete: list.concrete,
      };
      count += 1;
      table.set(key, known);
      if (widened !== null) limit(known, widened);
    }
    return known;
  };

  return {
    body: (key, args, context, constants) => get(`b${bodyId(key)}`, { k: "body", key }, args, context, constants),
    model: (def, args, context) => get(`m${def}`, { k: "model", def }, args, context),
    dropGlue: (ty, context) => get(`d${ty.id}`, { k: "drop-glue", ty }, [], context),
    get count() {
      return count;
    },
  };
}

/** Does it say which static, function or type of object a pointer leads to, however it is packed? */
function namesItem(known: Known | null): boolean {
  switch (known?.k) {
    case "static":
    case "callable":
    case "object":
      return true;
    case "ref":
      return namesItem(known.inner);
    case "parts":
      return known.fields.some(namesItem);
    case "list":
      return known.elems.some(namesItem);
    case "some":
      return known.of.some(namesItem);
    default:
      return false;
  }
}

/** Without what the type says already, and without an empty end. */
function trimmed(context: readonly (Known | null)[], inert: Known): readonly (Known | null)[] {
  const kept = context.map((one) => (one === inert ? null : one));
  let length = kept.length;
  while (length > 0 && kept[length - 1] === null) length -= 1;
  return length === kept.length ? kept : kept.slice(0, length);
}

const depths: WeakMap<Ty, number> = new WeakMap();

/** How many levels of arguments a type has; parts that occur often are measured once. */
function depthOf(ty: Ty): number {
  let depth = depths.get(ty);
  if (depth === undefined) {
    depth = 0;
    for (const kid of kidsOf(ty)) depth = Math.max(depth, depthOf(kid) + 1);
    depths.set(ty, depth);
  }
  return depth;
}
