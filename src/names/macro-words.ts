/**
 * Which macros of the program could write a word: by the text of their definitions, through macros that call such macros too.
 *
 * Whoever looks for the callers of a function by its name must look for the callers of these macros as well.
 */
import { wordHash } from "../base/word-set.ts";
import type { Program } from "../crates/crate-graph.ts";
import type { FilePort } from "../load/port.ts";

/** A look-up of macro names by words; the definitions are read when it is first asked. */
export function createMacroWords(program: Program, files: FilePort): (words: readonly string[]) => readonly string[] {
  let index: Index | null = null;
  const memo = new Map<string, readonly string[]>();
  return (words) => {
    const key = words.join(" ");
    const known = memo.get(key);
    if (known !== undefined) return known;
    index ??= indexOf(program, files);
    const found = new Set(words.flatMap((word) => index?.writers.get(wordHash(word)) ?? []));
    // A set grows while it is walked: callers of callers are found too.
    for (const name of found) for (const caller of index.callers.get(wordHash(name)) ?? []) found.add(caller);
    const list = [...found].sort();
    memo.set(key, list);
    return list;
  };
}

/** Names of macros by the hash of a word: those that hold it, and those that call or hand on a macro of that name. */
interface Index {
  readonly writers: ReadonlyMap<number, readonly string[]>;
  readonly callers: ReadonlyMap<number, readonly string[]>;
}

function indexOf(program: Program, files: FilePort): Index {
  const writers = new Map<number, string[]>();
  const callers = new Map<number, string[]>();
  for (const crate of program.crates) {
    for (const { name, words, macros } of files.macros(crate)) {
      const own = wordHash(name);
      for (const word of words) if (word !== own) put(writers, word, name);
      for (const macro of macros) if (macro !== own) put(callers, macro, name);
    }
  }
  return { writers, callers };
}

function put(table: Map<number, string[]>, key: number, name: string): void {
  const list = table.get(key);
  if (list === undefined) table.set(key, [name]);
  else list.push(name);
}
