/** Lines of JSON values by pointer, and where a text stops being JSON. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { firstJsonError, lineOfPointer } from "../../src/base/json-lines.ts";

const text = '{\n "a": [1,\n  {"b/c": "x]\\"}",\n   "d": [\n]}],\n "e~": null\n}';

test.each([
  ["", 1],
  ["/a", 2],
  ["/a/0", 2],
  ["/a/1", 3],
  ["/a/1/b~1c", 3],
  ["/a/1/d", 4],
  ["/e~0", 6],
  ["/a/1/missing", 3],
  ["/a/7/x", 2],
])("%s is in line %d", (pointer, line) => {
  expect(lineOfPointer(text, pointer)).toBe(line);
});

test("a text is JSON up to its first error, and to its end where JSON.parse takes it", () => {
  expect(firstJsonError('{"a": [}]')).toBe(7);
  expect(firstJsonError('{"a" 1}')).toBe(5);
  expect(firstJsonError('{"a": 1,}')).toBe(8);
  expect(firstJsonError("[1 2]")).toBe(3);
  expect(firstJsonError('["a')).toBe(1);
  expect(firstJsonError("[01]")).toBe(2);
  fc.assert(fc.property(fc.json(), (one) => firstJsonError(one) === one.length));
});
