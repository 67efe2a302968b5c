/**
 * The static whose own cell an argument is. What is known of an argument may lead to a static that only holds the cell further in, behind another
 * cell or in a collection: that the outer one is filled says nothing of it. Told by the types; where one of them is not known, by what is known.
 */
import type { Types } from "../types/api.ts";
import type { Ty } from "../types/ty.ts";
import type { StaticPlace } from "./call-graph.ts";
import { pointsTo } from "./flow-places.ts";
import { type Known, staticOf } from "./known.ts";

/** The place of the cell; null where it is none of a static, or inside of one. */
export function cellOf(types: Types, known: Known | null, ty: Ty | undefined): StaticPlace | null {
  const place = staticOf(known);
  if (place === null || ty === undefined) return place;
  const given = pointsTo(ty);
  const held = typeOfPlace(types, place);
  return given.k === "adt" && held?.k === "adt" && given !== held ? null : place;
}

function typeOfPlace(types: Types, place: StaticPlace): Ty | null {
  let ty = types.normalize(types.typeOf(place.def), [], true);
  for (const index of place.fields) {
    const field: Ty | undefined = ty.k === "adt" ? types.fieldTys(ty.def)[index] : undefined;
    if (field === undefined || ty.k !== "adt") return null;
    ty = types.normalize(types.subst(field, ty.args), [], true);
  }
  return ty;
}
