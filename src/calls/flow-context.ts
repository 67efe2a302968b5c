/**
 * The call through which a body is looked at: whose arguments its parameters are, and where its closure was made.
 *
 * Contexts are chains of calls, bounded in length and without a call twice; beyond that a body is looked at without one,
 * which stands for all its callers.
 */
import { bodyId } from "./bodies.ts";
import type { BodyKey, Operand, Terminator } from "./mir.ts";

export interface CallContext {
  readonly caller: BodyInContext;
  readonly args: readonly Operand[];
  /** The body that made the closure; undefined where it was not asked. */
  readonly made?: BodyInContext;
  /** The chain of calls. */
  readonly key: string;
  readonly length: number;
}
/** A body, and where it is known the call it is looked at through. */
export interface BodyInContext extends BodyKey {
  readonly context?: CallContext;
}

const MAX_LENGTH = 4;

/** A body as this call enters it. */
export function entered(
  target: BodyKey,
  caller: BodyInContext,
  term: Terminator & { readonly k: "call" },
  made?: BodyInContext,
): BodyInContext {
  const { args, span } = term;
  const own = `${bodyId(caller)}@${span.start}:${span.end}`;
  const outer = caller.context;
  const length = (outer?.length ?? 0) + 1;
  if (length > MAX_LENGTH || outer?.key.split(" ").includes(own) === true) return plain(target);
  const key = outer === undefined ? own : `${outer.key} ${own}`;
  const context = { caller, args, key, length, ...(made === undefined ? {} : { made }) };
  return { ...plain(target), context };
}

/** Key of a body in maps, with its context. */
export function bodyKeyIn(body: BodyInContext): string {
  return body.context === undefined ? bodyId(body) : `${bodyId(body)} ${body.context.key}`;
}

function plain({ def, closure }: BodyKey): BodyKey {
  return { def, closure };
}
