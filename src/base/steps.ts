/**
 * Long work in steps: a generator that tells now and then what it is at, and gives its result in the end. Who drives it may show that,
 * look for an interrupt in between, or just let it run. The steps change nothing of the result.
 */

/** Yields what is being done; returns the result. */
export type Steps<T> = Generator<string, T, void>;

/** Runs to the end. */
export function runSteps<T>(steps: Steps<T>): T {
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}
