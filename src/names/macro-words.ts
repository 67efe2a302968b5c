/**
 * Which macros of the program could write a word: by the text of their definitions, through macros that call such macros too.
 *
 * Whoever looks for the callers of a function by its name must look for the callers of these macros as well.
 */
import { wordHash } from "../base/word-set.ts";
import type { Program } from "../crates/crate-graph.ts";
import type { FilePort } from "../load/port.ts";

const rounds = 4;

/** A look-up of macro names by words; the definitions are read when it is first asked. */
export function createMacroWords(program: Program, files: FilePort): (words: readonly string[]) => readonly string[] {
  let index: ReadonlyMap<number, ReadonlySet<string>> | null = null;
  const memo = new Map<string, readonly string[]>();
  return (words) => {
    const key = words.join(" ");
    const known = memo.get(key);
    if (known !== undefined) return known;
    index ??= indexOf(program, files);
    const found = new Set<string>();
    let wanted: readonly string[] = words;
    for (let round = 0; round < rounds && wanted.length > 0; round += 1) {
      const next = wanted.flatMap((word) => [...(index?.get(wordHash(word)) ?? [])]).filter((name) => !found.has(name));
      for (const name of next) found.add(name);
      wanted = next;
    }
    const list = [...found].sort();
    memo.set(key, list);
    return list;
  };
}

function indexOf(program: Program, files: FilePort): Map<number, Set<string>> {
  const index = new Map<number, Set<string>>();
  for (const crate of program.crates) {
    for (const { name, words } of files.macros(crate)) {
      const own = wordHash(name);
      for (const word of words) {
        if (word === own) continue;
        const macros = index.get(word) ?? new Set<string>();
        macros.add(name);
        index.set(word, macros);
      }
    }
  }
  return index;
}
