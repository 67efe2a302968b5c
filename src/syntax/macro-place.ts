/**
 * Where a macro's definition has an item that it made: the place that the compiler gives such a function.
 */
import type { Span } from "../base/span.ts";
import type { ItemBase } from "./ast.ts";

/** From the item's first token to its last; null for an item written by hand, or that begins or ends with an argument of the macro. */
export function macroPlace({ source, start, end }: Pick<ItemBase, "source" | "start" | "end">): Span | null {
  const first = source.originAt(start);
  const last = source.originAt(end - 1);
  if (first === null || last === null || first.file !== last.file || last.end < first.start) return null;
  return { ...first, end: last.end };
}
