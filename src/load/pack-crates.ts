/**
 * The crates that rule packs declare, parsed like any other text.
 *
 * Input: the printed texts (model/pack-index.ts), and what `npm run build` has kept of them by their hashes: a text that users' packs changed
 * has another one, and is parsed. Output: item trees in dependency order. Their files are no files on disk.
 */
import type { FileId } from "../base/span.ts";
import { sha256 } from "../base/stable-hash.ts";
import type { FileItems } from "../syntax/ast.ts";
import { parseFile } from "../syntax/file-items.ts";
import { itemsKept, type KeptItems, keepItems } from "../syntax/kept-items.ts";
import { fileSource } from "../syntax/source.ts";
import type { PackCrate } from "./port.ts";

interface PackText {
  readonly name: string;
  readonly text: string;
  readonly deps: readonly string[];
}

/** Item trees by the hash of their text. */
export type KeptPacks = Readonly<Record<string, KeptItems>>;

/** The parsed crates; `newFile` gives the id of a text that stands for a file of this name. */
export function parsePackCrates(
  texts: readonly PackText[],
  newFile: (name: string, text: string) => FileId,
  kept: () => KeptPacks | null = () => null,
): PackCrate[] {
  return texts.map(({ name, text, deps }) => {
    const file = newFile(`<${name}>`, text);
    let items = parsed.get(text);
    if (items?.source.file !== file) {
      const known = kept()?.[sha256(text)];
      items = known === undefined ? parseFile(text, file, edition) : itemsKept(known, fileSource(text, file, edition));
    }
    parsed.set(text, items);
    return { name, deps, edition, items };
  });
}

/** What a later run may take instead of parsing the texts. */
export function keepPackCrates(texts: readonly PackText[]): KeptPacks {
  const file = 0 as FileId;
  return Object.fromEntries(texts.map(({ text }) => [sha256(text), keepItems(parseFile(text, file, edition))]));
}

const edition = "2021";

/** What was parsed last: every program of a run begins with the same texts under the same ids. */
const parsed = new Map<string, FileItems>();
