/**
 * The shortest of the most certain paths from a handler to each node it reaches.
 *
 * Cost of a path, compared in this order: how far its conditions and its weakest edge lower a level, how uncertain that edge
 * is, how many lowering conditions it has, its length; ties go to the edge that comes first in the graph. Labels are settled
 * in order of cost (Dijkstra), so each node has one path and every path is the prefix of those that go on from it.
 */
import type { CallGraph, Edge, NodeId, Site } from "../calls/call-graph.ts";
import type { Certainty, Condition } from "../model/vocabulary.ts";
import { edgesOf } from "./reach.ts";

export interface Step {
  readonly site: Site;
  readonly edge: Edge;
}
export interface Witness {
  /** How many steps it has. */
  readonly length: number;
  /** From the handler to the node; empty for the handler itself. Made anew each time: paths as long as a program is large are many. */
  steps(): readonly Step[];
  readonly conditions: readonly Condition[];
  readonly certainty: Certainty;
  /** How many first uses lie on it. */
  readonly firstUses: number;
}
export interface Witnesses {
  /** Null where the node is not reached. */
  to(node: NodeId): Witness | null;
  /** In the order of their cost, the start first. */
  readonly nodes: readonly NodeId[];
}

interface Label {
  readonly node: NodeId;
  readonly tier: number;
  readonly certainty: number;
  readonly lowering: number;
  readonly length: number;
  /** All on the way, in the order in which they are met; shared with the label before where this step adds none. */
  readonly conditions: readonly Condition[];
  readonly firstUses: number;
  readonly before: Label | null;
  readonly step: Step | null;
  readonly order: number;
}

const CERTAINTIES: readonly Certainty[] = ["exact", "model", "by-type", "assumed-cfg", "all-impls", "by-name"];
const LOWERING = new Set<Condition>(["guarded", "error-path", "spill", "first-in-thread", "foreign-data"]);

const AT_ROOT = {
  tier: 0,
  certainty: 0,
  lowering: 0,
  length: 0,
  conditions: [],
  firstUses: 0,
  before: null,
  step: null,
} satisfies Omit<Label, "node" | "order">;

/** The way to where one is. */
export const NO_WAY: Witness = { length: 0, steps: () => [], conditions: [], certainty: "exact", firstUses: 0 };

/** Paths from `root` over the edges that may be taken. */
export function witnessesFrom(graph: CallGraph, root: NodeId, take: (edge: Edge) => boolean): Witnesses {
  const settled = new Map<NodeId, Label>();
  const heap: Label[] = [];
  let order = 0;
  push(heap, { ...AT_ROOT, node: root, order });
  for (let label = pop(heap); label !== null; label = pop(heap)) {
    if (settled.has(label.node)) continue;
    settled.set(label.node, label);
    for (const id of graph.node(label.node).sites) {
      const site = graph.site(id);
      for (const edge of edgesOf(site)) {
        if (settled.has(edge.target) || !take(edge)) continue;
        order += 1;
        push(heap, extend(label, site, edge, order));
      }
    }
  }
  return {
    to(node) {
      const label = settled.get(node);
      return label === undefined ? null : witnessOf(label);
    },
    nodes: [...settled.keys()],
  };
}

/** How much less certain this is than `exact`. */
export function certaintyRank(certainty: Certainty): number {
  return CERTAINTIES.indexOf(certainty);
}

/** The less certain of two. */
export function weaker(left: Certainty, right: Certainty): Certainty {
  return certaintyRank(left) >= certaintyRank(right) ? left : right;
}

/** The way on: these steps, then those. `always` is said of none. */
export function joinWitness(first: Step, then: Witness): Witness {
  const { site, edge } = first;
  return {
    length: then.length + 1,
    steps: () => [first, ...then.steps()],
    conditions: [...new Set([...site.conditions, ...edge.conditions, ...then.conditions])].filter(isSaid),
    certainty: weaker(edge.certainty, then.certainty),
    firstUses: then.firstUses + (isFirstUse(edge) ? 1 : 0),
  };
}

function extend(from: Label, site: Site, edge: Edge, order: number): Label {
  const conditions = [...site.conditions, ...edge.conditions];
  const lowering = conditions.filter((one) => LOWERING.has(one)).length;
  const certainty = certaintyRank(edge.certainty);
  const panic = conditions.includes("panic") || edge.certainty === "by-name";
  const lowers = lowering > 0 || edge.certainty === "all-impls" || edge.certainty === "assumed-cfg";
  return {
    node: edge.target,
    tier: Math.max(from.tier, panic ? 2 : lowers ? 1 : 0),
    certainty: Math.max(from.certainty, certainty),
    lowering: from.lowering + lowering,
    length: from.length + 1,
    conditions: withThese(from.conditions, conditions),
    firstUses: from.firstUses + (isFirstUse(edge) ? 1 : 0),
    before: from,
    step: { site, edge },
    order,
  };
}

function withThese(known: readonly Condition[], more: readonly Condition[]): readonly Condition[] {
  const added = more.filter((one) => isSaid(one) && !known.includes(one));
  return added.length === 0 ? known : [...new Set([...known, ...added])];
}

function isSaid(condition: Condition): boolean {
  return condition !== "always";
}

function isFirstUse(edge: Edge): boolean {
  return edge.conditions.includes("uninit");
}

function witnessOf(last: Label): Witness {
  const { length, conditions, firstUses } = last;
  return {
    length,
    steps() {
      const steps: Step[] = [];
      for (let label: Label | null = last; label !== null; label = label.before)
        if (label.step !== null) steps.push(label.step);
      return steps.reverse();
    },
    conditions,
    certainty: CERTAINTIES[last.certainty] ?? "by-name",
    firstUses,
  };
}

function compare(left: Label, right: Label): number {
  return (
    left.tier - right.tier ||
    left.certainty - right.certainty ||
    left.lowering - right.lowering ||
    left.length - right.length ||
    left.order - right.order
  );
}

function push(heap: Label[], label: Label): void {
  heap.push(label);
  let at = heap.length - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const [here, above] = [heap[at], heap[parent]];
    if (here === undefined || above === undefined || compare(above, here) <= 0) return;
    heap[at] = above;
    heap[parent] = here;
    at = parent;
  }
}

function pop(heap: Label[]): Label | null {
  const [top] = heap;
  const last = heap.pop();
  if (top === undefined || last === undefined) return null;
  if (heap.length === 0) return top;
  heap[0] = last;
  for (let at = 0; ; ) {
    let least = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      const [here, best] = [heap[child], heap[least]];
      if (here !== undefined && best !== undefined && compare(here, best) < 0) least = child;
    }
    if (least === at) return top;
    const [here, best] = [heap[at], heap[least]];
    if (here === undefined || best === undefined) return top;
    heap[at] = best;
    heap[least] = here;
    at = least;
  }
}
