/** Lists as long as what they hold. */
import { expect, test } from "vitest";
import { exact } from "../../src/base/exact.ts";

test("the same elements in a list of its own, and one list for all that are empty", () => {
  const given = [1, 2, 3];
  const kept = exact(given);
  given.push(4);
  expect(kept).toEqual([1, 2, 3]);
  expect(exact([])).toBe(exact([]));
});
