/**
 * Structs, unions and enums: fields and variants with their attributes, so that cfg can be applied above.
 */
import { exact } from "../base/exact.ts";
import type { Attr, EnumItem, FieldDef, ItemBase, StructItem, TypeRef, VariantDef, VariantShape } from "./ast.ts";
import { lowerAttr } from "./attributes.ts";
import { fieldChild, kindChild, kindOf, namedChildrenOf } from "./grammar.ts";
import { lowerGenerics } from "./lower-generics.ts";
import { lowerType } from "./lower-type.ts";
import { endOf, type Lowering, nameOf, spanOf, startOf } from "./lowering.ts";
import { lowerVisibility } from "./visibility.ts";

/** The item of a `struct_item` or `union_item` node. */
export function lowerStruct(l: Lowering, node: number, base: ItemBase): StructItem {
  const union = kindOf(l.tree, node) === "union_item";
  return { k: "struct", union, generics: lowerGenerics(l, node), ...base, ...lowerShape(l, node) };
}

/** The item of an `enum_item` node. */
export function lowerEnum(l: Lowering, node: number, base: ItemBase): EnumItem {
  const variants: VariantDef[] = [];
  const body = fieldChild(l.tree, node, "body");
  let attrs: Attr[] = [];
  for (const child of body < 0 ? [] : namedChildrenOf(l.tree, body)) {
    const kind = kindOf(l.tree, child);
    if (kind === "attribute_item") {
      attrs.push(lowerAttr(l, child));
      continue;
    }
    const name = fieldChild(l.tree, child, "name");
    if (kind === "enum_variant" && name >= 0) {
      const value = fieldChild(l.tree, child, "value");
      variants.push({
        name: nameOf(l, name),
        ...lowerShape(l, child),
        attrs: exact(attrs),
        span: spanOf(l, name),
        discriminant: value < 0 ? null : { source: l.source, start: startOf(l, value), end: endOf(l, value) },
      });
    }
    if (attrs.length > 0) attrs = [];
  }
  return { k: "enum", generics: lowerGenerics(l, node), variants: exact(variants), ...base };
}

function lowerShape(l: Lowering, node: number): { shape: VariantShape; fields: readonly FieldDef[] } {
  const body = fieldChild(l.tree, node, "body");
  if (body < 0) return { shape: "unit", fields: [] };
  if (kindOf(l.tree, body) === "ordered_field_declaration_list") return { shape: "tuple", fields: ordered(l, body) };
  const fields: FieldDef[] = [];
  let attrs: Attr[] = [];
  for (const child of namedChildrenOf(l.tree, body)) {
    const kind = kindOf(l.tree, child);
    if (kind === "attribute_item") {
      attrs.push(lowerAttr(l, child));
      continue;
    }
    const name = fieldChild(l.tree, child, "name");
    const type = fieldChild(l.tree, child, "type");
    if (kind === "field_declaration" && name >= 0) {
      const missing: TypeRef = { k: "error", reason: "parse-error", span: spanOf(l, child) };
      fields.push({
        name: nameOf(l, name),
        ty: type < 0 ? missing : lowerType(l, type),
        vis: lowerVisibility(l, kindChild(l.tree, child, "visibility_modifier")),
        attrs: exact(attrs),
        span: spanOf(l, name),
      });
    }
    if (attrs.length > 0) attrs = [];
  }
  return { shape: "named", fields: exact(fields) };
}

/** Fields of `(A, pub B)`: attributes, visibility and type are siblings in one list. */
function ordered(l: Lowering, body: number): readonly FieldDef[] {
  const fields: FieldDef[] = [];
  let attrs: Attr[] = [];
  let visibility = -1;
  for (const child of namedChildrenOf(l.tree, body)) {
    const kind = kindOf(l.tree, child);
    if (kind === "attribute_item") attrs.push(lowerAttr(l, child));
    else if (kind === "visibility_modifier") visibility = child;
    else if (kind !== "ERROR") {
      const vis = lowerVisibility(l, visibility);
      fields.push({
        name: String(fields.length),
        ty: lowerType(l, child),
        vis,
        attrs: exact(attrs),
        span: spanOf(l, child),
      });
      if (attrs.length > 0) attrs = [];
      visibility = -1;
    }
  }
  return exact(fields);
}
