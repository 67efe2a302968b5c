/**
 * Which numbers a signal or flags value may be, and the names of the constants and enum variants that it comes from.
 *
 * Values are followed backwards like handlers; payloads of variants and arguments of calls (`Signal::SIGINT as i32`,
 * `SaFlags::A | SaFlags::B`) are looked into. What cannot be told is left out: signals and flags are told where they are known.
 */
import type { BodyInContext } from "../calls/flow-context.ts";
import type { FlowOptions, FlowValue } from "../calls/flow-model.ts";
import type { BodyKey, Operand } from "../calls/mir.ts";
import { flowOf } from "../calls/value-flow.ts";
import type { ValuePlace } from "../model/registrars.ts";
import type { DefId } from "../names/defs.ts";
import {
  constantNumber,
  MAX_DEPTH,
  MAX_QUESTIONS,
  operandKey,
  type Parameter,
  parameterKey,
  stepsInto,
  type ValueQuery,
} from "./handler-values.ts";

/** Names of enum variants and constants, and numbers, that the value may be. */
export function namedNumbers(
  query: ValueQuery,
  body: BodyKey,
  operand: Operand,
  place: ValuePlace,
): {
  readonly numbers: readonly number[];
  readonly names: readonly string[];
  readonly parameters: readonly Parameter[];
} {
  const mir = query.bodies.mir(body);
  const numbers = new Set<number>();
  const names = new Set<string>();
  const parameters = new Map<string, Parameter>();
  if (mir === null) return { numbers: [], names: [], parameters: [] };
  const { parametersOf } = query;
  const options: FlowOptions = { objects: false, ...(parametersOf === undefined ? {} : { parametersOf }) };
  const seen = new Set<string>();
  const walk = (at: BodyInContext, value: Operand, depth: number): void => {
    const key = operandKey(at, value);
    if (seen.has(key) || seen.size >= MAX_QUESTIONS) return;
    seen.add(key);
    if (value.k === "const" && value.value.k === "const") names.add(query.bodies.names.def(value.value.def).name);
    for (const one of flowOf(query.bodies, at, value, options).values) {
      if (one.k === "parameter") parameters.set(parameterKey(one), { index: one.index, steps: one.steps });
      else if (one.k === "constant") {
        if (one.value.k === "const") names.add(query.bodies.names.def(one.value.def).name);
        const number = constantNumber(query, one);
        if (number !== null) numbers.add(number);
      } else if (one.k === "aggregate" && depth < MAX_DEPTH) {
        const variant = variantOf(query, one);
        if (variant !== null) {
          names.add(query.bodies.names.def(variant).name);
          // `Segv = libc::SIGSEGV`
          const key: BodyKey = { def: variant, closure: null };
          if (query.bodies.mir(key) !== null) walk(key, { k: "copy", place: { local: 0, proj: [] } }, depth + 1);
        }
        for (const field of one.fields) walk(one.body, field, depth + 1);
      } else if (one.k === "address" && depth < MAX_DEPTH) {
        walk(one.body, { k: "copy", place: one.place }, depth + 1);
      } else if (one.k === "result" && depth < MAX_DEPTH) {
        for (const arg of one.args) walk(one.body, arg, depth + 1);
      }
    }
  };
  walk(body, stepsInto(query, mir, operand, place), 0);
  return {
    numbers: [...numbers].sort((left, right) => left - right),
    names: [...names].sort(),
    parameters: [...parameters.values()],
  };
}

function variantOf(query: ValueQuery, value: FlowValue & { k: "aggregate" }): DefId | null {
  const { names } = query.bodies;
  const def = value.ty?.k === "adt" ? names.def(value.ty.def) : null;
  if (def?.kind !== "enum") return null;
  return def.children.filter((one) => names.def(one).kind === "variant")[value.variant] ?? null;
}
