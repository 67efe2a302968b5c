/**
 * Which macros that a crate can call could write a word: by the text of their definitions, through macros that call such macros too.
 *
 * Whoever looks for the callers of a function by its name must look for the callers of these macros as well. A crate can call its own
 * macros, those that crates it reaches export, and those of std, which no crate of the program holds; what a macro writes is looked up where it is
 * called, so that only those count on the way too.
 * Nothing is parsed; names are not told apart by module.
 */
import { addTo } from "../base/add-to.ts";
import { wordHash } from "../base/word-set.ts";
import type { CrateId, CrateNode, Program } from "../crates/crate-graph.ts";
import { reachedFrom } from "../crates/reached.ts";
import type { FilePort, PackCrate } from "../load/port.ts";

/** Macros that a crate can call and that could write one of the words; with no crate given, those of any crate. */
export type MacroWordsLookUp = (words: readonly string[], crate: CrateId | null) => readonly string[];

export interface MacroWordsIndex {
  readonly mentioning: MacroWordsLookUp;
  /** Are there definitions of a macro of this name that the crate can call, and none of them can write the name itself? What it can write is told by `mentioning` then. */
  isToldByWords(name: string, crate: CrateId): boolean;
}

/** A look-up of macro names by words; the definitions of a crate are read when it, or one that reaches it, is first asked of. */
export function createMacroWords(program: Program, files: FilePort, packs: readonly PackCrate[]): MacroWordsIndex {
  let made: GrowingIndex | null = null;
  const index = (crates: Iterable<CrateId>): Index => {
    made ??= startIndex(files, packs);
    for (const id of crates) {
      const node = program.crates[id];
      if (node !== undefined) made.add(node);
    }
    return made;
  };
  const memo = new Map<string, readonly string[]>();
  const reached = new Map<CrateId, ReadonlySet<CrateId>>();
  const reachedBy = (crate: CrateId): ReadonlySet<CrateId> => {
    const seen = reached.get(crate) ?? reachedFrom(program, crate);
    reached.set(crate, seen);
    return seen;
  };
  return {
    mentioning(words, crate) {
      const key = `${crate}:${words.join(" ")}`;
      const known = memo.get(key);
      if (known !== undefined) return known;
      const seen = crate === null ? null : reachedBy(crate);
      const among = seen ?? program.crates.map((one) => one.id);
      const list = [...namesFrom(index(among), words, crate, seen)].sort();
      memo.set(key, list);
      return list;
    },
    isToldByWords(name, crate) {
      const seen = reachedBy(crate);
      const callable = (index(seen).byName.get(wordHash(name)) ?? []).filter((one) => isCallable(one, crate, seen));
      return callable.length > 0 && callable.every((one) => !one.namesItself);
    },
  };
}

function isCallable({ home, exported }: Definition, crate: CrateId, reached: ReadonlySet<CrateId>): boolean {
  return home === null || home === crate || (exported && reached.has(home));
}

function namesFrom(
  { writers, callers }: Index,
  words: readonly string[],
  crate: CrateId | null,
  reached: ReadonlySet<CrateId> | null,
): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (list: readonly Definition[] = []): void => {
    for (const one of list)
      if (reached === null || crate === null || isCallable(one, crate, reached)) found.add(one.name);
  };
  for (const word of words) add(writers.get(wordHash(word)));
  // A set grows while it is walked: callers of callers are found too.
  for (const name of found) add(callers.get(wordHash(name)));
  return found;
}

interface Definition {
  readonly name: string;
  /** Null: a pack, which every crate reaches. */
  readonly home: CrateId | null;
  readonly exported: boolean;
  /** Its own name stands in its rules otherwise than as a macro's. */
  readonly namesItself: boolean;
}

/** Macros by the hash of a word: those that hold it, and those that call or hand on a macro of that name. */
interface Index {
  readonly writers: ReadonlyMap<number, readonly Definition[]>;
  readonly callers: ReadonlyMap<number, readonly Definition[]>;
  readonly byName: ReadonlyMap<number, readonly Definition[]>;
}

interface GrowingIndex extends Index {
  /** Adds the macros of a crate, once. */
  add(crate: CrateNode): void;
}

/** An index of what packs define. */
function startIndex(files: FilePort, packs: readonly PackCrate[]): GrowingIndex {
  const writers = new Map<number, Definition[]>();
  const callers = new Map<number, Definition[]>();
  const byName = new Map<number, Definition[]>();
  const added = new Set<CrateId>();
  const addAll = (home: CrateId | null, all: ReturnType<PackCrate["macros"]>): void => {
    // A `macro` item finds the macros of its own crate wherever it is called.
    const open = all.some(({ isItem }) => isItem);
    for (const { name, words, macros, exported } of all) {
      const own = wordHash(name);
      const definition: Definition = { name, home, exported: exported || open, namesItself: words.has(own) };
      addTo(byName, own, definition);
      for (const word of words) if (word !== own) addTo(writers, word, definition);
      for (const macro of macros) if (macro !== own && isCalled(home, macro)) addTo(callers, macro, definition);
    }
  };
  // What stands in a pack calls macros of packs alone.
  const ofPacks = new Set(packs.flatMap((pack) => pack.macros().map(({ name }) => wordHash(name))));
  const isCalled = (home: CrateId | null, macro: number): boolean => home !== null || ofPacks.has(macro);
  for (const pack of packs) addAll(null, pack.macros());
  return {
    writers,
    callers,
    byName,
    add: (crate) => {
      if (added.has(crate.id)) return;
      added.add(crate.id);
      addAll(crate.id, files.macros(crate));
    },
  };
}
