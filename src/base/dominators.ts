/**
 * Immediate dominators of a control-flow graph on the integers 0 … n-1.
 *
 * The algorithm is Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001): intersect the dominators of
 * a node's predecessors in reverse post-order until nothing changes. It ends because an immediate dominator only ever
 * moves towards the entry. Nothing recurses. Post-dominators are the same question asked of the reversed graph.
 */

import { reversePostOrder } from "./reverse-post-order.ts";

export interface Dominators {
  /** Immediate dominator of each node; the entry's is itself, and -1 where the entry does not reach the node. */
  readonly idom: Int32Array;
  /** Reachable nodes, the entry first, each after at least one of its predecessors. */
  readonly order: readonly number[];
  /** Whether every path from the entry to `node` goes through `over`; a node dominates itself. False for unreachable ones. */
  dominates(over: number, node: number): boolean;
}

/** Dominators of the graph with `count` nodes, entered at `entry`; `successors` is asked once per reachable node. */
export function dominators(count: number, entry: number, successors: (node: number) => readonly number[]): Dominators {
  const { order, predecessors } = reversePostOrder(count, entry, successors);
  const position = new Int32Array(count).fill(-1);
  for (const [at, node] of order.entries()) position[node] = at;
  const idom = new Int32Array(count).fill(-1);
  if (order.length > 0) idom[entry] = entry;

  const meet = (first: number, second: number): number => {
    let left = first;
    let right = second;
    while (left !== right) {
      if ((position[left] ?? 0) > (position[right] ?? 0)) left = idom[left] ?? entry;
      else right = idom[right] ?? entry;
    }
    return left;
  };

  for (let changed = true; changed; ) {
    changed = false;
    for (const node of order) {
      if (node === entry) continue;
      let best = -1;
      for (const from of predecessors[node] ?? []) {
        if (idom[from] !== -1) best = best === -1 ? from : meet(best, from);
      }
      if (best !== idom[node]) {
        idom[node] = best;
        changed = true;
      }
    }
  }

  let spans: Spans | null = null;
  return {
    idom,
    order,
    dominates(over, node) {
      if ((idom[over] ?? -1) === -1 || (idom[node] ?? -1) === -1) return false;
      spans ??= spansOf(count, order, idom);
      const { first, last } = spans;
      return (first[over] ?? 0) <= (first[node] ?? 0) && (last[node] ?? 0) <= (last[over] ?? 0);
    },
  };
}

/** By node, the numbers of those that it dominates: from `first` up to and with `last`, its own being `first`. */
interface Spans {
  readonly first: Int32Array;
  readonly last: Int32Array;
}

function spansOf(count: number, order: readonly number[], idom: Int32Array): Spans {
  const size = new Int32Array(count);
  for (let at = order.length - 1; at >= 0; at -= 1) {
    const node = order[at] ?? 0;
    size[node] = (size[node] ?? 0) + 1;
    const over = idom[node] ?? node;
    if (over !== node) size[over] = (size[over] ?? 0) + (size[node] ?? 0);
  }
  const first = new Int32Array(count);
  const last = new Int32Array(count);
  /** The next number that is free below a node. */
  const free = new Int32Array(count);
  for (const node of order) {
    const over = idom[node] ?? node;
    const own = over === node ? 0 : (free[over] ?? 0);
    if (over !== node) free[over] = own + (size[node] ?? 0);
    first[node] = own;
    last[node] = own + (size[node] ?? 0) - 1;
    free[node] = own + 1;
  }
  return { first, last };
}
