/** Rows come back as they were packed, whatever stands in them. */
import { expect, test } from "vitest";
import { packRows, unpacked, unpackRows } from "../../src/base/packed-rows.ts";

const most = 2 ** 31 - 1;

test.each([
  ["nothing", [], 5],
  ["one row", [0, 3, 120, 128, 7], 5],
  ["rows that grow, shrink and reach the ends", [0, most, 5, 1, -most, 6, most, 0, -1, 300, 70_000, 4], 3],
])("%s", (_, numbers, width) => {
  const rows = Int32Array.from(numbers);
  expect([...unpackRows(packRows(rows, rows.length, width), width)]).toEqual(numbers);
});

test("what lies behind the length is not packed, and rows that grow slowly take a byte a number", () => {
  const rows = Int32Array.from({ length: 4000 }, (_, at) => at);
  const bytes = packRows(rows, 2000, 4);
  expect([...unpackRows(bytes, 4)]).toEqual([...rows.slice(0, 2000)]);
  expect(bytes.length).toBe(2000);
});

test("many are unpacked in turns, each to its own rows", () => {
  const packed = Array.from({ length: 20 }, (_, at) => packRows(Int32Array.from([at, at + 1000]), 2, 2));
  for (const at of [0, 1, 0, 19, 7, 7, 0, 12, 3, 19]) {
    expect([...unpacked(packed[at] ?? new Uint8Array(), 2)]).toEqual([at, at + 1000]);
  }
});
