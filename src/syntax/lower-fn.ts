/**
 * Functions: signature, receiver and parameters; the body stays text until it is asked for.
 */
import { exact } from "../base/exact.ts";
import type { Attr, FnItem, ItemBase, Param, SelfParam, TypeRef } from "./ast.ts";
import { lowerAttr } from "./attributes.ts";
import { childrenOf, fieldChild, kindChild, kindOf } from "./grammar.ts";
import { lowerGenerics } from "./lower-generics.ts";
import { lowerPat } from "./lower-pat.ts";
import { abiOf, lowerType } from "./lower-type.ts";
import { hasChild, type Lowering, spanOf } from "./lowering.ts";

/** What a parameter list holds. */
export interface Params {
  readonly selfParam: SelfParam | null;
  readonly params: readonly Param[];
  readonly variadic: boolean;
}

/** What a function says before its body. */
export type Signature = Omit<FnItem, keyof ItemBase | "k" | "hasBody">;

/** The item of a `function_item` or `function_signature_item` node. */
export function lowerFn(l: Lowering, node: number, base: ItemBase): FnItem {
  const keyword = kindChild(l.tree, node, "fn");
  return {
    k: "fn",
    hasBody: kindOf(l.tree, node) === "function_item",
    ...base,
    keySpan: spanOf(l, keyword < 0 ? node : keyword),
    ...lowerSignature(l, node),
  };
}

/** The signature of a `function_item` or `function_signature_item` node. */
export function lowerSignature(l: Lowering, node: number): Signature {
  const { tree } = l;
  const modifiers = kindChild(tree, node, "function_modifiers");
  const has = (word: string): boolean => modifiers >= 0 && hasChild(tree, modifiers, word);
  const ret = fieldChild(tree, node, "return_type");
  const { selfParam, params, variadic } = lowerParams(l, node);
  return {
    generics: lowerGenerics(l, node),
    selfParam,
    params,
    variadic,
    ret: ret < 0 ? null : lowerType(l, ret),
    async: has("async"),
    unsafe: has("unsafe"),
    const: has("const"),
    default: has("default"),
    abi: modifiers < 0 ? null : abiOf(l, modifiers),
  };
}

/** The parameters of a function node. */
export function lowerParams(l: Lowering, node: number): Params {
  const { tree } = l;
  const list = fieldChild(tree, node, "parameters");
  let selfParam: SelfParam | null = null;
  const params: Param[] = [];
  let variadic = false;
  let attrs: Attr[] = [];
  for (const child of list < 0 ? [] : childrenOf(tree, list)) {
    const kind = kindOf(tree, child);
    if (kind === "(" || kind === ")" || kind === "," || kind === "ERROR") continue;
    if (kind === "attribute_item") {
      attrs.push(lowerAttr(l, child));
      continue;
    }
    if (kind === "variadic_parameter") variadic = true;
    else if (kind === "self_parameter") selfParam = shortSelf(l, child, exact(attrs));
    else if (kind === "parameter") {
      const pattern = fieldChild(tree, child, "pattern");
      if (pattern >= 0 && kindOf(tree, pattern) === "self") selfParam = typedSelf(l, child, exact(attrs));
      else params.push(param(l, child, pattern, exact(attrs)));
    } else params.push(anonymous(l, child, kind, exact(attrs)));
    if (attrs.length > 0) attrs = [];
  }
  return { selfParam, params: exact(params), variadic };
}

function shortSelf(l: Lowering, node: number, attrs: readonly Attr[]): SelfParam {
  return {
    ref: hasChild(l.tree, node, "&"),
    mut: kindChild(l.tree, node, "mutable_specifier") >= 0,
    ty: null,
    attrs,
    span: spanOf(l, node),
  };
}

function typedSelf(l: Lowering, node: number, attrs: readonly Attr[]): SelfParam {
  const type = fieldChild(l.tree, node, "type");
  return {
    ref: false,
    mut: kindChild(l.tree, node, "mutable_specifier") >= 0,
    ty: type < 0 ? null : lowerType(l, type),
    attrs,
    span: spanOf(l, node),
  };
}

function param(l: Lowering, node: number, pattern: number, attrs: readonly Attr[]): Param {
  const type = fieldChild(l.tree, node, "type");
  const mut = kindChild(l.tree, node, "mutable_specifier") >= 0;
  const missing: TypeRef = { k: "error", reason: "parse-error", span: spanOf(l, node) };
  return {
    pat: lowerPat(l, pattern < 0 ? node : pattern, mut),
    ty: type < 0 ? missing : lowerType(l, type),
    attrs,
  };
}

/** A parameter that is a type alone, as trait methods of edition 2015 may have. */
function anonymous(l: Lowering, node: number, kind: string, attrs: readonly Attr[]): Param {
  const span = spanOf(l, node);
  const ty: TypeRef = kind === "_" ? { k: "infer", span } : lowerType(l, node);
  return { pat: { id: l.arena.nextPat++, span, k: "wild" }, ty, attrs };
}
