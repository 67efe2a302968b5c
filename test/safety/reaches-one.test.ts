/** Which nodes lead to one of a kind: itself, circles, cut edges, and that many questions cost one walk. */
import { describe, expect, test } from "vitest";
import type { CallGraph, Edge, NodeId } from "../../src/calls/call-graph.ts";
import { reachesOne } from "../../src/safety/reaches-one.ts";

/** A graph whose node `n` calls the nodes `calls[n]`. */
function graphOf(calls: readonly (readonly number[])[]): CallGraph {
  const graph: unknown = {
    node: (id: number) => ({ id, sites: [id] }),
    site: (id: number) => ({ outcome: { k: "targets", edges: (calls[id] ?? []).map((target) => ({ target })) } }),
  };
  return graph as CallGraph;
}

const id = (at: number): NodeId => at as NodeId;

describe("reachesOne", () => {
  test("itself, through calls, in circles, and not over an edge that is cut", () => {
    const graph = graphOf([[1], [2, 0], [3], [], [4], [1, 4]]);
    const cut = (edge: Edge): boolean => edge.target === id(1);
    const isOne = ({ id: own }: { readonly id: NodeId }): boolean => own === id(3);
    const free = reachesOne(graph, () => false, isOne);
    expect([4, 0, 1, 2, 3, 5].map((at) => free(id(at)))).toEqual([false, true, true, true, true, true]);
    const held = reachesOne(graph, cut, isOne);
    expect([5, 0, 1, 2, 3, 4].map((at) => held(id(at)))).toEqual([false, false, true, true, true, false]);
  });
  test("a long chain asked at each of its nodes is walked once", () => {
    const long = 20_000;
    const graph = graphOf(Array.from({ length: long }, (_, at) => (at + 1 < long ? [at + 1] : [])));
    let looked = 0;
    const reaches = reachesOne(
      graph,
      () => false,
      (node) => {
        looked += 1;
        return node.id === id(long - 1);
      },
    );
    for (let at = 0; at < long; at += 1) expect(reaches(id(at))).toBe(true);
    expect(looked).toBe(long);
  });
});
