/**
 * Loops that wait for another holder by spinning: their only ways out depend on what an atomic operation or a try-lock
 * inside the loop says, and nothing else in the loop gets further.
 *
 * A compare-exchange whose expected value was read inside the loop retries its own update and gets further whenever anybody does: that
 * is no wait (`spin-retries.ts` for one that expects a constant). A loop that also leaves by an iterator that ends, a counter or any other call's result is bounded, and one that
 * itself changes what it reads, or reads another place each time, gets further. Volatile reads and reads of
 * statics that the loop does not write count as atomic ones, and so does a call of a function or closure that only says what one in it says.
 * A function that calls itself with the same arguments is a loop, and so is what drives an iterator without end (`spin-iterators.ts`).
 */
import type { Span } from "../base/span.ts";
import type { Ty } from "../types/ty.ts";
import type { Analysis } from "./analysis.ts";
import { referentName } from "./canonical-place.ts";
import type { Instance } from "./instances.ts";
import { naturalLoops } from "./loops.ts";
import type { Operand, Terminator } from "./mir.ts";
import { type Definition, factsOf, type MirFacts } from "./mir-facts.ts";
import { analyse } from "./resolve-body.ts";
import { endlessCalls, isEndless } from "./spin-iterators.ts";
import { retriesOnly } from "./spin-retries.ts";
import { concrete, type World } from "./world.ts";

export interface SpinLoop {
  readonly span: Span;
  /** The operation that is waited for. */
  readonly through: string;
}

const ATOMIC = /^(load|swap|compare_exchange|compare_exchange_weak|compare_and_swap|fetch_\w+|test_and_set)$/;
const EXCHANGE = /^(compare_exchange|compare_exchange_weak|compare_and_swap)$/;
const TRY = /^try_(lock|read|write|acquire)\w*$/;
const CHANGE = /^(store|swap|fetch_\w+)$/;
/** What gives a reference to the same place each time it is asked. */
const SAME_PLACE = /^(deref|deref_mut|as_ref|borrow|get_ref|index|get_unchecked|as_ptr)$/;
const PAUSE = /^(spin|snooze|relax|pause|cpu_relax|sleep|sleep_ms|usleep|nanosleep|clock_nanosleep|park_timeout)$/;
/** A function that says what an atomic operation in it says is looked into so deep. */
const MAX_CALLS = 2;
const HELPERS =
  /^(is_err|is_ok|is_none|is_some|is_null|as_ref|not|unlikely|likely|eq|ne|spin_loop|spin_loop_hint|yield_now|pause)$/;
const COMPARISON = /^(lt|le|gt|ge|eq|ne)$/;
/** Blocks of a function that is asked about as a predicate. */
const MAX_BLOCKS = 16;

/** The spin loops of an instance's body. */
export function spinLoops(world: World, analysis: Analysis): SpinLoop[] {
  const facts = factsOf(analysis.mir);
  const whole: Omit<Region, "blocks"> = { world, analysis, facts, calls: 0, again: null };
  const found: SpinLoop[] = [];
  for (const blocks of naturalLoops(facts)) {
    const spin = spinOf({ ...whole, blocks });
    if (spin !== null) found.push(spin);
  }
  for (const again of selfCalls(analysis)) {
    const region: Region = { blocks: leadingTo(facts, again), ...whole, again };
    const { term } = facts.mir.blocks[again] ?? {};
    if (term?.k !== "call" || !term.args.every((arg) => isSteady(region, arg, 0))) continue;
    const spin = spinOf(region);
    if (spin !== null) found.push(spin);
  }
  for (const one of endlessCalls(world, analysis)) {
    const through = waitedIn(world, one.callables);
    if (through !== null) found.push({ span: one.span, through });
  }
  return found;
}

/** Blocks that call the body itself. */
function selfCalls({ instance, resolved }: Analysis): number[] {
  return [...resolved.entries()].flatMap(([block, one]) => {
    const [target] = one?.targets ?? [];
    return one?.targets.length === 1 && target?.instance === instance ? [block] : [];
  });
}

function leadingTo(facts: MirFacts, block: number): ReadonlySet<number> {
  const found = new Set([block]);
  for (const one of found) for (const from of facts.predecessors[one] ?? []) found.add(from);
  return found;
}

function spinOf(region: Region): SpinLoop | null {
  const { facts, blocks } = region;
  let waited: Source | null = null;
  for (const block of blocks) {
    const term = facts.mir.blocks[block]?.term;
    if (term === undefined || block === region.again || !leaves(facts, blocks, block)) continue;
    if (term.k !== "switch" || term.on.k === "opaque") return null;
    if (term.on.k === "variant" && isNextOfEndless(region, term.on.place.local)) continue;
    const source = sourceOf(region, tested(term), 0);
    if (source === null) return null;
    waited = source;
  }
  if (waited === null || !nothingElse(region)) return null;
  return retriesOnly({ facts, blocks, isExchange: named(region, EXCHANGE), isLoad: named(region, /^load$/) })
    ? null
    : waited;
}

function named({ world }: Region, names: RegExp): (term: Terminator & { k: "call" }) => boolean {
  return (term) => names.test(nameOf(world, term));
}

/** What a switch looks at. */
function tested(term: Terminator & { k: "switch" }): Operand {
  const { on } = term;
  if (on.k === "bool") return on.condition;
  if (on.k === "value") return on.operand;
  return on.k === "variant" ? { k: "copy", place: on.place } : { k: "const", value: { k: "bool", value: false } };
}

/** What a loop waits for. */
type Source = SpinLoop;
/** The blocks that a question is about: those of a loop, or a whole body. */
interface Region {
  readonly world: World;
  readonly analysis: Analysis;
  readonly facts: MirFacts;
  readonly blocks: ReadonlySet<number>;
  /** Calls that were gone into. */
  readonly calls: number;
  /** The block in which the body calls itself, where that makes the loop. */
  readonly again: number | null;
}

/** An exit that is not a panic. */
function leaves(facts: MirFacts, loop: ReadonlySet<number>, block: number): boolean {
  return (facts.successors[block] ?? []).some((to) => {
    const term = facts.mir.blocks[to]?.term.k;
    return !loop.has(to) && term !== "panic" && term !== "unreachable";
  });
}

function nameOf(world: World, term: Terminator & { k: "call" }): string {
  return term.callee.k === "def" ? world.names.def(term.callee.def).name : "";
}

/** Is the local what an iterator without end gives next? */
function isNextOfEndless(region: Region, local: number): boolean {
  const definition = definitionIn(region, local);
  return definition?.k === "call" && asksEndless(region, definition.term);
}

function asksEndless({ world, analysis }: Region, term: Terminator & { k: "call" }): boolean {
  if (nameOf(world, term) !== "next" || term.callee.k !== "def") return false;
  const [self] = term.callee.args;
  return self !== undefined && isEndless(world, concrete(world, analysis.instance, self), 0);
}

/** The only assignment to a whole local, of all or of those in the region. */
function definitionIn({ facts, blocks }: Region, local: number): Definition | null {
  const only = facts.definition(local);
  if (only !== null) return blocks.has(only.block) ? only : null;
  const found = assignmentsIn(facts, blocks, local);
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** What is assigned in the blocks to a local, or a part of it. */
function assignmentsIn(facts: MirFacts, blocks: ReadonlySet<number>, local: number): (Definition | null)[] {
  const found: (Definition | null)[] = [];
  for (const block of blocks) {
    const { stmts = [], term } = facts.mir.blocks[block] ?? {};
    for (const { place, value } of stmts) {
      if (place.local === local && place.proj[0]?.k !== "deref")
        found.push(place.proj.length > 0 ? null : { k: "value", value, block });
    }
    if (term?.k === "call" && term.dest.local === local && term.dest.proj[0]?.k !== "deref")
      found.push(term.dest.proj.length > 0 ? null : { k: "call", term, block });
  }
  return found;
}

/** The atomic operation (or volatile read, or read of a static) among the blocks that alone decides the operand; null where anything else does. */
function sourceOf(region: Region, operand: Operand, depth: number): Source | null {
  if (operand.k === "const" || depth > 12) return null;
  const definition = definitionIn(region, operand.place.local);
  if (definition === null) return null;
  const into = (one: Operand): Source | null => sourceOf(region, one, depth + 1);
  if (definition.k === "call") {
    const { term, block } = definition;
    const name = nameOf(region.world, term);
    if (isWait(region, term, name)) return { span: term.span, through: name };
    const within = saysAtomic(region, term, block);
    if (within !== null) return { span: term.span, through: name === "" ? within : name };
    const [only] = term.args;
    return HELPERS.test(name) && only !== undefined ? into(only) : null;
  }
  const { value } = definition;
  switch (value.k) {
    case "use": {
      const read = staticRead(region, value.operand);
      return read === null ? into(value.operand) : { span: region.facts.mir.span, through: read };
    }
    case "cast":
    case "unary":
      return into(value.operand);
    case "ref":
    case "discriminant":
      return into({ k: "copy", place: value.place });
    case "binary": {
      const moving = [value.left, value.right].filter((one) => dependsOnLoop(region, one, 0));
      if (COMPARISON.test(value.op) && moving.some((one) => counts(region, one))) return null;
      const sources = moving.map(into);
      return sources.includes(null) ? null : (sources[0] ?? null);
    }
    default:
      return null;
  }
}

/** The next number of a counter. */
function counts(region: Region, operand: Operand): boolean {
  if (operand.k === "const" || operand.place.proj.length > 0) return false;
  const definition = definitionIn(region, operand.place.local);
  return definition?.k === "call" && /^fetch_(add|sub)$/.test(nameOf(region.world, definition.term));
}

function isWait(region: Region, term: Terminator & { k: "call" }, name: string): boolean {
  const { world } = region;
  if (TRY.test(name)) return true;
  if (term.callee.k !== "def") return false;
  const { crate, module } = world.names.def(term.callee.def);
  if (!world.names.isPackCrate(crate)) return false;
  if (name === "read_volatile") return true;
  if (!ATOMIC.test(name) || world.names.def(module).name !== "atomic") return false;
  const [cell] = term.args;
  if (cell === undefined || !isSteady(region, cell, 0) || (name === "load" && isChanged(region, cell))) return false;
  return !EXCHANGE.test(name) || term.args[1] === undefined || !dependsOnLoop(region, term.args[1], 0);
}

/** Do the blocks themselves change the atomic? */
function isChanged({ world, facts, blocks }: Region, cell: Operand): boolean {
  const place = referentName(facts, cell);
  return [...blocks].some((block) => {
    const term = facts.mir.blocks[block]?.term;
    if (term?.k !== "call" || !CHANGE.test(nameOf(world, term))) return false;
    return place !== null && referentName(facts, term.args[0]) === place;
  });
}

/** `while self.is_locked() {}`: what is called gives back what an atomic operation in it says, and does nothing else. Its name. */
function saysAtomic(region: Region, term: Terminator & { k: "call" }, block: number): string | null {
  const { world, calls, analysis } = region;
  const resolved = analysis.resolved[block];
  const [target] = resolved?.targets ?? [];
  if (target === undefined || resolved?.targets.length !== 1 || calls >= MAX_CALLS) return null;
  if (!term.args.every((arg) => isSteady(region, arg, 0))) return null;
  return saysAtomicIn(world, target.instance, calls + 1);
}

/** The atomic operation that decides what an instance gives back, all ways through it. */
function saysAtomicIn(world: World, instance: Instance, calls: number): string | null {
  const region = predicate(world, instance, calls);
  if (region === null || !nothingElse(region)) return null;
  const { mir } = region.facts;
  const given = assignmentsIn(region.facts, region.blocks, 0);
  const switches = mir.blocks.flatMap(({ term }) => (term.k === "switch" ? [tested(term)] : []));
  const back: Operand = { k: "copy", place: { local: 0, proj: [] } };
  const deciding = given.length === 1 && switches.length === 0 ? [back] : switches;
  const sources = deciding.map((one) => sourceOf(region, one, 0));
  return sources.includes(null) ? null : (sources[0]?.through ?? null);
}

/** The whole body of an instance of the program's own code, where it is short. */
function predicate(world: World, instance: Instance, calls: number): Region | null {
  if (instance.what.k !== "body" || world.names.isPackCrate(world.names.def(instance.what.key.def).crate)) return null;
  const mir = world.bodies.mir(instance.what.key);
  if (mir === null || mir.blocks.length > MAX_BLOCKS) return null;
  const analysis = analyse(world, instance);
  if (analysis === null) return null;
  return { world, analysis, facts: factsOf(mir), blocks: new Set(mir.blocks.keys()), calls, again: null };
}

/** What the closures and functions that an iterator without end is driven by wait for; null where one of them does anything else. */
function waitedIn(world: World, callables: readonly Ty[]): string | null {
  let waited: string | null = null;
  for (const ty of callables) {
    const key =
      ty.k === "closure"
        ? { def: ty.body, closure: ty.closure }
        : ty.k === "fn-def"
          ? { def: ty.def, closure: null }
          : null;
    if (key === null || (ty.k !== "closure" && ty.k !== "fn-def")) return null;
    const region = predicate(world, world.instances.body(key, ty.args, []), 1);
    if (region === null || !nothingElse(region)) return null;
    waited ??= saysAtomicIn(world, region.analysis.instance, 1);
  }
  return waited;
}

/** The same value in each round: a constant, what was set before the loop, a reference to that. */
function isSteady(region: Region, operand: Operand, depth: number): boolean {
  if (operand.k === "const") return true;
  if (depth > 12) return false;
  const { facts, blocks } = region;
  const definition = facts.definition(operand.place.local);
  if (definition === null) return assignmentsIn(facts, blocks, operand.place.local).length === 0;
  if (!blocks.has(definition.block)) return true;
  if (definition.k === "call") {
    const { term } = definition;
    return SAME_PLACE.test(nameOf(region.world, term)) && term.args.every((arg) => isSteady(region, arg, depth + 1));
  }
  const { value } = definition;
  if (value.k === "use" || value.k === "cast") return isSteady(region, value.operand, depth + 1);
  return value.k === "ref" && isSteady(region, { k: "copy", place: value.place }, depth + 1);
}

/** A place behind the address of a static that the blocks do not write to: the static's name. */
function staticRead({ world, facts, blocks }: Region, operand: Operand): string | null {
  if (operand.k === "const" || operand.place.proj[0]?.k !== "deref") return null;
  const address = facts.definition(operand.place.local);
  if (address?.k !== "value" || address.value.k !== "use" || address.value.operand.k !== "const") return null;
  const { value } = address.value.operand;
  if (value.k !== "static") return null;
  for (const index of blocks) {
    if (facts.mir.blocks[index]?.stmts.some((stmt) => stmt.place.proj[0]?.k === "deref") === true) return null;
  }
  return world.names.def(value.def).name;
}

/** Is the value set anew in the loop? */
function dependsOnLoop(region: Region, operand: Operand, depth: number): boolean {
  if (operand.k === "const") return false;
  if (depth > 12) return true;
  const { facts, blocks } = region;
  const definition = facts.definition(operand.place.local);
  if (definition === null) return assignmentsIn(facts, blocks, operand.place.local).length > 0;
  if (!blocks.has(definition.block)) return false;
  if (definition.k === "call") return true;
  const { value } = definition;
  if (value.k === "use" || value.k === "cast" || value.k === "unary")
    return dependsOnLoop(region, value.operand, depth + 1);
  if (value.k === "binary") {
    return [value.left, value.right].some((one) => dependsOnLoop(region, one, depth + 1));
  }
  return value.k !== "aggregate" || value.fields.some((one) => dependsOnLoop(region, one, depth + 1));
}

/** The calls are atomic operations, what looks at their results, and pauses: calls without arguments or result. */
function nothingElse(region: Region): boolean {
  const { world, facts, blocks, analysis } = region;
  for (const index of blocks) {
    const term = facts.mir.blocks[index]?.term;
    if (term?.k !== "call" || index === region.again || analysis.reachable[index] !== 1) continue;
    const name = nameOf(world, term);
    if (ATOMIC.test(name) || TRY.test(name) || HELPERS.test(name) || name === "read_volatile") continue;
    const constant = term.callee.k !== "value" && term.args.every((arg) => arg.k === "const");
    if (constant || PAUSE.test(name) || asksEndless(region, term)) continue;
    if (SAME_PLACE.test(name) && term.args.every((arg) => isSteady(region, arg, 0))) continue;
    if (saysAtomic(region, term, index) === null) return false;
  }
  return true;
}
