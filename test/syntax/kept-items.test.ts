/** Item trees that were kept are those that parsing gives. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { packageFile } from "../../src/base/package-file.ts";
import { fileId } from "../../src/base/span.ts";
import { indexPacks } from "../../src/model/pack-index.ts";
import type { FnItem, Source } from "../../src/syntax/ast.ts";
import { parseFile } from "../../src/syntax/file-items.ts";
import { itemsKept, keepItems } from "../../src/syntax/kept-items.ts";
import { wholeFn } from "../../src/syntax/lower-placed-fn.ts";
import { initParser } from "../../src/syntax/parser.ts";
import { fileSource } from "../../src/syntax/source.ts";
import { shippedPacks } from "../calls/program-of.ts";

await initParser({ grammarWasm: readFileSync(packageFile("assets/tree-sitter-rust.wasm")) });

const written = `#[a(b)] pub(crate) unsafe fn f<T: A>(x: [T; 2]) -> B<'_> where T: C { 1 }
pub struct S<const N: usize = 3>(pub u8); enum E { A = 1, B { x: u8 } } union U { a: u8 }
impl<T> X<T> for S<1> { type Y = T; const Z: u8 = 1; fn g(&mut self); } trait R { fn h() {} }
extern "C" { fn i(x: *const u8, ...); static J: u8; } mod m { use a::{b as c, *}; macro_rules! n { ($x:expr) => { $x + 1.5 } } n!(2); }`;

const texts = [
  ["a written one", written] as const,
  ...indexPacks(shippedPacks()).texts.map(({ name, text }) => [name, text] as const),
];

test.each(texts)("%s comes back as it was, in another file", (_, text) => {
  const kept = JSON.parse(JSON.stringify(keepItems(parseFile(text, fileId(7), "2021"))));
  const parsed = parseFile(text, fileId(3), "2021");
  const source = fileSource(text, fileId(3), "2021");
  const back = itemsKept(kept, source);
  expect(back.source).toBe(source);
  expect(shown(back, source)).toEqual(shown(parsed, parsed.source));
});

/** A value with its functions worked out and its source named. */
function shown(value: unknown, source: Source): unknown {
  if (value === source) return "source";
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((one) => shown(one, source));
  const whole = Object.getPrototypeOf(value) === Object.prototype ? value : wholeFn(value as FnItem);
  return Object.fromEntries(Object.entries(whole).map(([key, one]) => [key, shown(one, source)]));
}
