/**
 * Which functions a handler value may be.
 *
 * Values are followed backwards over the whole program; payloads of enum variants, wrapped structs and the results of
 * constructors that the registrar names are looked into. `none` is a value that installs no function (SIG_DFL, SIG_IGN, a null
 * pointer, zeroed memory). What cannot be told is `unknown`, with the reason.
 */
import type { Bodies } from "../calls/bodies.ts";
import { bodyId, parameterLocal } from "../calls/bodies.ts";
import { type BodyInContext, bodyKeyIn } from "../calls/flow-context.ts";
import { type Flow, type FlowOptions, type FlowValue, isOpen } from "../calls/flow-model.ts";
import { anywhere } from "../calls/inner-types.ts";
import type { BodyKey, Mir, Operand } from "../calls/mir.ts";
import { instancesIn } from "../calls/type-instances.ts";
import { flowOf, storedInField } from "../calls/value-flow.ts";
import { hasCell, holdsAddress, placeTyIn, operandTy as typeOfOperand } from "../calls/value-types.ts";
import type { Registrar, Registrars, ValuePlace } from "../model/registrars.ts";
import type { DefId } from "../names/defs.ts";
import { variantsOf } from "../names/variants.ts";
import type { Ty } from "../types/ty.ts";
import {
  type Asked,
  answerOf,
  emptyFound,
  type Found,
  type HandlerValues,
  merge,
  type Parameter,
  parameterKey,
} from "./handler-found.ts";
import { beforeCasts, hasField, isUnknown, operandTy, placeTy, pointedTo, stepsInto } from "./value-places.ts";

export interface ValueQuery {
  readonly bodies: Bodies;
  readonly registrars: Registrars;
  readonly registrar: Registrar;
  readonly symbol: string | null;
  /** The body whose own parameters are answers. */
  readonly parametersOf?: BodyKey;
  /** Numbers that are written into what is lent out count too. */
  readonly written?: true;
}

/** So deep values inside values are followed. */
export const MAX_DEPTH = 16;

/** What the program stores into the private field that a parameter's value stands in; null where there is none, or not all of it is known. */
export function valuesStored(query: ValueQuery, body: BodyKey, { index, steps }: Parameter): HandlerValues | null {
  const flow = storedInField(query.bodies, body, { local: parameterLocal(body, index), proj: steps }, optionsOf(query));
  if (flow === null) return null;
  const found = emptyFound({ answers: new Map(), options: optionsOf(query) });
  collect(query, flow, found, 0);
  const isTold = found.none || found.callables.size > 0;
  const isWhole = found.unknown.size + found.parameters.size === 0 && !found.makers && !found.contained;
  return isTold && isWhole ? answerOf(found) : null;
}

/** All functions that the value may be. */
export function handlerValues(query: ValueQuery, body: BodyKey, given: Operand, place: ValuePlace): HandlerValues {
  const found = emptyFound({ answers: new Map(), options: optionsOf(query) });
  const mir = query.bodies.mir(body);
  if (mir === null) return { callables: [], none: false, unknown: ["limit"], parameters: [] };
  const operand = beforeCasts(mir, given, place);
  if (!fromConstructors(query, body, mir, operand, place, found)) {
    const at = stepsInto(query.bodies, mir, operand, place);
    collect(query, flowOf(query.bodies, body, at, optionsOf(query)), found, 0);
    const isOpen = !found.none || found.zeroed;
    if (found.callables.size + found.parameters.size === 0 && isOpen)
      fromStores(query, body, mir, operand, place, found);
    // Memory without a handler is none only where nothing that it is lent to writes one.
    if (found.callables.size === 0 && (found.zeroed || found.none))
      collect(query, flowOf(query.bodies, body, at, { ...optionsOf(query), lent: "addresses" }), found, 0);
    if (found.callables.size > 0 || found.contained) putThereLater(query, body, at, found);
  }
  // Where no field of that name is there every field was asked, flags and masks too.
  if (place.fields !== undefined && found.callables.size > 0 && !hasField(query.bodies, mir, operand, place))
    found.unknown.delete("constant");
  // Of an action whose type is declared nowhere it is not seen what is stored into it.
  if (found.zeroed && place.fields !== undefined && isUnknown(mir, operand)) found.contained = true;
  // Nothing is no answer, nor is what a container was made with: others put values into it.
  if ((found.empty || found.makers || found.contained) && found.callables.size + found.parameters.size === 0)
    found.unknown.add("memory");
  const told = found.callables.size + found.unknown.size + found.parameters.size;
  if (told === 0 && !found.none && !found.dead) found.unknown.add("memory");
  return answerOf(found);
}

/** Handlers that what is lent out, or a container, is given after the one that it was made with. */
function putThereLater(query: ValueQuery, body: BodyKey, at: Operand, found: Found): void {
  const options: FlowOptions = { ...optionsOf(query), lent: "addresses", filled: true };
  const later = emptyFound({ answers: new Map(), options });
  const flow = flowOf(query.bodies, body, at, options);
  // Of a container that is all that is known: there may be others.
  if (found.callables.size === 0 && isOpen(query.bodies.types, flow.open)) found.unknown.add("memory");
  collect(query, { values: withoutDoers(flow).values, open: [] }, later, 0);
  for (const [id, ty] of later.callables) found.callables.set(id, ty);
}

/** A closure itself is what something is done by, not what is kept. */
function withoutDoers({ values, open }: Flow): Flow {
  return { values: values.filter((one) => one.k !== "callable" || one.own !== true), open };
}

/** So many values are asked for, for one answer. */
export const MAX_QUESTIONS = 150;

/** What a registrar gives back was installed before, by somebody else: its body is not looked into. */
function optionsOf({ bodies, registrars, parametersOf }: ValueQuery): FlowOptions {
  const ends = (def: DefId): boolean => registrars.byPath(bodies.names.pathOf(def)).length > 0;
  return { objects: true, others: true, ends, ...(parametersOf === undefined ? {} : { parametersOf }) };
}

/** A key for an operand of a body, for maps. */
export function operandKey(body: BodyInContext, operand: Operand): string {
  const text = JSON.stringify(operand, (name, one: unknown) => (name === "ty" ? (one as Ty).id : one));
  return `${bodyKeyIn(body)} ${text}`;
}

/** The values of an operand met on the way; each is asked for once. */
function ask(query: ValueQuery, body: BodyInContext, operand: Operand, asked: Asked, depth: number): Found {
  const key = operandKey(body, operand);
  const known = asked.answers.get(key);
  if (known !== undefined) return known;
  const found = emptyFound(asked);
  if (asked.answers.size >= MAX_QUESTIONS) {
    found.unknown.add("limit");
    return found;
  }
  asked.answers.set(key, found);
  const flow = flowOf(query.bodies, body, operand, asked.options);
  collect(query, asked.options.filled === true ? withoutDoers(flow) : flow, found, depth);
  return found;
}

function collect(query: ValueQuery, flow: Flow, found: Found, depth: number): void {
  const { names } = query.bodies;
  const answered = new Set<string>();
  const unanswered = new Set<BodyKey>();
  for (const value of flow.values) {
    switch (value.k) {
      case "callable":
      case "object":
        if (value.ty.k === "fn-def" || value.ty.k === "closure") {
          if (makesValues(query, value.ty)) found.makers = true;
          else if (!isOnlyCalled(query, value))
            for (const one of instancesIn(query.bodies, value.body, value.ty)) found.callables.set(one.id, one);
        } else found.unknown.add("memory");
        break;
      case "constant": {
        const number = constantNumber(query, value);
        if (number === null || (number !== 0 && query.registrars.handlerValue(number, query.symbol) === null)) {
          found.unknown.add("constant");
        } else found.none = true;
        break;
      }
      case "aggregate":
        fromAggregate(query, value, found, depth);
        break;
      case "result":
        fromResult(query, value, found, depth, answered, unanswered);
        break;
      case "address":
        if (depth < MAX_DEPTH) {
          const at: Operand = { k: "copy", place: value.place };
          merge(found, ask(query, value.body, at, found.asked, depth + 1));
        } else found.unknown.add("limit");
        break;
      case "static":
        found.unknown.add("memory");
        break;
      case "parameter":
        if (!chooses(query, value))
          found.parameters.set(parameterKey(value), { index: value.index, steps: value.steps });
        break;
    }
  }
  for (const body of unanswered) {
    const std = names.isPackCrate(names.def(body.def).crate);
    if (!std || answered.size === 0) found.unknown.add("unknown-call");
  }
  for (const end of flow.open) {
    if (end.why === "no-caller") found.dead = true;
    if (end.why === "no-caller" || answered.has(`${bodyId(end.body)}:${end.span.start}`)) continue;
    // What can hold no address gives no handler: it only chooses one.
    if (end.ty !== undefined && !holdsAddress(query.bodies.types, end.ty)) continue;
    // What code of std does inside is answered by what it was given.
    if (answered.size > 0 && names.isPackCrate(names.def(end.body.def).crate)) continue;
    found.unknown.add(end.why);
  }
}

/** A function that gives back what may itself be an address makes handlers: `get_or_init(|| handler)`. */
function makesValues({ bodies, registrar }: ValueQuery, ty: Ty & { readonly k: "fn-def" | "closure" }): boolean {
  if (registrar.entryKind !== "signal") return false;
  const { types, names } = bodies;
  if (ty.k === "fn-def") return names.def(ty.def).kind === "fn" && holdsAddress(types, types.fnSig(ty.def).ret);
  const ret = types.bodyFacts(ty.body)?.closure(ty.closure)?.ret;
  return ret !== undefined && holdsAddress(types, ret);
}

/**
 * Where an address is installed: a closure that was made into no pointer, and a function of Rust's own convention that takes a reference first. No
 * signal's number is one: whoever was given it calls it, `list.iter().position(Option::is_none)`.
 */
function isOnlyCalled({ bodies, registrar }: ValueQuery, value: FlowValue & { k: "callable" | "object" }): boolean {
  if (value.k !== "callable" || registrar.match.symbols === undefined) return false;
  if (value.ty.k !== "fn-def") return value.own === true;
  // `Some`, `Wrapper`: what it makes is among the values already.
  if (bodies.names.def(value.ty.def).kind !== "fn") return true;
  const { abi, params } = bodies.types.fnSig(value.ty.def);
  return abi === null && params[0]?.k === "ref";
}

/** A parameter that can hold no address: which handler is installed may depend on it, but it is none. */
function chooses({ bodies, parametersOf }: ValueQuery, { index, steps }: Parameter): boolean {
  const mir = parametersOf === undefined ? null : bodies.mir(parametersOf);
  if (parametersOf === undefined || mir === null) return false;
  return !holdsAddress(bodies.types, placeTyIn(mir, { local: parameterLocal(parametersOf, index), proj: steps }));
}

/** A result of std's code is made of what it was given; a generic one without arguments is zeroed memory or nothing. */
function fromResult(
  query: ValueQuery,
  value: FlowValue & { k: "result" },
  found: Found,
  depth: number,
  answered: Set<string>,
  unanswered: Set<BodyKey>,
): void {
  const { names } = query.bodies;
  if (value.callee.k !== "def") return;
  const def = names.def(value.callee.def);
  const place = `${bodyId(value.body)}:${value.span.start}`;
  // What a C function or registrar gives back is an old handler, which was installed elsewhere.
  const std = names.isPackCrate(def.crate);
  found.contained ||= std && isContainer(query, value.callee);
  const old = def.foreign !== null || query.registrars.byPath(names.pathOf(value.callee.def)).length > 0;
  if (old || (std && value.args.length === 0 && value.callee.args.length > 0)) {
    found.none = true;
    if (!old && query.bodies.types.fnSig(value.callee.def).ret.k !== "ptr") {
      found.zeroed = true;
      const { kind } = names.def(value.body.def);
      found.empty ||= kind === "static" || kind === "const";
    }
    answered.add(place);
    return;
  }
  if (!std || depth >= MAX_DEPTH) return;
  const inner = emptyFound(found.asked);
  const mir = query.bodies.mir(value.body);
  for (const arg of value.args) {
    // What a body that is known was given to call is not what it gives back: that is among the values already.
    if (value.followed && isCallable(mir === null ? null : operandTy(mir, arg))) continue;
    merge(inner, ask(query, value.body, arg, found.asked, depth + 1));
  }
  if (inner.unknown.has("limit")) found.unknown.add("limit");
  found.makers ||= inner.makers;
  found.contained ||= inner.contained;
  for (const [key, one] of inner.parameters) found.parameters.set(key, one);
  if (inner.callables.size + inner.parameters.size === 0) {
    if (value.followed) return;
    if (inner.none && inner.unknown.size === 0) found.none = true;
    else unanswered.add(value.body);
    return;
  }
  answered.add(place);
  for (const [id, ty] of inner.callables) found.callables.set(id, ty);
}

/**
 * Does it make a value of a type of std that others may put an address into: of such a value, what it was made with is not all that it may hold?
 * What `Option` and `Result` are made with is; texts and errors hold none.
 */
function isContainer(
  { bodies: { types, names } }: ValueQuery,
  callee: { readonly def: DefId; readonly args: readonly Ty[] },
): boolean {
  const ret = types.subst(types.fnSig(callee.def).ret, callee.args);
  return anywhere(types, ret, (one) => {
    if (one.k !== "adt" || types.isCopy(one, [])) return false;
    const { kind, crate } = names.def(one.def);
    return kind === "struct" && names.isPackCrate(crate) && (hasCell(types, one) || one.args.some(mayBeAddress));
  });

  function mayBeAddress(arg: Ty): boolean {
    return holdsAddress(types, arg);
  }
}

function isCallable(ty: Ty | null): boolean {
  return ty?.k === "closure" || ty?.k === "fn-def";
}

function fromAggregate(query: ValueQuery, value: FlowValue & { k: "aggregate" }, found: Found, depth: number): void {
  const { names } = query.bodies;
  const def = value.ty?.k === "adt" ? names.def(value.ty.def) : null;
  if (def?.kind === "enum") {
    const variant = variantsOf(names, def.id)[value.variant];
    const path = variant === undefined ? "" : names.pathOf(variant);
    if (value.fields.length === 0 || query.registrar.variants?.none.includes(path) === true) {
      found.none = true;
      return;
    }
  }
  if (depth >= MAX_DEPTH) {
    found.unknown.add("limit");
    return;
  }
  const mir = query.bodies.mir(value.body);
  const may = value.fields.filter((field) => mir === null || mayHold(query, mir, field));
  for (const field of may) merge(found, ask(query, value.body, field, found.asked, depth + 1));
  found.none ||= may.length === 0;
}

function mayHold(query: ValueQuery, mir: Mir, operand: Operand): boolean {
  if (operand.k === "const" && !("ty" in operand.value)) return false;
  const ty = typeOfOperand(mir, operand);
  return ty === null || holdsAddress(query.bodies.types, ty);
}

/** `SigAction::new(handler, …)`: the handler is what the constructor was given. */
function fromConstructors(
  query: ValueQuery,
  body: BodyKey,
  mir: Mir,
  operand: Operand,
  place: ValuePlace,
  found: Found,
): boolean {
  const constructors = query.registrar.constructors ?? [];
  if (constructors.length === 0) return false;
  const base = stepsInto(query.bodies, mir, operand, {
    arg: place.arg,
    ...(place.pointee === true ? { pointee: true } : {}),
  });
  let any = false;
  for (const value of flowOf(query.bodies, body, base, optionsOf(query)).values) {
    if (value.k !== "result" || value.callee.k !== "def") continue;
    const path = query.bodies.names.pathOf(value.callee.def);
    const constructor = constructors.find((one) => one.path === path);
    const given = constructor === undefined ? undefined : value.args[constructor.handler.arg];
    if (given === undefined) continue;
    any = true;
    collect(query, flowOf(query.bodies, value.body, given, optionsOf(query)), found, 0);
  }
  return any;
}

/** Memory that is written through a raw pointer: every store of this body into that field of that type. */
function fromStores(
  query: ValueQuery,
  body: BodyKey,
  mir: Mir,
  operand: Operand,
  place: ValuePlace,
  found: Found,
): void {
  const { types } = query.bodies;
  const owner = pointedTo(operandTy(mir, operand));
  const wanted = new Set(place.fields?.flatMap((one) => one.split(".").slice(-1)) ?? []);
  if (owner?.k !== "adt" || wanted.size === 0) return;
  const stored = emptyFound(found.asked);
  let any = false;
  for (const { stmts } of mir.blocks) {
    for (const { place: at, value } of stmts) {
      const last = at.proj.at(-1);
      if (last?.k !== "field") continue;
      const parent = placeTy(mir, { local: at.local, proj: at.proj.slice(0, -1) });
      if (parent?.k !== "adt" || !wanted.has(types.fieldNames(parent.def)[last.index] ?? "")) continue;
      if (value.k !== "use" && value.k !== "cast") continue;
      any = true;
      if (value.k === "cast" && value.kind === "reify") stored.callables.set(value.from.id, value.from);
      else collect(query, flowOf(query.bodies, body, value.operand, optionsOf(query)), stored, 1);
    }
  }
  if (!any) return;
  // What is stored there is the answer, with what is not known of it.
  found.unknown.clear();
  merge(found, stored);
}

/** The number that a constant is. */
export function constantNumber(query: ValueQuery, value: FlowValue & { k: "constant" }): number | null {
  const { value: constant } = value;
  if (constant.k === "int") return Number(constant.value);
  if (constant.k !== "const") return null;
  const text = query.bodies.types.constValue(constant.def, constant.args);
  return text === null || !/^-?\d+$/.test(text) ? null : Number(text);
}
