/**
 * Where does a value come from? A backward question over the MIR of the whole program, asked on demand.
 *
 * Flow-insensitive within a body (MIR temporaries are assigned once, so little is lost), field-sensitive, through casts,
 * transmutes, aggregates, references, parameters (to all callers that can name the function), returns, closures'
 * captures, consts, statics and what is stored into them. A function entered through a call is looked at with that call's
 * arguments (`flow-context.ts`), a called value through what it may be. What cannot be followed makes the answer `open`, with a
 * reason; every answer is a finite set, and depth and size are bounded, so the question ends. What is put into places is looked for by
 * `value-flow-stores.ts`, what calls pass and give back by `value-flow-calls.ts`.
 */
import type { Span } from "../base/span.ts";
import type { DefId } from "../names/defs.ts";
import type { Types } from "../types/api.ts";
import { ASYNC_BLOCK } from "../types/intern.ts";
import type { Ty } from "../types/ty.ts";
import type { Bodies } from "./bodies.ts";
import { fromAddress } from "./flow-address.ts";
import { beginsContainer, isGivenToChange, iterates } from "./flow-containers.ts";
import { type BodyInContext, bodyKeyIn, callableKeyIn, entered, memberIn } from "./flow-context.ts";
import type { Flow, FlowOptions, FlowValue } from "./flow-model.ts";
import {
  type FieldInPlace,
  indicesOf,
  partsAt,
  placeKey,
  prefixOf,
  referencesTo,
  sameSteps,
  unsizedInto,
} from "./flow-places.ts";
import { addOpen, addValue, ask, type Query, queryOf } from "./flow-query.ts";
import { declaredFieldTys } from "./inner-types.ts";
import { linkedTo } from "./linked-symbols.ts";
import { writesTo } from "./local-writes.ts";
import type { BodyKey, Mir, Operand, Place, Projection, Rvalue } from "./mir.ts";
import { fieldInList, privateField } from "./private-fields.ts";
import { lentTo } from "./static-stores.ts";
import { fromArgument, fromCall } from "./value-flow-calls.ts";
import { chosenConstants } from "./value-flow-chosen.ts";
import { fromContainer, fromField, fromStores, storesBy } from "./value-flow-stores.ts";
import { hasCell, holdsAddress, isOpaque, mayChange, operandTy, valuesAsked, valuesThatMatter } from "./value-types.ts";

/** Places and bodies that are looked at for one answer. */
export const MAX_STEPS = 1000;
/** The same for what is lent to one call: whoever hands it on so often is code that stores what it likes. */
const STEPS_OF_LENT = 300;
/** An answer with so many open ends may be anything: what else is known of it is not looked for. */
const MAX_OPEN = 32;

/** All values that an operand of a body may hold. */
export function flowOf(
  bodies: Bodies,
  body: BodyInContext,
  operand: Operand,
  options: FlowOptions = { objects: false },
): Flow {
  const query = queryOf(bodies, options);
  fromOperand(query, body, operand, []);
  return finish(query);
}

/** All that is stored into a static, or what of it lies behind these steps, after its initialisation, anywhere in the program; with `cells`, what fills a lazy one too. */
export function storedIn(bodies: Bodies, def: DefId, steps: readonly Projection[], cells = false): Flow {
  const query = queryOf(bodies, { objects: true, filled: true, users: true, lent: "called", cells });
  fromStores(query, def, steps);
  return finish(query);
}

/** All that the program stores into the first private field on the way to a place, of any value of its type; null where there is none. */
export function storedInField(bodies: Bodies, body: BodyKey, place: Place, options: FlowOptions): Flow | null {
  const mir = bodies.mir(body);
  const field = mir === null ? null : privateField(bodies, mir, place);
  if (field === null) return null;
  const query = queryOf(bodies, options);
  fromField(query, body, field);
  return finish(query);
}

/** All that the program stores into a field of any value of its type, or what of it lies behind the field's steps; `body` is where it is asked. */
export function inField(bodies: Bodies, body: BodyKey, field: FieldInPlace): Flow {
  const query = queryOf(bodies, { objects: true, coarse: true, filled: true, users: true });
  fromField(query, body, field);
  return finish(query);
}

/**
 * What one run of a body may store into a local through mutable references, or behind a pointer that a call gave it (a leaked box), told as parameters
 * where it was given; null where it is neither lent nor such a pointer.
 */
export function storedThroughLent(bodies: Bodies, body: BodyKey, local: number): Flow | null {
  const mir = bodies.mir(body);
  const ty = mir?.locals[local]?.ty;
  if (mir === null || ty === undefined) return null;
  const lent = lentOrShared(bodies.types, mir, local, ty);
  const holders = isGivenPointer(bodies, mir, local, ty) ? new Set([...lent, local]) : lent;
  if (holders.size === 0) return null;
  const query = queryOf(bodies, { objects: true, filled: true, users: true, lent: "called" });
  query.steps = MAX_STEPS - STEPS_OF_LENT;
  storesBy(query, { ...body, own: true }, holders, [], valuesThatMatter(bodies.types, ty), { lent: true });
  return finish(query);
}

/** Who has a reference through which the local can be changed. */
function lentOrShared(types: Types, mir: Mir, local: number, ty: Ty): ReadonlySet<number> {
  return lentTo(types, mir, local, !isOpaque(ty) && hasCell(types, ty));
}

/** Is the local a pointer that a call gave back, so that what is behind it is no part of a local? */
function isGivenPointer({ types }: Bodies, mir: Mir, local: number, ty: Ty): boolean {
  const inside =
    ty.k === "adt" && types.names.isPackCrate(types.names.def(ty.def).crate) ? declaredFieldTys(types, ty.def) : [];
  const isPointer = ty.k === "ptr" || (ty.k === "ref" && ty.mut) || (inside.length === 1 && inside[0]?.k === "ptr");
  return isPointer && writesTo(mir, local).some((write) => write.k === "call" && write.term.dest.proj.length === 0);
}

/** Follows what is waiting, nearest first, until nothing is, or a bound is reached. */
export function finish(query: Query): Flow {
  for (const next of query.pending) {
    query.steps += 1;
    if (query.steps > MAX_STEPS || query.open.size >= MAX_OPEN) {
      const mir = query.bodies.mir(next.body);
      if (mir !== null) addOpen(query, { why: "limit", body: next.body, span: mir.span });
      break;
    }
    fromPlace(query, next.body, next.place);
  }
  query.pending.length = 0;
  return { values: [...query.values.values()], open: [...query.open.values()] };
}

/** The same; and where a value is a struct, list or pointer, that is looked into for what can be called. */
export function finishInside(query: Query): Flow {
  const { types } = query.bodies;
  const seen = new Set<FlowValue>();
  for (;;) {
    const flow = finish(query);
    const next = flow.values.filter((one) => !seen.has(one));
    if (next.length === 0) return flow;
    for (const value of next) {
      seen.add(value);
      if (value.k === "static" && holdsAddress(types, types.typeOf(value.def))) fromStatic(query, value.def, []);
      else if (value.k === "address") ask(query, value.body, value.place);
      else if (value.k === "aggregate") {
        const mir = query.bodies.mir(value.body);
        for (const field of value.fields) {
          const ty = mir === null ? null : operandTy(mir, field);
          if (ty === null || holdsAddress(types, ty)) fromOperand(query, value.body, field, []);
        }
      }
    }
  }
}

/** The operand's value, looked at through `rest`. */
export function fromOperand(query: Query, body: BodyInContext, operand: Operand, rest: readonly Projection[]): void {
  if (operand.k !== "const") {
    ask(query, body, { local: operand.place.local, proj: [...operand.place.proj, ...rest] });
    return;
  }
  const { value } = operand;
  if (value.k === "fn") {
    const mir = query.bodies.mir(body);
    if (mir !== null) addMade(query, body, "fn", value.ty, mir.span);
  } else if (value.k === "static") {
    if (rest[0]?.k === "deref") fromStatic(query, value.def, rest.slice(1));
    else addValue(query, `static:${value.def}`, { k: "static", def: value.def, fields: [] });
  } else if (value.k === "const") {
    const { defs, open } = chosenConstants(query, body, value);
    for (const def of defs) {
      const key: BodyKey = { def, closure: null };
      if (query.bodies.mir(key) !== null) ask(query, key, { local: 0, proj: [...rest] });
      else addValue(query, `const:${def}`, { k: "constant", value, body });
    }
    const mir = open ? query.bodies.mir(body) : null;
    if (mir !== null) addOpen(query, { why: "unknown-call", body, span: mir.span });
  } else {
    addValue(query, `constant:${value.k}:${"value" in value ? String(value.value) : ""}`, {
      k: "constant",
      value,
      body,
    });
  }
}

/** What a static holds: its initialiser, and all that is stored into it anywhere. */
function fromStatic(query: Query, declared: DefId, rest: readonly Projection[]): void {
  const def = linkedTo(query.bodies, declared);
  const init: BodyKey = { def, closure: null };
  if (query.bodies.mir(init) !== null) ask(query, init, { local: 0, proj: [...rest] });
  if (mayChange(query.bodies.types, def)) fromStores(query, def, rest);
}

/** An assignment to `at` is a source for `wanted` where one is a prefix of the other. */
export function fromMatching(
  query: Query,
  body: BodyInContext,
  at: readonly Projection[],
  wanted: readonly Projection[],
  value: Rvalue,
  span: Span,
): void {
  if (prefixOf(at, wanted)) fromRvalue(query, body, value, wanted.slice(at.length), span);
  else if (prefixOf(wanted, at)) fromRvalue(query, body, value, [], span);
}

function fromPlace(query: Query, body: BodyInContext, place: Place): void {
  const mir = query.bodies.mir(body);
  if (mir === null) return;
  const listed = fieldInList(query.bodies, mir, place);
  if (listed !== null) return fromField(query, body, listed);
  if (place.local >= 1 && place.local <= mir.argCount) fromArgument(query, body, mir, place);
  for (const write of writesTo(mir, place.local)) {
    if (write.k === "stmt") {
      const { stmt } = write;
      fromMatching(query, body, stmt.place.proj, place.proj, stmt.value, stmt.span);
    } else if (prefixOf(write.term.dest.proj, place.proj)) {
      fromCall(query, body, write.term, place.proj.slice(write.term.dest.proj.length));
    }
  }
  throughReferences(query, body, mir, place);
  const ty = mir.locals[place.local]?.ty;
  const { lent, filled } = query.options;
  const content = lent === "addresses" ? lent : "called";
  if (filled === true && ty !== undefined && beginsContainer(query.bodies, body, mir, place, content))
    fromContainer(query, body, place.local, ty);
  if (lent === undefined || ty === undefined) return;
  if (lent === "called" && place.local <= mir.argCount && !isGivenToChange(mir, place.local, ty)) return;
  if (lent === "numbers" && iterates(query.bodies.types, ty)) return;
  const wanted = valuesAsked(query.bodies.types, lent, ty);
  storesBy(query, body, lentOrShared(query.bodies.types, mir, place.local, ty), [], wanted, { lent: true });
}

/** `f(&mut x)`: the callee may set parts of x. */
function throughReferences(query: Query, body: BodyInContext, mir: Mir, place: Place): void {
  const holders = referencesTo(mir, place);
  if (holders.size === 0) return;
  for (const block of mir.blocks) {
    for (const stmt of block.stmts) {
      const rest = holders.get(stmt.place.local);
      if (rest !== undefined && stmt.place.proj[0]?.k === "deref")
        fromMatching(query, body, stmt.place.proj.slice(1), rest, stmt.value, stmt.span);
    }
    const { term } = block;
    if (term.k !== "call" || term.callee.k !== "def") continue;
    if (!term.args.some((arg) => arg.k !== "const" && holders.has(arg.place.local))) continue;
    const member = memberIn(query.bodies.types, body, term.callee.def, term.callee.args);
    if (member === null) continue;
    const target = entered({ def: member.def, closure: null }, body, term, member.args);
    for (const [index, arg] of term.args.entries()) {
      const rest = arg.k === "const" ? undefined : holders.get(arg.place.local);
      if (rest === undefined || arg.k === "const" || arg.place.proj.length > 0) continue;
      if (query.bodies.mir(target) !== null)
        askAssignedOnly(query, target, { local: index + 1, proj: [{ k: "deref" }, ...rest] });
    }
  }
}

/** What a callee writes behind a reference it was given; not what the caller had there before. */
function askAssignedOnly(query: Query, body: BodyInContext, place: Place): void {
  const key = `w|${bodyKeyIn(body)}|${placeKey(place)}`;
  if (query.seen.has(key)) return;
  query.seen.add(key);
  const mir = query.bodies.mir(body);
  for (const write of mir === null ? [] : writesTo(mir, place.local)) {
    if (write.k === "stmt" && write.stmt.place.proj.length > 0)
      fromMatching(query, body, write.stmt.place.proj, place.proj, write.stmt.value, write.stmt.span);
  }
}

/** What an assigned value is, looked at through `rest`. */
export function fromRvalue(
  query: Query,
  body: BodyInContext,
  value: Rvalue,
  rest: readonly Projection[],
  span: Span,
): void {
  switch (value.k) {
    case "use":
    case "unary":
      return fromOperand(query, body, value.operand, rest);
    case "cast": {
      if (value.kind === "unsize" && query.options.objects) {
        const made = unsizedInto(value.from, value.to);
        if (made !== null) return addMade(query, body, "object", made.ty, span);
      }
      if (value.kind === "reify" && rest.length === 0) return addMade(query, body, "fn", value.from, span);
      if (rest.length < 2 || sameSteps(query.bodies.types, value.from, value.to))
        return fromOperand(query, body, value.operand, rest);
      // Behind a pointer to another type all of what is there may be meant.
      return fromOperand(query, body, value.operand, rest[0]?.k === "deref" ? rest.slice(0, 1) : []);
    }
    case "ref": {
      if (rest[0]?.k === "deref")
        return ask(query, body, { local: value.place.local, proj: [...value.place.proj, ...rest.slice(1)] });
      return fromAddress(query, body, value.place);
    }
    case "aggregate":
      return fromAggregate(query, body, value, rest, span);
    case "binary":
      if (value.op === "bitor") {
        fromOperand(query, body, value.left, []);
        fromOperand(query, body, value.right, []);
        return;
      }
      // A computed address or number may be anything.
      return addOpen(query, { why: "opaque", body, span });
    case "opaque":
      return addOpen(query, { why: "opaque", body, span });
    case "discriminant":
    case "len":
      return;
  }
}

/** A function, a closure (`own`) or what becomes an object, that the body makes: one for all types that its context says. */
function addMade(query: Query, body: BodyInContext, made: "fn" | "own" | "object", ty: Ty, span: Span): void {
  const key = `${made}:${callableKeyIn(query.bodies.types, body, ty)}`;
  if (made === "object") addValue(query, key, { k: "object", ty, body, span });
  else addValue(query, key, { k: "callable", ty, body, span, ...(made === "own" ? { own: true } : {}) });
}

function fromAggregate(
  query: Query,
  body: BodyInContext,
  value: Rvalue & { k: "aggregate" },
  rest: readonly Projection[],
  span: Span,
): void {
  const [step] = rest;
  if (value.kind.k === "closure" && step === undefined) {
    // A future is no function.
    if (value.kind.closure >= ASYNC_BLOCK) return;
    const ty = query.bodies.types.closureTy(body.def, value.kind.closure);
    return addMade(query, body, "own", ty, span);
  }
  const variant = value.kind.k === "adt" ? value.kind.variant : 0;
  if (step === undefined) {
    const ty = value.kind.k === "adt" ? query.bodies.types.adt(value.kind.def, value.kind.args) : null;
    const key = `aggregate:${bodyKeyIn(body)}:${span.start}:${span.end}:${variant}`;
    addValue(query, key, { k: "aggregate", ty, variant, body, fields: value.fields, indices: indicesOf(value), span });
    return;
  }
  const isOther = step.k === "field" && value.kind.k === "adt" && step.variant !== null && step.variant !== variant;
  if (isOther && query.options.others === true)
    addValue(query, "other", { k: "aggregate", ty: null, variant, body, fields: [], indices: [], span });
  for (const field of partsAt(value, step)) fromOperand(query, body, field, step.k === "deref" ? rest : rest.slice(1));
}
