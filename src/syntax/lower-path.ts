/**
 * Paths of expressions, patterns, types and macros, whatever node the grammar makes of them; generic arguments with them.
 */
import { exact } from "../base/exact.ts";
import type { GenericArg, GenericArgs, Path, PathSegment, TypeRef } from "./ast.ts";
import { fieldChild, firstNamedChild, kindOf, namedChildrenOf } from "./grammar.ts";
import { lowerBounds, lowerType } from "./lower-type.ts";
import { type Lowering, nameOf, rangeOf, spanOf, startOf } from "./lowering.ts";

const dollarCratePrefix = "__dollar_crate_";

/** The crate number of an identifier that stands for `$crate` in an expansion; null for any other. */
export function dollarCrateOf(name: string): number | null {
  if (!name.startsWith(dollarCratePrefix)) return null;
  const digits = name.slice(dollarCratePrefix.length);
  return /^\d+$/.test(digits) ? Number(digits) : null;
}

/** What an expander prints for `$crate`. */
export function dollarCrateName(crate: number): string {
  return dollarCratePrefix + crate;
}

interface Parts {
  global: boolean;
  qself: TypeRef | null;
  qselfPosition: number;
  readonly segments: PathSegment[];
}

/** The path that a node holds; a node that is no path gives one segment with the node's text. */
export function lowerPath(l: Lowering, node: number): Path {
  const kind = kindOf(l.tree, node);
  if (kind === "identifier" || kind === "type_identifier" || kind === "primitive_type") return singlePath(l, node);
  const parts: Parts = { global: false, qself: null, qselfPosition: 0, segments: [] };
  collect(l, node, parts);
  const first = parts.segments[0];
  // In `<T as $crate::Trait>::name` the crate is that of the trait's path.
  const bare = parts.qself === null || parts.qselfPosition > 0;
  const crate = first === undefined || !bare || parts.global ? null : dollarCrateOf(first.name);
  if (crate !== null) {
    parts.segments.shift();
    if (parts.qself !== null) parts.qselfPosition -= 1;
  }
  return {
    global: parts.global,
    dollarCrate: crate,
    qself: parts.qself,
    qselfPosition: parts.qselfPosition,
    segments: exact(parts.segments),
    span: spanOf(l, node),
  };
}

function singlePath(l: Lowering, node: number): Path {
  const one = segment(l, node, -1);
  const dollarCrate = dollarCrateOf(one.name);
  return {
    global: false,
    dollarCrate,
    qself: null,
    qselfPosition: 0,
    segments: dollarCrate === null ? [one] : [],
    span: one.span,
  };
}

/** Appends a node's segments: prefixes first, outermost last, without recursion over long paths. */
function collect(l: Lowering, node: number, parts: Parts): void {
  const pending: { readonly node: number; readonly args: number }[] = [];
  let at = node;
  let args = -1;
  while (at >= 0) {
    const kind = kindOf(l.tree, at);
    if (kind === "generic_type" || kind === "generic_function" || kind === "generic_pattern") {
      args = fieldChild(l.tree, at, "type_arguments");
      const inner = fieldChild(l.tree, at, kind === "generic_function" ? "function" : "type");
      at = inner >= 0 ? inner : firstNamedChild(l.tree, at);
    } else if (kind === "generic_type_with_turbofish") {
      args = fieldChild(l.tree, at, "type_arguments");
      at = fieldChild(l.tree, at, "type");
    } else if (kind === "function_type") {
      args = at;
      at = fieldChild(l.tree, at, "trait");
    } else if (kind.startsWith("scoped_")) {
      pending.push({ node: fieldChild(l.tree, at, "name"), args });
      args = -1;
      const path = fieldChild(l.tree, at, "path");
      if (path < 0) parts.global = true;
      at = path;
    } else if (kind === "bracketed_type") {
      lowerQualified(l, at, parts);
      at = -1;
    } else {
      pending.push({ node: at, args });
      at = -1;
    }
  }
  for (const { node: name, args: given } of pending.reverse()) {
    if (name >= 0) parts.segments.push(segment(l, name, given));
  }
}

function lowerQualified(l: Lowering, node: number, parts: Parts): void {
  const inner = firstNamedChild(l.tree, node);
  if (inner < 0) return;
  if (kindOf(l.tree, inner) !== "qualified_type") {
    parts.qself = lowerType(l, inner);
    return;
  }
  const type = fieldChild(l.tree, inner, "type");
  const trait = fieldChild(l.tree, inner, "alias");
  if (type < 0) return;
  parts.qself = lowerType(l, type);
  if (trait < 0) return;
  collect(l, trait, parts);
  parts.qselfPosition = parts.segments.length;
}

function segment(l: Lowering, node: number, args: number): PathSegment {
  return {
    name: nameOf(l, node),
    args: args < 0 ? null : lowerGenericArgs(l, args),
    span: spanOf(l, node),
    context: l.source.contextAt(startOf(l, node)),
  };
}

/** `<A, B = C>` of a `type_arguments` node, or `(A) -> B` of a `function_type`. */
export function lowerGenericArgs(l: Lowering, node: number): GenericArgs {
  if (kindOf(l.tree, node) === "function_type") return lowerSugar(l, node);
  const types: GenericArg[] = [];
  const bindings: GenericArgs["bindings"][number][] = [];
  for (const child of namedChildrenOf(l.tree, node)) {
    const kind = kindOf(l.tree, child);
    if (kind === "lifetime" || kind === "ERROR") continue;
    if (kind === "type_binding") {
      const args = fieldChild(l.tree, child, "type_arguments");
      const type = fieldChild(l.tree, child, "type");
      const name = fieldChild(l.tree, child, "name");
      bindings.push({
        name: name < 0 ? "" : nameOf(l, name),
        args: args < 0 ? null : lowerGenericArgs(l, args),
        ty: type < 0 ? null : lowerType(l, type),
        bounds: [],
      });
    } else if (kind === "trait_bounds") {
      const bounded = types.pop();
      const last = bounded?.k === "type" && bounded.ty.k === "path" ? bounded.ty.path.segments.at(-1) : undefined;
      if (last !== undefined) {
        bindings.push({ name: last.name, args: last.args, ty: null, bounds: lowerBounds(l, child) });
      }
    } else if (kind === "block" || kind.endsWith("_literal")) {
      types.push({ k: "const", ...signed(l, rangeOf(l, child)) });
    } else {
      types.push({ k: "type", ty: lowerType(l, child) });
    }
  }
  return { types: exact(types), bindings: exact(bindings), parenthesized: false };
}

/** With the sign before it, which the parser may not have seen (normalise.ts). */
function signed<T extends { readonly start: number }>(l: Lowering, range: T): T {
  const before = l.source.text.slice(Math.max(0, range.start - 8), range.start);
  const sign = /[<,]\s*(-\s*)$/.exec(before)?.[1];
  return sign === undefined ? range : { ...range, start: range.start - sign.length };
}

function lowerSugar(l: Lowering, node: number): GenericArgs {
  const parameters = fieldChild(l.tree, node, "parameters");
  const span = parameters < 0 ? spanOf(l, node) : spanOf(l, parameters);
  const elems = parameters < 0 ? [] : sugarTypes(l, parameters);
  const ret = fieldChild(l.tree, node, "return_type");
  const output: TypeRef = ret < 0 ? { k: "tuple", elems: [], span } : lowerType(l, ret);
  return {
    types: [{ k: "type", ty: { k: "tuple", elems, span } }],
    bindings: [{ name: "Output", args: null, ty: output, bounds: [] }],
    parenthesized: true,
  };
}

function sugarTypes(l: Lowering, parameters: number): TypeRef[] {
  const types: TypeRef[] = [];
  for (const child of namedChildrenOf(l.tree, parameters)) {
    const kind = kindOf(l.tree, child);
    if (kind === "attribute_item" || kind === "ERROR" || kind === "variadic_parameter") continue;
    const type = kind === "parameter" ? fieldChild(l.tree, child, "type") : child;
    if (type >= 0) types.push(lowerType(l, type));
  }
  return types;
}
