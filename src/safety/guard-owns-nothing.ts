/**
 * Guard "owns nothing": a drop of a value that certainly has nothing on the heap frees nothing.
 *
 * Only drops that are nothing but frees are guarded: what a drop of the program's own does, it does.
 */
import type { NodeId } from "../calls/call-graph.ts";
import { droppedAt } from "./dropped-values.ts";
import { type EmptyInput, isEmpty } from "./empty-values.ts";
import { type GuardedSite, guardedSites } from "./guarded-sites.ts";

/** Drops below a handler that do nothing. */
export function emptyDrops(input: EmptyInput, nodes: readonly NodeId[]): GuardedSite[] {
  const { graph } = input;
  return guardedSites(graph, nodes, (node, site) => {
    const dropped = droppedAt(graph, node, site);
    return dropped !== null && isEmpty(input, { mir: node.mir, args: node.args, node }, dropped);
  });
}
