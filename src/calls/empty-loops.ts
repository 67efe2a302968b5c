/**
 * Which `for` loops never run: over a range of constants that ends where it begins or before, or over an array without elements.
 *
 * Input: what the loop's `next` gave, in an instance's body. Only the iterator that the loop itself makes is asked: nobody else can change it.
 */
import type { Instance } from "./instances.ts";
import { isBorrowedMutably } from "./local-writes.ts";
import type { CallTerm, Operand, Place } from "./mir.ts";
import type { MirFacts } from "./mir-facts.ts";
import { concrete, type World } from "./world.ts";

type ConstantOf = (operand: Operand) => string | null;

/** Is the place what a loop's `next` gave, and is that never an element? */
export function givesNothing(
  world: World,
  instance: Instance,
  facts: MirFacts,
  place: Place,
  constantOf: ConstantOf,
): boolean {
  if (place.proj.length > 0) return false;
  const next = callOf(world, facts, place.local, "next");
  const self = next?.args[0];
  const borrow = self === undefined || self.k === "const" ? null : facts.definition(self.place.local);
  if (borrow?.k !== "value" || borrow.value.k !== "ref" || borrow.value.place.proj.length > 0) return false;
  const iterator = borrow.value.place.local;
  if (facts.mir.locals[iterator]?.user !== false) return false;
  const source = callOf(world, facts, iterator, "into_iter")?.args[0];
  if (source === undefined || source.k === "const" || source.place.proj.length > 0) return false;
  const declared = facts.mir.locals[source.place.local]?.ty;
  const ty = declared === undefined ? null : concrete(world, instance, declared);
  if (ty?.k === "array") return ty.len.k === "const" && ty.len.value === "0";
  return ty?.k === "adt" && isEmptyRange(world, facts, source.place.local, constantOf);
}

function callOf({ names }: World, facts: MirFacts, local: number, member: string): CallTerm | null {
  const definition = facts.definition(local);
  if (definition?.k !== "call" || definition.term.callee.k !== "def") return null;
  return definition.term.callee.def === names.langItem(member) ? definition.term : null;
}

function isEmptyRange({ names }: World, facts: MirFacts, local: number, constantOf: ConstantOf): boolean {
  const definition = isBorrowedMutably(facts.mir, local) ? null : facts.definition(local);
  if (definition?.k !== "value" || definition.value.k !== "aggregate" || definition.value.kind.k !== "adt")
    return false;
  const { kind, fields } = definition.value;
  const [start, end] = [0, 1].map((index) => {
    const bound = fields[kind.indices.indexOf(index)];
    return bound === undefined ? null : integer(constantOf(bound));
  });
  if (typeof start !== "bigint" || typeof end !== "bigint") return false;
  if (kind.def === names.langItem("RangeInclusive")) return start > end;
  return kind.def === names.langItem("Range") && start >= end;
}

function integer(text: string | null): bigint | null {
  return text !== null && /^-?\d+$/.test(text) ? BigInt(text) : null;
}
