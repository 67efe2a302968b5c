/** Lines and columns agree with cutting the text by hand, for every kind of line end and for text outside the basic plane. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { lineIndex } from "../../src/base/line-index.ts";

const anyText: fc.Arbitrary<string> = fc
  .array(fc.constantFrom("a", "é", "😀", "\t", "\n", "\r", "\r\n", "\ud800"), { maxLength: 30 })
  .map((parts) => parts.join(""));

test("line and column of an offset are those of counting", () => {
  fc.assert(
    fc.property(anyText, fc.nat(60), (text, offset) => {
      const before = text.slice(0, offset);
      // A line has ended before the offset if its line end has, whole.
      const ended = before.replace(/\r$/, text[before.length] === "\n" ? "" : "\r").split(/\r\n|\r|\n/);
      const lines = ended.length;
      const lastStart = lineIndex(text).startOf(lines);
      expect(lineIndex(text).at(offset)).toEqual({ line: lines, column: before.length - lastStart + 1 });
    }),
    { numRuns: 1000 },
  );
});

test("the lines are those of splitting", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const index = lineIndex(text);
      const lines = text.split(/\r\n|\r|\n/);
      expect(index.lineCount).toBe(lines.length);
      expect(lines.map((_, at) => index.textOf(at + 1))).toEqual(lines);
      for (const [at] of lines.entries()) expect(index.at(index.startOf(at + 1))).toEqual({ line: at + 1, column: 1 });
    }),
    { numRuns: 1000 },
  );
});

test("what is outside the text is its end or its start", () => {
  const index = lineIndex("ab\nc");
  expect(index.at(99)).toEqual({ line: 2, column: 2 });
  expect(index.at(-5)).toEqual({ line: 1, column: 1 });
  expect(index.startOf(9)).toBe(4);
  expect(index.textOf(9)).toBe("");
});
