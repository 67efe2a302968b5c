/**
 * The crates that rule packs declare, as sources like any other: parsed where what the build has kept of them does not hold (names/restore-store.ts).
 *
 * Input: the printed texts (model/pack-index.ts). Output: crates in dependency order. Their files are no files on disk.
 */
import type { FileId } from "../base/span.ts";
import type { FileItems, Source } from "../syntax/ast.ts";
import { parseItems } from "../syntax/file-items.ts";
import { fileSource } from "../syntax/source.ts";
import { type MacroWords, macroWords } from "./macro-words.ts";
import type { PackCrate } from "./port.ts";

interface PackText {
  readonly name: string;
  readonly text: string;
  readonly deps: readonly string[];
}

/** The crates; `newFile` gives the id of a text that stands for a file of this name. They are parsed when their items are asked for. */
export function packCrates(
  texts: readonly PackText[],
  newFile: (name: string, text: string) => FileId,
): (PackCrate & { readonly source: Source })[] {
  return texts.map(({ name, text, deps }) => {
    const file = newFile(`<${name}>`, text);
    const known = sources.get(text);
    const source = known?.file === file ? known : fileSource(text, file, edition);
    sources.set(text, source);
    return { name, deps, edition, source, items: () => itemsOf(source), macros: () => macrosOf(source) };
  });
}

function itemsOf(source: Source): FileItems {
  const items = parsed.get(source) ?? parseItems(source);
  parsed.set(source, items);
  return items;
}

function macrosOf(source: Source): readonly MacroWords[] {
  const found = macros.get(source) ?? macroWords(source.text);
  macros.set(source, found);
  return found;
}

const edition = "2024";

/** What there was last: every program of a run begins with the same texts under the same ids. */
const sources = new Map<string, Source>();
const parsed = new WeakMap<Source, FileItems>();
const macros = new WeakMap<Source, readonly MacroWords[]>();
