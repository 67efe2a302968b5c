/**
 * What the search for installations finds, and what its parts hand each other. Nothing is looked for here.
 */
import type { Span } from "../base/span.ts";
import type { Bodies } from "../calls/bodies.ts";
import type { IsLive } from "../calls/live-blocks.ts";
import type { BodyKey, Terminator } from "../calls/mir.ts";
import type { Registrar, Registrars } from "../model/registrars.ts";
import type { DefId } from "../names/defs.ts";

export interface RegistrarCall {
  readonly registrar: Registrar;
  readonly body: BodyKey;
  readonly block: number;
  readonly term: Terminator & { k: "call" };
  /** The link name, where it matched by that. */
  readonly symbol: string | null;
}

/** A registrar whose address is taken: who calls it, and with what, is not seen. */
export interface PassedRegistrar {
  readonly registrar: Registrar;
  readonly body: BodyKey;
  readonly span: Span;
}
/** A call that stands in a macro which was not expanded. */
export interface HiddenRegistrar extends PassedRegistrar {
  readonly macro: string;
}
/** What was found; it grows while the search goes on. */
export interface RegistrarUses {
  readonly hidden: HiddenRegistrar[];
  readonly calls: RegistrarCall[];
  readonly passed: PassedRegistrar[];
  readonly byName: PassedRegistrar[];
  /** Called by assembly that belongs to no function. */
  readonly inAssembly: PassedRegistrar[];
  /** Calls whose number, which says what they are, was not found. */
  readonly unread: PassedRegistrar[];
  /** Functions that install a handler if somebody calls them with the number that does. */
  readonly wrappers: DefId[];
}
/** What is looked in, and where what is found goes. */
export interface RegistrarSearch {
  readonly bodies: Bodies;
  readonly registrars: Registrars;
  readonly arch: string;
  /** Can a block of a body run? */
  readonly isLive: IsLive;
  readonly found: RegistrarUses;
  /** By registrar and crate: does the number, or a name for it, stand in its text? */
  readonly seen: Map<string, boolean>;
}
