/**
 * Which types take no room: a box of one is no allocation, and frees nothing.
 *
 * Input: a type without parameters. A closure takes what it captured; of what cannot be told nothing is claimed.
 */
import type { Types } from "../types/api.ts";
import type { Ty } from "../types/ty.ts";

/** Does a value of that type take no room, for certain? */
export function takesNoRoom(types: Types, ty: Ty): boolean {
  if (ty.k !== "closure") return types.sizeOf(ty) === 0;
  const captures = types.bodyFacts(ty.body)?.closure(ty.closure).captures;
  return captures?.every((one) => one.mode === "move" && takesNoRoom(types, types.subst(one.ty, ty.args))) === true;
}
