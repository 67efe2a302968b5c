/**
 * Which locals of a body may hold a pointer into a place whose address some of its locals hold.
 *
 * Input: a body, the locals that hold the address, and what of the place is asked for. A value made from such a pointer that can itself hold a
 * pointer may lead there too (a guard, an iterator, a reference), and a number that such a pointer was cast to; not one that was read from another part of
 * the place, and not what a function gives back whose body says that it comes from elsewhere. Pointers that go out through other memory are not seen.
 */
import type { Ty } from "../types/ty.ts";
import { type Bodies, bodyId } from "./bodies.ts";
import { placeKey, prefixOf } from "./flow-places.ts";
import { linkedTo } from "./linked-symbols.ts";
import type { BodyKey, Callee, CallTerm, Mir, Operand, Place, Projection, Rvalue } from "./mir.ts";
import { isStaticAddress, withCopies } from "./static-holders.ts";
import { holdsPointer, localTy, placeTyIn } from "./value-types.ts";

/** Locals that hold the address of the whole, and what of it is asked for. */
export interface Held {
  readonly holders: ReadonlySet<number>;
  readonly rest: readonly Projection[];
  /** Locals that hold the address of some part, and are asked by themselves where they are not among the holders. */
  readonly known: ReadonlySet<number>;
  /** Functions of packs that fill a cell are looked into for what they put there. */
  readonly fills?: boolean;
}

export interface Inside {
  readonly locals: ReadonlySet<number>;
  /** May what a place holds lead to what is asked for? */
  leads(place: Place): boolean;
}

/** So many calls deep is looked for what functions give back. */
const MAX_DEPTH = 3;

/** Locals that may hold a pointer into the place, the holders among them. */
export function pointersInside(bodies: Bodies, mir: Mir, held: Held, depth = 0): Inside {
  const { holders, rest, known } = held;
  const locals = new Set(holders);
  const isElsewhere = (place: Place): boolean => holders.has(place.local) && isAnotherPart(place, rest);
  const leads = (place: Place): boolean =>
    locals.has(place.local) && !isElsewhere(place) && !(holders.has(place.local) && isPlainPointer(mir, place, rest));
  const isInside = (place: Place): boolean => locals.has(place.local) && !isElsewhere(place);
  const canHold = (local: number): boolean => holdsPointer(bodies.types, localTy(mir, local));
  for (let size = -1; size !== locals.size; ) {
    size = locals.size;
    for (const { stmts, term } of mir.blocks) {
      for (const { place, value } of stmts) {
        // What is stored into another static is asked there.
        const isNew = !locals.has(place.local) && !known.has(place.local) && !isOfStatic(mir, place);
        if (isNew && (isAddress(mir, value, locals) || (flows(value, leads, isInside) && canHold(place.local))))
          locals.add(place.local);
      }
      if (term.k !== "call" || locals.has(term.dest.local)) continue;
      const mayBe =
        canHold(term.dest.local) || (isWide(localTy(mir, term.dest.local)) && tellsAddress(bodies, mir, term));
      if (mayBe && givesPointer(bodies, mir, term, { leads, ...held }, depth)) locals.add(term.dest.local);
    }
  }
  return { locals, leads };
}

function isOfStatic(mir: Mir, { local, proj }: Place): boolean {
  return proj[0]?.k === "deref" && isStaticAddress(mir, { k: "copy", place: { local, proj: [] } });
}

/** Is the operand the very address that the holders hold? */
export function isHolder(holders: ReadonlySet<number>, operand: Operand): boolean {
  return operand.k !== "const" && operand.place.proj.length === 0 && holders.has(operand.place.local);
}

/** The body of a function of the program that is called by name. */
export function calledBody(bodies: Bodies, mir: Mir, { callee }: CallTerm): BodyKey | null {
  const key = namedBody(bodies, mir, callee);
  return key === null || bodies.names.def(key.def).packEntry !== null || bodies.mir(key) === null ? null : key;
}

/** The body of a function of a pack that fills a cell: what it puts there comes out of the cell itself. */
export function fillingBody(bodies: Bodies, mir: Mir, { callee }: CallTerm): BodyKey | null {
  const key = namedBody(bodies, mir, callee);
  return key === null || !bodies.types.fillsCell(key.def) || bodies.mir(key) === null ? null : key;
}

/** Is that a function of a pack which says all that it does, and is only to run what it is given and give back what comes of that: `and_then`, `map_or_else`? */
export function onlyHandsOn(bodies: Bodies, mir: Mir, { callee }: CallTerm): boolean {
  const key = namedBody(bodies, mir, callee);
  if (key === null || bodies.names.def(key.def).packEntry === null) return false;
  const body = bodies.mir(key);
  if (body === null) return false;
  let hands = handsOn.get(body);
  if (hands === undefined) {
    hands = storesNothing(body);
    handsOn.set(body, hands);
  }
  return hands;
}

const handsOn = new WeakMap<Mir, boolean>();

/** No store behind a pointer, no call but of its parameters, and an end. */
function storesNothing({ blocks }: Mir): boolean {
  const isBehind = ({ proj }: Place): boolean => proj.some((one) => one.k === "deref");
  return (
    blocks.some(({ term }) => term.k === "return") &&
    blocks.every(({ stmts, term }) => {
      if (stmts.some(({ place }) => isBehind(place))) return false;
      return term.k !== "call" || (term.callee.k === "value" && !isBehind(term.dest));
    })
  );
}

function namedBody(bodies: Bodies, mir: Mir, callee: Callee): BodyKey | null {
  if (callee.k !== "def") return null;
  const { types } = bodies;
  const { def } = types.resolveMember(callee.def, callee.args, types.genericsOf(mir.key.def).predicates);
  return def === null ? null : { def: linkedTo(bodies, def), closure: null };
}

/** Is a place behind the address of the whole another part of it than `rest`? */
function isAnotherPart({ proj: [first, ...part] }: Place, rest: readonly Projection[]): boolean {
  if (first?.k !== "deref" || part.length === 0) return false;
  return !prefixOf(rest, part) && !prefixOf(part, rest);
}

/** Is what is read a plain pointer that stands where `rest` is? What that points to is not stored there; its own address leads there. */
function isPlainPointer(mir: Mir, place: Place, rest: readonly Projection[]): boolean {
  const [first, ...part] = place.proj;
  if (first?.k !== "deref" || rest.length === 0 || part.length === 0 || !prefixOf(rest, part)) return false;
  const { k } = placeTyIn(mir, place);
  return k === "ptr" || k === "fn-ptr";
}

function flows(value: Rvalue, leads: (place: Place) => boolean, isInside: (place: Place) => boolean): boolean {
  const reaches = (operand: Operand): boolean => operand.k !== "const" && leads(operand.place);
  switch (value.k) {
    case "use":
    case "cast":
      return reaches(value.operand);
    case "ref":
      return isInside(value.place);
    case "aggregate":
      return value.fields.some(reaches);
    default:
      return false;
  }
}

/** Is the value a number that one of the pointers was cast to, or is worked out from one? A closure has it from where it was made. */
function isAddress(mir: Mir, value: Rvalue, pointers: ReadonlySet<number>): boolean {
  const isOne = (operand: Operand): boolean =>
    operand.k !== "const" &&
    pointers.has(operand.place.local) &&
    (operand.place.proj.length === 0 || (mir.key.closure !== null && operand.place.local === 1)) &&
    isWide(placeTyIn(mir, operand.place));
  if (value.k === "binary") return isOne(value.left) || isOne(value.right);
  if (value.k === "use") return isOne(value.operand);
  if (value.k !== "cast" || !isWide(value.to) || value.operand.k === "const") return false;
  if (value.from.k !== "ptr" && value.from.k !== "ref") return isOne(value.operand);
  return value.operand.place.proj.length === 0 && pointers.has(value.operand.place.local);
}

/** May a number that the call gives back be the address that it was given: by a body that is seen, or as it came (`transmute`)? */
function tellsAddress(bodies: Bodies, mir: Mir, term: CallTerm): boolean {
  const { callee } = term;
  return (
    calledBody(bodies, mir, term) !== null || (callee.k === "def" && bodies.types.passesArgument(callee.def) !== null)
  );
}

/** A number that an address fits into. */
export function isWide(ty: Ty): boolean {
  return ty.k === "prim" && /^[iu](64|size)$/.test(ty.name);
}

type Reach = Held & Pick<Inside, "leads">;

/** May the result of a call be, or hold, a pointer into the place? */
function givesPointer(bodies: Bodies, mir: Mir, term: CallTerm, reach: Reach, depth: number): boolean {
  const reaches = (operand: Operand): boolean => operand.k !== "const" && reach.leads(operand.place);
  if (!term.args.some(reaches)) return false;
  const body = depth < MAX_DEPTH ? calledBody(bodies, mir, term) : null;
  if (body === null) return true;
  const given = new Set(term.args.flatMap((arg, index) => (reaches(arg) ? [index + 1] : [])));
  const exact = term.args.every((arg) => !reaches(arg) || isHolder(reach.holders, arg));
  return givesBack(bodies, body, given, exact ? reach.rest : [], depth + 1);
}

const answers = new WeakMap<Bodies, Map<string, boolean>>();

/** May a function give back a pointer into what these parameters point to? Asked within itself: yes. */
function givesBack(
  bodies: Bodies,
  body: BodyKey,
  given: ReadonlySet<number>,
  rest: readonly Projection[],
  depth: number,
): boolean {
  const known = answers.get(bodies) ?? new Map<string, boolean>();
  answers.set(bodies, known);
  const key = `${bodyId(body)}:${[...given].join()}:${placeKey({ local: 0, proj: rest })}:${depth}`;
  let answer = known.get(key);
  if (answer === undefined) {
    known.set(key, true);
    const mir = bodies.mir(body);
    answer = mir === null || givesBackIn(bodies, mir, { holders: withCopies(mir, given), rest, known: given }, depth);
    known.set(key, answer);
  }
  return answer;
}

function givesBackIn(bodies: Bodies, mir: Mir, held: Held, depth: number): boolean {
  const { locals, leads } = pointersInside(bodies, mir, held, depth);
  if (locals.has(0)) return true;
  // A function that is called with one may put it behind another argument, a closure that holds one may give it back.
  return mir.blocks.some(({ term }) => {
    if (term.k !== "call") return false;
    const reaches = (arg: Operand): boolean => arg.k !== "const" && leads(arg.place);
    if (term.callee.k === "value" && reaches(term.callee.operand)) return true;
    return term.args.some(reaches) && term.args.some((arg) => !reaches(arg) && takesPointers(bodies, mir, arg));
  });
}

/** Can a pointer be stored behind the argument? */
function takesPointers(bodies: Bodies, mir: Mir, arg: Operand): boolean {
  if (arg.k === "const") return false;
  const ty = placeTyIn(mir, arg.place);
  const inner = ty.k === "ptr" || (ty.k === "ref" && ty.mut) ? ty.inner : null;
  return inner !== null && holdsPointer(bodies.types, inner);
}
