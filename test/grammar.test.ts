/**
 * The grammar that ships is the one that was measured, byte for byte, and both bindings can load it from where they look:
 * web-tree-sitter finds its own wasm, and the native binding (development only) comes with a prebuilt one.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { Language, Parser } from "web-tree-sitter";
import { packageFile } from "../src/base/package-file.ts";
import { sha256 } from "../src/base/stable-hash.ts";

const require: NodeJS.Require = createRequire(import.meta.url);
const shipped: Uint8Array = readFileSync(packageFile("assets/tree-sitter-rust.wasm"));

test("assets/tree-sitter-rust.wasm is that of tree-sitter-rust 0.24.0", () => {
  expect(sha256(shipped)).toBe("f65f354215611fd94ad34134b3427eb3d58cbb745df7b6509ba722184db73d57");
  expect(sha256(readFileSync(require.resolve("tree-sitter-rust/tree-sitter-rust.wasm")))).toBe(sha256(shipped));
  expect(require("tree-sitter-rust/package.json").version).toBe("0.24.0");
});

test("its licence stands beside it", () => {
  const licence = readFileSync(require.resolve("tree-sitter-rust/LICENSE"), "utf8");
  expect(readFileSync(packageFile("assets/tree-sitter-rust.LICENSE"), "utf8")).toContain(licence);
});

test("web-tree-sitter parses with it", async () => {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(shipped));
  const tree = parser.parse("fn main() {}");
  expect(tree?.rootNode.toString()).toContain("function_item");
  tree?.delete();
  parser.delete();
});

test("the native binding parses alike", () => {
  const NativeParser: new () => {
    setLanguage(language: unknown): void;
    parse(text: string): { readonly rootNode: { toString(): string } };
  } = require("tree-sitter");
  const parser = new NativeParser();
  parser.setLanguage(require("tree-sitter-rust"));
  expect(parser.parse("fn main() {}").rootNode.toString()).toContain("function_item");
});
