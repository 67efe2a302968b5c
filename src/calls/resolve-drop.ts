/**
 * What a drop runs: the drop glue of the place's type, less what was moved out of it.
 *
 * A box whose contents were moved is only freed; a value that is partly moved drops its other parts.
 */
import type { Ty } from "../types/ty.ts";
import type { Place, Projection, Terminator } from "./mir.ts";
import { factsOf } from "./mir-facts.ts";
import { placeTy } from "./operand-types.ts";
import type { Frame } from "./resolve-body.ts";
import { operandValue } from "./resolve-body.ts";
import { callablesIn } from "./resolve-places.ts";
import { both, NOTHING, type Resolved, runs } from "./resolved.ts";
import { concreteWith, type World } from "./world.ts";

/** A drop terminator of the instance. */
export function resolveDrop(frame: Frame, term: Terminator & { k: "drop" }): Resolved {
  const { world } = frame;
  const ty = placeTy(frame, term.place);
  if (ty.k === "unknown" && fromLostCall(frame, term.place.local)) return NOTHING;
  const object = boxedObject(world, ty);
  if (object !== null && term.moved.length === 0) {
    const found = callablesIn(world, operandValue(frame, { k: "copy", place: term.place }));
    if (!found.open && found.objects.length > 0 && found.callables.length === 0) {
      const inner = found.objects.map((one) => glue(world, one.ty));
      return [glue(world, emptied(world, ty)), ...inner].reduce(both, NOTHING);
    }
  }
  const depth = term.place.proj.length;
  return without(
    world,
    ty,
    term.moved.map((one: Place) => one.proj.slice(depth)),
    0,
  );
}

/** The value comes from a call that is a blind spot already. */
function fromLostCall(frame: Frame, local: number): boolean {
  const definition = factsOf(frame.mir).definition(local);
  return definition?.k === "call" && definition.term.callee.k === "unresolved";
}

/** The drop glue of a type; nothing where it has none. */
export function glue(world: World, ty: Ty): Resolved {
  if (!world.types.needsDrop(ty)) return NOTHING;
  return runs([
    { instance: world.instances.dropGlue(ty), via: "drop", certainty: "exact", conditions: [], cell: null },
  ]);
}

function boxedObject(world: World, ty: Ty): Ty | null {
  const [inner] = ty.k === "adt" && world.names.def(ty.def).lang === "owned_box" ? ty.args : [];
  return inner?.k === "dyn" ? inner : null;
}

/** `Box<T>` as a box of nothing: what frees it, and no more. */
function emptied(world: World, ty: Ty): Ty {
  return ty.k === "adt" ? world.types.adt(ty.def, [world.types.tupleOf([]), ...ty.args.slice(1)]) : ty;
}

/** The glue of `ty` without the moved parts (paths below it). */
function without(world: World, ty: Ty, moved: readonly (readonly Projection[])[], depth: number): Resolved {
  if (moved.length === 0) return glue(world, ty);
  if (moved.some((path) => path.length === 0)) return NOTHING;
  if (depth > 8) return glue(world, ty);
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
          depth + 1,
        ),
      );
    return both(sum, glue(world, emptied(world, ty)));
  }
  for (const part of partsOf(world, ty)) {
    const inside = below(
      moved,
      (step) => step.k === "field" && step.index === part.index && (step.variant ?? 0) === part.variant,
    );
    sum = both(sum, without(world, part.ty, inside, depth + 1));
  }
  return sum;
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
    case "closure": {
      const captures = types.typedBody(ty.body)?.closure(ty.closure).captures ?? [];
      return captures.flatMap((one, index) =>
        one.mode === "move" ? [{ index, variant: 0, ty: concreteWith(world, one.ty, ty.args) }] : [],
      );
    }
    case "adt": {
      const def = names.def(ty.def);
      if (def.lang === "manually_drop" || def.lang === "phantom_data" || (def.item?.k === "struct" && def.item.union))
        return [];
      const owners = def.kind === "enum" ? def.children.filter((one) => names.def(one).kind === "variant") : [ty.def];
      return owners.flatMap((owner, variant) =>
        types.fieldTys(owner).map((field, index) => ({ index, variant, ty: concreteWith(world, field, ty.args) })),
      );
    }
    default:
      return [];
  }
}
