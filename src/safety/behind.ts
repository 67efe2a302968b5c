/**
 * What lies behind a place that a finding or guard names: the effects in the source of leaf crates and of functions for which a rule stands.
 *
 * Input: a place in a function. Output: the effects of the source that its call leads to, each kind once for each function: those of C functions, of modelled
 * code, and waiting, which whoever calls the one that waits does too. Other code of the program between has causes of its own, unless a rule stands for it.
 * Bounded; what lies further is left out.
 */

import { addTo } from "../base/add-to.ts";
import { pushAll } from "../base/push-all.ts";
import type { Span } from "../base/span.ts";
import type { CallGraph, Edge, Node, NodeId, Site } from "../calls/call-graph.ts";
import type { Kind } from "../model/vocabulary.ts";
import { isModelled, isTransparent } from "./causes.ts";
import type { ExternOptions } from "./extern-effects.ts";
import type { Places } from "./places.ts";
import { externAt } from "./reach.ts";
import type { CoveredEffect, SitePlace } from "./report-model.ts";
import { sitePlace } from "./trace.ts";

const maxNodes = 1000;
/** Told elsewhere: panics in one line, first uses by their edges, errno by a walk of its own. */
const UNTOLD: ReadonlySet<Kind> = new Set(["panic", "init", "errno", "libc"]);

export interface BehindContext {
  readonly graph: CallGraph;
  readonly places: Places;
  readonly externs: ExternOptions;
  /** Edges that a guard excludes; all are followed where it is left out. */
  readonly cut?: (edge: Edge) => boolean;
}

/** An effect, whatever the conditions of the way to it. */
export type EffectPlace = Pick<CoveredEffect, "kind" | "callee" | "site" | "whole">;
/** Effects in the source that the calls at `span` of a node lead to. */
export type Behind = (at: { readonly node: NodeId; readonly span: Span }) => readonly EffectPlace[];

/** Asks for places of one graph; equal questions are answered once. */
export function createBehind(context: BehindContext): Behind {
  const memo = new Map<string, readonly EffectPlace[]>();
  const sites = new Map<NodeId, ReadonlyMap<string, readonly Site[]>>();
  return (at) => {
    const span = spanKey(at.span);
    const key = `${at.node}|${span}`;
    let known = memo.get(key);
    if (known === undefined) {
      const bySpan = sites.get(at.node) ?? sitesBySpan(context.graph, at.node);
      sites.set(at.node, bySpan);
      known = effectsBehind(context, at, bySpan.get(span) ?? []);
      memo.set(key, known);
    }
    return known;
  };
}

const spanKey = ({ file, start, end }: Span): string => `${file}|${start}|${end}`;

function sitesBySpan(graph: CallGraph, node: NodeId): ReadonlyMap<string, readonly Site[]> {
  const found = new Map<string, Site[]>();
  for (const id of graph.node(node).sites) addTo(found, spanKey(graph.site(id).span), graph.site(id));
  return found;
}

function effectsBehind(context: BehindContext, at: Parameters<Behind>[0], start: readonly Site[]): EffectPlace[] {
  const { graph } = context;
  const walk = sourcesFrom(context, start);
  const here = start.flatMap((site) => edgesAt(context, site).flatMap(({ target }) => modelled(context, target)));
  const found = new Map<string, EffectPlace>();
  const told = (id: NodeId, kind: Kind, callee: string): void => {
    found.set(`${id}|${kind}`, { kind, callee, site: functionPlace(context, id) });
  };
  const waiting = new Set<NodeId>();
  for (const id of walk.sources) {
    const node = graph.node(id);
    const effects = node.effects.filter(({ kind }) => !UNTOLD.has(kind));
    for (const { kind, through } of effects) told(id, kind, through ?? node.path);
    for (const siteId of node.sites) {
      for (const { kind, callee } of effectsAt(context, graph.site(siteId))) {
        told(id, kind, callee);
        if (kind === "lock" || kind === "block") waiting.add(id);
      }
    }
  }
  for (const { from, to } of waits(walk.calls, waiting)) told(from, "lock", graph.node(to).path);
  const site = sitePlace(context.places, graph.node(at.node), at.span);
  const beside = here.filter((one) => one.beside).map(({ kind, callee }): EffectPlace => ({ kind, callee, site }));
  return [...beside, ...found.values()];
}

/** A function's own line: who reads a report by functions need not know where each of them ends. */
export function functionPlace({ graph, places }: Pick<BehindContext, "graph" | "places">, id: NodeId): SitePlace {
  const node = graph.node(id);
  return sitePlace(places, node, node.macroPlace ?? node.span);
}

interface SourceCall {
  readonly from: NodeId;
  readonly to: NodeId;
}
interface Walk {
  readonly sources: readonly NodeId[];
  readonly calls: readonly SourceCall[];
}

/** Leaf code from these calls on, and everything that the source behind a rule calls. */
function sourcesFrom(context: BehindContext, start: readonly Site[]): Walk {
  const { graph } = context;
  /** By source: whether it stands behind a rule, so that all of its callees do. */
  const known = new Map<NodeId, boolean>();
  const pending: { readonly id: NodeId; readonly ruled: boolean }[] = [];
  const calls: SourceCall[] = [];
  const follow = (site: Site, ruled: boolean, from: NodeId | null): void => {
    for (const one of throughModels(context, site)) {
      const all = ruled || one.behind;
      if (!all && !isTransparent(graph.node(one.target))) continue;
      if (from !== null) calls.push({ from, to: one.target });
      const before = known.get(one.target);
      if (before === true || before === all || (before === undefined && known.size >= maxNodes)) continue;
      known.set(one.target, all);
      pending.push({ id: one.target, ruled: all });
    }
  };
  for (const site of start) follow(site, false, null);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const site of graph.node(next.id).sites) follow(graph.site(site), next.ruled, next.id);
  }
  return { sources: [...known.keys()], calls };
}

/** The source that a call leads to through drop glue and modelled code. */
function throughModels(context: BehindContext, site: Site): { readonly target: NodeId; readonly behind: boolean }[] {
  const { graph } = context;
  const found = new Map<NodeId, boolean>();
  const seen = new Set<NodeId>();
  const pending = edgesAt(context, site);
  for (let edge = pending.pop(); edge !== undefined; edge = pending.pop()) {
    const node = graph.node(edge.target);
    if (!isUnread(context, node)) {
      found.set(edge.target, edge.behind === true || found.get(edge.target) === true);
      continue;
    }
    if (seen.has(edge.target) || seen.size >= maxNodes) continue;
    seen.add(edge.target);
    for (const id of node.sites) pushAll(pending, edgesAt(context, graph.site(id)));
  }
  return [...found].map(([target, behind]) => ({ target, behind }));
}

/** Modelled code, and what a rule pack's macro made: its text is none of the program's. */
function isUnread({ places }: BehindContext, node: Node): boolean {
  return isModelled(node) || (node.macroPlace !== null && places.at(node.macroPlace).file.startsWith("<"));
}

function edgesAt({ cut }: BehindContext, site: Site): Edge[] {
  return site.outcome.k === "none" ? [] : site.outcome.edges.filter((edge) => cut?.(edge) !== true);
}

interface Told extends Pick<CoveredEffect, "kind" | "callee"> {
  /** Other effects of the same function stand for it. */
  readonly beside: boolean;
}

/** What a call does by itself: the C function's effects, and those of modelled code, drop glue looked through. */
function effectsAt(context: BehindContext, site: Site): Told[] {
  const { graph, externs } = context;
  const found: Told[] = [];
  if (site.outcome.k === "extern") {
    const { symbol } = site.outcome;
    const facts = externAt(externs, graph.node(site.node), site);
    for (const { kind } of facts?.effects ?? [])
      if (!UNTOLD.has(kind)) found.push({ kind, callee: symbol, beside: false });
  }
  for (const { target } of edgesAt(context, site)) pushAll(found, modelled(context, target));
  return found;
}

/** Kinds that modelled code has of its own. */
function modelled(context: BehindContext, start: NodeId): Told[] {
  const { graph } = context;
  const found: Told[] = [];
  const seen = new Set<NodeId>([start]);
  const pending = [start];
  for (let id = pending.pop(); id !== undefined && seen.size < maxNodes; id = pending.pop()) {
    const node = graph.node(id);
    if (!isUnread(context, node)) continue;
    for (const { kind, beside } of node.effects) {
      if (!UNTOLD.has(kind)) found.push({ kind, callee: graph.node(start).path, beside: beside === true });
    }
    for (const edge of node.sites.flatMap((site) => edgesAt(context, graph.site(site)))) {
      if (edge.behind === true || seen.has(edge.target)) continue;
      seen.add(edge.target);
      pending.push(edge.target);
    }
  }
  return found;
}

/** The calls of what waits, up to the first of them. */
function waits(calls: readonly SourceCall[], waiting: Set<NodeId>): SourceCall[] {
  const found = new Set<SourceCall>();
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const call of calls) {
      if (found.has(call) || !waiting.has(call.to)) continue;
      found.add(call);
      waiting.add(call.from);
    }
  }
  return [...found];
}
