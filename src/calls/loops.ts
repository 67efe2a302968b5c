/**
 * The natural loops of a body: a head, and the blocks that lead back to it without leaving. Loops with one head are one.
 */
import { pushAll } from "../base/push-all.ts";
import type { MirFacts } from "./mir-facts.ts";

/** Blocks of each loop, in the order of their heads; inner loops are listed beside the outer ones. */
export function naturalLoops(facts: MirFacts): readonly ReadonlySet<number>[] {
  const byHead = new Map<number, Set<number>>();
  for (const from of facts.dominators.order) {
    for (const head of facts.successors[from] ?? []) {
      if (!facts.dominators.dominates(head, from)) continue;
      const blocks = byHead.get(head) ?? new Set([head]);
      byHead.set(head, blocks);
      const pending = [from];
      for (let block = pending.pop(); block !== undefined; block = pending.pop()) {
        if (blocks.has(block)) continue;
        blocks.add(block);
        pushAll(pending, facts.predecessors[block] ?? []);
      }
    }
  }
  return [...byHead].sort(([left], [right]) => left - right).map(([, blocks]) => blocks);
}
