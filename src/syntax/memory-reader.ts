/**
 * Reads a tree straight from the web-assembly memory of web-tree-sitter: the fast way, ten times faster than its cursor.
 *
 * The layouts below are those of tree-sitter's C structures (subtree.h, parser.h) compiled for wasm32. They are no public
 * interface, so `memoryReader` refuses (null) a language whose header does not say what the public functions say of it, and
 * `parser.ts` uses a reader only after it agreed with `cursor-reader.ts` on a probe. Lengths in memory are UTF-16 bytes.
 */
import type { Language, Tree } from "web-tree-sitter";
import { errorKind, type FlatBuilder, growBuilder, missingFlag, namedFlag } from "./flat-tree.ts";

/** The views that Emscripten keeps on an object of ours, replaced by it whenever the memory grows. */
export interface WasmViews {
  HEAPU8?: Uint8Array;
  HEAPU16?: Uint16Array;
  HEAPU32?: Uint32Array;
}

/** Fills a builder with all nodes of a tree but those of the given kinds, exactly as `readWithCursor` does. */
export type MemoryReader = (tree: Tree, builder: FlatBuilder, skipped: ReadonlySet<number>) => void;

/** What the reader needs of a language, copied out of memory once. */
interface LanguageTables {
  /** Symbol to the id that is shown for it. */
  readonly kindOfSymbol: Uint16Array;
  readonly namedOfSymbol: Uint8Array;
  /** production x aliasWidth + child: the symbol that the child is shown as, 0 for its own. */
  readonly aliases: Uint16Array;
  readonly aliasWidth: number;
  /** production x fieldWidth + child: the field the child stands in, 0 for none. */
  readonly fields: Uint8Array;
  readonly fieldWidth: number;
}

const abiVersions: readonly number[] = [14, 15];
const headerAt = {
  abiVersion: 0,
  symbolCount: 4,
  aliasCount: 8,
  productionCount: 28,
  fieldCount: 32,
  aliasWidth: 36,
  fieldSlices: 64,
  fieldEntries: 68,
  symbolMetadata: 72,
  publicSymbols: 76,
  aliasSequences: 84,
} as const;
const errorRepeat = 0xfffe;
/** Numbers per open node on the stack of `readTree`. */
const frame = 7;

/** A reader for trees of a language; null where its header in memory is not as expected. */
export function memoryReader(language: Language, views: WasmViews): MemoryReader | null {
  const tables = readTables(language, views);
  if (tables === null) return null;
  let stack = new Int32Array(frame * 1024);
  return (tree, builder, skipped) => {
    const address = addressOf(tree);
    const { HEAPU8, HEAPU16, HEAPU32 } = views;
    if (address === null || HEAPU8 === undefined || HEAPU16 === undefined || HEAPU32 === undefined) {
      throw new Error("web-tree-sitter does not show its memory");
    }
    stack = readTree(address, { HEAPU8, HEAPU16, HEAPU32 }, tables, builder, skipped, stack);
  };
}

function readTree(
  root: number,
  memory: Required<WasmViews>,
  tables: LanguageTables,
  builder: FlatBuilder,
  skipped: ReadonlySet<number>,
  reused: Int32Array<ArrayBuffer>,
): Int32Array<ArrayBuffer> {
  const bytes = memory.HEAPU8;
  const halves = memory.HEAPU16;
  const words = memory.HEAPU32;
  const { kindOfSymbol, namedOfSymbol, aliases, aliasWidth, fields, fieldWidth } = tables;
  let stack = reused;
  let top = 0;
  builder.count = 0;
  // The children that are being read: slots [slot, slotEnd) of a parent that is node `parent` (-1: shown by an ancestor).
  let slot = root;
  let slotEnd = root + 8;
  let parent = -1;
  let production = 0;
  let structural = 0;
  let inherited = 0;
  let position = 0;
  let atFirst = false;
  for (;;) {
    while (slot === slotEnd) {
      if (parent >= 0) builder.next[parent] = builder.count;
      if (top === 0) return stack;
      top -= frame;
      slot = stack[top] as number;
      slotEnd = stack[top + 1] as number;
      parent = stack[top + 2] as number;
      production = stack[top + 3] as number;
      structural = stack[top + 4] as number;
      inherited = stack[top + 5] as number;
      position = stack[top + 6] as number;
    }
    const word = words[slot >> 2] as number;
    let symbol: number;
    let visible: boolean;
    let named: boolean;
    let extra: boolean;
    let missing: boolean;
    let size: number;
    let childCount = 0;
    if ((word & 1) !== 0) {
      symbol = (word >>> 8) & 0xff;
      visible = (word & 2) !== 0;
      named = (word & 4) !== 0;
      extra = (word & 8) !== 0;
      missing = (word & 32) !== 0;
      if (!atFirst) position += bytes[slot + 6] as number;
      size = bytes[slot + 7] as number;
    } else {
      const flags = halves[(word + 44) >> 1] as number;
      symbol = halves[(word + 40) >> 1] as number;
      visible = (flags & 1) !== 0;
      named = (flags & 2) !== 0;
      extra = (flags & 4) !== 0;
      missing = (flags & 0x200) !== 0;
      if (!atFirst) position += words[(word + 4) >> 2] as number;
      size = words[(word + 16) >> 2] as number;
      childCount = words[(word + 36) >> 2] as number;
    }
    atFirst = false;
    slot += 8;
    let field = 0;
    if (!extra) {
      if (production !== 0) {
        const alias = structural < aliasWidth ? (aliases[production * aliasWidth + structural] as number) : 0;
        if (alias !== 0) {
          symbol = alias;
          visible = true;
          named = namedOfSymbol[alias] === 1;
        }
      }
      field = structural < fieldWidth ? (fields[production * fieldWidth + structural] as number) : 0;
      if (field === 0) field = inherited;
      structural += 1;
    }
    const from = position;
    position += size;
    let shown = -1;
    if (visible) {
      const kind = symbol >= errorRepeat ? symbol : (kindOfSymbol[symbol] as number);
      if (skipped.has(kind)) continue;
      shown = builder.count;
      if (shown === builder.kind.length) growBuilder(builder);
      builder.count = shown + 1;
      builder.kind[shown] = kind;
      builder.start[shown] = from >> 1;
      builder.end[shown] = position >> 1;
      builder.field[shown] = field;
      builder.flags[shown] = (named ? namedFlag : 0) | (missing ? missingFlag : 0);
      builder.next[shown] = shown + 1;
    }
    if (childCount === 0) continue;
    if (top + frame > stack.length) stack = widened(stack);
    stack[top] = slot;
    stack[top + 1] = slotEnd;
    stack[top + 2] = parent;
    stack[top + 3] = production;
    stack[top + 4] = structural;
    stack[top + 5] = inherited;
    stack[top + 6] = position;
    top += frame;
    slotEnd = word;
    slot = word - childCount * 8;
    parent = shown;
    production = halves[(word + 66) >> 1] as number;
    structural = 0;
    inherited = visible ? 0 : field;
    position = from;
    atFirst = true;
  }
}

function widened(stack: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(stack.length * 2);
  wider.set(stack);
  return wider;
}

/** The address that a wrapper object of web-tree-sitter keeps as its element 0. */
function addressOf(wrapper: object): number | null {
  const address = (wrapper as { readonly 0?: unknown })[0];
  return typeof address === "number" && address > 0 && address % 4 === 0 ? address : null;
}

function readTables(language: Language, views: WasmViews): LanguageTables | null {
  const at = addressOf(language);
  const { HEAPU8, HEAPU16, HEAPU32 } = views;
  if (at === null || HEAPU8 === undefined || HEAPU16 === undefined || HEAPU32 === undefined) return null;
  const word = (offset: number): number => HEAPU32[(at + offset) >> 2] ?? 0;
  const kinds = word(headerAt.symbolCount) + word(headerAt.aliasCount);
  const fieldCount = word(headerAt.fieldCount);
  if (!abiVersions.includes(word(headerAt.abiVersion)) || kinds !== language.nodeTypeCount) return null;
  if (fieldCount !== language.fieldCount || fieldCount > 0xff) return null;
  const productions = word(headerAt.productionCount);
  const aliasWidth = HEAPU16[(at + headerAt.aliasWidth) >> 1] ?? 0;
  if (productions > 0xffff || aliasWidth > 0xff) return null;
  const kindOfSymbol = new Uint16Array(kinds);
  const namedOfSymbol = new Uint8Array(kinds);
  for (let symbol = 0; symbol < kinds; symbol += 1) {
    kindOfSymbol[symbol] = HEAPU16[(word(headerAt.publicSymbols) + 2 * symbol) >> 1] ?? errorKind;
    namedOfSymbol[symbol] = HEAPU8[word(headerAt.symbolMetadata) + 3 * symbol + 1] ?? 0;
  }
  const aliasesAt = word(headerAt.aliasSequences) >> 1;
  const aliases = HEAPU16.slice(aliasesAt, aliasesAt + productions * aliasWidth);
  if (aliases.length !== productions * aliasWidth || aliases.some((symbol) => symbol >= kinds)) return null;
  return {
    kindOfSymbol,
    namedOfSymbol,
    aliases,
    aliasWidth,
    ...readFields(word, { HEAPU8, HEAPU16, HEAPU32 }, productions),
  };
}

function readFields(
  word: (offset: number) => number,
  memory: Required<WasmViews>,
  productions: number,
): Pick<LanguageTables, "fields" | "fieldWidth"> {
  const found: { readonly production: number; readonly child: number; readonly field: number }[] = [];
  let fieldWidth = 0;
  for (let production = 0; production < productions; production += 1) {
    const slice = (word(headerAt.fieldSlices) + 4 * production) >> 1;
    const first = memory.HEAPU16[slice] ?? 0;
    const length = memory.HEAPU16[slice + 1] ?? 0;
    for (let index = first; index < first + length; index += 1) {
      const entry = word(headerAt.fieldEntries) + 4 * index;
      const child = memory.HEAPU8[entry + 2] ?? 0;
      if (memory.HEAPU8[entry + 3] !== 0) continue;
      found.push({ production, child, field: memory.HEAPU16[entry >> 1] ?? 0 });
      fieldWidth = Math.max(fieldWidth, child + 1);
    }
  }
  const fields = new Uint8Array(productions * fieldWidth);
  for (const { production, child, field } of found) {
    const cell = production * fieldWidth + child;
    if (fields[cell] === 0) fields[cell] = field;
  }
  return { fields, fieldWidth };
}
