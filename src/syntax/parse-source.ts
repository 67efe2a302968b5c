/**
 * A part of a source parsed, with the repairs of `normalise.ts` where the grammar does not understand the text as it is.
 */
import type { Edition, Source } from "./ast.ts";
import type { BodyArena } from "./ast-body.ts";
import { errorNodes, type FlatTree } from "./flat-tree.ts";
import type { FnPlace } from "./fn-heads.ts";
import { type Lowering, loweringOf, newArena } from "./lowering.ts";
import { asMeant } from "./misread.ts";
import { normalise } from "./normalise.ts";
import { type OutlineOf, outlineOf, restoreOffsets } from "./outline.ts";
import { parseText } from "./parser.ts";

/** What stands around a part of a source so that it can be parsed as a file. */
export interface Wrapper {
  readonly before: string;
  readonly after: string;
}

const bare: Wrapper = { before: "", after: "" };

/** Parses [start, end) of a source's text inside a wrapper, without arguments of macros and nested bodies; null where the parser gave up. */
export function parseRange(
  source: Source,
  start: number,
  end: number,
  wrapper: Wrapper = bare,
  arena: BodyArena = newArena(),
): Lowering | null {
  const text = wrapped(source, start, end, wrapper);
  const tree = parseOutlined(text, source.edition, "body")?.tree ?? parseRepaired(text, source.edition);
  return tree === null ? null : loweringOf(tree, source, start - wrapper.before.length, arena);
}

/** Parses the range of one function for what stands before its body. */
export function parseSignature(source: Source, start: number, end: number): Lowering | null {
  const text = wrapped(source, start, end, bare);
  const tree = parseOutlined(text, source.edition, "item")?.tree ?? parseRepaired(text, source.edition);
  return tree === null ? null : loweringOf(tree, source, start, newArena());
}

/**
 * Parses a whole source inside a wrapper for its items alone: functions are told by where they stand, and parsed when they are
 * asked for. A text whose outline has errors is parsed as it is.
 */
export function parseOutline(source: Source, wrapper: Wrapper = bare): Lowering | null {
  const text = wrapped(source, 0, source.text.length, wrapper);
  const outlined = parseOutlined(text, source.edition, "items");
  const tree = outlined?.tree ?? parseRepaired(text, source.edition);
  return tree === null
    ? null
    : loweringOf(tree, source, 0 - wrapper.before.length, newArena(), outlined?.functions ?? []);
}

function wrapped(source: Source, start: number, end: number, wrapper: Wrapper): string {
  const { text } = source;
  if (wrapper === bare) return start === 0 && end === text.length ? text : text.slice(start, end);
  return wrapper.before + text.slice(start, end) + wrapper.after;
}

/** The tree of a text by its outline; null where it has none, or one with errors: those are to be seen in the text itself. */
function parseOutlined(
  text: string,
  edition: Edition,
  of: OutlineOf,
): { readonly tree: FlatTree; readonly functions: readonly FnPlace[] } | null {
  const outline = outlineOf(text, edition, of);
  const tree = outline === null ? null : parseRepaired(outline.text, edition);
  if (outline === null || tree === null || errorNodes(tree).length > 0) return null;
  restoreOffsets(tree, outline);
  return { tree, functions: outline.functions };
}

/** The tree of a text, or of its repaired form where that has fewer errors; null where the parser gave up. */
export function parseRepaired(written: string, edition: Edition): FlatTree | null {
  const text = asMeant(written, edition);
  const first = parseText(text);
  if (first === null) return null;
  const errors = errorNodes(first).length;
  if (errors === 0) return first;
  const repaired = normalise(text, edition);
  if (repaired === text) return first;
  const second = parseText(repaired);
  return second !== null && errorNodes(second).length < errors ? second : first;
}
