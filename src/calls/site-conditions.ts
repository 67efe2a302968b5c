/**
 * Conditions under which a block runs, read from the control flow around it.
 *
 * `error-path`: only where a Result is Err (its error being a type of its own: the `Err` of a compare-exchange is no error).
 * `panic`: every way on ends in a panic. `guarded`: behind a check that a length is below a capacity or a constant, for calls
 * on the same collection.
 */

import { addTo } from "../base/add-to.ts";
import { keptPer } from "../base/kept-per.ts";
import type { Condition } from "../model/vocabulary.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import { referentName } from "./canonical-place.ts";
import { roomIn } from "./capacity-checks.ts";
import type { Instance } from "./instances.ts";
import type { Operand, Terminator } from "./mir.ts";
import { factsOf, type MirFacts } from "./mir-facts.ts";
import { concrete, factsFor, type World } from "./world.ts";

/** Conditions by block, for one instance. */
export interface BlockConditions {
  of(block: number): readonly Condition[];
}

interface ErrArm {
  readonly target: number;
  /** The Result's type, generic. */
  readonly ty: Ty;
}
interface CapacityArm {
  readonly target: number;
  /** The collection whose length was compared. */
  readonly collection: string;
}
interface Shape {
  readonly facts: MirFacts;
  readonly errors: readonly ErrArm[];
  /** By the collection. */
  readonly capacities: ReadonlyMap<string, readonly CapacityArm[]>;
  readonly panics: Uint8Array;
}

const shapes = new WeakMap<object, Shape>();

/** What the control flow says of the blocks of an instance's body. */
export function blockConditions(world: World, instance: Instance, mir: MirFacts["mir"]): BlockConditions {
  let shape = shapes.get(mir);
  if (shape === undefined) {
    shape = shapeOf(world, factsOf(mir));
    shapes.set(mir, shape);
  }
  const { facts, errors, capacities, panics } = shape;
  const cold = below(
    facts,
    errors.filter((arm) => isError(world, concrete(world, instance, arm.ty))),
  );
  return {
    of(block) {
      const found: Condition[] = [];
      if (cold?.[block] === 1) found.push("error-path");
      if (panics[block] === 1) found.push("panic");
      const receiver = capacities.size === 0 ? null : receiverAt(facts, block);
      const arms = receiver === null ? undefined : capacities.get(receiver);
      if (arms?.some((arm) => facts.dominators.dominates(arm.target, block)) === true) found.push("guarded");
      return found;
    },
  };
}

/** The blocks that one of the arms dominates; null: none. */
function below({ mir, dominators }: MirFacts, arms: readonly ErrArm[]): Uint8Array | null {
  if (arms.length === 0) return null;
  const found = new Uint8Array(mir.blocks.length);
  for (const { target } of arms) if (dominators.idom[target] !== -1) found[target] = 1;
  // A block comes after the one that dominates it.
  for (const block of dominators.order) if (found[dominators.idom[block] ?? block] === 1) found[block] = 1;
  return found;
}

function receiverAt(facts: MirFacts, block: number): string | null {
  const term = facts.mir.blocks[block]?.term;
  return term?.k === "call" ? referentName(facts, term.args[0]) : null;
}

/** Is the error of this Result an error, and not the other outcome of an operation? */
export function isError(world: World, ty: Ty): boolean {
  if (ty.k !== "adt" || world.names.def(ty.def).lang !== "Result") return false;
  const [ok, error] = ty.args;
  if (error === undefined || error === ok) return false;
  if (error.k !== "adt") return error.k === "dyn" || error.k === "param" || error.k === "ref";
  const [inner] = error.args;
  // Poisoned and would-block answers of locks carry the guard itself.
  return inner === undefined || inner !== ok;
}

function shapeOf(world: World, facts: MirFacts): Shape {
  const errors: ErrArm[] = [];
  const capacities = new Map<string, CapacityArm[]>();
  for (const block of facts.mir.blocks) {
    const { term } = block;
    if (term.k !== "switch") continue;
    if (term.on.k === "variant") {
      const arm =
        term.targets.find((one) => one.value === "1") ??
        (term.otherwise === null ? undefined : { target: term.otherwise });
      const listed = term.targets.some((one) => one.value === "0") || arm?.target !== term.otherwise;
      if (arm !== undefined && listed && onlyWay(facts, arm.target))
        errors.push({ target: arm.target, ty: term.on.ty });
    } else if (term.on.k === "bool") {
      const failed = failedArm(world, facts, term, term.on.condition);
      if (failed !== null && onlyWay(facts, failed.target)) errors.push(failed);
      const capacity = capacityArm(world, facts, term, term.on.condition);
      if (capacity !== null && onlyWay(facts, capacity.target)) addTo(capacities, capacity.collection, capacity);
    }
  }
  return { facts, errors, capacities, panics: panicBlocks(world, facts) };
}

/** A block that is entered over this branch only: what it dominates runs under the branch's condition. */
function onlyWay(facts: MirFacts, block: number): boolean {
  return (facts.predecessors[block] ?? []).length === 1;
}

function armOf(term: Terminator & { k: "switch" }, value: boolean): number | null {
  return term.targets.find((one) => one.value === String(value))?.target ?? term.otherwise;
}

/** `if r.is_err()` and `if !r.is_ok()`. */
function failedArm(
  world: World,
  facts: MirFacts,
  term: Terminator & { k: "switch" },
  condition: Operand,
): ErrArm | null {
  const { operand, negated } = withoutNot(facts, condition);
  if (operand.k === "const" || operand.place.proj.length > 0) return null;
  const definition = facts.definition(operand.place.local);
  if (definition?.k !== "call" || definition.term.callee.k !== "def") return null;
  const { callee, args } = definition.term;
  const { name, crate } = world.names.def(callee.def);
  if ((name !== "is_err" && name !== "is_ok") || !world.names.isPackCrate(crate)) return null;
  const result = world.types.adt(world.names.langItem("Result") ?? callee.def, callee.args.slice(0, 2));
  const target = armOf(term, (name === "is_err") !== negated);
  return target === null || args.length !== 1 ? null : { target, ty: result };
}

function withoutNot(facts: MirFacts, start: Operand): { operand: Operand; negated: boolean } {
  let operand = start;
  let negated = false;
  for (let steps = 0; steps < 8; steps += 1) {
    if (operand.k === "const" || operand.place.proj.length > 0) break;
    const definition = facts.definition(operand.place.local);
    if (definition?.k !== "value") break;
    const { value } = definition;
    if (value.k === "use") operand = value.operand;
    else if (value.k === "unary" && value.op === "not") {
      operand = value.operand;
      negated = !negated;
    } else break;
  }
  return { operand, negated };
}

/** The arm on which a collection has room. */
function capacityArm(
  world: World,
  facts: MirFacts,
  term: Terminator & { k: "switch" },
  condition: Operand,
): CapacityArm | null {
  const { operand, negated } = withoutNot(facts, condition);
  if (operand.k === "const" || operand.place.proj.length > 0) return null;
  const definition = facts.definition(operand.place.local);
  if (definition?.k !== "value" || definition.value.k !== "binary") return null;
  const room = roomIn(world, facts, definition.value);
  const target = room === null ? null : armOf(term, room.when !== negated);
  return room === null || target === null ? null : { target, collection: room.collection };
}

/** Blocks from which every way ends in a panic; none where the whole body does: there that is no condition of what the body does before. */
function panicBlocks(world: World, facts: MirFacts): Uint8Array {
  const panics = everyPanicBlock(world, facts);
  return panics[0] === 1 ? new Uint8Array(panics.length) : panics;
}

function everyPanicBlock(world: World, facts: MirFacts): Uint8Array {
  const { blocks } = facts.mir;
  const panics = new Uint8Array(blocks.length);
  for (let changed = true; changed; ) {
    changed = false;
    for (let index = blocks.length - 1; index >= 0; index -= 1) {
      const block = blocks[index];
      if (block === undefined || panics[index] === 1 || !leadsToPanic(world, facts, index, panics)) continue;
      panics[index] = 1;
      changed = true;
    }
  }
  return panics;
}

function leadsToPanic(world: World, facts: MirFacts, index: number, panics: Uint8Array): boolean {
  const term = facts.mir.blocks[index]?.term;
  if (term === undefined) return false;
  // What stands before `unreachable!()` is said not to come back: it runs where nothing panics.
  if (term.k === "panic") return term.macro !== "unreachable";
  if (term.k === "call" && term.next === null) {
    return term.callee.k === "def" && alwaysPanics(world, term.callee.def);
  }
  const next = (facts.successors[index] ?? []).filter((to) => facts.mir.blocks[to]?.term.k !== "unreachable");
  return next.length > 0 && next.every((to) => panics[to] === 1);
}

/** One that calls itself does not, nor is it said of one behind so many that end in a call of the next. */
const panicking = keptPer<World["bodies"], DefId, boolean>({ answer: false, most: 64 });

/** Does every way through a function that gives nothing back end in a panic? */
function alwaysPanics(world: World, def: DefId): boolean {
  const facts = factsFor(world, def);
  if (facts !== null) return facts.panics === true;
  return panicking(world.bodies, def, () => {
    const mir = world.bodies.mir({ def, closure: null });
    return mir !== null && everyPanicBlock(world, factsOf(mir))[0] === 1;
  });
}
