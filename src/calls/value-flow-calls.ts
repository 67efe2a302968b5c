/**
 * Values that calls pass and give back: results of functions, of modelled code and of called values; parameters and captures.
 *
 * Input: a question about values, and a call whose result, or a parameter whose value, is asked for. A body that was entered by a call knows its
 * arguments; else all callers are asked. A called value is a question within the question, with one bound for both.
 */
import type { Ty } from "../types/ty.ts";
import { bodyId } from "./bodies.ts";
import { capturedBy } from "./captured.ts";
import { argumentSources } from "./flow-arguments.ts";
import { type BodyInContext, bodyKeyIn, copiesItself, entered, memberIn, typesIn } from "./flow-context.ts";
import { givenTo, isModelled } from "./flow-given.ts";
import { type FlowOptions, isOpen } from "./flow-model.ts";
import { DEREF, givesContents, isBoxed, placeKey, prefixOf, sameSteps } from "./flow-places.ts";
import {
  type AskedValue,
  addOpen,
  addValue,
  ask,
  type CalledValue,
  type CalledValues,
  type Query,
  queryWithin,
} from "./flow-query.ts";
import { linkedTo } from "./linked-symbols.ts";
import type { BodyKey, Callee, CallTerm, Mir, Operand, Place, Projection } from "./mir.ts";
import { finishInside, fromOperand } from "./value-flow.ts";
import { chosenMembers, type Member } from "./value-flow-chosen.ts";
import { fromField } from "./value-flow-stores.ts";
import { operandTy, placeTyIn } from "./value-types.ts";

/** So often the question what a called value may be is asked within another. */
const MAX_NESTED = 3;
/** So often it is asked again where it is asked within itself. */
const MAX_ROUNDS = 6;

/** What a call gives back, looked at through `rest`. */
export function fromCall(query: Query, body: BodyInContext, term: CallTerm, rest: readonly Projection[]): void {
  const { callee, args, span } = term;
  const result = (followed: boolean, given = false): void => {
    const key = `result:${bodyKeyIn(body)}:${span.file}:${span.start}:${span.end}`;
    addValue(query, key, { k: "result", callee, args, body, span, followed, given });
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
    if (arg === undefined) return;
    if (givesContents(types, callee.def, passes)) return fromOperand(query, body, arg, [DEREF, ...rest]);
    if (rest[0]?.k === "deref" && isBoxed(types, callee.def, passes))
      return fromOperand(query, body, arg, rest.slice(1));
    const mir = query.bodies.mir(body);
    const from = mir === null ? null : operandTy(mir, arg);
    const fits = mir !== null && from !== null && sameSteps(types, from, placeTyIn(mir, term.dest));
    return fromOperand(query, body, arg, fits ? rest : []);
  }
  const member = memberIn(types, body, callee.def, callee.args);
  if (member !== null && ends(member.def)) return result(false);
  if (member === null && args[0] !== undefined && copiesItself(types, body, callee.def, callee.args))
    return fromOperand(query, body, args[0], [DEREF, ...rest]);
  const made = fromFunction(query, body, term, member, rest);
  result(made !== "unknown", made === "given");
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

/** What a function gives back to this call: what its body does, or of what it was given. */
function fromFunction(
  query: Query,
  body: BodyInContext,
  term: CallTerm,
  member: Member | null,
  rest: readonly Projection[],
): "followed" | "given" | "unknown" {
  if (member === null && term.callee.k === "def") return fromChosen(query, body, term, term.callee, rest);
  const { types } = query.bodies;
  const target: BodyKey | null = member === null ? null : { def: linkedTo(query.bodies, member.def), closure: null };
  const mir = target === null ? null : query.bodies.mir(target);
  // Modelled code without a body gives back what is made of what it was given.
  if (member !== null && mir !== null && isModelled(query.bodies, member.def, mir)) {
    const given = givenTo(types, query.bodies.mir(body), member.def, term.args);
    for (const one of given) {
      fromOperand(query, body, one.operand, one.behind ? [DEREF] : []);
      if (one.closure !== null) ask(query, one.closure, { local: 0, proj: [] });
    }
    return given.length > 0 ? "given" : "followed";
  }
  if (target === null || member === null || mir === null) {
    addOpen(query, { why: "unknown-call", body, span: term.span });
    return "unknown";
  }
  ask(query, entered(target, body, term, member.args), { local: 0, proj: [...rest] });
  if (types.names.def(member.def).packEntry === null) return "followed";
  return rest.length > 0 || types.passesArgument(member.def) !== null ? "given" : "followed";
}

/** What a trait's method gives back for each type that the body's callers choose. */
function fromChosen(
  query: Query,
  body: BodyInContext,
  term: CallTerm,
  callee: Member,
  rest: readonly Projection[],
): "followed" | "given" | "unknown" {
  const { members, open } = chosenMembers(query, body, callee);
  if (open) addOpen(query, { why: "unknown-call", body, span: term.span });
  const made = members.map((one) => fromFunction(query, body, term, one, rest));
  if (made.includes("given")) return "given";
  return open || made.includes("unknown") ? "unknown" : "followed";
}

/** `f(x)`: what each function or closure that `f` may be gives back. */
function fromCalledValue(
  query: Query,
  body: BodyInContext,
  term: CallTerm,
  callee: Callee & { k: "value" },
  rest: readonly Projection[],
): void {
  const { called, open } = calledValues(query, body, callee);
  for (const { ty, from } of called) {
    if (ty.k === "closure") ask(query, enteredClosure(query, from, ty, body, term), { local: 0, proj: [...rest] });
    else fromFunction(query, body, term, memberIn(query.bodies.types, from, ty.def, ty.args), rest);
  }
  if (open) addOpen(query, { why: "unknown-call", body, span: term.span });
}

/**
 * The functions and closures that a called value may be; open where it may be others, or where too many questions are within each other. What stands
 * behind a value may be set by what is called: a question that is asked within itself begins with nothing, and is asked again while that adds to it.
 */
export function calledValues(
  query: Query,
  body: BodyInContext,
  callee: Callee & { k: "value" },
  more: Partial<FlowOptions> = {},
): CalledValues {
  const { operand } = callee;
  const place = operand.k === "const" ? "" : placeKey(operand.place);
  const key = `${bodyKeyIn(body)}|${place}|${more.lent ?? ""}`;
  const asked = query.around.get(key);
  if (asked !== undefined) {
    asked.used = true;
    return { called: asked.called, open: false };
  }
  const known = operand.k === "const" ? undefined : query.answered.get(key);
  if (known !== undefined) return known;
  if (query.nested >= MAX_NESTED) return { called: [], open: true };
  const outer = [...query.around.values()];
  const used = outer.map((one) => one.used);
  for (const one of outer) one.used = false;
  const answer = untilStable(query, body, operand, { ...query.options, objects: true, ...more }, key);
  // What was made of an answer that is not whole yet is none for later.
  if (!outer.some((one) => one.used)) query.answered.set(key, answer);
  for (const [index, one] of outer.entries()) one.used ||= used[index] === true;
  return answer;
}

function untilStable(
  query: Query,
  body: BodyInContext,
  operand: Operand,
  options: FlowOptions,
  key: string,
): CalledValues {
  const own: AskedValue = { called: [], used: false };
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const inner = queryWithin(query, options, key, own);
    fromOperand(inner, body, operand, []);
    const { values, open } = finishInside(inner);
    query.steps = inner.steps;
    const called: CalledValue[] = [];
    let others = false;
    for (const value of values) {
      if (value.k !== "callable" && value.k !== "object") continue;
      if (value.ty.k === "closure" || value.ty.k === "fn-def") called.push({ ty: value.ty, from: value.body });
      // An object of another type calls what it holds.
      else if (value.k === "object") others = true;
    }
    if (!own.used || called.length <= own.called.length) {
      return { called, open: called.length === 0 || others || isOpen(query.bodies.types, open) };
    }
    own.called = called;
  }
  return { called: [], open: true };
}

/** The closure's body as the call enters it; `from`: the body that made it. */
export function enteredClosure(
  query: Query,
  from: BodyInContext,
  ty: Ty & { readonly k: "closure" },
  body: BodyInContext,
  term: CallTerm,
): BodyInContext {
  const target = { def: ty.body, closure: ty.closure };
  // A static's own closure is given nothing, and knows nothing of who forces the static.
  const isOfStatic = query.bodies.names.def(ty.body).kind === "static";
  if (isOfStatic && query.bodies.mir(target)?.argCount === 1) return target;
  return entered(target, body, term, typesIn(query.bodies.types, from, ty.args), from);
}

/** A parameter: what the call it was entered by passes, else what all callers pass; a closure's environment: what it captured. */
export function fromArgument(query: Query, body: BodyInContext, mir: Mir, place: Place): void {
  if (body.closure !== null && place.local === 1) return fromCapture(query, body, body.closure, place.proj);
  const position = place.local - 1 - (body.closure === null ? 0 : 1);
  if (body.context !== undefined && body.context.args !== null) {
    const given = body.context.args[position];
    const isLent = body.context.lends === true && place.proj[0]?.k === "deref";
    if (given !== undefined) fromOperand(query, body.context.caller, given, isLent ? place.proj.slice(1) : place.proj);
    return;
  }
  const { parametersOf } = query.options;
  if (body.own === true || (parametersOf !== undefined && bodyId(parametersOf) === bodyId(body))) {
    const key = `parameter:${position}:${placeKey({ local: 0, proj: place.proj })}`;
    return addValue(query, key, { k: "parameter", index: position, steps: place.proj });
  }
  const { coarse = false, users = false, rewritten = false } = query.options;
  for (const one of argumentSources(query.bodies, body, mir, place, { position, coarse, users, rewritten })) {
    if (one.k === "operand") fromOperand(query, one.body, one.operand, place.proj);
    else if (one.k === "field") fromField(query, body, one.field);
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
