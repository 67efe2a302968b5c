/**
 * Nodes of item trees as packed records (base/packed-writer.ts), and back: for texts that are the same in every run, so that they need not be parsed.
 *
 * Spans, sources and functions are written in forms of their own; all else is plain data. A source is told by its number: the files come first, as
 * the reader is given them, then what expansions and derives made, each restored when it is first met. Writing throws for what it does not know, so
 * that nothing is lost in silence.
 */

import type { PackedReader } from "../base/packed-reader.ts";
import { ownTag, type PackedWriter } from "../base/packed-writer.ts";
import type { FileId, Span } from "../base/span.ts";
import type { Edition, FnItem, ItemBase, Source } from "./ast.ts";
import type { FnPlace } from "./fn-heads.ts";
import { createFn, placeOf, wholeFn, withAbi } from "./lower-placed-fn.ts";
import { expansionSource } from "./print-tokens.ts";
import { textSource } from "./source.ts";

const spanTag = ownTag;
const sourceTag = ownTag + 1;
const fnTag = ownTag + 2;
const itemTag = ownTag + 3;

/** Writes the nodes of these files' trees. */
export interface NodeWriter {
  /** Writes an object that is a span, a source or a function, and says whether it was one: for `packedWriter`. */
  own(value: object, out: PackedWriter): boolean;
  /** Writes the sources that were met, behind everything else, and gives the places of their records. */
  sources(out: PackedWriter): readonly number[];
}

/** A writer for trees of these files and of what was expanded in them. */
export function nodeWriter(files: readonly Source[]): NodeWriter {
  const numbers = new Map<Source, number>(files.map((source, index) => [source, index]));
  const numberOf = (source: Source): number => {
    const number = numbers.get(source) ?? numbers.size;
    numbers.set(source, number);
    return number;
  };
  return {
    own(value, out) {
      if (isSpan(value)) writeSpan(value, out, spanTag);
      else if (isSource(value)) {
        out.uint(sourceTag);
        out.uint(numberOf(value));
      } else if (placeOf(value as FnItem) !== null) writeFn(value as FnItem, numberOf, out);
      else if (hasGetters(value)) out.value(wholeFn(value));
      else if (isPlacedItem(value)) writeItem(value, out);
      else return false;
      return true;
    },
    sources(out) {
      const places: number[] = [];
      // Origins of a source lie in files: no more are met on the way.
      for (const source of [...numbers.keys()].slice(files.length)) {
        places.push(out.here());
        writeSource(source, out);
      }
      return places;
    },
  };
}

/** Reads what a node writer wrote; `places` are those of the sources' records. */
export function nodeReader(reader: PackedReader, files: readonly Source[], places: ArrayLike<number>): () => unknown {
  const sources: (Source | undefined)[] = [...files];
  const own = (tag: number): unknown => {
    switch (tag) {
      case spanTag:
        return readSpan(reader);
      case sourceTag:
        return sourceAt(reader.uint());
      case fnTag:
        return readFn(reader, sourceAt);
      case itemTag:
        return readItem(reader, own);
      default:
        throw new Error(`an unknown node: ${tag}`);
    }
  };
  return () => reader.value(own);

  function sourceAt(number: number): Source {
    const known = sources[number];
    if (known !== undefined) return known;
    const made = reader.at(places[number - files.length] ?? 0, () => readSource(reader));
    sources[number] = made;
    return made;
  }
}

function isSpan(value: object): value is Span {
  return Object.keys(value).join() === "file,start,end";
}

function isSource(value: object): value is Source {
  return "spanOf" in value && "contextAt" in value;
}

/** A function of a class of its own. */
function hasGetters(value: object): value is FnItem {
  return Object.getPrototypeOf(value) !== Object.prototype && (value as Partial<FnItem>).k === "fn";
}

/** An item whose span is what its source says of its place. */
function isPlacedItem(value: object): value is ItemBase {
  const { span, source, start, end } = value as Partial<ItemBase>;
  if (span === undefined || source === undefined || start === undefined || end === undefined) return false;
  return Object.hasOwn(value, "keySpan") && JSON.stringify(source.spanOf(start, end)) === JSON.stringify(span);
}

function writeItem({ span: _, start, end, ...rest }: ItemBase, out: PackedWriter): void {
  out.uint(itemTag);
  out.near(start);
  out.uint(end - start);
  out.value(rest);
}

function readItem(reader: PackedReader, own: (tag: number) => unknown): ItemBase {
  const start = reader.near();
  const end = start + reader.uint();
  const rest = reader.value(own) as Omit<ItemBase, "span" | "start" | "end">;
  return { span: rest.source.spanOf(start, end), start, end, ...rest };
}

function writeSpan({ file, start, end }: Span, out: PackedWriter, tag: number | null): void {
  if (tag !== null) out.uint(tag);
  out.uint(file);
  out.near(start);
  out.uint(end - start);
}

function readSpan(reader: PackedReader): Span {
  const file = reader.uint() as FileId;
  const start = reader.near();
  return { file, start, end: start + reader.uint() };
}

function writeFn(item: FnItem, numberOf: (source: Source) => number, out: PackedWriter): void {
  const found = placeOf(item);
  if (found === null) throw new Error("a function of an unknown class");
  const { place, base, abi } = found;
  const { attrs, start, end, visEnd, keyword, name, hasBody } = place;
  out.uint(fnTag);
  out.uint(numberOf(item.source));
  out.near(start);
  for (const at of [end, visEnd, keyword]) out.uint(at - start);
  const isWritten = nameAt(item.source, base + keyword) === name;
  out.uint((hasBody ? 1 : 0) | (isWritten ? 2 : 0) | (base === 0 ? 0 : 4));
  if (base !== 0) out.value(base);
  if (!isWritten) out.string(name);
  out.value(abi);
  out.uint(attrs.length);
  for (const attr of attrs) {
    out.near(attr.start);
    out.uint(attr.end - attr.start);
  }
}

function readFn(reader: PackedReader, sourceAt: (number: number) => Source): FnItem {
  const source = sourceAt(reader.uint());
  const start = reader.near();
  const [end, visEnd, keyword] = [start + reader.uint(), start + reader.uint(), start + reader.uint()];
  const flags = reader.uint();
  const base = (flags & 4) === 0 ? 0 : (reader.value() as number);
  const name = (flags & 2) === 0 ? reader.string() : nameAt(source, base + keyword);
  const hasBody = (flags & 1) !== 0;
  const abi = reader.value();
  const attrs: { start: number; end: number }[] = new Array(reader.uint());
  for (let index = 0; index < attrs.length; index += 1) {
    const from = reader.near();
    attrs[index] = { start: from, end: from + reader.uint() };
  }
  const place: FnPlace = { attrs, start, end, visEnd, keyword, name, hasBody };
  const item = createFn({ source, base }, place);
  return typeof abi === "string" ? withAbi(item, abi) : item;
}

/** What is written behind the `fn` at a place. */
function nameAt({ text }: Source, keyword: number): string {
  const start = keyword + 3;
  let end = start;
  while (isWordCode(text.charCodeAt(end))) end += 1;
  return text.slice(start, end);
}

function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || code === 95 || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);
}

function writeSource(source: Source, out: PackedWriter): void {
  const { file, text, edition, expansion, form } = source;
  if (expansion === null || form.k === "file" || form.k === "part") throw new Error(`a source of form ${form.k}`);
  const { call, macro, depth } = expansion;
  out.string(text);
  for (const one of [edition, macro, depth]) out.value(one);
  writeSpan(call, out, null);
  out.uint(form.k === "text" ? 0 : 1);
  if (form.k !== "printed") {
    if (depth !== 1) throw new Error("text of our own making within an expansion");
    return;
  }
  if (file !== call.file) throw new Error("an expansion in another file than its call");
  for (const bytes of [form.origins, form.written]) {
    out.uint(bytes.length);
    for (const byte of bytes) out.uint(byte);
  }
}

function readSource(reader: PackedReader): Source {
  const text = reader.string();
  const [edition, macro, depth] = [reader.value() as Edition, reader.value() as string, reader.value() as number];
  const call = readSpan(reader);
  if (reader.uint() === 0) return textSource(text, call, macro, edition);
  const [origins, written] = [readBytes(reader), readBytes(reader)];
  return expansionSource(text, origins, written, { file: call.file, edition, call, macro, depth });
}

function readBytes(reader: PackedReader): Uint8Array {
  const bytes = new Uint8Array(reader.uint());
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = reader.uint();
  return bytes;
}
