/**
 * Guard "owns nothing": a drop of a value that certainly has nothing on the heap frees nothing.
 *
 * Only drops that are nothing but frees are guarded: what a drop of the program's own does, it does.
 */
import type { NodeId } from "../calls/call-graph.ts";
import { droppedAt } from "./dropped-values.ts";
import { type EmptyInput, isEmpty } from "./empty-values.ts";
import type { GuardedSite } from "./guard-capacity.ts";

/** Drops below a handler that do nothing. */
export function emptyDrops(input: EmptyInput, nodes: readonly NodeId[]): GuardedSite[] {
  const { graph } = input;
  const found: GuardedSite[] = [];
  for (const node of nodes.map((id) => graph.node(id))) {
    if (node.model || node.mir === null || node.what.k !== "body") continue;
    const body = { mir: node.mir, args: node.args, node };
    for (const site of node.sites.map((id) => graph.site(id))) {
      const dropped = droppedAt(graph, node, site);
      if (dropped !== null && isEmpty(input, body, dropped)) found.push({ node, site });
    }
  }
  return found;
}
