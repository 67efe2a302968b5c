/**
 * Expressions that decide where control goes: conditions, loops, jumps, match, and closures.
 */
import type { Attr, TypeRef } from "./ast.ts";
import type { Expr, MatchArm, Pat } from "./ast-body.ts";
import { lowerAttr } from "./attributes.ts";
import { childrenOf, fieldChild, firstNamedChild, kindChild, kindOf, namedChildrenOf } from "./grammar.ts";
import { labelInText, labelOf, lowerBlock } from "./lower-block.ts";
import { type ExprKind, errorOf, lowerExpr, syntheticExpr } from "./lower-expr.ts";
import { lowerPat } from "./lower-pat.ts";
import { lowerType } from "./lower-type.ts";
import { endOf, hasChild, hasErrorChild, type Lowering, maxDepth, spanOf, startOf } from "./lowering.ts";

/** Undefined for nodes of other kinds; null where a part that must be there is not. */
export function lowerControl(l: Lowering, node: number, kind: string): ExprKind | null | undefined {
  const { tree } = l;
  switch (kind) {
    case "if_expression": {
      const cond = fieldChild(tree, node, "condition");
      const then = fieldChild(tree, node, "consequence");
      if (cond < 0 || then < 0) return null;
      // biome-ignore lint/suspicious/noThenProperty: the name of a field of the AST, whose values nobody awaits
      return { k: "if", cond: condition(l, cond), then: lowerBlock(l, then), otherwise: otherwise(l, node) };
    }
    case "let_condition":
      return letCondition(l, node);
    case "let_chain":
      return letChain(l, namedChildrenOf(tree, node));
    case "match_expression":
      return match(l, node);
    case "while_expression": {
      const cond = fieldChild(tree, node, "condition");
      const body = fieldChild(tree, node, "body");
      if (cond < 0 || body < 0) return null;
      return { k: "while", cond: condition(l, cond), body: lowerBlock(l, body), label: labelOf(l, node) };
    }
    case "loop_expression": {
      const body = fieldChild(tree, node, "body");
      return body < 0 ? null : { k: "loop", body: lowerBlock(l, body), label: labelOf(l, node) };
    }
    case "for_expression": {
      const pattern = fieldChild(tree, node, "pattern");
      const value = fieldChild(tree, node, "value");
      const body = fieldChild(tree, node, "body");
      if (pattern < 0 || value < 0 || body < 0) return null;
      const pat = lowerPat(l, pattern);
      return { k: "for", pat, iter: lowerExpr(l, value), body: lowerBlock(l, body), label: labelOf(l, node) };
    }
    case "break_expression":
      return { k: "break", label: labelOf(l, node), value: valueOf(l, node) };
    case "continue_expression":
      return { k: "continue", label: labelOf(l, node) };
    case "return_expression":
      if (beginsWith(l, node, "break")) return { k: "break", label: labelInText(l, node), value: valueOf(l, node) };
      return { k: "return", value: valueOf(l, node) };
    case "closure_expression":
      return closure(l, node);
    default:
      return undefined;
  }
}

function beginsWith(l: Lowering, node: number, word: string): boolean {
  return l.source.text.startsWith(word, startOf(l, node));
}

function valueOf(l: Lowering, node: number): Expr | null {
  const value = namedChildrenOf(l.tree, node).find((child) => kindOf(l.tree, child) !== "label");
  return value === undefined ? null : lowerExpr(l, value);
}

function condition(l: Lowering, node: number): Expr {
  return lowerExpr(l, node);
}

function letCondition(l: Lowering, node: number): ExprKind | null {
  const pattern = fieldChild(l.tree, node, "pattern");
  const value = fieldChild(l.tree, node, "value");
  if (pattern < 0 || value < 0) return null;
  return { k: "let", pat: lowerPat(l, pattern), value: lowerExpr(l, value) };
}

/** `a && let P = e && b`, the operands in one list: folded to the left, as `&&` binds. */
function letChain(l: Lowering, operands: readonly number[]): ExprKind | null {
  // The tree is flat, its fold is not.
  if (l.depth + operands.length > maxDepth) return null;
  let left: Expr | null = null;
  let kind: ExprKind | null = null;
  for (const operand of operands) {
    if (kind !== null) left = syntheticExpr(l, operands[0] ?? operand, kind);
    const right = lowerExpr(l, operand);
    if (left === null) left = right;
    else kind = { k: "binary", op: "and", left, right };
  }
  return kind;
}

function otherwise(l: Lowering, node: number): Expr | null {
  const clause = fieldChild(l.tree, node, "alternative");
  if (clause < 0) return null;
  const inner = firstNamedChild(l.tree, clause);
  if (inner < 0 || hasErrorChild(l, clause)) return syntheticExpr(l, clause, errorOf(l, clause));
  return lowerExpr(l, inner);
}

function match(l: Lowering, node: number): ExprKind | null {
  const value = fieldChild(l.tree, node, "value");
  const body = fieldChild(l.tree, node, "body");
  if (value < 0 || body < 0) return null;
  const scrutinee = lowerExpr(l, value);
  const arms: MatchArm[] = [];
  for (const child of namedChildrenOf(l.tree, body)) {
    const kind = kindOf(l.tree, child);
    if (kind === "match_arm" || kind === "ERROR") arms.push(matchArm(l, child));
  }
  return { k: "match", scrutinee, arms };
}

function matchArm(l: Lowering, node: number): MatchArm {
  const { tree } = l;
  const attrs: Attr[] = [];
  for (const child of namedChildrenOf(tree, node)) {
    if (kindOf(tree, child) === "attribute_item") attrs.push(lowerAttr(l, child));
  }
  const holder = fieldChild(tree, node, "pattern");
  const value = fieldChild(tree, node, "value");
  const guard = holder < 0 ? -1 : fieldChild(tree, holder, "condition");
  const pattern = holder < 0 ? -1 : (childrenOf(tree, holder).find((child) => isPattern(l, child)) ?? -1);
  const broken = value < 0 || hasErrorChild(l, node) || (holder >= 0 && hasErrorChild(l, holder));
  return {
    pat: pattern < 0 ? errorPat(l, node) : lowerPat(l, pattern),
    guard: guard < 0 ? null : condition(l, guard),
    body: broken ? syntheticExpr(l, node, errorOf(l, node)) : lowerExpr(l, value),
    attrs,
    span: spanOf(l, node),
  };
}

function isPattern(l: Lowering, node: number): boolean {
  return kindOf(l.tree, node) === "_" || ((l.tree.flags[node] ?? 0) & 1) !== 0;
}

function errorPat(l: Lowering, node: number): Pat {
  return { id: l.arena.nextPat++, span: spanOf(l, node), k: "error", reason: "parse-error" };
}

function closure(l: Lowering, node: number): ExprKind | null {
  const { tree } = l;
  const list = fieldChild(tree, node, "parameters");
  const body = fieldChild(tree, node, "body");
  if (list < 0 || body < 0) return null;
  const number = l.arena.nextClosure++;
  const params: { pat: Pat; ty: TypeRef | null }[] = [];
  // `return || -> T` was parsed with one for the grammar.
  const isNone = l.source.text.slice(startOf(l, list), endOf(l, list)).trim() === "||";
  for (const child of isNone ? [] : childrenOf(tree, list)) {
    if (!isPattern(l, child) || kindOf(tree, child) === "attribute_item") continue;
    if (kindOf(tree, child) !== "parameter") {
      params.push({ pat: lowerPat(l, child), ty: null });
      continue;
    }
    const pattern = fieldChild(tree, child, "pattern");
    const type = fieldChild(tree, child, "type");
    const mut = kindChild(tree, child, "mutable_specifier") >= 0;
    params.push({
      pat: pattern < 0 ? errorPat(l, child) : lowerPat(l, pattern, mut),
      ty: type < 0 ? null : lowerType(l, type),
    });
  }
  const ret = fieldChild(tree, node, "return_type");
  return {
    k: "closure",
    closure: number,
    params,
    ret: ret < 0 ? null : lowerType(l, ret),
    body: lowerExpr(l, body),
    move: hasChild(tree, node, "move"),
    async: hasChild(tree, node, "async"),
  };
}
