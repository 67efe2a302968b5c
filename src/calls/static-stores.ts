/**
 * What one body may put into a static, or into a local that is lent out, through a pointer into it: `*S.lock().unwrap() = v`, `S.write().unwrap().push(v)`,
 * `S.with(|c| c.set(v))`, `fill(&S, v)`.
 *
 * Input: a body and the locals that hold the static's address. A value made from a pointer into the static that can itself hold
 * a pointer (a guard, an iterator, a reference) may lead there too. Output: what is stored, and the bodies to look into
 * next. Too much rather than too little: nobody may take a static for what its initialiser made where something else was put there.
 */
import type { Span } from "../base/span.ts";
import type { DefId } from "../names/defs.ts";
import type { Types } from "../types/api.ts";
import type { Ty } from "../types/ty.ts";
import type { Bodies } from "./bodies.ts";
import { isOwnPart } from "./flow-places.ts";
import { declaredFieldTys } from "./inner-types.ts";
import { linkedTo } from "./linked-symbols.ts";
import type { BodyKey, CallTerm, Mir, Operand, Place, Rvalue } from "./mir.ts";
import {
  calledBody,
  fillingBody,
  type Held,
  type Inside,
  isHolder,
  isWide,
  onlyHandsOn,
  pointersInside,
} from "./pointers-inside.ts";
import {
  changesShared,
  hasCell,
  holdsAddress,
  holdsPointer,
  isErased,
  isOpaque,
  localTy,
  operandTy,
  placeTyIn,
  whereRecast,
} from "./value-types.ts";

export type Stored =
  | { readonly k: "value"; readonly value: Rvalue; readonly span: Span }
  /** A call's result is put there. */
  | { readonly k: "result"; readonly term: CallTerm }
  /** A call is given it beside the pointer. */
  | { readonly k: "operand"; readonly operand: Operand; readonly term: CallTerm }
  /** A function is given the pointer: these locals of its body hold it; `exact`: the very address that the holders hold. */
  | {
      readonly k: "callee";
      readonly body: BodyKey;
      readonly holders: ReadonlySet<number>;
      readonly term: CallTerm;
      readonly exact: boolean;
    }
  /** Whatever the call runs is given the pointer, as these arguments: a value is called, or a trait's method that a type of the caller's, or an object, chooses. */
  | {
      readonly k: "chosen";
      readonly term: CallTerm;
      readonly given: readonly number[];
      readonly exact: boolean;
      /** What is called holds the pointer too. */
      readonly holds: boolean;
      /** What goes in beside it, and stays where code runs that is not looked into. */
      readonly beside: readonly Operand[];
    }
  /** A value that holds the pointer is dropped, here or where it was moved to. */
  | { readonly k: "dropped"; readonly drop: DropImpl }
  /** A closure is given the pointer, or holds it; where `gives`, what it gives back may be stored. */
  | { readonly k: "closure"; readonly body: BodyKey; readonly holders: ReadonlySet<number>; readonly gives: boolean }
  /** The pointer is given back to whoever calls the body. */
  | { readonly k: "returned" };

export interface DropImpl {
  readonly def: DefId;
  readonly args: readonly Ty[];
}
interface Look {
  readonly bodies: Bodies;
  readonly mir: Mir;
  readonly holders: ReadonlySet<number>;
  /** A part of what the holders point to is asked for, and what fills a cell there matters. */
  readonly fills: boolean;
  readonly inside: Inside;
  readonly wanted: (ty: Ty) => boolean;
  readonly found: Stored[];
}

interface Lent {
  readonly mutably: Map<number, Set<number>>;
  readonly shared: Map<number, Set<number>>;
}
const lent = new WeakMap<Mir, Lent>();
const none: ReadonlySet<number> = new Set();
/** So deep is looked into a type for what its parts do when they are dropped. */
const MAX_PARTS = 3;

/** Locals that hold a mutable reference, or raw pointer, to (a part of) a local itself, what is in its boxes too; where there is a cell in it, any reference. */
export function lentTo(types: Types, mir: Mir, local: number, isShared = false): ReadonlySet<number> {
  let byLocal = lent.get(mir);
  if (byLocal === undefined) {
    byLocal = allLent(types, mir);
    lent.set(mir, byLocal);
  }
  const mutably = byLocal.mutably.get(local) ?? none;
  return isShared ? new Set([...mutably, ...(byLocal.shared.get(local) ?? none)]) : mutably;
}

/** For all locals in one look at the body. */
function allLent(types: Types, mir: Mir): Lent {
  const found: Lent = { mutably: new Map(), shared: new Map() };
  for (const { stmts } of mir.blocks) {
    for (const { place, value } of stmts) {
      if (value.k !== "ref" || place.proj.length > 0) continue;
      if (!isOwnPart(types, mir, value.place)) continue;
      // Of a part without a cell nothing can be changed, whatever the whole is.
      if (!value.mut && value.place.proj.length > 0 && !hasCell(types, placeTyIn(mir, value.place))) continue;
      const by = value.mut ? found.mutably : found.shared;
      const known = by.get(value.place.local);
      if (known === undefined) by.set(value.place.local, new Set([place.local]));
      else known.add(place.local);
    }
  }
  return found;
}

/** What the body stores; `wanted` says which types of values matter. */
export function storesThrough(bodies: Bodies, mir: Mir, held: Held, wanted: (ty: Ty) => boolean): readonly Stored[] {
  const inside = pointersInside(bodies, mir, held);
  const meant = whereRecast(bodies.types, mir, inside.locals, wanted);
  const fills = held.fills === true && held.rest.length > 0;
  const look: Look = { bodies, mir, holders: held.holders, fills, inside, wanted: meant, found: [] };
  for (const { stmts, term } of mir.blocks) {
    for (const stmt of stmts) {
      if (isStore(look, stmt.place)) look.found.push({ k: "value", value: stmt.value, span: stmt.span });
      // Whoever makes a closure that holds the pointer has it run.
      if (stmt.value.k === "aggregate" && stmt.value.kind.k === "closure" && inside.locals.has(stmt.place.local))
        enterClosure(look, { k: "copy", place: stmt.place });
    }
    if (term.k === "call") call(look, term);
  }
  const dropped = new Map<string, DropImpl>();
  for (const local of inside.locals)
    for (const one of local > mir.argCount ? dropsIn(bodies.types, localTy(mir, local)) : [])
      dropped.set(`${one.def}:${one.args.map((arg) => arg.id).join()}`, one);
  for (const drop of dropped.values()) look.found.push({ k: "dropped", drop });
  if (inside.locals.has(0)) look.found.push({ k: "returned" });
  return look.found;
}

/** A place behind a pointer into the static; what stands directly behind the static's own address is not asked here. */
function isStore(look: Look, place: Place): boolean {
  if (look.holders.has(place.local) || !look.inside.locals.has(place.local)) return false;
  return place.proj.some((one) => one.k === "deref") && look.wanted(placeTyIn(look.mir, place));
}

function call(look: Look, term: CallTerm): void {
  const { bodies, mir, inside, found } = look;
  const reaches = (operand: Operand): boolean => operand.k !== "const" && inside.leads(operand.place);
  if (isStore(look, term.dest)) found.push({ k: "result", term });
  const holds = term.callee.k === "value" && reaches(term.callee.operand) && !enterClosure(look, term.callee.operand);
  if (!holds && !term.args.some(reaches)) return;
  const body = calledBody(bodies, mir, term);
  const given = term.args.flatMap((arg, index) => (reaches(arg) ? [index] : []));
  const exact = term.args.every((arg) => !reaches(arg) || isHolder(look.holders, arg));
  const isChosen = isChosenElsewhere(bodies, term);
  // Asked for all that is in the cell, it would be asked for what fills it too, in each question for that.
  const entered = body ?? (exact && look.fills ? fillingBody(bodies, mir, term) : null);
  if (isChosen) {
    const beside = term.args.filter((arg) => !reaches(arg) && matters(look, arg));
    found.push({ k: "chosen", term, given, exact, holds, beside });
  } else if (entered !== null) {
    found.push({ k: "callee", body: entered, holders: new Set(given.map((index) => index + 1)), term, exact });
  }
  if (isForeign(bodies, term)) return;
  const direct = term.args.some((arg) => arg.k !== "const" && look.holders.has(arg.place.local));
  const isHandedOn = !isChosen && body === null && onlyHandsOn(bodies, mir, term);
  for (const arg of term.args) {
    if (enterClosure(look, arg, !isHandedOn) || isHandedOn || isChosen || body !== null || direct) continue;
    if (reaches(arg) ? pointAlike(mir, term, arg, reaches) : matters(look, arg))
      found.push({ k: "operand", operand: arg, term });
  }
}

function matters({ mir, wanted }: Look, operand: Operand): boolean {
  const ty = operandTy(mir, operand);
  return ty !== null && wanted(ty);
}

const dropImpls = new WeakMap<Types, Map<Ty, readonly DropImpl[]>>();

/** Drop impls of the program that run when a value of the type is dropped. */
function dropsIn(types: Types, ty: Ty, depth = 0): readonly DropImpl[] {
  if (ty.k === "array") return dropsIn(types, ty.inner, depth);
  if ((ty.k !== "adt" && ty.k !== "tuple") || depth > MAX_PARTS) return [];
  const known = dropImpls.get(types) ?? new Map<Ty, readonly DropImpl[]>();
  dropImpls.set(types, known);
  let found = depth === 0 ? known.get(ty) : undefined;
  if (found === undefined) {
    const own = ty.k === "adt" ? types.dropImpl(ty) : null;
    const parts = ty.k === "adt" ? [...ty.args, ...partsOfAdt(types, ty)] : ty.elems;
    const isRead = own !== null && types.names.def(own.def).packEntry === null;
    found = [...(isRead ? [own] : []), ...parts.flatMap((one) => dropsIn(types, one, depth + 1))];
    if (depth === 0) known.set(ty, found);
  }
  return found;
}

function partsOfAdt(types: Types, { def, args }: Ty & { readonly k: "adt" }): readonly Ty[] {
  return declaredFieldTys(types, def).map((one) => types.subst(one, args));
}

/** Can a value that matters, and can be an address, be stored behind what is of this type? Behind a raw pointer to bytes or to nothing in particular, or a number that is an address, any. */
export function takes(types: Types, ty: Ty, wanted: (ty: Ty) => boolean): boolean {
  if (ty.k !== "ref" && ty.k !== "ptr") return isWide(ty) || holdsPointer(types, ty);
  if (ty.k === "ptr" && (ty.inner.k === "prim" || isErased(types, ty))) return true;
  return wanted(ty.inner) && holdsAddress(types, ty.inner) && (ty.mut || changesShared(types, ty.inner));
}

/** Does something else than the body that calls say what runs? */
function isChosenElsewhere({ names, types }: Bodies, { callee }: CallTerm): boolean {
  if (callee.k !== "def") return callee.k === "value";
  const { parent, packEntry } = names.def(callee.def);
  const [self] = callee.args;
  if (parent === null || packEntry !== null || names.def(parent).kind !== "trait" || self === undefined) return false;
  return isOpaque(types.normalize(self, [], true));
}

/** What goes into a call beside one of the holders, of a type that matters; a holder, too, where what it points to may be put where another one does. */
export function passedBeside(
  mir: Mir,
  term: CallTerm,
  holders: ReadonlySet<number>,
  wanted: (ty: Ty) => boolean,
): readonly Operand[] {
  const { args } = term;
  const held = (arg: Operand): boolean => arg.k !== "const" && holders.has(arg.place.local);
  if (!args.some(held)) return [];
  return args.filter((arg) => {
    const ty = operandTy(mir, arg);
    return ty !== null && (held(arg) ? pointAlike(mir, term, arg, held) : wanted(ty));
  });
}

/** Does the operand point to what another argument, one of these, points to, by its type? */
export function pointAlike(
  mir: Mir,
  { args }: CallTerm,
  operand: Operand,
  isOne: (arg: Operand) => boolean = () => true,
): boolean {
  const pointee = (arg: Operand): Ty | null => {
    const ty = operandTy(mir, arg);
    return ty?.k === "ref" || ty?.k === "ptr" ? ty.inner : null;
  };
  const own = pointee(operand);
  return own !== null && args.some((arg) => arg !== operand && isOne(arg) && pointee(arg) === own);
}

/** Is what runs looked into for what it stores? */
export function isLookedInto(bodies: Bodies, mir: Mir, term: CallTerm): boolean {
  return isChosenElsewhere(bodies, term) || calledBody(bodies, mir, term) !== null;
}

/** Is a C function called, which the program does not define? */
export function isForeign(bodies: Bodies, { callee }: CallTerm): boolean {
  return callee.k === "def" && bodies.names.def(linkedTo(bodies, callee.def)).foreign !== null;
}

/** Is a C function given the address to write to: `sigaction(signal, &new, &mut OLD)`? What it puts there may come from where nobody sees it. */
export function mayWrite(
  { types }: Bodies,
  mir: Mir,
  term: CallTerm,
  holders: ReadonlySet<number>,
  wanted: (ty: Ty) => boolean,
): boolean {
  return term.args.some((arg) => {
    const ty = isHolder(holders, arg) ? operandTy(mir, arg) : null;
    return ty !== null && (ty.k === "ref" || ty.k === "ptr") && ty.mut && takes(types, ty, wanted);
  });
}

/** Is that a C function which writes what it is given, and nothing else? */
export function onlyCopies({ names, onlyCopies: copies }: Bodies, { callee }: CallTerm): boolean {
  const foreign = callee.k === "def" ? names.def(callee.def).foreign : null;
  return foreign !== null && copies(foreign.symbol);
}

/** A closure that is called with, or holds, a pointer into the static; false for other values. `keeps`: whoever runs it may store what it gives back. */
function enterClosure(look: Look, operand: Operand, keeps = true): boolean {
  const ty = operandTy(look.mir, operand);
  if (ty?.k !== "closure") return false;
  const body = { def: ty.body, closure: ty.closure };
  const mir = look.bodies.mir(body);
  if (mir === null) return true;
  const holders = new Set<number>();
  if (operand.k !== "const" && look.inside.locals.has(operand.place.local)) holders.add(1);
  for (let local = 2; local <= mir.argCount; local += 1) {
    if (holdsPointer(look.bodies.types, localTy(mir, local))) holders.add(local);
  }
  look.found.push({ k: "closure", body, holders, gives: keeps && look.wanted(localTy(mir, 0)) });
  return true;
}
