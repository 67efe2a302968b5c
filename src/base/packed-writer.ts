/**
 * Data that never changes as one run of bytes, of which a reader (packed-reader.ts) takes what it is asked for: for what ships with the program.
 *
 * A record is what was written between two calls of `here`. Strings and the lists of objects' keys are told once, places in a text as distances from
 * the place that the same record told before. Plain values (of JSON, and
 * `undefined`) are written as they are, other objects by a function of the writer's own; what neither can write is refused.
 */

/** Marks before a value; those of the writer's own begin at `ownTag`, those of objects by their keys at `shapeTag`. */
export const tags = {
  undefined: 0,
  null: 1,
  true: 2,
  false: 3,
  uint: 4,
  negative: 5,
  string: 6,
  list: 7,
  near: 8,
} as const;
export const ownTag = 9;
export const shapeTag = 16;

export interface PackedWriter {
  /** Where the next record begins: it does. `from`: a place in a text that the reader will know, too. */
  here(from?: number): number;
  /** A whole number from 0 to 2³¹ - 1. */
  uint(value: number): void;
  /** A place in a text. */
  near(value: number): void;
  string(value: string): void;
  value(value: unknown): void;
  /** A table of numbers, to be read without decoding. */
  table(name: string, numbers: readonly number[]): void;
  /** A table of numbers that grow, most of them by little. */
  growing(name: string, numbers: readonly number[]): void;
  /** A long text: strings that are parts of it are told as such from here on. */
  text(value: string): void;
  /** Everything, with a value of JSON that the reader is given at once. */
  finish(head: unknown): Uint8Array;
}

/** Strings that are not worth looking for in the texts. */
const shortest = 16;

/** Numbers that may be places in a text, and are not told in one byte. */
const fewest = 128;
const most = 1 << 20;

/**
 * What stands before the bytes: of the tables, of the strings' lengths, of where each begins (0: behind the last that was told so; else one more
 * than the place), of some of these places, of the strings, of the records.
 */
export interface PackedHeader {
  readonly head: unknown;
  readonly shapes: readonly (readonly string[])[];
  /** Numbers of strings that are more than ASCII. */
  readonly wide: readonly number[];
  readonly tables: readonly { readonly name: string; readonly length: number }[];
  readonly strings: number;
  readonly stringBytes: number;
}

/** `own` writes an object that is no plain data, a tag from `ownTag` on first, and says whether it did. */
export function packedWriter(own: (value: object, out: PackedWriter) => boolean = () => false): PackedWriter {
  const bytes: number[] = [];
  const strings = new Map<string, number>();
  const shapes = new Map<string, { readonly id: number; readonly keys: readonly string[] }>();
  const tables: { readonly name: string; readonly numbers: readonly number[] }[] = [];
  const texts = { whole: "", count: 0, last: 0 };
  let last = 0;
  const out: PackedWriter = { here, uint, near, string, value, table, growing, text, finish };
  return out;

  function here(from = 0): number {
    last = from;
    return bytes.length;
  }

  function near(place: number): void {
    const distance = place - last;
    uint(distance < 0 ? -2 * distance - 1 : 2 * distance);
    last = place;
  }

  function uint(number: number): void {
    if (!Number.isInteger(number) || number < 0 || number > 0x7fffffff) throw new Error(`cannot pack ${number}`);
    let rest = number;
    for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
    bytes.push(rest);
  }

  function string(text: string): void {
    const id = strings.get(text) ?? strings.size;
    strings.set(text, id);
    uint(id);
  }

  function text(long: string): void {
    if (strings.size > texts.count) throw new Error("texts come before other strings");
    // Places in them are those of their bytes.
    if (/[^\0-\x7f]/.test(long)) throw new Error("a text that is more than ASCII");
    texts.whole += long;
    strings.set(long, strings.size);
    texts.count = strings.size;
  }

  /** Where a string stands in the texts; -1 where it does not. */
  function placeInTexts(one: string): number {
    if (one.length < shortest) return -1;
    const behind = texts.whole.indexOf(one, texts.last);
    const place = behind < 0 ? texts.whole.indexOf(one) : behind;
    if (place >= 0) texts.last = place;
    return place;
  }

  function value(given: unknown): void {
    switch (typeof given) {
      case "undefined":
        return uint(tags.undefined);
      case "boolean":
        return uint(given ? tags.true : tags.false);
      case "number":
        if (given >= fewest && given < most) {
          uint(tags.near);
          return near(given);
        }
        uint(given < 0 ? tags.negative : tags.uint);
        return uint(Math.abs(given));
      case "string":
        uint(tags.string);
        return string(given);
      case "object":
        return given === null ? uint(tags.null) : object(given);
      default:
        throw new Error(`cannot pack a ${typeof given}`);
    }
  }

  function object(given: object): void {
    if (own(given, out)) return;
    if (Array.isArray(given)) {
      uint(tags.list);
      uint(given.length);
      for (const one of given) value(one);
      return;
    }
    if (Object.getPrototypeOf(given) !== Object.prototype) throw new Error("cannot pack an object of a class");
    const keys = Object.keys(given);
    const name = JSON.stringify(keys);
    const shape = shapes.get(name) ?? { id: shapes.size, keys };
    shapes.set(name, shape);
    uint(shapeTag + shape.id);
    for (const one of Object.values(given)) value(one);
  }

  function table(name: string, numbers: readonly number[]): void {
    tables.push({ name, numbers });
  }

  function growing(name: string, numbers: readonly number[]): void {
    table(name, distances(numbers));
    table(`${name} marks`, marksOf(numbers));
  }

  function finish(head: unknown): Uint8Array {
    const all = [...strings.keys()].map((one, id) => ({
      one,
      bytes: Buffer.from(one),
      begins: id < texts.count ? 0 : placeInTexts(one) + 1,
    }));
    const own = all.filter(({ begins }) => begins === 0).map(({ bytes: found }) => found);
    const header: PackedHeader = {
      head,
      shapes: [...shapes.values()].map((shape) => shape.keys),
      wide: all.flatMap(({ one, bytes: found }, id) => (found.length === one.length ? [] : [id])),
      tables: tables.map(({ name, numbers }) => ({ name, length: numbers.length })),
      strings: all.length,
      stringBytes: own.reduce((sum, one) => sum + one.length, 0),
    };
    const told = Buffer.from(JSON.stringify(header));
    // Blanks to the next multiple of four: what follows is read as numbers of four bytes.
    const first = Buffer.concat([told, Buffer.from(" ".repeat((4 - (told.length % 4)) % 4))]);
    const lengths = all.map(({ bytes: found }) => found.length);
    const places = all.map(({ begins }) => begins);
    let next = 0;
    const behind = all.map(({ begins }, id) => {
      const before = next;
      if (begins === 0) next += lengths[id] ?? 0;
      return before;
    });
    const numbers = [[first.length], ...tables.map((one) => one.numbers), lengths, places, marksOf(behind)];
    const [size = new Uint8Array(), ...rest] = numbers.map((list) => new Uint8Array(Int32Array.from(list).buffer));
    return Buffer.concat([size, first, ...rest, ...own, Uint8Array.from(bytes)]);
  }
}

function distances(numbers: readonly number[]): number[] {
  return numbers.map((one, index) => one - (numbers[index - 1] ?? 0));
}

/** Every so many numbers one is told as it is, so that no reader has to add all that stand before. */
export const markStep = 64;

function marksOf(numbers: readonly number[]): number[] {
  return numbers.filter((_, index) => index % markStep === 0);
}
