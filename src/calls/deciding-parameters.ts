/**
 * Parameters whose value decides which blocks of a function run, if it is known: `fn log(verbose: bool) { if verbose { .. } }`.
 *
 * Input: the body of a function. Output: by parameter, whether a branch tests it as it was passed, or it is passed on to one that does. Parameters
 * that are assigned or lent to be changed decide nothing.
 */
import type { Bodies } from "./bodies.ts";
import { isBorrowedMutably, writesTo } from "./local-writes.ts";
import type { BodyKey, Mir, Operand, Rvalue } from "./mir.ts";
import { factsOf } from "./mir-facts.ts";

/** So deep is looked for where a parameter is passed on. */
const MAX_DEPTH = 3;
const MAX_STEPS = 8;
const NONE: readonly boolean[] = [];

const memo = new WeakMap<Mir, readonly boolean[]>();

/** By parameter; empty where none decides. */
export function decidingParameters(bodies: Bodies, key: BodyKey, depth = 0): readonly boolean[] {
  const mir = bodies.mir(key);
  if (mir === null || mir.argCount === 0) return NONE;
  const known = memo.get(mir);
  if (known !== undefined) return known;
  memo.set(mir, NONE);
  const found = new Array<boolean>(mir.argCount).fill(false);
  const note = (operand: Operand): void => {
    for (const local of parametersIn(mir, operand, 0)) found[local - 1] = true;
  };
  for (const { term } of mir.blocks) {
    if (term.k === "switch" && term.on.k === "bool") note(term.on.condition);
    else if (term.k === "switch" && term.on.k === "value") note(term.on.operand);
    else if (term.k === "switch" && term.on.k === "variant") note({ k: "copy", place: term.on.place });
    else if (term.k === "call" && term.callee.k === "def" && depth < MAX_DEPTH) {
      const passed = decidingParameters(bodies, { def: term.callee.def, closure: null }, depth + 1);
      for (const [index, arg] of term.args.entries()) if (passed[index] === true) note(arg);
    }
  }
  const result = found.includes(true) ? found : NONE;
  memo.set(mir, result);
  return result;
}

/** Is the local a parameter that holds what was passed for as long as the body runs? */
export function isSteadyParameter(mir: Mir, local: number): boolean {
  return local >= 1 && local <= mir.argCount && writesTo(mir, local).length === 0 && !isBorrowedMutably(mir, local);
}

function parametersIn(mir: Mir, operand: Operand, steps: number): number[] {
  if (operand.k === "const" || operand.place.proj.length > 0 || steps > MAX_STEPS) return [];
  const { local } = operand.place;
  if (isSteadyParameter(mir, local)) return [local];
  const definition = factsOf(mir).definition(local);
  if (definition?.k !== "value") return [];
  return operandsOf(definition.value).flatMap((one) => parametersIn(mir, one, steps + 1));
}

function operandsOf(value: Rvalue): readonly Operand[] {
  switch (value.k) {
    case "use":
    case "unary":
    case "cast":
      return [value.operand];
    case "binary":
      return [value.left, value.right];
    case "discriminant":
      return [{ k: "copy", place: value.place }];
    default:
      return [];
  }
}
