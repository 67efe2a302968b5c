/**
 * Values that calls pass and give back: results of functions, of modelled code and of called values; parameters and captures.
 *
 * Input: a question about values, and a call whose result, or a parameter whose value, is asked for. A body that was entered by a call knows its
 * arguments; else all callers are asked. A called value is a question within the question, with one bound for both.
 */
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import { bodyId } from "./bodies.ts";
import { capturedBy } from "./captured.ts";
import { argumentSources } from "./flow-arguments.ts";
import { type BodyInContext, bodyKeyIn, entered, memberIn, typesIn } from "./flow-context.ts";
import { givenTo, isModelled } from "./flow-given.ts";
import { isOpen } from "./flow-model.ts";
import { DEREF, givesContents, placeKey, prefixOf } from "./flow-places.ts";
import { addOpen, addValue, ask, type Query, queryOf } from "./flow-query.ts";
import type { BodyKey, Callee, Mir, Place, Projection, Terminator } from "./mir.ts";
import { finish, fromOperand } from "./value-flow.ts";
import { fromField } from "./value-flow-stores.ts";

/** So often the question what a called value may be is asked within itself. */
const MAX_NESTED = 3;

type CallTerm = Terminator & { readonly k: "call" };

/** What a call gives back, looked at through `rest`. */
export function fromCall(query: Query, body: BodyInContext, term: CallTerm, rest: readonly Projection[]): void {
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

/** A call's result at `at` is a source for `wanted` where one is a prefix of the other. */
export function fromResult(
  query: Query,
  body: BodyInContext,
  term: CallTerm,
  at: readonly Projection[],
  wanted: readonly Projection[],
): void {
  if (prefixOf(at, wanted)) fromCall(query, body, term, wanted.slice(at.length));
  else if (prefixOf(wanted, at)) fromCall(query, body, term, []);
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
  if (!any || isOpen(query.bodies.types, open)) unknown();
}

/** A parameter: what the call it was entered by passes, else what all callers pass; a closure's environment: what it captured. */
export function fromArgument(query: Query, body: BodyInContext, mir: Mir, place: Place): void {
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
  const { coarse = false, users = false } = query.options;
  for (const one of argumentSources(query.bodies, body, mir, place, { position, coarse, users })) {
    if (one.k === "operand") fromOperand(query, one.body, one.operand, place.proj);
    else if (one.k === "field") fromField(query, one.field);
    else addOpen(query, one.end);
  }
}

function fromCapture(query: Query, body: BodyInContext, closure: number, proj: readonly Projection[]): void {
  const steps = proj[0]?.k === "deref" ? proj.slice(1) : proj;
  const [field] = steps;
  if (field?.k !== "field") return;
  for (const { owner, operand } of capturedBy(query.bodies, body, closure, field.index))
    fromOperand(query, owner, operand, steps.slice(1));
}
