/**
 * What modelled code without a body gives back is made of: what it was given.
 *
 * Input: a call of a function of a rule pack that has effects and no body. Output: the arguments that the result may hold, whether what is behind
 * them is meant, and closures whose own results it may be. A result that can hold no address is made of nothing that matters, and a plain number
 * that is passed is none of the result unless that holds such a number.
 */
import type { DefId } from "../names/defs.ts";
import type { Types } from "../types/api.ts";
import type { Bodies } from "./bodies.ts";
import { anywhere } from "./inner-types.ts";
import type { BodyKey, Mir, Operand } from "./mir.ts";
import { holdsAddress, operandTy } from "./value-types.ts";

export interface Given {
  readonly operand: Operand;
  /** What the pointer leads to, not the pointer. */
  readonly behind: boolean;
  readonly closure: BodyKey | null;
}

/** Has the function a model that says nothing of what it gives back? */
export function isModelled({ names }: Bodies, def: DefId, mir: Mir): boolean {
  return names.def(def).packEntry !== null && !mir.blocks.some(({ term }) => term.k === "return");
}

/** The arguments that the result of such a function may be made of. */
export function givenTo(types: Types, caller: Mir | null, def: DefId, args: readonly Operand[]): readonly Given[] {
  const { params, ret } = types.fnSig(def);
  if (!holdsAddress(types, ret)) return [];
  return args.flatMap((operand, index): Given[] => {
    const param = params[index];
    if (param?.k === "prim" && !anywhere(types, ret, (one) => one === param)) return [];
    const ty = caller === null ? null : operandTy(caller, operand);
    const closure = ty?.k === "closure" ? { def: ty.body, closure: ty.closure } : null;
    return [{ operand, behind: param?.k === "ref" || param?.k === "ptr", closure }];
  });
}
