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
  // The set alone would do, but taking its first element costs what was deleted before it: quadratic over a long run.
  const waiting = new Set<T>(initial);
  let queue = [...waiting];
  let head = 0;
  return {
    add(item) {
      if (waiting.has(item)) return;
      waiting.add(item);
      queue.push(item);
    },
    take() {
      if (head === queue.length) return undefined;
      const item = queue[head] as T;
      head += 1;
      waiting.delete(item);
      if (head > 1024 && head * 2 > queue.length) {
        queue = queue.slice(head);
        head = 0;
      }
      return item;
    },
    get size() {
      return waiting.size;
    },
  };
}
