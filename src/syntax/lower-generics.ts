/**
 * Generic parameters and where clauses of an item. Lifetimes and their bounds are dropped.
 */
import { exact } from "../base/exact.ts";
import type { Attr, Bound, GenericParam, Generics, TypeRef } from "./ast.ts";
import { lowerAttr } from "./attributes.ts";
import { fieldChild, kindChild, kindOf, namedChildrenOf } from "./grammar.ts";
import { lowerBounds, lowerType } from "./lower-type.ts";
import { type Lowering, nameOf, rangeOf, spanOf } from "./lowering.ts";

/** The generics of an item node: its `type_parameters` and every `where_clause` among its children. */
export function lowerGenerics(l: Lowering, item: number): Generics {
  const list = fieldChild(l.tree, item, "type_parameters");
  const params = list < 0 ? exact<GenericParam>([]) : lowerParams(l, list);
  return { params, where: lowerWhere(l, item) };
}

function lowerParams(l: Lowering, list: number): readonly GenericParam[] {
  const params: GenericParam[] = [];
  let attrs: Attr[] = [];
  for (const child of namedChildrenOf(l.tree, list)) {
    const kind = kindOf(l.tree, child);
    if (kind === "attribute_item") {
      attrs.push(lowerAttr(l, child));
      continue;
    }
    const name = fieldChild(l.tree, child, "name");
    if (kind === "type_parameter" && name >= 0) {
      const bounds = fieldChild(l.tree, child, "bounds");
      const fallback = fieldChild(l.tree, child, "default_type");
      params.push({
        k: "type",
        name: nameOf(l, name),
        bounds: bounds < 0 ? [] : lowerBounds(l, bounds),
        default: fallback < 0 ? null : lowerType(l, fallback),
        attrs: exact(attrs),
        span: spanOf(l, name),
      });
    } else if (kind === "const_parameter" && name >= 0) {
      const type = fieldChild(l.tree, child, "type");
      const value = fieldChild(l.tree, child, "value");
      params.push({
        k: "const",
        name: nameOf(l, name),
        ty: type < 0 ? { k: "error", reason: "parse-error", span: spanOf(l, child) } : lowerType(l, type),
        default: value < 0 ? null : rangeOf(l, value),
        attrs: exact(attrs),
        span: spanOf(l, name),
      });
    }
    if (attrs.length > 0) attrs = [];
  }
  return exact(params);
}

function lowerWhere(l: Lowering, item: number): Generics["where"] {
  const clauses: { ty: TypeRef; bounds: readonly Bound[] }[] = [];
  for (const clause of namedChildrenOf(l.tree, item)) {
    if (kindOf(l.tree, clause) !== "where_clause") continue;
    for (const predicate of namedChildrenOf(l.tree, clause)) {
      const left = fieldChild(l.tree, predicate, "left");
      if (left < 0 || kindOf(l.tree, left) === "lifetime") continue;
      const bounds = kindChild(l.tree, predicate, "trait_bounds");
      clauses.push({ ty: lowerType(l, left), bounds: bounds < 0 ? [] : lowerBounds(l, bounds) });
    }
  }
  return exact(clauses);
}
