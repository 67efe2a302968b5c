/**
 * Whether two types or paths are written alike: their parts without their places in the text.
 */

/** A key for what is written: equal for equal parts, wherever they stand. */
export function writtenAs(node: unknown): string {
  return JSON.stringify(node, (key, value: unknown) => (PLACES.has(key) ? undefined : value));
}

const PLACES: ReadonlySet<string> = new Set(
  "span context source start end qselfPosition global dollarCrate".split(" "),
);
