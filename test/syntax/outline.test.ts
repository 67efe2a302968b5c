/**
 * A text's outline holds the same items in the same places as the text: in all sources of the fixtures, and in the shapes
 * that a hand-written walk could get wrong. Where delimiters do not match there is no outline.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { packageFile } from "../../src/base/package-file.ts";
import type { FileId } from "../../src/base/span.ts";
import type { FnItem, Item } from "../../src/syntax/ast.ts";
import { parseItems } from "../../src/syntax/file-items.ts";
import { errorNodes } from "../../src/syntax/flat-tree.ts";
import { fieldChild, kindChild } from "../../src/syntax/grammar.ts";
import { lowerBlock } from "../../src/syntax/lower-block.ts";
import { lowerItems } from "../../src/syntax/lower-item.ts";
import { loweringOf, newArena } from "../../src/syntax/lowering.ts";
import { outlineOf } from "../../src/syntax/outline.ts";
import { parseRange, parseRepaired } from "../../src/syntax/parse-source.ts";
import { initParser } from "../../src/syntax/parser.ts";
import { fileSource } from "../../src/syntax/source.ts";

const fixtures: string = packageFile("fixtures");

beforeAll(() => initParser({ grammarWasm: packageFile("assets/tree-sitter-rust.wasm") }));

test("every source of the fixtures has the items of its outline", () => {
  const paths = readdirSync(fixtures, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".rs"));
  expect(paths.length).toBeGreaterThan(10);
  for (const path of paths) expectSameItems(readFileSync(join(fixtures, path), "utf8"));
});

const shapes: readonly string[] = [
  "fn f() -> [u8; { 1 + 2 }] { body(); }\nfn g() {}",
  "fn f<const N: usize>() -> S<{ N }> where T<{ N }>: U { body() } struct A;",
  "fn f(g: fn(u8) -> u8, h: impl Fn() -> X<Y>) -> impl Iterator<Item = X> { a < b } fn g() { '{' }",
  'impl<const N: usize> T for S<N> { const A: usize = { 1 }; fn f(&self) { "}" } type X = Y; }',
  'trait T { fn f(); fn g() { r#"}"# } const N: usize; }',
  'extern "C" { fn f(a: u8, ...); static S: u8; }',
  "impl T for ! { fn f() { x } } impl !Send for S {} fn g() -> ! { loop {} } fn h() {}",
  "macro_rules! m { ($x:ident) => { fn $x() { '\\'' } }; } m! { fn f() { } } m!(a { b } c); fn g() { h!{} }",
  "const A: [u8; 3] = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c]; fn f() { 1 }",
  "static S: T<{ 1 }> = T { a: 1, b: { fn inner() {} inner() }, c: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] }; fn f() { 1 }",
  "const _: () = { impl X for Y { fn f() { aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa } } }; struct Z;",
  "/* a /* b */ } */ #![x(fn f() {})] // {\n#[doc = \"{\"] pub(crate) const unsafe fn f<'a>() { 'b: loop {} }",
  "struct S { /* c */ a: u8, // d\n b: [u8; { 2 }], c: fn(u8) -> u8 } struct T(u8 /* } */, fn()); enum E { A = { 1 }, B(u8) }",
  "fn r#fn() { 1 } fn é() { \u{1F980} } mod m { fn f() { 1 } mod n { const fn g() { 2 } } }",
  'unsafe extern "C" { pub safe fn f(); } fn g() { 1 }',
  "union U { a: u8 } pub fn f()\n// where?\nwhere T: U, // yes\n{ 1 }",
  "type F = fn(u8); fn f(x: m!(a { b })) -> m![c] { d } const G: fn() -> u8 = || { 1 };",
  "fn f() { if !(a) { return !(b) } while !(c) { break !(d) } match !(e) { _ => g(|x| h!{ x }(1)[i![2]]) } }",
  "fn f() { let s = S { a: b![1], ..c }; fn g<T>() -> [u8; { 1 }] { inner } impl T for U { fn h() { x } } 'l: loop { '{'; } }",
  "fn f() { #[a(b)] m! { c }; /* d */ e /* f */ ; x as u8 < 1; const C: fn(u8) = g; static D: u8 = { fn i() { j } 1 }; }",
  'pub(in a::b) fn f() {} pub crate fn g() {} crate fn h() {} #[a] #![b] fn i() {} extern "C" fn j(); extern r"C" fn k() {}',
  "macro m($a:ident) { fn f() {} } fn g() {} macro n { () => { fn h() {} } } fn i() {}",
  "type A = [u8; { fn f() {} 1 }]; struct B { c: [u8; { fn g() {} 1 }], d: u8 } enum E { F = { fn h() {} 1 } } fn i() {}",
  "impl A<{ fn f() {} 1 }> for B { fn g() {} } trait C where D<{ fn h() {} 2 }>: E { fn i(); } union U { a: u8 } fn j() {}",
  "#[a] fn f() {} #[b] struct S; #[c] m!{} #[d] fn g() {} #[e] m!(); #[f] fn h() {} ; fn i() {}",
  "#!/usr/bin/env run\nfn f() { 1 }// no line break",
  "",
];

test.each(shapes)("%s", (text) => {
  expect(outlineOf(text, "2021", "items")).not.toBeNull();
  expectSameItems(text);
});

test("what is left out is not in the outline", () => {
  const text = "fn f() { secret } // secret\nm!(secret); macro_rules! n { () => { secret } }";
  expect(outlineOf(text, "2021", "item")?.text).toBe("fn f() {} \nm!(); macro_rules! n {}");
  const outline = outlineOf(text, "2021", "items");
  expect(outline?.text).toBe(" \nm!(); macro_rules! n {}");
  expect(outline?.functions).toMatchObject([{ start: 0, end: 17, name: "f", hasBody: true }]);
});

test("a function is left out with its attributes and all that stands before it", () => {
  const text =
    'struct A;\n#[a] /* b */ #[c(d)]\n// e\npub (crate) const unsafe extern "C" /* f */ fn g(/* h */) -> i { j } impl B { fn k(&self); default async fn r#l() {} const M: fn(u8) = n; }';
  const outline = outlineOf(text, "2021", "items");
  expect(outline?.text).toBe("struct A;\n impl B {   const M: fn(u8) = n; }");
  expect(outline?.functions).toMatchObject([
    { name: "g", hasBody: true, attrs: [{ start: 10 }, { start: 23 }] },
    { name: "k", hasBody: false },
    { name: "l", hasBody: true },
  ]);
});

test("a body keeps its statements, and not what only its macros and inner functions hold", () => {
  const outline = outlineOf("fn f() { a(b); // c\n m!(d); fn g() { e } !(h) }", "2021", "body");
  expect(outline?.text).toBe("fn f() { a(b); \n m!(); fn g() {} !(h) }");
});

test("delimiters that do not match give none", () => {
  for (const text of ["fn f() { ( }", "fn f() {", "}", "mod m { fn f() }", "const A: u8 = (];", "m!{ ( }"])
    expect(outlineOf(text, "2021", "items")).toBeNull();
});

test("whatever the text, an outline is no longer than it", () => {
  const word = fc.constantFrom(
    ..."fn f g const static = ; { } ( ) [ ] < > -> ! # macro_rules \" ' /* */ // \n r#\" \"# 'a b'c' impl for".split(
      " ",
    ),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), (words) => {
      const text = words.join(" ");
      const outline = outlineOf(text, "2021", "items");
      return outline === null || outline.text.length <= text.length;
    }),
    { numRuns: 2000, seed: 1 },
  );
});

/** Compares with the items of the whole text, where that has no errors of its own. */
function expectSameItems(text: string): void {
  const source = fileSource(text, 0 as FileId, "2021");
  const tree = parseRepaired(text, "2021");
  if (tree === null) throw new Error("no tree");
  const { items, innerAttrs } = lowerItems(loweringOf(tree, source, 0, newArena()), 0);
  const made = parseItems(source);
  if (errorNodes(tree).length > 0) return;
  expect(plain(made.items)).toBe(plain(items));
  expect(plain(made.innerAttrs)).toBe(plain(innerAttrs));
  for (const item of functionsOf(items)) expectSameBody(item);
}

/** Compares the tree of a function's body with that of its whole text, statement for statement. */
function expectSameBody(item: FnItem): void {
  const text = item.source.text.slice(item.start, item.end);
  const tree = parseRepaired(text, "2021");
  const outlined = parseRange(item.source, item.start, item.end);
  if (tree === null || outlined === null) throw new Error("no tree");
  const [one, other] = [loweringOf(tree, item.source, item.start, newArena()), outlined].map((l) => {
    const node = kindChild(l.tree, 0, "function_item");
    return plain(lowerBlock(l, fieldChild(l.tree, node, "body")));
  });
  expect(other).toBe(one);
}

function functionsOf(items: readonly Item[]): FnItem[] {
  return items.flatMap((item) => {
    if (item.k === "fn") return item.hasBody ? [item] : [];
    return "items" in item && item.items !== null ? functionsOf(item.items) : [];
  });
}

/** Without sources and the numbers of patterns: those of parameters count from 0 in each function that is parsed by itself. */
function plain(value: unknown): string {
  return JSON.stringify(value, (key, inner) => {
    if (key === "source" || key === "id") return undefined;
    return isFn(inner) ? partsOf(inner) : inner;
  });
}

function isFn(value: unknown): value is FnItem {
  return typeof value === "object" && value !== null && "k" in value && value.k === "fn" && "hasBody" in value;
}

function partsOf(item: FnItem): readonly unknown[] {
  const { attrs, vis, name, span, keySpan, start, end, broken, hasBody } = item;
  const { generics, selfParam, params, variadic, ret, async, unsafe, const: isConst, default: isDefault, abi } = item;
  const place = [attrs, vis, name, span, keySpan, start, end, broken, hasBody];
  return [place, generics, selfParam, params, variadic, ret, async, unsafe, isConst, isDefault, abi];
}
