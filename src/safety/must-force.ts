/**
 * Which statics are forced on every path to a point of a body, and on every return (or every successful return) of it.
 *
 * A forward analysis over the MIR: facts are met where paths join; a call adds what its callee forces on every return, and,
 * behind a test that it succeeded (`?`, `if let Ok`, `is_ok`, `unwrap`), what it forces on every successful return. Success of a
 * combinator (`map_err`) implies success of its argument where its body shows so. A closure adds what it forces where it is called, here or in what it is given
 * to. Calls in threads, loops that may run zero times and the right sides of `&&` add nothing, because not every path passes them.
 * Refuses: recursion (nothing is claimed of it), and more bodies than the budget (nothing is claimed then).
 */
import { pushAll } from "../base/push-all.ts";
import type { Bodies } from "../calls/bodies.ts";
import { bodyId } from "../calls/bodies.ts";
import type { StaticPlace } from "../calls/call-graph.ts";
import type { BasicBlock, BodyKey, Mir, Operand, Projection, Statement, Terminator } from "../calls/mir.ts";
import { factsOf } from "../calls/mir-facts.ts";
import type { CrateId } from "../crates/crate-graph.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import { type Root, rootOf, rootOfOperand } from "./force-cells.ts";
import { add, type Fact, type Facts, type MaybeFacts, meet, NO_FACTS, type Origin, sameFacts } from "./force-facts.ts";
import { type CallableTy, callableOf, isFilledOnce } from "./force-given.ts";
import { initialiserOf } from "./force-initialiser.ts";
import { cratesThatForce, typesOfCells } from "./force-reach.ts";

export interface MustForce {
  /** What is forced whenever control is about to run the terminator of this block. */
  before(body: BodyKey, block: number): Facts;
  /** What is forced whenever the body has returned. */
  after(body: BodyKey): Facts;
}
export interface MustForceInput {
  readonly bodies: Bodies;
  /** The statics that matter; calls that cannot force any of them are not looked into. */
  readonly cells: readonly StaticPlace[];
  /** Arguments whose cell a pack's function forces. */
  forcedArgs(def: DefId): readonly number[];
  /** Does the function give `Err` where what it calls has panicked? */
  catchesPanics(def: DefId): boolean;
}

interface Summary {
  readonly always: Facts;
  readonly onSuccess: Facts;
  /** Where it returns false, or another failure. */
  readonly onFailure: Facts;
}
/** Facts on paths that may still return a success, and on paths that certainly return a failure. */
interface State {
  readonly open: MaybeFacts;
  readonly failed: MaybeFacts;
}
interface Context {
  readonly input: MustForceInput;
  readonly crates: ReadonlySet<CrateId>;
  readonly types: ReadonlySet<DefId>;
  readonly summaries: Map<string, Summary | null>;
  readonly entries: Map<string, readonly State[]>;
  /** Of statics: may but one call fill them? */
  readonly filledOnce: Map<DefId, boolean>;
  depth: number;
  bodies: number;
}

const MAX_DEPTH = 40;
const MAX_BODIES = 4000;
const NONE: Summary = { always: NO_FACTS, onSuccess: NO_FACTS, onFailure: NO_FACTS };

/** The analysis of one program, for these statics; bodies are looked at when a question leads to them. */
export function createMustForce(input: MustForceInput): MustForce {
  const context: Context = {
    input,
    crates: cratesThatForce(input.bodies, input.cells),
    types: typesOfCells(input.bodies, input.cells),
    summaries: new Map(),
    entries: new Map(),
    filledOnce: new Map(),
    depth: 0,
    bodies: 0,
  };
  return {
    before(body, block) {
      const mir = input.bodies.mir(body);
      if (mir === null) return NO_FACTS;
      const id = bodyId(body);
      let states = context.entries.get(id);
      if (states === undefined) {
        states = flow(context, body, mir, []);
        context.entries.set(id, states);
      }
      const at = states[block];
      const entry = at === undefined ? null : meet(at.open, at.failed);
      return entry ?? NO_FACTS;
    },
    after: (body) => summaryOf(context, body, []).always,
  };
}

function summaryOf(context: Context, key: BodyKey, args: readonly Ty[]): Summary {
  const id = `${bodyId(key)}|${args.map((ty) => ty.id).join()}`;
  const known = context.summaries.get(id);
  if (known !== undefined) return known ?? NONE;
  const mir = context.input.bodies.mir(key);
  if (mir === null || context.depth > MAX_DEPTH || context.bodies > MAX_BODIES) return NONE;
  context.summaries.set(id, null);
  context.depth += 1;
  context.bodies += 1;
  const states = flow(context, key, mir, args);
  context.depth -= 1;
  let always: MaybeFacts = null;
  let onSuccess: MaybeFacts = null;
  let onFailure: MaybeFacts = null;
  for (const [block, one] of mir.blocks.entries()) {
    if (one.term.k !== "return") continue;
    const after = statements(context, mir, one, states[block] ?? UNREACHED, args, block);
    always = meet(always, meet(after.open, after.failed));
    onSuccess = meet(onSuccess, after.open);
    onFailure = meet(onFailure, after.failed);
  }
  const summary: Summary = {
    always: always ?? NO_FACTS,
    onSuccess: onSuccess ?? NO_FACTS,
    onFailure: onFailure ?? NO_FACTS,
  };
  context.summaries.set(id, summary);
  return summary;
}

const UNREACHED: State = { open: null, failed: null };

/** The state at the entry of each block, to a fixed point. */
function flow(context: Context, key: BodyKey, mir: Mir, args: readonly Ty[]): State[] {
  const order = factsOf(mir).dominators.order;
  const states: State[] = mir.blocks.map(() => UNREACHED);
  states[0] = { open: NO_FACTS, failed: null };
  for (let changed = true, rounds = 0; changed && rounds < 100; rounds += 1) {
    changed = false;
    for (const index of order) {
      const block = mir.blocks[index];
      const entry = states[index];
      if (block === undefined || entry === undefined) continue;
      const end = statements(context, mir, block, entry, args, index);
      for (const [target, state] of outgoing(context, key, mir, block, index, end, args)) {
        const old = states[target] ?? UNREACHED;
        const merged: State = { open: meet(old.open, state.open), failed: meet(old.failed, state.failed) };
        if (sameFacts(merged.open, old.open) && sameFacts(merged.failed, old.failed)) continue;
        states[target] = merged;
        changed = true;
      }
    }
  }
  return states;
}

function both(state: State, facts: readonly Fact[]): State {
  return facts.length === 0 ? state : { open: add(state.open, facts), failed: add(state.failed, facts) };
}

/** Assignments to the return place say whether the path may still be a success. */
function statements(
  context: Context,
  mir: Mir,
  block: BasicBlock,
  entry: State,
  args: readonly Ty[],
  at: number,
): State {
  let state = entry;
  for (const stmt of block.stmts) {
    if (stmt.place.local === 0 && stmt.place.proj.length === 0) state = returned(context, mir, stmt, state, args, at);
  }
  return state;
}

function returned(
  context: Context,
  mir: Mir,
  stmt: Statement,
  state: State,
  args: readonly Ty[],
  block: number,
): State {
  const all = meet(state.open, state.failed);
  const { value } = stmt;
  if (value.k === "aggregate" && value.kind.k === "adt") {
    const success = successVariant(context, value.kind.def);
    if (success === null) return { open: all, failed: null };
    return value.kind.variant === success ? { open: all, failed: null } : { open: null, failed: all };
  }
  if (value.k === "use") {
    const { operand } = value;
    if (operand.k === "const") {
      return operand.value.k === "bool" && !operand.value.value
        ? { open: null, failed: all }
        : { open: all, failed: null };
    }
    const good = outcomeFacts(context, mir, operand, args, block, true);
    const bad = outcomeFacts(context, mir, operand, args, block, false);
    if (good.length + bad.length > 0) return { open: add(all, good), failed: add(all, bad) };
  }
  if (value.k === "unary" && value.op === "not") {
    const good = outcomeFacts(context, mir, value.operand, args, block, false);
    const bad = outcomeFacts(context, mir, value.operand, args, block, true);
    return { open: add(all, good), failed: add(all, bad) };
  }
  return { open: all, failed: null };
}

/** What the success of an operand's value implies, or its failure; negations are seen through. */
function outcomeFacts(
  context: Context,
  mir: Mir,
  operand: Operand,
  args: readonly Ty[],
  block: number,
  success: boolean,
): readonly Fact[] {
  if (operand.k === "const") return [];
  if (operand.place.proj.length === 0) {
    const definition = factsOf(mir).definition(operand.place.local);
    if (definition?.k === "value" && definition.value.k === "unary" && definition.value.op === "not") {
      return outcomeFacts(context, mir, definition.value.operand, args, block, !success);
    }
  }
  const root = rootOf(mir, operand.place);
  if (success) return successFacts(context, mir, root, args, block);
  return root?.k === "result" ? resultFacts(context, mir, root.term, args, block, "onFailure") : [];
}

function successVariant(context: Context, def: DefId): number | null {
  const { names } = context.input.bodies;
  if (def === names.langItem("Result")) return 0;
  if (def === names.langItem("Option")) return 1;
  return def === names.langItem("ControlFlow") ? 0 : null;
}

function outgoing(
  context: Context,
  key: BodyKey,
  mir: Mir,
  block: BasicBlock,
  index: number,
  state: State,
  args: readonly Ty[],
): [number, State][] {
  const { term } = block;
  switch (term.k) {
    case "goto":
      return [[term.target, state]];
    case "drop":
    case "asm":
      return [[term.next, state]];
    case "call": {
      if (term.next === null) return [];
      const summary = calleeSummary(context, key, mir, term, args);
      const facts = translate(context, mir, summary.always, term, key, args, index);
      let after = both(state, facts);
      if (term.dest.local === 0 && term.dest.proj.length === 0) {
        const all = meet(after.open, after.failed);
        const success = translate(context, mir, summary.onSuccess, term, key, args, index);
        const failure = translate(context, mir, summary.onFailure, term, key, args, index);
        const told = success.length + failure.length > 0;
        after = { open: add(all, success), failed: told ? add(all, failure) : null };
      }
      return [[term.next, after]];
    }
    case "switch":
      return switchEdges(context, mir, term, state, args, index);
    case "panic":
    case "return":
    case "unreachable":
      return [];
  }
}

/** On the edge that shows success, what success implies. */
function switchEdges(
  context: Context,
  mir: Mir,
  term: Terminator & { k: "switch" },
  state: State,
  args: readonly Ty[],
  block: number,
): [number, State][] {
  const { on } = term;
  let wanted: string | null = null;
  let facts: readonly Fact[] = [];
  let others: readonly Fact[] = [];
  if (on.k === "variant") {
    const success = on.ty.k === "adt" ? successVariant(context, on.ty.def) : null;
    wanted = success === null ? null : String(success);
    if (wanted !== null) facts = successFacts(context, mir, rootOf(mir, on.place), args, block);
  } else if (on.k === "bool") {
    wanted = "true";
    facts = outcomeFacts(context, mir, on.condition, args, block, true);
    others = outcomeFacts(context, mir, on.condition, args, block, false);
  }
  const edges = term.targets.map(({ value, target }): [number, State] => [
    target,
    both(state, value === wanted ? facts : others),
  ]);
  if (term.otherwise !== null) {
    // Two outcomes: what is not the one is the other.
    const rest = term.targets.length === 1 && term.targets[0]?.value !== wanted;
    edges.push([term.otherwise, both(state, wanted === null ? [] : rest ? facts : others)]);
  }
  return edges;
}

/** What the success of a value implies. */
function successFacts(
  context: Context,
  mir: Mir,
  root: Root | null,
  args: readonly Ty[],
  block: number,
): readonly Fact[] {
  if (root === null || root.k === "static") return [];
  if (root.k === "param") return [{ k: "success", index: root.index, steps: root.steps }];
  return resultFacts(context, mir, root.term, args, block, "onSuccess");
}

function resultFacts(
  context: Context,
  mir: Mir,
  term: Terminator & { k: "call" },
  args: readonly Ty[],
  block: number,
  which: "onSuccess" | "onFailure",
): readonly Fact[] {
  const summary = calleeSummary(context, mir.key, mir, term, args);
  return translate(context, mir, summary[which], term, mir.key, args, block);
}

/** A callee's facts in the caller's terms. */
function translate(
  context: Context,
  mir: Mir,
  facts: Facts,
  term: Terminator & { k: "call" },
  key: BodyKey,
  args: readonly Ty[],
  block: number,
): readonly Fact[] {
  const out: Fact[] = [];
  for (const fact of facts.values()) {
    if (fact.k === "forced") {
      out.push(fact);
      continue;
    }
    const operand: Operand | undefined = term.args[fact.index];
    if (operand === undefined) continue;
    const root = rootOfOperand(mir, operand, fact.steps);
    if (root === null) continue;
    if (fact.k === "success") {
      // A value cannot depend on its own success: calls are followed in the order in which their results are made.
      if (root.k !== "result" || root.term !== term) pushAll(out, successFacts(context, mir, root, args, block));
    } else if (root.k === "static") {
      const origin: Origin = { body: key, span: term.span };
      out.push({ k: "forced", cell: root.place, origin });
      if (term.args.length === 1) pushAll(out, behindInitialiser(context, root.place, origin));
    } else if (root.k === "param") {
      out.push({ k: "forced-param", index: root.index, steps: root.steps });
    }
  }
  return out;
}

/** What the cell's own initialiser forces on every return: it has run when the cell is full. */
function behindInitialiser(context: Context, cell: StaticPlace, origin: Origin): readonly Fact[] {
  const body = initialiserOf(context.input.bodies, cell);
  if (body === null) return [];
  const facts = [...summaryOf(context, body, []).always.values()];
  return facts.flatMap((fact): Fact[] => (fact.k === "forced" ? [{ ...fact, origin }] : []));
}

const THROUGH_REFERENCE: readonly Projection[] = [{ k: "deref" }];

function calleeSummary(
  context: Context,
  key: BodyKey,
  mir: Mir,
  term: Terminator & { k: "call" },
  args: readonly Ty[],
): Summary {
  const { types, names } = context.input.bodies;
  const { callee } = term;
  const inCaller = (ty: Ty): Ty => (args.length === 0 ? ty : types.subst(ty, args));
  if (callee.k === "value") return callableSummary(context, callableOf(inCaller(callee.ty)));
  // What a `format_args!` shows is shown when it is written, if ever.
  if (callee.k !== "def" || term.via === "macro") return NONE;
  const env = args.length === 0 ? types.genericsOf(key.def).predicates : [];
  const resolved = types.resolveMember(callee.def, callee.args.map(inCaller), env);
  if (resolved.def === null) return NONE;
  const forced = context.input.forcedArgs(resolved.def);
  if (forced.length > 0) {
    const facts = new Map<string, Fact>(filledBy(context, mir, term, forced, resolved.args));
    for (const index of forced) facts.set(String(index), { k: "forced-param", index, steps: THROUGH_REFERENCE });
    return { always: facts, onSuccess: facts, onFailure: facts };
  }
  const crate = names.def(resolved.def).crate;
  const isFollowed = context.crates.has(crate) || takesCell(context, mir, term, args);
  if (!isFollowed && !resolved.args.some((ty) => forcesItself(context, ty))) return NONE;
  const summary = summaryOf(context, { def: resolved.def, closure: null }, resolved.args);
  // Where it has caught a panic, what it was given may not have come to its end.
  return context.input.catchesPanics(resolved.def) ? { ...summary, always: NO_FACTS } : summary;
}

/** What the closure forces that the only call to fill a static was given: it has run when the cell is full. */
function filledBy(
  context: Context,
  mir: Mir,
  term: Terminator & { k: "call" },
  forced: readonly number[],
  given: readonly Ty[],
): Facts {
  const summaries = given.map((ty) => callableSummary(context, callableOf(ty)).always).filter(({ size }) => size > 0);
  const [facts, ...more] = summaries;
  if (facts === undefined || more.length > 0) return NO_FACTS;
  const { bodies, forcedArgs } = context.input;
  const areFull = forced.every((index) => {
    const operand = term.args[index];
    const root = operand === undefined ? null : rootOfOperand(mir, operand, THROUGH_REFERENCE);
    if (root?.k !== "static" || root.place.fields.length > 0) return false;
    const { def } = root.place;
    const once = context.filledOnce.get(def) ?? isFilledOnce(bodies, def, forcedArgs);
    context.filledOnce.set(def, once);
    return once;
  });
  return areFull ? facts : NO_FACTS;
}

/** Does it certainly force a static, if it is a function or closure? */
function forcesItself(context: Context, ty: Ty): boolean {
  const { always, onSuccess } = callableSummary(context, callableOf(ty));
  return always.size + onSuccess.size > 0;
}

/** A function or closure that is called as a value. Of what it is given and has captured nothing is told. */
function callableSummary(context: Context, ty: CallableTy | null): Summary {
  if (ty === null) return NONE;
  const { types, names } = context.input.bodies;
  const found = ty.k === "fn-def" ? types.resolveMember(ty.def, ty.args) : { def: ty.body, args: ty.args };
  if (found.def === null || !context.crates.has(names.def(found.def).crate)) return NONE;
  const own = summaryOf(context, { def: found.def, closure: ty.k === "closure" ? ty.closure : null }, found.args);
  const forced = (facts: Facts): Facts => new Map([...facts].filter(([, fact]) => fact.k === "forced"));
  return { always: forced(own.always), onSuccess: forced(own.onSuccess), onFailure: forced(own.onFailure) };
}

/** Could the call force, or tell the success of something that forced, through one of its arguments? */
function takesCell(context: Context, mir: Mir, term: Terminator & { k: "call" }, args: readonly Ty[]): boolean {
  return term.args.some((operand) => {
    if (operand.k === "const") return operand.value.k === "static";
    let ty = mir.locals[operand.place.local]?.ty;
    while (ty?.k === "ref" || ty?.k === "ptr") ty = ty.inner;
    if (ty?.k === "adt" && context.types.has(ty.def)) return true;
    const root = rootOfOperand(mir, operand, []) ?? rootOfOperand(mir, operand, THROUGH_REFERENCE);
    if (root === null) return false;
    if (root.k === "static") return true;
    if (root.k === "param") return args.length > 0 && ty?.k === "adt" && successVariant(context, ty.def) !== null;
    if (root.term === term) return false;
    const summary = calleeSummary(context, mir.key, mir, root.term, args);
    return summary.onSuccess.size > 0;
  });
}
