/**
 * Where the elements of a slice pattern stand: those behind `..` are counted from the end, and what `rest @ ..` holds is all between.
 *
 * Input: the patterns of the elements, the place that is matched and its type. Output: for each but a bare `..` its place; where the length is not known,
 * any element stands for one behind `..`.
 */
import type { Pat } from "../syntax/ast-body.ts";
import type { Ty } from "../types/ty.ts";
import type { Place } from "./mir.ts";
import { project } from "./mir-builder.ts";

export interface ElementPattern {
  readonly pat: Pat;
  readonly place: Place;
  /** The places of the elements that `rest @ ..` holds; null for another pattern, and where the length is not known. */
  readonly held: readonly Place[] | null;
  readonly isRest: boolean;
}

/** Arrays longer than this are not told element by element. */
const MAX_ELEMENTS = 64;

/** The elements of a slice pattern that have a pattern of their own. */
export function elementPatterns(elems: readonly Pat[], place: Place, ty: Ty): readonly ElementPattern[] {
  const at = (constant: number | null): Place => project(place, { k: "index", constant });
  const length = ty.k === "array" && ty.len.k === "const" ? Number(ty.len.value) : null;
  const rest = elems.findIndex((one) => one.k === "rest" || isRest(one));
  return elems.flatMap((pat, position): ElementPattern[] => {
    if (pat.k === "rest") return [];
    const behind = elems.length - position;
    if (position !== rest) {
      const index = rest === -1 || position < rest ? position : length === null ? null : length - behind;
      return [{ pat, place: at(index), held: null, isRest: false }];
    }
    const end = length === null || length > MAX_ELEMENTS ? null : length - behind + 1;
    const held = end === null ? null : Array.from({ length: Math.max(0, end - rest) }, (_, index) => at(rest + index));
    return [{ pat, place: at(null), held, isRest: true }];
  });
}

function isRest(pat: Pat): boolean {
  return pat.k === "ident" && pat.sub?.k === "rest";
}
