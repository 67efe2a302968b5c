/**
 * The call through which a body is looked at: whose arguments its parameters are, and where its closure was made.
 *
 * Contexts are chains of calls, bounded in length and without a call twice; beyond that a body is looked at without one,
 * which stands for all its callers.
 */
import type { Span } from "../base/span.ts";
import type { DefId } from "../names/defs.ts";
import type { Types } from "../types/api.ts";
import type { Ty } from "../types/ty.ts";
import { bodyId } from "./bodies.ts";
import type { BodyKey, Operand, Place, Terminator } from "./mir.ts";

export interface CallContext {
  readonly caller: BodyInContext;
  /** Null where no call says them: a drop, or a closure of which only the body that made it is known. */
  readonly args: readonly Operand[] | null;
  /** The first argument is what the body is given a reference to. */
  readonly lends?: true;
  /** The body that made the closure; undefined where it was not asked. */
  readonly made?: BodyInContext;
  /** The body's generics in this call, in the parameters of the outermost caller; null where they are not known. */
  readonly generics: readonly Ty[] | null;
  /** The chain of calls. */
  readonly key: string;
  readonly length: number;
}
/** A body, and where it is known the call it is looked at through. */
export interface BodyInContext extends BodyKey {
  readonly context?: CallContext;
  /** The one run of the body that the question is about: what its parameters are is for the asker to say. */
  readonly own?: true;
}

const MAX_LENGTH = 5;

/** A body as this call enters it. */
export function entered(
  target: BodyKey,
  caller: BodyInContext,
  term: Terminator & { readonly k: "call" },
  generics: readonly Ty[] | null,
  made?: BodyInContext,
): BodyInContext {
  const { args, span } = term;
  const link = `${linkOf(caller, span)}${typesOf(generics)}${makerOf(made)}`;
  return within(target, link, { caller, args, generics, ...(made === undefined ? {} : { made }) });
}

/** What one call enters for several types is a body for each, */
function typesOf(generics: readonly Ty[] | null): string {
  return generics === null || generics.length === 0 ? "" : `<${generics.map((one) => one.id).join()}`;
}

/** and so is a closure that was made in several ways. */
function makerOf(made: BodyInContext | undefined): string {
  return made?.context === undefined ? "" : `<${made.context.key.split(" ").map(callOf).join("/")}`;
}

/** The call alone that a link is. */
function callOf(link: string): string {
  const at = link.indexOf("<");
  return at === -1 ? link : link.slice(0, at);
}

/** A call in the chain of contexts. */
function linkOf(caller: BodyInContext, { start, end }: Span): string {
  return `${bodyId(caller)}${caller.own === true ? "!" : ""}@${start}:${end}`;
}

/** Says of a call of a caller whether one of the bodies is looked at through it. */
export function enteredThrough(bodies: readonly BodyInContext[]): (caller: BodyInContext, span: Span) => boolean {
  const links = new Set(bodies.flatMap(({ context }) => context?.key.split(" ").map(callOf) ?? []));
  return (caller, span) => links.size > 0 && links.has(linkOf(caller, span));
}

/** A Drop impl's body as it runs for a value that the caller has; who else drops such values is not said by that. */
export function enteredByDrop(target: BodyKey, caller: BodyInContext, generics: readonly Ty[]): BodyInContext {
  const own = `${bodyId(caller)}#${generics.map((one) => one.id).join()}`;
  return within(target, own, { caller, args: null, generics });
}

/** A method's body as it runs on what is in a place of the caller, which it is given a reference to. */
export function enteredOn(
  target: BodyKey,
  caller: BodyInContext,
  place: Place,
  generics: readonly Ty[],
): BodyInContext {
  const own = `${bodyId(caller)}${caller.own === true ? "!" : ""}&${place.local}`;
  return within(target, own, { caller, args: [{ k: "copy", place }], lends: true, generics });
}

/** A closure's body as it stands where it was made: what it captured is what that body has there, in its context; who calls it is to be asked for. */
export function madeIn(target: BodyKey, made: BodyInContext): BodyInContext {
  if (made.context === undefined) return plain(target);
  const { generics, key, length } = made.context;
  return {
    context: { caller: made, args: null, made, generics, key: `${key} +${bodyId(made)}`, length },
    ...plain(target),
  };
}

/** With one more link, `own`, in the chain; without its context where the chain is too long, or a circle. */
function within(target: BodyKey, own: string, given: Omit<CallContext, "key" | "length">): BodyInContext {
  const outer = given.caller.context;
  const length = (outer?.length ?? 0) + 1;
  const link = callOf(own);
  if (length > MAX_LENGTH || outer?.key.split(" ").some((one) => callOf(one) === link) === true) return plain(target);
  const key = outer === undefined ? own : `${outer.key} ${own}`;
  return { context: { key, length, ...given }, ...plain(target) };
}

/** The function that runs for a callee as this body names it, with what its context says of the types; null where they do not say. */
export function memberIn(
  types: Types,
  body: BodyInContext,
  def: DefId,
  args: readonly Ty[],
): { readonly def: DefId; readonly args: readonly Ty[] } | null {
  const { predicates } = types.genericsOf(outermost(body).def);
  const found = types.resolveMember(def, typesIn(types, body, args), predicates);
  return found.def === null ? null : { def: found.def, args: found.args };
}

/** Is that `clone` of what the compiler copies: a function pointer, a tuple or array of such? */
export function copiesItself(types: Types, body: BodyInContext, def: DefId, args: readonly Ty[]): boolean {
  const { predicates } = types.genericsOf(outermost(body).def);
  const own = typesIn(types, body, args);
  const { selection } = types.resolveMember(def, own, predicates);
  const [self] = own;
  return (
    selection.k === "builtin" && selection.what === "clone" && self !== undefined && types.isCopy(self, predicates)
  );
}

/** Types as they stand in a body, in the parameters of the outermost caller. */
export function typesIn(types: Types, body: BodyInContext, args: readonly Ty[]): readonly Ty[] {
  const generics = body.context?.generics ?? null;
  if (generics === null) return args;
  const { predicates } = types.genericsOf(outermost(body).def);
  return args.map((one) => types.normalize(types.subst(one, generics), predicates, true));
}

/** The body in whose parameters the types of a body in its context stand. */
export function outermost(body: BodyInContext): BodyKey {
  let at = body;
  while (at.context !== undefined && at.context.generics !== null) at = at.context.caller;
  return at;
}

/** Key of something callable that a body makes: for types that its context says it is another, and so is a closure that captures what is there. */
export function callableKeyIn(types: Types, body: BodyInContext, ty: Ty): string {
  if (body.context === undefined) return String(ty.id);
  return ty.k === "closure" ? `${ty.id} ${body.context.key}` : String((typesIn(types, body, [ty])[0] ?? ty).id);
}

/** Key of a body in maps, with its context. */
export function bodyKeyIn(body: BodyInContext): string {
  if (body.own === true) return `${bodyId(body)}!`;
  return body.context === undefined ? bodyId(body) : `${bodyId(body)} ${body.context.key}`;
}

function plain({ def, closure }: BodyKey): BodyKey {
  return { def, closure };
}
