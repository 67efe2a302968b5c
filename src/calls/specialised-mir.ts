/**
 * The MIR of one instance: branches that its constants decide become jumps, what is not reached becomes unreachable.
 *
 * Blocks keep their numbers, so that sites, facts and the generic body speak of the same ones.
 */
import type { BasicBlock, Mir, Terminator } from "./mir.ts";

const NEVER: BasicBlock = { stmts: [], term: { k: "unreachable" }, assumedCfg: false };

/** The same object where everything is reached. */
export function specialised(mir: Mir, reachable: Uint8Array): Mir {
  if (mir.blocks.every((_, index) => reachable[index] === 1)) return mir;
  const blocks = mir.blocks.map((block, index): BasicBlock => {
    if (reachable[index] !== 1) return NEVER;
    return block.term.k === "switch" ? { ...block, term: narrowed(block.term, reachable) } : block;
  });
  return { ...mir, blocks, blind: mir.blind.filter((one) => reachable[one.block] === 1) };
}

function narrowed(term: Terminator & { k: "switch" }, reachable: Uint8Array): Terminator {
  const targets = term.targets.filter((one) => reachable[one.target] === 1);
  const otherwise = term.otherwise !== null && reachable[term.otherwise] === 1 ? term.otherwise : null;
  const [only] = targets;
  if (targets.length === 1 && otherwise === null && only !== undefined) return { k: "goto", target: only.target };
  if (targets.length === 0 && otherwise !== null) return { k: "goto", target: otherwise };
  return { ...term, targets, otherwise };
}
