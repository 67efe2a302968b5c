/**
 * Do words stand in the text of a definition? One question is asked of many definitions, and each source is looked through once for it.
 *
 * Of macros only names count that may call one. Comments and strings are looked into where no shape is asked for.
 */
import { isWordCode, namesMacro, type WordSet, wordHash, wordSet } from "../base/word-set.ts";
import type { Def } from "../names/defs.ts";
import type { Source } from "../syntax/ast.ts";
import { type WordPlace, wordPlaces } from "../syntax/word-places.ts";

/** What has to stand around a word so that it counts; `key` tells shapes apart. */
export interface Shape {
  readonly key: string;
  /** `placeOf` tells of each offset whether it is code, an argument of a macro, or neither. */
  fits(text: string, start: number, end: number, placeOf: (at: number) => WordPlace): boolean;
}

/** For shapes: the next place from `at` on where no blank stands. */
export function pastBlanks(text: string, at: number, by: 1 | -1): number {
  let place = at;
  for (let code = text.charCodeAt(place); code === 32 || (code >= 9 && code <= 13); code = text.charCodeAt(place))
    place += by;
  return place;
}

/** Whether one of the words stands in a definition's text, in that shape, or a macro's name where it may be called; each source is looked through once. */
export function mentionsIn(
  words: readonly string[],
  macros: readonly string[],
  shape: Shape | null,
): (def: Def) => boolean {
  const plain = new Set(words);
  const hashes = [...new Set([...words, ...macros])]
    .filter((word) => word !== "")
    .map((word): Wanted => ({ word, hash: wordHash(word), macro: !plain.has(word) }));
  const found = new Map<Source, readonly number[]>();
  return ({ item }) => {
    if (item === null) return false;
    const { source } = item;
    let places = found.get(source);
    if (places === undefined) {
      const set = wordsOf(source);
      const likely = hashes.filter(({ hash }) => set.mayHave(hash));
      places = likely.length === 0 ? nowhere : placesOf(source, likely, shape);
      found.set(source, places);
    }
    return places.length > 0 && within(places, item.start, item.end);
  };
}

const nowhere: readonly number[] = [];
const placesIn = new WeakMap<Source, (at: number) => WordPlace>();

/** What stands at the offsets of a source, worked out when it is first asked for. */
function placeIn(source: Source): (at: number) => WordPlace {
  return (at) => {
    let places = placesIn.get(source);
    if (places === undefined) {
      places = wordPlaces(source.text, source.edition);
      placesIn.set(source, places);
    }
    return places(at);
  };
}

const wordSets = new WeakMap<Source, WordSet>();

function wordsOf(source: Source): WordSet {
  let set = wordSets.get(source);
  if (set === undefined) {
    set = wordSet(source.text);
    wordSets.set(source, set);
  }
  return set;
}

interface Wanted {
  readonly word: string;
  readonly hash: number;
  /** It counts only where it may name a macro. */
  readonly macro: boolean;
}

/** More words than this are looked for in one walk over the text. */
const FEW_WORDS = 6;

/** Where the words stand, in order. */
function placesOf(source: Source, words: readonly Wanted[], shape: Shape | null): number[] {
  const { text } = source;
  const placeOf = placeIn(source);
  const found: number[] = [];
  const add = ({ word, macro }: Wanted, at: number): void => {
    const end = at + word.length;
    const meant = macro ? namesMacro(text, at, end) : (shape?.fits(text, at, end, placeOf) ?? true);
    if (meant) found.push(at);
  };
  if (words.length > FEW_WORDS) {
    const wanted = new Map(words.map((one) => [one.word, one]));
    for (const { 0: word, index } of text.matchAll(/\w+/g)) {
      const one = wanted.get(word);
      if (one !== undefined) add(one, index);
    }
    return found;
  }
  for (const one of words) {
    for (let at = text.indexOf(one.word); at !== -1; at = text.indexOf(one.word, at + 1)) {
      if (!isWordCode(text.charCodeAt(at - 1)) && !isWordCode(text.charCodeAt(at + one.word.length))) add(one, at);
    }
  }
  return found.sort((left, right) => left - right);
}

/** Whether one of the places, which are in order, lies in [start, end). */
function within(places: readonly number[], start: number, end: number): boolean {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  return (places[low] ?? Number.POSITIVE_INFINITY) < end;
}
