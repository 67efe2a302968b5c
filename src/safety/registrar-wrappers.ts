/**
 * Calls of functions that hand what they are given on to a registrar which is one for some of its numbers only: `libc::syscall` behind a function of
 * one's own.
 *
 * Input: a call of such a registrar whose number is a parameter of the function around it. Output: the calls of that function with the wanted number,
 * as calls of the registrar, each argument in its place; where one that says what is installed cannot be placed, the call as one of which nothing
 * is known. Callers outside the program are not thought of: a function that makes any system call installs nothing by itself.
 */
import type { Bodies } from "../calls/bodies.ts";
import { callSitesOf } from "../calls/call-sites.ts";
import type { BodyKey, Operand } from "../calls/mir.ts";
import { flowOf } from "../calls/value-flow.ts";
import type { ValueQuery } from "./handler-values.ts";
import { namedNumbers } from "./named-numbers.ts";
import type { PassedRegistrar, RegistrarCall } from "./registrar-calls.ts";

export interface WrappedCalls {
  readonly calls: readonly RegistrarCall[];
  readonly passed: readonly PassedRegistrar[];
}

/** Functions around functions around a registrar that are looked at. */
const MAX_WRAPPERS = 4;

/** The calls with the wanted number, of the function that an inner call stands in; none where the number is no parameter. */
export function wrappedCalls(
  known: Pick<ValueQuery, "bodies" | "registrars">,
  arch: string,
  inner: RegistrarCall,
  depth = 0,
): WrappedCalls {
  const { bodies } = known;
  const [where] = inner.registrar.match.where ?? [];
  const index = where === undefined ? null : parameterOf(bodies, inner.body, inner.term.args[where.arg]);
  if (where === undefined || index === null || inner.body.closure !== null || depth > MAX_WRAPPERS) return NONE;
  const calls: RegistrarCall[] = [];
  const passed: PassedRegistrar[] = [];
  for (const { body, block, args } of callSitesOf(bodies, inner.body).calls) {
    const term = bodies.mir(body)?.blocks[block]?.term;
    const number = args[index];
    if (term?.k !== "call" || number === undefined) continue;
    const own = { def: body.def, closure: body.closure };
    const query = { ...known, registrar: inner.registrar, symbol: inner.symbol, parametersOf: own };
    const found = namedNumbers(query, own, number, { arg: 0 });
    const placed = inner.term.args.map((one) => placedIn(bodies, inner.body, one, args));
    const lost: Operand = { k: "const", value: { k: "other", ty: bodies.types.unknown("not-inferred") } };
    const call: RegistrarCall = {
      ...inner,
      body: own,
      block,
      term: { ...term, args: placed.map((one) => one ?? lost) },
    };
    const wanted = where.numbers?.[arch];
    const isMeant = found.names.includes(where.constant) || (wanted !== undefined && found.numbers.includes(wanted));
    if (!isMeant) {
      const outer = wrappedCalls(known, arch, call, depth + 1);
      calls.push(...outer.calls);
      passed.push(...outer.passed);
    } else if (inner.registrar.handlers.some(({ arg }) => placed[arg] === null)) {
      passed.push({ registrar: inner.registrar, body: own, span: term.span });
    } else calls.push(call);
  }
  return { calls, passed };
}

const NONE: WrappedCalls = { calls: [], passed: [] };

/** What an argument of the inner call is at a call of the function around it: a constant as it is, a parameter as what was given for it; null for all else. */
function placedIn(bodies: Bodies, body: BodyKey, operand: Operand, args: readonly Operand[]): Operand | null {
  if (operand.k === "const") return operand;
  const index = parameterOf(bodies, body, operand);
  return index === null ? null : (args[index] ?? null);
}

/** The parameter that an operand of a body is, and nothing else. */
function parameterOf(bodies: Bodies, body: BodyKey, operand: Operand | undefined): number | null {
  if (operand === undefined || operand.k === "const") return null;
  const { values, open } = flowOf(bodies, body, operand, { objects: true, parametersOf: body });
  const [only, ...others] = values;
  if (only?.k !== "parameter" || others.length > 0 || only.steps.length > 0 || open.length > 0) return null;
  return only.index;
}
