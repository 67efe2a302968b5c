/**
 * Which bodies may put something into a field of a struct, or lend it: told by their text, nothing is inferred.
 *
 * A field is set behind a dot, or by its name between the braces (a tuple struct's by its place between the parentheses) of a struct that is made
 * or taken apart. Who makes one writes a name of the type, or `Self` where it is a member of it; who has one can have a value of the type.
 * What stands in arguments of macros may be either. Too many bodies rather than too few.
 */
import type { CrateId } from "../crates/crate-graph.ts";
import type { DefId } from "../names/defs.ts";
import type { WordPlace } from "../syntax/word-places.ts";
import type { Bodies } from "./bodies.ts";
import { pastBlanks, type Shape } from "./mentions.ts";
import { namesOf } from "./other-names.ts";
import { holdersOfType } from "./type-holders.ts";

/** Where they are no more than these, they are looked at as they are. */
const FEW_BODIES = 20;

/** Bodies of a crate that name the field so that they may set or lend it; the crates are all that see the field. */
export function namingField(
  bodies: Bodies,
  crate: CrateId,
  { owner, name }: { readonly owner: DefId; readonly name: string },
  crates: readonly CrateId[],
): readonly DefId[] {
  const isTuple = /^\d/.test(name);
  const behind = bodies.mentioning(crate, [name], access);
  const makers = isTuple
    ? [
        ...bodies.mentioning(crate, [...namesOf(bodies, owner), "Self"], constructor),
        ...bodies.mentioning(crate, [name], numbered),
      ]
    : bodies.mentioning(crate, [name], between);
  const few = (list: readonly DefId[], how: "name" | "value"): readonly DefId[] => {
    const holders = list.length <= FEW_BODIES ? null : holdersOfType(bodies, owner, crates, how);
    if (holders === null) return list;
    // Members that are derived have no head in which the type stands.
    return [...holders.among(crate, list), ...list.filter((id) => isMember(bodies, owner, id))];
  };
  return [...new Set([...few(behind, "value"), ...few(makers, "name")])].sort((left, right) => left - right);
}

function isMember({ names, types }: Bodies, owner: DefId, id: DefId): boolean {
  const { parent } = names.def(id);
  const self = parent !== null && names.def(parent).kind === "impl" ? types.implSelfTy(parent) : null;
  return self?.k === "adt" && self.def === owner;
}

/** `it.field`, no call; in a macro any word. */
const access: Shape = {
  key: "access",
  fits(text, start, end, placeOf) {
    const place = placeOf(start);
    if (place !== "code") return place === "macro";
    const before = pastBlanks(text, start - 1, -1);
    const next = pastBlanks(text, end, 1);
    if (text[start - 1] === "#" || placeOf(before) === "silent") return true;
    return text[before] === "." && text[before - 1] !== "." && text[next] !== "(" && !isPath(text, next);
  },
};

/** `{ field: value }`, `{ field, … }`: what stands so in code. */
const between: Shape = {
  key: "between",
  fits(text, start, end, placeOf) {
    if (placeOf(start) !== "code") return false;
    const next = pastBlanks(text, end, 1);
    const before = pastBlanks(text, start - 1, -1);
    // A comment may end with a dot.
    if (text[before] === "." && placeOf(before) !== "silent") return false;
    return (
      placeOf(next) === "silent" ||
      (text[next] === ":" && !isPath(text, next)) ||
      text[next] === "," ||
      text[next] === "}"
    );
  },
};

/** `{ 0: value }` */
const numbered: Shape = {
  key: "numbered",
  fits(text, start, end, placeOf) {
    const next = pastBlanks(text, end, 1);
    return placeOf(start) === "code" && (placeOf(next) === "silent" || (text[next] === ":" && !isPath(text, next)));
  },
};

/** `Type(value)`, and `Type` as a value; no type arguments, no path that goes on. */
const constructor: Shape = {
  key: "constructor",
  fits(text, start, end, placeOf) {
    const place = placeOf(start);
    if (place !== "code") return place === "macro";
    const next = pastBlanks(text, end, 1);
    const before = pastBlanks(text, start - 1, -1);
    const isReturned = text[before] === ">" && text[before - 1] === "-";
    if (isReturned || text[next] === "<" || text[next] === ">") return false;
    return !isPath(text, next) || goesOn(text, next + 2, placeOf);
  },
};

function isPath(text: string, at: number): boolean {
  return text[at] === ":" && text[at + 1] === ":";
}

/** `Type::<T>(value)` */
function goesOn(text: string, from: number, placeOf: (at: number) => WordPlace): boolean {
  const at = pastBlanks(text, from, 1);
  return text[at] === "<" || placeOf(at) === "silent";
}
