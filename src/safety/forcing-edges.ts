/**
 * The call graph as the safety layer reads it: what a forcing function runs only on first use says so, and leaf crates are marked.
 *
 * A function that forces the cell behind an argument calls the value it was given, or that the cell holds, only while the cell is
 * empty; so do the blocks behind that call. Where the static is known, such edges get the condition `uninit` and the cell, as if a
 * rule had named them one by one. Nothing else of the graph changes, and ids stay.
 */
import type { CallGraph, Edge, Node, Site, StaticPlace } from "../calls/call-graph.ts";
import { factsOf } from "../calls/mir-facts.ts";
import type { DefId } from "../names/defs.ts";
import { edgesOf } from "./reach.ts";

export interface ForcingInput {
  readonly graph: CallGraph;
  /** Arguments whose cell a function forces. */
  readonly forcedArgs: (def: DefId) => readonly number[];
  /** Frames of this function are no place to report. */
  readonly isLeaf: (def: DefId) => boolean;
}
/** A node that may be of a leaf crate. */
export interface SafetyNode extends Node {
  readonly leaf?: true;
}

/** The same graph with these conditions and marks. */
export function withForcing(input: ForcingInput): CallGraph {
  const { graph } = input;
  const sites = [...graph.sites];
  const nodes = graph.nodes.map((node): Node => {
    if (node.what.k !== "body") return node;
    const cell = cellOf(input, node);
    if (cell !== null) for (const site of lazySites(graph, node)) sites[site.id] = onFirstUse(site, cell);
    if (!input.isLeaf(node.what.key.def)) return node;
    const leaf: SafetyNode = { leaf: true, ...node };
    return leaf;
  });
  const at = <T>(list: readonly T[], index: number): T => {
    const one = list[index];
    if (one === undefined) throw new RangeError(`nothing has the number ${index}`);
    return one;
  };
  return { ...graph, nodes, sites, node: (id) => at(nodes, id), site: (id) => at(sites, id) };
}

function cellOf(input: ForcingInput, node: Node): StaticPlace | null {
  if (node.what.k !== "body" || node.what.key.closure !== null) return null;
  for (const index of input.forcedArgs(node.what.key.def)) {
    const cell = node.statics[index] ?? null;
    if (cell !== null) return cell;
  }
  return null;
}

const INITIALISER = new Set<Edge["via"]>(["fn-pointer", "closure", "callback"]);

/** Sites that call the initialiser, and those in blocks that only it leads to. */
function lazySites(graph: CallGraph, node: Node): Site[] {
  const own = node.sites.map((id) => graph.site(id));
  const { mir } = node;
  if (mir === null) return [];
  const calls = own.filter((site) => {
    const term = mir.blocks[site.block]?.term;
    // A call of a value, not of a function that is given one.
    return term?.k === "call" && term.callee.k === "value" && edgesOf(site).some((edge) => INITIALISER.has(edge.via));
  });
  const { dominators } = factsOf(mir);
  return own.filter((site) => calls.some((call) => dominators.dominates(call.block, site.block)));
}

function onFirstUse(site: Site, cell: StaticPlace): Site {
  if (site.outcome.k === "none") return site;
  const edges = site.outcome.edges.map((edge): Edge => {
    if (edge.conditions.includes("uninit")) return edge;
    return { ...edge, conditions: [...edge.conditions, "uninit"], cell };
  });
  return { ...site, outcome: { ...site.outcome, edges } };
}
