/**
 * One string for each short word that was met lately: most names in a program are a few words, and each cut from a text is a string of its own.
 *
 * Which words are shared depends on what was asked before; the answer always equals the slice.
 */

/** Longer slices are no copies in V8, they hold their text: those of texts that go would keep them. */
const longest = 12;
const slots = 1 << 13;
const words: string[] = Array.from({ length: slots }, () => "");

/** `text.slice(start, end)`. */
export function sharedSlice(text: string, start: number, end: number): string {
  const length = end - start;
  if (length < 1 || length > longest) return text.slice(start, end);
  const middle = text.charCodeAt(start + (length >> 1));
  const ends = (text.charCodeAt(start) << 7) ^ text.charCodeAt(end - 1);
  const slot = ((ends << 3) ^ (middle << 5) ^ length) & (slots - 1);
  const word = words[slot] as string;
  if (word.length === length && text.startsWith(word, start)) return word;
  const made = text.slice(start, end);
  words[slot] = made;
  return made;
}
