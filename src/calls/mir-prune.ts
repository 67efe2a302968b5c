/**
 * Removes blocks that no path from the entry reaches, and threads jumps through empty blocks; blocks are renumbered in
 * the order in which a depth-first walk meets them, so that equal bodies give equal MIR.
 */
import { pushAll } from "../base/push-all.ts";
import type { BasicBlock, Mir, Terminator } from "./mir.ts";

/** The same body without unreachable blocks and empty jumps. */
export function pruneBlocks(mir: Mir): Mir {
  const number = new Map<number, number>();
  const order: number[] = [];
  const pending = [resolveJump(mir, 0)];
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    if (number.has(index)) continue;
    number.set(index, order.length);
    order.push(index);
    const block = mir.blocks[index];
    if (block === undefined) continue;
    const next = successors(block.term).map((one) => resolveJump(mir, one));
    pushAll(pending, next.reverse());
  }
  const rename = (old: number): number => number.get(resolveJump(mir, old)) ?? 0;
  const blocks = order.map((old): BasicBlock => {
    const block = mir.blocks[old];
    if (block === undefined) return { stmts: [], term: { k: "unreachable" }, assumedCfg: false };
    return { ...block, term: mapTargets(block.term, rename) };
  });
  const blind = mir.blind
    .filter((one) => number.has(resolveJump(mir, one.block)))
    .map((one) => ({ ...one, block: rename(one.block) }));
  return { ...mir, blocks, blind };
}

/** Follows `goto` through blocks that do nothing. */
function resolveJump(mir: Mir, start: number): number {
  let index = start;
  for (let steps = 0; steps <= mir.blocks.length; steps += 1) {
    const block = mir.blocks[index];
    if (block === undefined || block.stmts.length > 0 || block.term.k !== "goto" || block.term.target === index)
      return index;
    index = block.term.target;
  }
  return index;
}

/** Blocks that control may go to after this terminator. */
export function successors(term: Terminator): number[] {
  switch (term.k) {
    case "goto":
      return [term.target];
    case "switch": {
      const targets = term.targets.map((one) => one.target);
      return term.otherwise === null ? targets : [...targets, term.otherwise];
    }
    case "call":
      return term.next === null ? [] : [term.next];
    case "drop":
    case "asm":
      return [term.next];
    case "panic":
    case "return":
    case "unreachable":
      return [];
  }
}

function mapTargets(term: Terminator, rename: (old: number) => number): Terminator {
  switch (term.k) {
    case "goto":
      return { ...term, target: rename(term.target) };
    case "switch": {
      const targets = term.targets.map((one) => ({ ...one, target: rename(one.target) }));
      return { ...term, targets, otherwise: term.otherwise === null ? null : rename(term.otherwise) };
    }
    case "call":
      return { ...term, next: term.next === null ? null : rename(term.next) };
    case "drop":
    case "asm":
      return { ...term, next: rename(term.next) };
    case "panic":
    case "return":
    case "unreachable":
      return term;
  }
}
