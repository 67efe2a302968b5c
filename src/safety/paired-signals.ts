/**
 * The signals that stand beside a handler in the rows of a table: `for (signal, handler) in [(SIGINT, stop), (SIGSEGV, crash)]`.
 *
 * Input: the operands of one call that are the signal and the handler, or the action that the handler is put into. Output: for a handler the signals
 * of the rows that have it, where both are parts of one value and the handlers are named where rows of its type are built; null where that cannot be
 * told. Whether the rows have all the signals is the asker's question: where they do not, any of the signals may be any handler's.
 */

import { addTo } from "../base/add-to.ts";
import type { Span } from "../base/span.ts";
import { bodyId } from "../calls/bodies.ts";
import type { BodyInContext } from "../calls/flow-context.ts";
import { indicesOf, placeKey } from "../calls/flow-places.ts";
import type { AggregateKind, BodyKey, Mir, Operand, Place } from "../calls/mir.ts";
import { factsOf } from "../calls/mir-facts.ts";
import { flowOf } from "../calls/value-flow.ts";
import type { ValuePlace } from "../model/registrars.ts";
import type { Ty } from "../types/ty.ts";
import { MAX_QUESTIONS, operandKey, type ValueQuery } from "./handler-values.ts";
import { type NamedNumbers, namedNumbers } from "./named-numbers.ts";
import { beforeCasts, copiedFrom, placeTy, stepsInto } from "./value-places.ts";

/** By the handler's `def` or closure what its rows have for a signal. */
export function pairedSignals(
  query: ValueQuery,
  body: BodyKey,
  signal: Operand,
  given: { readonly operand: Operand; readonly place: ValuePlace },
): ReadonlyMap<string, readonly NamedNumbers[]> | null {
  const { bodies } = query;
  const mir = bodies.mir(body);
  if (mir === null) return null;
  const handler = given.place.fields === undefined ? given.operand : storedInto(query, mir, given.operand, given.place);
  const one = partOf(mir, signal);
  const other = handler === null ? null : partOf(mir, handler);
  if (one === null || other === null || !isSamePlace(one.whole, other.whole)) return null;
  const row = placeTy(mir, one.whole);
  const named = callablesIn(query, body, { k: "copy", place: other.place });
  if (row === null || named === null) return null;
  const found = new Map<string, NamedNumbers[]>();
  for (const { key, body: at, span } of named) {
    const beside = rowAround(query, at, row, span)?.[one.index];
    if (beside === undefined) return null;
    addTo(found, key, namedNumbers(query, at, beside, { arg: 0 }));
  }
  return found;
}

interface Named {
  readonly key: string;
  readonly body: BodyKey;
  readonly span: Span;
}

/** Callables that a value holds, at any depth, with where they are named; null where there may be others. */
function callablesIn({ bodies }: ValueQuery, start: BodyKey, operand: Operand): readonly Named[] | null {
  const found = new Map<string, Named>();
  const waiting: { readonly body: BodyInContext; readonly operand: Operand }[] = [{ body: start, operand }];
  const asked = new Set<string>();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const question = operandKey(next.body, next.operand);
    if (asked.has(question)) continue;
    asked.add(question);
    const flow = flowOf(bodies, next.body, next.operand, { objects: true, others: true });
    if (asked.size > MAX_QUESTIONS || flow.open.length > 0) return null;
    for (const value of flow.values) {
      if (value.k === "callable") {
        const key = callableKey(value.ty);
        if (key === null) return null;
        const { body, span } = value;
        found.set(`${key} in ${bodyId(body)} at ${span.file}:${span.start}`, { key, body, span });
      } else if (value.k === "aggregate")
        for (const field of value.fields) waiting.push({ body: value.body, operand: field });
      else if (value.k !== "constant" && !(value.k === "result" && (value.followed || value.given))) return null;
    }
  }
  return [...found.values()];
}

/** A function or closure, whatever its type arguments; null for what is none. */
export function callableKey(ty: Ty): string | null {
  if (ty.k === "fn-def") return bodyId({ def: ty.def, closure: null });
  return ty.k === "closure" ? bodyId({ def: ty.body, closure: ty.closure }) : null;
}

/** The fields of the tuple or struct of a type that a body builds around a place in the text, in the order of the type's fields; null where there is not one. */
function rowAround(
  { bodies }: ValueQuery,
  body: BodyKey,
  row: Ty,
  span: Span,
): readonly (Operand | undefined)[] | null {
  const around = (bodies.mir(body)?.blocks ?? []).flatMap(({ stmts }) =>
    stmts.filter(
      ({ value, span: at }) =>
        value.k === "aggregate" &&
        isOfType(value.kind, value.fields.length, row) &&
        at.file === span.file &&
        at.start <= span.start &&
        at.end >= span.end,
    ),
  );
  const [only, ...others] = around;
  if (only?.value.k !== "aggregate" || others.length > 0) return null;
  const found: (Operand | undefined)[] = [];
  for (const [at, index] of indicesOf(only.value).entries()) found[index] = only.value.fields[at];
  return found;
}

function isOfType(kind: AggregateKind, fields: number, row: Ty): boolean {
  if (row.k === "tuple") return kind.k === "tuple" && fields === row.elems.length;
  return row.k === "adt" && kind.k === "adt" && kind.def === row.def;
}

/** Copies and casts one behind the other. */
const MAX_STEPS = 20;

/** The one value that is put into the field of a local action that the place names; null where there is not one. */
function storedInto(query: ValueQuery, mir: Mir, operand: Operand, place: ValuePlace): Operand | null {
  const at = stepsInto(query.bodies, mir, beforeCasts(mir, operand, place), place);
  if (at.k === "const" || at.place.proj[0]?.k !== "deref") return null;
  const action = lentBy(mir, at.place.local);
  if (action === null) return null;
  const target: Place = { local: action.local, proj: [...action.proj, ...at.place.proj.slice(1)] };
  const stores = mir.blocks.flatMap(({ stmts }) => stmts.filter((one) => isSamePlace(one.place, target)));
  const [only] = stores;
  if (only === undefined || stores.length > 1) return null;
  return only.value.k === "use" || only.value.k === "cast" ? only.value.operand : null;
}

/** The place that a local is a reference or pointer to. */
function lentBy(mir: Mir, local: number): Place | null {
  let at = local;
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    const made = factsOf(mir).definition(at);
    const lent = made?.k === "value" && made.value.k === "ref" ? made.value.place : null;
    if (lent !== null && lent.proj[0]?.k !== "deref") return lent;
    // `&raw const *&action` is what it is made of.
    const from = lent ?? placeOf(copiedFrom(mir, at));
    if (from === null || from.proj.length > (lent === null ? 0 : 1)) return null;
    at = from.local;
  }
  return null;
}

function placeOf(operand: Operand | null): Place | null {
  return operand === null || operand.k === "const" ? null : operand.place;
}

interface Part {
  readonly place: Place;
  readonly whole: Place;
  readonly index: number;
}

/** The value that an operand is a field of, through copies and casts. */
function partOf(mir: Mir, operand: Operand): Part | null {
  let at = operand;
  for (let steps = 0; steps < MAX_STEPS && at.k !== "const"; steps += 1) {
    const { place } = at;
    const last = place.proj.at(-1);
    if (last?.k === "field")
      return { place, whole: { local: place.local, proj: place.proj.slice(0, -1) }, index: last.index };
    if (last !== undefined) return null;
    const from = copiedFrom(mir, place.local);
    if (from === null) return null;
    at = from;
  }
  return null;
}

function isSamePlace(one: Place, other: Place): boolean {
  return placeKey(one) === placeKey(other);
}
