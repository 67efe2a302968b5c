/**
 * Where does what a parameter holds come from, where the call that it was entered by is not given?
 *
 * Input: a body and a place in one of its parameters. Output: what each caller passes, fields whose stores say it, and open ends. Callers are
 * not asked where they would say less than the type's own field: generic code that calls a method on what it was handed, and of functions
 * with very many callers (`coarse`).
 */
import type { Bodies } from "./bodies.ts";
import type { CallSite, CallSites } from "./call-site.ts";
import { callerCount, callSitesOf, fromGenericPack } from "./call-sites.ts";
import { hasUsers, runsUnasked } from "./called-from.ts";
import { callsOfMade } from "./closure-calls.ts";
import type { BodyInContext } from "./flow-context.ts";
import type { OpenEnd } from "./flow-model.ts";
import type { FieldInPlace } from "./flow-places.ts";
import type { Mir, Operand, Place } from "./mir.ts";
import { ownField, privateField } from "./private-fields.ts";
import { placeTyIn } from "./value-types.ts";

export type ArgumentSource =
  | { readonly k: "operand"; readonly body: BodyInContext; readonly operand: Operand }
  /** What is stored into the field of any value of its type. */
  | { readonly k: "field"; readonly field: FieldInPlace }
  | { readonly k: "open"; readonly end: OpenEnd };

interface Asked {
  readonly position: number;
  readonly coarse: boolean;
  readonly users: boolean;
  readonly rewritten: boolean;
}

/** The sources of `place`, whose local is the parameter at `position` of those that callers pass. */
export function argumentSources(
  bodies: Bodies,
  body: BodyInContext,
  mir: Mir,
  place: Place,
  { position, coarse, users, rewritten }: Asked,
): readonly ArgumentSource[] {
  const span = mir.locals[place.local]?.span ?? mir.span;
  const open = (why: OpenEnd["why"]): ArgumentSource => ({ k: "open", end: { why, body, span } });
  // What code outside the program passes is what its own crate put into private fields; all else may be anything.
  const hidden = privateField(bodies, mir, place);
  const outside: ArgumentSource =
    hidden === null
      ? { k: "open", end: { why: "public-parameter", body, span, ty: placeTyIn(mir, place) } }
      : { k: "field", field: hidden };
  const made = body.context?.args === null ? body.context.made : undefined;
  if (made !== undefined) {
    const inside = callsOfMade(bodies, body, made);
    const given = inside.calls.flatMap(({ body: caller, args }): ArgumentSource[] => {
      const operand = args[position];
      return operand === undefined ? [] : [{ k: "operand", body: caller, operand }];
    });
    return inside.open || given.length === 0 ? [...given, outside] : given;
  }
  // Who of the program calls what a pack declares is not asked: a call that the flow came through would be given.
  if (bodies.names.isPackCrate(bodies.names.def(body.def).crate)) return [outside];
  const count = coarse ? callerCount(bodies, body) : "few";
  if (count !== "few" && hidden !== null) return [outside];
  if (count === "too-many") return [open("limit")];
  const sites = callSitesOf(bodies, body);
  const isSelf = body.closure === null && position === 0;
  const field = isSelf && sites.calls.some((one) => one.onParameter) ? ownField(bodies, mir, place) : null;
  const ofPack = (site: CallSite): boolean => isSelf && fromGenericPack(bodies, site);
  const found = sites.calls.flatMap((site): ArgumentSource[] => {
    const operand = site.args[position];
    const told = ofPack(site) || (field !== null && site.onParameter);
    return operand === undefined || told ? [] : [{ k: "operand", body: site.body, operand }];
  });
  if (field !== null) found.push({ k: "field", field });
  const isOffered = users && sites.calls.length === 0 && isOfferedToUsers(bodies, body);
  if (sites.open || isOffered || sites.calls.some(ofPack)) found.push(outside);
  else if (sites.calls.length === 0) found.push(open(mayBeCalled(bodies, body, sites) ? "unknown-call" : "no-caller"));
  else if (rewritten && body.closure === null && runsUnasked(bodies, body.def)) found.push(open("unknown-call"));
  return found;
}

/** May users of the library that the program is call it? What a dependency offers is theirs too. */
function isOfferedToUsers(bodies: Bodies, { def, closure }: BodyInContext): boolean {
  return closure === null && hasUsers(bodies) && bodies.names.withinReach(def);
}

/** Of a function without a call that could be seen: may there be others? */
function mayBeCalled(bodies: Bodies, { def, closure }: BodyInContext, { lost }: CallSites): boolean {
  return lost || (closure === null && runsUnasked(bodies, def));
}
