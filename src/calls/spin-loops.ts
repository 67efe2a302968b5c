/**
 * Loops that wait for another holder by spinning: their only ways out depend on what an atomic operation or a try-lock
 * inside the loop says, and nothing else in the loop gets further.
 *
 * A compare-exchange whose expected value was read inside the loop retries its own update and gets further whenever anybody does: that
 * is no wait. A loop that also leaves by an iterator, a counter or any other call's result is bounded. Volatile reads and reads of
 * statics that the loop does not write count as atomic ones, and so does a call of a function that only says what one in it says.
 */
import type { Span } from "../base/span.ts";
import { naturalLoops } from "./loops.ts";
import type { Operand, Terminator } from "./mir.ts";
import { type Definition, factsOf, type MirFacts } from "./mir-facts.ts";
import type { World } from "./world.ts";

export interface SpinLoop {
  readonly span: Span;
  /** The operation that is waited for. */
  readonly through: string;
}

const ATOMIC = /^(load|swap|compare_exchange|compare_exchange_weak|compare_and_swap|fetch_\w+|test_and_set)$/;
const EXCHANGE = /^(compare_exchange|compare_exchange_weak|compare_and_swap)$/;
const TRY = /^try_(lock|read|write|acquire)\w*$/;
const PAUSE = /^(spin|snooze|relax|pause|cpu_relax|sleep|sleep_ms|usleep|nanosleep|clock_nanosleep|park_timeout)$/;
/** A function that says what an atomic operation in it says is looked into so deep. */
const MAX_CALLS = 2;
const HELPERS = /^(is_err|is_ok|is_none|is_some|not|unlikely|likely|eq|ne|spin_loop|spin_loop_hint|yield_now|pause)$/;

/** The spin loops of a body. */
export function spinLoops(world: World, facts: MirFacts): SpinLoop[] {
  const found: SpinLoop[] = [];
  for (const loop of naturalLoops(facts)) {
    const spin = spinOf(world, facts, loop);
    if (spin !== null) found.push(spin);
  }
  return found;
}

function spinOf(world: World, facts: MirFacts, loop: ReadonlySet<number>): SpinLoop | null {
  const region: Region = { world, facts, blocks: loop, calls: 0 };
  let waited: Source | null = null;
  for (const block of loop) {
    const term = facts.mir.blocks[block]?.term;
    if (term === undefined || !leaves(facts, loop, block)) continue;
    if (term.k !== "switch" || term.on.k === "opaque") return null;
    const operand: Operand =
      term.on.k === "bool"
        ? term.on.condition
        : term.on.k === "value"
          ? term.on.operand
          : { k: "copy", place: term.on.place };
    const source = sourceOf(region, operand, 0);
    if (source === null) return null;
    waited = source;
  }
  if (waited === null || !nothingElse(region)) return null;
  return waited;
}

/** What a loop waits for. */
type Source = SpinLoop;
/** The blocks that a question is about: those of a loop, or a whole body. */
interface Region {
  readonly world: World;
  readonly facts: MirFacts;
  readonly blocks: ReadonlySet<number>;
  /** Calls that were gone into. */
  readonly calls: number;
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

/** The atomic operation (or volatile read, or read of a static) among the blocks that alone decides the operand; null where anything else does. */
function sourceOf(region: Region, operand: Operand, depth: number): Source | null {
  if (operand.k === "const" || depth > 12) return null;
  const { world, facts, blocks } = region;
  const definition = operand.place.local === 0 ? givenBack(facts) : facts.definition(operand.place.local);
  if (definition === null || !blocks.has(definition.block)) return null;
  const into = (one: Operand): Source | null => sourceOf(region, one, depth + 1);
  if (definition.k === "call") {
    const { term } = definition;
    const name = nameOf(world, term);
    if (isWait(region, term, name) || saysAtomic(region, term)) return { span: term.span, through: name };
    const [only] = term.args;
    return HELPERS.test(name) && only !== undefined ? into(only) : null;
  }
  const { value } = definition;
  switch (value.k) {
    case "use": {
      const read = staticRead(region, value.operand);
      return read === null ? into(value.operand) : { span: facts.mir.span, through: read };
    }
    case "cast":
    case "unary":
      return into(value.operand);
    case "ref":
    case "discriminant":
      return into({ k: "copy", place: value.place });
    case "binary": {
      const sides = [value.left, value.right].map((one) => ({ one, inside: dependsOnLoop(facts, blocks, one, 0) }));
      const moving = sides.filter((side) => side.inside);
      const [first] = moving;
      return moving.length === 1 && first !== undefined ? into(first.one) : null;
    }
    default:
      return null;
  }
}

/** The only assignment to the return place. */
function givenBack({ mir }: MirFacts): Definition | null {
  const found: Definition[] = [];
  for (const [block, { stmts, term }] of mir.blocks.entries()) {
    for (const { place, value } of stmts) if (place.local === 0) found.push({ k: "value", value, block });
    if (term.k === "call" && term.dest.local === 0) found.push({ k: "call", term, block });
  }
  return found.length === 1 ? (found[0] ?? null) : null;
}

function isWait({ world, facts, blocks }: Region, term: Terminator & { k: "call" }, name: string): boolean {
  if (TRY.test(name)) return true;
  if (term.callee.k !== "def") return false;
  const { crate, module } = world.names.def(term.callee.def);
  if (!world.names.isPackCrate(crate)) return false;
  if (name === "read_volatile") return true;
  if (!ATOMIC.test(name) || world.names.def(module).name !== "atomic") return false;
  return !EXCHANGE.test(name) || term.args[1] === undefined || !dependsOnLoop(facts, blocks, term.args[1], 0);
}

/** `while self.is_locked() {}`: the function gives back what an atomic operation in it says, and does nothing else. */
function saysAtomic({ world, facts, calls, blocks }: Region, term: Terminator & { k: "call" }): boolean {
  if (term.callee.k !== "def" || calls >= MAX_CALLS) return false;
  if (world.names.isPackCrate(world.names.def(term.callee.def).crate)) return false;
  if (term.args.some((arg) => !isSteady(facts, blocks, arg, 0))) return false;
  const mir = world.bodies.mir({ def: term.callee.def, closure: null });
  if (mir === null || mir.blocks.length > 12) return false;
  const own = factsOf(mir);
  const region: Region = { world, facts: own, blocks: new Set(mir.blocks.keys()), calls: calls + 1 };
  return sourceOf(region, { k: "copy", place: { local: 0, proj: [] } }, 0) !== null && nothingElse(region);
}

/** The same value in each round: a constant, what was set before the loop, a reference to that. */
function isSteady(facts: MirFacts, loop: ReadonlySet<number>, operand: Operand, depth: number): boolean {
  if (operand.k === "const") return true;
  if (depth > 12) return false;
  const definition = facts.definition(operand.place.local);
  if (definition === null) return !assignedIn(facts, loop, operand.place.local);
  if (!loop.has(definition.block)) return true;
  if (definition.k === "call") return false;
  const { value } = definition;
  if (value.k === "use" || value.k === "cast") return isSteady(facts, loop, value.operand, depth + 1);
  return value.k === "ref" && isSteady(facts, loop, { k: "copy", place: value.place }, depth + 1);
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
function dependsOnLoop(facts: MirFacts, loop: ReadonlySet<number>, operand: Operand, depth: number): boolean {
  if (operand.k === "const") return false;
  if (depth > 12) return true;
  const definition = facts.definition(operand.place.local);
  if (definition === null) return assignedIn(facts, loop, operand.place.local);
  if (!loop.has(definition.block)) return false;
  if (definition.k === "call") return true;
  const { value } = definition;
  if (value.k === "use" || value.k === "cast" || value.k === "unary")
    return dependsOnLoop(facts, loop, value.operand, depth + 1);
  if (value.k === "binary") {
    return [value.left, value.right].some((one) => dependsOnLoop(facts, loop, one, depth + 1));
  }
  return value.k !== "aggregate" || value.fields.some((one) => dependsOnLoop(facts, loop, one, depth + 1));
}

function assignedIn(facts: MirFacts, loop: ReadonlySet<number>, local: number): boolean {
  for (const index of loop) {
    const block = facts.mir.blocks[index];
    if (block?.stmts.some((stmt) => stmt.place.local === local) === true) return true;
    if (block?.term.k === "call" && block.term.dest.local === local) return true;
  }
  return false;
}

/** The calls are atomic operations, what looks at their results, and pauses: calls without arguments or result. */
function nothingElse(region: Region): boolean {
  const { world, facts, blocks } = region;
  for (const index of blocks) {
    const term = facts.mir.blocks[index]?.term;
    if (term?.k !== "call") continue;
    const name = nameOf(world, term);
    if (ATOMIC.test(name) || TRY.test(name) || HELPERS.test(name) || name === "read_volatile") continue;
    if (term.args.every((arg) => arg.k === "const") || PAUSE.test(name) || saysAtomic(region, term)) continue;
    return false;
  }
  return true;
}
