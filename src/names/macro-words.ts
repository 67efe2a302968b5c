/**
 * Which macros that a crate can call could write a word: by the text of their definitions, through macros that call such macros too.
 *
 * Whoever looks for the callers of a function by its name must look for the callers of these macros as well. A crate can call its own
 * macros, and those that crates it reaches export; what a macro writes is looked up where it is called, so that only those count on the way too.
 * Nothing is parsed; names are not told apart by module.
 */
import { wordHash } from "../base/word-set.ts";
import type { CrateId, Program } from "../crates/crate-graph.ts";
import { reachedFrom } from "../crates/reached.ts";
import type { FilePort } from "../load/port.ts";

/** Macros that a crate can call and that could write one of the words; with no crate given, those of any crate. */
export type MacroWordsLookUp = (words: readonly string[], crate: CrateId | null) => readonly string[];

/** A look-up of macro names by words; the definitions are read when it is first asked. */
export function createMacroWords(program: Program, files: FilePort): MacroWordsLookUp {
  let index: Index | null = null;
  const memo = new Map<string, readonly string[]>();
  const reached = new Map<CrateId, ReadonlySet<CrateId>>();
  return (words, crate) => {
    const key = `${crate}:${words.join(" ")}`;
    const known = memo.get(key);
    if (known !== undefined) return known;
    index ??= indexOf(program, files);
    let seen: ReadonlySet<CrateId> | null = null;
    if (crate !== null) {
      seen = reached.get(crate) ?? reachedFrom(program, crate);
      reached.set(crate, seen);
    }
    const list = [...namesFrom(index, words, crate, seen)].sort();
    memo.set(key, list);
    return list;
  };
}

function namesFrom(
  { writers, callers }: Index,
  words: readonly string[],
  crate: CrateId | null,
  reached: ReadonlySet<CrateId> | null,
): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (list: readonly Definition[] = []): void => {
    for (const { name, home, exported } of list)
      if (reached === null || home === crate || (exported && reached.has(home))) found.add(name);
  };
  for (const word of words) add(writers.get(wordHash(word)));
  // A set grows while it is walked: callers of callers are found too.
  for (const name of found) add(callers.get(wordHash(name)));
  return found;
}

interface Definition {
  readonly name: string;
  readonly home: CrateId;
  readonly exported: boolean;
}

/** Macros by the hash of a word: those that hold it, and those that call or hand on a macro of that name. */
interface Index {
  readonly writers: ReadonlyMap<number, readonly Definition[]>;
  readonly callers: ReadonlyMap<number, readonly Definition[]>;
}

function indexOf(program: Program, files: FilePort): Index {
  const writers = new Map<number, Definition[]>();
  const callers = new Map<number, Definition[]>();
  for (const crate of program.crates) {
    const all = files.macros(crate);
    // A `macro` item finds the macros of its own crate wherever it is called.
    const open = all.some(({ isItem }) => isItem);
    for (const { name, words, macros, exported } of all) {
      const own = wordHash(name);
      const definition: Definition = { name, home: crate.id, exported: exported || open };
      for (const word of words) if (word !== own) put(writers, word, definition);
      for (const macro of macros) if (macro !== own) put(callers, macro, definition);
    }
  }
  return { writers, callers };
}

function put(table: Map<number, Definition[]>, key: number, definition: Definition): void {
  const list = table.get(key);
  if (list === undefined) table.set(key, [definition]);
  else list.push(definition);
}
