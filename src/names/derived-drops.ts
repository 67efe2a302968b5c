/**
 * May the derive of another crate, which no rule describes, write an `impl Drop` for the type? By the text of the proc-macro crate that defines it.
 *
 * Input: the derive's path and the type. No macro is run. "Yes" where such an impl stands in the macro's text, whether it is written for each
 * type or for some; never where the deriving crate writes one for the type itself.
 */
import { keptPer } from "../base/kept-per.ts";
import type { CrateState, DefRec, Store } from "./store.ts";

const writers = keptPer<Store, string, boolean>();

/** Does the derive's macro have such an impl in its text, and the type none of its own? */
export function mayDeriveDrop(store: Store, crate: CrateState, def: DefRec, path: string): boolean {
  const name = /(\w+)\s*$/.exec(path)?.[1];
  if (name === undefined || crate.node === null) return false;
  const writes = writers(store, name, () => isWritten(store, name));
  return writes && !store.files.matches(crate.node, new RegExp(`\\bDrop\\s+for\\s+(?:\\w+\\s*::\\s*)*${def.name}\\b`));
}

function isWritten({ program, files }: Store, name: string): boolean {
  const defined = new RegExp(`\\bproc_macro_derive\\s*\\(\\s*${name}\\b`);
  return program.macroCrates.some(
    (node) => files.mentions(node, [name]) && files.matches(node, defined) && files.matches(node, /\bDrop\s+for\b/),
  );
}
