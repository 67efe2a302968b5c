/**
 * Does a path lie in one of many directories? By its ancestors: asked for each file of a program of hundreds of packages.
 *
 * Paths are compared as they are written, or with their links resolved.
 */
import { realpathSync } from "node:fs";
import path from "node:path";

const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

/** Is the absolute path one of the directories, or below one? */
export function isInsideAny(file: string, directories: readonly string[]): boolean {
  let set = sets.get(directories);
  if (set === undefined) {
    set = new Set(directories);
    sets.set(directories, set);
  }
  for (let at = file; ; at = path.dirname(at)) {
    if (set.has(at)) return true;
    if (at === path.dirname(at)) return false;
  }
}

/** The same of what the path leads to; false where it leads nowhere. */
export function leadsInsideAny(file: string, directories: readonly string[]): boolean {
  try {
    return isInsideAny(realpathSync(file), directories);
  } catch {
    return false;
  }
}
