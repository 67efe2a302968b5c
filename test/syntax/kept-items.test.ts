/** Nodes of item trees that were kept are those that parsing gives. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { packageFile } from "../../src/base/package-file.ts";
import { packedReader } from "../../src/base/packed-reader.ts";
import { packedWriter } from "../../src/base/packed-writer.ts";
import { fileId } from "../../src/base/span.ts";
import type { FnItem, Source } from "../../src/syntax/ast.ts";
import { parseItems } from "../../src/syntax/file-items.ts";
import { nodeReader, nodeWriter } from "../../src/syntax/kept-items.ts";
import { lexTokens } from "../../src/syntax/lexer.ts";
import { wholeFn } from "../../src/syntax/lower-placed-fn.ts";
import { initParser } from "../../src/syntax/parser.ts";
import { printTokens } from "../../src/syntax/print-tokens.ts";
import { fileSource, textSource } from "../../src/syntax/source.ts";

await initParser({ grammarWasm: readFileSync(packageFile("assets/tree-sitter-rust.wasm")) });

const written = `#[a(b)] pub(crate) unsafe fn f<T: A>(x: [T; 2]) -> B<'_> where T: C { 1 }
pub struct S<const N: usize = 3>(pub u8); enum E { A = 1, B { x: u8 } } union U { a: u8 }
impl<T> X<T> for S<1> { type Y = T; const Z: u8 = 1; fn g(&mut self); } trait R { fn h() {} }
extern "C" { fn i(x: *const u8, ...); static J: u8; } mod m { use a::{b as c, *}; macro_rules! n { ($x:expr) => { $x + 1.5 } } n!(2); }`;

const file = fileSource(written, fileId(0), "2021");
const call = { file: fileId(0), start: 3, end: 9 };

test.each([
  ["a file", file],
  ["text of our own making", textSource("impl A for Ä { fn b() {} }", call, "derive(A)", "2018")],
  [
    "an expansion",
    printTokens(lexTokens(file, 0, written.length).trees, {
      file: call.file,
      edition: "2024",
      call,
      macro: "m",
      depth: 2,
    }),
  ],
])("%s comes back as it was", (_, source) => {
  const items = parseItems(source);
  const nodes = nodeWriter([file]);
  const out = packedWriter(nodes.own);
  out.value(items);
  out.table("sources", nodes.sources(out));
  const reader = packedReader(Buffer.from(out.finish(null)));
  const copy = fileSource(written, fileId(0), "2021");
  const read = nodeReader(reader, [copy], reader.table("sources"));
  const back = reader.at(0, read) as typeof items;
  expect(source === file ? back.source === copy : seen(back.source)).toEqual(source === file ? true : seen(source));
  expect(shown(back, back.source)).toEqual(shown(items, source));
});

test("a source that nobody could make again is refused", () => {
  const nodes = nodeWriter([]);
  const out = packedWriter(nodes.own);
  out.value({ of: file });
  expect(() => nodes.sources(out)).toThrow("a source of form file");
});

/** What a source says of each place in its text. */
function seen(source: Source): unknown {
  const { file: of, text, edition, expansion } = source;
  const places = [...text].map((_, at) => [source.spanOf(at, at + 1), source.originAt(at), source.contextAt(at)]);
  return { of, text, edition, expansion, places };
}

/** A value with its functions worked out and its source named. */
function shown(value: unknown, source: Source): unknown {
  if (value === source) return "source";
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((one) => shown(one, source));
  const whole = Object.getPrototypeOf(value) === Object.prototype ? value : wholeFn(value as FnItem);
  return Object.fromEntries(Object.entries(whole).map(([key, one]) => [key, shown(one, source)]));
}
