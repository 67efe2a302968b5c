/**
 * The native binding, which shares no code with the web-assembly reader, sees the same tree in every source of the fixtures.
 * It is a development dependency that may have to be compiled; where it does not load, this says so and checks nothing.
 */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { packageFile } from "../../src/base/package-file.ts";
import type { FlatTree } from "../../src/syntax/flat-tree.ts";
import { kindOf } from "../../src/syntax/grammar.ts";
import { initParser, parseText } from "../../src/syntax/parser.ts";

interface NativeNode {
  readonly type: string;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly children: readonly NativeNode[];
}
interface NativeParser {
  setLanguage(language: unknown): void;
  parse(text: string): { readonly rootNode: NativeNode };
}

const native: NativeParser | null = loadNative();
const fixtures: string = packageFile("fixtures");
const paths: readonly string[] = readdirSync(fixtures, { recursive: true, encoding: "utf8" }).filter((path) =>
  path.endsWith(".rs"),
);

beforeAll(() => initParser({ grammarWasm: packageFile("assets/tree-sitter-rust.wasm") }));

test.skipIf(native === null)("identical trees in all fixtures", () => {
  expect(paths.length).toBeGreaterThan(10);
  let nodes = 0;
  for (const path of paths) {
    const text = readFileSync(join(fixtures, path), "utf8");
    const tree = parseText(text);
    if (tree === null || native === null) throw new Error("no tree");
    const seen = linesOf(tree);
    expect(seen, path).toEqual(nativeLines(native.parse(text).rootNode));
    nodes += seen.length;
  }
  expect(nodes).toBeGreaterThan(10_000);
});

function linesOf(tree: FlatTree): string[] {
  return Array.from({ length: tree.count }, (_, node) => `${kindOf(tree, node)} ${tree.start[node]} ${tree.end[node]}`);
}

/** Nodes in preorder, comments left out. */
function nativeLines(root: NativeNode): string[] {
  const lines: string[] = [];
  const pending: NativeNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type === "line_comment" || node.type === "block_comment") continue;
    lines.push(`${node.type} ${node.startIndex} ${node.endIndex}`);
    pending.push(...[...node.children].reverse());
  }
  return lines;
}

function loadNative(): NativeParser | null {
  const require = createRequire(import.meta.url);
  try {
    const Parser: new () => NativeParser = require("tree-sitter");
    const parser = new Parser();
    parser.setLanguage(require("tree-sitter-rust"));
    return parser;
  } catch (error) {
    console.warn(`SKIPPED: the native tree-sitter does not load (${String(error).split("\n")[0]}); no second opinion`);
    return null;
  }
}
