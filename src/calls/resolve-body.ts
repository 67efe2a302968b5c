/**
 * One instance read through once: which blocks it reaches, what its locals are known to hold, what each call leads to.
 *
 * Forward over the blocks in order, joining what several assignments give; again while a local that was already read still
 * changes, at most four times. Results are kept per instance. An instance that is asked for while it is being read gives null.
 */
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import type { Analysis } from "./analysis.ts";
import { isOpen } from "./flow-model.ts";
import { isOwnPart, pointsTo, unsizedInto } from "./flow-places.ts";
import { reachableBlocks } from "./fold.ts";
import type { Instance } from "./instances.ts";
import { fieldOf, inAnyOrder, type Known } from "./known.ts";
import { fromFlow } from "./known-of-flow.ts";
import { isBorrowedMutably } from "./local-writes.ts";
import type { Constant, Mir, Operand, Place, Rvalue, Statement, Terminator } from "./mir.ts";
import { factsOf } from "./mir-facts.ts";
import { operandTy, placeTy } from "./operand-types.ts";
import { resolveCall } from "./resolve-call.ts";
import { resolveDrop } from "./resolve-drop.ts";
import { narrowed } from "./resolve-field.ts";
import { followedLent } from "./resolve-followed.ts";
import { derefOf, lookThrough, valueOf } from "./resolve-places.ts";
import { resolveValue } from "./resolve-value.ts";
import { NOTHING, type Resolved } from "./resolved.ts";
import { hasCell } from "./value-types.ts";
import { canHold, concrete, fieldsOf, mayCall, unknownOf, type World } from "./world.ts";

/** State of reading one instance. */
export interface Frame {
  readonly world: World;
  readonly instance: Instance;
  readonly mir: Mir;
  /** undefined: not set yet. */
  readonly locals: (Known | null | undefined)[];
  readonly read: Uint8Array;
  again: boolean;
  readonly unsized: Map<string, { object: Ty & { k: "dyn" }; ty: Ty }>;
  readonly pointers: Set<Ty>;
  readonly mentioned: Set<DefId>;
  readonly constructed: Set<DefId>;
}

const MAX_ROUNDS = 4;
const MAX_NESTING = 60;
/** Arrays are known element by element up to this length. */
const MAX_ELEMENTS = 64;

/** What is known of an instance of a body; null without a body, while it is being read, and where reading nests too deeply. */
export function analyse(world: World, instance: Instance): Analysis | null {
  const memo = world.analyses.get(instance.id);
  if (memo !== undefined) return memo;
  if (instance.what.k !== "body" || world.active.has(instance.id) || world.active.size >= MAX_NESTING) return null;
  const mir = world.bodies.mir(instance.what.key);
  if (mir === null) return null;
  world.active.add(instance.id);
  const analysis = read(world, instance, mir);
  world.active.delete(instance.id);
  world.analyses.set(instance.id, analysis);
  return analysis;
}

function read(world: World, instance: Instance, mir: Mir): Analysis {
  const facts = factsOf(mir);
  const reachable = reachableBlocks(world, instance, facts);
  const frame: Frame = {
    world,
    instance,
    mir,
    locals: mir.locals.map(() => undefined),
    read: new Uint8Array(mir.locals.length),
    again: false,
    unsized: new Map(),
    pointers: new Set(),
    mentioned: new Set(),
    constructed: new Set(),
  };
  for (let local = 1; local <= mir.argCount; local += 1) {
    const ty = mir.locals[local]?.ty;
    const unknown = ty === undefined ? null : unknownOf(world, concrete(world, instance, ty));
    frame.locals[local] = inOrderOf(frame, local, instance.context[local - 1] ?? unknown);
  }
  lentLocals(frame);
  const resolved: (Resolved | null)[] = mir.blocks.map(() => null);
  const before: string[] = mir.blocks.map(() => "");
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    frame.again = false;
    for (const index of facts.dominators.order) {
      const block = mir.blocks[index];
      if (reachable[index] !== 1 || block === undefined) continue;
      for (const stmt of block.stmts) statement(frame, stmt);
      terminator(frame, block.term, index, resolved, before);
    }
    if (!frame.again) break;
  }
  return {
    instance,
    mir,
    reachable,
    resolved,
    ret: frame.locals[0] ?? null,
    unsized: [...frame.unsized.values()],
    pointers: [...frame.pointers],
    mentioned: [...frame.mentioned],
    constructed: [...frame.constructed],
  };
}

/** A local that is lent out mutably may hold what is stored through the references. */
function lentLocals({ world, instance, mir, locals }: Frame): void {
  if (instance.what.k !== "body" || world.names.isPackCrate(world.names.def(mir.key.def).crate)) return;
  for (let local = 1; local < mir.locals.length; local += 1) {
    const decl = mir.locals[local];
    if (decl === undefined || !mayCall(world, concrete(world, instance, decl.ty))) continue;
    const flow = followedLent(world, instance, local);
    if (flow === null || flow.values.length + flow.known.length + flow.open.length === 0) continue;
    const values = [...flow.known, ...flow.values.map((one) => fromFlow(world, one, 0))];
    if (local <= mir.argCount) values.push(locals[local] ?? null);
    locals[local] = world.knowns.madeOf(isOpen(world.types, flow.open) ? [...values, null] : values);
  }
}

function statement(frame: Frame, stmt: Statement): void {
  const value = rvalue(frame, stmt.value, stmt.place);
  put(frame, stmt.place, value);
}

/** What may be lent to be changed has its elements in any order: `table.swap(0, 1)`. */
function inOrderOf({ world, mir }: Frame, local: number, value: Known | null): Known | null {
  return isBorrowedMutably(mir, local) ? inAnyOrder(world.knowns, value) : value;
}

/** Joins what is assigned into the local. */
function put(frame: Frame, place: Place, given: Known | null): void {
  const { knowns } = frame.world;
  const { local, proj } = place;
  const value = inOrderOf(frame, local, given);
  // What is behind a pointer is told by whoever lends it; a box has its own.
  if (proj[0]?.k === "deref" && !isOwnPart(frame.world.types, frame.mir, place)) return;
  const before = frame.locals[local];
  let after: Known | null;
  if (proj.length === 0) after = before === undefined ? value : knowns.join(before, value);
  else if (value === knowns.nothing) after = before === undefined ? knowns.nothing : before;
  else after = knowns.madeOf([before ?? knowns.nothing, value]);
  if (after === before) return;
  frame.locals[local] = after;
  if (frame.read[local] === 1) frame.again = true;
}

function rvalue(frame: Frame, value: Rvalue, dest: Place): Known | null {
  const { world } = frame;
  const { knowns } = world;
  switch (value.k) {
    case "use":
      return operandValue(frame, value.operand);
    case "ref":
      return address(frame, value.place);
    case "cast":
      return castValue(frame, value);
    case "aggregate":
      return aggregate(frame, value);
    case "binary":
    case "unary":
    case "discriminant":
    case "len":
      return knowns.nothing;
    case "opaque":
      return unknownOf(world, placeTy(frame, dest));
  }
}

function aggregate(frame: Frame, value: Rvalue & { k: "aggregate" }): Known | null {
  const { knowns } = frame.world;
  const fields = value.fields.map((one) => operandValue(frame, one));
  switch (value.kind.k) {
    case "adt": {
      frame.constructed.add(value.kind.def);
      const ordered: (Known | null)[] = [];
      for (const [position, index] of value.kind.indices.entries()) {
        while (ordered.length <= index) ordered.push(null);
        ordered[Math.max(0, index)] = fields[position] ?? null;
      }
      const isEnum = frame.world.names.def(value.kind.def).kind === "enum";
      return knowns.parts(isEnum ? value.kind.variant : null, ordered);
    }
    case "tuple":
    case "closure":
      return knowns.parts(null, fields);
    case "array":
      // Longer ones would be one of so many that it is anything.
      return fields.length > MAX_ELEMENTS ? knowns.madeOf(fields) : elementsOf(frame, value.fields, fields);
    case "repeat":
      return knowns.list(fields);
  }
}

/** Cells of an array can change places through shared references. */
function elementsOf(frame: Frame, operands: readonly Operand[], elems: readonly (Known | null)[]): Known | null {
  const { types, knowns } = frame.world;
  const [first] = operands;
  const list = knowns.list(elems);
  return first !== undefined && hasCell(types, operandTy(frame, first)) ? inAnyOrder(knowns, list) : list;
}

function castValue(frame: Frame, value: Rvalue & { k: "cast" }): Known | null {
  const { world, instance } = frame;
  const from = concrete(world, instance, value.from);
  const known = operandValue(frame, value.operand);
  if (from.k === "fn-def" || from.k === "closure") {
    frame.pointers.add(from);
    return world.knowns.callable(from);
  }
  const to = concrete(world, instance, value.to);
  if (value.kind !== "unsize") return from === to ? known : reinterpreted(world, known, from, to);
  const made = unsizedInto(from, to);
  if (made === null) return known;
  frame.unsized.set(`${made.object.id}:${made.ty.id}`, made);
  return world.knowns.object(made.ty, derefOf(world, known));
}

/** A pointer seen as one to another type: to the first field where that has the type, else to something made of the same. */
function reinterpreted(world: World, known: Known | null, from: Ty, to: Ty): Known | null {
  const { knowns } = world;
  // A number, or a pointer to one, that is taken for more may be anything.
  if (known?.k === "nothing" && canHold(world, to) && !canHold(world, pointsTo(from))) return unknownOf(world, to);
  if (known === null || known.k === "nothing" || known.k === "inert") return known;
  const isPointer = (from.k === "ref" || from.k === "ptr") && (to.k === "ref" || to.k === "ptr");
  if (!isPointer || from.inner === to.inner) return known;
  if (from.inner.k === "adt" && fieldsOf(world, from.inner)[0] === to.inner) {
    if (known.k === "static") return knowns.pointer(fieldOf(known.place, 0));
    const first = lookThrough(world, derefOf(world, known), [{ k: "field", index: 0, variant: null, ty: to.inner }]);
    return knowns.ref(first.known);
  }
  return knowns.madeOf([known]);
}

function address(frame: Frame, place: Place): Known | null {
  const { world } = frame;
  const local = readLocal(frame, place.local);
  const last = place.proj.length - 1;
  // `&*p` is p.
  if (place.proj[last]?.k === "deref") {
    return valueOf(world, lookThrough(world, local, place.proj.slice(0, last)));
  }
  const seen = lookThrough(world, local, place.proj);
  return seen.at === null
    ? world.knowns.ref(narrowed(world, frame.mir, place, seen.known))
    : world.knowns.pointer(seen.at);
}

/** What is known of an operand's value. */
export function operandValue(frame: Frame, operand: Operand): Known | null {
  if (operand.k === "const") return constantValue(frame, operand.value);
  const { place } = operand;
  const seen = valueOf(frame.world, lookThrough(frame.world, readLocal(frame, place.local), place.proj));
  const known = narrowed(frame.world, frame.mir, place, seen);
  return known ?? unknownOf(frame.world, placeTy(frame, operand.place));
}

function readLocal(frame: Frame, local: number): Known | null {
  frame.read[local] = 1;
  return frame.locals[local] ?? null;
}

function constantValue(frame: Frame, value: Constant): Known | null {
  const { world, instance } = frame;
  const { knowns } = world;
  switch (value.k) {
    case "static":
      frame.mentioned.add(value.def);
      return knowns.pointer({ def: value.def, fields: [] });
    case "const": {
      frame.mentioned.add(value.def);
      const ty = concrete(world, instance, value.ty);
      if (!canHold(world, ty)) return knowns.nothing;
      const args = value.args.map((arg) => concrete(world, instance, arg));
      const found = world.types.resolveMember(value.def, args);
      if (found.def === null) return null;
      // A build script may choose between several.
      const others = world.names.alternativesOf(found.def, frame.mir.key.def).defs;
      return [found.def, ...others]
        .map((def) => analyse(world, world.instances.body({ def, closure: null }, found.args, []))?.ret ?? null)
        .reduce((sum, one) => knowns.join(sum, one));
    }
    case "other":
      return unknownOf(world, concrete(world, instance, value.ty));
    default:
      return knowns.nothing;
  }
}

function terminator(
  frame: Frame,
  term: Terminator,
  index: number,
  resolved: (Resolved | null)[],
  before: string[],
): void {
  const { world } = frame;
  if (term.k === "drop") {
    resolved[index] = resolveDrop(frame, term);
    return;
  }
  if (term.k !== "call") return;
  const known = term.args.map((one) => operandValue(frame, one));
  const callee = term.callee.k === "value" ? operandValue(frame, term.callee.operand) : null;
  const key = [callee, ...known].map((one) => one?.id ?? "").join();
  let result = resolved[index] ?? null;
  if (result === null || before[index] !== key) {
    const tys = term.args.map((one) => operandTy(frame, one));
    result = settle(frame, term, callee, known, tys);
    resolved[index] = result;
    before[index] = key;
  }
  put(frame, term.dest, returned(world, result, placeTy(frame, term.dest)));
}

function settle(
  frame: Frame,
  term: Terminator & { k: "call" },
  callee: Known | null,
  known: readonly (Known | null)[],
  tys: readonly Ty[],
): Resolved {
  const { world, instance } = frame;
  const ret = placeTy(frame, term.dest);
  const call = { world, instance, known, tys, ret, via: term.via, operand: null, args: term.args };
  switch (term.callee.k) {
    case "def": {
      const args = term.callee.args.map((ty) => concrete(world, instance, ty));
      return resolveCall({ ...call, operand: term.args[0] ?? null }, term.callee.def, args);
    }
    case "value":
      return resolveValue({ ...call, operand: term.callee.operand }, concrete(world, instance, term.callee.ty), callee);
    case "unresolved":
      return {
        ...NOTHING,
        unresolved: { reason: term.callee.reason, text: term.callee.text },
        candidates: term.callee.candidates.map((def) => ({ def, certainty: "by-name" })),
      };
  }
}

/** What a call gives back. */
function returned(world: World, resolved: Resolved, ty: Ty): Known | null {
  const { knowns } = world;
  if (!canHold(world, ty)) return knowns.nothing;
  const unknown = unknownOf(world, ty);
  const { gives } = resolved;
  if (resolved.targets.length === 0 && gives !== undefined && resolved.unresolved === null) return gives ?? unknown;
  if (resolved.targets.length === 0 || resolved.unresolved !== null || resolved.dynamic.length > 0) return unknown;
  let sum: Known | null = knowns.nothing;
  for (const target of resolved.targets) {
    if (target.via === "callback" && resolved.targets.length > 1) continue;
    const result = target.result === undefined ? (analyse(world, target.instance)?.ret ?? null) : target.result;
    sum = knowns.join(sum, result ?? unknown);
    if (sum === null) return null;
  }
  return gives === undefined ? sum : knowns.madeOf([gives, sum]);
}
