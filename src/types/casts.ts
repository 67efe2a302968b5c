/**
 * Casts, judged when the whole body has been seen: a coercion where one does, else functions become pointers, and the
 * rest is a change of representation that calls nothing.
 */
import { coerceTypes, fnPtrOf } from "./coerce.ts";
import { adjust, type Fcx } from "./infer-state.ts";

/** Decides all casts noted so far. */
export function decideCasts(f: Fcx): void {
  for (const cast of f.casts.splice(0)) {
    const from = f.table.shallow(cast.from);
    const to = f.table.shallow(cast.to);
    if (from.k === "unknown" || to.k === "unknown") continue;
    // A number that is not fixed yet stays free: `1 as f64` makes no float of it.
    const number = from.k === "infer" && from.kind !== "general";
    if (number && to.k !== "infer") {
      if (to.k === "prim" && (from.kind === "int" ? /^[iu]/.test(to.name) : to.name.startsWith("f")))
        f.table.unify(from, to);
      continue;
    }
    const adjustments = coerceTypes(f, from, to);
    if (adjustments !== null) {
      adjust(f, cast.expr.operand, adjustments);
      continue;
    }
    if (from.k !== "fn-def" && from.k !== "closure") continue;
    const pointer = fnPtrOf(f, from);
    if (pointer !== null) adjust(f, cast.expr.operand, [{ k: "reify", from, to: pointer }]);
  }
}
