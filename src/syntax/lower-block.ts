/**
 * Blocks and statements. The last expression without a semicolon is the tail, a macro call in its place too.
 */
import { exact } from "../base/exact.ts";
import type { Attr } from "./ast.ts";
import type { Block, Expr, Label, Stmt } from "./ast-body.ts";
import { lowerAttr } from "./attributes.ts";
import { childrenOf, fieldChild, firstNamedChild, kindChild, kindOf } from "./grammar.ts";
import { type ExprKind, errorOf, lowerExpr, syntheticExpr } from "./lower-expr.ts";
import { isItemKind, lowerItem } from "./lower-item.ts";
import { lowerMacroCall } from "./lower-macro.ts";
import { lowerPat } from "./lower-pat.ts";
import { lowerType } from "./lower-type.ts";
import { hasChild, hasErrorChild, type Lowering, nameOf, spanOf, startOf, textOf } from "./lowering.ts";

/** The expression of a node that is a block of any kind; undefined for other nodes, null for blocks that the tree does not know. */
export function lowerBlockExpr(l: Lowering, node: number, kind: string): ExprKind | null | undefined {
  switch (kind) {
    case "block":
      return { k: "block", block: lowerBlock(l, node) };
    case "unsafe_block":
      return flavored(l, node, "unsafe");
    case "const_block":
      return flavored(l, node, "const");
    case "async_block":
      return flavored(l, node, hasChild(l.tree, node, "move") ? "async-move" : "async");
    case "gen_block":
    case "try_block":
      return null;
    default:
      return undefined;
  }
}

function flavored(l: Lowering, node: number, flavor: Block["flavor"]): ExprKind | null {
  const block = kindChild(l.tree, node, "block");
  if (block < 0 || hasErrorChild(l, node)) return null;
  return { k: "block", block: { ...lowerBlock(l, block), flavor, span: spanOf(l, node) } };
}

/** The block of a `block` node; for any other node a block whose tail is an error. */
export function lowerBlock(l: Lowering, node: number): Block {
  const inner =
    kindOf(l.tree, node) === "block"
      ? lowerStatements(l, childrenOf(l.tree, node))
      : { stmts: [], tail: syntheticExpr(l, node, errorOf(l, node)) };
  return { label: labelOf(l, node), flavor: "plain", span: spanOf(l, node), ...inner };
}

/** The label that stands before a loop or block, or after `break` and `continue`. */
export function labelOf(l: Lowering, node: number): Label | null {
  const label = kindChild(l.tree, node, "label");
  if (label < 0) return null;
  const name = kindChild(l.tree, label, "identifier");
  return {
    name: name < 0 ? "" : nameOf(l, name),
    context: l.source.contextAt(startOf(l, label)),
  };
}

/** The label of a `break` that was rewritten for the grammar, which its text alone tells. */
export function labelInText(l: Lowering, node: number): Label | null {
  const found = /^break\s+'(\w+)/.exec(textOf(l, node));
  const name = found?.[1];
  if (found === null || name === undefined) return null;
  return { name, context: l.source.contextAt(startOf(l, node) + found[0].length - name.length - 1) };
}

/** Statements and tail of a list of nodes; brackets, labels and inner attributes among them are passed over. */
export function lowerStatements(l: Lowering, nodes: readonly number[]): { stmts: readonly Stmt[]; tail: Expr | null } {
  const stmts: Stmt[] = [];
  let tail: Expr | null = null;
  let attrs: Attr[] = [];
  const last = nodes.findLast((node) => isNamed(l, node)) ?? -1;
  for (const node of nodes) {
    const kind = kindOf(l.tree, node);
    if (!isNamed(l, node) || kind === "label" || kind === "inner_attribute_item") continue;
    if (kind === "attribute_item") {
      attrs.push(lowerAttr(l, node));
      continue;
    }
    if (kind !== "empty_statement") {
      const tailNode = node === last ? tailOf(l, node, kind) : -1;
      if (tailNode >= 0) tail = lowerExpr(l, tailNode, exact(attrs));
      else stmts.push(statement(l, node, kind, exact(attrs)));
    }
    if (attrs.length > 0) attrs = [];
  }
  return { stmts: exact(stmts), tail };
}

function isNamed(l: Lowering, node: number): boolean {
  return ((l.tree.flags[node] ?? 0) & 1) !== 0;
}

/** The expression of a last statement that has no semicolon; -1 where it is something else. */
function tailOf(l: Lowering, node: number, kind: string): number {
  if (kind === "expression_statement") {
    return hasChild(l.tree, node, ";") || hasErrorChild(l, node) ? -1 : firstNamedChild(l.tree, node);
  }
  if (kind === "macro_invocation") return node;
  return kind === "ERROR" || kind === "let_declaration" || isItemKind(kind) ? -1 : node;
}

function statement(l: Lowering, node: number, kind: string, attrs: readonly Attr[]): Stmt {
  const span = spanOf(l, node);
  if (kind === "let_declaration") return letStatement(l, node, attrs);
  if (kind === "macro_invocation") return macroStatement(l, node, false, attrs);
  if (kind === "ERROR") return { k: "expr", expr: lowerExpr(l, node), semi: true, attrs, span };
  if (isItemKind(kind)) {
    const item = lowerItem(l, node, attrs, false);
    if (item !== null) return { k: "item", item, span };
  }
  if (kind !== "expression_statement") return { k: "expr", expr: lowerExpr(l, node), semi: false, attrs, span };
  const semi = hasChild(l.tree, node, ";");
  const expr = firstNamedChild(l.tree, node);
  if (expr < 0 || hasErrorChild(l, node)) {
    return { k: "expr", expr: syntheticExpr(l, node, errorOf(l, node)), semi, attrs, span };
  }
  if (kindOf(l.tree, expr) === "macro_invocation") return macroStatement(l, expr, semi, attrs);
  return { k: "expr", expr: lowerExpr(l, expr), semi, attrs, span };
}

function macroStatement(l: Lowering, node: number, semi: boolean, attrs: readonly Attr[]): Stmt {
  const call = lowerMacroCall(l, node);
  return { k: "macro", call, semi, attrs, span: call.span, expanded: null, failure: null };
}

function letStatement(l: Lowering, node: number, attrs: readonly Attr[]): Stmt {
  const { tree } = l;
  const pattern = fieldChild(tree, node, "pattern");
  const type = fieldChild(tree, node, "type");
  const value = fieldChild(tree, node, "value");
  const otherwise = fieldChild(tree, node, "alternative");
  const broken = hasErrorChild(l, node);
  const span = spanOf(l, node);
  if (pattern < 0) {
    return { k: "expr", expr: syntheticExpr(l, node, errorOf(l, node)), semi: true, attrs, span };
  }
  const ty = type < 0 ? null : lowerType(l, type);
  let init: Expr | null = null;
  if (broken) init = syntheticExpr(l, node, errorOf(l, node));
  else if (value >= 0) init = lowerExpr(l, value);
  return {
    k: "let",
    pat: lowerPat(l, pattern, kindChild(tree, node, "mutable_specifier") >= 0),
    ty,
    init,
    otherwise: otherwise < 0 ? null : lowerExpr(l, otherwise),
    attrs,
    span,
  };
}
