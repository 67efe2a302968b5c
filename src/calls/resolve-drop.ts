/**
 * What a drop runs: the drop glue of the place's type, less what was moved out of it.
 *
 * A box whose contents were moved is only freed; a value that is partly moved drops its other parts.
 */
import { addTo } from "../base/add-to.ts";
import type { DefId } from "../names/defs.ts";
import { fieldOwners } from "../types/declared.ts";
import { ASYNC_BLOCK, ASYNC_FN } from "../types/intern.ts";
import type { Ty } from "../types/ty.ts";
import { variantOf } from "./fold.ts";
import type { Known } from "./known.ts";
import { isBorrowedMutably } from "./local-writes.ts";
import type { Place, Projection, Terminator } from "./mir.ts";
import { factsOf, type MirFacts } from "./mir-facts.ts";
import { takesNoRoom } from "./no-room.ts";
import { placeTy } from "./operand-types.ts";
import type { Frame } from "./resolve-body.ts";
import { operandValue } from "./resolve-body.ts";
import { lookThrough } from "./resolve-places.ts";
import { both, NOTHING, type Resolved, runs, type Target } from "./resolved.ts";
import { isError } from "./site-conditions.ts";
import { concreteWith, mayCall, type World } from "./world.ts";

/** A drop terminator of the instance. */
export function resolveDrop(frame: Frame, term: Terminator & { k: "drop" }): Resolved {
  const { world } = frame;
  const ty = placeTy(frame, term.place);
  if (ty.k === "unknown" && fromLostCall(frame, term.place.local)) return NOTHING;
  // What the body of an async function, block or closure had was dropped when it ended.
  if (term.why === "awaited" && ty.k === "opaque" && ty.index >= ASYNC_FN) return NOTHING;
  const value = mayCall(world, ty) ? operandValue(frame, { k: "copy", place: term.place }) : null;
  const depth = term.place.proj.length;
  const moved = term.moved.map((one: Place) => one.proj.slice(depth));
  const held = heldVariants(frame, term, ty);
  if (held === null) return without(world, ty, moved, value, 0);
  const inPart = byPart(moved);
  return partsOf(world, ty)
    .filter((part) => held(part.variant))
    .map((part) => without(world, part.ty, inPart(part), inside(world, ty, part, value), 1))
    .reduce(both, NOTHING);
}

/**
 * Which variants a local can hold, where its value tells: it is set once, or passed, never lent out mutably, and what set it gives one
 * variant only, or leads to no object, so that none with a box of one is there. Null where it does not tell.
 */
function heldVariants(
  frame: Frame,
  { place, moved }: Terminator & { k: "drop" },
  ty: Ty,
): ((variant: number) => boolean) | null {
  const { world, mir } = frame;
  if (place.proj.length > 0 || ty.k !== "adt" || world.names.def(ty.def).kind !== "enum") return null;
  if (world.types.dropImpl(ty) !== null) return null;
  const facts = factsOf(mir);
  const only = isMadeHere(facts, place.local) ? null : variantOf(world, frame.instance, facts, place);
  if (only !== null) return (variant) => variant === only;
  if (moved.length > 0 || facts.definition(place.local) === null) return null;
  // What is written through a reference is not known of the local.
  const known = isBorrowedMutably(frame.mir, place.local) ? null : operandValue(frame, { k: "copy", place });
  if (known?.k === "parts" && known.variant !== null) return (variant) => variant === known.variant;
  if (known?.k !== "nothing") return null;
  const objects = partsOf(world, ty).filter((part) => boxedObject(world, part.ty) !== null);
  return objects.length === 0 ? null : (variant) => objects.every((one) => one.variant !== variant);
}

/** A variant that is written where it is dropped: the program has the drop, and that it does nothing is a guard's to tell. */
function isMadeHere(facts: MirFacts, local: number): boolean {
  const definition = facts.definition(local);
  return definition?.k === "value" && definition.value.k === "aggregate";
}

/** The value comes from a call that is a blind spot already. */
function fromLostCall(frame: Frame, local: number): boolean {
  const definition = factsOf(frame.mir).definition(local);
  return definition?.k === "call" && definition.term.callee.k === "unresolved";
}

/** The drop glue of a type, of a value that is made of what is known; nothing where it has none. */
export function glue(world: World, ty: Ty, value: Known | null): Resolved {
  if (!world.types.needsDrop(ty)) return NOTHING;
  const instance = world.instances.dropGlue(ty, mayCall(world, ty) ? [value] : []);
  return runs([{ instance, via: "drop", certainty: "exact", conditions: [], cell: null }]);
}

/** The object in a box, or in a pinned one. */
function boxedObject(world: World, ty: Ty): Ty | null {
  if (ty.k !== "adt") return null;
  const [inner] = ty.args;
  const { lang } = world.names.def(ty.def);
  if (lang === "pin" && inner !== undefined) return boxedObject(world, inner);
  return lang === "owned_box" && inner?.k === "dyn" ? inner : null;
}

/** `Box<T>` as a box of what is not dropped: what frees it, and no more. */
export function emptied(world: World, ty: Ty): Ty {
  if (ty.k !== "adt") return ty;
  const [inner, ...rest] = ty.args;
  if (world.names.def(ty.def).lang === "pin" && inner !== undefined) return emptied(world, inner);
  const wrapper = world.names.langItem("manually_drop");
  if (wrapper === null || inner === undefined) return ty;
  return world.types.adt(ty.def, [world.types.adt(wrapper, [inner]), ...rest]);
}

/** The glue of `ty` without the moved parts (paths below it). */
function without(
  world: World,
  ty: Ty,
  moved: readonly (readonly Projection[])[],
  value: Known | null,
  depth: number,
): Resolved {
  if (moved.length === 0) return glue(world, ty, value);
  if (moved.some((path) => path.length === 0)) return NOTHING;
  if (depth > 8) return glue(world, ty, value);
  let sum = NOTHING;
  if (moved.some((path) => path[0]?.k === "deref")) {
    const [inner] = ty.k === "adt" ? ty.args : [];
    if (inner !== undefined)
      sum = both(
        sum,
        without(
          world,
          inner,
          below(moved, (step) => step.k === "deref"),
          value,
          depth + 1,
        ),
      );
    return inner !== undefined && takesNoRoom(world.types, inner)
      ? sum
      : both(sum, glue(world, emptied(world, ty), null));
  }
  // Nothing can be moved out of a type with a Drop impl: a `&mut` that was passed on from inside it was lent.
  if (ty.k === "adt" && world.types.dropImpl(ty) !== null) return glue(world, ty, value);
  if (ty.k === "array" && ty.len.k === "const" && ty.len.value === String(elementsIn(moved))) return NOTHING;
  const inPart = byPart(moved);
  for (const part of partsOf(world, ty)) {
    const dropped = without(world, part.ty, inPart(part), inside(world, ty, part, value), depth + 1);
    sum = both(sum, onlyOfErrors(world, ty, part, dropped));
  }
  return sum;
}

/** What the error of a `Result` runs where it is dropped with it: only where there is one. */
export function onlyOfErrors(world: World, whole: Ty, { variant }: Part, dropped: Resolved): Resolved {
  if (variant !== ERR || dropped === NOTHING || !isError(world, whole)) return dropped;
  const onError = (one: Target): Target => ({ ...one, conditions: [...one.conditions, "error-path"] });
  return { ...dropped, targets: dropped.targets.map(onError) };
}

const ERR = 1;

/** What is known of a part of a value: what a field holds tells nothing of the next one of the same type. A pointer is told by what it leads to. */
export function inside(world: World, ty: Ty, part: Part, value: Known | null): Known | null {
  const { knowns } = world;
  if (value?.k === "some" && !value.inside) {
    const each = value.of.map((one) => inside(world, ty, part, one));
    return [...each, value.open ? null : knowns.nothing].reduce((sum, one) => knowns.join(sum, one), knowns.nothing);
  }
  if (value?.k !== "parts" && value?.k !== "list") return value;
  const isElement = ty.k === "array" || ty.k === "slice";
  const { index, variant } = part;
  const field: Projection = { k: "field", index, variant, ty: part.ty };
  return lookThrough(world, value, [isElement ? { k: "index", constant: null } : field]).known;
}

/** Paths below each part of what was moved, by the part. */
function byPart(moved: readonly (readonly Projection[])[]): (part: Part) => readonly (readonly Projection[])[] {
  const parts = new Map<string, (readonly Projection[])[]>();
  for (const [step, ...rest] of moved) {
    if (step?.k !== "field") continue;
    addTo(parts, `${step.index}:${step.variant ?? 0}`, rest);
  }
  return ({ index, variant }) => parts.get(`${index}:${variant}`) ?? [];
}

/** How many elements were moved out whole: a pattern that takes an array apart names each of its own. */
function elementsIn(moved: readonly (readonly Projection[])[]): number {
  const whole = moved.flatMap(([step, ...rest]) =>
    step?.k === "index" && step.constant !== null && rest.length === 0 ? [step.constant] : [],
  );
  return new Set(whole).size;
}

function below(
  moved: readonly (readonly Projection[])[],
  into: (step: Projection) => boolean,
): (readonly Projection[])[] {
  return moved.flatMap((path) => {
    const [first] = path;
    return first !== undefined && into(first) ? [path.slice(1)] : [];
  });
}

export interface Part {
  readonly index: number;
  readonly variant: number;
  readonly ty: Ty;
}

/** Fields, elements and captures whose drop belongs to a type's glue. */
export function partsOf(world: World, ty: Ty): readonly Part[] {
  const { names, types } = world;
  switch (ty.k) {
    case "tuple":
      return ty.elems.map((elem, index) => ({ index, variant: 0, ty: elem }));
    case "array":
    case "slice":
      return [{ index: 0, variant: 0, ty: ty.inner }];
    case "closure":
      return capturedParts(world, ty.body, ty.closure, ty.args);
    case "opaque":
      // A future that was not polled holds the arguments of its function, or what its block took.
      if (ty.index >= ASYNC_BLOCK) return capturedParts(world, ty.def, ty.index, ty.args);
      if (ty.index < ASYNC_FN) return [];
      return types
        .fnSig(ty.def)
        .params.map((one, index) => ({ index, variant: 0, ty: concreteWith(world, one, ty.args) }));
    case "adt": {
      const def = names.def(ty.def);
      if (def.lang === "manually_drop" || def.lang === "phantom_data" || (def.item?.k === "struct" && def.item.union))
        return [];
      return fieldOwners(names, ty.def).flatMap((owner, variant) =>
        types.fieldTys(owner).map((field, index) => ({ index, variant, ty: concreteWith(world, field, ty.args) })),
      );
    }
    default:
      return [];
  }
}

/** What a closure, or the future of an async block or closure, owns of what it took; the arguments of an async closure after that. */
function capturedParts(world: World, body: DefId, closure: number, args: readonly Ty[]): readonly Part[] {
  const facts = world.types.bodyFacts(body)?.closure(closure);
  if (facts === undefined) return [];
  const taken = facts.captures.map((one) => (one.mode === "move" ? one.ty : null));
  const given = closure < ASYNC_BLOCK ? [] : facts.params;
  return [...taken, ...given].flatMap((ty, index) =>
    ty === null ? [] : [{ index, variant: 0, ty: concreteWith(world, ty, args) }],
  );
}
