/**
 * What is known so far of the functions that a handler value may be: gathered while values are followed (handler-values.ts), merged, and told at the end.
 *
 * Nothing is followed here.
 */
import type { FlowOptions } from "../calls/flow-model.ts";
import type { Projection } from "../calls/mir.ts";
import type { Ty } from "../types/ty.ts";

export interface HandlerValues {
  /** Types of function items and closures. */
  readonly callables: readonly Ty[];
  readonly none: boolean;
  /** Why there may be others; empty where all are known. */
  readonly unknown: readonly string[];
  /** Parameters of the body that the value may be, where they were asked for. */
  readonly parameters: readonly Parameter[];
}

/** A value that a body was given, and the steps from it: what each call passes in that place, a closure's own captures not counted. */
export interface Parameter {
  readonly index: number;
  readonly steps: readonly Projection[];
}

export interface Found {
  readonly callables: Map<number, Ty>;
  none: boolean;
  /** It is memory that was made without a value: what is written into it later is not among the values. */
  zeroed: boolean;
  /** It is what a static was made with: others may have filled it since. */
  empty: boolean;
  /** It comes out of something that values are put into without its being written: a channel, a cell, a collection. */
  contained: boolean;
  /** It comes from a parameter of a function that nothing calls. */
  dead: boolean;
  /** There is a function among what it is made of that makes such values itself. */
  makers: boolean;
  readonly unknown: Set<string>;
  readonly parameters: Map<string, Parameter>;
  readonly asked: Asked;
}

export interface Asked {
  /** What was asked for this value already, by body and operand. */
  readonly answers: Map<string, Found>;
  /** How what is met on the way is asked for. */
  readonly options: FlowOptions;
}

/** Nothing yet. */
export function emptyFound(asked: Asked): Found {
  return {
    callables: new Map(),
    none: false,
    zeroed: false,
    empty: false,
    contained: false,
    dead: false,
    makers: false,
    unknown: new Set(),
    parameters: new Map(),
    asked,
  };
}

/** Puts in what another one holds. */
export function merge(into: Found, from: Found): void {
  if (into === from) return;
  for (const [id, ty] of from.callables) into.callables.set(id, ty);
  into.none ||= from.none;
  into.zeroed ||= from.zeroed;
  into.empty ||= from.empty;
  into.contained ||= from.contained;
  into.dead ||= from.dead;
  into.makers ||= from.makers;
  for (const why of from.unknown) into.unknown.add(why);
  for (const [key, one] of from.parameters) into.parameters.set(key, one);
}

/** What is told of it: lists in the order of their finding, reasons sorted. */
export function answerOf({ callables, none, unknown, parameters }: Found): HandlerValues {
  return {
    callables: [...callables.values()],
    none,
    unknown: [...unknown].sort(),
    parameters: [...parameters.values()],
  };
}

/** A key for a parameter, for maps. */
export function parameterKey({ index, steps }: Parameter): string {
  return JSON.stringify([index, steps], (name, one: unknown) => (name === "ty" ? (one as Ty).id : one));
}
