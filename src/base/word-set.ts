/**
 * Which words stand in a text, in a bit for each few characters of it: for asking many texts about many words.
 *
 * A word is a longest run of ASCII letters, digits and `_`. "No" is certain; "yes" is wrong for one word in some dozens, so
 * whoever gets it looks into the text. What is no such word itself is always a "yes".
 */

/** The words of one text. */
export interface WordSet {
  /** Might a word with this `wordHash` stand in the text? */
  mayHave(hash: number): boolean;
}

const noWord = -1;
const bitsPerWord = 32;

/** What `mayHave` is asked with; a text that is no single word gets a hash that every set may have. */
export function wordHash(word: string): number {
  let hash = seed;
  for (let at = 0; at < word.length; at += 1) {
    const code = word.charCodeAt(at);
    if (!isWordCode(code)) return noWord;
    hash = mixed(hash, code);
  }
  return word.length === 0 ? noWord : finished(hash);
}

/** The words of a text, or of texts that are parts of one whole. */
export function wordSet(...texts: readonly string[]): WordSet {
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  let words = 2;
  while (words * bitsPerWord < length / 2) words *= 2;
  const bits = new Int32Array(words);
  const mask = words * bitsPerWord - 1;
  const add = (hash: number): void => {
    const bit = hash & mask;
    bits[bit >>> 5] = (bits[bit >>> 5] as number) | (1 << (bit & 31));
  };
  for (const text of texts) eachWord(text, add);
  return {
    mayHave: (hash) => {
      const bit = hash & mask;
      return hash === noWord || (((bits[bit >>> 5] as number) >>> (bit & 31)) & 1) === 1;
    },
  };
}

function eachWord(text: string, add: (hash: number) => void): void {
  for (let at = 0; at < text.length; at += 1) {
    let code = text.charCodeAt(at);
    if (!isWordCode(code)) continue;
    let hash = seed;
    while (isWordCode(code)) {
      hash = mixed(hash, code);
      at += 1;
      code = text.charCodeAt(at);
    }
    add(finished(hash));
  }
}

/** Is the character part of a word? False for NaN, the character behind the end. */
export function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95;
}

/**
 * Could the word in [start, end) name a macro that is called (`word!`), or handed on by its name (`other!(word, …)`)?
 * Anything else that stands alone between brackets and commas is a "yes" too.
 */
export function namesMacro(text: string, start: number, end: number): boolean {
  let next = end;
  while (isSpace(text.charCodeAt(next))) next += 1;
  if (text[next] === "!") return text[next + 1] !== "=";
  if (!endsArgument.has(text[next] ?? "")) return false;
  let last = start - 1;
  while (isSpace(text.charCodeAt(last))) last -= 1;
  return beginsArgument.has(text[last] ?? "");
}

const beginsArgument: ReadonlySet<string> = new Set(["(", "[", "{", ","]);
const endsArgument: ReadonlySet<string> = new Set([")", "]", "}", ",", ";"]);

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

const seed = 0x811c9dc5 | 0;

function mixed(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193);
}

/** Never negative, so that it is never `noWord`; the high bits are folded in because the set looks at the low ones. */
function finished(hash: number): number {
  return (hash ^ (hash >>> 15)) & 0x7fffffff;
}
