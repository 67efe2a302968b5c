/**
 * The names under which a free item can be named: its own, and those under which crates offer it on (`pub use base::SLOT as HOOK;`).
 *
 * Input: a definition. Output: words for asking who mentions it: another item of such a name counts too. Members are named by their own name
 * alone.
 */
import { keptPer } from "../base/kept-per.ts";
import type { DefId } from "../names/defs.ts";
import type { Bodies } from "./bodies.ts";
import type { BodyKey } from "./mir.ts";

const kept = keptPer<Bodies, DefId, readonly string[]>();

/** All names of a definition, its own first. */
export function namesOf(bodies: Bodies, def: DefId): readonly string[] {
  return kept(bodies, def, () => lookFor(bodies, def));
}

/** Bodies in whose text one of its names stands, those of their closures included; looked for as they are asked for. */
export function* bodiesNaming(bodies: Bodies, def: DefId): Generator<BodyKey> {
  for (const crate of bodies.cratesThatSee(def)) {
    for (const id of bodies.mentioning(crate, namesOf(bodies, def))) yield* bodies.withClosures(id);
  }
}

function lookFor(bodies: Bodies, def: DefId): readonly string[] {
  const { names } = bodies;
  const { name, parent, crate } = names.def(def);
  const outer = parent === null ? null : names.def(parent).kind;
  if (outer === "impl" || outer === "trait" || names.isPackCrate(crate)) return [name];
  const crates = bodies.cratesThatSee(def);
  const found = new Set([name]);
  // The set grows on the way: other names are given others.
  for (const word of found) {
    for (const one of crates.filter((crate) => names.mayMention(crate, [word])))
      for (const other of names.givenTo(one, def, [word])) found.add(other);
  }
  return [...found];
}
