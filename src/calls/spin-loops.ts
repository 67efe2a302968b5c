/**
 * Loops that wait for another holder by spinning: their only ways out depend on what an atomic operation or a try-lock
 * inside the loop says, and nothing else in the loop gets further.
 *
 * A compare-exchange whose expected value was read inside the loop retries its own update and gets further whenever anybody does: that
 * is no wait. A loop that also leaves by an iterator, a counter or any other call's result is bounded.
 */
import type { Span } from "../base/span.ts";
import { naturalLoops } from "./loops.ts";
import type { Operand, Terminator } from "./mir.ts";
import type { MirFacts } from "./mir-facts.ts";
import type { World } from "./world.ts";

export interface SpinLoop {
  readonly span: Span;
  /** The operation that is waited for. */
  readonly through: string;
}

const ATOMIC = /^(load|swap|compare_exchange|compare_exchange_weak|compare_and_swap|fetch_\w+|test_and_set)$/;
const EXCHANGE = /^(compare_exchange|compare_exchange_weak|compare_and_swap)$/;
const TRY = /^try_(lock|read|write|acquire)\w*$/;
const PAUSE = /^(spin|snooze|relax|pause|cpu_relax)$/;
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
  let waited: (Terminator & { k: "call" }) | null = null;
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
    const source = sourceOf(world, facts, loop, operand, 0);
    if (source === null) return null;
    waited = source;
  }
  if (waited === null || !nothingElse(world, facts, loop)) return null;
  return { span: waited.span, through: nameOf(world, waited) };
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

/** The atomic operation in the loop that alone decides the operand; null where anything else does. */
function sourceOf(
  world: World,
  facts: MirFacts,
  loop: ReadonlySet<number>,
  operand: Operand,
  depth: number,
): (Terminator & { k: "call" }) | null {
  if (operand.k === "const" || depth > 12) return null;
  const definition = facts.definition(operand.place.local);
  if (definition === null || !loop.has(definition.block)) return null;
  const into = (one: Operand): (Terminator & { k: "call" }) | null => sourceOf(world, facts, loop, one, depth + 1);
  if (definition.k === "call") {
    const { term } = definition;
    const name = nameOf(world, term);
    if (isWait(world, facts, loop, term, name)) return term;
    const [only] = term.args;
    return HELPERS.test(name) && only !== undefined ? into(only) : null;
  }
  const { value } = definition;
  switch (value.k) {
    case "use":
    case "cast":
    case "unary":
      return into(value.operand);
    case "ref":
    case "discriminant":
      return into({ k: "copy", place: value.place });
    case "binary": {
      const sides = [value.left, value.right].map((one) => ({ one, inside: dependsOnLoop(facts, loop, one, 0) }));
      const moving = sides.filter((side) => side.inside);
      const [first] = moving;
      return moving.length === 1 && first !== undefined ? into(first.one) : null;
    }
    default:
      return null;
  }
}

function isWait(
  world: World,
  facts: MirFacts,
  loop: ReadonlySet<number>,
  term: Terminator & { k: "call" },
  name: string,
): boolean {
  if (TRY.test(name)) return true;
  if (!ATOMIC.test(name) || term.callee.k !== "def") return false;
  const { crate, module } = world.names.def(term.callee.def);
  if (!world.names.isPackCrate(crate) || world.names.def(module).name !== "atomic") return false;
  return !EXCHANGE.test(name) || term.args[1] === undefined || !dependsOnLoop(facts, loop, term.args[1], 0);
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

/** The loop's calls are atomic operations, what looks at their results, and pauses: calls without arguments or result. */
function nothingElse(world: World, facts: MirFacts, loop: ReadonlySet<number>): boolean {
  for (const index of loop) {
    const term = facts.mir.blocks[index]?.term;
    if (term?.k !== "call") continue;
    const name = nameOf(world, term);
    if (ATOMIC.test(name) || TRY.test(name) || HELPERS.test(name)) continue;
    if (term.args.length > 0 && !PAUSE.test(name)) return false;
  }
  return true;
}
