/**
 * Drafts as the finished graph: numbered nodes and sites, in the order in which a walk from the entries meets them.
 */

import { exact } from "../base/exact.ts";
import { pushAll } from "../base/push-all.ts";
import type { Building, Draft, DraftSite } from "./building.ts";
import type { CallGraph, Edge, Node, NodeId, Site, SiteId } from "./call-graph.ts";
import type { Instance } from "./instances.ts";
import { staticOf } from "./known.ts";
import type { Target } from "./resolved.ts";

/** Only what the entries reach is in it. */
export function freeze(building: Building, entries: readonly Instance[]): CallGraph {
  const order = walk(building, entries);
  const number = new Map<number, NodeId>();
  for (const [index, draft] of order.entries()) number.set(draft.instance.id, index as NodeId);
  const nodes: Node[] = [];
  const sites: Site[] = [];
  for (const draft of order) {
    const id = nodes.length as NodeId;
    const own: SiteId[] = [];
    for (const one of draft.sites) {
      const site = sites.length as SiteId;
      own.push(site);
      sites.push(siteOf(one, site, id, number));
    }
    const { what, args, context } = draft.instance;
    const statics = context.map(staticOf);
    const { mir, effects, model, path, span, macroPlace } = draft;
    nodes.push({ id, what, args, statics, mir, sites: own, effects, model, path, span, macroPlace });
  }
  const limits = order.flatMap((draft, index) => {
    const what = building.limits.get(draft.instance.id);
    return what === undefined ? [] : [{ node: index as NodeId, what }];
  });
  return {
    nodes,
    sites,
    entries: entries.flatMap((one) => number.get(one.id) ?? []),
    node: (id) => at(nodes, id),
    site: (id) => at(sites, id),
    limits,
  };
}

function walk(building: Building, entries: readonly Instance[]): Draft[] {
  const order: Draft[] = [];
  const seen = new Set<number>();
  const pending = [...entries].reverse();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next.id)) continue;
    seen.add(next.id);
    const draft = building.drafts.get(next.id);
    if (draft === undefined) continue;
    order.push(draft);
    const targets = draft.sites.flatMap((site) => site.targets.map((one) => one.instance));
    pushAll(pending, targets.reverse());
  }
  return order;
}

function siteOf(draft: DraftSite, id: SiteId, node: NodeId, number: ReadonlyMap<number, NodeId>): Site {
  const edges = exact(draft.targets.flatMap((one) => edgeOf(one, number)));
  const { block, span, callee, symbol, unresolved, conditions } = draft;
  const base = { id, node, block, span, callee, conditions };
  if (unresolved !== null) return { outcome: { k: "unresolved", ...unresolved, edges }, ...base };
  if (symbol !== null) return { outcome: { k: "extern", symbol, edges }, ...base };
  return { outcome: edges.length === 0 ? { k: "none" } : { k: "targets", edges }, ...base };
}

function edgeOf(target: Target, number: ReadonlyMap<number, NodeId>): Edge[] {
  const id = number.get(target.instance.id);
  if (id === undefined) return [];
  const { via, certainty, conditions, cell, behind } = target;
  return [{ target: id, via, certainty, conditions, cell, ...(behind === true ? { behind } : {}) }];
}

function at<T>(list: readonly T[], index: number): T {
  const one = list[index];
  if (one === undefined) throw new RangeError(`nothing has the number ${index}`);
  return one;
}
