/**
 * A crate's module tree, complete: its root file collected, then item macros that only imports can find, until none is left.
 */
import path from "node:path";
import { collectItems } from "./collect.ts";
import { expandItemMacro } from "./collect-expanded.ts";
import { apart } from "./import-cycles.ts";
import { isWithoutStd } from "./linked-std.ts";
import { addProblem, type CrateState, type Directory, defOf, moduleAt, type Store } from "./store.ts";

/** Works a crate's module tree out; nothing where that was done or is being done. */
export function completeCrate(store: Store, crate: CrateState): void {
  if (crate.status === "new") apart(store, () => collectCrate(store, crate));
}

/** Expands what is pending, until no more can be; the rest is recorded. */
export function drainPending(store: Store, crate: CrateState): void {
  for (let progress = true; progress && crate.pending.length > 0; ) {
    progress = false;
    const waiting = crate.pending.splice(0);
    for (const pending of waiting) {
      if (expandItemMacro(store, crate, pending, true)) progress = true;
      else crate.pending.push(pending);
    }
  }
  for (const pending of crate.pending.splice(0)) {
    addProblem(store, {
      reason: "unknown-macro",
      crate: crate.id,
      def: pending.where.owner?.id ?? pending.where.module.def,
      span: pending.item.span,
      text: `${pending.item.call.path.segments.map((segment) => segment.name).join("::")}!`,
    });
  }
}

/** Directories of a crate's root file. */
export function rootDirectory(file: string): Directory {
  const directory = path.dirname(file);
  return { fileDir: directory, childDir: directory, inline: false, open: [file] };
}

function collectCrate(store: Store, crate: CrateState): void {
  crate.status = "working";
  const items = crate.pack?.items() ?? (crate.node === null ? null : store.files.file(crate.node.rootFile, crate.node));
  const root = moduleAt(store, crate.root);
  if (items !== null && root !== undefined) {
    crate.noStd = isWithoutStd(crate, items.innerAttrs);
    defOf(store, crate.root).attrs = items.innerAttrs;
    collectItems(store, crate, items.items, { module: root, owner: null, foreignAbi: null, included: [] }, null, 0);
  }
  drainPending(store, crate);
  crate.status = "done";
  store.onComplete(crate);
}
