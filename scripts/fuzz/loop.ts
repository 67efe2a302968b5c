/**
 * The fuzzer's loop over one reader: input after input by seed, what failed, how long and how much memory the worst took.
 */
import { mutate, mutateJson } from "./mutate.ts";
import { randomOf } from "./random.ts";
import type { Target } from "./readers.ts";

/** An input that breaks the promise: a crash, or more CPU than `maxSeconds`. */
export interface Failure {
  readonly target: string;
  readonly seed: number;
  readonly what: string;
}
export interface LoopResult {
  readonly inputs: number;
  /** Inputs that got past the reader's first token. */
  readonly deep: number;
  readonly slowestSeconds: number;
  readonly failures: readonly Failure[];
}

/** No input may take more CPU than this. */
export const maxSeconds: number = 5;

/** The input of a seed: the same for the same seed texts. */
export function inputOf(target: Target, seeds: readonly string[], seed: number): string {
  const random = randomOf(seed);
  const text = random.of(seeds);
  if (target.json && random.once(2)) return mutateJson(text, random);
  return mutate(text, seeds, random);
}

/** Runs the inputs of the seeds from `first` on; `onSeed` hears of each batch before it is run. */
export async function fuzz(
  target: Target,
  first: number,
  count: number,
  onSeed: (seed: number) => void = () => {},
): Promise<LoopResult> {
  const seeds = target.seeds();
  const result = { inputs: 0, deep: 0, slowestSeconds: 0, failures: [] as Failure[] };
  for (let seed = first; seed < first + count; seed += target.batch) {
    onSeed(seed);
    const numbers = Array.from({ length: Math.min(target.batch, first + count - seed) }, (_, index) => seed + index);
    const texts = numbers.map((one) => inputOf(target, seeds, one));
    const whole = await attempt(target, texts);
    result.inputs += numbers.length;
    if (whole.failure === null && whole.seconds <= maxSeconds) {
      result.deep += whole.deep.filter(Boolean).length;
      result.slowestSeconds = Math.max(result.slowestSeconds, whole.seconds);
      continue;
    }
    await oneByOne(target, numbers, texts, whole, result);
  }
  return result;
}

async function oneByOne(
  target: Target,
  numbers: readonly number[],
  texts: readonly string[],
  whole: Attempt,
  result: { deep: number; slowestSeconds: number; failures: Failure[] },
): Promise<void> {
  const before = result.failures.length;
  for (const [index, seed] of numbers.entries()) {
    const alone = texts.length === 1 ? whole : await attempt(target, [texts[index] ?? ""]);
    result.deep += alone.deep.filter(Boolean).length;
    result.slowestSeconds = Math.max(result.slowestSeconds, alone.seconds);
    const slow = alone.seconds > maxSeconds ? `took ${alone.seconds.toFixed(1)} s` : null;
    const what = alone.failure ?? slow;
    if (what !== null) result.failures.push({ target: target.name, seed, what });
  }
  // Only together: what one crate says of another.
  if (result.failures.length === before && whole.failure !== null)
    result.failures.push({ target: target.name, seed: numbers[0] ?? 0, what: `as a batch: ${whole.failure}` });
}

interface Attempt {
  readonly deep: readonly boolean[];
  readonly seconds: number;
  readonly failure: string | null;
}

async function attempt(target: Target, texts: readonly string[]): Promise<Attempt> {
  const started = process.cpuUsage();
  const seconds = (): number => {
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1e6;
  };
  try {
    const deep = await target.run(texts);
    return { deep, seconds: seconds(), failure: null };
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { deep: [], seconds: seconds(), failure: stack.split("\n").slice(0, 6).join("\n") };
  }
}
