/**
 * Is a struct of the program ever seen as a value of another type, or made from one, so that its fields may be set without their names?
 *
 * Input: a struct. Looked at are casts of pointers and what comes back as it was given (`cast`, `transmute`) in each body that can have such a value: what its
 * pointer is cast to, or was cast from, where that can hold an address. A pointer to bytes or to nothing in particular is one on its way, as a rule back
 * to the struct. Refused, as if it were: more bodies than the bound, and structs that bodies can have without a word.
 */
import { keptPer } from "../base/kept-per.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import type { Bodies } from "./bodies.ts";
import type { Mir } from "./mir.ts";
import { holdersOfType } from "./type-holders.ts";
import { holdsAddress, isErased, operandTy, placeTyIn } from "./value-types.ts";

/** More bodies are not looked at. */
const MAX_BODIES = 80;
/** What bodies that cast have in their text. */
const WORDS: readonly string[] = [
  "as",
  "cast",
  "cast_mut",
  "cast_const",
  "transmute",
  "transmute_copy",
  "read",
  "from_raw",
];

const memo = keptPer<Bodies, DefId, boolean>();

/** May a value of the struct be seen as one of another type somewhere? */
export function isRecast(bodies: Bodies, owner: DefId): boolean {
  return memo(bodies, owner, () => find(bodies, owner));
}

function find(bodies: Bodies, owner: DefId): boolean {
  const crates = bodies.cratesThatSee(owner);
  const holders = holdersOfType(bodies, owner, crates, "value");
  if (holders === null) return true;
  let count = 0;
  for (const crate of crates) {
    const ids = holders.among(crate, bodies.mentioning(crate, WORDS));
    count += ids.length;
    if (count > MAX_BODIES) return true;
    for (const id of ids) {
      for (const body of bodies.withClosures(id)) {
        const mir = bodies.mir(body);
        if (mir !== null && recasts(bodies, mir, owner)) return true;
      }
    }
  }
  return false;
}

function recasts({ types, names }: Bodies, mir: Mir, owner: DefId): boolean {
  const isOwner = (ty: Ty): boolean => ty.k === "adt" && ty.def === owner;
  const isOther = (from: Ty | null, to: Ty): boolean => {
    const [left, right] = [from === null ? null : pointee(from), pointee(to)];
    // An address as a number leads to what it was made from.
    if (from === null || (left === null) !== (right === null)) return false;
    const [one, other] = [left ?? from, right ?? to];
    if (isOwner(one) === isOwner(other)) return false;
    const seen = isOwner(one) ? other : one;
    return holdsAddress(types, seen) && !isErased(types, types.ptrTo(seen));
  };
  return mir.blocks.some(({ stmts, term }) => {
    if (stmts.some(({ value }) => value.k === "cast" && value.kind !== "unsize" && isOther(value.from, value.to)))
      return true;
    if (term.k !== "call" || term.callee.k !== "def" || names.def(term.callee.def).packEntry === null) return false;
    const passed = types.passesArgument(term.callee.def);
    const given = term.args[passed ?? 0];
    const from = given === undefined ? null : operandTy(mir, given);
    // A method of raw pointers.
    const isSeen = passed !== null || (from?.k === "ptr" && placeTyIn(mir, term.dest).k === "ptr");
    return isSeen && isOther(from, placeTyIn(mir, term.dest));
  });
}

/** What a pointer points to, through all of them; null for what is none. */
function pointee(ty: Ty): Ty | null {
  if (ty.k !== "ref" && ty.k !== "ptr") return null;
  return pointee(ty.inner) ?? ty.inner;
}
