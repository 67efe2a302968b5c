/**
 * What a question about values has found and has yet to look at. Each place and each value is kept once.
 */
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import type { Bodies } from "./bodies.ts";
import { bodyId } from "./bodies.ts";
import { setElsewhere } from "./call-sites.ts";
import { type BodyInContext, bodyKeyIn } from "./flow-context.ts";
import type { FlowOptions, FlowValue, OpenEnd } from "./flow-model.ts";
import { placeKey } from "./flow-places.ts";
import type { Place } from "./mir.ts";

export interface Query {
  readonly bodies: Bodies;
  readonly options: FlowOptions;
  readonly values: Map<string, FlowValue>;
  readonly open: Map<string, OpenEnd>;
  readonly seen: Set<string>;
  readonly pending: { body: BodyInContext; place: Place }[];
  readonly nested: number;
  /** Called values that the questions around this one ask for. */
  readonly around: ReadonlyMap<string, AskedValue>;
  /** Answers to questions within this one, and within those around it. */
  readonly answered: Map<string, CalledValues>;
  steps: number;
}

/** What a called value is known to be so far, and whether that was taken for an answer. */
export interface AskedValue {
  called: readonly CalledValue[];
  used: boolean;
}
export interface CalledValues {
  readonly called: readonly CalledValue[];
  /** There may be others. */
  readonly open: boolean;
}
export interface CalledValue {
  readonly ty: Ty & { readonly k: "closure" | "fn-def" };
  readonly from: BodyInContext;
}

/** A question that nothing was asked of yet. */
export function queryOf(bodies: Bodies, options: FlowOptions): Query {
  return newQuery(bodies, options, { nested: 0, around: new Map(), answered: new Map(), steps: 0 });
}

/** A question within another one, with one bound for both: else it would be a power of the bound. */
export function queryWithin(outer: Query, options: FlowOptions, key: string, asked: AskedValue): Query {
  const around = new Map([...outer.around, [key, asked]]);
  const { bodies, nested, answered, steps } = outer;
  return newQuery(bodies, options, { nested: nested + 1, around, answered, steps });
}

function newQuery(
  bodies: Bodies,
  options: FlowOptions,
  { nested, around, answered, steps }: Pick<Query, "nested" | "around" | "answered" | "steps">,
): Query {
  const values = new Map<string, FlowValue>();
  const open = new Map<string, OpenEnd>();
  return { bodies, options, values, open, seen: new Set(), pending: [], nested, around, answered, steps };
}

/** One more value. */
export function addValue(query: Query, key: string, value: FlowValue): void {
  if (!query.values.has(key)) query.values.set(key, value);
}
/** A static that code outside the program may set is open. */
export function addSetElsewhere(query: Query, def: DefId): void {
  const span = setElsewhere(query.bodies, def);
  if (span === null) return;
  addOpen(query, { why: "memory", body: { def, closure: null }, span, ty: query.bodies.types.typeOf(def) });
}

/** One more place where values may come from that are not seen. */
export function addOpen(query: Query, end: OpenEnd): void {
  const key = `${end.why}:${bodyId(end.body)}:${end.span.file}:${end.span.start}`;
  if (!query.open.has(key)) query.open.set(key, end);
}

/** Steps into a value: those of a list that is walked recursively grow without end, and each is another place. */
const MAX_DEPTH = 16;

/** What a place of a body holds is asked too. */
export function ask(query: Query, body: BodyInContext, place: Place): void {
  if (place.proj.length > MAX_DEPTH) {
    const mir = query.bodies.mir(body);
    if (mir !== null) addOpen(query, { why: "limit", body, span: mir.span });
    return;
  }
  const key = `${bodyKeyIn(body)}|${placeKey(place)}`;
  if (query.seen.has(key)) return;
  query.seen.add(key);
  query.pending.push({ body, place });
}
