/**
 * May a private field or method be named at a place? What may not is passed over, as if it were not there: a method of a trait, or of what
 * lies behind a Deref, is meant instead. Source: the Rust Reference, "Visibility and Privacy".
 */
import type { DefId, Names } from "../names/defs.ts";
import type { Visibility } from "../syntax/ast.ts";

/** Whether code in the module (or block) `from` may use what is written with `vis` in the module `home`. */
export function isAccessible(names: Names, vis: Visibility, home: DefId, from: DefId): boolean {
  if (vis.k === "public") return true;
  if (names.def(home).crate !== names.def(from).crate) return false;
  if (vis.k === "restricted" && vis.path.length === 1 && vis.path[0] === "crate") return true;
  const owner = vis.k === "restricted" ? named(modulesAround(names, home), vis.path) : properModule(names, home);
  let at: DefId | null = from;
  for (let depth = 0; at !== null && depth < maxDepth; depth += 1) {
    if (at === owner) return true;
    at = names.def(at).parent;
  }
  return false;
}

const maxDepth = 256;

/** The module that `pub(in path)` names, which is one of those around; the crate where it is none. */
function named(around: readonly DefId[], path: readonly string[]): DefId | undefined {
  const [first] = path;
  if (first === "self" || first === "super") return around[path.filter((segment) => segment === "super").length];
  const depth = first === "crate" ? path.length - 1 : path.length;
  return around[Math.max(0, around.length - 1 - depth)];
}

/** The module, and those around it up to the crate's. */
function modulesAround(names: Names, start: DefId): readonly DefId[] {
  const around: DefId[] = [];
  let at: DefId | null = properModule(names, start);
  for (let depth = 0; at !== null && depth < maxDepth; depth += 1) {
    around.push(at);
    const { parent }: { readonly parent: DefId | null } = names.def(at);
    at = parent === null ? null : properModule(names, parent);
  }
  return around;
}

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
