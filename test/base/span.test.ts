/** The order on positions is total, and containment is what it says. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { compareSpans, containsSpan, fileId, type Span } from "../../src/base/span.ts";

const small: fc.Arbitrary<number> = fc.nat(6);
const anySpan: fc.Arbitrary<Span> = fc
  .tuple(small, small, small)
  .map(([file, start, length]) => ({ file: fileId(file), start, end: start + length }));

test("compareSpans is antisymmetric, transitive, and zero for equal spans only", () => {
  fc.assert(
    fc.property(anySpan, anySpan, anySpan, (a, b, c) => {
      expect(Math.sign(compareSpans(a, b))).toBe(0 - Math.sign(compareSpans(b, a)));
      if (compareSpans(a, b) <= 0 && compareSpans(b, c) <= 0) expect(compareSpans(a, c)).toBeLessThanOrEqual(0);
      if (compareSpans(a, b) === 0) expect(a).toEqual(b);
    }),
    { numRuns: 1000 },
  );
});

test("sorting gives the same list whatever the order was", () => {
  fc.assert(
    fc.property(fc.array(anySpan), (spans) => {
      expect([...spans].reverse().sort(compareSpans)).toEqual([...spans].sort(compareSpans));
    }),
  );
});

test("a span that contains another contains its ends, in the same file", () => {
  fc.assert(
    fc.property(anySpan, anySpan, (outer, inner) => {
      const expected = outer.file === inner.file && outer.start <= inner.start && outer.end >= inner.end;
      expect(containsSpan(outer, inner)).toBe(expected);
      expect(containsSpan(inner, inner)).toBe(true);
    }),
  );
});
