/**
 * What a question about values has found and has yet to look at. Each place and each value is kept once.
 */
import type { DefId } from "../names/defs.ts";
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
  steps: number;
}

/** A question that nothing was asked of yet. */
export function queryOf(bodies: Bodies, options: FlowOptions, nested: number): Query {
  const found = { values: new Map<string, FlowValue>(), open: new Map<string, OpenEnd>(), seen: new Set<string>() };
  return { bodies, options, ...found, pending: [], nested, steps: 0 };
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
