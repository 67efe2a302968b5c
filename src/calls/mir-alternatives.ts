/**
 * What an or-pattern binds: each alternative binds where it matched, since behind the join nobody knows which one that was.
 *
 * What one alternative takes is then gone, and what another would take of another variant is not there to be dropped.
 */
import type { Pat } from "../syntax/ast-body.ts";
import type { Ty } from "../types/ty.ts";
import type { Place } from "./mir.ts";
import { assign, type Builder, newBlock, newLocal, terminate } from "./mir-builder.ts";
import { bindPattern, subPatterns, throughDerefs, twoWay } from "./mir-pattern.ts";

/** One of the alternatives, where none was tested: all patterns of a parameter or a `let` match, and a guard looks before anything is taken. */
export function bindAny(builder: Builder, pat: Pat & { k: "or" }, place: Place, ty: Ty, peek: boolean): void {
  const matched = newBlock(builder);
  const last = pat.alternatives.length - 1;
  for (const [index, alternative] of pat.alternatives.entries()) {
    const next = index === last ? matched : newBlock(builder);
    if (index < last) twoWay(builder, pat, next);
    bindAlternative(builder, pat, alternative, place, ty, peek);
    terminate(builder, { k: "goto", target: matched }, next);
  }
}

/** Of patterns that take more than this, in all their alternatives, nothing is said to be gone: each would be said of each. */
const MOST_TAKEN = 64;

/** Where one alternative takes what it binds, what another one would take of another variant is not there. */
export function bindAlternative(
  builder: Builder,
  pat: Pat & { k: "or" },
  chosen: Pat,
  place: Place,
  ty: Ty,
  peek: boolean,
): void {
  bindPattern(builder, chosen, place, ty, peek);
  const taken = peek ? [] : takenBy(builder, chosen, place, ty);
  if (taken.length === 0 || taken.length * pat.alternatives.length > MOST_TAKEN) return;
  for (const other of pat.alternatives.flatMap((one) => (one === chosen ? [] : takenBy(builder, one, place, ty)))) {
    if (!taken.some((one) => areOfOtherVariants(one.place, other.place))) continue;
    const nowhere: Place = { local: newLocal(builder, other.ty, null, pat.span), proj: [] };
    assign(builder, nowhere, { k: "use", operand: { k: "move", place: other.place } }, pat.span);
  }
}

/** What a pattern takes out of the place. */
function takenBy(builder: Builder, pat: Pat, place: Place, ty: Ty): readonly { place: Place; ty: Ty }[] {
  const target = throughDerefs(builder, pat, place, ty);
  switch (pat.k) {
    case "ident": {
      if (builder.typed.binding(pat) !== "move" || builder.types.isCopy(target.ty, builder.env)) return [];
      return [target];
    }
    case "tuple-struct":
    case "struct":
    case "tuple":
      return subPatterns(builder, pat, target.place, target.ty).flatMap((one) =>
        takenBy(builder, one.pat, one.place, one.ty),
      );
    case "macro":
      return pat.expanded === null ? [] : takenBy(builder, pat.expanded, place, ty);
    default:
      return [];
  }
}

/** Do the places part at two variants of one enum? */
function areOfOtherVariants(left: Place, right: Place): boolean {
  for (const [at, step] of left.proj.entries()) {
    const other = right.proj[at];
    if (step.k !== "field" || other?.k !== "field") {
      if (step.k !== other?.k) return false;
      continue;
    }
    if (step.variant !== other.variant) return step.variant !== null && other.variant !== null;
    if (step.index !== other.index) return false;
  }
  return false;
}
