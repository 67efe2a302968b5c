/**
 * Offsets to lines and columns, and back, for one text.
 *
 * Input: the text. Output: 1-based lines and columns, columns counted in UTF-16 units as SARIF and editors do by default.
 * A line ends with LF, CR LF or a lone CR, as rustc's column counting and `line-hash.ts` have it; the line end belongs to
 * the line it ends. An offset past the text is taken as the text's end, so nothing here throws.
 */

/** A place in a text as people count it: both numbers start at 1. */
export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

export interface LineIndex {
  readonly lineCount: number;
  /** Line and column of an offset. */
  at(offset: number): LineColumn;
  /** Offset of a line's first character; the text's end for a line that is not there. */
  startOf(line: number): number;
  /** A line's text without its line end; "" for a line that is not there. */
  textOf(line: number): string;
}

/** Indexes a text once; each question is then a binary search. */
export function lineIndex(text: string): LineIndex {
  const starts = lineStarts(text);
  const lineOf = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    lineCount: starts.length,
    at(offset) {
      const inside = Math.min(Math.max(offset, 0), text.length);
      const line = lineOf(inside);
      return { line: line + 1, column: inside - (starts[line] ?? 0) + 1 };
    },
    startOf: (line) => starts[line - 1] ?? text.length,
    textOf(line) {
      const start = starts[line - 1];
      if (start === undefined) return "";
      let end = starts[line] ?? text.length;
      while (end > start && isLineEnd(text.charCodeAt(end - 1))) end -= 1;
      return text.slice(start, end);
    },
  };
}

/** Offset of the first character of every line; never empty. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 10 || (unit === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return starts;
}

function isLineEnd(unit: number): boolean {
  return unit === 10 || unit === 13;
}
