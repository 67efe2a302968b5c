/**
 * Callables as must-force sees them: which one a called value is, which ones a call is given, and whether what a call gives a cell is all that can ever fill it.
 *
 * `timed(|| Lazy::force(&X))` is followed into `timed` for the closure's sake, and `INIT.call_once(|| …)` has run the closure once it returns where
 * nothing else fills `INIT`. Refused: callables behind `dyn`, function pointers, and in the fields of other values.
 */
import type { Bodies } from "../calls/bodies.ts";
import type { Callee, Mir, Operand } from "../calls/mir.ts";
import { operandsIn } from "../calls/move-paths.ts";
import { bodiesNaming } from "../calls/other-names.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import { rootOfOperand } from "./force-cells.ts";

/** A function's or a closure's own type. */
export type CallableTy = Ty & { readonly k: "fn-def" | "closure" };

/** The function or closure that a type stands for, itself or behind references; null for others. */
export function callableOf(ty: Ty): CallableTy | null {
  let of = ty;
  while (of.k === "ref") of = of.inner;
  return of.k === "fn-def" || of.k === "closure" ? of : null;
}

/**
 * Is there but one call in the program that could fill the static? A function of a pack that takes it, forces nothing and is given no callable could not; whatever
 * else names the static could.
 */
export function isFilledOnce(bodies: Bodies, def: DefId, forcedArgs: (def: DefId) => readonly number[]): boolean {
  const { item, attrs } = bodies.names.def(def);
  const isOne = item?.k === "static" && !item.mut && !attrs.some(({ path }) => path === "thread_local");
  if (!isOne) return false;
  let fillers = 0;
  for (const key of bodiesNaming(bodies, def)) {
    const mir = bodies.mir(key);
    const found = mir === null ? null : fillersIn(bodies, mir, def, forcedArgs);
    if (found === null || fillers + found > 1) return false;
    fillers += found;
  }
  return fillers === 1;
}

/** How many calls of a body could fill the static; null where it is named and no call takes it. */
function fillersIn(bodies: Bodies, mir: Mir, def: DefId, forcedArgs: (def: DefId) => readonly number[]): number | null {
  const isNamed = (operand: Operand): boolean =>
    operand.k === "const" && operand.value.k === "static" && operand.value.def === def;
  const leadsToIt = (operand: Operand): boolean => {
    const root = rootOfOperand(mir, operand, [{ k: "deref" }]);
    return root?.k === "static" && root.place.def === def;
  };
  let named = 0;
  let taken = 0;
  let fillers = 0;
  for (const block of mir.blocks) {
    named += operandsIn(block).filter(isNamed).length;
    const { term } = block;
    if (term.k !== "call") continue;
    const lent = term.args.filter(leadsToIt).length;
    taken += lent;
    if (lent > 0 && couldFill(bodies, term.callee, forcedArgs)) fillers += 1;
  }
  return named === taken ? fillers : null;
}

function couldFill({ names }: Bodies, callee: Callee, forcedArgs: (def: DefId) => readonly number[]): boolean {
  if (callee.k !== "def" || names.def(callee.def).packEntry === null || forcedArgs(callee.def).length > 0) return true;
  return callee.args.some((ty) => callableOf(ty) !== null);
}
