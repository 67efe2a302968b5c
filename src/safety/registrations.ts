/**
 * The handlers of a program: every installation, resolved to the functions it installs, merged per function.
 *
 * A handler, signal or flags value that is a parameter of a wrapper is looked for at each of the wrapper's callers, so that
 * each caller keeps its own signals; values that flow otherwise are followed over the whole program. Installations of
 * SIG_DFL, SIG_IGN and null are no handlers. An installation that may install more than what was found is unknown, with
 * the reason; one in a function that nobody in the program calls and nobody can is none.
 */

import type { Span } from "../base/span.ts";
import type { Steps } from "../base/steps.ts";
import { parameterLocal } from "../calls/bodies.ts";
import { callSitesOf, fromGenericPack } from "../calls/call-sites.ts";
import type { BodyKey, Operand } from "../calls/mir.ts";
import { privateField } from "../calls/private-fields.ts";
import { instancesOfType } from "../calls/type-instances.ts";
import { isLookedFor, type Registrar, type ValuePlace } from "../model/registrars.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import { storesAreKnown } from "./action-stores.ts";
import type { InstallChain } from "./guard-init.ts";
import type { HandlerValues, Parameter } from "./handler-found.ts";
import { handlerValues, type ValueQuery, valuesStored } from "./handler-values.ts";
import { type Frame, queryOf, type RegistrationOptions, type Resolved, withSteps } from "./install-frames.ts";
import { flagsOf, signalsOf } from "./installed-numbers.ts";
import { callableKey } from "./paired-signals.ts";
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
        if (one.values.callables.length === 0) continue;
        const installedAs = describer(options, call, one);
        for (const ty of one.values.callables.flatMap((found) =>
          instancesOfType(
            options.bodies,
            one.frames.map((frame) => frame.body),
            found,
            "own",
          ),
        )) {
          if (ty.k !== "fn-def" && ty.k !== "closure") continue;
          const key = handlerKey(ty);
          const entry = handlers.get(key) ?? { ty, installs: [] };
          handlers.set(key, entry);
          entry.installs.push(installedAs(ty));
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
  return `${callableKey(ty)}|${ty.args.map((one) => one.id).join()}`;
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
  const given = { operand, place };
  const isWrapper = frames.length <= MAX_WRAPPERS && (outer.body.closure === null || isOwnWrapper(options, outer.body));
  const asked = isWrapper ? { ...query, parametersOf: outer.body } : query;
  const values = handlerValues(asked, outer.body, operand, place);
  const { callables, unknown, parameters } = values;
  if (callables.length + unknown.length > 0 || parameters.length === 0) found.push({ frames, values, ofAction, given });
  if (parameters.length === 0) return;
  const sites = callSitesOf(options.bodies, outer.body);
  for (const parameter of parameters) {
    const { index, steps } = parameter;
    const ofField = ofAction && steps.some((step) => step.k === "field");
    const passed: Resolved[] = [];
    for (const site of sites.calls) {
      const argument = options.isLive(site.body, site.block) ? site.args[index] : undefined;
      // What generic code of packs calls it on is told of its type's fields.
      if (argument === undefined || (index === 0 && fromGenericPack(options.bodies, site))) continue;
      outwards(options, query, [...frames, site], withSteps(argument, steps), { arg: 0 }, ofField, passed);
    }
    if (sites.open) {
      const own = fromPrivateField(query, outer.body, parameter);
      const unseen = own ?? { ...NOTHING_FOUND, unknown: ["public-parameter"] };
      const inside = ofField && own !== null && !own.unknown.includes("public-parameter");
      passed.push({ frames, values: unseen, ofAction: inside, given });
    }
    // Callers may keep the struct where it cannot be followed; its field is set here alone.
    const isTold = passed.every((one) => one.values.unknown.length === 0);
    const stored = isTold ? null : valuesStored(query, outer.body, parameter);
    if (stored === null) for (const one of passed) found.push(one);
    else found.push({ frames, values: stored, ofAction: ofField, given });
  }
}

/** A closure that is called where its own program shows it, and nowhere else: `let set = |signal, handler| …`. */
function isOwnWrapper({ bodies }: RegistrationOptions, closure: BodyKey): boolean {
  const { calls, open } = callSitesOf(bodies, closure);
  return (
    !open && calls.length > 0 && calls.every(({ body }) => !bodies.names.isPackCrate(bodies.names.def(body.def).crate))
  );
}

/** What code outside the program passes where it sets a private field only through the crate's own code; null where it sets it itself. */
function fromPrivateField(query: ValueQuery, body: BodyKey, { index, steps }: Parameter): HandlerValues | null {
  const mir = query.bodies.mir(body);
  const place = { local: parameterLocal(body, index), proj: steps };
  if (mir === null || privateField(query.bodies, mir, place) === null) return null;
  return handlerValues(query, body, { k: "copy", place }, { arg: 0 });
}

const NOTHING_FOUND: HandlerValues = { callables: [], none: false, unknown: [], parameters: [] };

/** The installation as it is told of each of its handlers; what is the same of all is asked for once. */
function describer(options: RegistrationOptions, call: RegistrarCall, resolved: Resolved): (ty: Ty) => Installation {
  const { registrar } = call;
  const { frames } = resolved;
  const chain = [...frames].reverse().map(({ body, block }) => ({ body, block }));
  const signals = registrar.signal === undefined ? null : signalsOf(options, call, resolved, registrar.signal);
  const flags = flagsOf(options, call, frames);
  return (ty) => {
    const { names, open, given } = signals?.(ty) ?? { names: [], open: true, given: [] };
    return { registrar, call, chain, signals: names, otherSignals: open, signalGivenTo: given, flags };
  };
}
