/**
 * `use` trees as they are written; nothing is resolved here.
 */
import type { Span } from "../base/span.ts";
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
      return useTree({ k: "simple", alias: alias < 0 ? null : nameOf(l, alias) }, span, prefix(l, path));
    }
    case "use_wildcard": {
      const path = firstNamedChild(tree, node);
      const start = prefix(l, path);
      return useTree({ k: "glob" }, span, start, path < 0 && hasChild(tree, node, "::"));
    }
    case "scoped_use_list": {
      const path = fieldChild(tree, node, "path");
      const start = prefix(l, path);
      const list = fieldChild(tree, node, "list");
      return useTree({ k: "group", trees: listed(l, list) }, span, start, path < 0);
    }
    case "use_list":
      return useTree({ k: "group", trees: listed(l, node) }, span, prefix(l, -1));
    default:
      return useTree({ k: "simple", alias: null }, span, prefix(l, node));
  }
}

type Prefix = Pick<UseTree, "path" | "global" | "dollarCrate">;

function useTree(kind: UseTree["kind"], span: Span, start: Prefix, global: boolean = false): UseTree {
  return { kind, span, path: start.path, global: start.global || global, dollarCrate: start.dollarCrate };
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

function prefix(l: Lowering, node: number): Prefix {
  if (node < 0) return { path: [], global: false, dollarCrate: null };
  const path = lowerPath(l, node);
  return {
    path: path.segments.map((segment) => segment.name),
    global: path.global,
    dollarCrate: path.dollarCrate,
  };
}
