/**
 * Where in a text a word is code: not in comments, strings and characters; and where it is an argument of a macro, which may make anything of it.
 *
 * Told by lexemes alone, nothing is parsed. Where delimiters do not match, or a `!` only looks like a macro's, more counts as a macro's argument, never less.
 */
import type { Edition } from "./ast.ts";
import { commentEnd, isNameStart, nameEnd, prefixedLiteral, quoteAt, quotedEnd } from "./lexemes.ts";

/** `silent`: in a comment or literal. */
export type WordPlace = "code" | "macro" | "silent";

/** What stands at each offset of the text. */
export function wordPlaces(text: string, edition: Edition): (at: number) => WordPlace {
  const { silent, macros } = look(text, edition);
  return (at) => (within(silent, at) ? "silent" : within(macros, at) ? "macro" : "code");
}

interface Ranges {
  /** Start and end of each, in order. */
  readonly silent: readonly number[];
  readonly macros: readonly number[];
}

function look(text: string, edition: Edition): Ranges {
  const silent: number[] = [];
  const macros: number[] = [];
  const limit = text.length;
  let depth = 0;
  /** Depth outside of the macro's arguments that the walk is in; -1 outside of all. */
  let outside = -1;
  /** Does the group that opens next belong to a macro or an attribute? */
  let opens = false;
  /** The name that stands before, empty where something else does. */
  let name = "";
  for (let at = 0; at < limit; ) {
    const code = text.charCodeAt(at);
    const literal = literalEnd(text, at, code, limit, edition);
    if (literal > at) {
      silent.push(at, literal);
      at = literal;
    } else if (code <= 32) at += 1;
    else if (isNameStart(text, at) || isDigit(code)) {
      if (name !== "macro_rules") opens = false;
      const end = nameEnd(text, at);
      name = isDigit(code) ? "" : text.slice(at, end);
      at = end;
    } else if (code === QUOTE) at = quoteAt(text, at, limit).end;
    else {
      if (isOpen(code)) {
        if (opens && outside < 0) {
          outside = depth;
          macros.push(at);
        }
        depth += 1;
      } else if (isClose(code)) {
        depth -= 1;
        if (outside >= 0 && depth <= outside) {
          outside = -1;
          macros.push(at + 1);
        }
      }
      opens = code === HASH || (code === BANG && (opens || name !== ""));
      if (code !== BANG) name = "";
      at += 1;
    }
  }
  if (outside >= 0) macros.push(limit);
  return { silent, macros };
}

/** Behind the comment, string or character that starts here; -1 where none does. */
function literalEnd(text: string, at: number, code: number, limit: number, edition: Edition): number {
  if (code === 34) return quotedEnd(text, at + 1, 34, limit);
  if (code === 47) {
    const next = text.charCodeAt(at + 1);
    return next === 47 || next === 42 ? commentEnd(text, at, limit) : -1;
  }
  if (code === QUOTE) {
    const { k, end } = quoteAt(text, at, limit);
    return k === "literal" ? end : -1;
  }
  return prefixedLiteral(text, at, limit, edition);
}

const QUOTE = 39;
const BANG = 33;
const HASH = 35;

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isOpen(code: number): boolean {
  return code === 40 || code === 91 || code === 123;
}

function isClose(code: number): boolean {
  return code === 41 || code === 93 || code === 125;
}

/** Is the offset in one of the ranges? */
function within(ranges: readonly number[], at: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low % 2 === 1;
}
