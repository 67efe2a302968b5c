/**
 * Types and bounds. Lifetimes and `for<'a>` binders are dropped; a bare trait object of the old editions becomes `dyn` where a `+` shows it.
 */
import { exact } from "../base/exact.ts";
import type { Bound, TypeRef } from "./ast.ts";
import { childrenOf, fieldChild, kindChild, kindOf, namedChildrenOf } from "./grammar.ts";
import { lowerMacroCall } from "./lower-macro.ts";
import { lowerPath } from "./lower-path.ts";
import {
  endOf,
  hasChild,
  hasErrorChild,
  isMissing,
  type Lowering,
  maxDepth,
  rangeOf,
  spanOf,
  startOf,
  textOf,
} from "./lowering.ts";

/** The type that a node holds. */
export function lowerType(l: Lowering, node: number): TypeRef {
  if (l.depth >= maxDepth) return { k: "error", reason: "limit", span: spanOf(l, node) };
  l.depth += 1;
  const type = typeOf(l, node);
  l.depth -= 1;
  return type;
}

function typeOf(l: Lowering, node: number): TypeRef {
  const { tree } = l;
  const span = spanOf(l, node);
  const kind = kindOf(tree, node);
  if (hasErrorChild(l, node) || isMissing(l, node)) return { k: "error", reason: "parse-error", span };
  switch (kind) {
    case "type_identifier":
    case "identifier":
    case "field_identifier":
      if (textOf(l, node) === "_") return { k: "infer", span };
      // `(): Trait` of a where-clause, which the parser was given as a name.
      if (textOf(l, node).startsWith("(")) return { k: "tuple", elems: [], span };
      return { k: "path", path: lowerPath(l, node), span };
    case "primitive_type":
    case "scoped_type_identifier":
    case "scoped_identifier":
    case "generic_type":
    case "self":
    case "super":
    case "crate":
    case "metavariable":
      return { k: "path", path: lowerPath(l, node), span };
    case "reference_type":
      return { k: "ref", mut: kindChild(tree, node, "mutable_specifier") >= 0, inner: innerType(l, node), span };
    case "pointer_type":
      return { k: "ptr", mut: kindChild(tree, node, "mutable_specifier") >= 0, inner: innerType(l, node), span };
    case "array_type": {
      const element = fieldChild(tree, node, "element");
      const inner: TypeRef = element < 0 ? { k: "error", reason: "parse-error", span } : lowerType(l, element);
      const length = fieldChild(tree, node, "length");
      return length < 0 ? { k: "slice", inner, span } : { k: "array", inner, len: rangeOf(l, length), span };
    }
    case "unit_type":
      return { k: "tuple", elems: [], span };
    case "tuple_type":
      return tupleType(l, node);
    case "never_type":
      return { k: "never", span };
    case "_":
      return { k: "infer", span };
    case "function_type":
      if (fieldChild(tree, node, "trait") >= 0) return { k: "path", path: lowerPath(l, node), span };
      return functionType(l, node);
    case "dynamic_type":
      return { k: "dyn", bounds: boundsOf(l, node), span };
    case "abstract_type":
      return { k: "impl", bounds: boundsOf(l, node), span };
    case "bounded_type":
      return { k: leftmost(l, node) === "abstract_type" ? "impl" : "dyn", bounds: boundsOf(l, node), span };
    case "higher_ranked_trait_bound": {
      const type = fieldChild(tree, node, "type");
      return type < 0 ? { k: "error", reason: "parse-error", span } : lowerType(l, type);
    }
    case "removed_trait_bound":
      return { k: "dyn", bounds: boundsOf(l, node), span };
    case "macro_invocation":
      return { k: "macro", call: lowerMacroCall(l, node), span };
    default:
      return { k: "error", reason: "parse-error", span };
  }
}

function innerType(l: Lowering, node: number): TypeRef {
  const type = fieldChild(l.tree, node, "type");
  return type < 0 ? { k: "error", reason: "parse-error", span: spanOf(l, node) } : lowerType(l, type);
}

/** `(A, B)`; one type without a comma is that type in parentheses. */
function tupleType(l: Lowering, node: number): TypeRef {
  const elems = namedChildrenOf(l.tree, node);
  const only = elems[0];
  if (elems.length === 1 && only !== undefined && !hasChild(l.tree, node, ",")) return lowerType(l, only);
  return { k: "tuple", elems: elems.map((elem) => lowerType(l, elem)), span: spanOf(l, node) };
}

function functionType(l: Lowering, node: number): TypeRef {
  const { tree } = l;
  const parameters = fieldChild(tree, node, "parameters");
  const params: TypeRef[] = [];
  let variadic = false;
  for (const child of parameters < 0 ? [] : childrenOf(tree, parameters)) {
    const kind = kindOf(tree, child);
    if (kind === "variadic_parameter") variadic = true;
    else if (kind === "parameter") params.push(innerType(l, child));
    else if (kind === "_") params.push({ k: "infer", span: spanOf(l, child) });
    else if (!["(", ")", ",", "attribute_item"].includes(kind)) params.push(lowerType(l, child));
  }
  const modifiers = kindChild(tree, node, "function_modifiers");
  const ret = fieldChild(tree, node, "return_type");
  return {
    k: "fn",
    params: exact(params),
    ret: ret < 0 ? null : lowerType(l, ret),
    abi: modifiers < 0 ? null : abiOf(l, modifiers),
    variadic,
    span: spanOf(l, node),
  };
}

/** The ABI that an `extern` among a function's modifiers gives; null without one. */
export function abiOf(l: Lowering, node: number): string | null {
  const extern = kindOf(l.tree, node) === "extern_modifier" ? node : kindChild(l.tree, node, "extern_modifier");
  if (extern < 0) return null;
  const literal = namedChildrenOf(l.tree, extern).find((child) => kindOf(l.tree, child).endsWith("string_literal"));
  if (literal === undefined) return "C";
  return l.source.text.slice(startOf(l, literal), endOf(l, literal)).replace(/^[^"]*"|"#*$/g, "");
}

function leftmost(l: Lowering, node: number): string {
  let at = node;
  while (kindOf(l.tree, at) === "bounded_type") at = namedChildrenOf(l.tree, at)[0] ?? 0;
  return kindOf(l.tree, at);
}

/** The bounds of a `trait_bounds` node, in order; lifetimes and `use<..>` are dropped. */
export function lowerBounds(l: Lowering, node: number): readonly Bound[] {
  return boundsOf(l, node);
}

/** Bounds under a node of any of the kinds that hold them, `A + B` flattened. */
function boundsOf(l: Lowering, node: number): readonly Bound[] {
  const bounds: Bound[] = [];
  const pending: { readonly node: number; readonly maybe: boolean }[] = [{ node, maybe: false }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node: at, maybe } = next;
    const kind = kindOf(l.tree, at);
    switch (kind) {
      case "trait_bounds":
      case "bounded_type":
      case "dynamic_type":
      case "abstract_type":
      case "tuple_type":
      case "removed_trait_bound":
      case "higher_ranked_trait_bound": {
        const inner = namedChildrenOf(l.tree, at).filter((child) => kindOf(l.tree, child) !== "type_parameters");
        const removed = maybe || kind === "removed_trait_bound";
        for (const child of inner.reverse()) pending.push({ node: child, maybe: removed });
        break;
      }
      case "type_identifier":
      case "identifier":
      case "scoped_type_identifier":
      case "generic_type":
      case "function_type":
      case "primitive_type":
      case "metavariable":
        bounds.push({ path: lowerPath(l, at), maybe });
        break;
      default:
        break;
    }
  }
  return exact(bounds);
}
