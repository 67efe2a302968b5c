/**
 * The `macro_rules!` definitions in unparsed text: name and words of each, for asking which macros could write a word, and which call which.
 *
 * Words in comments and strings do not count: what they make, if anything, is no name.
 * Brackets are matched without a parse, so that a quote in an odd place can make a definition end late; it never ends early by more than
 * its own text. What is not found is a macro that another macro makes.
 */

import { isWordCode, namesMacro, wordHash } from "../base/word-set.ts";

export interface MacroWords {
  readonly name: string;
  /** Hashes of the words in its rules (base/word-set.ts); the text itself is not kept. */
  readonly words: ReadonlySet<number>;
  /** Those of them that stand where a macro is called (`name!`) or handed on by its name (`other!(name, …)`). */
  readonly macros: ReadonlySet<number>;
  /** May other crates call it: `#[macro_export]` stands before it, another macro writes it, or it is a `macro` item. */
  readonly exported: boolean;
  /** A `macro` item, not `macro_rules!`: its names are looked up where it stands. */
  readonly isItem: boolean;
}

const maxLength = 400_000;
/** A text is read so many times over. */
const maxRounds = 8;

/** All definitions of a text. */
export function macroWords(text: string): MacroWords[] {
  const found: MacroWords[] = [];
  let last = 0;
  let read = 0;
  let whole: ReturnType<typeof wordsFrom> | null = null;
  for (const match of text.matchAll(/\bmacro_rules\s*!\s*(\w+)\s*(?=[({[])|\bmacro\s+(\w+)\s*(?=[({])/g)) {
    const start = match.index + match[0].length;
    const name = own(match[1] ?? match[2] ?? "");
    // Definitions in each other by the thousand: from some place on, each may have all words of the text.
    if (read > maxRounds * text.length + maxLength) whole ??= wordsFrom(text, 0, text.length, Infinity);
    const { end, ...written } = whole ?? wordsFrom(text, start, Math.min(text.length, start + maxLength));
    read += end - start;
    const isInner = match.index < last;
    const isItem = match[1] === undefined;
    const exported = isInner || isItem || text.slice(last, match.index).includes("macro_export");
    found.push({ name, exported, isItem, ...written });
    last = Math.max(last, end);
  }
  return found;
}

/** A copy: a part of a text would keep the whole text in memory. */
function own(name: string): string {
  return Buffer.from(name, "latin1").toString("latin1");
}

/** The words from the bracket at `start` to the one that closes it, or to `limit`; from inside of so many others, where it is none. */
function wordsFrom(
  text: string,
  start: number,
  limit: number,
  outside: number = 0,
): Pick<MacroWords, "words" | "macros"> & { readonly end: number } {
  const words = new Set<number>();
  const macros = new Set<number>();
  let level = outside;
  let at = start;
  for (; at < limit; at += 1) {
    const char = text[at];
    if (isWordCode(text.charCodeAt(at))) {
      const end = wordEnd(text, at);
      const hash = wordHash(text.slice(at, end));
      words.add(hash);
      if (namesMacro(text, at, end)) macros.add(hash);
      at = end - 1;
    } else if (char === "/" && text[at + 1] === "/") at = lineEnd(text, at);
    else if (char === '"') at = stringEnd(text, at);
    else if (char === "'" && text[at + 2] === "'") at += 2;
    else if (char === "(" || char === "[" || char === "{") level += 1;
    else if (char === ")" || char === "]" || char === "}") {
      level -= 1;
      if (level === 0) break;
    }
  }
  return { words, macros, end: at };
}

function wordEnd(text: string, start: number): number {
  let end = start;
  while (isWordCode(text.charCodeAt(end))) end += 1;
  return end;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}
