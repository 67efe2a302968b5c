/**
 * A word set never denies a word that stands in its text, and denies most of those that do not.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { wordHash, wordSet } from "../../src/base/word-set.ts";

const word: fc.Arbitrary<string> = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,12}$/);

test("every word of a text may be there", () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 50 }), fc.constantFrom(" ", "::", "(", "é", "\n"), (words, between) => {
      const set = wordSet(words.join(between));
      return words.every((one) => set.mayHave(wordHash(one)));
    }),
  );
});

test("most other words are denied", () => {
  const set = wordSet(Array.from({ length: 500 }, (_, at) => `name_${at}`).join(" "));
  const wrong = Array.from({ length: 1000 }, (_, at) => `other${at}`).filter((one) => set.mayHave(wordHash(one)));
  expect(wrong.length).toBeLessThan(400);
});

test("a part of a word is no word, and what is no word is never denied", () => {
  const set = wordSet("sigaction");
  expect(set.mayHave(wordHash("sigaction"))).toBe(true);
  expect(["sig", "action", "sigactions"].filter((one) => set.mayHave(wordHash(one)))).toEqual([]);
  expect(set.mayHave(wordHash("a:b"))).toBe(true);
  expect(set.mayHave(wordHash(""))).toBe(true);
  expect(wordSet("").mayHave(wordHash("a"))).toBe(false);
});
