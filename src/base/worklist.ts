/**
 * A queue in which an item waits at most once: the motor of every fixed point.
 *
 * Items come out in the order in which they were first added while not waiting, so a run depends on its input alone.
 * Ending is the caller's matter: a step may add an item again only when something that can only grow has grown.
 */

export interface Worklist<T> {
  /** Puts the item at the end, unless it is waiting already. */
  add(item: T): void;
  /** Takes the first item; undefined when none is left. */
  take(): T | undefined;
  readonly size: number;
}

/** A worklist that starts with these items. Items are told apart as a `Set` does: use ids, not fresh objects. */
export function worklist<T>(initial: Iterable<T> = []): Worklist<T> {
  // A Set keeps insertion order, and deleting its first element and reading the next is constant time on average.
  const waiting = new Set<T>(initial);
  return {
    add(item) {
      waiting.add(item);
    },
    take() {
      for (const item of waiting) {
        waiting.delete(item);
        return item;
      }
      return undefined;
    },
    get size() {
      return waiting.size;
    },
  };
}
