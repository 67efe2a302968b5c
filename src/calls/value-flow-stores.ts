/**
 * What is put into a place: stores into statics and fields anywhere in the program, and what whoever holds a reference to a place puts behind it.
 *
 * Input: a question about values, and a static, a field, a container, or locals that hold an address. Each value that may be put there is a source of
 * what is asked; which values matter is told by the type of what is asked for. A step for each body that is looked through, and none twice.
 */
import type { DefId } from "../names/defs.ts";
import { HAS_PARAM } from "../types/intern.ts";
import type { Ty } from "../types/ty.ts";
import { type BodyInContext, bodyKeyIn, entered, enteredByDrop, memberIn, typesIn } from "./flow-context.ts";
import type { StoresOptions } from "./flow-model.ts";
import { DEREF, type FieldInPlace, placeKey } from "./flow-places.ts";
import { addOpen, addSetElsewhere, ask, type Query } from "./flow-query.ts";
import { leadsTo, usersOf } from "./flow-returned.ts";
import type { Callee, CallTerm, Operand, Projection } from "./mir.ts";
import { bodiesNaming } from "./other-names.ts";
import { putsThere, storesIntoField } from "./private-fields.ts";
import { insideStatic, isStaticAddress, waysInto, withCopies } from "./static-holders.ts";
import {
  isForeign,
  isLookedInto,
  mayWrite,
  onlyCopies,
  passedBeside,
  pointAlike,
  type Stored,
  storesThrough,
  takes,
} from "./static-stores.ts";
import { fromMatching, fromOperand, fromRvalue, MAX_STEPS } from "./value-flow.ts";
import { fromCall, fromResult } from "./value-flow-calls.ts";
import { chosenBodies, operandTyIn } from "./value-flow-chosen.ts";
import { addresses, holdsUnion, placeTyIn, valuesAsked, whereRecast } from "./value-types.ts";

/** What bodies of the program store into a static, or behind these steps from it. */
export function fromStores(query: Query, def: DefId, rest: readonly Projection[]): void {
  const key = `stores:${def}:${placeKey({ local: 0, proj: rest })}`;
  if (query.seen.has(key)) return;
  query.seen.add(key);
  addSetElsewhere(query, def);
  for (const body of bodiesNaming(query.bodies, def)) storesInto(query, body, def, rest);
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
  const wanted = valuesAsked(types, query.options.lent, part);
  const returns = leadsTo(types, part);
  for (const { holders, left, all } of waysInto(mir, def, steps))
    storesBy(query, body, holders, left, wanted, { known: all, returns });
}

/** What a body, and whoever it hands them to, stores behind the given locals; of the values that may matter. */
export function storesBy(
  query: Query,
  body: BodyInContext,
  given: ReadonlySet<number>,
  rest: readonly Projection[],
  asked: (ty: Ty) => boolean,
  { lent = false, known = given, handed, returns = () => false }: StoresOptions = {},
): void {
  if (given.size === 0) return;
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
    if (isForeign(query.bodies, term)) {
      // A C function does not put its callback into the data that is passed beside it, nor anything into what it is given to read.
      if (lent || !mayWrite(query.bodies, mir, term, holders, wanted)) continue;
      if (!onlyCopies(query.bodies, term)) addOpen(query, { why: "memory", body, span: term.span });
    }
    if (isLookedInto(query.bodies, mir, term)) continue;
    for (const arg of passedBeside(mir, term, holders, wanted)) fromBeside(query, body, term, arg, lent);
  }
  const into = (callee: BodyInContext, held: ReadonlySet<number>, exact: boolean): void => {
    const isAny = [...held].some((local) => takesIn(query, callee, { k: "copy", place: { local, proj: [] } }, wanted));
    if (isAny) storesBy(query, callee, held, exact ? rest : [], wanted, { lent, handed: true });
  };
  const fills = query.options.cells !== false;
  for (const stored of storesThrough(query.bodies, mir, { holders, rest, known, fills }, wanted)) {
    if (stored.k === "value") fromRvalue(query, body, stored.value, [], stored.span);
    else if (stored.k === "result") fromCall(query, body, stored.term, []);
    else if (stored.k === "operand") fromBeside(query, body, stored.term, stored.operand, lent);
    else if (stored.k === "returned" && handed === true) continue;
    else if (stored.k === "returned") {
      const { users, open } = usersOf(query.bodies, body, returns);
      for (const one of users) storesBy(query, one.body, one.holders, [], wanted, { lent: lent || one.lent, returns });
      if (open !== null) addOpen(query, open);
    } else if (stored.k === "chosen") {
      const { term, given, exact, holds, beside } = stored;
      const isHolder = holds && isClosureIn(query, body, term.callee);
      if (!isHolder && !given.some((index) => takesIn(query, body, term.args[index], wanted))) continue;
      const { bodies, ofPack, open } = chosenBodies(query, body, term, given);
      for (const arg of ofPack ? beside : []) fromOperand(query, body, arg, []);
      for (const one of bodies) {
        const held = given.map((index) => index + one.first);
        into(one.body, new Set(isHolder && one.first > 1 ? [1, ...held] : held), exact);
      }
      if (open) addOpen(query, { why: "unknown-call", body, span: term.span });
    } else if (stored.k === "dropped") {
      const { def, args } = stored.drop;
      const drop = enteredByDrop({ def, closure: null }, body, typesIn(query.bodies.types, body, args));
      storesBy(query, drop, new Set([1]), [], wanted, { lent, handed: true });
    } else if (stored.k === "callee") {
      into(entered(stored.body, body, stored.term, genericsOf(query, body, stored)), stored.holders, stored.exact);
    } else {
      storesBy(query, stored.body, stored.holders, [], wanted, { lent, handed: true });
      if (stored.gives) ask(query, stored.body, { local: 0, proj: [] });
    }
  }
}

/**
 * What goes into a call beside a pointer. What it points to may be moved or copied, where that is of the pointer's type: `swap(&mut local, &mut STATIC)`; a
 * function of std can do no more with two pointers to one type. Else it may itself be stored there, but for the static that a lent place is put into.
 */
function fromBeside(query: Query, body: BodyInContext, term: CallTerm, arg: Operand, lent: boolean): void {
  const { names } = query.bodies;
  const mir = query.bodies.mir(body);
  const alike = mir !== null && pointAlike(mir, term, arg);
  if (alike) fromOperand(query, body, arg, [DEREF]);
  const callee = term.callee.k === "def" ? names.def(term.callee.def) : null;
  const isTrait = callee?.parent != null && names.def(callee.parent).kind === "trait";
  if (alike && callee?.packEntry != null && !isTrait) return;
  if (!lent || mir === null || !isStaticAddress(mir, arg)) fromOperand(query, body, arg, []);
}

/** Can a value that matters be stored behind the operand, of the type that it has in the body's context? */
function takesIn(
  query: Query,
  body: BodyInContext,
  operand: Operand | undefined,
  wanted: (ty: Ty) => boolean,
): boolean {
  const ty = operand === undefined ? null : operandTyIn(query, body, operand);
  return ty !== null && takes(query.bodies.types, ty, wanted);
}

/** Is a value called that in the body's context is a closure? A pointer that was read where the holders point holds nothing of it. */
function isClosureIn(query: Query, body: BodyInContext, callee: Callee): boolean {
  return callee.k === "value" && operandTyIn(query, body, callee.operand)?.k === "closure";
}

/** The type arguments of a function that is called by name, as the body's context says them. */
function genericsOf(
  { bodies: { types } }: Query,
  body: BodyInContext,
  { body: { def }, term: { callee } }: Stored & { readonly k: "callee" },
): readonly Ty[] | null {
  const member = callee.k === "def" ? memberIn(types, body, callee.def, callee.args) : null;
  return member?.def === def ? member.args : null;
}

/** What is put into a container by whoever has it. */
export function fromContainer(query: Query, body: BodyInContext, local: number, ty: Ty): void {
  const { types } = query.bodies;
  const returns = leadsTo(types, ty);
  const wanted = valuesAsked(types, query.options.lent, ty);
  storesBy(query, body, new Set([local]), [], wanted, { lent: true, returns });
}

/** What the program stores into a field of any value of its type. Where it stores nothing there, others do: C, the kernel, a cast of bytes. */
export function fromField(query: Query, body: BodyInContext, field: FieldInPlace): void {
  const key = `field:${field.owner}:${field.index}:${placeKey({ local: 0, proj: field.rest })}`;
  if (query.seen.has(key)) return;
  query.seen.add(key);
  const { types } = query.bodies;
  const wanted = addresses(types);
  const ty = types.fieldTys(field.owner)[field.index];
  const returns = ty === undefined ? (): boolean => true : leadsTo(types, ty);
  const stores = storesIntoField(query.bodies, field);
  const mir = stores.some((one) => putsThere(query.bodies, one)) ? null : query.bodies.mir(body);
  if (mir !== null) addOpen(query, { why: "memory", body, span: mir.span });
  for (const one of stores) {
    if (one.k === "operand") fromOperand(query, one.body, one.operand, field.rest);
    else if (one.k === "any") addOpen(query, { why: "memory", body: one.body, span: one.span });
    else if (one.k === "beside") fromOperand(query, one.body, one.operand, []);
    else if (one.k === "value") fromMatching(query, one.body, one.at, field.rest, one.value, one.span);
    else if (one.k === "lent") storesBy(query, one.body, new Set([one.holder]), [], wanted, { lent: true, returns });
    else fromResult(query, one.body, one.term, one.at, field.rest);
  }
}
