/**
 * Where something stands in a text: the one form of a position in the whole program, and the one order on positions.
 *
 * Offsets are UTF-16 indices into the file's text as it was read, because that is what tree-sitter's binding and
 * JavaScript's strings both speak; they become line and column once, where a report is built (`line-index.ts`).
 * Invariant: `compareSpans` is a total order, equal only for equal spans, and every list that leaves the program is
 * sorted by it, so that the same input gives the same bytes (test/base/span.test.ts). File ids are given out in an order
 * that depends on the input alone; this module does not know the order of paths.
 */

declare const fileBrand: unique symbol;
/** A file of the analysed program: an index into its file table. */
export type FileId = number & { readonly [fileBrand]: true };

/** `[start, end)` of a file's text; `start === end` for a place between two characters. */
export interface Span {
  readonly file: FileId;
  readonly start: number;
  readonly end: number;
}

/** The id with this index. Only what fills the file table gives ids out. */
export function fileId(index: number): FileId {
  return index as FileId;
}

/** Negative where `left` comes first: by file, then by start, then the shorter one. Zero for equal spans only. */
export function compareSpans(left: Span, right: Span): number {
  return left.file - right.file || left.start - right.start || left.end - right.end;
}

/** Whether `inner` lies within `outer`; a span contains itself. */
export function containsSpan(outer: Span, inner: Span): boolean {
  return outer.file === inner.file && outer.start <= inner.start && inner.end <= outer.end;
}
