/**
 * `use` and `extern crate` as imports of a module: one record for each name or glob, nothing resolved.
 */
import { exact } from "../base/exact.ts";
import type { ExternCrateItem, UseTree } from "../syntax/ast.ts";
import type { DefId } from "./defs.ts";
import type { Import, ModuleRec } from "./store.ts";

/** Adds the imports of a `use`, visible below a module, and gives them. */
export function addUse(module: ModuleRec, tree: UseTree, visible: DefId | null): readonly Import[] {
  const added: Import[] = [];
  addTree({ module, root: tree, visible, added }, tree, []);
  return added;
}

/** Adds the name that an `extern crate` brings. */
export function addExternCrate(module: ModuleRec, item: ExternCrateItem, visible: DefId | null): void {
  addImport(module, {
    path: [item.name],
    global: false,
    dollarCrate: null,
    name: item.alias ?? item.name,
    glob: false,
    selfOnly: false,
    visibleIn: visible,
    module: module.def,
    externCrate: true,
    busy: false,
  });
}

interface Use {
  readonly module: ModuleRec;
  readonly root: UseTree;
  readonly visible: DefId | null;
  readonly added: Import[];
}

function addTree(use: Use, tree: UseTree, prefix: readonly string[]): void {
  const { module, root, visible } = use;
  const path = [...prefix, ...tree.path];
  if (tree.kind.k === "group") {
    for (const inner of tree.kind.trees) addTree(use, inner, path);
    return;
  }
  const selfOnly = tree.kind.k === "simple" && path.at(-1) === "self" && path.length > 1;
  const names = selfOnly ? path.slice(0, -1) : path;
  const glob = tree.kind.k === "glob";
  const name = tree.kind.k === "glob" ? null : (tree.kind.alias ?? names.at(-1) ?? "");
  // `{::a::b}` inside a group: the inner tree's own start counts.
  const start = prefix.length === 0 ? tree : root;
  const imported: Import = {
    path: exact(names),
    global: start.global,
    dollarCrate: start.dollarCrate,
    name,
    glob,
    selfOnly,
    visibleIn: visible,
    module: module.def,
    externCrate: false,
    busy: false,
  };
  addImport(module, imported);
  use.added.push(imported);
}

function addImport(module: ModuleRec, imported: Import): void {
  if (imported.glob) module.globs.push(imported);
  else if (imported.name === "_") module.unnamed.push(imported);
  else if (imported.name !== null) {
    const list = module.imports.get(imported.name) ?? [];
    list.push(imported);
    module.imports.set(imported.name, list);
  }
}
