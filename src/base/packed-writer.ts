/**
 * Data that never changes as one run of bytes, of which a reader (packed-reader.ts) takes what it is asked for: for what ships with the program.
 *
 * A record is what was written between two calls of `here`. Strings and the lists of objects' keys are told once. Plain values (of JSON, and
 * `undefined`) are written as they are, other objects by a function of the writer's own; what neither can write is refused.
 */

/** Marks before a value; those of the writer's own begin at `ownTag`, those of objects by their keys at `shapeTag`. */
export const tags = { undefined: 0, null: 1, true: 2, false: 3, uint: 4, negative: 5, string: 6, list: 7 } as const;
export const ownTag = 8;
export const shapeTag = 16;

export interface PackedWriter {
  /** Where the next record begins. */
  here(): number;
  /** A whole number from 0 to 2³¹ - 1. */
  uint(value: number): void;
  string(value: string): void;
  value(value: unknown): void;
  /** A table of numbers, to be read without decoding. */
  table(name: string, numbers: readonly number[]): void;
  /** Everything, with a value of JSON that the reader is given at once. */
  finish(head: unknown): Uint8Array;
}

/** What stands before the bytes of the records: sizes are those of the parts in their order. */
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
  const out: PackedWriter = { here: () => bytes.length, uint, string, value, table, finish };
  return out;

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

  function value(given: unknown): void {
    switch (typeof given) {
      case "undefined":
        return uint(tags.undefined);
      case "boolean":
        return uint(given ? tags.true : tags.false);
      case "number":
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

  function finish(head: unknown): Uint8Array {
    const texts = [...strings.keys()].map((text) => Buffer.from(text));
    const ends: number[] = [];
    for (const text of texts) ends.push((ends.at(-1) ?? 0) + text.length);
    const header: PackedHeader = {
      head,
      shapes: [...shapes.values()].map((shape) => shape.keys),
      wide: [...strings].flatMap(([text, id]) => (texts[id]?.length === text.length ? [] : [id])),
      tables: tables.map(({ name, numbers }) => ({ name, length: numbers.length })),
      strings: texts.length,
      stringBytes: ends.at(-1) ?? 0,
    };
    const told = Buffer.from(JSON.stringify(header));
    // Blanks to the next multiple of four: what follows is read as numbers of four bytes.
    const first = Buffer.concat([told, Buffer.from(" ".repeat((4 - (told.length % 4)) % 4))]);
    const numbers = [[first.length], ...tables.map((one) => one.numbers), ends];
    const [size = new Uint8Array(), ...rest] = numbers.map((list) => new Uint8Array(Int32Array.from(list).buffer));
    return Buffer.concat([size, first, ...rest, ...texts, Uint8Array.from(bytes)]);
  }
}
