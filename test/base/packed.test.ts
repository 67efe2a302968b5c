/** What was packed is read as it was, each record by itself and in any order. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { packedReader } from "../../src/base/packed-reader.ts";
import { ownTag, packedWriter } from "../../src/base/packed-writer.ts";

const whole = fc.integer({ min: -0x7fffffff, max: 0x7fffffff }).map((number) => number + 0);
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    whole,
    fc.string({ unit: "grapheme" }),
    fc.constantFrom(true, false, null, undefined),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom("a", "b", "c d", "ä"), tie("value"), { noNullPrototype: true }),
  ),
})).value;

test("values come back, last record first", () => {
  fc.assert(
    fc.property(fc.array(values, { maxLength: 8 }), fc.array(whole), (given, numbers) => {
      const out = packedWriter();
      const places = given.map((one) => {
        const place = out.here();
        out.value(one);
        return place;
      });
      out.table("places", places);
      out.table("numbers", numbers);
      const reader = packedReader(Buffer.from(out.finish({ head: "ä" })));
      expect(reader.head).toEqual({ head: "ä" });
      expect([...reader.table("numbers")]).toEqual(numbers);
      expect(reader.table("others")).toHaveLength(0);
      for (const [index, place] of [...reader.table("places").entries()].reverse())
        expect(reader.at(place, () => reader.value())).toEqual(given[index]);
    }),
  );
});

test("parts of long texts take no bytes of their own", () => {
  const [one, other] = ["pub fn first(&self) {}\n".repeat(40), "pub fn second(&self) {}\n".repeat(40)];
  const pack = (long: readonly string[]): number => {
    const out = packedWriter();
    for (const text of long) out.text(text);
    const place = out.here();
    const given = [other, one.slice(23, 400), other.slice(30, 700), "é".repeat(20), "ends where no text does"];
    out.value(given);
    const bytes = Buffer.from(out.finish(null));
    const reader = packedReader(bytes);
    expect(reader.at(place, () => reader.value())).toEqual(given);
    return bytes.length;
  };
  expect(pack([one, other])).toBeLessThan(pack([other]) + one.length);
  expect(() => packedWriter().text("é")).toThrow("ASCII");
});

test("a record may be read in the midst of another", () => {
  const out = packedWriter((value, to) => {
    if (!(value instanceof Date)) return false;
    to.uint(ownTag);
    to.string("later");
    return true;
  });
  out.value("first");
  const second = out.here();
  out.value([1, new Date(0), 2]);
  const reader = packedReader(Buffer.from(out.finish(null)));
  const own = (): unknown => [reader.string(), reader.at(0, () => reader.value())];
  expect(reader.at(second, () => reader.value(own))).toEqual([1, ["later", "first"], 2]);
});

test.each([1.5, Number.NaN, 2 ** 31, 1n, () => 1, new Map()])("%s is refused", (value) => {
  expect(() => packedWriter().value(value)).toThrow("cannot pack");
});
