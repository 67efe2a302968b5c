/** Dominators agree with the definition: removing one node cuts the other off from the entry. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { dominators } from "../../src/base/dominators.ts";
import { anyGraph, reachedFrom } from "../support/random-graph.ts";

test("a node dominates another exactly if every path from the entry meets it", () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const result = dominators(graph.count, 0, (node) => graph.next[node] ?? []);
      const reached = reachedFrom(graph, 0);
      expect(new Set(result.order)).toEqual(reached);
      for (let over = 0; over < graph.count; over += 1) {
        for (let node = 0; node < graph.count; node += 1) {
          const cut = over === node || !reachedFrom(graph, 0, over).has(node);
          expect(result.dominates(over, node)).toBe(reached.has(over) && reached.has(node) && cut);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test("the immediate dominator is the closest strict one", () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const { idom, dominates, order } = dominators(graph.count, 0, (node) => graph.next[node] ?? []);
      for (const node of order.slice(1)) {
        const strict = order.filter((over) => over !== node && dominates(over, node));
        const closest = strict.filter((over) => strict.every((other) => dominates(other, over)));
        expect([idom[node]]).toEqual(closest);
      }
      expect(idom[0]).toBe(0);
    }),
    { numRuns: 500 },
  );
});

test("a chain of 200 000 blocks", () => {
  const count = 200_000;
  const { idom } = dominators(count, 0, (node) => (node + 1 < count ? [node + 1] : []));
  expect(idom[count - 1]).toBe(count - 2);
});

test("an entry outside the graph reaches nothing", () => {
  expect(dominators(0, 0, () => []).order).toEqual([]);
});
