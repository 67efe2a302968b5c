/**
 * Bodies lowered on demand: the slice of a source that holds one is parsed again, inside a wrapper that makes it a file.
 *
 * `lowerFnBody` and `lowerExprRange` begin a body; the `…Expansion` functions graft what a macro printed into a body whose
 * arena they continue. Null where the parser gave up or found nothing of the kind: the caller says what that means.
 */
import type { Span } from "../base/span.ts";
import type { FnItem, Source, TypeRef } from "./ast.ts";
import type { Body, BodyArena, Expr, Pat, Stmt } from "./ast-body.ts";
import { childrenOf, fieldChild, kindChild, kindOf } from "./grammar.ts";
import { lowerBlock, lowerStatements } from "./lower-block.ts";
import { lowerExpr, syntheticExpr } from "./lower-expr.ts";
import { lowerParams } from "./lower-fn.ts";
import { lowerPat } from "./lower-pat.ts";
import { lowerType } from "./lower-type.ts";
import { errorSpans, type Lowering, newArena } from "./lowering.ts";
import { parseRange, type Wrapper } from "./parse-source.ts";

const asValue: Wrapper = { before: "const X: X = ", after: "\n;" };
const asBlock: Wrapper = { before: "fn x() {", after: "\n}" };
const asArm: Wrapper = { before: "const X: X = match x {", after: "\n=> () };" };
const asType: Wrapper = { before: "type X = ", after: "\n;" };

/** Parameters and body of a function that has one; null where its text cannot be parsed as a function. */
export function lowerFnBody(item: FnItem): Body | null {
  const l = parseRange(item.source, item.start, item.end, { before: "", after: "" });
  const node = l === null ? -1 : kindChild(l.tree, 0, "function_item");
  if (l === null || node < 0) return null;
  const { selfParam, params } = lowerParams(l, node);
  const body = fieldChild(l.tree, node, "body");
  const block = lowerBlock(l, body < 0 ? node : body);
  const root = syntheticExpr(l, body < 0 ? node : body, { k: "block", block });
  return { arena: l.arena, selfParam, params, root, errors: errorSpans(l) };
}

/** The expression in a range of a source as a body of its own: an initialiser, a length, a discriminant. */
export function lowerExprRange(source: Source, start: number, end: number): Body | null {
  const arena = newArena();
  const found = lowerExprIn(source, start, end, arena);
  return found === null ? null : { arena, selfParam: null, params: [], root: found.expr, errors: found.errors };
}

/** What a macro in expression position printed; a `;` at its end is passed over, as rustc does. */
export function lowerExprExpansion(
  source: Source,
  arena: BodyArena,
): { readonly expr: Expr; readonly errors: readonly Span[] } | null {
  const end = source.text.replace(/[\s;]+$/, "").length;
  return lowerExprIn(source, 0, end, arena);
}

/** What a macro in statement position printed; a tail is an expression statement without semicolon. */
export function lowerStmtsExpansion(
  source: Source,
  arena: BodyArena,
): { readonly stmts: readonly Stmt[]; readonly errors: readonly Span[] } | null {
  const l = parseRange(source, 0, source.text.length, asBlock, arena);
  const fn = l === null ? -1 : kindChild(l.tree, 0, "function_item");
  const body = l === null || fn < 0 ? -1 : fieldChild(l.tree, fn, "body");
  if (l === null || body < 0) return null;
  const { stmts, tail } = lowerStatements(l, childrenOf(l.tree, body));
  const last: Stmt[] =
    tail === null ? [] : [{ k: "expr", expr: tail, semi: false, attrs: tail.attrs, span: tail.span }];
  return { stmts: [...stmts, ...last], errors: errorSpans(l) };
}

/** What a macro in pattern position printed. */
export function lowerPatExpansion(
  source: Source,
  arena: BodyArena,
): { readonly pat: Pat; readonly errors: readonly Span[] } | null {
  const l = parseRange(source, 0, source.text.length, asArm, arena);
  const node = l === null ? -1 : firstOfKind(l, "match_pattern");
  if (l === null || node < 0) return null;
  const pattern = l.tree.kind[node + 1] === undefined ? -1 : node + 1;
  return pattern < 0 ? null : { pat: lowerPat(l, pattern), errors: errorSpans(l) };
}

/** What a macro in type position printed, or the text of a type. */
export function lowerTypeExpansion(source: Source): { readonly ty: TypeRef; readonly errors: readonly Span[] } | null {
  const l = parseRange(source, 0, source.text.length, asType);
  const item = l === null ? -1 : kindChild(l.tree, 0, "type_item");
  const type = l === null || item < 0 ? -1 : fieldChild(l.tree, item, "type");
  return l === null || type < 0 ? null : { ty: lowerType(l, type), errors: errorSpans(l) };
}

/** The expression in a range of a source, numbered in an arena that exists. */
export function lowerExprIn(
  source: Source,
  start: number,
  end: number,
  arena: BodyArena,
): { readonly expr: Expr; readonly errors: readonly Span[] } | null {
  const l = parseRange(source, start, end, asValue, arena);
  const item = l === null ? -1 : kindChild(l.tree, 0, "const_item");
  const value = l === null || item < 0 ? -1 : fieldChild(l.tree, item, "value");
  return l === null || value < 0 ? null : { expr: lowerExpr(l, value), errors: errorSpans(l) };
}

function firstOfKind(l: Lowering, kind: string): number {
  for (let node = 0; node < l.tree.count; node += 1) if (kindOf(l.tree, node) === kind) return node;
  return -1;
}
