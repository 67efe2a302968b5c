/**
 * Files that the grammar does not understand: those in which ERROR nodes are left after repair, over all sources of packages.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { packageFile } from "../../src/base/package-file.ts";
import type { CrateNode } from "../../src/crates/crate-graph.ts";
import { errorNodes } from "../../src/syntax/flat-tree.ts";
import { parseRepaired } from "../../src/syntax/parse-source.ts";
import { initParser } from "../../src/syntax/parser.ts";

export interface ParseHealth {
  readonly files: number;
  readonly packages: number;
  /** `package file` of those in which ERROR nodes are left. */
  readonly broken: readonly string[];
}

/** Looks at each package of the crates once, and at none of `seen`, to which they are added. */
export async function parseHealth(crates: readonly CrateNode[], seen: Set<string>): Promise<ParseHealth> {
  await initParser({ grammarWasm: packageFile("assets/tree-sitter-rust.wasm") });
  const byPackage = new Map(crates.map((crate) => [crate.package.id, crate]));
  const fresh = [...byPackage].filter(([id]) => !seen.has(id)).sort(([a], [b]) => (a < b ? -1 : 1));
  const broken: string[] = [];
  let files = 0;
  for (const [id, crate] of fresh) {
    seen.add(id);
    for (const file of rustFiles(path.dirname(crate.rootFile))) {
      files += 1;
      const tree = parseRepaired(readFileSync(file, "utf8"), crate.edition);
      if (tree === null || errorNodes(tree).length > 0) broken.push(`${id} ${path.relative(crate.package.root, file)}`);
    }
  }
  return { files, packages: fresh.length, broken };
}

function rustFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory()) return rustFiles(at);
    return entry.isFile() && entry.name.endsWith(".rs") ? [at] : [];
  });
}
