/**
 * Signals and flags of an installation.
 *
 * Input: the registrar's call, the calls around it, and the handler. Parameters of wrappers are what this chain of callers passes; where signal and
 * handler come out of one table, the signals are those of the handler's rows. Of what cannot be told it is said that there may be others.
 */
import { pushAll } from "../base/push-all.ts";
import type { Operand } from "../calls/mir.ts";
import type { ValuePlace } from "../model/registrars.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import type { ValueQuery } from "./handler-values.ts";
import { type Frame, queryOf, type RegistrationOptions, type Resolved, withSteps } from "./install-frames.ts";
import { type NamedNumbers, namedNumbers } from "./named-numbers.ts";
import { callableKey, pairedSignals } from "./paired-signals.ts";
import type { RegistrarCall } from "./registrar-uses.ts";

export interface Signals {
  /** In order. */
  readonly names: readonly string[];
  /** There may be others. */
  readonly open: boolean;
  /** Functions whose argument it may be, given by code outside the program. */
  readonly given: readonly DefId[];
}

/** The signals that a call installs its handlers for, handler by handler. */
export function signalsOf(
  options: RegistrationOptions,
  call: RegistrarCall,
  resolved: Resolved,
  place: ValuePlace,
): (ty: Ty) => Signals {
  const all = valueIn({ ...queryOf(options, call), written: true }, resolved.frames, place);
  const rows = rowsOf(options, call, resolved, place, all);
  const ofAll = signalsAmong(options, resolved.frames, all);
  return (ty) => {
    const own = rows?.get(callableKey(ty) ?? "");
    if (own === undefined) return ofAll;
    const numbers = own.flatMap((one) => one.numbers);
    const names = own.flatMap((one) => one.names);
    return signalsAmong(options, resolved.frames, { ...all, numbers, names });
  };
}

function signalsAmong(options: RegistrationOptions, frames: readonly Frame[], value: Numbers): Signals {
  const { registrars, numbering } = options;
  const found = new Set<string>();
  for (const name of value.names) if (registrars.signalNumber(numbering, name) !== null) found.add(name);
  for (const number of value.numbers) {
    const name = registrars.signalName(numbering, number);
    if (name !== null) found.add(name);
  }
  const inList = found.size === 0 ? signalsNamedIn(options, frames) : new Set<string>();
  for (const name of inList) found.add(name);
  const canonical = [...found].filter((name) => {
    const number = registrars.signalNumber(numbering, name);
    const usual = number === null ? null : registrars.signalName(numbering, number);
    return usual === null || usual === name || !found.has(usual);
  });
  const isOpen = value.open || inList.size > 0 || (found.size === 0 && value.given.length === 0);
  return { names: canonical.sort(), open: isOpen, given: value.given };
}

/** By handler the rows that have it, where signal and handler come out of one table whose rows have all the signals; else null. */
function rowsOf(
  options: RegistrationOptions,
  call: RegistrarCall,
  { frames, given }: Resolved,
  place: ValuePlace,
  all: Numbers,
): ReadonlyMap<string, readonly NamedNumbers[]> | null {
  if (all.names.length + all.numbers.length < 2) return null;
  const outer = frames.at(-1);
  const signal = signalIn(options, call, frames, place);
  if (outer === undefined || signal === null) return null;
  const paired = pairedSignals(queryOf(options, call), outer.body, signal, given);
  const rows = [...(paired?.values() ?? [])].flat();
  const names = new Set(rows.flatMap((one) => one.names));
  const numbers = new Set(rows.flatMap((one) => one.numbers));
  const isWhole = all.names.every((one) => names.has(one)) && all.numbers.every((one) => numbers.has(one));
  return isWhole && rows.every(({ parameters }) => parameters.length === 0) ? paired : null;
}

/** The signal as the outermost of the calls has it; null where it is not passed on as it is. */
function signalIn(
  options: RegistrationOptions,
  call: RegistrarCall,
  frames: readonly Frame[],
  place: ValuePlace,
): Operand | null {
  let operand = place.fields === undefined ? frames[0]?.args[place.arg] : undefined;
  for (const [index, frame] of frames.slice(1).entries()) {
    const inner = frames[index];
    if (operand === undefined || inner === undefined) return null;
    const query = { ...queryOf(options, call), parametersOf: inner.body };
    const [only, ...others] = namedNumbers(query, inner.body, operand, { arg: 0 }).parameters;
    const argument = only === undefined || others.length > 0 ? undefined : frame.args[only.index];
    operand = only === undefined || argument === undefined ? undefined : withSteps(argument, only.steps);
  }
  return operand ?? null;
}

/** Where a signal comes out of a list: the signals that the installing function puts into one. What it gives to a function of its own or of C it uses there. */
function signalsNamedIn(options: RegistrationOptions, frames: readonly Frame[]): Set<string> {
  const names = new Set<string>();
  for (const frame of frames) {
    const mir = options.bodies.mir(frame.body);
    for (const { stmts, term } of mir?.blocks ?? []) {
      const isStd =
        term.k === "call" && term.callee.k === "def" && options.bodies.names.def(term.callee.def).packEntry !== null;
      const operands = isStd ? [...term.args] : [];
      for (const { value } of stmts) {
        if (value.k === "use" || value.k === "cast") operands.push(value.operand);
        if (value.k === "aggregate") pushAll(operands, value.fields);
      }
      for (const one of operands) {
        if (one.k !== "const" || one.value.k !== "const") continue;
        const { name } = options.bodies.names.def(one.value.def);
        if (options.registrars.signalNumber(options.numbering, name) !== null) names.add(name);
      }
    }
  }
  return names;
}

/** The flags of an installation by their names; null where they could not be told. */
export function flagsOf(
  options: RegistrationOptions,
  call: RegistrarCall,
  frames: readonly Frame[],
): readonly string[] | null {
  const { registrar } = call;
  const found = new Set(registrar.impliedFlags ?? []);
  const places = registrar.flags === undefined ? [] : [registrar.flags];
  if (places.length === 0)
    return registrar.impliedFlags === undefined && registrar.viaSignal !== true ? null : [...found];
  const { registrars, numbering } = options;
  let seen = false;
  for (const place of places) {
    const value = flagsValue(options, call, frames, place);
    seen ||= value.numbers.length > 0 || value.names.length > 0;
    for (const name of value.names) if (registrars.flagBits(numbering, name) !== null) found.add(name);
    for (const number of value.numbers) for (const name of registrars.flagNames(numbering, number)) found.add(name);
  }
  return seen ? [...found].sort() : null;
}

function flagsValue(
  options: RegistrationOptions,
  call: RegistrarCall,
  frames: readonly Frame[],
  place: ValuePlace,
): Numbers {
  const constructor = call.registrar.constructors?.find((one) => one.flags !== undefined);
  const names: string[] = [];
  const numbers: number[] = [];
  if (constructor?.flags !== undefined) {
    for (const frame of frames) {
      const mir = options.bodies.mir(frame.body);
      for (const { term } of mir?.blocks ?? []) {
        if (term.k !== "call" || term.callee.k !== "def") continue;
        if (options.bodies.names.pathOf(term.callee.def) !== constructor.path) continue;
        const given = term.args[constructor.flags.arg];
        if (given === undefined) continue;
        const value = namedNumbers(queryOf(options, call), frame.body, given, { arg: 0 });
        pushAll(names, value.names);
        pushAll(numbers, value.numbers);
      }
    }
    if (names.length + numbers.length > 0) return { ...NOTHING_KNOWN, names, numbers };
  }
  return valueIn(queryOf(options, call), frames, place);
}

interface Numbers {
  readonly numbers: readonly number[];
  readonly names: readonly string[];
  readonly open: boolean;
  readonly given: readonly DefId[];
}
const NOTHING_KNOWN: Numbers = { numbers: [], names: [], open: true, given: [] };

/** A value of the registrar's call, with parameters of wrappers replaced by what this chain of callers passes. */
function valueIn(query: ValueQuery, frames: readonly Frame[], place: ValuePlace): Numbers {
  const operand = frames[0]?.args[place.arg];
  return operand === undefined ? NOTHING_KNOWN : numbersAt(query, frames, operand, place);
}

function numbersAt(query: ValueQuery, frames: readonly Frame[], operand: Operand, place: ValuePlace): Numbers {
  const [frame, ...outer] = frames;
  if (frame === undefined) return NOTHING_KNOWN;
  const asked = outer.length > 0 ? { ...query, parametersOf: frame.body } : query;
  const own = namedNumbers(asked, frame.body, operand, place);
  const numbers = new Set(own.numbers);
  const names = new Set(own.names);
  const outside = new Set(own.given);
  let { open } = own;
  for (const { index, steps } of own.parameters) {
    const given = outer[0]?.args[index];
    if (given === undefined) return NOTHING_KNOWN;
    const more = numbersAt(query, outer, withSteps(given, steps), { arg: 0 });
    open ||= more.open;
    for (const one of more.given) outside.add(one);
    for (const one of more.numbers) numbers.add(one);
    for (const one of more.names) names.add(one);
  }
  return { numbers: [...numbers], names: [...names], open, given: [...outside] };
}
