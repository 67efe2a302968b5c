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
  for (const text of texts) eachWord(text, 0, text.length, add);
  return {
    mayHave: (hash) => {
      const bit = hash & mask;
      return hash === noWord || (((bits[bit >>> 5] as number) >>> (bit & 31)) & 1) === 1;
    },
  };
}

/** The `wordHash` of each word in [start, end) of a text. */
export function wordHashes(text: string, start: number, end: number): Set<number> {
  const hashes = new Set<number>();
  eachWord(text, start, end, (hash) => hashes.add(hash));
  return hashes;
}

function eachWord(text: string, start: number, end: number, add: (hash: number) => void): void {
  for (let at = start; at < end; at += 1) {
    let code = text.charCodeAt(at);
    if (!isWordCode(code)) continue;
    let hash = seed;
    while (at < end && isWordCode(code)) {
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

const seed = 0x811c9dc5 | 0;

function mixed(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193);
}

/** Never negative, so that it is never `noWord`; the high bits are folded in because the set looks at the low ones. */
function finished(hash: number): number {
  return (hash ^ (hash >>> 15)) & 0x7fffffff;
}
