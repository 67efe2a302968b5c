/**
 * The items of a file or of an expansion in item position. Bodies are not parsed (`body.ts` does that when one is asked for),
 * so errors inside them are not among the errors here.
 *
 * Invariant: the result depends on the text and the edition alone.
 */
import type { FileId, Span } from "../base/span.ts";
import type { Edition, FileItems, Item, Source } from "./ast.ts";
import { kindChild } from "./grammar.ts";
import { lowerItems } from "./lower-item.ts";
import { errorSpans, spanOf } from "./lowering.ts";
import { parseOutline } from "./parse-source.ts";
import { fileSource } from "./source.ts";

/** The items of a file's text. */
export function parseFile(text: string, file: FileId, edition: Edition): FileItems {
  return parseItems(fileSource(text, file, edition));
}

/** The items of a source; where the parser gave up, no items and one error over the whole text. */
export function parseItems(source: Source): FileItems {
  const l = parseOutline(source);
  if (l === null) return { source, innerAttrs: [], items: [], errors: [wholeOf(source)] };
  const { items, innerAttrs, strays } = lowerItems(l, 0);
  return { source, innerAttrs, items, errors: [...errorSpans(l), ...strays.map((node) => spanOf(l, node))] };
}

/** The items of an expansion in an impl, trait or extern block. */
export function parseImplItems(source: Source): { readonly items: readonly Item[]; readonly errors: readonly Span[] } {
  const l = parseOutline(source, { before: "impl X {", after: "\n}" });
  const impl = l === null ? -1 : kindChild(l.tree, 0, "impl_item");
  const body = l === null || impl < 0 ? -1 : kindChild(l.tree, impl, "declaration_list");
  if (l === null || body < 0) return { items: [], errors: [wholeOf(source)] };
  const { items, strays } = lowerItems(l, body);
  return { items, errors: [...errorSpans(l), ...strays.map((node) => spanOf(l, node))] };
}

function wholeOf(source: Source): Span {
  return source.spanOf(0, source.text.length);
}
