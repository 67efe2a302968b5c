/** Lowering throws for no text, however malformed or deep, and its spans lie in the text. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { packageFile } from "../../src/base/package-file.ts";
import { fileId } from "../../src/base/span.ts";
import type { FnItem, Item } from "../../src/syntax/ast.ts";
import { lowerFnBody } from "../../src/syntax/body.ts";
import { parseFile } from "../../src/syntax/file-items.ts";
import { initParser, maxTextLength } from "../../src/syntax/parser.ts";

const fixtures: string = packageFile("fixtures");
const sources: readonly string[] = readdirSync(fixtures, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".rs"))
  .sort()
  .map((path) => readFileSync(join(fixtures, path), "utf8"))
  .filter((text) => text.length < 30_000);

beforeAll(() => initParser({ grammarWasm: readFileSync(packageFile("assets/tree-sitter-rust.wasm")) }));

test("the sources of the fixtures have no errors", () => {
  expect(sources.length).toBeGreaterThan(10);
  for (const text of sources) expect(lowerAll(text)).toBe(0);
});

test("sources that lost a part", () => {
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.constantFrom(...sources), place, place, (text, a, b) => {
      const [from, to] = [Math.floor(a * text.length), Math.floor(b * text.length)].sort((x, y) => x - y);
      lowerAll(text.slice(0, from) + text.slice(to));
    }),
    { numRuns: 80, seed: 4 },
  );
});

test("any characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
      lowerAll(text);
      lowerAll(`fn f() { ${text} }`);
    }),
    { numRuns: 200, seed: 5 },
  );
});

test("nesting of any depth ends in an error node, not in a stack overflow", () => {
  for (const [open, close] of [
    ["(", ")"],
    ["{", "}"],
    ["&", ""],
    ["if a {", "}"],
    ["a[", "]"],
    ["f(", ")"],
    ["-", ""],
  ]) {
    const n = 5000;
    lowerAll(`fn f() { let x = ${(open ?? "").repeat(n)}1${(close ?? "").repeat(n)}; }`);
  }
  lowerAll(`type A = ${"Vec<".repeat(3000)}u8${">".repeat(3000)};`);
  lowerAll(`${"mod a { ".repeat(3000)}${"}".repeat(3000)}`);
});

test("lines of a megabyte", () => {
  const million = 1_000_000;
  for (const text of [
    `const A: &[u8] = &[${"1,".repeat(million / 2)}];`,
    `fn f() { g(${"1,".repeat(million / 10)}) }`,
    `fn f() { ${"x".repeat(million)} }`,
    `/*${"*".repeat(million)}`,
    `"${"\\".repeat(million)}`,
    `m!{${"(".repeat(million / 10)}`,
    `${"#".repeat(million / 10)}`,
    `// ${"\u{1F980}".repeat(million / 2)}`,
  ])
    lowerAll(text);
});

test("a text that cannot be parsed in time has no items and says so", () => {
  const tooLong = "x;".repeat(maxTextLength / 2 + 1);
  expect(parseFile(tooLong, fileId(0), "2021")).toMatchObject({ items: [], errors: [{ start: 0 }] });
});

/** Lowers every item and body; the number of errors. */
function lowerAll(text: string): number {
  const file = parseFile(text, fileId(0), "2021");
  let errors = file.errors.length;
  const stack: Item[] = [...file.items];
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    expect(item.span.start).toBeGreaterThanOrEqual(0);
    expect(item.span.end).toBeLessThanOrEqual(text.length);
    if (item.k === "fn") errors += lowerFnBody(item as FnItem)?.errors.length ?? 0;
    else if ("items" in item && item.items !== null) stack.push(...(item.items as readonly Item[]));
  }
  return errors;
}
