/**
 * Which arm of a comparison means that a collection has room: `len < capacity`, `len + n <= capacity`, `capacity - len > 0`,
 * and the same with a constant in the place of the capacity, however written and negated.
 */

import { referentName } from "./canonical-place.ts";
import type { Operand, Rvalue } from "./mir.ts";
import type { MirFacts } from "./mir-facts.ts";
import type { World } from "./world.ts";

export interface Room {
  /** The collection whose length was compared. */
  readonly collection: string;
  /** There is room where the comparison has this result. */
  readonly when: boolean;
}

/** Null where the comparison says nothing of the kind. */
export function roomIn(world: World, facts: MirFacts, value: Rvalue & { k: "binary" }): Room | null {
  const flipped = FLIPPED[value.op];
  if (flipped === undefined) return null;
  const left = sideOf(world, facts, value.left, 0);
  const right = sideOf(world, facts, value.right, 0);
  return room(left, value.op, right) ?? room(right, flipped, left);
}

const FLIPPED: Readonly<Record<string, string>> = { lt: "gt", gt: "lt", le: "ge", ge: "le", eq: "eq", ne: "ne" };
/** Room where `len op bound` is so. */
const BELOW: Readonly<Record<string, boolean>> = { lt: true, ne: true, ge: false, eq: false };
/** Room where `len + n op bound`, or `n op bound - len`, is so. */
const WITHIN: Readonly<Record<string, boolean>> = { lt: true, le: true, ne: true, gt: false, ge: false, eq: false };

type Side =
  | { readonly k: "length"; readonly of: string; readonly more: boolean }
  | { readonly k: "capacity"; readonly of: string }
  | { readonly k: "rest"; readonly of: string }
  | { readonly k: "constant" }
  | { readonly k: "other" };

function room(small: Side, op: string, big: Side): Room | null {
  const equality = op === "eq" || op === "ne";
  if (big.k === "rest") return equality && small.k !== "constant" ? null : roomWhen(big.of, WITHIN[op]);
  if (small.k !== "length" || !isBound(big, small.of)) return null;
  return roomWhen(small.of, small.more && !equality ? WITHIN[op] : BELOW[op]);
}

function roomWhen(collection: string, when: boolean | undefined): Room | null {
  return when === undefined ? null : { collection, when };
}

function isBound(side: Side, collection: string): boolean {
  return side.k === "constant" || (side.k === "capacity" && side.of === collection);
}

const OTHER: Side = { k: "other" };

function sideOf(world: World, facts: MirFacts, operand: Operand, depth: number): Side {
  if (isConstant(facts, operand)) return { k: "constant" };
  if (operand.k === "const" || operand.place.proj.length > 0 || depth > 8) return OTHER;
  const definition = facts.definition(operand.place.local);
  const inside = (one: Operand): Side => sideOf(world, facts, one, depth + 1);
  if (definition?.k === "value") {
    const { value } = definition;
    if (value.k === "use") return inside(value.operand);
    if (value.k !== "binary") return OTHER;
    if (value.op === "sub") return difference(inside(value.left), inside(value.right));
    if (value.op !== "add") return OTHER;
    const length = [inside(value.left), inside(value.right)].find((one) => one.k === "length");
    return length?.k === "length" ? { ...length, more: true } : OTHER;
  }
  if (definition?.k !== "call" || definition.term.callee.k !== "def") return OTHER;
  const { args, callee } = definition.term;
  const [first, second] = args;
  const { name } = world.names.def(callee.def);
  if (/^(saturating|wrapping)_sub$/.test(name) && first !== undefined && second !== undefined)
    return difference(inside(first), inside(second));
  if (args.length !== 1 || (name !== "len" && name !== "capacity")) return OTHER;
  const of = referentName(facts, first);
  if (of === null) return OTHER;
  return name === "len" ? { k: "length", of, more: false } : { k: "capacity", of };
}

function difference(from: Side, less: Side): Side {
  return less.k === "length" && isBound(from, less.of) ? { k: "rest", of: less.of } : OTHER;
}

function isConstant(facts: MirFacts, operand: Operand): boolean {
  if (operand.k === "const")
    return operand.value.k === "int" || operand.value.k === "const" || operand.value.k === "const-param";
  if (operand.place.proj.length > 0) return false;
  const definition = facts.definition(operand.place.local);
  return definition?.k === "value" && definition.value.k === "use" && isConstant(facts, definition.value.operand);
}
