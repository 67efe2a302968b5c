/** One line for each construct that the grammar does not know: it is repaired, nothing moves, strings and comments stay. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { packageFile } from "../../src/base/package-file.ts";
import { fileId } from "../../src/base/span.ts";
import type { Edition } from "../../src/syntax/ast.ts";
import { parseFile } from "../../src/syntax/file-items.ts";
import { errorNodes } from "../../src/syntax/flat-tree.ts";
import { normalise } from "../../src/syntax/normalise.ts";
import { parseRepaired } from "../../src/syntax/parse-source.ts";
import { initParser, parseText } from "../../src/syntax/parser.ts";

beforeAll(() => initParser({ grammarWasm: readFileSync(packageFile("assets/tree-sitter-rust.wasm")) }));

const repaired: readonly (readonly [text: string, edition?: Edition])[] = [
  ['unsafe extern "C" { fn a(); static B: u8; }'],
  ["unsafe extern { fn a(); }"],
  ['unsafe extern "C" { safe fn a(); safe static B: u8; }'],
  ["fn f(raw: u8) { g(&raw); }"],
  ["fn f() -> Result<(), ()> { try!(g()); Ok(()) }", "2015"],
  ["auto trait A {}"],
  ["fn f(raw: [u8; 3]) { g(&raw[..]) }"],
  ['extern "C" { pub type A; }'],
  ["macro m($a:ty) { $a } fn f() {}"],
  ["pub macro m { ($a:ty) => { $a } } fn f() {}"],
  ["const trait A {} impl const A for B {}"],
  ["default impl<T> A for T {}"],
  ["fn f<T: ~const A>() {}"],
  ["fn f(a: A<>) {}"],
  ["fn f<T: A +>() where T: B +, {}"],
  ["trait A: B<C = Self> + D + { fn f(); } trait E: F + where Self: G {}"],
  ["trait A: where for<'a> &'a Self: B {}"],
  ["impl<T, U> A for B<T> where T: , U: C {} fn f<T>() where T: {}"],
  ["struct A where B: C + D; struct E<T>(T);"],
  ["impl<'a, C:> A for B<'a, C> where D::<E, F>: G {}"],
  ["type A = Box<dyn 'static + B + Send>;"],
  ["fn f() { a.b()\n#[cfg(c)]\n.d() }"],
  ["fn f() -> A::<T> { x.cast::<B::<T, U>>() as *const C::<fn() -> T>; let y: a::D::<T> = z; }"],
  ["impl A for B::<T> {}"],
  ["fn f(a: &mut [B::<u8>], b: [a::B::<u8>; 4], c: (C::<T>, D::<T>)) {}"],
  ["struct A { b: [B::<u8>; 3], c: C::<T> } enum D { E { f: F::<T> } } struct G(H::<T>, [H::<T>; 2]);"],
  ["fn f(a: A<[B::<u8>]>, b: A<u8, (C::<T>, D::<T>)>) { a.b::<(u8, [C::<T>; 2])>() }"],
  ["type A = *const [B::<T>]; static X: [B::<u8>; 1] = [f::<u8>()]; impl A for [B::<T>] {}"],
  ["fn f() { let mut a: [B::<u8>; 3] = [C::<u8>; 3]; g(|a: &[B::<T>]| 1); let h: fn(B::<T>) -> B::<T> = g::<T>; }"],
  ["fn f() { let A { b, #[cfg(c)] d, .. } = e; match x { a::B { #[cfg(c)] d, e: 1 } => {} _ => {} } }"],
  ["fn f() { (1, #[expect(clippy::x)] a.b()) }"],
  ["type A = B<-5, 5>; fn f() { let x: C<1, -2> = y; }"],
  ["impl<T> A for T where (): B<T>, T: C, (): D {}"],
  ["impl<T> A for T where ( ) : B<T>, T: C, ( ) : D {}"],
  ["fn f() { g(|a: fn(&mut _)| 1) }"],
  ["macro_rules! m { ($a:ident, $) => { n!($a, [$]) } }"],
  ["macro_rules! m { (~ $a:ident) => {} }"],
  ['fn f() { let a = str!["a"]; u16!(1); let b = f32::<_, E>(c)(d); }'],
  ["fn f() { let A::<S> { rc, value } = x; if let a::B::<S, [u8; 2]> { c } = y {} }"],
  ["fn f() { match x { A::B { 0: n, 1: _ } => n, _ => 2 }; }"],
  ["fn f() { match x { A::B { #[cfg(a)] d, v, .. } if v => { 1 } _ => 2 }; }"],
  ["fn f() { match t { T(c::L { #[cfg(w)] inner: F(l), .. }) => 1, L { #[cfg(w)] a, .. } | M { a } => 2 }; }"],
  ["fn f() { if a.b() as size_t <= len { } while (*a).b() as libc::c_long <= c as libc::c_long {} }"],
  ["fn f() -> [u8; 2] { 'l: loop { if a { break 'l [1, 2]; } match b { 1 => break [3; 2], _ => break |x: u8| x } } }"],
  ["fn f() -> impl Fn() -> u8 { return || -> u8 { 3 } }"],
  ["fn f() { g(loop { break || -> B<u8> { C } }) }"],
  ["fn f() { gen::<u8>() }"],
  ["fn f() { let a = async(); let async = a + async; }", "2015"],
  ["const default: u8 = 1; fn f() -> u8 { default }"],
];

for (const [text, edition = "2021"] of repaired) {
  test(`${text}: the grammar itself`, () => {
    const tree = parseRepaired(text, edition);
    expect(tree === null ? [] : errorNodes(tree)).toEqual([]);
    expect(normalise(text, edition)).toHaveLength(text.length);
  });
}

test("without their repairs, most of them are errors", () => {
  const understood = repaired.filter(([text]) => {
    const tree = parseText(text);
    return tree !== null && errorNodes(tree).length === 0;
  });
  expect(understood.map(([text]) => text)).toEqual([]);
});

for (const [text, edition = "2021"] of repaired) {
  test(text, () => {
    const items = parseFile(text, fileId(0), edition);
    expect(items.errors).toEqual([]);
    expect(items.items.length).toBeGreaterThan(0);
    expect(items.source.text).toBe(text);
  });
}

test("names are read from the text as it was written", () => {
  const { items } = parseFile('unsafe extern "C" { safe fn abc(); }', fileId(0), "2024");
  const [block] = items;
  expect(block?.k === "extern-block" ? block.items.map(({ k, name }) => ({ k, name })) : null).toEqual([
    { k: "fn", name: "abc" },
  ]);
});

test("strings and comments are left alone", () => {
  for (const text of [
    'const A: &str = "unsafe extern { &raw }";',
    "// unsafe extern { safe fn }\n",
    '/* &raw */ const B: &str = r#"safe fn"#;',
  ]) {
    expect(normalise(text, "2021")).toBe(text);
  }
});

test("any text keeps its length and its lines", () => {
  const words =
    "unsafe extern safe fn raw & try ! pub type macro auto default const trait impl ~ < > + # [ ] { } ( ) . ; a \n \" ' 1";
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words.split(" ")), { maxLength: 40 }), (parts) => {
      const text = parts.join(" ");
      const now = normalise(text, "2021");
      expect(now.length).toBe(text.length);
      expect(now.split("\n").map((line) => line.length)).toEqual(text.split("\n").map((line) => line.length));
    }),
    { numRuns: 300, seed: 3 },
  );
});
