/**
 * Locals that begin a container of callables: what such a container was made with is not all that it may hold.
 *
 * Input: a place of a body that value flow asks about. Output: is its local where a collection, cell, lock, channel or shared pointer of function
 * pointers or trait objects was made (no iterator), so that whoever it is lent, moved or shared to may have filled it? Which ones do is not answered here.
 */
import type { Types } from "../types/api.ts";
import type { Ty } from "../types/ty.ts";
import type { Bodies } from "./bodies.ts";
import { isBorrowedMutably, writesTo } from "./local-writes.ts";
import type { BodyKey, Mir, Place } from "./mir.ts";
import { anywhere } from "./value-types.ts";

/** Filled by whoever shares it, by whoever has it mutably, or not at all. */
type Filled = "shared" | "lent" | null;

const known = new WeakMap<Types, Map<Ty, Filled>>();

/** Does the local of this place begin such a container, or is one lent out there to be changed? */
export function beginsContainer({ names, types }: Bodies, body: BodyKey, mir: Mir, place: Place): boolean {
  const ty = mir.locals[place.local]?.ty;
  const filled = ty === undefined ? null : (filledBy(types, ty) ?? partFilled(types, place));
  if (filled === null || names.isPackCrate(names.def(body.def).crate)) return false;
  if (place.local >= 1 && place.local <= mir.argCount) return false;
  if (filled === "lent") return isBorrowedMutably(mir, place.local);
  return writesTo(mir, place.local).some((write) => {
    if (write.k === "stmt") return write.stmt.value.k === "aggregate";
    const { callee } = write.term;
    return callee.k === "def" && names.isPackCrate(names.def(callee.def).crate);
  });
}

/** A collection in a struct. */
function partFilled(types: Types, { proj }: Place): Filled {
  const isPart = proj.some((step) => step.k === "field" && filledBy(types, step.ty) === "lent");
  return isPart ? "lent" : null;
}

function filledBy(types: Types, ty: Ty): Filled {
  let answers = known.get(types);
  if (answers === undefined) {
    answers = new Map();
    known.set(types, answers);
  }
  let answer = answers.get(ty);
  if (answer === undefined) {
    answer = lookAt(types, ty);
    answers.set(ty, answer);
  }
  return answer;
}

function lookAt(types: Types, ty: Ty): Filled {
  const isPointer = ty.k === "ref" || ty.k === "ptr";
  const outer = isPointer ? ty.inner : ty;
  const { names } = types;
  const isStd = (one: Ty): boolean => one.k === "adt" && names.isPackCrate(names.def(one.def).crate);
  // Both ends of a channel are made at once.
  const fits = isPointer ? outer.k === "adt" : isStd(ty) || (ty.k === "tuple" && ty.elems.some(isStd));
  const isCallable = (one: Ty): boolean => one.k === "fn-ptr" || one.k === "dyn";
  if (!fits || !anywhere(types, outer, isCallable) || iterates(types, outer)) return null;
  if (isPointer && ty.mut) return "shared";
  const inCell = (one: Ty): boolean =>
    one.k === "adt" && names.def(one.def).lang === "unsafe_cell" && anywhere(types, one, isCallable);
  if (ty.k === "tuple" || anywhere(types, outer, inCell)) return "shared";
  return isPointer ? null : "lent";
}

/** An iterator is filled by what it goes over. */
function iterates(types: Types, ty: Ty): boolean {
  const trait = types.names.langItem("iterator");
  return trait !== null && types.select({ trait, args: [ty] }, []).k === "impl";
}
