/** Bit sets behave as sets of numbers, and say truly whether they changed. */
import fc from "fast-check";
import { expect, test } from "vitest";
import * as bits from "../../src/base/bit-set.ts";

const capacity = 70;
const members: fc.Arbitrary<number[]> = fc.uniqueArray(fc.nat(capacity - 1));

test("adding, dropping and asking", () => {
  fc.assert(
    fc.property(members, fc.nat(capacity + 40), (list, member) => {
      const set = of(list);
      const inside = list.includes(member);
      expect(bits.hasBit(set, member)).toBe(inside);
      expect(bits.addBit(set, member)).toBe(!inside && member < 96);
      expect(bits.dropBit(set, member)).toBe(member < 96);
      expect(bits.bitsOf(set)).toEqual(sorted(list.filter((other) => other !== member)));
    }),
  );
});

test("union and intersection", () => {
  fc.assert(
    fc.property(members, members, (left, right) => {
      const union = of(left);
      expect(bits.uniteBits(union, of(right))).toBe(right.some((member) => !left.includes(member)));
      expect(bits.bitsOf(union)).toEqual(sorted([...new Set([...left, ...right])]));
      const both = bits.copyBits(of(left));
      expect(bits.intersectBits(both, of(right))).toBe(left.some((member) => !right.includes(member)));
      expect(bits.bitsOf(both)).toEqual(sorted(left.filter((member) => right.includes(member))));
    }),
  );
});

test("all members of any capacity", () => {
  for (const size of [0, 1, 31, 32, 33, 64, 65]) {
    expect(bits.bitsOf(bits.allBits(size))).toEqual(Array.from({ length: size }, (_, member) => member));
  }
});

function of(list: readonly number[]): bits.BitSet {
  const set = bits.emptyBits(capacity);
  for (const member of list) bits.addBit(set, member);
  return set;
}

function sorted(list: readonly number[]): number[] {
  return [...list].sort((a, b) => a - b);
}
