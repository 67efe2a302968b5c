/**
 * What is asked of one MIR again and again: order of its blocks, dominators, predecessors, where each local is set.
 *
 * Computed once per body, for all instances.
 */
import { type Dominators, dominators } from "../base/dominators.ts";
import type { Mir, Place, Rvalue, Terminator } from "./mir.ts";
import { successors } from "./mir-prune.ts";

export type Definition =
  | { readonly k: "value"; readonly value: Rvalue; readonly block: number }
  | { readonly k: "call"; readonly term: Terminator & { k: "call" }; readonly block: number };

export interface MirFacts {
  readonly mir: Mir;
  readonly dominators: Dominators;
  readonly successors: readonly (readonly number[])[];
  readonly predecessors: readonly (readonly number[])[];
  /** The only assignment to a whole local; null where there is none, several, or one to a part of it. */
  definition(local: number): Definition | null;
}

const memo = new WeakMap<Mir, MirFacts>();

/** The facts of a body. */
export function factsOf(mir: Mir): MirFacts {
  let facts = memo.get(mir);
  if (facts === undefined) {
    facts = compute(mir);
    memo.set(mir, facts);
  }
  return facts;
}

function compute(mir: Mir): MirFacts {
  const next = mir.blocks.map((block) => [...new Set(successors(block.term))]);
  const previous: number[][] = mir.blocks.map(() => []);
  for (const [from, list] of next.entries()) for (const to of list) previous[to]?.push(from);
  const definitions = collectDefinitions(mir);
  return {
    mir,
    dominators: dominators(mir.blocks.length, 0, (block) => next[block] ?? []),
    successors: next,
    predecessors: previous,
    definition: (local) => definitions.get(local) ?? null,
  };
}

function collectDefinitions(mir: Mir): Map<number, Definition | null> {
  const found = new Map<number, Definition | null>();
  const note = (place: Place, definition: Definition): void => {
    const only = !found.has(place.local) && place.proj.length === 0 && place.local > mir.argCount;
    if (place.proj[0]?.k === "deref") return;
    found.set(place.local, only ? definition : null);
  };
  for (const [index, block] of mir.blocks.entries()) {
    for (const stmt of block.stmts) note(stmt.place, { k: "value", value: stmt.value, block: index });
    if (block.term.k === "call") note(block.term.dest, { k: "call", term: block.term, block: index });
  }
  return found;
}
