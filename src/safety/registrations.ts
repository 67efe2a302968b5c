/**
 * The handlers of a program: every installation, resolved to the functions it installs, merged per function.
 *
 * A handler, signal or flags value that is a parameter of a wrapper is looked for at each of the wrapper's callers, so that
 * each caller keeps its own signals; values that flow otherwise are followed over the whole program. Installations of
 * SIG_DFL, SIG_IGN and null are no handlers. An installation that may install more than what was found is unknown, with
 * the reason; one in a function that nobody in the program calls and nobody can is none.
 */

import { pushAll } from "../base/push-all.ts";
import type { Span } from "../base/span.ts";
import type { Steps } from "../base/steps.ts";
import { type Bodies, bodyId } from "../calls/bodies.ts";
import { callSitesOf, fromGenericPack } from "../calls/call-sites.ts";
import type { IsLive } from "../calls/live-blocks.ts";
import type { BodyKey, Operand, Projection } from "../calls/mir.ts";
import { privateField } from "../calls/private-fields.ts";
import { instancesOfType } from "../calls/type-instances.ts";
import { isLookedFor, type Registrar, type Registrars, type ValuePlace } from "../model/registrars.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import { storesAreKnown } from "./action-stores.ts";
import type { InstallChain } from "./guard-init.ts";
import type { HandlerValues, Parameter } from "./handler-found.ts";
import { handlerValues, type ValueQuery, valuesStored } from "./handler-values.ts";
import { namedNumbers } from "./named-numbers.ts";
import { registrarUseSteps } from "./registrar-calls.ts";
import type { RegistrarCall } from "./registrar-uses.ts";

export interface Installation {
  readonly registrar: Registrar;
  readonly call: RegistrarCall;
  readonly chain: InstallChain;
  readonly signals: readonly string[];
  /** It may be installed for others than these; and functions whose argument the number may be, given by code outside the program. */
  readonly otherSignals: boolean;
  readonly signalGivenTo: readonly DefId[];
  /** Null where they could not be told. */
  readonly flags: readonly string[] | null;
}
export interface HandlerFunction {
  /** A function item or closure. */
  readonly ty: Ty & ({ readonly k: "fn-def" } | { readonly k: "closure" });
  readonly installs: readonly Installation[];
}
export interface UnknownInstallation {
  readonly registrar: Registrar;
  readonly body: BodyKey;
  readonly span: Span;
  readonly why: readonly string[];
}
export interface Registrations {
  readonly handlers: readonly HandlerFunction[];
  readonly unknown: readonly UnknownInstallation[];
  /** Calls of registrars that were looked at. */
  readonly calls: number;
  /** Functions with such a call in them, or that make one if they are given its number. */
  readonly installers: readonly DefId[];
}
export interface RegistrationOptions {
  readonly bodies: Bodies;
  readonly registrars: Registrars;
  readonly arch: string;
  /** By which the numbers of signals and flags go. */
  readonly numbering: string;
  /** Look at code between fork and exec too. */
  readonly forkEntries: boolean;
  /** Can a block of a body run? */
  readonly isLive: IsLive;
}

const MAX_WRAPPERS = 4;

/** All handlers that the program's crates install. */
export function* registrationSteps(options: RegistrationOptions): Steps<Registrations> {
  const handlers = new Map<string, { ty: HandlerFunction["ty"]; installs: Installation[] }>();
  const unknown: { call: RegistrarCall; why: readonly string[]; ofAction: boolean }[] = [];
  const uses = yield* registrarUseSteps(options);
  const { calls, passed, hidden, byName, inAssembly, unread } = uses;
  for (const call of calls) {
    const { registrar } = call;
    yield `looking for handlers: what ${registrar.id} installs`;
    if (!isLookedFor(registrar, options.forkEntries)) continue;
    const why = new Set<string>();
    let ofAction = true;
    for (const place of registrar.handlers) {
      for (const one of resolveInstall(options, call, place)) {
        for (const reason of one.values.unknown) why.add(reason);
        if (one.values.unknown.length > 0) ofAction &&= one.ofAction;
        for (const ty of one.values.callables.flatMap((found) =>
          instancesOfType(
            options.bodies,
            one.frames.map((frame) => frame.body),
            found,
          ),
        )) {
          if (ty.k !== "fn-def" && ty.k !== "closure") continue;
          const key = handlerKey(ty);
          const entry = handlers.get(key) ?? { ty, installs: [] };
          handlers.set(key, entry);
          entry.installs.push(describe(options, call, one.frames));
        }
      }
    }
    if (why.size > 0) unknown.push({ call, why: [...why].sort(), ofAction });
  }
  const isKnown = (ty: Ty): boolean => (ty.k === "fn-def" || ty.k === "closure") && handlers.has(handlerKey(ty));
  const left = unknown
    .filter(({ call, ofAction }) => !(ofAction && isKeptAction(options, call, isKnown)))
    .map(({ call: { registrar, body, term }, why }) => ({ registrar, body, span: term.span, why }));
  const values = passed
    .filter(({ registrar }) => isLookedFor(registrar, options.forkEntries))
    .map((one) => ({ ...one, why: ["the registrar is passed on as a value"] }));
  const inMacros = hidden
    .filter(({ registrar }) => isLookedFor(registrar, options.forkEntries))
    .map((one) => ({ ...one, why: [`inside ${one.macro}, which was not expanded`] }));
  const untold = unread.map((one) => ({ ...one, why: ["which system call it is cannot be told"] }));
  const atRunTime = byName.map((one) => ({ ...one, why: ["it is looked up by its name at run time"] }));
  const byItems = inAssembly.map((one) => ({ ...one, why: ["assembly outside of functions calls it"] }));
  return {
    handlers: [...handlers.values()],
    unknown: [...left, ...values, ...inMacros, ...untold, ...atRunTime, ...byItems],
    calls: calls.length,
    installers: [...[...calls, ...passed, ...byName, ...unread].map((one) => one.body.def), ...uses.wrappers],
  };
}

/** An action that was kept somewhere, where no action of the program holds anything that is no handler already. */
function isKeptAction(options: RegistrationOptions, call: RegistrarCall, isKnown: (ty: Ty) => boolean): boolean {
  const query = queryOf(options, call);
  return call.registrar.handlers.every((place) => {
    const operand = call.term.args[place.arg];
    return operand !== undefined && storesAreKnown(query, call.body, operand, place, isKnown);
  });
}

/** One per function or closure, whatever its type arguments. */
function handlerKey(ty: HandlerFunction["ty"]): string {
  const args = ty.args.map((one) => one.id).join();
  return ty.k === "fn-def" ? `${ty.def}|${args}` : `${bodyId({ def: ty.body, closure: ty.closure })}|${args}`;
}

/** A call on the way to the registrar: the arguments of the registrar first, then of each wrapper outwards. */
interface Frame {
  readonly body: BodyKey;
  readonly block: number;
  readonly args: readonly Operand[];
}
interface Resolved {
  /** Innermost first. */
  readonly frames: readonly Frame[];
  readonly values: HandlerValues;
  /** It was read out of an action, which may have been kept from before; else it is a handler that somebody gave. */
  readonly ofAction: boolean;
}

function resolveInstall(options: RegistrationOptions, call: RegistrarCall, place: ValuePlace): Resolved[] {
  const inner: Frame = { body: call.body, block: call.block, args: call.term.args };
  const operand = call.term.args[place.arg];
  if (operand === undefined) return [];
  const query = queryOf(options, call);
  const found: Resolved[] = [];
  outwards(options, query, [inner], operand, place, true, found);
  return found;
}

/** Follows a parameter to the wrapper's callers; everything else to where its value comes from. */
function outwards(
  options: RegistrationOptions,
  query: ValueQuery,
  frames: readonly Frame[],
  operand: Operand,
  place: ValuePlace,
  ofAction: boolean,
  found: Resolved[],
): void {
  const outer = frames.at(-1);
  if (outer === undefined) return;
  const isWrapper = outer.body.closure === null && frames.length <= MAX_WRAPPERS;
  const asked = isWrapper ? { ...query, parametersOf: outer.body } : query;
  const values = handlerValues(asked, outer.body, operand, place);
  const { callables, unknown, parameters } = values;
  if (callables.length + unknown.length > 0 || parameters.length === 0) found.push({ frames, values, ofAction });
  if (parameters.length === 0) return;
  const sites = callSitesOf(options.bodies, outer.body);
  for (const parameter of parameters) {
    const { index, steps } = parameter;
    const ofField = ofAction && steps.some((step) => step.k === "field");
    const passed: Resolved[] = [];
    for (const site of sites.calls) {
      const given = options.isLive(site.body, site.block) ? site.args[index] : undefined;
      // What generic code of packs calls it on is told of its type's fields.
      if (given === undefined || (index === 0 && fromGenericPack(options.bodies, site))) continue;
      outwards(options, query, [...frames, site], withSteps(given, steps), { arg: 0 }, ofField, passed);
    }
    if (sites.open) {
      const own = fromPrivateField(query, outer.body, parameter);
      const unseen = own ?? { ...NOTHING_FOUND, unknown: ["public-parameter"] };
      const inside = ofField && own !== null && !own.unknown.includes("public-parameter");
      passed.push({ frames, values: unseen, ofAction: inside });
    }
    // Callers may keep the struct where it cannot be followed; its field is set here alone.
    const isTold = passed.every((one) => one.values.unknown.length === 0);
    const stored = isTold ? null : valuesStored(query, outer.body, parameter);
    if (stored === null) for (const one of passed) found.push(one);
    else found.push({ frames, values: stored, ofAction: ofField });
  }
}

/** What code outside the program passes where it sets a private field only through the crate's own code; null where it sets it itself. */
function fromPrivateField(query: ValueQuery, body: BodyKey, { index, steps }: Parameter): HandlerValues | null {
  const mir = query.bodies.mir(body);
  const place = { local: index + 1, proj: steps };
  if (mir === null || privateField(query.bodies, mir, place) === null) return null;
  return handlerValues(query, body, { k: "copy", place }, { arg: 0 });
}

const NOTHING_FOUND: HandlerValues = { callables: [], none: false, unknown: [], parameters: [] };

function withSteps(operand: Operand, steps: readonly Projection[]): Operand {
  if (operand.k === "const") return operand;
  return { k: "copy", place: { local: operand.place.local, proj: [...operand.place.proj, ...steps] } };
}

function queryOf(options: RegistrationOptions, call: RegistrarCall): ValueQuery {
  const { bodies, registrars } = options;
  return { bodies, registrars, registrar: call.registrar, symbol: call.symbol };
}

function describe(options: RegistrationOptions, call: RegistrarCall, frames: readonly Frame[]): Installation {
  const { registrar } = call;
  const chain = [...frames].reverse().map(({ body, block }) => ({ body, block }));
  const { signal } = registrar;
  const found = signal === undefined ? null : signalsOf(options, call, frames, signal);
  return {
    registrar,
    call,
    chain,
    signals: found?.names ?? [],
    otherSignals: found?.open ?? true,
    signalGivenTo: found?.given ?? [],
    flags: flagsOf(options, call, frames),
  };
}

function signalsOf(
  options: RegistrationOptions,
  call: RegistrarCall,
  frames: readonly Frame[],
  place: ValuePlace,
): { readonly names: string[]; readonly open: boolean; readonly given: readonly DefId[] } {
  const { registrars, numbering } = options;
  const value = valueIn(options, call, frames, place);
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

function flagsOf(
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
        names.push(...value.names);
        numbers.push(...value.numbers);
      }
    }
    if (names.length + numbers.length > 0) return { ...NOTHING_KNOWN, names, numbers };
  }
  return valueIn(options, call, frames, place);
}

interface Numbers {
  readonly numbers: readonly number[];
  readonly names: readonly string[];
  readonly open: boolean;
  readonly given: readonly DefId[];
}
const NOTHING_KNOWN: Numbers = { numbers: [], names: [], open: true, given: [] };

/** A value of the registrar's call, with parameters of wrappers replaced by what this chain of callers passes. */
function valueIn(
  options: RegistrationOptions,
  call: RegistrarCall,
  frames: readonly Frame[],
  place: ValuePlace,
): Numbers {
  const operand = frames[0]?.args[place.arg];
  return operand === undefined ? NOTHING_KNOWN : numbersAt(options, call, frames, operand, place);
}

function numbersAt(
  options: RegistrationOptions,
  call: RegistrarCall,
  frames: readonly Frame[],
  operand: Operand,
  place: ValuePlace,
): Numbers {
  const [frame, ...outer] = frames;
  if (frame === undefined) return NOTHING_KNOWN;
  const query = queryOf(options, call);
  const asked = outer.length > 0 ? { ...query, parametersOf: frame.body } : query;
  const own = namedNumbers(asked, frame.body, operand, place);
  const numbers = new Set(own.numbers);
  const names = new Set(own.names);
  const outside = new Set(own.given);
  let { open } = own;
  for (const { index, steps } of own.parameters) {
    const given = outer[0]?.args[index];
    if (given === undefined) return NOTHING_KNOWN;
    const more = numbersAt(options, call, outer, withSteps(given, steps), { arg: 0 });
    open ||= more.open;
    for (const one of more.given) outside.add(one);
    for (const one of more.numbers) numbers.add(one);
    for (const one of more.names) names.add(one);
  }
  return { numbers: [...numbers], names: [...names], open, given: [...outside] };
}
