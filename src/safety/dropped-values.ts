/**
 * Which value a site drops, and nothing more: a drop, or a call of a modelled function that only drops its argument.
 */
import type { CallGraph, Node, Site } from "../calls/call-graph.ts";
import type { Operand } from "../calls/mir.ts";
import { edgesOf } from "./reach.ts";

/** The value; null where the site does more, or nothing. */
export function droppedAt(graph: CallGraph, node: Node, site: Site): Operand | null {
  const term = node.mir?.blocks[site.block]?.term;
  const [edge, ...others] = edgesOf(site);
  if (edge === undefined) return null;
  if (term?.k === "drop") return { k: "copy", place: term.place };
  const [arg] = term?.k === "call" && term.args.length === 1 ? term.args : [];
  if (arg === undefined || others.length > 0) return null;
  return onlyDrops(graph.node(edge.target)) ? arg : null;
}

function onlyDrops(node: Node): boolean {
  if (!node.model || node.mir === null || node.mir.argCount !== 1 || node.effects.length > 0) return false;
  return node.mir.blocks.every(({ term }) => term.k === "drop" || term.k === "return" || term.k === "goto");
}
