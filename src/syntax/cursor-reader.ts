/**
 * Reads a tree through the public TreeCursor of web-tree-sitter: the slow, plain way, and the oracle of `memory-reader.ts`.
 */
import type { Tree } from "web-tree-sitter";
import { type FlatBuilder, growBuilder, missingFlag, namedFlag } from "./flat-tree.ts";

/** Fills a builder with all nodes of a tree but those of the given kinds (comments), which are skipped whole. */
export function readWithCursor(tree: Tree, builder: FlatBuilder, skipped: ReadonlySet<number>): void {
  const cursor = tree.walk();
  const open: number[] = [];
  builder.count = 0;
  try {
    for (;;) {
      const kind = cursor.nodeTypeId;
      if (!skipped.has(kind)) {
        if (builder.count === builder.kind.length) growBuilder(builder);
        const at = builder.count;
        builder.count += 1;
        builder.kind[at] = kind;
        builder.start[at] = cursor.startIndex;
        builder.end[at] = cursor.endIndex;
        builder.field[at] = cursor.currentFieldId;
        builder.flags[at] = (cursor.nodeIsNamed ? namedFlag : 0) | (cursor.nodeIsMissing ? missingFlag : 0);
        builder.next[at] = builder.count;
        if (cursor.gotoFirstChild()) {
          open.push(at);
          continue;
        }
      }
      while (!cursor.gotoNextSibling()) {
        const parent = open.pop();
        if (parent === undefined) return;
        builder.next[parent] = builder.count;
        cursor.gotoParent();
      }
    }
  } finally {
    cursor.delete();
  }
}
