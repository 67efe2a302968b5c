/**
 * Loops that only retry an update of their own: each way round them goes through a compare-exchange that expects what a load of the same place
 * has just given (`if S.load() == IDLE { S.compare_exchange_weak(IDLE, BUSY) }`). It fails only where somebody else got further: that is no wait.
 *
 * Input: the blocks of a loop, and the names of the operations. The load's value must be compared with the very constant on the only way to
 * the exchange; all else is taken for a wait.
 */
import { referentName } from "./canonical-place.ts";
import type { CallTerm, Operand } from "./mir.ts";
import type { MirFacts } from "./mir-facts.ts";

export interface Retries {
  readonly facts: MirFacts;
  readonly blocks: ReadonlySet<number>;
  isExchange(term: CallTerm): boolean;
  isLoad(term: CallTerm): boolean;
}

/** Does each way round the blocks go through such a compare-exchange? */
export function retriesOnly(loop: Retries): boolean {
  const updates = new Set([...loop.blocks].filter((block) => isOwnUpdate(loop, block)));
  return updates.size > 0 && !hasCycle(loop, updates);
}

function isOwnUpdate(loop: Retries, block: number): boolean {
  const { facts } = loop;
  const term = facts.mir.blocks[block]?.term;
  if (term?.k !== "call" || !loop.isExchange(term)) return false;
  const [cell, expected] = term.args;
  if (cell === undefined || expected === undefined) return false;
  const seen = new Set<number>();
  let at = block;
  for (let from = only(loop, at); from !== null && !seen.has(from); from = only(loop, at)) {
    if (isSameValue(loop, from, at, cell, expected)) return true;
    seen.add(from);
    at = from;
  }
  return false;
}

/** The only block of the loop that leads to this one. */
function only({ facts, blocks }: Retries, block: number): number | null {
  const [from, ...others] = facts.predecessors[block] ?? [];
  return from !== undefined && others.length === 0 && blocks.has(from) ? from : null;
}

/** Does the block go on to the next one only where a load of the cell has given what is expected? */
function isSameValue(loop: Retries, block: number, next: number, cell: Operand, expected: Operand): boolean {
  const { facts } = loop;
  const term = facts.mir.blocks[block]?.term;
  const wanted = constantKey(facts, expected);
  if (term?.k !== "switch" || wanted === null) return false;
  if (term.on.k === "value") {
    const hit = term.targets.find((one) => one.target === next);
    return `int:${hit?.value}` === wanted && isLoadOf(loop, term.on.operand, cell);
  }
  if (term.on.k !== "bool" || term.on.condition.k === "const") return false;
  const definition = facts.definition(term.on.condition.place.local);
  if (definition?.k !== "value" || definition.value.k !== "binary") return false;
  const { op, left, right } = definition.value;
  const equal = op === "eq" ? "true" : op === "ne" ? "false" : null;
  if (equal === null || term.targets.find((one) => one.value === equal)?.target !== next) return false;
  const isEqual = (one: Operand, other: Operand): boolean =>
    constantKey(facts, one) === wanted && isLoadOf(loop, other, cell);
  return isEqual(left, right) || isEqual(right, left);
}

function isLoadOf({ facts, isLoad }: Retries, operand: Operand, cell: Operand): boolean {
  if (operand.k === "const") return false;
  const definition = facts.definition(operand.place.local);
  if (definition?.k !== "call" || !isLoad(definition.term)) return false;
  const place = referentName(facts, cell);
  return place !== null && referentName(facts, definition.term.args[0]) === place;
}

function constantKey(facts: MirFacts, operand: Operand): string | null {
  if (operand.k !== "const") {
    const definition = facts.definition(operand.place.local);
    const isCopy = definition?.k === "value" && definition.value.k === "use" && operand.place.proj.length === 0;
    return isCopy && definition.value.operand.k === "const" ? constantKey(facts, definition.value.operand) : null;
  }
  const { value } = operand;
  if (value.k === "int" || value.k === "bool") return `int:${String(value.value)}`;
  return value.k === "const" && value.args.length === 0 ? `const:${value.def}` : null;
}

/** Can the loop be gone round without these blocks? */
function hasCycle({ facts, blocks }: Retries, without: ReadonlySet<number>): boolean {
  const left = new Set([...blocks].filter((one) => !without.has(one)));
  // What nothing left leads to is on no cycle.
  for (let size = -1; size !== left.size; ) {
    size = left.size;
    for (const one of left) if (!(facts.predecessors[one] ?? []).some((from) => left.has(from))) left.delete(one);
  }
  return left.size > 0;
}
