/** Hashes are those of the standard, and lists that differ only in their boundaries differ. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256, stableHash } from "../../src/base/stable-hash.ts";

test("the standard's own example", () => {
  expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect(sha256(new TextEncoder().encode("abc"))).toBe(sha256("abc"));
});

test("a value that reports and caches rely on", () => {
  expect(stableHash(["a", "bc"])).toBe("5310a58788781ab2");
});

test("different lists hash differently", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.array(fc.string()), (left, right) => {
      fc.pre(JSON.stringify(left) !== JSON.stringify(right));
      expect(stableHash(left, 64)).not.toBe(stableHash(right, 64));
    }),
  );
  expect(stableHash(["ab", "c"])).not.toBe(stableHash(["a", "bc"]));
});
