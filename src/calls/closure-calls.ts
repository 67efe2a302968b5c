/**
 * Who calls a closure: the bodies that made it, functions that it is passed to, closures that captured it, and iterators of std that keep it.
 *
 * Input: a closure. Output: each call that the program shows, with the call that the body around it is entered by; open where its value goes
 * anywhere else. What an iterator that keeps it hands to it is what the iterator's own `next` does.
 */
import { pushAll } from "../base/push-all.ts";
import type { DefId } from "../names/defs.ts";
import { ASYNC_BLOCK } from "../types/intern.ts";
import type { Ty } from "../types/ty.ts";
import type { Bodies } from "./bodies.ts";
import type { CallSite, CallSites } from "./call-site.ts";
import { type BodyInContext, entered, enteredOn, madeIn, memberIn } from "./flow-context.ts";
import { fieldsOnTheWay, indicesOf } from "./flow-places.ts";
import { anywhere } from "./inner-types.ts";
import type { BodyKey, CallTerm, Mir, Operand, Place, Rvalue } from "./mir.ts";
import { isOpaque } from "./value-types.ts";

/** All calls of a closure that the program shows; open where its value goes anywhere else. */
export function callsOfClosure(bodies: Bodies, target: BodyKey): CallSites {
  const calls: CallSite[] = [];
  let open = false;
  for (const body of bodies.withClosures(target.def)) {
    const mir = bodies.mir(body);
    if (mir === null) continue;
    const holders = mir.locals.flatMap((local, index) => (isClosure(local.ty, target) ? [index] : []));
    const inside = callsOfHeld(bodies, body, new Set(holders), 0);
    pushAll(calls, inside.calls);
    open ||= inside.open || inside.kept.length > 0;
  }
  return { calls, open, lost: false };
}

/** All calls of a closure that the body which makes it shows, in its context: what it is passed to there. */
export function callsOfMade(bodies: Bodies, target: BodyKey, made: BodyInContext): CallSites {
  const locals = bodies.mir(made)?.locals ?? [];
  const holders = locals.flatMap((local, index) => (isClosure(local.ty, target) ? [index] : []));
  const { calls, open, kept } = callsOfHeld(bodies, made, new Set(holders), 0);
  return { calls, open: open || kept.length > 0, lost: false };
}

function isClosure(ty: Ty, target: BodyKey): boolean {
  let one = ty;
  while (one.k === "ref") one = one.inner;
  return one.k === "closure" && one.body === target.def && one.closure === target.closure;
}

/** A callable is passed on so often. */
const MAX_PASSED = 3;

interface HeldCalls {
  readonly calls: readonly CallSite[];
  readonly open: boolean;
  /** Fields of what the body gives back that hold it. */
  readonly kept: readonly { readonly owner: DefId; readonly index: number }[];
}

/** Calls of what these locals hold, in the body and in functions that it is passed to; open where it goes elsewhere. */
function callsOfHeld(bodies: Bodies, body: BodyInContext, start: ReadonlySet<number>, depth: number): HeldCalls {
  const mir = bodies.mir(body);
  if (mir === null || start.size === 0) return { calls: [], open: mir === null && start.size > 0, kept: [] };
  const holders = holdingLocals(bodies, body, mir, start);
  const holds = (one: Operand): boolean =>
    one.k !== "const" && holders.has(one.place.local) && !isCapture(mir, one.place);
  const calls: CallSite[] = [];
  const kept: { owner: DefId; index: number }[] = [];
  let open = holders.has(0);
  const add = (inside: Omit<HeldCalls, "kept">): void => {
    pushAll(calls, inside.calls);
    open ||= inside.open;
  };
  for (const [block, { stmts, term }] of mir.blocks.entries()) {
    for (const { place, value } of stmts) {
      if (value.k === "aggregate") {
        const fields = value.fields.flatMap((field, at) => (holds(field) ? [indicesOf(value)[at] ?? at] : []));
        if (fields.length === 0) continue;
        const { kind } = value;
        if (kind.k === "closure" && kind.closure < ASYNC_BLOCK && place.proj.length === 0)
          for (const index of fields)
            add(callsOfCaptured(bodies, madeIn({ def: body.def, closure: kind.closure }, body), index, depth));
        else if (kind.k === "adt" && isGivenBack(mir, place))
          for (const index of fields) kept.push({ owner: kind.def, index });
        else open = true;
      } else if ((value.k === "use" || value.k === "cast") && holds(value.operand) && place.proj.length > 0)
        open = true;
    }
    if (term.k !== "call") continue;
    if (term.callee.k === "value" && holds(term.callee.operand))
      calls.push({ body, block, args: term.args, onParameter: false });
    const given = term.args.flatMap((arg, index) => (holds(arg) ? [index + 1] : []));
    if (given.length === 0) continue;
    const member =
      term.callee.k === "def" && depth < MAX_PASSED
        ? memberIn(bodies.types, body, term.callee.def, term.callee.args)
        : null;
    if (member === null) open = true;
    else {
      const callee = entered({ def: member.def, closure: null }, body, term, member.args);
      const passed = callsOfHeld(bodies, callee, new Set(given), depth + 1);
      add(passed);
      open ||= given.some((local) => isPutAway(bodies, member.def, local - 1));
      for (const one of passed.kept) add(callsOfKept(bodies, body, term, one));
    }
  }
  return { calls, open, kept };
}

/** What a closure captured is not the closure. */
function isCapture(mir: Mir, { local, proj }: Place): boolean {
  let ty = mir.locals[local]?.ty;
  while (ty?.k === "ref") ty = ty.inner;
  return ty?.k === "closure" && proj.some((one) => one.k === "field");
}

/** Is what is put together here what the body gives back? */
function isGivenBack(mir: Mir, place: Place): boolean {
  if (place.proj.length > 0 || place.local === 0) return place.proj.length === 0;
  return mir.blocks.some(({ stmts }) =>
    stmts.some(
      ({ place: dest, value }) =>
        dest.local === 0 &&
        dest.proj.length === 0 &&
        value.k === "use" &&
        value.operand.k !== "const" &&
        value.operand.place.local === place.local &&
        value.operand.place.proj.length === 0,
    ),
  );
}

/**
 * Std keeps it in a field of what it gave back: an iterator calls it for the next element, and for nothing else. Open for all other types, and
 * where that is not seen.
 */
function callsOfKept(
  bodies: Bodies,
  body: BodyInContext,
  term: CallTerm,
  { owner, index }: HeldCalls["kept"][number],
): Omit<HeldCalls, "kept"> {
  const { names, types } = bodies;
  const next = names.langItem("next");
  const mir = bodies.mir(body);
  const ty = mir === null ? undefined : mir.locals[term.dest.local]?.ty;
  const isKnown = next !== null && ty?.k === "adt" && ty.def === owner && term.dest.proj.length === 0;
  const member = isKnown && names.isPackCrate(names.def(owner).crate) ? memberIn(types, body, next, [ty]) : null;
  if (member === null) return { calls: [], open: true };
  const inside = enteredOn({ def: member.def, closure: null }, body, term.dest, member.args);
  const own = bodies.mir(inside);
  const calls = (own?.blocks ?? []).flatMap(({ term: one }, block): CallSite[] => {
    if (own === null || one.k !== "call" || one.callee.k !== "value" || one.callee.operand.k === "const") return [];
    const fields = [...fieldsOnTheWay(own, one.callee.operand.place, types)];
    const isMeant = fields.some((field) => field.owner === owner && field.index === index);
    return isMeant ? [{ body: inside, block, args: one.args, onParameter: false }] : [];
  });
  return { calls, open: calls.length === 0 };
}

/** Another closure of the same body captured it, as its `index`-th value. */
function callsOfCaptured(bodies: Bodies, key: BodyInContext, index: number, depth: number): Omit<HeldCalls, "kept"> {
  const mir = bodies.mir(key);
  if (mir === null || depth >= MAX_PASSED) return { calls: [], open: true };
  const isIt = ({ local, proj }: Place): boolean =>
    local === 1 && proj.find((one) => one.k === "field")?.index === index;
  const isOperand = (one: Operand): boolean => one.k !== "const" && isIt(one.place);
  const calls: CallSite[] = [];
  const start = new Set<number>();
  let open = false;
  for (const [block, { stmts, term }] of mir.blocks.entries()) {
    for (const { place, value } of stmts) {
      const from = copiedFrom(value);
      if (from !== null && isIt(from) && place.proj.length === 0) start.add(place.local);
      else if (from !== null ? isIt(from) : value.k === "aggregate" && value.fields.some(isOperand)) open = true;
    }
    if (term.k !== "call") continue;
    if (term.callee.k === "value" && isOperand(term.callee.operand))
      calls.push({ body: key, block, args: term.args, onParameter: false });
    if (term.args.some(isOperand)) open = true;
  }
  const held = callsOfHeld(bodies, key, start, depth + 1);
  return { calls: [...calls, ...held.calls], open: open || held.open || held.kept.length > 0 };
}

/** The place that a value is a copy of, a pointer to, or a pointer made of. */
function copiedFrom(value: Rvalue): Place | null {
  if (value.k === "ref") return value.place;
  return (value.k === "use" || value.k === "cast") && value.operand.k !== "const" ? value.operand.place : null;
}

/** Locals that hold what one of these holds, a pointer that it was made into, a reference to it, or what code of std made of it (a box). */
function holdingLocals(bodies: Bodies, body: BodyInContext, mir: Mir, start: ReadonlySet<number>): ReadonlySet<number> {
  const holders = new Set(start);
  for (let size = -1; size !== holders.size; ) {
    size = holders.size;
    for (const { stmts, term } of mir.blocks) {
      if (term.k === "call" && term.dest.proj.length === 0 && isKeptBy(bodies, body, term, holders))
        holders.add(term.dest.local);
      for (const { place, value } of stmts) {
        if (place.proj.length > 0) continue;
        const from = copiedFrom(value);
        if (from !== null && holders.has(from.local) && from.proj.every((one) => one.k === "deref"))
          holders.add(place.local);
      }
    }
  }
  return holders;
}

/**
 * Does code of std that is given one of these give back what may hold it: is what was given part of the result's type? An iterator whose calls of
 * it are seen is none: who has it calls nothing else.
 */
function isKeptBy(bodies: Bodies, body: BodyInContext, term: CallTerm, holders: ReadonlySet<number>): boolean {
  const { names, types } = bodies;
  if (term.callee.k !== "def") return false;
  const held = term.args.flatMap((one, index) => (one.k !== "const" && holders.has(one.place.local) ? [index] : []));
  if (held.length === 0) return false;
  const member = memberIn(types, body, term.callee.def, term.callee.args);
  const { def } = member ?? term.callee;
  if (names.def(def).packEntry === null) return false;
  const { params, ret } = types.fnSig(def);
  const isPart = anywhere(
    types,
    ret,
    (one) => isOpaque(one) && held.some((index) => anywhere(types, params[index] ?? one, (part) => part === one)),
  );
  if (!isPart || member === null) return isPart;
  const callee = entered({ def, closure: null }, body, term, member.args);
  const inside = callsOfHeld(bodies, callee, new Set(held.map((index) => index + 1)), MAX_PASSED);
  const isSeen = inside.kept.length > 0 && !inside.open;
  return !isSeen || inside.kept.some((one) => callsOfKept(bodies, body, term, one).open);
}

/** Does a function of std put an argument into another one: a collection or cell of values of that type, or memory? */
function isPutAway({ names, types }: Bodies, def: DefId, index: number): boolean {
  if (names.def(def).packEntry === null) return false;
  const { params } = types.fnSig(def);
  const own = params[index];
  if (own === undefined) return true;
  const ofOwner = anywhere(types, own, (one) => one.k === "param" && one.owner !== def);
  const others = params.filter((_, other) => other !== index);
  return others.some((one) => (one.k === "ref" || one.k === "ptr") && (ofOwner || one.inner === own));
}
