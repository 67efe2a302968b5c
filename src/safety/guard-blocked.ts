/**
 * Guard "signal blocked" (G5): a lock that everybody else takes only while the handler's signals are blocked in their thread.
 *
 * Looked at is every body that names the lock's static. Those that only the handler reaches do not count; in each other one every use of the
 * static must come after a call that blocks all of the handler's signals (`pthread_sigmask` or `sigprocmask` with SIG_BLOCK or SIG_SETMASK
 * and a set that was filled, or that each signal was added to, in the same body), with no other change of the mask between, and the lock's
 * guard must be dropped before the mask is changed again. One use that is not like this, a set or a signal that is not known, and
 * nothing is said. It lowers a finding and hides none: another program that uses the crate may take the lock otherwise.
 */
import { pushAll } from "../base/push-all.ts";
import { bodyId } from "../calls/bodies.ts";
import type { CallGraph, NodeId } from "../calls/call-graph.ts";
import { callSitesOf } from "../calls/call-sites.ts";
import type { BodyKey, CallTerm, Mir, Operand } from "../calls/mir.ts";
import { factsOf, type MirFacts } from "../calls/mir-facts.ts";
import { namesOf } from "../calls/other-names.ts";
import { staticHolders } from "../calls/static-holders.ts";
import type { LibcRecord } from "../model/signal-safety.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import type { Cause } from "./causes.ts";
import type { ExternOptions } from "./extern-effects.ts";
import { rootOfOperand } from "./force-cells.ts";

export interface BlockedInput {
  readonly graph: CallGraph;
  readonly externs: ExternOptions;
  /** Names of the handler's signals; none where they are not known. */
  readonly signals: readonly string[];
  /** What the handler reaches. */
  readonly nodes: readonly NodeId[];
}

/** The static that a cause waits for, where the handler's signals are blocked whenever somebody else holds it; else null. */
export function blockedLock(input: BlockedInput, cause: Cause): DefId | null {
  if ((cause.kind !== "lock" && cause.kind !== "spin") || input.signals.length === 0) return null;
  const lock = lockOf(input.graph, cause);
  return lock !== null && isBlockedElsewhere(input, lock) ? lock : null;
}

/** The static whose reference the call at the cause is given first. */
function lockOf(graph: CallGraph, cause: Cause): DefId | null {
  const node = graph.node(cause.node);
  if (node.mir === null) return null;
  const site = node.sites.map((id) => graph.site(id)).find((one) => one.span === cause.span);
  const term = site === undefined ? undefined : node.mir.blocks[site.block]?.term;
  if (term?.k !== "call" || term.args[0] === undefined) return null;
  const root = rootOfOperand(node.mir, term.args[0], [{ k: "deref" }]);
  if (root?.k === "param" && root.steps.length <= 1) return node.statics[root.index]?.def ?? null;
  return root?.k === "static" ? root.place.def : null;
}

function isBlockedElsewhere(input: BlockedInput, lock: DefId): boolean {
  const { bodies } = input.externs;
  const crates = bodies.cratesThatSee(lock);
  const masking = input.externs.safety.all.flatMap(({ role, name }) => (role === "signal-mask" ? [name] : []));
  if (!crates.some((crate) => bodies.mentioning(crate, masking).length > 0)) return false;
  const own = reachedBodies(input);
  for (const crate of crates) {
    for (const def of bodies.mentioning(crate, namesOf(bodies, lock))) {
      if (def === lock) continue;
      for (const body of bodies.withClosures(def)) {
        const mir = bodies.mir(body);
        if (mir === null) return false;
        const holders = staticHolders(mir, lock);
        if (holders.size > 0 && !isOnlyTheHandlers(input, own, body) && !usesAreBlocked(input, mir, holders))
          return false;
      }
    }
  }
  return true;
}

function reachedBodies({ graph, nodes }: BlockedInput): ReadonlySet<string> {
  return new Set(
    nodes.flatMap((id) => {
      const { what } = graph.node(id);
      return what.k === "body" ? [bodyId(what.key)] : [];
    }),
  );
}

/** Is the body run by nobody but what the handler reaches? */
function isOnlyTheHandlers({ externs, graph, nodes }: BlockedInput, own: ReadonlySet<string>, body: BodyKey): boolean {
  if (!own.has(bodyId(body))) return false;
  const [first] = nodes;
  const what = first === undefined ? null : graph.node(first).what;
  const isHandler = what?.k === "body" && bodyId(what.key) === bodyId(body);
  const { calls, open, lost } = callSitesOf(externs.bodies, body);
  return (isHandler || !open) && !lost && calls.every((one) => own.has(bodyId(one.body)));
}

function usesAreBlocked(input: BlockedInput, mir: Mir, holders: ReadonlySet<number>): boolean {
  const facts = factsOf(mir);
  const holds = (one: Operand): boolean => one.k !== "const" && holders.has(one.place.local);
  for (const [block, { stmts, term }] of mir.blocks.entries()) {
    // Whatever is done with it but taking its address.
    const read = stmts.some(({ place }) => holders.has(place.local) && place.proj.length > 0);
    const used = read || (term.k === "call" && term.args.some(holds));
    if (used && !isBlockedAt(input, facts, block)) return false;
  }
  return true;
}

function isBlockedAt(input: BlockedInput, facts: MirFacts, block: number): boolean {
  const { mir, dominators } = facts;
  const changes = mir.blocks.flatMap(({ term }, at) =>
    term.k === "call" && roleOf(input, term) === "signal-mask" ? [{ at, term }] : [],
  );
  const blocking = changes.filter(({ at, term }) => blocksAll(input, facts, at, term));
  const others = new Set(changes.filter((one) => !blocking.includes(one)).map(({ at }) => at));
  const before = blocking.some(({ at }) => {
    if (at === block || !dominators.dominates(at, block)) return false;
    // No way on from another change leads here but by this one.
    return ![...others].some((other) => reaches(facts, other, block, new Set([at])));
  });
  if (!before) return false;
  const released = releases(input, mir, block);
  return released === null || ![...others].some((other) => reaches(facts, block, other, new Set(released)));
}

/** Can the flow go from one block to another without entering these? */
function reaches(facts: MirFacts, from: number, to: number, without: ReadonlySet<number>): boolean {
  const seen = new Set<number>();
  const pending = [...(facts.successors[from] ?? [])];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    if (seen.has(at) || without.has(at)) continue;
    if (at === to) return true;
    seen.add(at);
    pushAll(pending, facts.successors[at] ?? []);
  }
  return false;
}

/** Blocks that drop what the call there gave: the guard, or what holds it; null where nothing is held when the call is over. */
function releases(input: BlockedInput, mir: Mir, block: number): readonly number[] | null {
  const term = mir.blocks[block]?.term;
  const given = term?.k === "call" ? guardIn(input, mir.locals[term.dest.local]?.ty ?? null) : null;
  if (given === null) return [];
  if (given.k === "prim" || given.k === "never" || (given.k === "tuple" && given.elems.length === 0)) return null;
  return mir.blocks.flatMap(({ term: other }, at) =>
    other.k === "drop" && guardIn(input, mir.locals[other.place.local]?.ty ?? null) === given ? [at] : [],
  );
}

/** `MutexGuard<T>` in `Result<MutexGuard<T>, E>` and `Option<MutexGuard<T>>`. */
function guardIn({ externs }: BlockedInput, ty: Ty | null): Ty | null {
  const { names } = externs.bodies;
  let found = ty;
  while (found?.k === "adt" && (found.def === names.langItem("Result") || found.def === names.langItem("Option")))
    found = found.args[0] ?? null;
  return found;
}

function blocksAll(input: BlockedInput, facts: MirFacts, at: number, term: CallTerm): boolean {
  const [how, set] = term.args;
  const name = how === undefined ? null : constantName(input, facts, how);
  const local = set === undefined ? null : pointedTo(facts, set);
  if ((name !== "SIG_BLOCK" && name !== "SIG_SETMASK") || local === null) return false;
  const added = new Set<string>();
  for (const [block, { term: other }] of facts.mir.blocks.entries()) {
    if (other.k !== "call" || other.args[0] === undefined || !facts.dominators.dominates(block, at)) continue;
    const role = roleOf(input, other);
    if ((role !== "set-fill" && role !== "set-add") || pointedTo(facts, other.args[0]) !== local) continue;
    if (role === "set-fill") return true;
    const signal = other.args[1] === undefined ? null : constantName(input, facts, other.args[1]);
    if (signal !== null) added.add(signal);
  }
  return input.signals.every((one) => added.has(one));
}

function roleOf({ externs }: BlockedInput, term: CallTerm): LibcRecord["role"] {
  const foreign = term.callee.k === "def" ? externs.bodies.names.def(term.callee.def).foreign : null;
  return foreign === null ? undefined : externs.safety.lookup(foreign.symbol)?.role;
}

/** The name of the constant that an operand is. */
function constantName(input: BlockedInput, facts: MirFacts, operand: Operand): string | null {
  if (operand.k === "const")
    return operand.value.k === "const" ? input.externs.bodies.names.def(operand.value.def).name : null;
  const definition = operand.place.proj.length === 0 ? facts.definition(operand.place.local) : null;
  const value = definition?.k === "value" ? definition.value : null;
  return value?.k === "use" || value?.k === "cast" ? constantName(input, facts, value.operand) : null;
}

/** The local whose address an operand is. */
function pointedTo(facts: MirFacts, operand: Operand): number | null {
  if (operand.k === "const" || operand.place.proj.length > 0) return null;
  const definition = facts.definition(operand.place.local);
  const value = definition?.k === "value" ? definition.value : null;
  if (value?.k === "use" || value?.k === "cast") return pointedTo(facts, value.operand);
  if (value?.k !== "ref") return null;
  const { local, proj } = value.place;
  if (proj.length === 0) return local;
  // `&mut *(&mut set)`
  return proj.length === 1 && proj[0]?.k === "deref"
    ? pointedTo(facts, { k: "copy", place: { local, proj: [] } })
    : null;
}
