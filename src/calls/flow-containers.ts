/**
 * Locals that begin a container of callables, or of addresses of such: what such a container was made with is not all that it may hold.
 *
 * Input: a place of a body that value flow asks about. Output: is its local where a collection, cell, lock, channel or shared pointer of function
 * pointers or trait objects was made (no iterator), so that whoever it is lent, moved or shared to may have filled it? Which ones do is not answered here.
 */
import type { Types } from "../types/api.ts";
import type { Ty } from "../types/ty.ts";
import type { Bodies } from "./bodies.ts";
import { anywhere } from "./inner-types.ts";
import { isBorrowedMutably, writesTo } from "./local-writes.ts";
import type { BodyKey, Mir, Place } from "./mir.ts";
import { addresses } from "./value-types.ts";

/** Filled by whoever shares it, by whoever has it mutably, or not at all. */
type Filled = "shared" | "lent" | null;

/** What is in it that matters: what can be called, or numbers too that may be the address of a function. */
type Content = "called" | "addresses";

const known: Readonly<Record<Content, WeakMap<Types, Map<Ty, Filled>>>> = {
  called: new WeakMap(),
  addresses: new WeakMap(),
};

/** Does the local of this place begin such a container, or is one lent out there to be changed? */
export function beginsContainer(
  { names, types }: Bodies,
  body: BodyKey,
  mir: Mir,
  place: Place,
  content: Content,
): boolean {
  const ty = mir.locals[place.local]?.ty;
  const filled = ty === undefined ? null : (filledBy(types, ty, content) ?? partFilled(types, place, content));
  if (filled === null) return false;
  // std's code fills only what it made itself: `collect` what it gives back.
  if (names.isPackCrate(names.def(body.def).crate))
    return filled === "lent" && place.local > mir.argCount && isBorrowedMutably(mir, place.local);
  // What was given by value is this body's own: `fn with(mut self, f: F) -> Self { self.hooks.push(f); self }`.
  if (place.local >= 1 && place.local <= mir.argCount) return ty !== undefined && isGivenToChange(mir, place.local, ty);
  if (filled === "lent") return isBorrowedMutably(mir, place.local);
  return writesTo(mir, place.local).some((write) => {
    if (write.k === "stmt") return write.stmt.value.k === "aggregate";
    const { callee } = write.term;
    return callee.k === "def" && names.isPackCrate(names.def(callee.def).crate);
  });
}

/** A parameter by value that the body lends out to be changed. */
export function isGivenToChange(mir: Mir, local: number, { k }: Ty): boolean {
  return k !== "ref" && k !== "ptr" && isBorrowedMutably(mir, local);
}

/** A collection in a struct. */
function partFilled(types: Types, { proj }: Place, content: Content): Filled {
  const isPart = proj.some((step) => step.k === "field" && filledBy(types, step.ty, content) === "lent");
  return isPart ? "lent" : null;
}

function filledBy(types: Types, ty: Ty, content: Content): Filled {
  let answers = known[content].get(types);
  if (answers === undefined) {
    answers = new Map();
    known[content].set(types, answers);
  }
  let answer = answers.get(ty);
  if (answer === undefined) {
    answer = lookAt(types, ty, content === "called" ? isCallable : addresses(types));
    answers.set(ty, answer);
  }
  return answer;
}

function isCallable({ k }: Ty): boolean {
  return k === "fn-ptr" || k === "dyn";
}

function lookAt(types: Types, ty: Ty, isWanted: (one: Ty) => boolean): Filled {
  const isPointer = ty.k === "ref" || ty.k === "ptr";
  const outer = isPointer ? ty.inner : ty;
  const { names } = types;
  const isStd = (one: Ty): boolean => one.k === "adt" && names.isPackCrate(names.def(one.def).crate);
  // Both ends of a channel are made at once.
  const fits = isPointer ? outer.k === "adt" : isStd(ty) || (ty.k === "tuple" && ty.elems.some(isStd));
  if (!fits || !anywhere(types, outer, isWanted) || iterates(types, outer)) return null;
  if (isPointer && ty.mut) return "shared";
  const inCell = (one: Ty): boolean =>
    one.k === "adt" && names.def(one.def).lang === "unsafe_cell" && anywhere(types, one, isWanted);
  if (ty.k === "tuple" || anywhere(types, outer, inCell)) return "shared";
  return isPointer ? null : "lent";
}

/** An iterator is filled by what it goes over. */
export function iterates(types: Types, ty: Ty): boolean {
  const trait = types.names.langItem("iterator");
  return trait !== null && types.select({ trait, args: [ty] }, []).k === "impl";
}
