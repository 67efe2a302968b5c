/**
 * Root causes: each place in code that people can change from which an effect is reached, without further such code between.
 *
 * The place is the last frame outside rule packs and drop glue: an effect of its own (a C call), or a call into modelled code
 * with what that may do. Every such place counts, not only those on the shortest path; for one place and kind the
 * worst and most certain way is kept. A cause behind the first use of a static carries that static's key.
 */
import { addTo } from "../base/add-to.ts";
import { type Dominators, dominators } from "../base/dominators.ts";
import type { Span } from "../base/span.ts";
import { bodyId } from "../calls/bodies.ts";
import type { CallGraph, Edge, Node, NodeId, StaticPlace } from "../calls/call-graph.ts";
import { type Grade, rank } from "../model/grade.ts";
import type { Certainty, Condition, Kind } from "../model/vocabulary.ts";
import { cellKey } from "./force-cells.ts";
import type { SafetyNode } from "./forcing-edges.ts";
import type { Effect, Reach } from "./reach.ts";
import { edgesOf } from "./reach.ts";
import {
  certaintyRank,
  joinWitness,
  NO_WAY,
  type Step,
  type Witness,
  type Witnesses,
  weaker,
  witnessesFrom,
} from "./witness.ts";

export interface Cause {
  readonly kind: Kind;
  readonly grade: Grade;
  /** The function that holds the site. */
  readonly node: NodeId;
  readonly span: Span;
  readonly callee: string;
  readonly conditions: readonly Condition[];
  readonly certainty: Certainty;
  /** From the handler to `node`. */
  readonly path: Witness;
  /** From the site to the effect, through modelled code. */
  readonly tail: Witness;
  /** The outermost first use that all ways here go through. */
  readonly init: InitKey | null;
  /** The outermost call into foreign code that all ways here go through. */
  readonly crossing: string | null;
}
export interface InitKey {
  readonly key: string;
  readonly cell: StaticPlace | null;
}
export interface CauseInput {
  readonly graph: CallGraph;
  readonly reach: Reach;
  readonly witnesses: Witnesses;
  readonly cut: (edge: Edge) => boolean;
  readonly grade: (effect: Effect, conditions: readonly Condition[], certainty: Certainty) => Grade | null;
  /** Code of the handler's own crate or of a workspace member. */
  readonly isHome: (node: Node) => boolean;
}

/** All causes, one per place, kind and first use. */
export function causesOf(input: CauseInput): Cause[] {
  const { graph, reach, witnesses } = input;
  const ways = dominance(input);
  const effectsAt = new Map<NodeId, Effect[]>();
  for (const effect of reach.effects) addTo(effectsAt, effect.node, effect);
  const regions = new Map<NodeId, readonly RegionEffect[]>();
  const found = new Map<string, Cause>();
  for (const id of reach.nodes) {
    const node = graph.node(id);
    const witness = witnesses.to(id);
    if (witness === null || isTransparent(node)) continue;
    for (const effect of effectsAt.get(id) ?? []) {
      keep(found, graph, cause(input, ways, witness, node, effect, effect.span, effect.callee, NO_WAY));
    }
    for (const siteId of node.sites) {
      const site = graph.site(siteId);
      for (const edge of edgesOf(site)) {
        const target = graph.node(edge.target);
        if (!isTransparent(target) || input.cut(edge)) continue;
        for (const one of regionOf(input, regions, effectsAt, edge.target)) {
          const tail = joinWitness({ site, edge }, one.witness);
          keep(found, graph, cause(input, ways, witness, node, one.effect, site.span, target.path, tail));
        }
      }
    }
  }
  return [...found.values()];
}

/** Rule packs, drop glue and leaf crates: no place where anybody should change something. */
export function isTransparent(node: SafetyNode): boolean {
  return isModelled(node) || node.leaf === true;
}

/** Rule packs and drop glue: no text that anybody can read. */
export function isModelled(node: Node): boolean {
  return node.model || node.what.k !== "body";
}

/** Which body a node is, whatever its types. */
export function sourceKey(node: Node): string {
  return node.what.k === "body" ? bodyId(node.what.key) : `n${node.id}`;
}

interface RegionEffect {
  readonly effect: Effect;
  readonly witness: Witness;
}

/** What modelled code does when it is entered here, before it comes back to code of the program. */
function regionOf(
  input: CauseInput,
  memo: Map<NodeId, readonly RegionEffect[]>,
  effectsAt: ReadonlyMap<NodeId, readonly Effect[]>,
  entry: NodeId,
): readonly RegionEffect[] {
  let region = memo.get(entry);
  if (region === undefined) {
    const inside = witnessesFrom(
      input.graph,
      entry,
      (edge) => !input.cut(edge) && isTransparent(input.graph.node(edge.target)),
    );
    const list: RegionEffect[] = [];
    for (const id of inside.nodes) {
      const witness = inside.to(id);
      if (witness !== null) for (const effect of effectsAt.get(id) ?? []) list.push({ effect, witness });
    }
    region = list;
    memo.set(entry, region);
  }
  return region;
}

function cause(
  input: CauseInput,
  ways: Ways,
  witness: Witness,
  node: Node,
  effect: Effect,
  span: Span,
  callee: string,
  tail: Witness,
): Cause | null {
  const all = new Set<Condition>([...witness.conditions, ...tail.conditions, ...effect.conditions]);
  all.delete("always");
  const conditions = [...all];
  const certainty = weaker(weaker(witness.certainty, tail.certainty), effect.certainty);
  const grade = input.grade(effect, conditions, certainty);
  if (grade === null) return null;
  const init = ways.init(node.id) ?? (tail.firstUses > 0 ? initIn(tail.steps()) : null);
  const crossing = ways.crossing(node.id);
  const { kind } = effect;
  return {
    kind,
    grade,
    node: node.id,
    span,
    callee,
    conditions,
    certainty,
    path: witness,
    tail,
    init,
    crossing,
  };
}

function keep(found: Map<string, Cause>, graph: CallGraph, one: Cause | null): void {
  if (one === null) return;
  const { span } = one;
  const key = `${sourceKey(graph.node(one.node))}|${span.file}:${span.start}:${span.end}|${one.kind}|${one.init?.key ?? ""}`;
  const old = found.get(key);
  if (old === undefined || ahead(one, old)) found.set(key, one);
}

/** Does the first stand better for a place, or a group, than the second? */
export function ahead(one: Cause, other: Cause): boolean {
  return (
    (rank(other.grade.level) - rank(one.grade.level) ||
      certaintyRank(one.certainty) - certaintyRank(other.certainty) ||
      one.path.length + one.tail.length - (other.path.length + other.tail.length)) < 0
  );
}

function initIn(steps: readonly Step[]): InitKey | null {
  for (const { site, edge } of steps) {
    const key = initKey(edge, site.id);
    if (key !== null) return key;
  }
  return null;
}

/** The first use that an edge stands for. */
export function initKey(edge: Edge, site: number): InitKey | null {
  if (!edge.conditions.includes("uninit")) return null;
  return { key: edge.cell === null ? `site ${site}` : cellKey(edge.cell), cell: edge.cell };
}

interface Ways {
  init(node: NodeId): InitKey | null;
  crossing(node: NodeId): string | null;
}

/**
 * Dominators over the reached nodes, with a node of its own for each first use and each call from home into foreign code. What is reached
 * by calls that are known is dominated as those say: targets that were only guessed (`all-impls`) do not count there.
 */
function dominance(input: CauseInput): Ways {
  const { graph, reach } = input;
  const known = reachedByKnownCalls(input);
  const index = new Map<NodeId, number>(reach.nodes.map((id, at) => [id, at]));
  const virtual = new Map<string, { readonly at: number; readonly init: InitKey | null; readonly next: number[] }>();
  const successors: number[][] = reach.nodes.map(() => []);
  const inits: (InitKey | null)[] = [];
  const crossings: (string | null)[] = [];
  const through = (name: string, init: InitKey | null, from: number, to: number): void => {
    let node = virtual.get(name);
    if (node === undefined) {
      node = { at: successors.length, init, next: [] };
      virtual.set(name, node);
      successors.push(node.next);
      inits[node.at] = init;
      crossings[node.at] = init === null ? name : null;
    }
    successors[from]?.push(node.at);
    node.next.push(to);
  };
  for (const [at, id] of reach.nodes.entries()) {
    const node = graph.node(id);
    for (const siteId of node.sites) {
      const site = graph.site(siteId);
      for (const edge of edgesOf(site)) {
        const to = index.get(edge.target);
        if (to === undefined || input.cut(edge)) continue;
        if (known.has(edge.target) && !(known.has(id) && isKnown(edge))) continue;
        const target = graph.node(edge.target);
        const init = initKey(edge, site.id);
        if (init !== null) through(init.key, init, at, to);
        else if (!isTransparent(node) && !isTransparent(target) && input.isHome(node) && !input.isHome(target)) {
          through(`${sourceKey(node)}@${site.span.file}:${site.span.start}:${site.span.end}`, null, at, to);
        } else successors[at]?.push(to);
      }
    }
  }
  const tree: Dominators = dominators(successors.length, 0, (node) => successors[node] ?? []);
  const firstUse = outermost(tree, inits);
  const call = outermost(tree, crossings);
  const asked = <T>(of: readonly (T | null)[], node: NodeId): T | null => of[index.get(node) ?? -1] ?? null;
  return { init: (node) => asked(firstUse, node), crossing: (node) => asked(call, node) };
}

/** By node: of what stands beside it and its dominators, the one nearest to the root. */
function outermost<T>({ idom, order }: Dominators, of: readonly (T | null | undefined)[]): readonly (T | null)[] {
  const found: (T | null)[] = [];
  // Dominators come before what they dominate.
  for (const node of order) {
    const above = idom[node] ?? node;
    found[node] = (above === node ? null : found[above]) ?? of[node] ?? null;
  }
  return found;
}

function reachedByKnownCalls({ graph, reach, cut }: CauseInput): ReadonlySet<NodeId> {
  const [root] = reach.nodes;
  const known = new Set<NodeId>(root === undefined ? [] : [root]);
  // A set grows while it is walked.
  for (const id of known) {
    for (const siteId of graph.node(id).sites) {
      for (const edge of edgesOf(graph.site(siteId))) if (isKnown(edge) && !cut(edge)) known.add(edge.target);
    }
  }
  return known;
}

function isKnown(edge: Edge): boolean {
  return certaintyRank(edge.certainty) < certaintyRank("all-impls");
}
