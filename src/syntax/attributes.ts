/**
 * Attributes as text: `#[path(tokens)]` taken apart without looking into the tokens. Nothing is evaluated here.
 */
import type { Span } from "../base/span.ts";
import type { Attr } from "./ast.ts";
import { type Lowering, spanOf, textOf } from "./lowering.ts";

/** The attribute of an `attribute_item` or `inner_attribute_item` node. */
export function lowerAttr(l: Lowering, node: number): Attr {
  return attrOf(textOf(l, node), spanOf(l, node));
}

/** The attribute that a text from `#` to `]` is. */
export function attrOf(text: string, span: Span): Attr {
  const open = text.indexOf("[");
  const inner = text.slice(0, Math.max(open, 0)).includes("!");
  const close = text.lastIndexOf("]");
  return attrWith(inner, span, text.slice(open + 1, close > open ? close : text.length));
}

/** The attribute that has this between its brackets. */
export function attrWith(inner: boolean, span: Span, text: string): Attr {
  const { path, tokens, form } = attrParts(text);
  return { path, tokens, form, inner, span };
}

/** The attributes in a stretch of the text that holds nothing else but commas and comments. */
export function attrsBetween(l: Lowering, start: number, end: number): Attr[] {
  const text = l.source.text.slice(start, end);
  if (!text.includes("#")) return [];
  const written = /#\s*\[((?:[^[\]"]|"(?:\\.|[^"\\])*"|\[[^\]]*\])*)\]|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return [...text.matchAll(written)].flatMap((found): Attr[] => {
    const at = start + found.index;
    const span = l.source.spanOf(at, at + found[0].length);
    return found[1] === undefined ? [] : [attrWith(false, span, found[1])];
  });
}

/** Path, tokens and form of what stands between an attribute's brackets. */
function attrParts(text: string): Pick<Attr, "path" | "tokens" | "form"> {
  const body = skipBlank(text);
  const at = body.search(/[([{=]/);
  if (at < 0) return { path: cleanPath(body), tokens: "", form: "word" };
  const path = cleanPath(body.slice(0, at));
  if (body[at] === "=") return { path, tokens: body.slice(at + 1).trim(), form: "value" };
  const close = Math.max(body.lastIndexOf(")"), body.lastIndexOf("]"), body.lastIndexOf("}"));
  const tokens = body.slice(at + 1, close > at ? close : body.length);
  return path === "unsafe" && body[at] === "(" ? attrParts(tokens) : { path, tokens, form: "list" };
}

function skipBlank(text: string): string {
  return text.replace(/^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)+/, "");
}

/** Without blanks and comments; `::core::prelude::v1::derive` is `derive`, which nothing can shadow there. */
function cleanPath(text: string): string {
  const path = text.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|\s+|r#/g, "");
  return /^(?:::)?(?:core|std)::prelude::\w+::(\w+)$/.exec(path)?.[1] ?? path;
}
