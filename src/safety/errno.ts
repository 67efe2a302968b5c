/**
 * Guard "errno saved" (G4): does a function give errno back as it found it?
 *
 * Per body a forward walk over its MIR: errno is saved where its location is read before anything changed it (or a
 * function that the rules say reads it), changed by a C
 * function that may fail or a callee that leaves it changed, and restored by a write through its location: here, in a callee,
 * or in the drop of a guard. A guard that is dropped at once restores before the change, and so does not help. Recursion counts as
 * changing it where anything that it reaches does, and so do bodies that are not known.
 */
import { addTo } from "../base/add-to.ts";
import type { CallGraph, Edge, Node, NodeId, Site } from "../calls/call-graph.ts";
import type { Mir } from "../calls/mir.ts";
import { successors } from "../calls/mir-prune.ts";
import type { DefId } from "../names/defs.ts";
import { isTransparent } from "./causes.ts";
import { createErrnoWrites, type ErrnoWrites } from "./errno-writes.ts";
import type { ExternOptions } from "./extern-effects.ts";
import { edgesOf, externAt, sitesByBlock } from "./reach.ts";
import { reachesOne } from "./reaches-one.ts";

export interface ErrnoInput {
  readonly graph: CallGraph;
  readonly externs: ExternOptions;
  readonly cut: (edge: Edge) => boolean;
  /** Do the rules say of a function that it reads errno and changes nothing? */
  readonly reads: (def: DefId) => boolean;
}
export interface Errno {
  /** May errno be changed when a call of this node has returned? `saved`: whoever calls has saved it, so that what is written there may be that. */
  leavesChanged(node: NodeId, saved?: boolean): boolean;
  /** May this call or drop itself change it: a C function, or modelled code? */
  changes(node: Node, site: Site): boolean;
  /** Are these calls or drops among those whose change is there when the node returns: none that is put right before? */
  left(start: NodeId): (node: Node, site: Site) => boolean;
  /** Did a function that was asked about give back what something had changed? */
  restores(): boolean;
}

interface State {
  readonly saved: boolean;
  readonly changed: boolean;
}
/** What a block does to changes, in the state that it was entered with last. */
interface Passage {
  /** Those before it are there at its end. */
  readonly keeps: boolean;
  /** Its own call changes errno. */
  readonly changes: boolean;
  readonly next: readonly number[];
}
const NEAR = 3;
/** So many callees are walked within each other. */
const MAX_NESTING = 250;
/** So many functions are looked at for what puts errno right below a recursion. */
const MAX_BELOW = 1000;

/** Answers for one graph; each node is walked once, and once more where errno was saved around it. */
export function createErrno(input: ErrnoInput): Errno {
  const memo = new Map<NodeId, boolean>();
  const memoOfSaved = new Map<NodeId, boolean>();
  const leaving = new Map<NodeId, Set<number>>();
  const restored = { any: false };
  const writes = createErrnoWrites(input.graph, input.externs);
  const reachesChange = reachesOne(input.graph, input.cut, (node) => changesItself(input, node));
  let nesting = 0;
  const errno: Errno = {
    leavesChanged(id, saved = false) {
      const answers = saved ? memoOfSaved : memo;
      const known = answers.get(id);
      if (known !== undefined) return known;
      if (!reachesChange(id) || noneLeft(input, id, memo)) return false;
      // Like a recursion: what is reached changes it, and that it is put right on the way is too far to be seen.
      if (nesting >= MAX_NESTING) return true;
      answers.set(id, true);
      nesting += 1;
      const node = input.graph.node(id);
      const direct = node.effects.some((one) => one.kind === "errno") || node.mir === null;
      const left = direct ? null : changesLeft({ ...input, writes }, errno, node, saved, restored);
      const result = left === null ? anyChange(input, errno, node) : left.size > 0;
      nesting -= 1;
      if (left !== null) leaving.set(id, new Set([...(leaving.get(id) ?? []), ...left]));
      answers.set(id, result);
      return result;
    },
    left(start) {
      const nodes = new Set<NodeId>([start]);
      for (const id of nodes) {
        for (const one of input.graph.node(id).sites) {
          const site = input.graph.site(one);
          if (leaving.get(id)?.has(site.block) === false) continue;
          for (const edge of edgesOf(site))
            if (!input.cut(edge) && errno.leavesChanged(edge.target)) nodes.add(edge.target);
        }
      }
      return (node, site) => nodes.has(node.id) && leaving.get(node.id)?.has(site.block) !== false;
    },
    changes(node, site) {
      if (ownChange(input, node, site)) return true;
      return edgesOf(site).some(
        (edge) => isTransparent(input.graph.node(edge.target)) && !input.cut(edge) && errno.leavesChanged(edge.target),
      );
    },
    restores: () => restored.any,
  };
  return errno;
}

/** Does the node itself change it, or one of its calls of what has no body? */
function changesItself(input: ErrnoInput, node: Node): boolean {
  return (
    node.effects.some((one) => one.kind === "errno") ||
    node.sites.some((id) => ownChange(input, node, input.graph.site(id)))
  );
}

/** Does all that changes errno below the node put it right again? Then none of it leaves it changed, recursive or not. Not said of what reaches very much. */
function noneLeft(input: ErrnoInput, start: NodeId, memo: Map<NodeId, boolean>): boolean {
  const seen = new Set<NodeId>([start]);
  for (const id of seen) {
    const node = input.graph.node(id);
    if (seen.size > MAX_BELOW || changesItself(input, node)) return false;
    for (const one of node.sites) {
      for (const edge of edgesOf(input.graph.site(one))) {
        if (input.cut(edge)) continue;
        const known = memo.get(edge.target);
        if (known === true) return false;
        if (known === undefined) seen.add(edge.target);
      }
    }
  }
  for (const id of seen) memo.set(id, false);
  return true;
}

function anyChange(input: ErrnoInput, errno: Errno, node: Node): boolean {
  if (node.effects.some((one) => one.kind === "errno")) return true;
  return node.sites.some((id) => siteChanges(input, errno, node, input.graph.site(id)));
}

/** A C function that may fail, or code that is chosen at run time. */
function ownChange(input: ErrnoInput, node: Node, site: Site): boolean {
  const { outcome } = site;
  if (outcome.k === "unresolved" && outcome.reason === "open-world") return true;
  return externAt(input.externs, node, site)?.setsErrno === true;
}

function siteChanges(input: ErrnoInput, errno: Errno, node: Node, site: Site): boolean {
  if (ownChange(input, node, site)) return true;
  return edgesOf(site).some((edge) => !input.cut(edge) && errno.leavesChanged(edge.target));
}

/** Blocks of a body that end in a change which is there when it returns; null where it is not known. */
function changesLeft(
  input: ErrnoInput & { readonly writes: ErrnoWrites },
  errno: Errno,
  node: Node,
  saved: boolean,
  restored: { any: boolean },
): ReadonlySet<number> | null {
  const { mir } = node;
  if (mir === null) return null;
  const sites = sitesByBlock(input.graph, node);
  const entry = new Map<number, State>([[0, { saved, changed: false }]]);
  const passages = new Map<number, Passage>();
  const pending = [0];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const block = mir.blocks[at];
    let state = entry.get(at);
    if (block === undefined || state === undefined) continue;
    let keeps = true;
    for (const stmt of block.stmts) {
      if (state.saved && input.writes.byStatement(node, stmt)) {
        restored.any ||= state.changed;
        state = { ...state, changed: false };
        keeps = false;
      }
    }
    const site = sites.get(at);
    const done = site === undefined ? "nothing" : atSite(input, errno, node, site, state);
    if (done === "restores") {
      restored.any ||= state.changed;
      keeps = false;
    }
    if (done === "saves") state = { ...state, saved: true };
    else if (done !== "nothing") state = { ...state, changed: done === "changes" };
    const next = successors(block.term);
    passages.set(at, { keeps, changes: done === "changes", next });
    for (const to of next) {
      const old = entry.get(to);
      const joined = old === undefined ? state : join(old, state);
      if (old === joined) continue;
      entry.set(to, joined);
      pending.push(to);
    }
  }
  return reachingReturn(mir, passages);
}

/** Blocks whose own change is there at a return: those from whose end one is reached through blocks that keep it. */
function reachingReturn(mir: Mir, passages: ReadonlyMap<number, Passage>): ReadonlySet<number> {
  const before = new Map<number, number[]>();
  for (const [at, { next }] of passages) for (const to of next) addTo(before, to, at);
  const ends = new Set([...passages.keys()].filter((at) => mir.blocks[at]?.term.k === "return"));
  // The set grows while it is walked.
  for (const at of ends) if (passages.get(at)?.keeps === true) for (const one of before.get(at) ?? []) ends.add(one);
  return new Set([...passages].flatMap(([at, one]) => (one.changes && ends.has(at) ? [at] : [])));
}

/** The first one where the other adds nothing. */
function join(old: State, state: State): State {
  const joined = { saved: old.saved && state.saved, changed: old.changed || state.changed };
  return joined.saved === old.saved && joined.changed === old.changed ? old : joined;
}

/** What a call or drop does to errno. */
function atSite(
  input: ErrnoInput & { readonly writes: ErrnoWrites },
  errno: Errno,
  node: Node,
  site: Site,
  state: State,
): "saves" | "changes" | "restores" | "nothing" {
  const facts = externAt(input.externs, node, site);
  if (facts?.errnoLocation === true) return state.changed ? "nothing" : "saves";
  const targets = edgesOf(site).filter((edge) => !input.cut(edge));
  if (state.saved && input.writes.bySite(node, site)) return "restores";
  if (state.saved && targets.some((edge) => input.writes.near(node, site, edge.target)))
    return targets.some((edge) => errno.leavesChanged(edge.target, true)) ? "changes" : "restores";
  if (siteChanges(input, errno, node, site)) return "changes";
  return !state.changed && targets.some((edge) => readsNear(input, edge.target, NEAR)) ? "saves" : "nothing";
}

function readsNear(input: ErrnoInput, id: NodeId, depth: number): boolean {
  const node = input.graph.node(id);
  if (node.sites.some((one) => externAt(input.externs, node, input.graph.site(one))?.errnoLocation === true))
    return true;
  if (
    (node.what.k === "model" && input.reads(node.what.def)) ||
    (node.what.k === "body" && input.reads(node.what.key.def))
  )
    return true;
  return depth > 0 && near(input, node).some((one) => readsNear(input, one, depth - 1));
}

function near(input: ErrnoInput, node: Node): NodeId[] {
  return node.sites.flatMap((id) => edgesOf(input.graph.site(id)).map((edge) => edge.target));
}
