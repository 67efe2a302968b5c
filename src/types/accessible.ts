/**
 * May a private field or method be named at a place? What may not is passed over, as if it were not there: a method of a trait, or of what
 * lies behind a Deref, is meant instead.
 *
 * `pub(super)` and `pub(in path)` count as the whole crate: within one crate, nobody writes two of a name for the difference.
 */
import type { DefId, Names } from "../names/defs.ts";
import type { Visibility } from "../syntax/ast.ts";

/** Whether code in the module (or block) `from` may use what is written with `vis` in the module `home`. */
export function isAccessible(names: Names, vis: Visibility, home: DefId, from: DefId): boolean {
  if (vis.k === "public") return true;
  if (names.def(home).crate !== names.def(from).crate) return false;
  if (vis.k === "restricted") return true;
  const owner = properModule(names, home);
  let at: DefId | null = from;
  for (let depth = 0; at !== null && depth < maxDepth; depth += 1) {
    if (at === owner) return true;
    at = names.def(at).parent;
  }
  return false;
}

const maxDepth = 256;

/** A block is no module of its own where visibility is concerned. */
function properModule(names: Names, start: DefId): DefId {
  let at = start;
  for (let depth = 0; names.def(at).kind === "block" && depth < maxDepth; depth += 1) {
    const { parent } = names.def(at);
    if (parent === null) break;
    at = names.def(parent).module;
  }
  return at;
}
