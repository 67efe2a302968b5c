/**
 * What a handler reaches over the call graph: nodes, effects, places that were not followed, and how many calls of each kind.
 *
 * Edges that a guard excludes are not taken; they are listed, so that what lies behind them can be told. Effects are those of
 * models (pack facts), of C functions, and explicit panics; each stands at a node with the conditions that hold there. What a
 * witness path adds is found later. Order follows the graph's own order of sites and edges.
 */
import type { Span } from "../base/span.ts";
import type { CallGraph, Edge, Node, NodeId, Site } from "../calls/call-graph.ts";
import type { LibcVerdict } from "../model/signal-safety.ts";
import type { Certainty, Condition, Kind, UnresolvedReason } from "../model/vocabulary.ts";
import { type ExternFacts, type ExternOptions, externFacts } from "./extern-effects.ts";

export interface Effect {
  readonly kind: Kind;
  readonly node: NodeId;
  readonly span: Span;
  /** What does it, for messages: the C function, the model, the macro. */
  readonly callee: string;
  readonly conditions: readonly Condition[];
  readonly certainty: Certainty;
  /** For C functions. */
  readonly verdict: LibcVerdict | null;
}
export interface Blind {
  readonly node: NodeId;
  readonly span: Span;
  readonly reason: UnresolvedReason;
  readonly text: string;
}
export interface CutEdge {
  readonly site: Site;
  readonly edge: Edge;
}
export interface Reach {
  readonly root: NodeId;
  /** In the order in which they were first reached. */
  readonly nodes: readonly NodeId[];
  readonly effects: readonly Effect[];
  readonly blind: readonly Blind[];
  readonly cut: readonly CutEdge[];
  readonly panics: readonly Effect[];
}
export interface ReachOptions {
  readonly graph: CallGraph;
  readonly externs: ExternOptions;
  /** A guard excludes the edge. */
  readonly cut: (edge: Edge) => boolean;
}

/** Everything reachable from one node. */
export function reachFrom(options: ReachOptions, root: NodeId): Reach {
  const { graph } = options;
  const nodes: NodeId[] = [root];
  const seen = new Set<NodeId>(nodes);
  const cut: CutEdge[] = [];
  const out = {
    effects: [] as Effect[],
    blind: [] as Blind[],
    panics: [] as Effect[],
  };
  for (let at = 0; at < nodes.length; at += 1) {
    const id = nodes[at];
    if (id === undefined) break;
    const node = graph.node(id);
    ownEffects(node, out.effects, out.panics);
    bodyBlindSpots(graph, node, out.blind);
    for (const siteId of node.sites) {
      const site = graph.site(siteId);
      siteEffects(options, node, site, out);
      for (const edge of edgesOf(site)) {
        if (options.cut(edge)) cut.push({ site, edge });
        else if (!seen.has(edge.target)) {
          seen.add(edge.target);
          nodes.push(edge.target);
        }
      }
    }
  }
  for (const limit of graph.limits) {
    if (!seen.has(limit.node)) continue;
    out.blind.push({ node: limit.node, span: graph.node(limit.node).span, reason: "limit", text: limit.what });
  }
  return { root, nodes, cut, ...out };
}

/** The edges of a site, whatever it ends in. */
export function edgesOf(site: Site): readonly Edge[] {
  // What a rule stands for is judged by the rule.
  return site.outcome.k === "none" ? [] : site.outcome.edges.filter((edge) => edge.behind !== true);
}

/** A node's sites by their blocks. */
export function sitesByBlock(graph: CallGraph, node: Node): ReadonlyMap<number, Site> {
  return new Map(node.sites.map((id) => [graph.site(id).block, graph.site(id)]));
}

/** Facts of the C function that a site calls; null where it calls none. */
export function externAt(options: ExternOptions, node: Node, site: Site): ExternFacts | null {
  if (site.outcome.k !== "extern") return null;
  const { mir } = node;
  const term = mir?.blocks[site.block]?.term;
  return externFacts(options, { symbol: site.outcome.symbol, args: term?.k === "call" ? term.args : [], mir });
}

function ownEffects(node: Node, effects: Effect[], panics: Effect[]): void {
  for (const own of node.effects) {
    if (own.beside === true) continue;
    // The forcing itself is the `uninit` edge that leads here; errno has a walk of its own.
    if (own.kind === "init" || own.kind === "errno") continue;
    const effect: Effect = {
      kind: own.kind,
      node: node.id,
      span: own.span,
      callee: own.through ?? node.path,
      conditions: [own.condition],
      certainty: node.model ? "model" : "exact",
      verdict: null,
    };
    (own.kind === "panic" ? panics : effects).push(effect);
  }
  for (const block of node.mir?.blocks ?? []) {
    if (block.term.k !== "panic") continue;
    const { macro, span } = block.term;
    panics.push({
      kind: "panic",
      node: node.id,
      span,
      callee: macro,
      conditions: [],
      certainty: "exact",
      verdict: null,
    });
  }
}

function siteEffects(options: ReachOptions, node: Node, site: Site, out: { effects: Effect[]; blind: Blind[] }): void {
  const { outcome, span } = site;
  if (outcome.k === "unresolved") {
    const { reason, text } = outcome;
    out.blind.push({ node: node.id, span, reason, text: text === "" ? site.callee : text });
    if (reason === "open-world") {
      const { conditions } = site;
      out.effects.push({
        kind: "user-code",
        node: node.id,
        span,
        callee: site.callee,
        conditions,
        certainty: "exact",
        verdict: null,
      });
    }
    return;
  }
  const facts = externAt(options.externs, node, site);
  if (facts === null || outcome.k !== "extern") return;
  const { symbol } = outcome;
  if (facts.unknown) {
    out.blind.push({ node: node.id, span, reason: "unknown-extern", text: symbol });
    return;
  }
  for (const { kind, when } of facts.effects) {
    const conditions = when === "always" ? site.conditions : [...site.conditions, when];
    out.effects.push({
      kind,
      node: node.id,
      span,
      callee: symbol,
      conditions,
      certainty: "exact",
      verdict: facts.verdict,
    });
  }
}

/** What the body itself could not be read, where no site stands for it. */
function bodyBlindSpots(graph: CallGraph, node: Node, blind: Blind[]): void {
  if (node.mir === null) return;
  for (const { reason, span, text } of node.mir.blind) blind.push({ node: node.id, span, reason, text });
  const sites = sitesByBlock(graph, node);
  for (const [index, { term }] of node.mir.blocks.entries()) {
    if (term.k !== "asm" || sites.has(index)) continue;
    blind.push({ node: node.id, span: term.span, reason: "inline-asm", text: term.template });
  }
}
