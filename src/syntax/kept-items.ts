/**
 * Item trees as a value of JSON, and back: for texts that are the same in every run, so that they need not be parsed.
 *
 * Objects are lists of their values, with the number of their list of keys first; where spans and functions stand is one list of numbers, in the
 * order in which a walk meets them. What was made from a source gets the new one. Encoding throws for what it does not know, so that nothing is
 * lost in silence; decoding trusts its input, which ships with the program (load/pack-crates.ts). Both end: they walk a tree once.
 */
import type { FileItems, FnItem, Source } from "./ast.ts";
import type { FnPlace } from "./fn-heads.ts";
import { createFn, placeOf, withAbi } from "./lower-placed-fn.ts";

/** An item tree, encoded. */
export interface KeptItems {
  /** Lists of keys; `*` behind one says that it is a span, `!` that it is the source. */
  readonly shapes: readonly (readonly string[])[];
  readonly places: readonly number[];
  readonly tree: Kept;
}
type Kept = null | string | number | boolean | readonly Kept[];

/** First number of a list that is no object. */
const LIST = -1;
const FN = -2;

/** The tree of a file as a value. */
export function keepItems(items: FileItems): KeptItems {
  const shapes: (readonly string[])[] = [];
  const numbers = new Map<string, number>();
  const places: number[] = [];
  let last = 0;
  const tree = keep(items);
  return { shapes, places, tree };

  /** Offsets as distances, which are small. */
  function at(start: number, ...others: readonly number[]): void {
    places.push(start - last, ...others.map((one) => one - start));
    last = start;
  }

  function keep(value: unknown): Kept {
    if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      return value;
    if (Array.isArray(value)) return value.length === 0 ? [] : [LIST, ...value.map(keep)];
    if (typeof value !== "object") throw new Error(`an item holds a ${typeof value}`);
    if (!isPlain(value)) return keepFn(value as FnItem);
    const entries = Object.entries(value);
    const shape = entries.map(([key, inner]) => (inner === items.source ? `${key}!` : isSpan(inner) ? `${key}*` : key));
    const id = numbers.get(shape.join()) ?? shapes.length;
    if (id === shapes.length) shapes.push(shape);
    numbers.set(shape.join(), id);
    const kept: Kept[] = [id];
    for (const [, inner] of entries) {
      if (inner === items.source) continue;
      if (isSpan(inner)) at(inner.start, inner.end);
      else kept.push(keep(inner));
    }
    return kept;
  }

  function keepFn(item: FnItem): Kept {
    const found = placeOf(item);
    if (found === null || found.base !== 0 || item.source !== items.source)
      throw new Error("an item of an unknown class");
    const { place, abi } = found;
    at(place.start, place.end, place.visEnd, place.keyword, ...place.attrs.flatMap(({ start, end }) => [start, end]));
    return [FN, place.name, place.hasBody, place.attrs.length, abi];
  }

  function isSpan(value: unknown): value is { readonly start: number; readonly end: number } {
    if (value === null || typeof value !== "object" || Array.isArray(value) || !isPlain(value)) return false;
    const span = value as { readonly file?: unknown };
    return span.file === items.source.file && Object.keys(value).join() === "file,start,end";
  }
}

/** The tree of a source that was kept. */
export function itemsKept({ shapes, places, tree }: KeptItems, source: Source): FileItems {
  let next = 0;
  let last = 0;
  const read = shapes.map((shape) =>
    shape.map((key) => ({ key: key.replace(/[*!]$/, ""), span: key.endsWith("*"), source: key.endsWith("!") })),
  );
  return restore(tree) as unknown as FileItems;

  function place(): number {
    last += places[next] ?? 0;
    next += 1;
    return last;
  }
  /** An offset that is told from the last place on. */
  function beside(): number {
    const found = last + (places[next] ?? 0);
    next += 1;
    return found;
  }

  function restore(value: Kept): unknown {
    if (value === null || typeof value !== "object") return value;
    const [id] = value;
    if (id === undefined) return [];
    if (id === LIST) {
      const list: unknown[] = new Array(value.length - 1);
      for (let index = 1; index < value.length; index += 1) list[index - 1] = restore(value[index] ?? null);
      return list;
    }
    if (id === FN) return restoreFn(value);
    const made: Record<string, unknown> = {};
    let index = 1;
    for (const one of read[id as number] ?? []) {
      if (one.source) made[one.key] = source;
      else if (one.span) {
        const start = place();
        made[one.key] = source.spanOf(start, beside());
      } else {
        made[one.key] = restore(value[index] ?? null);
        index += 1;
      }
    }
    return made;
  }

  function restoreFn(value: readonly Kept[]): FnItem {
    const [, name, hasBody, count, abi] = value;
    const start = place();
    const [end, visEnd, keyword] = [beside(), beside(), beside()];
    const attrs: { start: number; end: number }[] = [];
    for (let index = 0; index < Number(count); index += 1) attrs.push({ start: beside(), end: beside() });
    const found: FnPlace = { attrs, start, end, visEnd, keyword, name: String(name), hasBody: hasBody === true };
    const item = createFn({ source, base: 0 }, found);
    return typeof abi === "string" ? withAbi(item, abi) : item;
  }
}

function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype;
}
