/**
 * Items of a file, module, trait, impl, extern block or body. What stands in an ERROR node is looked through for whole items,
 * and an item that holds or adjoins one is `broken`.
 */
import { exact } from "../base/exact.ts";
import type { Attr, ImplItem, Item, ItemBase, TypeRef } from "./ast.ts";
import { lowerAttr } from "./attributes.ts";
import { errorKind, missingFlag } from "./flat-tree.ts";
import { childrenOf, fieldChild, kindChild, kindOf, namedChildrenOf } from "./grammar.ts";
import { lowerEnum, lowerStruct } from "./lower-adt.ts";
import { lowerFn } from "./lower-fn.ts";
import { lowerGenerics } from "./lower-generics.ts";
import { lowerMacroCall } from "./lower-macro.ts";
import { lowerPath } from "./lower-path.ts";
import { createFn, withAbi } from "./lower-placed-fn.ts";
import { abiOf, lowerBounds, lowerType } from "./lower-type.ts";
import { lowerUseTree } from "./lower-use.ts";
import { endOf, hasChild, type Lowering, maxDepth, nameOf, spanOf, startOf } from "./lowering.ts";
import { lowerVisibility, visibilityOf } from "./visibility.ts";

const itemKinds: ReadonlySet<string> = new Set([
  "mod_item",
  "use_declaration",
  "extern_crate_declaration",
  "function_item",
  "function_signature_item",
  "struct_item",
  "union_item",
  "enum_item",
  "trait_item",
  "impl_item",
  "type_item",
  "associated_type",
  "const_item",
  "static_item",
  "foreign_mod_item",
  "macro_definition",
]);

/** What stands in a list of items. */
export interface ItemList {
  readonly items: readonly Item[];
  readonly innerAttrs: readonly Attr[];
  /** Nodes that are no items. */
  readonly strays: readonly number[];
}

/** Whether a node of this kind is an item (macro calls, which may be anything, are not counted). */
export function isItemKind(kind: string): boolean {
  return itemKinds.has(kind);
}

/** The items among a node's children. */
export function lowerItems(l: Lowering, parent: number): ItemList {
  const items: Item[] = [];
  const innerAttrs: Attr[] = [];
  const strays: number[] = [];
  const nodes = flattened(l, parent);
  let attrs: Attr[] = [];
  if (parent !== 0) passOver(l, l.tree.start[parent] ?? 0);
  const placed = (end: number): void => {
    for (let next = l.functions[l.nextFunction]; next !== undefined && next.start < end; ) {
      items.push(createFn(l, next));
      l.nextFunction += 1;
      next = l.functions[l.nextFunction];
    }
  };
  for (const [at, { node, lost }] of nodes.entries()) {
    placed(l.tree.start[node] ?? 0);
    const kind = kindOf(l.tree, node);
    if (kind === "attribute_item") {
      attrs.push(lowerAttr(l, node));
      continue;
    }
    if (kind === "inner_attribute_item") {
      innerAttrs.push(lowerAttr(l, node));
      continue;
    }
    const call = kind === "expression_statement" ? (namedChildrenOf(l.tree, node)[0] ?? node) : node;
    const isItem = isItemKind(kind) || kindOf(l.tree, call) === "macro_invocation";
    if (isItem) {
      const beside = lost || nodes[at - 1]?.lost === true || nodes[at + 1]?.lost === true;
      const item = lowerItem(l, call, exact(attrs), beside);
      if (item !== null) items.push(item);
    } else if (!lost && kind !== "empty_statement" && kind !== "shebang") strays.push(node);
    if (attrs.length > 0) attrs = [];
    passOver(l, l.tree.end[node] ?? 0);
  }
  placed(parent === 0 ? Number.POSITIVE_INFINITY : (l.tree.end[parent] ?? 0));
  return { items: exact(items), innerAttrs: exact(innerAttrs), strays };
}

/** What looked like functions inside of something that is no list of items. */
function passOver(l: Lowering, end: number): void {
  while ((l.functions[l.nextFunction]?.start ?? Number.POSITIVE_INFINITY) < end) l.nextFunction += 1;
}

/** Named children in order, those of ERROR nodes in the place of the node, `lost`. */
function flattened(l: Lowering, parent: number): { readonly node: number; readonly lost: boolean }[] {
  const found: { node: number; lost: boolean }[] = [];
  const pending = namedChildrenOf(l.tree, parent)
    .reverse()
    .map((node) => ({ node, lost: false }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    found.push(l.tree.kind[next.node] === errorKind ? { ...next, lost: true } : next);
    if (l.tree.kind[next.node] !== errorKind) continue;
    for (const child of namedChildrenOf(l.tree, next.node).reverse()) pending.push({ node: child, lost: true });
  }
  return found;
}

/** The item of a node; null where it has no name or is nested too deep. */
export function lowerItem(l: Lowering, node: number, attrs: readonly Attr[], broken: boolean): Item | null {
  if (l.depth >= maxDepth) return null;
  l.depth += 1;
  const item = itemOf(l, node, baseOf(l, node, attrs, broken || holdsError(l, node)));
  l.depth -= 1;
  return item;
}

function baseOf(l: Lowering, node: number, attrs: readonly Attr[], broken: boolean): ItemBase {
  const name = fieldChild(l.tree, node, "name");
  return {
    attrs,
    vis: lowerVisibility(l, kindChild(l.tree, node, "visibility_modifier")),
    name: name < 0 ? "" : nameOf(l, name),
    span: spanOf(l, node),
    keySpan: spanOf(l, name < 0 ? node : name),
    source: l.source,
    start: startOf(l, node),
    end: endOf(l, node),
    broken,
  };
}

function holdsError(l: Lowering, node: number): boolean {
  if (l.clean) return false;
  const { tree } = l;
  const end = tree.next[node] ?? 0;
  for (let at = node; at < end; at += 1) {
    if (tree.kind[at] === errorKind || ((tree.flags[at] ?? 0) & missingFlag) !== 0) return true;
  }
  return false;
}

function itemOf(l: Lowering, node: number, base: ItemBase): Item | null {
  const { tree } = l;
  const body = fieldChild(tree, node, "body");
  const kind = kindOf(tree, node);
  switch (kind) {
    case "function_item":
    case "function_signature_item":
      return lowerFn(l, node, base);
    case "struct_item":
    case "union_item":
      return lowerStruct(l, node, base);
    case "enum_item":
      return lowerEnum(l, node, base);
    case "impl_item":
      return lowerImpl(l, node, base);
    case "mod_item": {
      const decl = macroTwo(l, node, base);
      if (decl !== null) return decl;
      const list = body < 0 ? null : lowerItems(l, body);
      return { k: "mod", items: list?.items ?? null, innerAttrs: list?.innerAttrs ?? [], ...base };
    }
    case "use_declaration": {
      const argument = fieldChild(tree, node, "argument");
      return argument < 0 ? null : { k: "use", tree: lowerUseTree(l, argument), ...base };
    }
    case "extern_crate_declaration": {
      const alias = fieldChild(tree, node, "alias");
      return { k: "extern-crate", alias: alias < 0 ? null : nameOf(l, alias), ...base };
    }
    case "trait_item": {
      const bounds = fieldChild(tree, node, "bounds");
      return {
        k: "trait",
        generics: lowerGenerics(l, node),
        supertraits: bounds < 0 ? [] : lowerBounds(l, bounds),
        unsafe: hasChild(tree, node, "unsafe"),
        alias: false,
        items: body < 0 ? [] : lowerItems(l, body).items,
        ...base,
      };
    }
    case "type_item":
    case "associated_type": {
      const bounds = fieldChild(tree, node, "bounds");
      const type = fieldChild(tree, node, "type");
      return {
        k: "type-alias",
        generics: lowerGenerics(l, node),
        bounds: bounds < 0 ? [] : lowerBounds(l, bounds),
        ty: type < 0 ? null : lowerType(l, type),
        ...base,
      };
    }
    case "const_item":
    case "static_item": {
      const type = fieldChild(tree, node, "type");
      const value = fieldChild(tree, node, "value");
      return {
        k: kind === "const_item" ? "const" : "static",
        attrs: base.attrs,
        vis: base.vis,
        name: base.name,
        span: base.span,
        keySpan: base.keySpan,
        source: base.source,
        start: base.start,
        end: base.end,
        broken: base.broken,
        mut: kindChild(tree, node, "mutable_specifier") >= 0,
        ty: type < 0 ? null : lowerType(l, type),
        value: value < 0 ? null : { start: startOf(l, value), end: endOf(l, value) },
      };
    }
    case "foreign_mod_item":
      return lowerExternBlock(l, node, base);
    case "macro_definition":
      return { k: "macro-rules", form: "macro_rules", body: rulesRange(l, node), ...base };
    case "macro_invocation":
      return { k: "macro-call", call: lowerMacroCall(l, node), ...base };
    default:
      return null;
  }
}

function lowerImpl(l: Lowering, node: number, base: ItemBase): ImplItem {
  const { tree } = l;
  const body = fieldChild(tree, node, "body");
  const trait = fieldChild(tree, node, "trait");
  const type = fieldChild(tree, node, "type");
  const keyword = kindChild(tree, node, "impl");
  const missing: TypeRef = { k: "error", reason: "parse-error", span: base.span };
  return {
    k: "impl",
    attrs: base.attrs,
    vis: base.vis,
    name: base.name,
    span: base.span,
    keySpan: spanOf(l, keyword < 0 ? node : keyword),
    source: base.source,
    start: base.start,
    end: base.end,
    broken: base.broken,
    generics: lowerGenerics(l, node),
    trait: trait < 0 ? null : lowerPath(l, trait),
    negative: trait >= 0 && hasChild(tree, node, "!"),
    selfTy: type < 0 ? missing : lowerType(l, type),
    items: body < 0 ? [] : lowerItems(l, body).items,
  };
}

/** Functions of the block take its ABI. `pub` before `type X;`, which the repair blanks, is read from the text. */
function lowerExternBlock(l: Lowering, node: number, base: ItemBase): Item {
  const body = fieldChild(l.tree, node, "body");
  const abi = abiOf(l, kindChild(l.tree, node, "extern_modifier")) ?? "C";
  const items = body < 0 ? [] : lowerItems(l, body).items;
  return {
    k: "extern-block",
    abi,
    items: items.map((item): Item => {
      if (item.k === "fn") return withAbi(item, abi);
      if (item.k !== "type-alias" || item.vis.k !== "private") return item;
      const written = /\bpub(?:\s*\([^()]*\))?\s*$/.exec(l.source.text.slice(Math.max(0, item.start - 80), item.start));
      return written === null ? item : { ...item, vis: visibilityOf(written[0]) };
    }),
    ...base,
  };
}

/** The range of the rules of a `macro_rules!`, delimiters excluded. */
function rulesRange(l: Lowering, node: number): { start: number; end: number } {
  const children = childrenOf(l.tree, node);
  const open = children.find((child) => ["(", "[", "{"].includes(kindOf(l.tree, child)));
  const close = children.findLast((child) => [")", "]", "}"].includes(kindOf(l.tree, child)));
  const end = close === undefined ? endOf(l, node) : startOf(l, close);
  return { start: open === undefined ? end : Math.min(endOf(l, open), end), end };
}

/** `macro x(..) {..}`, which the repair turns into a module with an empty body: read from the text. */
function macroTwo(l: Lowering, node: number, base: ItemBase): Item | null {
  const keyword = kindChild(l.tree, node, "mod");
  const name = fieldChild(l.tree, node, "name");
  if (keyword < 0 || name < 0) return null;
  const { text } = l.source;
  if (!text.startsWith("macro", startOf(l, keyword))) return null;
  const after = /^\s*/.exec(text.slice(endOf(l, name)))?.[0].length ?? 0;
  const start = endOf(l, name) + after;
  const simple = text[start] === "(";
  return {
    k: "macro-rules",
    form: "macro",
    body: simple ? { start, end: base.end } : { start: start + 1, end: Math.max(base.end - 1, start + 1) },
    ...base,
  };
}
