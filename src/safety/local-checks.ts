/**
 * Checks that are no reachability of an effect: explicit panics, errno, flags of the installation, re-entrance.
 *
 * Explicit panics (`panic!` and its relatives, `unwrap` and `expect` on a Result, and borrows of a cell that the interrupted code may
 * have borrowed) are told where they stand in the handler's
 * own crate or a workspace member; assertions and everything else that may panic are counted. Each check gives causes or
 * drafts in the form that findings have.
 */
import { addTo } from "../base/add-to.ts";
import type { Span } from "../base/span.ts";
import type { CallGraph, Node, NodeId, Site } from "../calls/call-graph.ts";
import type { Mir, Operand, Rvalue } from "../calls/mir.ts";
import { factsOf } from "../calls/mir-facts.ts";
import type { Registrars } from "../model/registrars.ts";
import type { Condition } from "../model/vocabulary.ts";
import type { DefId } from "../names/defs.ts";
import type { Types } from "../types/api.ts";
import { type Cause, type CauseInput, isTransparent, sourceKey } from "./causes.ts";
import type { Errno } from "./errno.ts";
import { rootOf } from "./force-cells.ts";
import type { Places } from "./places.ts";
import { type Effect, edgesOf } from "./reach.ts";
import type { Installation } from "./registrations.ts";
import { NO_WAY, type Witness } from "./witness.ts";

export interface Panics {
  readonly causes: readonly Cause[];
  /** Places that can panic and are no finding. */
  readonly others: number;
}

const EXPLICIT = new Set(["panic", "unreachable", "todo", "unimplemented"]);

/** Explicit panics as causes, and how many other places can panic. */
export function panicsOf(input: CauseInput, types: Types, places: Places, ifHeld: (def: DefId) => boolean): Panics {
  const { graph, reach, witnesses } = input;
  const causes = new Map<string, Cause>();
  const others = new Set<string>();
  const at = new Map<NodeId, Effect[]>();
  for (const effect of reach.panics) addTo(at, effect.node, effect);
  for (const id of reach.nodes) {
    const node = graph.node(id);
    const witness = witnesses.to(id);
    if (witness === null || isTransparent(node)) continue;
    const home = input.isHome(node);
    for (const effect of at.get(id) ?? []) {
      const written = places.textOf(effect.span);
      const explicit = home && EXPLICIT.has(effect.callee) && !/^(debug_)?assert/.test(written);
      const cause = explicit
        ? localCause(input, witness, node, "panic", effect.span, `${effect.callee}!`, witness.conditions)
        : null;
      note(causes, others, node, effect.span, cause);
    }
    for (const siteId of node.sites) {
      const site = graph.site(siteId);
      for (const edge of edgesOf(site)) {
        const target = graph.node(edge.target);
        const held = isHeldElsewhere(node, site, target, ifHeld);
        if (!isTransparent(target) || !(held || canPanic(target))) continue;
        const asked = (held || isResultMethod(types, target)) && !site.conditions.includes("panic");
        const explicit = home && (onlyPanics(types, target) || asked);
        const cause = explicit
          ? localCause(input, witness, node, "panic", site.span, target.path, witness.conditions)
          : null;
        note(causes, others, node, site.span, cause);
      }
    }
    // Arithmetic, indices and slices are checked in place.
    const checks = node.mir?.panicChecks ?? 0;
    for (let check = 0; check < checks; check += 1) others.add(`${sourceKey(node)}#${check}`);
  }
  return { causes: [...causes.values()], others: others.size };
}

function note(causes: Map<string, Cause>, others: Set<string>, node: Node, span: Span, cause: Cause | null): void {
  const key = `${sourceKey(node)}|${span.file}:${span.start}:${span.end}`;
  if (cause === null) others.add(key);
  else if (!causes.has(key)) causes.set(key, cause);
}

function canPanic(node: Node): boolean {
  if (node.effects.some((one) => one.kind === "panic")) return true;
  return node.mir?.blocks.some((block) => block.term.k === "panic") === true;
}

/** A modelled function that never returns: `resume_unwind`, `panic_any`. */
function onlyPanics(types: Types, node: Node): boolean {
  if (node.what.k === "drop-glue") return false;
  return types.fnSig(node.what.k === "body" ? node.what.key.def : node.what.def).ret.k === "never";
}

/** A function that panics while somebody holds what it asks for, asked of something that is not this body's own. */
function isHeldElsewhere(node: Node, site: Site, target: Node, ifHeld: (def: DefId) => boolean): boolean {
  if (target.what.k === "drop-glue") return false;
  const def = target.what.k === "body" ? target.what.key.def : target.what.def;
  const term = node.mir?.blocks[site.block]?.term;
  const asked = term?.k === "call" ? term.args[0] : undefined;
  return ifHeld(def) && node.mir !== null && asked !== undefined && !isOwnLocal(node.mir, asked);
}

/** A reference to a variable of the body itself, which nothing that was interrupted can hold. */
function isOwnLocal(mir: Mir, start: Operand): boolean {
  let operand = start;
  for (let step = 0; step < 16; step += 1) {
    if (operand.k === "const" || operand.place.proj.length > 0) return false;
    const definition = factsOf(mir).definition(operand.place.local);
    if (definition?.k !== "value") return false;
    const { value } = definition;
    if (value.k === "ref") {
      const [first, ...others] = value.place.proj;
      if (first === undefined || !value.place.proj.some((one) => one.k === "deref")) return true;
      if (first.k !== "deref" || others.length > 0) return false;
      operand = { k: "copy", place: { local: value.place.local, proj: [] } };
    } else if (value.k === "use") operand = value.operand;
    else return false;
  }
  return false;
}

function isResultMethod(types: Types, node: Node): boolean {
  if (node.what.k === "drop-glue") return false;
  const def = types.names.def(node.what.k === "body" ? node.what.key.def : node.what.def);
  const parent = def.parent === null ? null : types.names.def(def.parent);
  if (parent?.kind !== "impl" || types.implTraitRef(parent.id) !== null) return false;
  const self = types.implSelfTy(parent.id);
  return self.k === "adt" && self.def === types.names.langItem("Result");
}

function localCause(
  input: CauseInput,
  witness: Witness,
  node: Node,
  kind: "panic" | "errno",
  span: Span,
  callee: string,
  conditions: readonly Condition[],
): Cause | null {
  const { certainty } = witness;
  const effect: Effect = { kind, node: node.id, span, callee, conditions: [], certainty, verdict: null };
  const grade = input.grade(effect, conditions, certainty);
  if (grade === null) return null;
  return {
    kind,
    grade,
    node: node.id,
    span,
    callee,
    conditions,
    certainty,
    path: witness,
    tail: NO_WAY,
    init: null,
    crossing: null,
  };
}

/** A change of errno, as a cause: all of one handler are one finding. */
export interface ErrnoCause extends Cause {
  readonly site: Site;
}

/** Calls that may change errno. */
export function errnoCauses(input: CauseInput, errno: Errno): ErrnoCause[] {
  const found = new Map<string, ErrnoCause>();
  for (const id of input.reach.nodes) {
    const node = input.graph.node(id);
    const witness = input.witnesses.to(id);
    if (witness === null || isTransparent(node)) continue;
    for (const siteId of node.sites) {
      const site = input.graph.site(siteId);
      if (!errno.changes(node, site)) continue;
      const { span } = site;
      const callee = site.outcome.k === "extern" ? site.outcome.symbol : site.callee;
      const conditions = [...new Set([...witness.conditions, ...site.conditions])].filter((one) => one !== "always");
      const one = conditions.includes("panic")
        ? null
        : localCause(input, witness, node, "errno", span, callee, conditions);
      if (one !== null) found.set(`${sourceKey(node)}|${span.file}:${span.start}:${span.end}`, { ...one, site });
    }
  }
  return [...found.values()];
}

/** Those of them that nothing puts right before the handler returns. */
export function changesLeft(
  { graph }: CauseInput,
  errno: Errno,
  root: NodeId,
  all: readonly ErrnoCause[],
): readonly Cause[] {
  const isLeft = errno.left(root);
  const left = all.filter(({ node, site }) => isLeft(graph.node(node), site));
  return left.length > 0 ? left : all;
}

/** What is wrong with how a handler is installed; one sentence each. */
export function flagProblems(registrars: Registrars, installs: readonly Installation[]): string[] {
  const problems = new Set<string>();
  for (const one of installs) {
    if (one.registrar.viaSignal === true) {
      problems.add(`is installed with \`${one.registrar.id}\`, which gives no control over flags and mask`);
    }
    const overflow = one.signals.find((name) => registrars.stackOverflow.has(name));
    if (
      overflow !== undefined &&
      one.flags !== null &&
      !one.flags.includes("SA_ONSTACK") &&
      one.registrar.viaSignal !== true
    ) {
      problems.add(`handles ${overflow} without SA_ONSTACK: it cannot run when the stack has overflowed`);
    }
  }
  return [...problems].sort();
}

export interface Reentrance {
  readonly node: NodeId;
  readonly block: number;
  readonly span: Span;
  readonly static: string;
}

/** The first write to a `static mut`, where the handler can interrupt itself, unless it only ever stores one constant there. */
export function reentrance(
  graph: CallGraph,
  types: Types,
  nodes: readonly NodeId[],
  installs: readonly Installation[],
): Reentrance | null {
  const signals = new Set(installs.flatMap((one) => one.signals));
  const nodefer = installs.some((one) => one.flags?.includes("SA_NODEFER") === true);
  if (!nodefer && signals.size < 2) return null;
  const first = new Map<DefId, Reentrance>();
  const stored = new Map<DefId, Set<string>>();
  for (const id of nodes) {
    const node = graph.node(id);
    if (isTransparent(node) || node.mir === null) continue;
    for (const [block, { stmts }] of node.mir.blocks.entries()) {
      for (const { place, value, span } of stmts) {
        if (place.proj[0]?.k !== "deref") continue;
        const root = rootOf(node.mir, place);
        if (root?.k !== "static") continue;
        const { def } = root.place;
        const { item } = types.names.def(def);
        if (item?.k !== "static" || !item.mut) continue;
        if (!first.has(def)) first.set(def, { node: id, block, span, static: types.names.pathOf(def) });
        stored.set(def, (stored.get(def) ?? new Set()).add(constantStored(value) ?? `${id} ${block} ${span.start}`));
      }
    }
  }
  for (const [def, found] of first) {
    const values = [...(stored.get(def) ?? [])];
    if (values.length > 1 || values[0]?.startsWith("=") !== true) return found;
  }
  return null;
}

/** The number or truth value that an assignment stores; null for all others. */
function constantStored(value: Rvalue): string | null {
  if (value.k !== "use" || value.operand.k !== "const") return null;
  const constant = value.operand.value;
  return constant.k === "int" || constant.k === "bool" ? `=${constant.value}` : null;
}
