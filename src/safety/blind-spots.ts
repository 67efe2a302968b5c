/**
 * Places below a handler that were not followed, as the report has them, and how many calls ended in what.
 *
 * A blind spot inside modelled code is told where the program calls into that code. One place counts once, whatever the number
 * of instances of its function; of several endings the least known one counts.
 */
import type { CallGraph, NodeId, Site } from "../calls/call-graph.ts";
import type { Names } from "../names/defs.ts";
import { isModelled, sourceKey } from "./causes.ts";
import type { Places } from "./places.ts";
import { type Blind, edgesOf, type Reach } from "./reach.ts";
import type { BlindSpot, ReportHandler } from "./report-model.ts";
import { sitePlace } from "./trace.ts";
import type { Witnesses } from "./witness.ts";

/** Blind spots of one handler, each place and reason once. */
export function blindSpotsOf(
  graph: CallGraph,
  names: Names,
  places: Places,
  reach: Reach,
  witnesses: Witnesses,
  handler: string,
): BlindSpot[] {
  const found = new Map<string, BlindSpot>();
  for (const one of [...reach.blind, ...problemsOf(graph, names, reach)]) {
    const at = visible(graph, witnesses, one);
    const site = sitePlace(places, graph.node(at.node), at.span);
    const spot: BlindSpot = {
      handler,
      reason: one.reason,
      ...site,
      text: one.text === "" ? places.textOf(at.span) : one.text,
    };
    found.set(`${site.package}|${site.file}|${site.line}|${site.column}|${one.reason}|${spot.text}`, spot);
  }
  return [...found.values()];
}

/** Attribute macros and the like on functions that are reached. */
function problemsOf(graph: CallGraph, names: Names, reach: Reach): Blind[] {
  const found: Blind[] = [];
  for (const id of reach.nodes) {
    const node = graph.node(id);
    if (node.what.k !== "body" || node.model) continue;
    const { def, closure } = node.what.key;
    for (const { reason, span, text, around } of names.problemsOf(def)) {
      if (reason !== "missing-file" && (around !== true || closure === null))
        found.push({ node: id, span, reason, text });
    }
  }
  return found;
}

function visible(graph: CallGraph, witnesses: Witnesses, blind: Blind): Pick<Blind, "node" | "span"> {
  if (!isModelled(graph.node(blind.node))) return blind;
  const steps = witnesses.to(blind.node)?.steps() ?? [];
  const step = steps.findLast(({ site }) => !isModelled(graph.node(site.node)));
  return step === undefined ? blind : { node: step.site.node, span: step.site.span };
}

const ENDINGS = ["resolved", "modelled", "external", "unresolved"] as const;

/** How many functions were reached, and what their calls ended in. */
export function reachedCounts(graph: CallGraph, reach: Reach): ReportHandler["reached"] {
  const functions = new Set<string>();
  const endings = new Map<string, number>();
  for (const id of reach.nodes) {
    const node = graph.node(id);
    if (isModelled(node)) continue;
    functions.add(sourceKey(node));
    for (const siteId of node.sites) {
      const site = graph.site(siteId);
      const ending = endingOf(graph, site);
      if (ending === null) continue;
      const key = `${sourceKey(node)}|${site.span.file}:${site.span.start}:${site.span.end}:${site.callee}`;
      endings.set(key, Math.max(endings.get(key) ?? 0, ending));
    }
  }
  const counts = { resolved: 0, modelled: 0, external: 0, unresolved: 0 };
  for (const ending of endings.values()) counts[ENDINGS[ending] ?? "unresolved"] += 1;
  return { functions: functions.size, calls: endings.size, ...counts };
}

function endingOf(graph: CallGraph, site: Site): number | null {
  switch (site.outcome.k) {
    case "none":
      return null;
    case "extern":
      return 2;
    case "unresolved":
      return 3;
    case "targets": {
      const targets: readonly NodeId[] = edgesOf(site).map((edge) => edge.target);
      return targets.every((id) => graph.node(id).model) ? 1 : 0;
    }
  }
}
