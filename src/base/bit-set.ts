/**
 * Sets of small integers as words of bits: the value of data-flow analyses, where sets are met and joined in loops.
 *
 * All sets of one analysis have the same capacity. The operations that change a set say whether it changed, because that
 * is what decides whether a fixed point goes on. A member outside the capacity is never in the set.
 */

/** A set of integers below `words.length * 32`. */
export interface BitSet {
  readonly words: Uint32Array;
}

/** The empty set with room for members 0 … capacity-1. */
export function emptyBits(capacity: number): BitSet {
  return { words: new Uint32Array((capacity + 31) >>> 5) };
}

/** The set of all of 0 … capacity-1: the start value of an analysis that intersects. */
export function allBits(capacity: number): BitSet {
  const set = emptyBits(capacity);
  set.words.fill(0xffffffff);
  const spare = capacity & 31;
  if (spare !== 0) set.words[set.words.length - 1] = (1 << spare) - 1;
  return set;
}

/** A set of its own with the same members. */
export function copyBits(set: BitSet): BitSet {
  return { words: set.words.slice() };
}

/** Whether this is a member. */
export function hasBit(set: BitSet, member: number): boolean {
  return (((set.words[member >>> 5] ?? 0) >>> (member & 31)) & 1) === 1;
}

/** Adds a member; whether it was new. */
export function addBit(set: BitSet, member: number): boolean {
  return store(set, member >>> 5, (set.words[member >>> 5] ?? 0) | (1 << (member & 31)));
}

/** Takes a member out; whether it was there. */
export function dropBit(set: BitSet, member: number): boolean {
  return store(set, member >>> 5, (set.words[member >>> 5] ?? 0) & ~(1 << (member & 31)));
}

/** Adds every member of `other`; whether that changed the set. */
export function uniteBits(set: BitSet, other: BitSet): boolean {
  let changed = false;
  for (let at = 0; at < set.words.length; at += 1) {
    changed = store(set, at, (set.words[at] ?? 0) | (other.words[at] ?? 0)) || changed;
  }
  return changed;
}

/** Keeps only the members of `other`; whether that changed the set. */
export function intersectBits(set: BitSet, other: BitSet): boolean {
  let changed = false;
  for (let at = 0; at < set.words.length; at += 1) {
    changed = store(set, at, (set.words[at] ?? 0) & (other.words[at] ?? 0)) || changed;
  }
  return changed;
}

/** The members in ascending order. */
export function bitsOf(set: BitSet): number[] {
  const members: number[] = [];
  for (const [at, word] of set.words.entries()) {
    for (let rest = word; rest !== 0; rest &= rest - 1) members.push(at * 32 + 31 - Math.clz32(rest & -rest));
  }
  return members;
}

function store(set: BitSet, at: number, word: number): boolean {
  if (at >= set.words.length || set.words[at] === word >>> 0) return false;
  set.words[at] = word;
  return true;
}
