/**
 * What whole-program flow found a value to be, as knowledge: which callables, objects and statics it leads to.
 *
 * Input: an answer of flow, or one of its values. Output: what is known, null for anything. An answer with open ends is open; values behind too many
 * pointers and parts are anything.
 */
import type { Ty } from "../types/ty.ts";
import { hasUsers, isNeverMade } from "./called-from.ts";
import { itemInPointer } from "./fitting-callable.ts";
import { flowOnce } from "./flow-memo.ts";
import { type Flow, type FlowValue, isOpen } from "./flow-model.ts";
import { anywhere } from "./inner-types.ts";
import type { Known } from "./known.ts";
import type { BodyKey, Operand } from "./mir.ts";
import { instancesOfType } from "./type-instances.ts";
import { holdsAddress, operandTy } from "./value-types.ts";
import { canHold, isConcrete, type World } from "./world.ts";

/** So many pointers and parts deep is looked for what a value leads to: a `Context` has a waker, that its table, and that its functions. */
const MAX_INSIDE = 8;

/** All values of an answer, as knowledge. */
export function knownOf(world: World, flow: Flow): Known | null {
  return allOf(world, flow, 0, null);
}

/** A value that whole-program flow found, as knowledge. */
export function fromFlow(
  world: World,
  value: FlowValue,
  depth: number,
  pointer: FnPointer | null = null,
): Known | null {
  const { knowns } = world;
  switch (value.k) {
    case "callable": {
      const items = pointer === null ? null : itemsIn(world, value, pointer);
      if (items !== null) return knowns.joinAll(items.map((ty) => knowns.callable(ty)));
      return eachInstance(world, value, (ty) => knowns.callable(ty));
    }
    case "object":
      return eachInstance(world, value, (ty) => knowns.object(ty, null));
    case "static":
      return knowns.pointer({ def: value.def, fields: value.fields });
    case "constant":
      return knowns.nothing;
    case "aggregate": {
      if (depth > MAX_INSIDE) return null;
      let sum: Known | null = knowns.nothing;
      const mir = world.bodies.mir(value.body);
      for (const field of value.fields) {
        const ty = mir === null ? null : operandTy(mir, field);
        if (ty !== null && !canHold(world, ty) && !holdsItem(world, ty)) continue;
        sum = knowns.join(sum, allOf(world, flowOnce(world.bodies, value.body, field, null), depth + 1, pointer));
      }
      return knowns.madeOf([sum]);
    }
    case "address": {
      if (depth > MAX_INSIDE) return null;
      const at: Operand = { k: "copy", place: value.place };
      if (!leadsToCallable(world, value.body, at)) return knowns.nothing;
      return knowns.ref(allOf(world, behindAddress(world, value), depth + 1, pointer));
    }
    case "parameter":
      return null;
    case "result":
      // What the call gave back was followed where it could be; else there is an open end beside it.
      return knowns.nothing;
  }
}

function leadsBack(world: World, flow: Flow, value: FlowValue): boolean {
  if (value.k !== "address" || !leadsToCallable(world, value.body, { k: "copy", place: value.place })) return false;
  return behindAddress(world, value) === flow;
}

function behindAddress({ bodies }: World, { body, place }: FlowValue & { readonly k: "address" }): Flow {
  return flowOnce(bodies, body, { k: "copy", place }, "called");
}

/** Is, or has, a value of the type a function or closure that can be called, though it holds nothing? */
function holdsItem({ types }: World, ty: Ty): boolean {
  return anywhere(types, ty, ({ k }) => k === "fn-def" || k === "closure");
}

/** May what is in the place be, or lead to, something that is called? Small numbers and what is made of them may not. */
function leadsToCallable({ bodies, types }: World, body: BodyKey, at: Operand): boolean {
  const mir = bodies.mir(body);
  const ty = mir === null ? null : operandTy(mir, at);
  return ty === null || holdsAddress(types, ty);
}

/**
 * All values of an answer, as knowledge; `depth` is that of the values. Answers are shared: each is looked at once. What is within something
 * else and may be anything is taken as it is: what it would lead to further on is not looked for.
 */
function allOf(world: World, flow: Flow, depth: number, pointer: FnPointer | null): Known | null {
  let memo = world.flows.get(flow);
  if (memo === undefined) {
    memo = new Map();
    world.flows.set(flow, memo);
  }
  const key = `${depth}:${pointer === null ? "" : pointer.id}`;
  let sum = memo.get(key);
  if (sum !== undefined) return sum;
  sum = world.knowns.nothing;
  let isCircle = false;
  const isAnything = depth > 0 && flow.open.some(({ why }) => why === "limit");
  for (const one of flow.values) {
    if (isAnything && (one.k === "address" || one.k === "aggregate")) continue;
    // The address of what is asked about, among what is put there: all steps through it lead to the rest.
    if (leadsBack(world, flow, one)) isCircle = true;
    else sum = world.knowns.join(sum, fromFlow(world, one, depth, pointer));
  }
  if (isCircle) sum = world.knowns.madeOf([sum]);
  if (isOpen(world.types, flow.open)) sum = world.knowns.join(sum, null);
  memo.set(key, sum);
  return sum;
}

type FnPointer = Ty & { readonly k: "fn-ptr" };

/** The items that a generic one is in a pointer of this type; null for all other values. */
function itemsIn(
  world: World,
  { ty, body }: FlowValue & { readonly k: "callable" },
  pointer: FnPointer,
): readonly Ty[] | null {
  if (ty.k !== "fn-def" || isConcrete(ty) || !isConcrete(pointer)) return null;
  return itemInPointer(world, ty, body.def, pointer);
}

/** One of the types that the value's type stands for; of others too where one of them is not known. */
function eachInstance(
  world: World,
  { ty, body }: { readonly ty: Ty; readonly body: BodyKey },
  of: (ty: Ty) => Known,
): Known | null {
  let sum: Known | null = world.knowns.nothing;
  for (const one of isConcrete(ty) ? [ty] : instancesOfType(world.bodies, [body], ty)) {
    const known = isConcrete(one);
    const isMade = !isNeverMade(world.bodies, one);
    // Who uses a library may call what makes it; for which types, only their program says.
    if (!isMade && !hasUsers(world.bodies)) continue;
    if (isMade || known) sum = world.knowns.join(sum, of(one));
    if (!known) sum = world.knowns.join(sum, null);
  }
  return sum;
}
