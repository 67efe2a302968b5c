/**
 * Answers that are worked out once for each object and key, and kept as long as the object: of a program's bodies, of a graph, of a store.
 *
 * Questions that lead back to themselves, or too far into each other, get the answer that their asker says for that.
 */

/** For questions that may lead to others of their kind. */
export interface Meanwhile<V> {
  /** The answer to a question while it is being answered, and to all where too many wait for each other (then it is not kept). */
  readonly answer: V;
  /** So many may wait for each other. */
  readonly most?: number;
}

/** A memo: the kept answer for an object and a key, else what `compute` gives. */
export function keptPer<O extends object, K, V extends NonNullable<unknown> | null>(
  meanwhile: Meanwhile<V> | null = null,
): (owner: O, key: K, compute: () => V) => V {
  const kept = new WeakMap<O, { readonly known: Map<K, V>; waiting: number }>();
  return (owner, key, compute) => {
    let own = kept.get(owner);
    if (own === undefined) {
      own = { known: new Map(), waiting: 0 };
      kept.set(owner, own);
    }
    const before = own.known.get(key);
    if (before !== undefined) return before;
    if (meanwhile !== null) {
      if (own.waiting >= (meanwhile.most ?? Number.POSITIVE_INFINITY)) return meanwhile.answer;
      own.known.set(key, meanwhile.answer);
    }
    own.waiting += 1;
    const found = compute();
    own.waiting -= 1;
    own.known.set(key, found);
    return found;
  };
}
