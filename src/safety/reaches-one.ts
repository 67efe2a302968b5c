/**
 * Which nodes of a call graph lead to one of a kind, themselves included: each node is looked at once, however many are asked about.
 */
import { addTo } from "../base/add-to.ts";
import type { CallGraph, Edge, Node, NodeId } from "../calls/call-graph.ts";
import { edgesOf } from "./reach.ts";

/** Says of a node whether it reaches one that `isOne` holds of, over edges that are not cut. */
export function reachesOne(
  graph: CallGraph,
  cut: (edge: Edge) => boolean,
  isOne: (node: Node) => boolean,
): (start: NodeId) => boolean {
  const known = new Map<NodeId, boolean>();
  const settle = (start: NodeId): void => {
    const callers = new Map<NodeId, NodeId[]>();
    const leading: NodeId[] = [];
    const below = new Set<NodeId>([start]);
    for (const id of below) {
      const node = graph.node(id);
      if (isOne(node)) leading.push(id);
      for (const { target } of node.sites.flatMap((one) => edgesOf(graph.site(one)).filter((edge) => !cut(edge)))) {
        const answer = known.get(target);
        if (answer === true) leading.push(id);
        if (answer !== undefined) continue;
        below.add(target);
        addTo(callers, target, id);
      }
    }
    for (const id of below) known.set(id, false);
    for (let id = leading.pop(); id !== undefined; id = leading.pop()) {
      if (known.get(id) === true) continue;
      known.set(id, true);
      for (const caller of callers.get(id) ?? []) leading.push(caller);
    }
  };
  return (start) => {
    if (!known.has(start)) settle(start);
    return known.get(start) === true;
  };
}
