/**
 * The calls of a node of a call graph, with what they pass. Which sites lead to which node is worked out once for a graph.
 */
import type { Bodies } from "../calls/bodies.ts";
import type { CallGraph, Node, NodeId, Site } from "../calls/call-graph.ts";
import type { Operand } from "../calls/mir.ts";

export interface NodeCall {
  readonly from: Node;
  readonly args: readonly Operand[];
}

const memo = new WeakMap<CallGraph, ReadonlyMap<NodeId, readonly Site[]>>();

/** The calls of a function by its name, with its own arguments; null where something else runs it too (a closure's call, a callback, a rule). */
export function callersOf(bodies: Bodies, graph: CallGraph, node: Node): readonly NodeCall[] | null {
  let sites = memo.get(graph);
  if (sites === undefined) {
    sites = sitesByTarget(graph);
    memo.set(graph, sites);
  }
  const found = (sites.get(node.id) ?? []).map((site) => callAt(bodies, graph, site, node));
  const known = found.filter((one) => one !== null);
  return known.length === found.length ? known : null;
}

function callAt({ types }: Bodies, graph: CallGraph, site: Site, { what, mir }: Node): NodeCall | null {
  const from = graph.node(site.node);
  const term = from.mir?.blocks[site.block]?.term;
  if (site.outcome.k !== "targets" || term?.k !== "call" || term.callee.k !== "def") return null;
  if (what.k !== "body" || what.key.closure !== null || term.args.length !== mir?.argCount) return null;
  const args = term.callee.args.map((ty) => types.normalize(types.subst(ty, from.args), [], true));
  return types.resolveMember(term.callee.def, args).def === what.key.def ? { from, args: term.args } : null;
}

function sitesByTarget(graph: CallGraph): Map<NodeId, Site[]> {
  const found = new Map<NodeId, Site[]>();
  for (const site of graph.sites) {
    if (site.outcome.k === "none") continue;
    for (const { target } of site.outcome.edges) {
      const list = found.get(target);
      if (list === undefined) found.set(target, [site]);
      else list.push(site);
    }
  }
  return found;
}
