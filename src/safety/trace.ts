/**
 * Steps of the graph as frames of a report: one frame per function that people can read, at the call that leads on.
 *
 * Modelled code and drop glue make no frames of their own; how they were entered is how the next frame is reached, and a
 * first use on the way shows as `init`.
 */
import type { Span } from "../base/span.ts";
import type { CallGraph, Node, NodeId } from "../calls/call-graph.ts";
import { isTransparent } from "./causes.ts";
import type { Places } from "./places.ts";
import type { SitePlace, TraceFrame } from "./report-model.ts";
import type { Step } from "./witness.ts";

/** A place in a function. */
export function sitePlace(places: Places, node: Node, span: Span): SitePlace {
  return { function: node.path, ...places.at(span) };
}

/** The frames along the steps, and a last one for `end` where the way ends in a function of its own. */
export function framesOf(
  graph: CallGraph,
  places: Places,
  steps: readonly Step[],
  end: { readonly node: NodeId; readonly span: Span } | null,
): TraceFrame[] {
  const frames: TraceFrame[] = [];
  let via: TraceFrame["via"] | null = "entry";
  const add = (node: Node, span: Span): void => {
    if (isTransparent(node)) return;
    frames.push({ via: via ?? "call", snippet: places.snippet(span), ...sitePlace(places, node, span) });
    via = null;
  };
  for (const { site, edge } of steps) {
    add(graph.node(site.node), site.span);
    if (edge.conditions.includes("uninit")) via = "init";
    else via ??= edge.via;
  }
  if (end !== null) add(graph.node(end.node), end.span);
  return frames;
}
