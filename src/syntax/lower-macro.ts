/**
 * A macro call: its path and the range of its arguments, which nothing here looks into.
 */
import type { MacroCall } from "./ast.ts";
import { fieldChild, kindChild } from "./grammar.ts";
import { lowerPath } from "./lower-path.ts";
import { endOf, type Lowering, spanOf, startOf } from "./lowering.ts";

/** The call of a `macro_invocation` node. */
export function lowerMacroCall(l: Lowering, node: number): MacroCall {
  const path = fieldChild(l.tree, node, "macro");
  const args = kindChild(l.tree, node, "token_tree");
  const open = args < 0 ? "(" : l.source.text[startOf(l, args)];
  return {
    path: lowerPath(l, path < 0 ? node : path),
    delimiter: open === "[" || open === "{" ? open : "(",
    source: l.source,
    start: args < 0 ? endOf(l, node) : startOf(l, args) + 1,
    end: args < 0 ? endOf(l, node) : Math.max(endOf(l, args) - 1, startOf(l, args) + 1),
    span: spanOf(l, node),
  };
}
