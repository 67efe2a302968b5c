/**
 * Which blocks of a function that initialises a cell run only while the cell is empty.
 *
 * Input: the MIR of a function of which facts say that it forces a cell. The initialiser is a value that the function calls; the outermost
 * branch that leads to such a call, and around which the function can return, is the one on the cell's state. A function without
 * such a branch has no such blocks: then nothing is known.
 */

import type { Mir } from "./mir.ts";
import { factsOf } from "./mir-facts.ts";

/** Blocks under the branch that leads to the initialiser. */
export function firstUseBlocks(mir: Mir): ReadonlySet<number> {
  const { dominators } = factsOf(mir);
  const returns = [...mir.blocks.entries()].flatMap(([block, { term }]) => (term.k === "return" ? [block] : []));
  const found = new Set<number>();
  for (const [call, { term }] of mir.blocks.entries()) {
    if (term.k !== "call" || term.callee.k !== "value") continue;
    const branch = mir.blocks.findIndex(
      (_, block) =>
        block !== 0 && dominators.dominates(block, call) && returns.every((one) => !dominators.dominates(block, one)),
    );
    const outer = outermost(mir, branch, call, returns);
    if (outer < 0) continue;
    for (const block of mir.blocks.keys()) if (dominators.dominates(outer, block)) found.add(block);
  }
  return found;
}

function outermost(mir: Mir, first: number, call: number, returns: readonly number[]): number {
  const { dominators } = factsOf(mir);
  let best = first;
  for (const block of mir.blocks.keys()) {
    if (best < 0 || block === 0 || !dominators.dominates(block, call) || !dominators.dominates(block, best)) continue;
    if (returns.every((one) => !dominators.dominates(block, one))) best = block;
  }
  return best;
}
