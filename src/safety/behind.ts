/**
 * What the source of a function does for which a rule stands: the effects that a finding at its call covers.
 *
 * Input: a place in a function. Output: the effects of modelled code that the program's own functions behind the rule call, each at its call.
 * They are told, and the rule's conditions judge them. Bounded; what lies further is left out.
 */

import type { Span } from "../base/span.ts";
import type { CallGraph, Edge, NodeId, Site } from "../calls/call-graph.ts";
import type { Condition } from "../model/vocabulary.ts";
import { isModelled } from "./causes.ts";
import type { Places } from "./places.ts";
import type { CoveredEffect } from "./report-model.ts";
import { sitePlace } from "./trace.ts";

const maxNodes = 400;

/** Effects behind the rules that stand for what is called at `span` of a node. */
export function effectsBehind(
  graph: CallGraph,
  places: Places,
  at: { readonly node: NodeId; readonly span: Span },
  conditions: readonly Condition[],
): CoveredEffect[] {
  const start = graph
    .node(at.node)
    .sites.map((id) => graph.site(id))
    .filter(
      (site) => site.span.file === at.span.file && site.span.start === at.span.start && site.span.end === at.span.end,
    );
  const sources = throughModels(
    graph,
    start.flatMap((site) => allEdges(site).map((edge) => edge.target)),
  );
  const found: CoveredEffect[] = [];
  const seen = new Set<NodeId>(sources);
  for (let index = 0; index < sources.length && index < maxNodes; index += 1) {
    const id = sources[index];
    if (id === undefined) break;
    for (const siteId of graph.node(id).sites) {
      const site = graph.site(siteId);
      for (const { target } of allEdges(site)) {
        for (const effect of effectsOf(graph, target)) {
          found.push({ ...effect, site: sitePlace(places, graph.node(id), site.span), conditions: [...conditions] });
        }
        for (const next of isModelled(graph.node(target)) ? throughModels(graph, [target]) : [target]) {
          if (seen.has(next)) continue;
          seen.add(next);
          sources.push(next);
        }
      }
    }
  }
  return found;
}

function allEdges(site: Site): readonly Edge[] {
  return site.outcome.k === "none" ? [] : site.outcome.edges;
}

/** The sources behind these nodes, through drop glue and modelled code. */
function throughModels(graph: CallGraph, from: readonly NodeId[]): NodeId[] {
  const sources: NodeId[] = [];
  const seen = new Set<NodeId>(from);
  const pending = [...from];
  for (let id = pending.pop(); id !== undefined && seen.size < maxNodes; id = pending.pop()) {
    const node = graph.node(id);
    if (!isModelled(node)) continue;
    for (const edge of node.sites.flatMap((site) => allEdges(graph.site(site)))) {
      if (seen.has(edge.target)) continue;
      seen.add(edge.target);
      if (edge.behind === true) sources.push(edge.target);
      else pending.push(edge.target);
    }
  }
  return sources;
}

/** Kinds that modelled code has of its own, drop glue looked through. */
function effectsOf(graph: CallGraph, start: NodeId): Pick<CoveredEffect, "kind" | "callee">[] {
  const found: Pick<CoveredEffect, "kind" | "callee">[] = [];
  const seen = new Set<NodeId>([start]);
  const pending = [start];
  for (let id = pending.pop(); id !== undefined && seen.size < maxNodes; id = pending.pop()) {
    const node = graph.node(id);
    if (!isModelled(node)) continue;
    for (const effect of node.effects)
      if (effect.kind !== "panic") found.push({ kind: effect.kind, callee: graph.node(start).path });
    for (const edge of node.sites.flatMap((site) => allEdges(graph.site(site)))) {
      if (edge.behind === true || seen.has(edge.target)) continue;
      seen.add(edge.target);
      pending.push(edge.target);
    }
  }
  return found;
}
