/**
 * Patterns. An identifier stays an identifier: whether it binds or names a constant is for `names`.
 */
import { pushAll } from "../base/push-all.ts";
import type { Attr } from "./ast.ts";
import type { Expr, Pat } from "./ast-body.ts";
import { attrsBetween } from "./attributes.ts";
import { childrenOf, fieldChild, kindChild, kindOf, namedChildrenOf } from "./grammar.ts";
import { literalOf } from "./literals.ts";
import { lowerConstBlock, lowerPathExpr } from "./lower-expr.ts";
import { lowerMacroCall } from "./lower-macro.ts";
import { lowerPath } from "./lower-path.ts";
import {
  endOf,
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

/** The pattern that a node holds; `mut` where a `mut` stands before it, outside of the node. */
export function lowerPat(l: Lowering, node: number, mut: boolean = false): Pat {
  const id = l.arena.nextPat++;
  if (l.depth >= maxDepth) return { id, span: spanOf(l, node), k: "error", reason: "limit" };
  l.depth += 1;
  const kind = patOf(l, withoutParentheses(l, node), mut);
  l.depth -= 1;
  if (kind === broken) return { id, span: spanOf(l, node), ...broken } as Pat;
  const pat: { id?: number; span?: Pat["span"] } & PatKind = kind;
  pat.id = id;
  pat.span = spanOf(l, node);
  return pat as Pat;
}

type PatKind = Pat extends infer P ? (P extends unknown ? Omit<P, "id" | "span"> : never) : never;
const broken: PatKind = { k: "error", reason: "parse-error" };

function patOf(l: Lowering, node: number, mut: boolean): PatKind {
  const { tree } = l;
  const kind = kindOf(tree, node);
  if (hasErrorChild(l, node) || isMissing(l, node)) return broken;
  switch (kind) {
    case "identifier":
    case "self":
    case "shorthand_field_identifier":
    case "metavariable":
      return identPat(l, node, false, mut, null);
    case "scoped_identifier":
    case "generic_pattern":
      return { k: "path", path: lowerPath(l, node) };
    case "_":
      return { k: "wild" };
    case "remaining_field_pattern":
      return { k: "rest" };
    case "mut_pattern":
      return prefixed(l, node, false, true);
    case "ref_pattern":
      return prefixed(l, node, true, mut);
    case "captured_pattern":
      return captured(l, node, false, mut);
    case "tuple_pattern":
      return { k: "tuple", elems: elemsOf(l, node) };
    case "slice_pattern":
      return { k: "slice", elems: elemsOf(l, node) };
    case "tuple_struct_pattern": {
      const type = fieldChild(tree, node, "type");
      return type < 0 ? broken : { k: "tuple-struct", path: lowerPath(l, type), elems: elemsOf(l, node, type) };
    }
    case "struct_pattern":
      return structPat(l, node);
    case "reference_pattern": {
      const inner = lastPattern(l, node);
      return inner < 0
        ? broken
        : { k: "ref", mut: kindChild(tree, node, "mutable_specifier") >= 0, inner: lowerPat(l, inner) };
    }
    case "or_pattern":
      return { k: "or", alternatives: alternativesOf(l, node).map((child) => lowerPat(l, child)) };
    case "range_pattern":
      return rangePat(l, node);
    case "const_block":
      return { k: "const-block", value: lowerConstBlock(l, node) };
    case "macro_invocation":
      return { k: "macro", call: lowerMacroCall(l, node), expanded: null, failure: null };
    case "negative_literal": {
      const lit = literalOf(textOf(l, node).replace(/^-\s*/, ""));
      return lit === null ? broken : { k: "literal", lit, negative: true };
    }
    default: {
      const lit = kind.endsWith("_literal") ? literalOf(textOf(l, node)) : null;
      return lit === null ? broken : { k: "literal", lit, negative: false };
    }
  }
}

function identPat(l: Lowering, node: number, byRef: boolean, mut: boolean, sub: Pat | null): PatKind {
  return { k: "ident", name: nameOf(l, node), context: l.source.contextAt(startOf(l, node)), byRef, mut, sub };
}

/** `ref`, `mut` and `ref mut` before an identifier or an `x @ ..`. */
function prefixed(l: Lowering, node: number, byRef: boolean, mut: boolean): PatKind {
  let by = byRef;
  let isMut = mut;
  let at = node;
  for (;;) {
    const kind = kindOf(l.tree, at);
    if (kind === "ref_pattern") by = true;
    else if (kind === "mut_pattern") isMut = true;
    else break;
    const inner = lastPattern(l, at);
    if (inner < 0 || hasErrorChild(l, at)) return broken;
    at = inner;
  }
  const kind = kindOf(l.tree, at);
  if (kind === "captured_pattern") return captured(l, at, by, isMut);
  if (kind === "identifier" || kind === "self" || kind === "metavariable") return identPat(l, at, by, isMut, null);
  return broken;
}

function captured(l: Lowering, node: number, byRef: boolean, mut: boolean): PatKind {
  const [name, sub] = patternsOf(l, node);
  if (name === undefined || sub === undefined) return broken;
  return identPat(l, name, byRef, mut, lowerPat(l, sub));
}

/** One pattern in parentheses without a comma is that pattern, but `(..)` is a tuple. */
function withoutParentheses(l: Lowering, node: number): number {
  let at = node;
  while (kindOf(l.tree, at) === "tuple_pattern" && !hasErrorChild(l, at)) {
    const patterns = patternsOf(l, at);
    const only = patterns[0];
    if (patterns.length !== 1 || only === undefined || hasChild(l.tree, at, ",")) break;
    if (kindOf(l.tree, only) === "remaining_field_pattern") break;
    at = only;
  }
  return at;
}

function elemsOf(l: Lowering, node: number, except: number = -1): Pat[] {
  return patternsOf(l, node)
    .filter((child) => child !== except)
    .map((child) => lowerPat(l, child));
}

/** The children that are patterns: named nodes and `_`. */
function patternsOf(l: Lowering, node: number): number[] {
  return childrenOf(l.tree, node).filter((child) => {
    const kind = kindOf(l.tree, child);
    if (kind === "attribute_item" || kind === "mutable_specifier") return false;
    return kind === "_" || ((l.tree.flags[child] ?? 0) & 1) !== 0;
  });
}

function lastPattern(l: Lowering, node: number): number {
  return patternsOf(l, node).at(-1) ?? -1;
}

/** `a | b | c` is nested to the left: flattened, in order. */
function alternativesOf(l: Lowering, node: number): number[] {
  const found: number[] = [];
  const pending = [node];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    if (kindOf(l.tree, at) === "or_pattern" && !hasErrorChild(l, at)) pushAll(pending, patternsOf(l, at).reverse());
    else found.push(at);
  }
  return found;
}

function structPat(l: Lowering, node: number): PatKind {
  const type = fieldChild(l.tree, node, "type");
  if (type < 0) return broken;
  const fields: { name: string; pat: Pat; attrs: readonly Attr[] }[] = [];
  let rest = false;
  let before = endOf(l, type);
  for (const child of namedChildrenOf(l.tree, node)) {
    const kind = kindOf(l.tree, child);
    // The grammar has no attributes here: they are read from the text between the fields.
    if (kind === "attribute_item") continue;
    if (kind === "remaining_field_pattern") rest = true;
    if (kind === "field_pattern")
      fields.push({ attrs: attrsBetween(l, before, startOf(l, child)), ...fieldPat(l, child) });
    before = endOf(l, child);
  }
  return { k: "struct", path: lowerPath(l, type), fields, rest };
}

function fieldPat(l: Lowering, node: number): { name: string; pat: Pat } {
  const name = fieldChild(l.tree, node, "name");
  const pattern = fieldChild(l.tree, node, "pattern");
  const fieldName = name < 0 ? "" : nameOf(l, name);
  if (pattern >= 0) return { name: fieldName, pat: lowerPat(l, pattern) };
  const byRef = hasChild(l.tree, node, "ref");
  const mut = kindChild(l.tree, node, "mutable_specifier") >= 0;
  const id = l.arena.nextPat++;
  const kind = name < 0 || hasErrorChild(l, node) ? broken : identPat(l, name, byRef, mut, null);
  return { name: fieldName, pat: { id, span: spanOf(l, node), ...kind } as Pat };
}

function rangePat(l: Lowering, node: number): PatKind {
  const left = fieldChild(l.tree, node, "left");
  const right = fieldChild(l.tree, node, "right");
  const inclusive = hasChild(l.tree, node, "..=") || hasChild(l.tree, node, "...");
  return { k: "range", from: boundOf(l, left), to: boundOf(l, right), inclusive };
}

function boundOf(l: Lowering, node: number): Expr | null {
  return node < 0 ? null : lowerPathExpr(l, node);
}
