/**
 * Calls of C functions: the symbol, and the callbacks that it runs before it returns.
 *
 * What else the call passes may reach the callback through its pointer arguments. A symbol that the program itself defines
 * is that definition.
 */
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import type { Known } from "./known.ts";
import { type Call, contextFor } from "./resolve-call.ts";
import { callablesIn } from "./resolve-places.ts";
import { resolveCallable } from "./resolve-value.ts";
import { both, NOTHING, type Resolved, runs } from "./resolved.ts";
import { canHold, type World } from "./world.ts";

/** A function of an `extern` block is called. */
export function externCall(call: Call, def: DefId, symbol: string): Resolved {
  const { world } = call;
  const own = world.externs.defined?.(symbol) ?? null;
  if (own !== null && own !== def && world.bodies.mir({ def: own, closure: null }) !== null) {
    const instance = world.instances.body({ def: own, closure: null }, [], contextFor(call));
    return runs([{ instance, via: call.via, certainty: "exact", conditions: [], cell: null }]);
  }
  let sum: Resolved = { ...NOTHING, symbol };
  for (const position of world.externs.invokes(symbol)) sum = both(sum, callback(call, position));
  return sum;
}

function callback(call: Call, position: number): Resolved {
  const { world } = call;
  const given = call.tys[position];
  if (given === undefined) return NOTHING;
  const passed = world.knowns.madeOf(
    call.known.filter((_, index) => index !== position && holds(world, call.tys[index])),
  );
  const found = callablesIn(world, call.known[position] ?? null);
  const callables = new Set<Ty>(found.callables);
  if (given.k === "fn-def" || given.k === "closure") callables.add(given);
  let sum = NOTHING;
  for (const one of callables)
    sum = both(
      sum,
      resolveCallable(
        { ...call, ...paramsOf(world, one, passed), via: "callback", operand: null, args: null },
        one,
        null,
        1,
      ),
    );
  return sum;
}

function holds(world: World, ty: Ty | undefined): boolean {
  return ty !== undefined && canHold(world, ty);
}

/** Parameters of a callback: pointers may lead to what the call passed. */
function paramsOf(
  world: World,
  ty: Ty,
  passed: Known | null,
): { readonly known: readonly (Known | null)[]; readonly tys: readonly Ty[] } {
  if (ty.k !== "fn-def") return { known: [], tys: [] };
  const tys = world.types.fnSig(ty.def).params;
  return { known: tys.map((one) => (one.k === "ref" || one.k === "ptr" ? passed : null)), tys };
}
