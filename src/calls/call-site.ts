/**
 * What is told of a body's callers: each call that is seen, and whether there may be others.
 */
import type { Ty } from "../types/ty.ts";
import type { BodyInContext } from "./flow-context.ts";
import type { BodyKey, Operand } from "./mir.ts";

export interface CallSite {
  /** With the call that it is entered by, where what is called was passed to it there. */
  readonly body: BodyInContext;
  readonly block: number;
  readonly args: readonly Operand[];
  /** In generic code that calls a trait's member on a type that its callers choose. */
  readonly onParameter: boolean;
}
/** Where a function is used as a value, and with which arguments: whoever holds it may call it, but for no other types. */
export interface ValueSite {
  readonly body: BodyKey;
  readonly args: readonly Ty[];
}
export interface CallSites {
  readonly calls: readonly CallSite[];
  readonly open: boolean;
  /** Where it is used as a value; it is open then. */
  readonly values?: readonly ValueSite[];
  /** Is it open for more than that it is used as a value? */
  readonly offered?: boolean;
  /** A call was not resolved that may be one of it. */
  readonly lost: boolean;
}
