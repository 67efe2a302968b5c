/**
 * The crates that rule packs declare, parsed like any other text.
 *
 * Input: the printed texts (model/pack-index.ts). Output: item trees in dependency order. Their files are no files on disk.
 */
import type { FileId } from "../base/span.ts";
import type { FileItems } from "../syntax/ast.ts";
import { parseFile } from "../syntax/file-items.ts";
import type { PackCrate } from "./port.ts";

/** The parsed crates; `newFile` gives the id of a text that stands for a file of this name. */
export function parsePackCrates(
  texts: readonly { readonly name: string; readonly text: string; readonly deps: readonly string[] }[],
  newFile: (name: string, text: string) => FileId,
): PackCrate[] {
  return texts.map(({ name, text, deps }) => {
    const file = newFile(`<${name}>`, text);
    let items = parsed.get(text);
    if (items?.source.file !== file) items = parseFile(text, file, "2021");
    parsed.set(text, items);
    return { name, deps, edition: "2021", items };
  });
}

/** What was parsed last: every program of a run begins with the same texts under the same ids. */
const parsed = new Map<string, FileItems>();
