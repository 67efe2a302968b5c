/**
 * Lists that take no more room than what they hold.
 *
 * V8 gives an array that is pushed to room for sixteen more, and a program is made of hundreds of thousands of lists of one or two.
 */

/** A list as long as what it holds, for lists that are kept and do not grow any more. */
export function exact<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? none : list.slice();
}

const none: readonly never[] = [];
