/**
 * Reads what packed-writer.ts wrote: a record where somebody seeks it, a string when it is first met.
 *
 * Nothing is decoded beforehand but the header. The bytes are trusted: they ship with the program, and who takes them has seen that they belong to it.
 */
import { markStep, ownTag, type PackedHeader, shapeTag, tags } from "./packed-writer.ts";

export interface PackedReader {
  readonly head: unknown;
  /** A table of numbers; empty for an unknown name. */
  table(name: string): Int32Array;
  /** A table of numbers that grow, by index. */
  growing(name: string): (index: number) => number;
  /** Reads the record at a place, `from` being what the writer was given with it; what was being read before goes on behind it. */
  at<T>(place: number, read: () => T, from?: number): T;
  uint(): number;
  /** A place in a text. */
  near(): number;
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
  const lengths = numbers(start, header.strings);
  const places = numbers(start + 4 * header.strings, header.strings);
  const marks = numbers(start + 8 * header.strings, Math.ceil(header.strings / markStep));
  const firstText = start + 8 * header.strings + 4 * marks.length;
  const firstRecord = firstText + header.stringBytes;
  const strings: (string | undefined)[] = new Array(header.strings);
  let place = firstRecord;
  let last = 0;
  return {
    head: header.head,
    table,
    growing,
    at,
    uint,
    near,
    string,
    value,
  };

  function table(name: string): Int32Array {
    return tables.get(name) ?? new Int32Array();
  }

  function growing(name: string): (index: number) => number {
    const [steps, known] = [table(name), table(`${name} marks`)];
    return (index) => {
      const from = index - (index % markStep);
      let number = known[from / markStep] ?? 0;
      for (let next = from + 1; next <= index; next += 1) number += steps[next] ?? 0;
      return number;
    };
  }

  /** Where a string begins. */
  function beginOf(id: number): number {
    const told = places[id] ?? 0;
    if (told > 0) return told - 1;
    const from = id - (id % markStep);
    let begin = marks[from / markStep] ?? 0;
    for (let before = from; before < id; before += 1) if (places[before] === 0) begin += lengths[before] ?? 0;
    return begin;
  }

  function at<T>(record: number, read: () => T, from = 0): T {
    const before = [place, last] as const;
    place = firstRecord + record;
    last = from;
    const found = read();
    [place, last] = before;
    return found;
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

  function near(): number {
    const told = uint();
    last += (told & 1) === 0 ? told >> 1 : -((told + 1) >> 1);
    return last;
  }

  function string(): string {
    const id = uint();
    const known = strings[id];
    if (known !== undefined) return known;
    const from = firstText + beginOf(id);
    const text = whole.toString(wide.has(id) ? "utf8" : "latin1", from, from + (lengths[id] ?? 0));
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
      case tags.near:
        return near();
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
