/**
 * Sites below a handler that a guard finds to do nothing: in code of the program alone, since only that is guarded.
 */
import type { CallGraph, Node, NodeId, Site } from "../calls/call-graph.ts";
import type { BodyKey, Mir } from "../calls/mir.ts";

export interface GuardedSite {
  readonly node: Node;
  readonly site: Site;
}
/** A node that is a body of the program. */
export type BodyNode = Node & { readonly mir: Mir; readonly what: { readonly k: "body"; readonly key: BodyKey } };

/** Those of the nodes' sites for which the test holds, in order. */
export function guardedSites(
  graph: CallGraph,
  nodes: readonly NodeId[],
  test: (node: BodyNode, site: Site) => boolean,
): GuardedSite[] {
  return nodes.flatMap((id) => {
    const node = graph.node(id);
    if (!isBody(node)) return [];
    return node.sites.flatMap((one) => {
      const site = graph.site(one);
      return test(node, site) ? [{ node, site }] : [];
    });
  });
}

function isBody(node: Node): node is BodyNode {
  return !node.model && node.mir !== null && node.what.k === "body";
}
