/** A worklist gives each waiting item once, in the order of adding. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { worklist } from "../../src/base/worklist.ts";

test("it behaves as a list without duplicates", () => {
  const step = fc.oneof(fc.nat(5), fc.constant("take" as const));
  fc.assert(
    fc.property(fc.array(fc.nat(5)), fc.array(step), (initial, steps) => {
      const list = worklist(initial);
      const model = [...new Set(initial)];
      for (const next of steps) {
        if (next === "take") expect(list.take()).toBe(model.shift());
        else {
          list.add(next);
          if (!model.includes(next)) model.push(next);
        }
        expect(list.size).toBe(model.length);
      }
    }),
  );
});

test("a long run costs what its steps cost", () => {
  const list = worklist(Array.from({ length: 200_000 }, (_, item) => item));
  let taken = 0;
  while (list.take() !== undefined) taken += 1;
  expect(taken).toBe(200_000);
});
