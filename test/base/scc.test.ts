/** Components agree with mutual reachability by brute force, come bottom-up, and deep graphs do not overflow the stack. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { stronglyConnected } from "../../src/base/scc.ts";
import { anyGraph, reachedFrom } from "../support/random-graph.ts";

test("two nodes share a component exactly if each reaches the other", () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const { componentOf } = stronglyConnected(graph.count, (node) => graph.next[node] ?? []);
      for (let a = 0; a < graph.count; a += 1) {
        for (let b = 0; b < graph.count; b += 1) {
          const mutual = reachedFrom(graph, a).has(b) && reachedFrom(graph, b).has(a);
          expect(componentOf[a] === componentOf[b]).toBe(mutual);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test("each node is in one component, and what a component reaches stands before it", () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const { componentOf, components } = stronglyConnected(graph.count, (node) => graph.next[node] ?? []);
      expect(components.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: graph.count }, (_, node) => node));
      for (const [at, members] of components.entries()) {
        for (const node of members) {
          expect(componentOf[node]).toBe(at);
          for (const to of graph.next[node] ?? []) expect(componentOf[to]).toBeLessThanOrEqual(at);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test("a chain of 300 000 nodes that ends in a loop", () => {
  const count = 300_000;
  const { components } = stronglyConnected(count, (node) => [node + 1 < count ? node + 1 : count - 2]);
  expect(components.length).toBe(count - 1);
  expect(components[0]).toEqual([count - 2, count - 1]);
});

test("edges out of the graph are no edges", () => {
  expect(stronglyConnected(2, () => [7, -1]).components).toEqual([[0], [1]]);
});
