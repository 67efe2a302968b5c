/**
 * What is told of a body's callers: each call that is seen, and whether there may be others.
 */
import type { BodyInContext } from "./flow-context.ts";
import type { Operand } from "./mir.ts";

export interface CallSite {
  /** With the call that it is entered by, where what is called was passed to it there. */
  readonly body: BodyInContext;
  readonly block: number;
  readonly args: readonly Operand[];
  /** In generic code that calls a trait's member on a type that its callers choose. */
  readonly onParameter: boolean;
}
export interface CallSites {
  readonly calls: readonly CallSite[];
  readonly open: boolean;
  /** A call was not resolved that may be one of it. */
  readonly lost: boolean;
}
