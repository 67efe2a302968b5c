/**
 * What one body may put into a static, or into a local that is lent out, through a pointer into it: `*S.lock().unwrap() = v`, `S.write().unwrap().push(v)`,
 * `S.with(|c| c.set(v))`, `fill(&S, v)`.
 *
 * Input: a body and the locals that hold the static's address. A value made from a pointer into the static that can itself hold
 * a pointer (a guard, an iterator, a reference) may lead there too. Output: what is stored, and the bodies to look into
 * next. Too much rather than too little: nobody may take a static for what its initialiser made where something else was put there.
 */
import type { Span } from "../base/span.ts";
import type { DefId, Names } from "../names/defs.ts";
import type { Types } from "../types/api.ts";
import type { Ty } from "../types/ty.ts";
import type { Bodies } from "./bodies.ts";
import type { BodyKey, Mir, Operand, Place, Rvalue, Terminator } from "./mir.ts";

type CallTerm = Terminator & { readonly k: "call" };

export type Stored =
  | { readonly k: "value"; readonly value: Rvalue; readonly span: Span }
  /** A call's result is put there. */
  | { readonly k: "result"; readonly term: CallTerm }
  | { readonly k: "operand"; readonly operand: Operand }
  /** A function is given the pointer: these locals of its body hold it. */
  | { readonly k: "callee"; readonly body: BodyKey; readonly holders: ReadonlySet<number>; readonly term: CallTerm }
  /** A closure is given the pointer, or holds it; where `gives`, what it gives back may be stored. */
  | { readonly k: "closure"; readonly body: BodyKey; readonly holders: ReadonlySet<number>; readonly gives: boolean };

interface Look {
  readonly bodies: Bodies;
  readonly mir: Mir;
  readonly holders: ReadonlySet<number>;
  readonly inside: ReadonlySet<number>;
  readonly wanted: (ty: Ty) => boolean;
  readonly found: Stored[];
}

const lent = new WeakMap<Mir, ReadonlyMap<number, ReadonlySet<number>>>();
const none: ReadonlySet<number> = new Set();

/** Locals that hold a mutable reference, or raw pointer, to (a part of) a local itself. */
export function lentTo(mir: Mir, local: number): ReadonlySet<number> {
  let byLocal = lent.get(mir);
  if (byLocal === undefined) {
    byLocal = allLent(mir);
    lent.set(mir, byLocal);
  }
  return byLocal.get(local) ?? none;
}

/** For all locals in one look at the body. */
function allLent(mir: Mir): Map<number, Set<number>> {
  const found = new Map<number, Set<number>>();
  for (const { stmts } of mir.blocks) {
    for (const { place, value } of stmts) {
      if (value.k !== "ref" || !value.mut || place.proj.length > 0) continue;
      if (value.place.proj.some((one) => one.k === "deref")) continue;
      const known = found.get(value.place.local);
      if (known === undefined) found.set(value.place.local, new Set([place.local]));
      else known.add(place.local);
    }
  }
  return found;
}

/** What the body stores; `wanted` says which types of values matter, `known` which locals hold another part and are asked by themselves. */
export function storesThrough(
  bodies: Bodies,
  mir: Mir,
  holders: ReadonlySet<number>,
  known: ReadonlySet<number>,
  wanted: (ty: Ty) => boolean,
): readonly Stored[] {
  const look: Look = {
    bodies,
    mir,
    holders,
    inside: pointersInside(bodies.types, mir, holders, known),
    wanted,
    found: [],
  };
  for (const { stmts, term } of mir.blocks) {
    for (const stmt of stmts) {
      if (isStore(look, stmt.place)) look.found.push({ k: "value", value: stmt.value, span: stmt.span });
    }
    if (term.k === "call") call(look, term);
  }
  return look.found;
}

/** A place behind a pointer into the static; what stands directly behind the static's own address is not asked here. */
function isStore(look: Look, place: Place): boolean {
  if (look.holders.has(place.local) || !look.inside.has(place.local)) return false;
  return place.proj.some((one) => one.k === "deref") && look.wanted(placeTyIn(look.mir, place));
}

/** Locals that may hold a pointer into the static. */
function pointersInside(
  types: Types,
  mir: Mir,
  holders: ReadonlySet<number>,
  known: ReadonlySet<number>,
): ReadonlySet<number> {
  const inside = new Set(holders);
  const reaches = (operand: Operand): boolean => operand.k !== "const" && inside.has(operand.place.local);
  for (let size = -1; size !== inside.size; ) {
    size = inside.size;
    for (const { stmts, term } of mir.blocks) {
      for (const { place, value } of stmts) {
        if (
          !inside.has(place.local) &&
          !known.has(place.local) &&
          flows(value, inside, reaches) &&
          holdsPointer(types, localTy(mir, place.local))
        )
          inside.add(place.local);
      }
      if (term.k !== "call" || inside.has(term.dest.local) || !term.args.some(reaches)) continue;
      if (holdsPointer(types, localTy(mir, term.dest.local))) inside.add(term.dest.local);
    }
  }
  return inside;
}

function flows(value: Rvalue, inside: ReadonlySet<number>, reaches: (operand: Operand) => boolean): boolean {
  switch (value.k) {
    case "use":
    case "cast":
      return reaches(value.operand);
    case "ref":
      return inside.has(value.place.local);
    case "aggregate":
      return value.fields.some(reaches);
    default:
      return false;
  }
}

function call(look: Look, term: CallTerm): void {
  const { mir, inside, found } = look;
  const reaches = (operand: Operand): boolean => operand.k !== "const" && inside.has(operand.place.local);
  if (isStore(look, term.dest)) found.push({ k: "result", term });
  if (term.callee.k === "value" && reaches(term.callee.operand)) enterClosure(look, term.callee.operand);
  if (!term.args.some(reaches)) return;
  const body = bodyOf(look, term);
  if (body !== null) {
    const locals = term.args.flatMap((arg, index) => (reaches(arg) ? [index + 1] : []));
    found.push({ k: "callee", body, holders: new Set(locals), term });
  }
  if (isForeign(look.bodies.names, term)) return;
  const direct = term.args.some((arg) => arg.k !== "const" && look.holders.has(arg.place.local));
  for (const arg of term.args) {
    if (enterClosure(look, arg) || body !== null || direct || reaches(arg)) continue;
    const ty = operandTy(mir, arg);
    if (ty !== null && look.wanted(ty)) found.push({ k: "operand", operand: arg });
  }
}

/** Is a C function called? */
export function isForeign(names: Names, { callee }: CallTerm): boolean {
  return callee.k === "def" && names.def(callee.def).foreign !== null;
}

/** The body of a function of the program that is called by name. */
function bodyOf({ bodies, mir }: Look, term: CallTerm): BodyKey | null {
  if (term.callee.k !== "def") return null;
  const { types } = bodies;
  const { def } = types.resolveMember(term.callee.def, term.callee.args, types.genericsOf(mir.key.def).predicates);
  const key = def === null ? null : { def, closure: null };
  return key === null || types.names.def(key.def).packEntry !== null || bodies.mir(key) === null ? null : key;
}

/** A closure that is called with, or holds, a pointer into the static; false for other values. */
function enterClosure(look: Look, operand: Operand): boolean {
  const ty = operandTy(look.mir, operand);
  if (ty?.k !== "closure") return false;
  const body = { def: ty.body, closure: ty.closure };
  const mir = look.bodies.mir(body);
  if (mir === null) return true;
  const holders = new Set<number>();
  if (operand.k !== "const" && look.inside.has(operand.place.local)) holders.add(1);
  for (let local = 2; local <= mir.argCount; local += 1) {
    if (holdsPointer(look.bodies.types, localTy(mir, local))) holders.add(local);
  }
  look.found.push({ k: "closure", body, holders, gives: look.wanted(localTy(mir, 0)) });
  return true;
}

/** The type of an operand; null for plain constants. */
export function operandTy(mir: Mir, operand: Operand): Ty | null {
  if (operand.k === "const") return "ty" in operand.value ? operand.value.ty : null;
  return placeTyIn(mir, operand.place);
}

/** The type of a place as far as its text says; of the whole where only an element or what it points to is meant. */
export function placeTyIn(mir: Mir, place: Place): Ty {
  const last = place.proj.findLast((one) => one.k === "field");
  return last?.k === "field" ? last.ty : localTy(mir, place.local);
}

function localTy(mir: Mir, local: number): Ty {
  const found = mir.locals[local] ?? mir.locals[0];
  if (found === undefined) throw new Error("a body without a return place");
  return found.ty;
}

/** Can a value of the type hold a pointer? What is not known can. */
function holdsPointer(types: Types, ty: Ty): boolean {
  return anywhere(types, ty, (one) => one.k === "ref" || one.k === "ptr" || isOpaque(one) || one.k === "closure", 0);
}

/** Can what is in a static, or behind it, be changed after its initialisation: is it mutable, or of a type that allows it through a shared reference? */
export function mayChange(types: Types, def: DefId): boolean {
  return isMutable(types, def) || changes(types, types.typeOf(def), 0);
}

/** The same of a part of it: the types from the static's own down to the part's. What is inside a cell can change, whatever its own type is. */
export function partMayChange(types: Types, def: DefId, way: readonly Ty[]): boolean {
  const part = way.at(-1);
  const isCell = (ty: Ty): boolean => ty.k === "adt" && types.names.isPackCrate(types.names.def(ty.def).crate);
  return isMutable(types, def) || way.slice(0, -1).some(isCell) || part === undefined || changes(types, part, 0);
}

function isMutable({ names }: Types, def: DefId): boolean {
  const { item } = names.def(def);
  return item?.k === "static" && item.mut;
}

/** Does a type allow to change it through a shared reference? Types of packs are taken to. */
export function changesShared(types: Types, ty: Ty): boolean {
  return changes(types, ty, 0);
}

function changes(types: Types, ty: Ty, depth: number): boolean {
  const inside = (one: Ty): boolean => changes(types, one, depth + 1);
  switch (ty.k) {
    case "ref":
    case "slice":
    case "array":
      return inside(ty.inner);
    case "tuple":
      return ty.elems.some(inside);
    case "adt": {
      const { names } = types;
      if (depth > MAX_DEPTH) return true;
      if (names.def(ty.def).lang === "Option") return ty.args.some(inside);
      return names.isPackCrate(names.def(ty.def).crate) || fieldsOf(types, ty).some(inside);
    }
    case "prim":
    case "fn-ptr":
    case "fn-def":
    case "closure":
      return false;
    default:
      return true;
  }
}

/** The types of all fields of a struct or enum, as they are declared. */
export function declaredFieldTys(types: Types, def: DefId): readonly Ty[] {
  const { kind, children } = types.names.def(def);
  if (kind !== "enum") return types.fieldTys(def);
  return children.filter((one) => types.names.def(one).kind === "variant").flatMap((one) => types.fieldTys(one));
}

function fieldsOf(types: Types, ty: Ty & { readonly k: "adt" }): Ty[] {
  return declaredFieldTys(types, ty.def).map((one) => types.normalize(types.subst(one, ty.args), [], true));
}

/** Which values matter for a static or local of this type: those that lead to something that is called; where its own type does not, numbers too. */
export function valuesThatMatter(types: Types, holder: Ty): (ty: Ty) => boolean {
  const calls = (ty: Ty): boolean => anywhere(types, ty, isCalled, 0);
  // A pointer to nothing in particular may be a function's too.
  const isErased = ({ k, inner }: Ty & { readonly inner?: Ty }): boolean =>
    k === "ptr" &&
    (inner === types.tupleOf([]) || (inner?.k === "adt" && types.names.def(inner.def).name === "c_void"));
  if (calls(holder) && !anywhere(types, holder, isErased)) return calls;
  if (calls(holder)) return (ty) => calls(ty) || anywhere(types, ty, isErased);
  // Addresses as numbers, and pointers to nothing in particular.
  return (ty) =>
    calls(ty) || anywhere(types, ty, (one) => one.k === "ptr" || (one.k === "prim" && /^[iu]/.test(one.name)), 0);
}

/** Values that are the address of a function as it is stored: those that can be called, and numbers made for addresses. */
export function addresses(types: Types): (ty: Ty) => boolean {
  return (ty) => anywhere(types, ty, (one) => isCalled(one) || (one.k === "prim" && /^[iu]size$/.test(one.name)), 0);
}

/** Can a value of the type hold the address of a function? What is not known can. */
export function holdsAddress(types: Types, ty: Ty): boolean {
  const wide = (one: Ty): boolean => one.k === "ptr" || (one.k === "prim" && /^[iu](size|64|128)$/.test(one.name));
  return anywhere(types, ty, (one) => isCalled(one) || wide(one), 0);
}

function isCalled(ty: Ty): boolean {
  return ty.k === "fn-ptr" || ty.k === "fn-def" || ty.k === "closure" || isOpaque(ty);
}

/** Does the type not say which values it has? */
export function isOpaque({ k }: Ty): boolean {
  return k === "dyn" || k === "param" || k === "proj" || k === "opaque" || k === "infer" || k === "unknown";
}

const MAX_DEPTH = 5;

/** Is there such a type in the type, or in what it holds? */
export function anywhere(types: Types, ty: Ty, test: (one: Ty) => boolean, depth = 0): boolean {
  if (test(ty)) return true;
  if (depth > MAX_DEPTH) return false;
  const inside = (one: Ty): boolean => anywhere(types, one, test, depth + 1);
  switch (ty.k) {
    case "ref":
    case "ptr":
    case "slice":
    case "array":
      return inside(ty.inner);
    case "tuple":
      return ty.elems.some(inside);
    case "adt":
      return ty.args.some(inside) || fieldsOf(types, ty).some(inside);
    default:
      return false;
  }
}
