/**
 * Reads what packed-writer.ts wrote: a record where somebody seeks it, a string when it is first met.
 *
 * Nothing is decoded beforehand but the header. The bytes are trusted: they ship with the program, and who takes them has seen that they belong to it.
 */
import { ownTag, type PackedHeader, shapeTag, tags } from "./packed-writer.ts";

export interface PackedReader {
  readonly head: unknown;
  /** A table of numbers; empty for an unknown name. */
  table(name: string): Int32Array;
  /** Reads the record at a place; what was being read before goes on behind it. */
  at<T>(place: number, read: () => T): T;
  /** The place that is read next. */
  here(): number;
  uint(): number;
  string(): string;
  /** A value; `own` gives what stands behind a tag of the writer's own. */
  value(own?: (tag: number) => unknown): unknown;
}

/** A reader of these bytes. */
export function packedReader(bytes: Buffer): PackedReader {
  const whole = bytes.byteOffset % 4 === 0 ? bytes : Buffer.from(new Uint8Array(bytes).buffer);
  const numbers = (from: number, length: number): Int32Array =>
    new Int32Array(whole.buffer, whole.byteOffset + from, length);
  const headerSize = numbers(0, 1)[0] ?? 0;
  const header = JSON.parse(whole.toString("utf8", 4, 4 + headerSize)) as PackedHeader;
  const { shapes } = header;
  const wide = new Set(header.wide);
  const tables = new Map<string, Int32Array>();
  let start = 4 + headerSize;
  for (const { name, length } of header.tables) {
    tables.set(name, numbers(start, length));
    start += 4 * length;
  }
  const ends = numbers(start, header.strings);
  const firstText = start + 4 * header.strings;
  const firstRecord = firstText + header.stringBytes;
  const strings: (string | undefined)[] = new Array(header.strings);
  let place = firstRecord;
  return { head: header.head, table: (name) => tables.get(name) ?? new Int32Array(), at, here, uint, string, value };

  function at<T>(record: number, read: () => T): T {
    const before = place;
    place = firstRecord + record;
    const found = read();
    place = before;
    return found;
  }

  function here(): number {
    return place - firstRecord;
  }

  function uint(): number {
    let byte = whole[place++] ?? 0;
    let number = byte & 127;
    for (let shift = 7; byte > 127; shift += 7) {
      byte = whole[place++] ?? 0;
      number |= (byte & 127) << shift;
    }
    return number;
  }

  function string(): string {
    const id = uint();
    const known = strings[id];
    if (known !== undefined) return known;
    const from = firstText + (id === 0 ? 0 : (ends[id - 1] ?? 0));
    const to = firstText + (ends[id] ?? 0);
    const text = whole.toString(wide.has(id) ? "utf8" : "latin1", from, to);
    strings[id] = text;
    return text;
  }

  function value(own: (tag: number) => unknown = unknownTag): unknown {
    const tag = uint();
    switch (tag) {
      case tags.undefined:
        return undefined;
      case tags.null:
        return null;
      case tags.true:
        return true;
      case tags.false:
        return false;
      case tags.uint:
        return uint();
      case tags.negative:
        return -uint();
      case tags.string:
        return string();
      case tags.list: {
        const list: unknown[] = new Array(uint());
        for (let index = 0; index < list.length; index += 1) list[index] = value(own);
        return list;
      }
      default: {
        if (tag < shapeTag) return own(tag);
        const made: Record<string, unknown> = {};
        for (const key of shapes[tag - shapeTag] ?? []) made[key] = value(own);
        return made;
      }
    }
  }
}

function unknownTag(tag: number): never {
  throw new Error(`an unknown value: ${tag - ownTag}`);
}
