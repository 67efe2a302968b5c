/**
 * Looking at what is known through dereferences, fields and indices; what statics hold.
 *
 * A static holds what its initialiser made, and whatever bodies that name it store into it; where such a store cannot be
 * followed the answer is open.
 */
import { pushAll } from "../base/push-all.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import type { StaticPlace } from "./call-graph.ts";
import { fieldOwners } from "./inner-types.ts";
import { fieldOf, inAnyOrder, type Known, staticPlaceKey } from "./known.ts";
import { knownOf } from "./known-of-flow.ts";
import { linkedTo } from "./linked-symbols.ts";
import type { BodyKey, Projection } from "./mir.ts";
import { analyse } from "./resolve-body.ts";
import { storedIn } from "./value-flow.ts";
import { changesShared, mayChange, ownNeverChanges, partMayChange } from "./value-types.ts";
import { concreteWith, mayCall, type World } from "./world.ts";

/** A place as far as known: where it is, if in a static, and what it holds. */
export interface Seen {
  readonly at: StaticPlace | null;
  readonly known: Known | null;
}

/** What a place reached through `proj` is and holds. */
export function lookThrough(world: World, start: Known | null, proj: readonly Projection[]): Seen {
  let at: StaticPlace | null = null;
  let known: Known | null = start;
  for (const step of proj) {
    if (at !== null) {
      if (step.k === "field") {
        at = fieldOf(at, step.index, step.variant);
        continue;
      }
      known = heldBy(world, at);
      at = null;
    }
    if (step.k === "deref") {
      if (known?.k === "static") at = known.place;
      else known = derefOf(world, known);
    } else if (step.k === "field") known = fieldIn(world, known, step.index, step.variant);
    else known = elementIn(world, known, step.constant);
    if (known === null && at === null) return { at: null, known: null };
  }
  return { at, known: at === null ? known : null };
}

/** The value of a place. */
export function valueOf(world: World, seen: Seen): Known | null {
  return seen.at === null ? seen.known : heldBy(world, seen.at);
}

/** What a pointer leads to. */
export function derefOf(world: World, known: Known | null): Known | null {
  switch (known?.k) {
    case "static":
      return heldBy(world, known.place);
    case "object":
    case "ref":
      return known.inner;
    case "some":
      return known.inside ? known : joined(world, known, (one) => derefOf(world, one));
    default:
      return known ?? null;
  }
}

function fieldIn(world: World, known: Known | null, index: number, variant: number | null): Known | null {
  switch (known?.k) {
    case "parts":
      if (isOtherVariant(known, variant)) return world.knowns.nothing;
      return known.fields[index] ?? null;
    case "list":
      // A pointer to it is taken for one to something else.
      return world.knowns.madeOf([known]);
    case "object":
      return fieldIn(world, known.inner, index, variant);
    case "some":
      return known.inside ? known : joined(world, known, (one) => fieldIn(world, one, index, variant));
    default:
      return known ?? null;
  }
}

/** An element of an array; any of them where it is not known which. */
function elementIn(world: World, known: Known | null, constant: number | null): Known | null {
  if (known?.k === "some" && !known.inside) return joined(world, known, (one) => elementIn(world, one, constant));
  if (known?.k !== "list") return known;
  const { elems } = known;
  if (constant !== null && constant < elems.length) return elems[constant] ?? null;
  return world.knowns.joinAll(elems);
}

function joined(world: World, known: Known & { k: "some" }, each: (one: Known) => Known | null): Known | null {
  let sum: Known | null = world.knowns.nothing;
  for (const one of known.of) sum = world.knowns.join(sum, each(one));
  return known.open ? world.knowns.join(sum, null) : sum;
}

/** What a static, or a part of one, holds: the initial value, and where that can be changed what is stored there. */
export function heldBy(world: World, place: StaticPlace): Known | null {
  const key = staticPlaceKey(place);
  const memo = world.statics.get(key);
  if (memo !== undefined) return memo;
  world.statics.set(key, null);
  const value = partOfStatic(world, place);
  world.statics.set(key, value);
  return value;
}

function partOfStatic(world: World, declared: StaticPlace): Known | null {
  const place = { ...declared, def: linkedTo(world.bodies, declared.def) };
  const init: BodyKey = { def: place.def, closure: null };
  let parts: readonly Ty[] = [concreteWith(world, world.types.typeOf(place.def), [])];
  let initial =
    world.bodies.mir(init) === null ? null : (analyse(world, world.instances.body(init, [], []))?.ret ?? null);
  const around: Ty[] = [];
  const steps: Projection[] = [];
  const isFixed = ownNeverChanges(world.types, place.def);
  for (const [at, index] of place.fields.entries()) {
    const variant = place.variants?.[at] ?? null;
    // Of a variant that it is not, nothing is ever there.
    if (isFixed && isOtherVariant(initial, variant)) return world.knowns.nothing;
    initial = fieldIn(world, initial, index, variant);
    pushAll(around, parts);
    parts = [...new Set(parts.flatMap((one) => fieldTys(world, one, index, variant)))];
    const [only, ...others] = parts;
    const ty = only !== undefined && others.length === 0 ? only : world.types.unknown("not-inferred");
    steps.push({ k: "field", index, variant: null, ty });
  }
  if (!parts.some((one) => partMayChange(world.types, place.def, [...around, one]))) return initial;
  if (isFixed && isUnchanging(world, initial, parts)) return initial;
  initial = inAnyOrder(world.knowns, initial);
  if (!parts.some((one) => mayCall(world, one)) && callablesIn(world, initial).callables.length === 0) return initial;
  const stored = storesOf(world, place.def, steps);
  if (stored === world.knowns.nothing) return initial;
  // What fills a lazy one is asked for only where it would be taken for what was stored there later.
  const all = initial === world.knowns.nothing ? storesOf(world, place.def, steps, true) : stored;
  return world.knowns.madeOf([initial, all]);
}

function isOtherVariant(known: Known | null, variant: number | null): boolean {
  return known?.k === "parts" && known.variant !== null && variant !== null && known.variant !== variant;
}

/**
 * Is what is known to be in a place whose own bytes never change, and all that lies behind it, what it will ever be? A pointer to an object leads to what that
 * object's type lets change, whatever other objects may.
 */
function isUnchanging(world: World, known: Known | null, tys: readonly Ty[]): boolean {
  const { types } = world;
  if (!tys.some((ty) => changesShared(types, ty))) return true;
  if (known?.k === "object") return !changesShared(types, known.ty);
  if (known?.k === "static") return !mayChange(types, known.place.def);
  if (known?.k !== "parts") return known?.k === "callable";
  const { variant } = known;
  return known.fields.every((field, index) =>
    isUnchanging(
      world,
      field,
      tys.flatMap((ty) => fieldTys(world, ty, index, variant)),
    ),
  );
}

/** The type of a field of a struct, tuple or variant; those of the field in any variant where it is not told which. */
function fieldTys(world: World, ty: Ty, index: number, variant: number | null): readonly Ty[] {
  const { types, names } = world;
  const unknown = [types.unknown("not-inferred")];
  if (ty.k === "tuple") return ty.elems.slice(index, index + 1);
  if (ty.k !== "adt") return unknown;
  const owners = fieldOwners(names, ty.def, variant);
  const fields = owners.flatMap((one) => types.fieldTys(one).slice(index, index + 1));
  return fields.length === 0 ? unknown : fields.map((one) => concreteWith(world, one, ty.args));
}

function storesOf(world: World, def: DefId, steps: readonly Projection[], cells = false): Known | null {
  return knownOf(world, storedIn(world.bodies, def, steps, cells));
}

/** Callable items and objects anywhere in what is known; `open` where there may be others. */
export function callablesIn(
  world: World,
  start: Known | null,
): {
  readonly callables: readonly Ty[];
  readonly objects: readonly (Known & { k: "object" })[];
  readonly open: boolean;
} {
  const callables = new Set<Ty>();
  const objects = new Map<number, Known & { k: "object" }>();
  const seen = new Set<number>();
  let open = false;
  const pending: (Known | null)[] = [start];
  while (pending.length > 0) {
    const known = pending.pop() ?? null;
    if (known === null) {
      open = true;
      continue;
    }
    if (seen.has(known.id)) continue;
    seen.add(known.id);
    if (known.k === "callable") callables.add(known.ty);
    else if (known.k === "object") objects.set(known.id, known);
    else if (known.k === "ref") pending.push(known.inner);
    else if (known.k === "static") pending.push(heldBy(world, known.place));
    else if (known.k === "parts") pushAll(pending, known.fields);
    else if (known.k === "list") pushAll(pending, known.elems);
    else if (known.k === "some") {
      pushAll(pending, known.of);
      if (known.open) open = true;
    }
  }
  return { callables: [...callables], objects: [...objects.values()], open };
}
