/**
 * Which numbers a signal or flags value may be, and the names of the constants and enum variants that it comes from.
 *
 * Values are followed backwards like handlers; payloads of variants and arguments of calls (`Signal::SIGINT as i32`,
 * `SaFlags::A | SaFlags::B`) are looked into. Of what cannot be told it is said that there is more: signals and flags are told where they are known.
 */
import { bodyId } from "../calls/bodies.ts";
import { type BodyInContext, enteredThrough } from "../calls/flow-context.ts";
import type { FlowOptions, FlowValue } from "../calls/flow-model.ts";
import { pointee } from "../calls/flow-places.ts";
import type { BodyKey, Operand } from "../calls/mir.ts";
import { flowOf } from "../calls/value-flow.ts";
import { mayChange, operandTy } from "../calls/value-types.ts";
import type { ValuePlace } from "../model/registrars.ts";
import type { DefId } from "../names/defs.ts";
import { variantsOf } from "../names/variants.ts";
import { type Parameter, parameterKey } from "./handler-found.ts";
import { constantNumber, MAX_DEPTH, MAX_QUESTIONS, operandKey, type ValueQuery } from "./handler-values.ts";
import { beforeCasts, stepsInto } from "./value-places.ts";

export interface NamedNumbers {
  readonly numbers: readonly number[];
  readonly names: readonly string[];
  readonly parameters: readonly Parameter[];
  /** It may be others. */
  readonly open: boolean;
  /** Functions whose argument it may be, given by code outside the program. */
  readonly given: readonly DefId[];
}

/** Names of enum variants and constants, and numbers, that the value may be. */
export function namedNumbers(query: ValueQuery, body: BodyKey, operand: Operand, place: ValuePlace): NamedNumbers {
  const mir = query.bodies.mir(body);
  const numbers = new Set<number>();
  const names = new Set<string>();
  const parameters = new Map<string, Parameter>();
  if (mir === null) return { numbers: [], names: [], parameters: [], open: true, given: [] };
  let open = false;
  const given = new Set<DefId>();
  const { parametersOf } = query;
  const options: FlowOptions = {
    objects: false,
    ...(query.written === true ? { lent: "numbers" } : {}),
    ...(parametersOf === undefined ? { rewritten: true } : { parametersOf }),
  };
  const isModelled = (def: DefId): boolean => query.bodies.names.def(def).packEntry !== null;
  const reached = new Map<string, boolean>();
  /** Whether anything was found. */
  const walk = (at: BodyInContext, value: Operand, depth: number): boolean => {
    const key = operandKey(at, value);
    const before = reached.get(key);
    if (before !== undefined) return before;
    if (reached.size >= MAX_QUESTIONS) {
      open = true;
      return false;
    }
    reached.set(key, false);
    const found = valuesOf(at, value, depth);
    reached.set(key, found);
    return found;
  };
  const valuesOf = (at: BodyInContext, value: Operand, depth: number): boolean => {
    let found = false;
    const name = (def: DefId): void => {
      names.add(query.bodies.names.def(def).name);
      found = true;
    };
    const into = (body: BodyInContext, operand: Operand): void => {
      if (walk(body, operand, depth + 1)) found = true;
    };
    if (value.k === "const" && value.value.k === "const") name(value.value.def);
    const flow = flowOf(query.bodies, at, value, options);
    for (const { why, body } of flow.open) {
      if (why === "public-parameter" || why === "no-caller") given.add(body.def);
      // What modelled code reads through pointers is what it was given.
      else open ||= !isModelled(body.def);
    }
    const isElsewhere = (body: BodyKey): boolean => bodyId(body) !== bodyId(at) && !isModelled(body.def);
    const isChosenInside =
      flow.values.some((one) => one.k === "constant" && isElsewhere(one.body)) &&
      !flow.open.some(({ body }) => isElsewhere(body));
    // What std's functions make of what they were given is among the values: of a zip, the half that was asked for.
    const isCalled = enteredThrough(
      flow.values.flatMap((one) => (one.k === "result" && isModelled(one.body.def) ? [one.body] : [])),
    );
    const isOpenBehind = enteredThrough(flow.open.map(({ body }) => body));
    const isTold = ({ followed, given, body, span }: FlowValue & { k: "result" }): boolean =>
      followed && (given || isCalled(body, span)) && !isOpenBehind(body, span);
    for (const one of flow.values) {
      if (one.k === "parameter") {
        parameters.set(parameterKey(one), { index: one.index, steps: one.steps });
        found = true;
      } else if (one.k === "constant") {
        if (one.value.k === "const") name(one.value.def);
        const number = constantNumber(query, one);
        if (number !== null) numbers.add(number);
        found ||= number !== null;
        const isText = one.value.k === "str" || one.value.k === "bool";
        open ||= number === null && one.value.k !== "const" && !isText && !isModelled(one.body.def);
      } else if (one.k === "aggregate" && depth < MAX_DEPTH) {
        const variant = variantOf(query, one);
        if (variant !== null) {
          name(variant);
          // `Segv = libc::SIGSEGV`
          const key: BodyKey = { def: variant, closure: null };
          if (query.bodies.mir(key) !== null) into(key, { k: "copy", place: { local: 0, proj: [] } });
        }
        for (const field of one.fields) into(one.body, field);
      } else if (one.k === "static" && depth < MAX_DEPTH && !mayChange(query.bodies.types, one.def)) {
        into({ def: one.def, closure: null }, { k: "copy", place: { local: 0, proj: [] } });
      } else if (one.k === "address" && depth < MAX_DEPTH) {
        into(one.body, { k: "copy", place: one.place });
      } else if (one.k === "result" && isTold(one)) {
        // Its arguments need not be asked for.
      } else if (one.k === "result" && depth < MAX_DEPTH) {
        // What an object is made of says nothing of the number that its method gives back, nor what a function that chooses between constants was given.
        const args = isOnObject(query, one) || (one.followed && isChosenInside) ? [] : one.args;
        const isKnown = args.map((arg) => walk(one.body, arg, depth + 1)).includes(true);
        found ||= isKnown;
        const looksInside = one.followed && one.callee.k === "def" && !isModelled(one.callee.def);
        open ||= !isKnown && !looksInside && !isModelled(one.body.def);
      } else if (one.k !== "callable") open = true; // A function that stands beside it is no number.
    }
    return found;
  };
  walk(body, stepsInto(query.bodies, mir, beforeCasts(mir, operand, place), place), 0);
  return {
    numbers: [...numbers].sort((left, right) => left - right),
    names: [...names].sort(),
    parameters: [...parameters.values()],
    open,
    given: [...given],
  };
}

/** A trait's method, called on a trait object. */
function isOnObject({ bodies }: ValueQuery, { callee, args, body }: FlowValue & { k: "result" }): boolean {
  const { names } = bodies;
  const parent = callee.k === "def" ? names.def(callee.def).parent : null;
  if (parent === null || names.def(parent).kind !== "trait") return false;
  const mir = bodies.mir(body);
  const [receiver] = args;
  let ty = mir === null || receiver === undefined ? null : operandTy(mir, receiver);
  while (ty !== null && ty.k !== "dyn") ty = pointee(ty);
  return ty !== null;
}

function variantOf(query: ValueQuery, value: FlowValue & { k: "aggregate" }): DefId | null {
  const { names } = query.bodies;
  const def = value.ty?.k === "adt" ? names.def(value.ty.def) : null;
  if (def?.kind !== "enum") return null;
  return variantsOf(names, def.id)[value.variant] ?? null;
}
