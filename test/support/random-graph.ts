/** Small graphs for the property tests of graph algorithms, and reachability by brute force to compare them with. */
import fc from "fast-check";

export interface SmallGraph {
  readonly count: number;
  readonly next: readonly (readonly number[])[];
}

/** Any graph of one to eight nodes, loops and double edges included. */
export const anyGraph: fc.Arbitrary<SmallGraph> = fc
  .integer({ min: 1, max: 8 })
  .chain((count) =>
    fc
      .array(fc.array(fc.nat(count - 1), { maxLength: 4 }), { minLength: count, maxLength: count })
      .map((next) => ({ count, next })),
  );

/** The nodes that `from` reaches, itself included, on paths that avoid one node. */
export function reachedFrom(graph: SmallGraph, from: number, avoiding: number | null = null): ReadonlySet<number> {
  const seen = new Set<number>();
  const open = from === avoiding ? [] : [from];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    open.push(...(graph.next[node] ?? []).filter((to) => to !== avoiding));
  }
  return seen;
}
