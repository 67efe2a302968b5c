/**
 * Where does a value come from? A backward question over the MIR of the whole program, asked on demand.
 *
 * Flow-insensitive within a body (MIR temporaries are assigned once, so little is lost), field-sensitive, through casts,
 * transmutes, aggregates, references, parameters (to all callers that can name the function), returns, closures'
 * captures, consts, statics and what is stored into them. A function entered through a call is looked at with that call's
 * arguments (`flow-context.ts`), a called value through what it may be. What cannot be followed makes the answer `open`, with a
 * reason; every answer is a finite set, and depth and size are bounded, so the question ends.
 */
import type { Span } from "../base/span.ts";
import type { DefId } from "../names/defs.ts";
import { ASYNC_BLOCK, HAS_PARAM } from "../types/intern.ts";
import type { Ty } from "../types/ty.ts";
import type { Bodies } from "./bodies.ts";
import { bodyId } from "./bodies.ts";
import { capturedBy } from "./captured.ts";
import { fromAddress } from "./flow-address.ts";
import { argumentSources } from "./flow-arguments.ts";
import { beginsContainer } from "./flow-containers.ts";
import { type BodyInContext, bodyKeyIn, entered, memberIn, typesIn } from "./flow-context.ts";
import { givenTo, isModelled } from "./flow-given.ts";
import { type Flow, type FlowOptions, isOpen, type StoresOptions } from "./flow-model.ts";
import {
  DEREF,
  type FieldInPlace,
  givesContents,
  indicesOf,
  partsAt,
  placeKey,
  pointee,
  prefixOf,
  referencesTo,
} from "./flow-places.ts";
import { addOpen, addSetElsewhere, addValue, ask, type Query, queryOf } from "./flow-query.ts";
import { leadsTo, usersOf } from "./flow-returned.ts";
import { writesTo } from "./local-writes.ts";
import type { BodyKey, Callee, Mir, Operand, Place, Projection, Rvalue, Terminator } from "./mir.ts";
import { storesIntoField } from "./private-fields.ts";
import { insideStatic, isStaticAddress, waysInto, withCopies } from "./static-holders.ts";
import { isForeign, lentTo, passedBeside, storesThrough } from "./static-stores.ts";
import { addresses, holdsUnion, mayChange, placeTyIn, valuesThatMatter, whereRecast } from "./value-types.ts";

const MAX_STEPS = 1000;
/** An answer with so many open ends may be anything: what else is known of it is not looked for. */
const MAX_OPEN = 32;
/** So often the question what a called value may be is asked within itself. */
const MAX_NESTED = 3;

type CallTerm = Terminator & { readonly k: "call" };

/** All values that an operand of a body may hold. */
export function flowOf(
  bodies: Bodies,
  body: BodyInContext,
  operand: Operand,
  options: FlowOptions = { objects: false },
): Flow {
  const query = queryOf(bodies, options, 0);
  fromOperand(query, body, operand, []);
  return finish(query);
}

/** All that is stored into a static, or what of it lies behind these steps, after its initialisation, anywhere in the program. */
export function storedIn(bodies: Bodies, def: DefId, steps: readonly Projection[]): Flow {
  const query = queryOf(bodies, { objects: true, filled: true }, 0);
  fromStores(query, def, steps);
  return finish(query);
}

/** What one run of a body may store into a local through mutable references, told as parameters where it was given; null where it is not lent. */
export function storedThroughLent(bodies: Bodies, body: BodyKey, local: number): Flow | null {
  const mir = bodies.mir(body);
  const ty = mir?.locals[local]?.ty;
  const holders = mir === null ? null : lentTo(mir, local);
  if (holders === null || holders.size === 0 || ty === undefined) return null;
  const query = queryOf(bodies, { objects: true }, 0);
  storesBy(query, { ...body, own: true }, holders, [], valuesThatMatter(bodies.types, ty), { lent: true });
  return finish(query);
}

/** Follows what is waiting, nearest first, until nothing is, or a bound is reached. */
function finish(query: Query): Flow {
  for (const next of query.pending) {
    query.steps += 1;
    if (query.steps > MAX_STEPS || query.open.size >= MAX_OPEN) {
      const mir = query.bodies.mir(next.body);
      if (mir !== null) addOpen(query, { why: "limit", body: next.body, span: mir.span });
      break;
    }
    fromPlace(query, next.body, next.place);
  }
  return { values: [...query.values.values()], open: [...query.open.values()] };
}

/** The operand's value, looked at through `rest`. */
function fromOperand(query: Query, body: BodyInContext, operand: Operand, rest: readonly Projection[]): void {
  if (operand.k !== "const") {
    ask(query, body, { local: operand.place.local, proj: [...operand.place.proj, ...rest] });
    return;
  }
  const { value } = operand;
  if (value.k === "fn") {
    const mir = query.bodies.mir(body);
    if (mir !== null) addValue(query, `fn:${value.ty.id}`, { k: "callable", ty: value.ty, body, span: mir.span });
  } else if (value.k === "static") {
    if (rest[0]?.k === "deref") fromStatic(query, value.def, rest.slice(1));
    else addValue(query, `static:${value.def}`, { k: "static", def: value.def, fields: [] });
  } else if (value.k === "const") {
    const key: BodyKey = { def: value.def, closure: null };
    if (query.bodies.mir(key) !== null) ask(query, key, { local: 0, proj: [...rest] });
    else addValue(query, `const:${value.def}`, { k: "constant", value, body });
  } else {
    addValue(query, `constant:${value.k}:${"value" in value ? String(value.value) : ""}`, {
      k: "constant",
      value,
      body,
    });
  }
}

/** What a static holds: its initialiser, and all that is stored into it anywhere. */
function fromStatic(query: Query, def: DefId, rest: readonly Projection[]): void {
  const init: BodyKey = { def, closure: null };
  if (query.bodies.mir(init) !== null) ask(query, init, { local: 0, proj: [...rest] });
  if (mayChange(query.bodies.types, def)) fromStores(query, def, rest);
}

function fromStores(query: Query, def: DefId, rest: readonly Projection[]): void {
  const key = `stores:${def}:${placeKey({ local: 0, proj: rest })}`;
  if (query.seen.has(key)) return;
  query.seen.add(key);
  addSetElsewhere(query, def);
  for (const crate of query.bodies.cratesThatSee(def)) {
    for (const id of query.bodies.mentioning(crate, [query.bodies.names.def(def).name])) {
      for (const body of query.bodies.withClosures(id)) storesInto(query, body, def, rest);
    }
  }
}

function storesInto(query: Query, body: BodyInContext, def: DefId, rest: readonly Projection[]): void {
  const mir = query.bodies.mir(body);
  if (mir === null || body.def === def) return;
  const { types } = query.bodies;
  // Each field of a union is all others.
  const steps = holdsUnion(types, types.typeOf(def)) ? [] : rest;
  const last = steps.findLast((step) => step.k === "field");
  // A step in generic code says the type in that code's own parameters.
  const part = last?.k === "field" && (last.ty.flags & HAS_PARAM) === 0 ? last.ty : types.typeOf(def);
  const wanted = valuesThatMatter(types, part);
  const returns = leadsTo(types, part);
  for (const { holders, left, all } of waysInto(mir, def, steps))
    storesBy(query, body, holders, left, wanted, { known: all, returns });
}

function storesBy(
  query: Query,
  body: BodyInContext,
  given: ReadonlySet<number>,
  rest: readonly Projection[],
  asked: (ty: Ty) => boolean,
  { lent = false, known = given, handed, returns = () => false }: StoresOptions = {},
): void {
  const mir = query.bodies.mir(body);
  const key = `through:${bodyKeyIn(body)}:${[...given].join()}:${placeKey({ local: 0, proj: rest })}`;
  if (mir === null || query.seen.has(key)) return;
  query.seen.add(key);
  query.steps += 1;
  if (query.steps > MAX_STEPS) return addOpen(query, { why: "limit", body, span: mir.span });
  const holders = rest.length === 0 ? given : withCopies(mir, given);
  const wanted = whereRecast(query.bodies.types, mir, holders, asked);
  for (const block of mir.blocks) {
    for (const stmt of block.stmts) {
      const inside = insideStatic(stmt.place, holders);
      if (inside !== null && wanted(placeTyIn(mir, stmt.place)))
        fromMatching(query, body, inside, rest, stmt.value, stmt.span);
    }
    const { term } = block;
    if (term.k !== "call") continue;
    // `S.store(v)`, `S.set(v)`, `S.swap(v)`: whatever goes in with a reference to the static may stay there.
    const inside = insideStatic(term.dest, holders);
    if (inside !== null) fromResult(query, body, term, inside, rest);
    // A C function does not put its callback into the data that is passed beside it.
    if (lent && isForeign(query.bodies.names, term)) continue;
    // What it is put into is no part of it.
    for (const arg of passedBeside(mir, term, holders, wanted))
      if (!lent || !isStaticAddress(mir, arg)) fromOperand(query, body, arg, []);
  }
  for (const stored of storesThrough(query.bodies, mir, { holders, rest, known }, wanted)) {
    if (stored.k === "value") fromRvalue(query, body, stored.value, [], stored.span);
    else if (stored.k === "result") fromCall(query, body, stored.term, []);
    else if (stored.k === "operand" && lent && isStaticAddress(mir, stored.operand)) continue;
    else if (stored.k === "operand") fromOperand(query, body, stored.operand, []);
    else if (stored.k === "returned" && handed === true) continue;
    else if (stored.k === "returned") {
      const { users, open } = usersOf(query.bodies, body, returns);
      for (const one of users) storesBy(query, one.body, one.holders, [], wanted, { lent: lent || one.lent, returns });
      if (open !== null) addOpen(query, open);
    } else if (stored.k === "callee") {
      const callee = entered(stored.body, body, stored.term, null);
      storesBy(query, callee, stored.holders, stored.exact ? rest : [], wanted, { lent, handed: true });
    } else {
      storesBy(query, stored.body, stored.holders, [], wanted, { lent, handed: true });
      if (stored.gives) ask(query, stored.body, { local: 0, proj: [] });
    }
  }
}

/** An assignment to `at` is a source for `wanted` where one is a prefix of the other. */
function fromMatching(
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

/** A call's result at `at` is a source for `wanted` where one is a prefix of the other. */
function fromResult(
  query: Query,
  body: BodyInContext,
  term: CallTerm,
  at: readonly Projection[],
  wanted: readonly Projection[],
): void {
  if (prefixOf(at, wanted)) fromCall(query, body, term, wanted.slice(at.length));
  else if (prefixOf(wanted, at)) fromCall(query, body, term, []);
}

function fromPlace(query: Query, body: BodyInContext, place: Place): void {
  const mir = query.bodies.mir(body);
  if (mir === null) return;
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
  if (filled === true && ty !== undefined && beginsContainer(query.bodies, body, mir, place))
    fromContainer(query, body, place.local, ty);
  if (lent === undefined || ty === undefined || place.local <= mir.argCount) return;
  const wanted = lent === "called" ? valuesThatMatter(query.bodies.types, ty) : addresses(query.bodies.types);
  storesBy(query, body, lentTo(mir, place.local), [], wanted, { lent: true });
}

/** What is put into a container by whoever has it. */
function fromContainer(query: Query, body: BodyInContext, local: number, ty: Ty): void {
  const { types } = query.bodies;
  const returns = leadsTo(types, ty);
  storesBy(query, body, new Set([local]), [], valuesThatMatter(types, ty), { lent: true, returns });
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

function fromRvalue(query: Query, body: BodyInContext, value: Rvalue, rest: readonly Projection[], span: Span): void {
  switch (value.k) {
    case "use":
    case "unary":
      return fromOperand(query, body, value.operand, rest);
    case "cast": {
      if (value.kind === "unsize" && query.options.objects) {
        const inner = pointee(value.from);
        const target = pointee(value.to);
        if (inner !== null && target?.k === "dyn" && inner.k !== "dyn") {
          addValue(query, `object:${inner.id}`, { k: "object", ty: inner, body, span });
          return;
        }
      }
      if (value.kind === "reify" && rest.length === 0)
        addValue(query, `fn:${value.from.id}`, { k: "callable", ty: value.from, body, span });
      return value.kind === "reify" && rest.length === 0 ? undefined : fromOperand(query, body, value.operand, rest);
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
    addValue(query, `fn:${ty.id}`, { k: "callable", ty, body, span });
    return;
  }
  const variant = value.kind.k === "adt" ? value.kind.variant : 0;
  if (step === undefined) {
    const ty = value.kind.k === "adt" ? query.bodies.types.adt(value.kind.def, value.kind.args) : null;
    const key = `aggregate:${bodyKeyIn(body)}:${span.start}:${span.end}:${variant}`;
    addValue(query, key, { k: "aggregate", ty, variant, body, fields: value.fields, indices: indicesOf(value), span });
    return;
  }
  for (const field of partsAt(value, step)) fromOperand(query, body, field, step.k === "deref" ? rest : rest.slice(1));
}

function fromCall(query: Query, body: BodyInContext, term: CallTerm, rest: readonly Projection[]): void {
  const { callee, args, span } = term;
  const result = (followed: boolean): void => {
    const key = `result:${bodyKeyIn(body)}:${span.file}:${span.start}:${span.end}`;
    addValue(query, key, { k: "result", callee, args, body, span, followed });
  };
  if (callee.k === "value") {
    fromCalledValue(query, body, term, callee, rest);
    return result(true);
  }
  const ends = query.options.ends ?? (() => false);
  if (callee.k === "unresolved" || ends(callee.def)) return result(false);
  const { types } = query.bodies;
  const passes = types.names.def(callee.def).packEntry === null ? null : types.passesArgument(callee.def);
  if (passes !== null) {
    const arg = args[passes];
    if (arg !== undefined)
      return fromOperand(query, body, arg, givesContents(types, callee.def, passes) ? [DEREF, ...rest] : rest);
  }
  const member = memberIn(types, body, callee.def, callee.args);
  if (member !== null && ends(member.def)) return result(false);
  result(fromFunction(query, body, term, member, rest));
}

/** What a function with a body gives back to this call. */
function fromFunction(
  query: Query,
  body: BodyInContext,
  term: CallTerm,
  member: { readonly def: DefId; readonly args: readonly Ty[] } | null,
  rest: readonly Projection[],
): boolean {
  const target: BodyKey | null = member === null ? null : { def: member.def, closure: null };
  const mir = target === null ? null : query.bodies.mir(target);
  // Modelled code without a body gives back what is made of what it was given.
  if (member !== null && mir !== null && isModelled(query.bodies, member.def, mir)) {
    for (const one of givenTo(query.bodies.types, query.bodies.mir(body), member.def, term.args)) {
      fromOperand(query, body, one.operand, one.behind ? [DEREF] : []);
      if (one.closure !== null) ask(query, one.closure, { local: 0, proj: [] });
    }
    return true;
  }
  if (target === null || member === null || mir === null) {
    addOpen(query, { why: "unknown-call", body, span: term.span });
    return false;
  }
  ask(query, entered(target, body, term, member.args), { local: 0, proj: [...rest] });
  return true;
}

/** `f(x)`: what each function or closure that `f` may be gives back. */
function fromCalledValue(
  query: Query,
  body: BodyInContext,
  term: CallTerm,
  callee: Callee & { k: "value" },
  rest: readonly Projection[],
): void {
  const unknown = (): void => addOpen(query, { why: "unknown-call", body, span: term.span });
  if (query.nested >= MAX_NESTED) return unknown();
  const inner = queryOf(query.bodies, { ...query.options, objects: true }, query.nested + 1);
  // One bound for a question and those within it: else it would be a power of the bound.
  inner.steps = query.steps;
  fromOperand(inner, body, callee.operand, []);
  const { values, open } = finish(inner);
  query.steps = inner.steps;
  let any = false;
  for (const value of values) {
    if (value.k !== "callable") continue;
    const { ty } = value;
    if (ty.k === "closure") {
      const target = { def: ty.body, closure: ty.closure };
      const generics = typesIn(query.bodies.types, value.body, ty.args);
      ask(query, entered(target, body, term, generics, value.body), { local: 0, proj: [...rest] });
    } else if (ty.k === "fn-def") {
      fromFunction(query, body, term, memberIn(query.bodies.types, value.body, ty.def, ty.args), rest);
    } else continue;
    any = true;
  }
  if (!any || open.some(isOpen)) unknown();
}

/** A parameter: what the call it was entered by passes, else what all callers pass; a closure's environment: what it captured. */
function fromArgument(query: Query, body: BodyInContext, mir: Mir, place: Place): void {
  if (body.closure !== null && place.local === 1) return fromCapture(query, body, body.closure, place.proj);
  const position = place.local - 1 - (body.closure === null ? 0 : 1);
  if (body.context !== undefined) {
    const given = body.context.args[position];
    if (given !== undefined) fromOperand(query, body.context.caller, given, place.proj);
    return;
  }
  const { parametersOf } = query.options;
  if (body.own === true || (parametersOf !== undefined && bodyId(parametersOf) === bodyId(body))) {
    const key = `parameter:${position}:${placeKey({ local: 0, proj: place.proj })}`;
    return addValue(query, key, { k: "parameter", index: position, steps: place.proj });
  }
  const coarse = query.options.coarse === true;
  for (const one of argumentSources(query.bodies, body, mir, place, { position, coarse })) {
    if (one.k === "operand") fromOperand(query, one.body, one.operand, place.proj);
    else if (one.k === "field") fromField(query, one.field);
    else addOpen(query, one.end);
  }
}

/** What the program stores into a field of any value of its type. */
function fromField(query: Query, field: FieldInPlace): void {
  const key = `field:${field.owner}:${field.index}:${placeKey({ local: 0, proj: field.rest })}`;
  if (query.seen.has(key)) return;
  query.seen.add(key);
  const wanted = addresses(query.bodies.types);
  for (const one of storesIntoField(query.bodies, field)) {
    if (one.k === "operand") fromOperand(query, one.body, one.operand, field.rest);
    else if (one.k === "beside") fromOperand(query, one.body, one.operand, []);
    else if (one.k === "value") fromMatching(query, one.body, one.at, field.rest, one.value, one.span);
    else if (one.k === "lent") storesBy(query, one.body, new Set([one.holder]), [], wanted, { lent: true });
    else fromResult(query, one.body, one.term, one.at, field.rest);
  }
}

function fromCapture(query: Query, body: BodyInContext, closure: number, proj: readonly Projection[]): void {
  const steps = proj[0]?.k === "deref" ? proj.slice(1) : proj;
  const [field] = steps;
  if (field?.k !== "field") return;
  for (const { owner, operand } of capturedBy(query.bodies, body, closure, field.index))
    fromOperand(query, owner, operand, steps.slice(1));
}
