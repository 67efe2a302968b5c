/**
 * `use` trees as they are written; nothing is resolved here.
 */
import type { UseTree } from "./ast.ts";
import { fieldChild, firstNamedChild, kindOf, namedChildrenOf } from "./grammar.ts";
import { lowerPath } from "./lower-path.ts";
import { hasChild, type Lowering, maxDepth, nameOf, spanOf } from "./lowering.ts";

/** The tree of a `use` declaration's argument. */
export function lowerUseTree(l: Lowering, node: number): UseTree {
  const span = spanOf(l, node);
  const { tree } = l;
  switch (kindOf(tree, node)) {
    case "use_as_clause": {
      const path = fieldChild(tree, node, "path");
      const alias = fieldChild(tree, node, "alias");
      return { kind: { k: "simple", alias: alias < 0 ? null : nameOf(l, alias) }, span, ...prefix(l, path) };
    }
    case "use_wildcard": {
      const path = firstNamedChild(tree, node);
      const start = prefix(l, path);
      return { kind: { k: "glob" }, span, ...start, global: start.global || (path < 0 && hasChild(tree, node, "::")) };
    }
    case "scoped_use_list": {
      const path = fieldChild(tree, node, "path");
      const start = prefix(l, path);
      const list = fieldChild(tree, node, "list");
      return { kind: { k: "group", trees: listed(l, list) }, span, ...start, global: start.global || path < 0 };
    }
    case "use_list":
      return { kind: { k: "group", trees: listed(l, node) }, span, ...prefix(l, -1) };
    default:
      return { kind: { k: "simple", alias: null }, span, ...prefix(l, node) };
  }
}

function listed(l: Lowering, list: number): UseTree[] {
  if (list < 0 || l.depth >= maxDepth) return [];
  l.depth += 1;
  const trees = namedChildrenOf(l.tree, list)
    .filter((child) => kindOf(l.tree, child) !== "ERROR")
    .map((child) => lowerUseTree(l, child));
  l.depth -= 1;
  return trees;
}

function prefix(l: Lowering, node: number): Pick<UseTree, "path" | "global" | "dollarCrate"> {
  if (node < 0) return { path: [], global: false, dollarCrate: null };
  const path = lowerPath(l, node);
  return {
    path: path.segments.map((segment) => segment.name),
    global: path.global,
    dollarCrate: path.dollarCrate,
  };
}
