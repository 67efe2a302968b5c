/**
 * An installation on its way: the registrar's call, the calls of the wrappers around it, and what was found of the handler there.
 *
 * Types and the two steps that everybody who follows arguments outwards takes. Nothing is looked for here.
 */
import type { Bodies } from "../calls/bodies.ts";
import type { IsLive } from "../calls/live-blocks.ts";
import type { BodyKey, Operand, Projection } from "../calls/mir.ts";
import type { Registrars, ValuePlace } from "../model/registrars.ts";
import type { HandlerValues } from "./handler-found.ts";
import type { ValueQuery } from "./handler-values.ts";
import type { RegistrarCall } from "./registrar-uses.ts";

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

/** A call on the way to the registrar: the arguments of the registrar first, then of each wrapper outwards. */
export interface Frame {
  readonly body: BodyKey;
  readonly block: number;
  readonly args: readonly Operand[];
}
export interface Resolved {
  /** Innermost first. */
  readonly frames: readonly Frame[];
  readonly values: HandlerValues;
  /** It was read out of an action, which may have been kept from before; else it is a handler that somebody gave. */
  readonly ofAction: boolean;
  /** What the values are of, in the outermost body. */
  readonly given: { readonly operand: Operand; readonly place: ValuePlace };
}

/** The operand with further steps. */
export function withSteps(operand: Operand, steps: readonly Projection[]): Operand {
  if (operand.k === "const") return operand;
  return { k: "copy", place: { local: operand.place.local, proj: [...operand.place.proj, ...steps] } };
}

/** What is asked of values on the way to a call. */
export function queryOf(options: RegistrationOptions, call: RegistrarCall): ValueQuery {
  const { bodies, registrars } = options;
  return { bodies, registrars, registrar: call.registrar, symbol: call.symbol };
}
