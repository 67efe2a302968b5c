/**
 * The reader of web-assembly memory sees exactly what the public cursor sees: in all Rust sources of the fixtures, in the
 * same sources broken at random, and in texts with characters outside the first plane. It refuses what it does not know.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { Language, Parser } from "web-tree-sitter";
import { packageFile } from "../../src/base/package-file.ts";
import { readWithCursor } from "../../src/syntax/cursor-reader.ts";
import { errorNodes, type FlatTree, finishTree, flatBuilder, sameTree } from "../../src/syntax/flat-tree.ts";
import { type MemoryReader, memoryReader, type WasmViews } from "../../src/syntax/memory-reader.ts";

const fixtures: string = packageFile("fixtures");
const sources: readonly string[] = readdirSync(fixtures, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".rs"))
  .sort()
  .map((path) => readFileSync(join(fixtures, path), "utf8"));

const views: WasmViews = {};
let parser: Parser;
let language: Language;
let read: MemoryReader;
let comments: ReadonlySet<number>;

beforeAll(async () => {
  await Parser.init(views);
  language = await Language.load(readFileSync(packageFile("assets/tree-sitter-rust.wasm")));
  parser = new Parser();
  parser.setLanguage(language);
  comments = new Set(["line_comment", "block_comment"].map((name) => language.idForNodeType(name, true) ?? -1));
  const found = memoryReader(language, views);
  if (found === null) throw new Error("memoryReader refuses the grammar that ships");
  read = found;
});

test("in every source of the fixtures", () => {
  expect(sources.length).toBeGreaterThan(10);
  for (const text of sources) expect(agree(text)).toBe(true);
});

test("with comments kept", () => {
  for (const text of sources.slice(0, 10)) expect(agree(text, new Set())).toBe(true);
});

test("in sources that lost a part or have some twice", () => {
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.constantFrom(...sources), place, place, place, (text, a, b, c) => {
      const [from, to] = [Math.floor(a * text.length), Math.floor(b * text.length)];
      const broken = text.slice(0, from) + text.slice(to, to + Math.floor(c * 2000));
      return agree(broken.slice(0, 20_000));
    }),
    { numRuns: 60, seed: 1 },
  );
});

test("in token soup", () => {
  const word = fc.constantFrom(
    ...'fn impl < > ( ) { } [ ] :: ; , & && | || => -> = == # ! ? . .. ..= \' " \'a x T 1 1.0 "s" r#"q"# b\'c\' /*'.split(
      " ",
    ),
    ..."*/ // \n match let if else for in while loop unsafe async move dyn pub crate self Self where use mod as const".split(
      " ",
    ),
    "\u{1F980}",
    "é",
    "\ud83e",
    "\0",
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 200 }), (words) => agree(words.join(" "))),
    { numRuns: 300, seed: 2 },
  );
});

test("in a deep text and in one that makes the memory grow", () => {
  const deep = `fn f() { ${"(".repeat(20_000)}1${")".repeat(20_000)} }`;
  expect(agree(deep)).toBe(true);
  expect(agree(`const A: [u8; 1] = [${"1, ".repeat(150_000)}];`)).toBe(true);
});

test("what is missing is seen, and what is wrong", () => {
  const flat = treesOf("fn f() { let a = ; g(1 }", comments)[1];
  expect(flat === undefined ? 0 : errorNodes(flat).length).toBeGreaterThan(0);
});

test("a module that hides its memory is refused", () => {
  expect(memoryReader(language, {})).toBeNull();
  expect(memoryReader({} as Language, views)).toBeNull();
});

function agree(text: string, skipped: ReadonlySet<number> = comments): boolean {
  const [one, other] = treesOf(text, skipped);
  return one !== undefined && other !== undefined && sameTree(one, other);
}

function treesOf(text: string, skipped: ReadonlySet<number>): FlatTree[] {
  const tree = parser.parse(text);
  if (tree === null) throw new Error("no tree");
  try {
    return [readWithCursor, read].map((reader) => {
      const builder = flatBuilder();
      reader(tree, builder, skipped);
      return finishTree(builder);
    });
  } finally {
    tree.delete();
  }
}
