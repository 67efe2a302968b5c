/**
 * Calls of functions that hand what they are given on to a registrar which is one for some of its numbers only: `libc::syscall` behind a function of
 * one's own.
 *
 * Input: a call of such a registrar whose number is a parameter of the function around it. Output: the calls of that function, as calls of the
 * registrar, each argument in its place. With which number is for the asker to say (registrar-numbers.ts). Callers outside the program are not thought
 * of: a function that makes any system call installs nothing by itself.
 */
import type { Bodies } from "../calls/bodies.ts";
import { callSitesOf } from "../calls/call-sites.ts";
import type { FlowValue } from "../calls/flow-model.ts";
import type { Operand } from "../calls/mir.ts";
import { flowOf } from "../calls/value-flow.ts";
import { isOwnResult } from "./asm-system-calls.ts";
import type { RegistrarCall } from "./registrar-uses.ts";

export interface WrapperCall {
  readonly call: RegistrarCall;
  /** An argument that says what is installed is made by the function itself. */
  readonly hides: boolean;
}

/** The calls of the function that an inner call stands in; none where the number is no parameter of it. */
export function callsOfWrapper(bodies: Bodies, inner: RegistrarCall): WrapperCall[] {
  const { registrar, body, term } = inner;
  const [where] = registrar.match.where ?? [];
  if (where === undefined || body.closure !== null) return [];
  const lost: Operand = { k: "const", value: { k: "other", ty: bodies.types.unknown("not-inferred") } };
  return callSitesOf(bodies, body).calls.flatMap((site): WrapperCall[] => {
    const outer = bodies.mir(site.body)?.blocks[site.block]?.term;
    if (outer?.k !== "call") return [];
    const placed = term.args.map((one) => placedIn(bodies, inner, one, site.args));
    const args = placed.map((one) => one ?? lost);
    const own = { def: site.body.def, closure: site.body.closure };
    const call = { ...inner, body: own, block: site.block, term: { ...outer, args } };
    return [{ call, hides: registrar.handlers.some(({ arg }) => placed[arg] === null) }];
  });
}

/** What an argument of the inner call is at a call of the function around it: a constant as it is, a parameter as what was given for it; null for all else. */
function placedIn(bodies: Bodies, inner: RegistrarCall, operand: Operand, args: readonly Operand[]): Operand | null {
  if (operand.k === "const") return operand;
  const parameter = parameterOf(bodies, inner, operand);
  const given = parameter === null ? undefined : args[parameter.index];
  if (parameter === null || given === undefined || parameter.steps.length === 0) return given ?? null;
  if (given.k === "const") return null;
  return { k: "copy", place: { local: given.place.local, proj: [...given.place.proj, ...parameter.steps] } };
}

/** The parameter that an operand of the call is, or part of one, and nothing else. */
function parameterOf(bodies: Bodies, inner: RegistrarCall, operand: Operand): (FlowValue & { k: "parameter" }) | null {
  if (operand.k === "const") return null;
  const { body } = inner;
  const { values, open } = flowOf(bodies, body, operand, { objects: true, parametersOf: body });
  // What a function gives back whose body is known is among the values itself.
  const [only, ...others] = values.filter((one) => one.k !== "result" || !one.followed);
  const isClosed = open.every((end) => isOwnResult({ ...inner, bodies }, end));
  return only?.k === "parameter" && others.length === 0 && isClosed ? only : null;
}
