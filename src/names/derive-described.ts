/**
 * The impls that data describes for the derives of other crates (model/generated-code.ts): headers as trees, members from templates.
 *
 * A derive that no rule describes gives none: what it would provide is then found nowhere, and a call of it is unresolved. Only a drop is not
 * called by name: it is taken for given where the macro may write one.
 */
import type { Span } from "../base/span.ts";
import type { DeriveImpl } from "../model/generated-code.ts";
import type { FieldDef, GenericArgs, Generics, ImplItem, Item, Path, Source, TypeRef } from "../syntax/ast.ts";
import { parseImplItems } from "../syntax/file-items.ts";
import { dollarCrateName } from "../syntax/lower-path.ts";
import { wholeFn } from "../syntax/lower-placed-fn.ts";
import { textSource } from "../syntax/source.ts";
import { fillTemplate, type TemplateField, type TemplateVariant } from "./derive-template.ts";
import { mayDeriveDrop } from "./derived-drops.ts";
import { isReserved } from "./fragment-types.ts";
import { deriveRule } from "./known-macros.ts";
import { type CrateState, type DefRec, defOf, type Store } from "./store.ts";

/** What all derived impls of a type have in common. */
export interface DerivedHeader {
  readonly generics: Generics;
  readonly source: Source;
  readonly selfTy: TypeRef;
}
interface FieldOf extends TemplateField {
  readonly ty: TypeRef;
}
interface Owner {
  readonly variant: TemplateVariant;
  readonly field: FieldOf;
}
interface Described {
  readonly crate: CrateState;
  readonly def: DefRec;
  readonly header: DerivedHeader;
  readonly variants: readonly Variant[];
  readonly crates: Readonly<Record<string, number>>;
  readonly span: Span;
}
interface Variant extends TemplateVariant {
  readonly fields: readonly FieldOf[];
}

const fieldTypeName = "__DerivedTy";

/** The impls of one derive; where no rule describes it none, but one of `Drop` where its macro may write that. */
export function describedImpls(
  store: Store,
  crate: CrateState,
  def: DefRec,
  header: DerivedHeader,
  path: string,
  span: Span,
): ImplItem[] {
  const known = deriveRule(store, crate, def.module, path);
  const impls = known?.rule.impls ?? (mayDeriveDrop(store, crate, def, path) ? [unknownDrop(path)] : []);
  if (impls.length === 0) return [];
  const crates = {
    crate: known?.provider ?? 0,
    core: store.packByName.get("core") ?? 0,
    std: store.packByName.get("std") ?? 0,
  };
  const given: Described = { crate, def, header, variants: variantsOf(store, def), crates, span };
  return impls.flatMap((impl) => {
    if (impl.each === undefined) return [describedImpl(given, impl, null)];
    const owners = given.variants.flatMap((variant): Owner[] =>
      variant.fields.flatMap((field) =>
        field.attrs.some((attr) => attr.path === impl.each) ? [{ variant, field }] : [],
      ),
    );
    return owners.map((own) => describedImpl(given, impl, own));
  });
}

/** A drop of which nothing is known: the macro itself stands where that would. */
function unknownDrop(path: string): DeriveImpl {
  return { trait: "$core::ops::Drop", members: [`fn drop(&mut self) { ${path}!() }`] };
}

function describedImpl(given: Described, impl: DeriveImpl, own: Owner | null): ImplItem {
  const { crates, span, header, def } = given;
  const nameOf = (root: string): string => dollarCrateName(crates[root] ?? 0);
  const text = fillTemplate((impl.members ?? []).join(" "), given.variants, own, nameOf("core"))
    .replaceAll("$ty", fieldTypeName)
    .replace(/\$(crate|core|std)\b/g, (_, root: string) => nameOf(root));
  const source = textSource(text, span, `derive(${impl.trait})`, given.crate.edition);
  const ty = own?.field.ty ?? null;
  const items = text === "" ? [] : parseImplItems(source).items;
  const args: GenericArgs | null =
    ty === null || impl.args === undefined
      ? null
      : { types: impl.args.map(() => ({ k: "type", ty })), bindings: [], parenthesized: false };
  const bound = impl.bound === undefined ? null : { path: traitPath(impl.bound, crates, span, null), maybe: false };
  return {
    k: "impl",
    attrs: [],
    vis: { k: "private" },
    name: "",
    span,
    keySpan: span,
    source: header.source,
    start: def.item?.start ?? 0,
    end: def.item?.start ?? 0,
    broken: false,
    generics: {
      where: header.generics.where,
      params: header.generics.params.map((param) =>
        param.k === "type"
          ? { ...param, bounds: bound === null ? param.bounds : [...param.bounds, bound], default: null }
          : { ...param, default: null },
      ),
    },
    trait: traitPath(impl.trait, crates, span, args),
    negative: false,
    selfTy: header.selfTy,
    items: ty === null ? items : items.map((item) => withFieldType(item, ty)),
  };
}

function traitPath(text: string, crates: Described["crates"], span: Span, args: GenericArgs | null): Path {
  const [root = "", ...names] = text.split("::");
  const segments = names.map((name, at) => ({ name, args: at === names.length - 1 ? args : null, span, context: 0 }));
  return {
    global: false,
    dollarCrate: crates[root.slice(1)] ?? null,
    qself: null,
    qselfPosition: 0,
    segments,
    span,
  };
}

/** `$ty` in a parameter: the field's type as it was written. */
function withFieldType(item: Item, ty: TypeRef): Item {
  if (item.k !== "fn") return item;
  const isHole = (one: TypeRef): boolean => one.k === "path" && one.path.segments[0]?.name === fieldTypeName;
  return { ...wholeFn(item), params: item.params.map((param) => (isHole(param.ty) ? { ...param, ty } : param)) };
}

function variantsOf(store: Store, def: DefRec): Variant[] {
  const fieldsOf = (fields: readonly FieldDef[], shape: string): FieldOf[] =>
    fields.map((field) => ({
      name: written(field.name),
      variable: shape === "tuple" ? `_${field.name}` : written(field.name),
      attrs: field.attrs,
      ty: field.ty,
    }));
  const { item } = def;
  if (item?.k === "struct")
    return [{ path: "Self", shape: item.shape, fields: fieldsOf(item.fields, item.shape), attrs: def.attrs }];
  return def.children.flatMap((child): Variant[] => {
    const { variant, attrs } = defOf(store, child);
    if (variant === null) return [];
    const { shape } = variant;
    return [{ path: `Self::${written(variant.name)}`, shape, fields: fieldsOf(variant.fields, shape), attrs }];
  });
}

/** A name as it is written: reserved words as raw identifiers. */
function written(name: string): string {
  return isReserved(name) ? `r#${name}` : name;
}
