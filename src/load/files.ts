/**
 * Source files of the analysed crates: read once, parsed once per edition, and never from outside the allowed roots.
 *
 * `createFiles` gives the port that names works through, and the texts that reports quote. A file that is missing, too large,
 * not UTF-8, no regular file or outside every source root gives null and a problem; nothing throws. File ids are
 * given out in the order of the questions, which depends on the input alone.
 */
import { realpathSync, statSync } from "node:fs";
import { lineIndex } from "../base/line-index.ts";
import { reversePostOrder } from "../base/reverse-post-order.ts";
import { type FileId, fileId } from "../base/span.ts";
import { type WordSet, wordHash, wordSet } from "../base/word-set.ts";
import type { CrateNode } from "../crates/crate-graph.ts";
import type { FileItems } from "../syntax/ast.ts";
import { parseFile } from "../syntax/file-items.ts";
import { type CrateTexts, crateTexts } from "./crate-texts.ts";
import { type MacroWords, macroWords } from "./macro-words.ts";
import { nativeText } from "./native-text.ts";
import type { FilePort, FileProblem } from "./port.ts";
import { renamesIn } from "./renames.ts";
import { sourceText } from "./source-text.ts";

export interface Files extends FilePort {
  /** The text of a file that was read; empty for an unknown id. */
  textOf(file: FileId): string;
  /** A text that is no file on disk (a printed pack). */
  addText(name: string, text: string): FileId;
  /** Every path that was asked for, there or not. */
  asked(): readonly string[];
}

/** Reads files of a program's crates, below these absolute directories only; links that lead out are refused. */
export function createFiles(sourceRoots: readonly string[], crates: readonly CrateNode[]): Files {
  const roots = sourceRoots.map(real);
  const table: { readonly path: string; readonly text: string }[] = [];
  const texts = new Map<string, ReadFile | null>();
  const parsed = new Map<string, FileItems>();
  const asModule = new Set<FileId>();
  const missing = new Set<string>();
  const problems: FileProblem[] = [];
  const indexes = new Map<CrateNode, CrateIndex | null>();
  const lastTexts = recentTexts();

  const addText = (name: string, text: string): FileId => {
    table.push({ path: name, text });
    return fileId(table.length - 1);
  };
  const read = (file: string, crate: CrateNode): ReadFile | null => {
    const known = texts.get(file);
    if (known !== undefined) return known;
    const result = sourceText(file, roots, lastTexts.get(crate)?.ascii.get(file) ?? null);
    if (result.text === null) {
      problems.push({ path: file, crate: crate.package.id, reason: result.problem, line: null });
      texts.set(file, null);
      return null;
    }
    const entry = { id: addText(file, result.text), text: result.text, isAscii: result.isAscii };
    texts.set(file, entry);
    return entry;
  };
  const takesAll = new Map<CrateNode, boolean>();
  const textsOf = (crate: CrateNode): CrateTexts | null => {
    const last = lastTexts.get(crate);
    if (last !== undefined) return last;
    const { package: owner, rootFile, cfg } = crate;
    const known = (file: string): string | null => {
      const entry = texts.get(file);
      return entry?.isAscii === true ? entry.text : null;
    };
    const found = crateTexts({ root: owner.root, rootFile, cfg, all: takesAllOf(crate) }, roots, known);
    lastTexts.put(crate, found);
    return found;
  };
  /** What a crate depends on is asked before it, from a list: a chain of crates may be as long as somebody likes. */
  const takesAllOf = (crate: CrateNode): boolean => {
    const before = takesAll.get(crate);
    if (before !== undefined) return before;
    takesAll.set(crate, true);
    const waiting = ({ deps }: CrateNode): number[] =>
      deps.map((dep) => dep.crate).filter((dep) => crates[dep] !== undefined && !indexes.has(crates[dep]));
    if (waiting(crate).length > 0) {
      const below = reversePostOrder(crates.length, crate.id, (at) => waiting(crates[at] ?? crate));
      for (const at of below.order.slice(1).reverse()) indexOf(crates[at] ?? crate);
    }
    const deps = crate.deps.flatMap((dep) => crates[dep.crate] ?? []);
    const all = deps.some((dep) => indexes.get(dep)?.namesModules !== false);
    takesAll.set(crate, all);
    return all;
  };
  const indexOf = (crate: CrateNode): CrateIndex | null => {
    let index = indexes.get(crate);
    if (index === undefined) {
      const found = textsOf(crate);
      index = found === null ? null : indexOfTexts(found);
      indexes.set(crate, index);
    }
    return index;
  };
  return {
    file: (file, crate) => {
      const source = read(file, crate);
      if (source === null) return null;
      const key = `${crate.edition}:${source.id}`;
      const items = parsed.get(key) ?? parseFile(source.text, source.id, crate.edition);
      const [error] = items.errors;
      if (error !== undefined && !parsed.has(key)) {
        const { line } = lineIndex(source.text).at(error.start);
        problems.push({ path: file, crate: crate.package.id, reason: "parse-error", line });
      }
      parsed.set(key, items);
      asModule.add(source.id);
      return items;
    },
    exists: (file) => {
      const there = texts.get(file) != null || isFile(file);
      if (!there) missing.add(file);
      return there;
    },
    pathOf: (file) => table[file]?.path ?? "",
    isParsed: (file) => asModule.has(file),
    mentions: (crate, words) => {
      const index = indexOf(crate);
      if (index === null) return true;
      const likely = words.filter((word) => index.words.mayHave(wordHash(word)));
      if (likely.every((word) => wordHash(word) >= 0)) return likely.length > 0;
      const found = textsOf(crate);
      return found === null || likely.some((word) => found.texts.some((text) => text.includes(word)));
    },
    macros: (crate) => indexOf(crate)?.macros ?? [],
    matches: (crate, pattern) => {
      const found = textsOf(crate);
      return found === null || found.texts.some((text) => pattern.test(text));
    },
    otherNames: (crate, name) => {
      const index = indexOf(crate);
      return index === null ? null : [...(index.renames.get(name) ?? [])];
    },
    text: read,
    textsWith: (crate, word) => {
      const found = textsOf(crate);
      const paths = found?.paths.filter((_, at) => found.texts[at]?.includes(word) === true) ?? [];
      return paths.flatMap((path) => read(path, crate) ?? []);
    },
    forgetTexts: lastTexts.clear,
    native: (crate, words) => nativeText(crate.package.root, roots, words),
    textOf: (file) => table[file]?.text ?? "",
    addText,
    problems: () => problems,
    asked: () => [...new Set([...texts.keys(), ...missing])].sort(),
  };
}

interface ReadFile {
  readonly id: FileId;
  readonly text: string;
  readonly isAscii: boolean;
}

/**
 * Characters of unparsed texts that are kept: those of a program of some eighty crates, and a part of a larger one's; a few crates' after `forgetTexts`,
 * when each is asked little more.
 */
const keptCharacters = 48 << 20;
const keptLater = 8 << 20;

/** The texts of the crates that were read last: each is asked several things, at different times. */
function recentTexts(): {
  get(crate: CrateNode): CrateTexts | null | undefined;
  put(crate: CrateNode, texts: CrateTexts | null): void;
  clear(): void;
} {
  const kept = new Map<CrateNode, { readonly texts: CrateTexts | null; readonly size: number }>();
  let total = 0;
  let limit = keptCharacters;
  return {
    get: (crate) => kept.get(crate)?.texts,
    put(crate, texts) {
      const size = texts?.texts.reduce((sum, text) => sum + text.length, 0) ?? 0;
      kept.set(crate, { texts, size });
      total += size;
      for (const [other, one] of kept) {
        if (total <= limit || other === crate) break;
        kept.delete(other);
        total -= one.size;
      }
    },
    clear() {
      kept.clear();
      total = 0;
      limit = keptLater;
    },
  };
}

/** What is asked of most crates: made while their texts are at hand. */
interface CrateIndex {
  readonly words: WordSet;
  readonly renames: ReadonlyMap<string, ReadonlySet<string>>;
  readonly macros: readonly MacroWords[];
  readonly namesModules: boolean;
}

function indexOfTexts({ texts, namesModules }: CrateTexts): CrateIndex {
  const macros = texts.flatMap((text) => macroWords(text));
  return { words: wordSet(...texts), renames: renamesIn(texts), macros, namesModules };
}

function real(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return directory;
  }
}

function isFile(file: string): boolean {
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
