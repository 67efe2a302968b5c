/**
 * The document of `graph --format json`: what is reachable before guards, one entry per function, its instances merged.
 *
 * Closures are functions of their own. What `describe` gives no place for (drop glue) is left out, and edges run through it. A
 * function's certainty is that of its most certain path. Order follows the graph's.
 */
import { pushAll } from "../base/push-all.ts";
import type { Span } from "../base/span.ts";
import type { Certainty, UnresolvedReason, Via } from "../model/vocabulary.ts";
import type { CallGraph, Edge, Node, NodeId } from "./call-graph.ts";

export interface FunctionPlace {
  readonly package: string;
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
}
export interface GraphJsonOptions {
  readonly graph: CallGraph;
  readonly handlers: readonly NodeId[];
  /** Where a function stands; null leaves it out. */
  describe(node: Node): FunctionPlace | null;
  /** Line of a span inside a function. */
  lineOf(span: Span): number;
  verdictOf(symbol: string): string;
  /** Names of the guards that exclude a node; empty where it is reached all the same. */
  excludedBy(node: NodeId): readonly string[];
}
export interface GraphJson {
  readonly handlers: readonly number[];
  readonly functions: readonly (FunctionPlace & {
    readonly index: number;
    readonly path: string;
    readonly instances: number;
    readonly certainty: Certainty;
    readonly excludedBy: readonly string[];
  })[];
  readonly edges: readonly (readonly [number, number, Via])[];
  readonly external: readonly { readonly symbol: string; readonly verdict: string; readonly from: readonly number[] }[];
  readonly unresolved: readonly {
    readonly from: number;
    readonly reason: UnresolvedReason;
    readonly line: number;
    readonly text: string;
  }[];
}

interface Merged {
  readonly index: number;
  readonly path: string;
  readonly place: FunctionPlace;
  readonly nodes: NodeId[];
}

/** The document. */
export function graphJson(options: GraphJsonOptions): GraphJson {
  const { graph } = options;
  const certainty = certainties(options);
  const functions: Merged[] = [];
  const owner = new Map<NodeId, Merged>();
  const byKey = new Map<string, Merged>();
  for (const node of graph.nodes) {
    const place = options.describe(node);
    if (place === null) continue;
    const key = `${place.package}|${place.file}|${place.line}|${node.path}`;
    let one = byKey.get(key);
    if (one === undefined) {
      one = { index: functions.length, path: node.path, place, nodes: [] };
      functions.push(one);
      byKey.set(key, one);
    }
    one.nodes.push(node.id);
    owner.set(node.id, one);
  }
  const external = new Map<string, Set<number>>();
  const unresolved: GraphJson["unresolved"][number][] = [];
  const edges = new Map<string, readonly [number, number, Via]>();
  for (const node of graph.nodes) {
    const from = owner.get(node.id);
    if (from === undefined) continue;
    for (const [to, via] of throughLeftOut(graph, node, owner))
      edges.set(`${from.index}:${to}:${via}`, [from.index, to, via]);
    for (const id of node.sites) {
      const { outcome, span } = graph.site(id);
      if (outcome.k === "extern")
        external.set(outcome.symbol, (external.get(outcome.symbol) ?? new Set()).add(from.index));
      if (outcome.k !== "unresolved") continue;
      unresolved.push({ from: from.index, reason: outcome.reason, line: options.lineOf(span), text: outcome.text });
    }
  }
  return {
    handlers: [...new Set(options.handlers.flatMap((id) => owner.get(id)?.index ?? []))],
    functions: functions.map(({ index, path, place, nodes }) => ({
      index,
      path,
      ...place,
      instances: nodes.length,
      certainty: best(nodes.map((id) => certainty.get(id) ?? "by-name")),
      excludedBy: common(nodes.map((id) => options.excludedBy(id))),
    })),
    edges: [...edges.values()],
    external: [...external]
      .sort(byText)
      .map(([symbol, from]) => ({ symbol, verdict: options.verdictOf(symbol), from: [...from] })),
    unresolved: distinct(unresolved),
  };
}

function byText(left: readonly [string, unknown], right: readonly [string, unknown]): number {
  return left[0] < right[0] ? -1 : left[0] > right[0] ? 1 : 0;
}

function distinct(list: GraphJson["unresolved"][number][]): GraphJson["unresolved"][number][] {
  return [...new Map(list.map((one) => [`${one.from}|${one.reason}|${one.line}|${one.text}`, one])).values()];
}

/** Guards that exclude every instance. */
function common(lists: readonly (readonly string[])[]): readonly string[] {
  return lists.some((list) => list.length === 0) ? [] : [...new Set(lists.flat())];
}

function edgesOf(graph: CallGraph, node: Node): readonly Edge[] {
  return node.sites.flatMap((id) => {
    const { outcome } = graph.site(id);
    return outcome.k === "none" ? [] : outcome.edges;
  });
}

/** Functions that a node's edges lead to, through nodes that are left out. */
function throughLeftOut(graph: CallGraph, start: Node, owner: ReadonlyMap<NodeId, Merged>): [number, Via][] {
  const found: [number, Via][] = [];
  const seen = new Set<NodeId>();
  const pending = edgesOf(graph, start)
    .map((edge) => ({ edge, via: edge.via }))
    .reverse();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { edge, via } = next;
    const to = owner.get(edge.target);
    if (to !== undefined) {
      found.push([to.index, via]);
      continue;
    }
    if (seen.has(edge.target)) continue;
    seen.add(edge.target);
    pushAll(
      pending,
      edgesOf(graph, graph.node(edge.target)).map((one) => ({ edge: one, via })),
    );
  }
  return found;
}

const RANK: Readonly<Record<Certainty, number>> = {
  exact: 0,
  "by-type": 1,
  model: 1,
  "assumed-cfg": 2,
  "all-impls": 3,
  "by-name": 4,
};
const LEVELS: readonly Certainty[] = ["exact", "by-type", "assumed-cfg", "all-impls", "by-name"];

function best(list: readonly Certainty[]): Certainty {
  return list.reduce((left, right) => (RANK[right] < RANK[left] ? right : left), "by-name");
}

/** Certainty of the most certain path to each node: levels are spread one after the other. */
function certainties(options: GraphJsonOptions): Map<NodeId, Certainty> {
  const { graph } = options;
  const known = new Map<NodeId, Certainty>();
  let waiting = options.handlers.map((target) => ({ target, rank: 0 }));
  for (const [rank, certainty] of LEVELS.entries()) {
    const pending = waiting.filter((one) => one.rank <= rank).map((one) => one.target);
    waiting = waiting.filter((one) => one.rank > rank);
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      if (known.has(id)) continue;
      known.set(id, certainty);
      for (const edge of edgesOf(graph, graph.node(id))) {
        if (known.has(edge.target)) continue;
        if (RANK[edge.certainty] <= rank) pending.push(edge.target);
        else waiting.push({ target: edge.target, rank: RANK[edge.certainty] });
      }
    }
  }
  return known;
}
