/**
 * Source files of a package that stand below a crate's root file and are no module of it that was seen: what only a macro declares that was not
 * expanded, what a cfg leaves out, or what nobody declares at all.
 */
import path from "node:path";
import type { CrateNode } from "../crates/crate-graph.ts";
import type { FilePort } from "../load/port.ts";

/** Those in which the word stands, with their paths from the root file's directory. */
export function strayTexts(
  files: FilePort,
  node: CrateNode,
  word: string,
): readonly { readonly path: string; readonly text: string }[] {
  const root = path.dirname(node.rootFile);
  return files.textsWith(node, word).flatMap(({ id, text }) => {
    const from = path.relative(root, files.pathOf(id)).replaceAll("\\", "/");
    return files.isParsed(id) || from.startsWith("..") ? [] : [{ path: from, text }];
  });
}
