/**
 * Expressions: the dispatch over the grammar's kinds, and all kinds that hold neither a block nor a closure.
 *
 * An expression with an ERROR node among its own parts becomes `error`; what stands beside it is kept.
 */
import { exact } from "../base/exact.ts";
import type { Span } from "../base/span.ts";
import type { Attr } from "./ast.ts";
import type { BinaryOp, Expr, FieldInit, UnaryOp } from "./ast-body.ts";
import { lowerAttr } from "./attributes.ts";
import { errorKind } from "./flat-tree.ts";
import { childrenOf, fieldChild, firstNamedChild, kindChild, kindOf, namedChildrenOf } from "./grammar.ts";
import { literalOf } from "./literals.ts";
import { lowerBlockExpr } from "./lower-block.ts";
import { liftBreak } from "./lower-break.ts";
import { lowerControl } from "./lower-control.ts";
import { lowerMacroCall } from "./lower-macro.ts";
import { lowerGenericArgs, lowerPath } from "./lower-path.ts";
import { rangeOfAssignment, rangeOfBinary } from "./lower-range.ts";
import { lowerType } from "./lower-type.ts";
import {
  hasChild,
  hasErrorChild,
  isMissing,
  type Lowering,
  maxDepth,
  nameOf,
  spanOf,
  startOf,
  textOf,
} from "./lowering.ts";

/** What an expression is, without its id, span and attributes. */
export type ExprKind = Expr extends infer E ? (E extends unknown ? Omit<E, "id" | "span" | "attrs"> : never) : never;

const binaryOps: Readonly<Record<string, BinaryOp>> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "div",
  "%": "rem",
  "<<": "shl",
  ">>": "shr",
  "&": "bitand",
  "|": "bitor",
  "^": "bitxor",
  "==": "eq",
  "!=": "ne",
  "<": "lt",
  "<=": "le",
  ">": "gt",
  ">=": "ge",
  "&&": "and",
  "||": "or",
};
const unaryOps: Readonly<Record<string, UnaryOp>> = { "-": "neg", "!": "not", "*": "deref" };

/** The expression that a node holds. */
export function lowerExpr(l: Lowering, node: number, attrs: readonly Attr[] = none): Expr {
  const id = l.arena.nextExpr++;
  if (l.depth >= maxDepth)
    return completed({ k: "error", reason: "limit", text: textOf(l, node) }, id, spanOf(l, node), attrs);
  l.depth += 1;
  const inner = withoutParentheses(l, node);
  const kind = inner < 0 ? errorOf(l, node) : (exprOf(l, inner) ?? errorOf(l, node));
  l.depth -= 1;
  return completed(
    liftBreak(
      kind,
      (made) => syntheticExpr(l, node, made),
      () => isBareLeft(l, inner),
    ),
    id,
    spanOf(l, node),
    attrs,
  );
}

const none: readonly never[] = [];

/** Does what stands leftmost below a call, a method call or an operation on one stand without parentheses? */
function isBareLeft(l: Lowering, node: number): boolean {
  let at = firstNamedChild(l.tree, node);
  while (at >= 0 && ["generic_function", "field_expression"].includes(kindOf(l.tree, at)))
    at = firstNamedChild(l.tree, at);
  return at >= 0 && kindOf(l.tree, at) !== "parenthesized_expression";
}

/** The expression of a kind that was made for it alone: completed in place, because copies of this many objects cost time. */
function completed(kind: ExprKind, id: number, span: Span, attrs: readonly Attr[]): Expr {
  const expr: { id?: number; span?: Span; attrs?: readonly Attr[] } & ExprKind = kind;
  expr.id = id;
  expr.span = span;
  expr.attrs = attrs;
  return expr as Expr;
}

/** An `error` expression for a node. */
export function errorOf(l: Lowering, node: number): ExprKind {
  return { k: "error", reason: "parse-error", text: textOf(l, node) };
}

/** An expression that stands for something that has no node of its own. */
export function syntheticExpr(l: Lowering, node: number, kind: ExprKind): Expr {
  return completed(kind, l.arena.nextExpr++, spanOf(l, node), []);
}

/** A bound of a range pattern: a literal, a negative literal or a path. */
export function lowerPathExpr(l: Lowering, node: number): Expr {
  if (kindOf(l.tree, node) !== "negative_literal") return lowerExpr(l, node);
  const inner = firstNamedChild(l.tree, node);
  if (inner < 0) return syntheticExpr(l, node, errorOf(l, node));
  return syntheticExpr(l, node, { k: "unary", op: "neg", operand: lowerExpr(l, inner) });
}

/** `const { .. }` as an expression. */
export function lowerConstBlock(l: Lowering, node: number): Expr {
  return lowerExpr(l, node);
}

/** What stands in any number of parentheses; -1 where an ERROR node does too. */
function withoutParentheses(l: Lowering, node: number): number {
  let at = node;
  while (kindOf(l.tree, at) === "parenthesized_expression") {
    if (hasErrorChild(l, at)) return -1;
    at = firstNamedChild(l.tree, at);
    if (at < 0) return -1;
  }
  return at;
}

/** Null where a part that must be there is not, or an ERROR node is. */
function exprOf(l: Lowering, node: number): ExprKind | null {
  const { tree } = l;
  const kind = kindOf(tree, node);
  if (tree.kind[node] === errorKind || isMissing(l, node)) return null;
  const block = lowerBlockExpr(l, node, kind);
  if (block !== undefined) return block;
  if (hasErrorChild(l, node)) return null;
  const control = lowerControl(l, node, kind);
  if (control !== undefined) return control;
  const operands = namedChildrenOf(tree, node);
  const first = operands[0] ?? -1;
  switch (kind) {
    case "identifier":
      if (textOf(l, node) === "_") return { k: "underscore" };
      return { k: "path", path: lowerPath(l, node) };
    case "self":
    case "super":
    case "crate":
    case "metavariable":
    case "scoped_identifier":
    case "type_identifier":
    case "scoped_type_identifier":
    case "primitive_type":
    case "generic_function":
      return { k: "path", path: lowerPath(l, node) };
    case "_":
      return { k: "underscore" };
    case "unit_expression":
      return { k: "tuple", elems: [] };
    case "unary_expression": {
      const op = unaryOps[kindOf(tree, node + 1)];
      return op === undefined || first < 0 ? null : { k: "unary", op, operand: lowerExpr(l, first) };
    }
    case "negative_literal":
      return first < 0 ? null : { k: "unary", op: "neg", operand: lowerExpr(l, first) };
    case "reference_expression": {
      const value = fieldChild(tree, node, "value");
      if (value < 0) return null;
      const mut = kindChild(tree, node, "mutable_specifier") >= 0;
      return { k: "ref", mut, raw: hasChild(tree, node, "raw"), operand: lowerExpr(l, value) };
    }
    case "try_expression":
      return first < 0 ? null : { k: "try", operand: lowerExpr(l, first) };
    case "await_expression":
      return first < 0 ? null : { k: "await", operand: lowerExpr(l, first) };
    case "binary_expression":
      return binary(l, node);
    case "assignment_expression":
    case "compound_assignment_expr":
      return assignment(l, node);
    case "type_cast_expression": {
      const value = fieldChild(tree, node, "value");
      const type = fieldChild(tree, node, "type");
      return value < 0 || type < 0 ? null : { k: "cast", operand: lowerExpr(l, value), ty: lowerType(l, type) };
    }
    case "range_expression":
      return range(l, node);
    case "call_expression":
      return call(l, node);
    case "field_expression": {
      const value = fieldChild(tree, node, "value");
      const field = fieldChild(tree, node, "field");
      return value < 0 || field < 0 ? null : { k: "field", base: lowerExpr(l, value), name: nameOf(l, field) };
    }
    case "index_expression": {
      const index = operands[1] ?? -1;
      return first < 0 || index < 0 ? null : { k: "index", base: lowerExpr(l, first), index: lowerExpr(l, index) };
    }
    case "tuple_expression":
      return { k: "tuple", elems: listed(l, node) };
    case "array_expression": {
      const length = fieldChild(tree, node, "length");
      if (length < 0) return { k: "array", elems: listed(l, node) };
      const value = operands.find((child) => kindOf(tree, child) !== "attribute_item") ?? -1;
      return value < 0 || value === length
        ? null
        : { k: "repeat", value: lowerExpr(l, value), len: lowerExpr(l, length) };
    }
    case "struct_expression":
      return struct(l, node);
    case "macro_invocation":
      return { k: "macro", call: lowerMacroCall(l, node), expanded: null, failure: null };
    default: {
      const lit = kind.endsWith("_literal") ? literalOf(textOf(l, node)) : null;
      return lit === null ? null : { k: "literal", lit };
    }
  }
}

function binary(l: Lowering, node: number): ExprKind | null {
  const left = fieldChild(l.tree, node, "left");
  const right = fieldChild(l.tree, node, "right");
  const operator = fieldChild(l.tree, node, "operator");
  const op = operator < 0 ? undefined : operatorOf(l, operator);
  if (op === undefined || left < 0 || right < 0) return null;
  const leftExpr = lowerExpr(l, left);
  if (op === "or" && (leftExpr.k === "return" || leftExpr.k === "break")) {
    const value = closureBehind(l, node, leftExpr.value, right);
    if (value !== null)
      return leftExpr.k === "return" ? { k: "return", value } : { k: "break", label: leftExpr.label, value };
  }
  const rightExpr = lowerExpr(l, right);
  const sides = [
    { node: left, expr: leftExpr },
    { node: right, expr: rightExpr },
  ] as const;
  const range = rangeOfBinary(l, op, ...sides, (kind) => syntheticExpr(l, node, kind));
  return range ?? { k: "binary", op, left: leftExpr, right: rightExpr };
}

/** A `<=` behind a cast was rewritten to `==` for the grammar's sake. */
function operatorOf(l: Lowering, operator: number): BinaryOp | undefined {
  const kind = kindOf(l.tree, operator);
  return kind === "==" && l.source.text.startsWith("<=", startOf(l, operator)) ? "le" : binaryOps[kind];
}

/** `return || a` comes as `(return) || a`, and `return || a || b` as that with a further operand. */
function closureBehind(l: Lowering, node: number, given: Expr | null, right: number): Expr | null {
  if (given !== null && !(given.k === "closure" && given.params.length === 0)) return null;
  const shape = given ?? { closure: l.arena.nextClosure++, params: [], ret: null, move: false, async: false };
  const last = lowerExpr(l, right);
  const body = given === null ? last : syntheticExpr(l, node, { k: "binary", op: "or", left: given.body, right: last });
  const { closure, params, ret, move, async } = shape;
  return syntheticExpr(l, node, { k: "closure", closure, params, ret, body, move, async });
}

/** `return a = b` comes as `(return a) = b`, which nobody means: what leaves control takes the whole right side. */
function assignment(l: Lowering, node: number): ExprKind | null {
  const left = fieldChild(l.tree, node, "left");
  const right = fieldChild(l.tree, node, "right");
  if (left < 0 || right < 0) return null;
  const operator = fieldChild(l.tree, node, "operator");
  const op = operator < 0 ? null : (binaryOps[kindOf(l.tree, operator).slice(0, -1)] ?? null);
  const target = lowerExpr(l, left);
  const value = lowerExpr(l, right);
  const range = op === null ? rangeOfAssignment(l, left, target, value) : null;
  if (range !== null) return range;
  if ((target.k === "return" || target.k === "break") && target.value !== null) {
    const inner = syntheticExpr(l, node, { k: "assign", op, left: target.value, right: value });
    return target.k === "return" ? { k: "return", value: inner } : { k: "break", label: target.label, value: inner };
  }
  return { k: "assign", op, left: target, right: value };
}

function range(l: Lowering, node: number): ExprKind {
  let from: Expr | null = null;
  let to: Expr | null = null;
  let past = false;
  let inclusive = false;
  for (const child of childrenOf(l.tree, node)) {
    const kind = kindOf(l.tree, child);
    if (kind === ".." || kind === "..=" || kind === "...") {
      past = true;
      inclusive = kind !== "..";
    } else if (past) to = lowerExpr(l, child);
    else from = lowerExpr(l, child);
  }
  return { k: "range", from, to, inclusive };
}

function call(l: Lowering, node: number): ExprKind | null {
  const { tree } = l;
  const callee = fieldChild(tree, node, "function");
  const list = fieldChild(tree, node, "arguments");
  if (callee < 0 || list < 0) return null;
  const generic = kindOf(tree, callee) === "generic_function" ? callee : -1;
  const inner = generic < 0 ? callee : fieldChild(tree, generic, "function");
  const field = inner >= 0 && kindOf(tree, inner) === "field_expression" ? fieldChild(tree, inner, "field") : -1;
  const receiver = field < 0 ? -1 : fieldChild(tree, inner, "value");
  if (receiver < 0 || kindOf(tree, field) !== "field_identifier" || hasErrorChild(l, inner)) {
    return { k: "call", callee: lowerExpr(l, callee), args: listed(l, list) };
  }
  const generics = generic < 0 ? -1 : fieldChild(tree, generic, "type_arguments");
  return {
    k: "method",
    receiver: lowerExpr(l, receiver),
    name: nameOf(l, field),
    nameSpan: spanOf(l, field),
    generics: generics < 0 ? null : lowerGenericArgs(l, generics),
    args: listed(l, list),
  };
}

/** The expressions of a list with the attributes before each; an ERROR node among them is one of them. */
function listed(l: Lowering, node: number): readonly Expr[] {
  const found: Expr[] = [];
  let attrs: Attr[] = [];
  for (const child of childrenOf(l.tree, node)) {
    const kind = kindOf(l.tree, child);
    if (kind === "attribute_item") attrs.push(lowerAttr(l, child));
    else if (kind === "_" || ((l.tree.flags[child] ?? 0) & 1) !== 0) {
      found.push(lowerExpr(l, child, exact(attrs)));
      if (attrs.length > 0) attrs = [];
    }
  }
  return exact(found);
}

function struct(l: Lowering, node: number): ExprKind | null {
  const name = fieldChild(l.tree, node, "name");
  const body = fieldChild(l.tree, node, "body");
  if (name < 0 || body < 0) return null;
  const fields: FieldInit[] = [];
  let base: Expr | null = null;
  let attrs: Attr[] = [];
  for (const child of namedChildrenOf(l.tree, body)) {
    const kind = kindOf(l.tree, child);
    if (kind === "attribute_item") attrs.push(lowerAttr(l, child));
    else if (kind === "base_field_initializer") {
      const value = firstNamedChild(l.tree, child);
      base = value < 0 ? null : lowerExpr(l, value);
    } else {
      fields.push(fieldInit(l, child, attrs));
      attrs = [];
    }
  }
  return { k: "struct", path: lowerPath(l, name), fields, base };
}

function fieldInit(l: Lowering, node: number, before: readonly Attr[]): FieldInit {
  const attrs = [...before];
  let shorthand = -1;
  for (const child of namedChildrenOf(l.tree, node)) {
    const kind = kindOf(l.tree, child);
    if (kind === "attribute_item") attrs.push(lowerAttr(l, child));
    else if (kind === "identifier") shorthand = child;
  }
  const span = spanOf(l, node);
  const field = fieldChild(l.tree, node, "field");
  const value = fieldChild(l.tree, node, "value");
  if (field >= 0 && value >= 0) return { name: nameOf(l, field), value: lowerExpr(l, value), attrs, span };
  if (shorthand >= 0) return { name: nameOf(l, shorthand), value: lowerExpr(l, shorthand), attrs, span };
  return { name: "", value: syntheticExpr(l, node, errorOf(l, node)), attrs, span };
}
