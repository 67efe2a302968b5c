/**
 * Items that macros make: told from tokens as the parser tells them, and what stands in them there for whoever asks, however it asks.
 */
import { describe, expect, test } from "vitest";
import type { FileId } from "../../src/base/span.ts";
import type { DefId } from "../../src/names/defs.ts";
import { heads } from "../../src/names/heads.ts";
import type { ImplTokens, SelfTokens } from "../../src/names/impl-tokens.ts";
import { partsOf } from "../../src/names/item-tokens.ts";
import type { TokenTree } from "../../src/syntax/ast.ts";
import { lexTokens } from "../../src/syntax/lexer.ts";
import { fileSource } from "../../src/syntax/source.ts";
import { programOf, type TestProgram } from "../calls/program-of.ts";

const split = (text: string): { readonly impls: readonly ImplTokens[]; readonly rest: readonly TokenTree[] } => {
  const parts = partsOf(lexTokens(fileSource(text, 0 as FileId, "2021"), 0, text.length).trees, "impls");
  return {
    impls: parts.flatMap((one) => (one.k === "impl" ? [one] : [])),
    rest: parts.flatMap((one) => (one.k === "rest" ? one.trees : [])),
  };
};

const headNames = new Map<string | null, string>([
  [null, "param"],
  [heads.ref(true), "ref mut"],
  [heads.ref(false), "ref"],
  [heads.ptr(true), "ptr mut"],
  [heads.ptr(false), "ptr"],
  [heads.slice, "slice"],
  [heads.array, "array"],
  [heads.tuple(1), "tuple 1"],
  [heads.tuple(3), "tuple 3"],
]);

const shown = (self: SelfTokens): string =>
  self.k === "path"
    ? self.path.segments.map((one) => one.name).join("::")
    : self.k === "head"
      ? (headNames.get(self.head) ?? String(self.head))
      : self.k;

describe("headers from tokens", () => {
  test.each([
    ["impl Tr for S {}", "Tr", "S"],
    [
      "unsafe impl<T: Fn(u8) -> u8, const N: usize> a::Tr<[T; N], { N + 1 }> for b::S<T> where T: Copy {}",
      "a::Tr",
      "b::S",
    ],
    ["impl<'a, T> Tr for &'a mut T {}", "Tr", "ref mut"],
    ["impl<T> Tr for *const T {}", "Tr", "ptr"],
    ["impl<T> Tr for T where for<'a> &'a T: Tr {}", "Tr", "param"],
    ["impl<T> Tr for (T, Vec<(T, T)>, u8) {}", "Tr", "tuple 3"],
    ["impl Tr for (u8,) {}", "Tr", "tuple 1"],
    ["impl Tr for (u8) {}", "Tr", "open"],
    ["impl Tr for [u8] {}", "Tr", "slice"],
    ["impl Tr for [u8; 4] {}", "Tr", "array"],
    ["impl<T: Iterator> Tr for T::Item {}", "Tr", "open"],
    ["impl Tr for <S as A>::B {}", "Tr", "open"],
    ["impl Tr for dyn Other + Send {}", "Tr", "open"],
    ["impl Tr for for<'a> fn(&'a u8) {}", "Tr", "open"],
    ['#[doc = "x"] #[inline] impl S<u8> { fn f() {} }', null, "S"],
  ])("%s", (text, trait, self) => {
    const { impls, rest } = split(text);
    expect(rest).toEqual([]);
    expect(
      impls.map((one) => [one.trait?.segments.map(({ name }) => name).join("::") ?? null, shown(one.self)]),
    ).toEqual([[trait, self]]);
  });
  test("a negative impl is known for one", () => {
    expect(split("impl !Send for S {}").impls.map((one) => one.negative)).toEqual([true]);
  });
  test.each([
    "#[cfg(unix)] impl Tr for S {}",
    "#[async_trait] impl Tr for S {}",
    "impl Tr for made!() {}",
    "impl<T> Fn(T) -> u8 for S {}",
    "let x = 1; impl Tr for S {}",
    "macro_rules! m { () => {} } impl Tr for S {}",
    "fn f() -> impl Tr { S }",
    "type T = impl Tr;",
  ])("left to the parser: %s", (text) => {
    const { impls, rest } = split(text);
    expect(impls).toEqual([]);
    expect(rest.length).toBeGreaterThan(0);
  });
  test("what stands before and behind stays, in its order", () => {
    const text =
      "struct A(u8); impl Tr for A {} const C: [u8; { 1 }] = { [1] }; pub(crate) fn f<T>(t: T) -> Vec<T> where T: Tr { x } unsafe impl Send for A {} m!(A); enum E { V }";
    const { impls, rest } = split(text);
    expect(impls.map((one) => one.trait?.segments[0]?.name)).toEqual(["Tr", "Send"]);
    expect(rest.filter((tree) => tree.k === "ident").map((tree) => tree.k === "ident" && tree.text)).toEqual(
      "struct A const C pub fn f T Vec T where T Tr enum E".split(" ").flatMap((word) => (word === "" ? [] : [word])),
    );
  });
});

const text = `
pub trait Tr { fn go(&self) -> u8; fn more(&self) {} }
pub struct A; pub struct B<T>(T); pub struct C;
mod other { pub use crate::Tr as Renamed; pub type Alias = crate::C; }
macro_rules! make {
  ($t:ty, $n:expr) => { impl Tr for $t { fn go(&self) -> u8 { target(); $n } } };
}
macro_rules! all {
  ($($t:ident)*) => { $(impl $t { pub fn own(&self) { target() } })* impl other::Renamed for other::Alias { make_go!(); } };
}
macro_rules! make_go { () => { fn go(&self) -> u8 { target(); 3 } }; }
make!(A, 1);
make!(B<u8>, 2);
all!(A C);
pub fn target() {}
pub fn f() { A.go(); }
pub fn g() { B(1u8).go(); }
pub fn h() { C.go(); C.more(); }
pub fn i() { A.own(); C.own(); }
`;

describe("macro calls from tokens", () => {
  test("calls that end a statement, in their order", () => {
    const source = "a!(1); b::c! { x } __dollar_crate_3::d![y]; struct S; e! { z } f!(not this) g!(w);";
    const { trees } = lexTokens(fileSource(source, 0 as FileId, "2021"), 0, source.length);
    const told = partsOf(trees, "calls").map((one) =>
      one.k === "call"
        ? `${one.path.dollarCrate ?? ""}${one.path.segments.map(({ name }) => name).join("::")}${one.semi ? ";" : ""}`
        : one.k,
    );
    expect(told).toEqual(["a;", "b::c", "3d;", "rest", "e", "rest"]);
  });
  test("what a macro hands on is what it was given", async () => {
    const text = `
      pub fn low() {} pub fn high() {}
      macro_rules! inner {
        ($e:expr) => { pub fn f() { if $e * 2 == 16 { low() } else { high() } } };
        (of $t:ty, $n:ident) => { pub fn $n(x: &$t) { x.go() } };
      }
      macro_rules! outer { ($e:expr, $t:ty) => { inner!($e); inner! { of $t, g } }; }
      pub trait Go { fn go(&self); } pub struct S; impl Go for S { fn go(&self) { low() } }
      outer!(7 + 1, dyn Go + Send);
      pub fn h() { g(&S) }`;
    const program = await programOf([{ name: "kit", text }]);
    expect(reachedFrom(program, "kit::f")).toEqual(["kit::low"]);
    expect(reachedFrom(program, "kit::h")).toEqual(["<kit::S as kit::Go>::go", "kit::g", "kit::low"]);
  });
});

describe("named items from tokens", () => {
  test("kinds, names and who may see them", () => {
    const source =
      '#[doc = "x"] pub struct A { x: u8 } struct B<T: Fn(u8)>(T); pub(crate) struct C; pub union U { a: u8 } enum E { V } pub(in a::b) const K: [u8; { 1 }] = { [1] }; ' +
      'static mut S: u8 = 0; type T<X> = Vec<X>; pub unsafe extern "C" fn f() {} const fn g<const N: usize>() -> [u8; { N }] { [0; N] } const _: () = (); fn h() { use x::y; } trait Q {}';
    const { trees } = lexTokens(fileSource(source, 0 as FileId, "2021"), 0, source.length);
    const parts = partsOf(trees, "all");
    const told = parts.flatMap((one) =>
      one.k === "named"
        ? [
            `${one.kind} ${one.name} ${one.vis.k === "restricted" ? one.vis.path.join("::") : one.vis.k}${one.isValue ? " value" : ""}`,
          ]
        : [],
    );
    expect(told).toEqual([
      "struct A public",
      "struct B private value",
      "struct C crate value",
      "struct U public",
      "enum E private",
      "const K a::b",
      "static S private",
      "type-alias T private",
      "fn f public",
      "fn g private",
    ]);
    const words = parts.map((one) =>
      one.k === "rest" ? one.trees.flatMap((tree) => (tree.k === "ident" ? [tree.text] : [])).join(" ") : one.k,
    );
    expect(words.slice(10)).toEqual(["const _ fn h trait Q"]);
  });
});

const namedText = `
pub struct Field; impl Field { pub fn go(&self) {} }
impl Clone for Field { fn clone(&self) -> Field { cloned() } }
pub fn cloned() -> Field { Field }
macro_rules! make {
  ($name:ident) => {
    #[derive(Clone)] pub struct $name { #[cfg(windows)] other: u8, pub field: Field }
    #[derive(Clone)] pub enum Kind { #[cfg(windows)] Gone, Tuple(Field), Named { it: Field } }
    pub const MAKE: fn() -> Field = cloned;
    pub static HELD: u8 = 1;
    pub type Other = $name;
    #[cfg(windows)] pub fn make() { missing() }
    #[cfg(not(windows))] pub fn make() -> $name { $name { field: cloned() } }
    #[test] fn tests() { missing() }
    pub struct Pair(Field, u8);
  };
}
make!(Made);
pub fn f(m: &Made) { m.field.go(); }
pub fn g(m: &Made) { m.clone(); }
pub fn h(k: &Kind) { match k { Kind::Tuple(a) => a.go(), Kind::Named { it } => it.go() } }
pub fn i() -> Other { make() }
pub fn j() { Pair(Field, 1).0.go() }
pub fn k() { MAKE(); }
`;

describe("named items that macros make", () => {
  test.each([
    ["kit::f", ["kit::Field::go"]],
    [
      "kit::g",
      ["<kit::Field as core::clone::Clone>::clone", "<kit::Made as core::clone::Clone>::clone", "kit::cloned"],
    ],
    ["kit::h", ["kit::Field::go"]],
    ["kit::i", ["kit::cloned", "kit::make"]],
    ["kit::j", ["kit::Field::go"]],
    ["kit::k", ["kit::cloned"]],
  ])("what %s reaches", async (from, wanted) => {
    const program = await programOf([{ name: "kit", text: namedText }]);
    expect(reachedFrom(program, from)).toEqual([...wanted].sort());
  });
  test("who calls a function is found in what nobody has read, derived code too", async () => {
    const { names, bodies, def } = await programOf([{ name: "kit", text: namedText }]);
    const { crate } = names.def(def("kit::cloned") as DefId);
    expect(bodies.mentioning(crate, ["cloned"]).map((id) => names.pathOf(id))).toEqual(
      expect.arrayContaining(["kit::make", "kit::MAKE", "<kit::Field as core::clone::Clone>::clone"]),
    );
    expect(bodies.mentioning(crate, ["clone"]).map((id) => names.pathOf(id))).toEqual(
      expect.arrayContaining(["<kit::Made as core::clone::Clone>::clone", "<kit::Kind as core::clone::Clone>::clone"]),
    );
    expect(bodies.mentioning(crate, ["missing"])).toEqual([]);
  });
});

function reachedFrom(program: TestProgram, from: string): readonly string[] {
  const reached = program
    .graph([from])
    .nodes.flatMap(({ what }) => (what.k === "body" ? [program.names.pathOf(what.key.def)] : []));
  return [...new Set(reached.filter((one) => one !== from))].sort();
}

describe("impls that macros make", () => {
  test.each([
    ["kit::f", ["<kit::A as kit::Tr>::go"]],
    ["kit::g", ["<kit::B as kit::Tr>::go"]],
    ["kit::h", ["<kit::other::Alias as kit::Tr>::go", "kit::Tr::more"]],
    ["kit::i", ["kit::A::own", "kit::C::own"]],
  ])("calls of %s", async (from, wanted) => {
    const program = await programOf([{ name: "kit", text }]);
    expect(reachedFrom(program, from).filter((one) => one !== "kit::target")).toEqual([...wanted].sort());
  });
  test("whoever goes through all definitions finds their members", async () => {
    const { names, bodies, def } = await programOf([{ name: "kit", text }]);
    const { crate } = names.def(def("kit::target") as DefId);
    const calls = bodies.mentioning(crate, ["target"]).map((id) => names.pathOf(id));
    expect(calls.filter((path) => path.endsWith("::go"))).toHaveLength(3);
    expect(calls.filter((path) => path.endsWith("::own"))).toHaveLength(2);
  });
});

test("what cannot be read is told with its text, when somebody reads it", async () => {
  const broken =
    "pub struct S; macro_rules! m { () => { impl S { fn f() {} ? ? fn g() { signal() } } } } m!(); pub fn h() {}";
  const { names, bodies, def } = await programOf([{ name: "kit", text: broken }]);
  const { crate } = names.def(def("kit::h") as DefId);
  bodies.mentioning(crate, ["h"]);
  expect(names.problems()).toEqual([]);
  bodies.mentioning(crate, ["signal"]);
  expect(names.problems().map((one) => [one.reason, one.inside?.includes("signal")])).toEqual([["parse-error", true]]);
});
