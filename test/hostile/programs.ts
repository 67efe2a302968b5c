/**
 * Programs written to break an analyser: nesting without end, growth without bound, cycles where none may be, numbers beyond reason.
 *
 * Each is the text of a crate that installs `on_term`, which calls `attack`; `malloc` after it is what must still be found.
 */

/** A handler that calls `attack` and then something that must be found, whatever `attack` is. */
const handler = `
extern "C" { fn signal(s: i32, h: usize) -> usize; fn malloc(n: usize) -> *mut u8; }
extern "C" fn on_term(_: i32) { attack(); unsafe { malloc(1); } }
pub fn main() { unsafe { signal(15, on_term as *const () as usize); } }
`;

const deep = 100_000;
const many = (count: number, made: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => made(index)).join("");
const nest = (open: string, inner: string, close: string, depth: number = deep): string =>
  open.repeat(depth) + inner + close.repeat(depth);
/** The body of `attack`. */
const body = (text: string): string => `${handler}fn attack() { ${text} }`;
const beside = (items: string, text: string = ""): string => `${handler}${items}\nfn attack() { ${text} }`;

/** Deep nesting of everything that nests. */
export const nested: Readonly<Record<string, string>> = {
  parentheses: body(`let x = ${nest("(", "1", ")")};`),
  "open parentheses": body("(".repeat(deep)),
  blocks: body(nest("{", "1", "}")),
  "unsafe blocks": body(nest("unsafe {", "1", "}")),
  arrays: body(`let x = ${nest("[", "1", "]")};`),
  tuples: body(`let x = ${nest("(", "1", ",)")};`),
  references: body(`let x = ${nest("&", "1", "")};`),
  negations: body(`let x = ${nest("-", "1", "")};`),
  nots: body(`let x = ${nest("!", "true", "")};`),
  derefs: body(`let x = ${nest("*", "p", "")};`),
  sums: body(`let x = 1${" + 1".repeat(deep)};`),
  "right sums": body(`let x = ${nest("1 + (", "1", ")")};`),
  comparisons: body(`let x = a${" && a".repeat(deep)};`),
  assignments: body(`${"a = ".repeat(deep)}1;`),
  casts: body(`let x = 1${" as u8".repeat(deep)};`),
  ranges: body(`let x = ${nest("1..(", "1", ")")};`),
  fields: body(`let x = a${".a".repeat(deep)};`),
  methods: body(`let x = a${".a()".repeat(deep)};`),
  questions: body(`let x = a${"?".repeat(deep)};`),
  awaits: body(`let x = a${".await".repeat(deep)};`),
  calls: body(`let x = ${nest("f(", "1", ")")};`),
  "calls of calls": body(`let x = f${"()".repeat(deep)};`),
  indexes: body(`let x = ${nest("a[", "1", "]")};`),
  closures: body(`let x = ${nest("|| ", "1", "")};`),
  "called closures": body(`let x = ${nest("(|| ", "1", ")()", 3000)};`),
  ifs: body(nest("if a {", "1", "}")),
  "else ifs": body(`if a {}${" else if a {}".repeat(deep)}`),
  "if conditions": body(nest("if ", "a", " {}")),
  matches: body(nest("match a { _ => ", "1", "}")),
  loops: body(nest("loop {", "break", "}")),
  whiles: body(nest("while a {", "", "}")),
  fors: body(nest("for a in b {", "", "}")),
  lets: body(nest("let x = {", "1", "};")),
  "let chains": body(`if a${" && let Some(b) = c".repeat(deep)} {}`),
  structs: body(`let x = ${nest("S { a: ", "1", "}")};`),
  breaks: body(`loop { ${nest("break ", "1", "")} }`),
  returns: body(nest("return ", "1", "")),
  asyncs: body(nest("async {", "1", "}")),
  functions: body(nest("fn f() {", "", "}")),
  "types of references": beside(`type A = ${nest("&", "u8", "")};`),
  "types of generics": beside(`type A = ${nest("Option<", "u8", ">")};`, "let x: A;"),
  "types of tuples": beside(`type A = ${nest("(", "u8", ",)")};`, "let x: A;"),
  "types of arrays": beside(`type A = ${nest("[", "u8", "; 1]")};`, "let x: A;"),
  "types of functions": beside(`type A = ${nest("fn(", "u8", ")")};`, "let x: A;"),
  "types of objects": beside(`type A = ${nest("Box<dyn Fn(", "u8", ")>")};`, "let x: A;"),
  "impl types": beside(`fn f() -> ${nest("impl Iterator<Item = ", "u8", ">")} { loop {} }`, "f();"),
  "dyn bounds": beside(`trait T${": T".repeat(3)} {} type A = dyn T${" + T".repeat(deep)};`),
  projections: beside(`type A = ${nest("<", "u8", " as Iterator>::Item")};`, "let x: A;"),
  "path segments": body(`let x = a${"::a".repeat(deep)};`),
  "generic arguments": body(`f::<${nest("Vec<", "u8", ">")}>();`),
  "pattern tuples": body(`let ${nest("(", "a", ",)")} = b;`),
  "pattern references": body(`let ${nest("&", "a", "")} = b;`),
  "pattern bindings": body(`match b { ${nest("a @ ", "_", "")} => {} }`),
  "pattern options": body(`match b { ${nest("Some(", "_", ")")} => {} }`),
  "pattern slices": body(`match b { ${nest("[", "_", "]")} => {} }`),
  "pattern alternatives": body(`match b { ${"1 | ".repeat(deep)}_ => {} }`),
  modules: `${handler}${nest("mod a {", "", "}")} fn attack() {}`,
  "open modules": `${handler}fn attack() {} ${"mod a {".repeat(deep)}`,
  impls: beside(nest("impl A { fn f() {", "", "}}", 20_000)),
  "use trees": beside(`use ${nest("a::{", "b", "}")};`),
  "macro braces": beside(`macro_rules! m { (${nest("(", "", ")")}) => {} } m!(${nest("(", "", ")")});`),
  "macro arguments that are handed on": beside(
    "macro_rules! m { ($($a:tt)*) => { n! { $($a)* } fn made() { $($a)* } struct S; impl S { const A: u8 = $($a)*; } } } macro_rules! n { ($($a:tt)*) => {} }",
    `} m! { ${nest("(", "1", ")")} } fn other() {`,
  ),
  "expressions that are handed on": beside(
    "macro_rules! m { ($a:expr) => { n! { $a } } } macro_rules! n { ($a:expr) => { const A: u8 = $a; } }",
    `} m! { ${nest("(1 + ", "1", ")", 1000)} } fn other() {`,
  ),
  "macro calls": body(nest("m!(", "1", ")")),
  "known macro calls": body(nest("vec![", "1", "]")),
  "format arguments": body(nest('format!("{}", ', "1", ")")),
  "macro repetitions": beside(`macro_rules! m { (${nest("$(", "$a:ident", ")*")}) => {} } m!(a);`),
  attributes: beside(`${"#[a]".repeat(deep)} fn f() {}`),
  "nested attributes": beside(`#[cfg(${nest("not(", "unix", ")")})] fn f() {}`, "f()"),
  cfg_attr: beside(`#[${nest("cfg_attr(unix, ", "inline", ")")}] fn f() {}`, "f()"),
  comments: body(nest("/*", "", "*/")),
  "open comments": body("/*".repeat(deep)),
  "where clauses": beside(`fn f<T>() where ${"T: Copy, ".repeat(deep)} {}`, "f::<u8>()"),
  "closure types": beside(`fn f<T>() where ${nest("Option<", "T", ">")}: Copy {}`, "f::<u8>()"),
  lifetimes: beside(`fn f<${many(deep, (at) => `'a${at}, `)}>() {}`, "f()"),
  labels: body(`${many(20_000, (at) => `'a${at}: {`)}${"}".repeat(20_000)}`),
  "raw strings": body(`let x = r${"#".repeat(deep)}"a"${"#".repeat(deep)};`),
  strings: body(`let x = "${"\\".repeat(deep)}`),
};

/** What grows while it is analysed. */
export const growing: Readonly<Record<string, string>> = {
  "adapters of what is not known": beside(
    "fn p(x: u32) -> u32 { x }",
    `let _ = nowhere()${".map(|x| p(x))".repeat(40)};`,
  ),
  "polymorphic recursion": beside("fn f<T>(n: u8, t: T) { if n > 0 { f(n - 1, Some(t)) } }", "f(9, 1u8);"),
  "doubling recursion": beside("fn f<T: Copy>(n: u8, t: T) { if n > 0 { f(n - 1, (t, t)) } }", "f(9, 1u8);"),
  "two growing ways": beside(
    "fn f<T>(t: T) { f(Some(t)); g((t,)) } fn g<T>(t: T) { f([t]); g(Box::new(t)) }",
    "f(1u8);",
  ),
  "growing closures": beside("fn f<F: Fn()>(n: u8, g: F) { g(); f(n - 1, || g()) }", "f(9, || ());"),
  "growing boxes": beside("fn f(g: Box<dyn Fn()>) { g(); f(Box::new(move || g())) }", "f(Box::new(|| ()));"),
  "growing methods": beside(
    "trait T { fn t(&self); } struct W<A>(A); impl<A: T> T for W<A> { fn t(&self) { W(W(self)).t() } } impl T for u8 { fn t(&self) { W(1u8).t() } } impl<A: T> T for &A { fn t(&self) { (**self).t() } }",
    "1u8.t();",
  ),
  "growing derefs": beside(
    "struct W<T>(T); impl<T> core::ops::Deref for W<T> { type Target = W<W<T>>; fn deref(&self) -> &W<W<T>> { loop {} } }",
    "W(1u8).gone();",
  ),
  "growing projections": beside(
    "trait N { type O; fn n(); } struct S<T>(T); impl<T> N for S<T> { type O = S<S<T>>; fn n() { <<S<T> as N>::O as N>::n() } }",
    "<S<u8> as N>::n();",
  ),
  "doubling types": beside(
    `${many(60, (at) => `type A${at + 1} = (A${at}, A${at});`)} type A0 = Vec<u8>; fn f(_: A60) {}`,
    "let x: A60 = loop {}; f(x);",
  ),
  "doubling structs": beside(
    `struct A0(Vec<u8>); ${many(200, (at) => `struct A${at + 1}(A${at}, A${at});`)} fn f() -> A200 { loop {} }`,
    "let x = f();",
  ),
  "doubling macros": beside(
    `macro_rules! a0 { () => { f(); } } ${many(40, (at) => `macro_rules! a${at + 1} { () => { a${at}!(); a${at}!(); } }`)} fn f() {}`,
    "a40!();",
  ),
  "doubling item macros": `${handler} fn attack() {} macro_rules! m { ($($a:tt)*) => { m!($($a)* $($a)*); } } m!(a);`,
  "endless macros": beside("macro_rules! m { ($($a:tt)*) => { m!(a $($a)*) } }", "m!();"),
  "swelling macros": beside("macro_rules! m { ($($a:tt)*) => { m!($($a)* $($a)*) } }", "m!(a a);"),
  "ambiguous macros": beside(
    "macro_rules! m { ($($($a:ident)*)*; $($b:tt)*) => { m!($($($a)*)* x; $($b)*) }; ($($a:tt)*) => {} }",
    `m!(${"a ".repeat(5000)}; b);`,
  ),
  "macros that define macros": beside(
    "macro_rules! m { ($a:ident) => { macro_rules! $a { ($b:ident) => { m!($b); $a!($b); } } m!(n); n!(m); } } ",
    "m!(n);",
  ),
  "doubling bounds": beside(
    `trait B {} ${many(30, (at) => `impl<T> B for A${at + 1}<T> where A${at}<(T, u8)>: B, A${at}<(u8, T)>: B {} struct A${at + 1}<T>(T);`)} struct A0<T>(T); impl<T> B for A0<T> {} fn f<T: B>() {}`,
    "f::<A30<u8>>();",
  ),
  "clauses about associated types": beside(
    `trait N { type O; } struct S; impl N for S { type O = S; } fn f<${many(16, (at) => `A${at}: N,`)}>() where ${many(16, (at) => `A${at}::O: N, <A${at}::O as N>::O: N,`)} {}`,
    `f::<${"S,".repeat(16)}>();`,
  ),
  "constants that double": beside(
    `const A0: u64 = 1; ${many(200, (at) => `const A${at + 1}: u64 = A${at} + A${at};`)}`,
    "let x = [0u8; A200 as usize];",
  ),
};

/** What leads back to itself. */
export const cyclic: Readonly<Record<string, string>> = {
  aliases: beside("type A = B; type B = A; type C = Option<C>;", "let x: A; let y: C = loop {}; y.z();"),
  supertraits: beside(
    "trait A: B { fn a(&self) {} } trait B: A {} impl A for u8 {} impl B for u8 {}",
    "1u8.a(); 1u8.b();",
  ),
  bounds: beside(
    "trait A { fn a(&self) {} } impl<T> A for T where T: A {} impl<T> A for Vec<T> where Vec<Vec<T>>: A {}",
    "1u8.a(); Vec::<u8>::new().a();",
  ),
  derefs: beside(
    "struct A; struct B; impl core::ops::Deref for A { type Target = B; fn deref(&self) -> &B { loop {} } } impl core::ops::Deref for B { type Target = A; fn deref(&self) -> &A { loop {} } }",
    "A.gone(); A.gone;",
  ),
  constants: beside("const A: usize = B; const B: usize = A + 1; static S: [u8; A] = [0; B];", "let x = [0; A]; x[B];"),
  statics: beside("static A: &B = &B2; static B2: B = B(&A); struct B(&'static &'static B);", "A.0.0.0.0.gone();"),
  structs: beside("struct A(B); struct B(A); struct C { c: C }", "let x: A = loop {}; let y: C = loop {};"),
  imports: beside(
    "pub mod a { pub use super::b::*; } pub mod b { pub use super::a::*; pub use self::x as y; pub use self::y as x; }",
    "a::f(); b::x();",
  ),
  "glob of itself": beside(
    "pub use self::*; pub use crate::*; pub mod m { pub use super::*; pub use self::m as m; }",
    "m::m::m::m::gone();",
  ),
  projections: beside(
    "trait A { type X; } impl A for u8 { type X = <u16 as A>::X; } impl A for u16 { type X = <u8 as A>::X; } fn f() -> <u8 as A>::X { loop {} }",
    "f().gone();",
  ),
  opaques: beside("fn f() -> impl Fn() { let g = f(); move || g() }", "f()();"),
  recursion: beside("fn f() { g() } fn g() { f(); h(&f) } fn h(x: &dyn Fn()) { x(); h(&|| x()) }", "f();"),
  drops: beside(
    "struct A(Option<Box<A>>); impl Drop for A { fn drop(&mut self) { let x = A(None); } }",
    "let x = A(None);",
  ),
  "included files": beside('#[path = "lib.rs"] mod again; include!("lib.rs");', "again::attack();"),
  "modules by path": beside(
    '#[path = "../src/main.rs"] mod again; #[path = "."] mod dot; #[path = ""] mod none;',
    "again::attack();",
  ),
  closures: beside("fn f(g: fn()) { let h = || g(); } static F: fn() = || { F() };", "F(); f(F);"),
  defaults: beside(
    "trait A<T = Self> { fn a() {} } struct S<T = S<T>>(T); impl<T> A for S<T> {}",
    "<S as A>::a(); let x: S;",
  ),
  "const generics": beside(
    "struct A<const N: usize>; impl<const N: usize> A<N> where A<{ N + 1 }>: Sized { fn f() { A::<{ N + 1 }>::f() } }",
    "A::<0>::f();",
  ),
};

const long = 3000;

/** What leads to the next by the thousand. */
export const chains: string = beside(
  [
    `struct S; impl S { fn g(&self) {} } type A0 = S; ${many(long, (at) => `type A${at + 1} = A${at};`)} fn a() -> A${long} { loop {} }`,
    `type B0 = Vec<u8>; ${many(long, (at) => `type B${at + 1} = Option<B${at}>;`)} fn b() -> B${long} { loop {} }`,
    `type C0<T> = (T, S); ${many(long, (at) => `type C${at + 1}<T> = C${at}<T>;`)} fn c() -> C${long}<u8> { loop {} }`,
    `const D0: i32 = 15; ${many(long, (at) => `const D${at + 1}: i32 = D${at};`)}`,
    `fn f0() -> ! { panic!() } ${many(long, (at) => `fn f${at + 1}() -> ! { f${at}() }`)}`,
    `extern "C" { fn write(f: i32, p: *const u8, n: usize) -> isize; } fn g0() { unsafe { write(1, core::ptr::null(), 0); } } ${many(long, (at) => `fn g${at + 1}() { g${at}() }`)}`,
    `fn h0() -> Result<u8, u16> { Err(1) } ${many(long, (at) => `fn h${at + 1}() -> Result<u8, u16> { let x = h${at}()?; Ok(x) }`)}`,
    `static E0: fn() = e; fn e() {} ${many(long, (at) => `static E${at + 1}: &fn() = &E${at};`)}`,
  ].join("\n"),
  `a().g(); g${long}(); h${long}(); if unsafe { *(1 as *const bool) } { f${long}() } let x = b(); c().1.g(); let y = [0u8; D${long} as usize]; E${long}();`,
);

/** Items of more text than is parsed at a time: they are not read, and that is said. */
export const tooLarge: string = beside(
  `enum E { ${many(1_000_000, (at) => `A${at},`)} }`,
  "let x = E::A7; match x { E::A1 => {} _ => {} }",
);

/** Numbers beyond reason. */
export const large: Readonly<Record<string, string>> = {
  alternatives: beside(
    `enum E { ${many(3000, (at) => `V${at}(String),`)} } fn make() -> E { loop {} }`,
    `let s = match make() { E::V0(s)${many(2999, (at) => ` | E::V${at + 1}(s)`)} => s }; drop(s);`,
  ),
  variants: beside(`enum E { ${many(500_000, (at) => `A${at},`)} }`, "let x = E::A7; match x { E::A1 => {} _ => {} }"),
  "a line of megabytes": beside(`const A: &str = "${"x".repeat(3_000_000)}";`, "A.len();"),
  handlers: `${handler}fn attack() {} ${many(10_000, (at) => `extern "C" fn h${at}(_: i32) { unsafe { malloc(${at}); } }`)} pub fn all() { unsafe { ${many(10_000, (at) => `signal(${at % 30}, h${at} as usize);`)} } }`,
  "pointers in an array": beside(
    `${many(10_000, (at) => `fn f${at}() {}`)} static T: [fn(); 10000] = [${many(10_000, (at) => `f${at},`)}];`,
    "T[1](); for f in T { f() }",
  ),
  statements: body(many(20_000, (at) => `let a${at} = Some(${at});`)),
  branches: body(many(5000, (at) => `if a == ${at} { f(${at}); }`)),
  "dropped values": beside(
    "struct D; impl Drop for D { fn drop(&mut self) {} } fn f() -> D { D }",
    many(3000, (at) => `let a${at} = f(); if c { return; }`),
  ),
  arms: body(`match a { ${many(20_000, (at) => `${at} => f(${at}),`)} _ => {} }`),
  functions: beside(
    many(20_000, (at) => `fn f${at}() { f${at + 1}() }`),
    "f0();",
  ),
  implementations: beside(
    `trait T { fn t(&self); } ${many(3000, (at) => `struct S${at}; impl T for S${at} { fn t(&self) {} }`)} fn g(x: &dyn T) { x.t() }`,
    many(3000, (at) => `g(&S${at});`),
  ),
  "generic functions": beside(
    `${many(300, (at) => `fn f${at}<T>(t: T) { f${at + 1}(t) }`)} fn f300<T>(t: T) {}`,
    many(300, (at) => `f0([0u8; ${at}]);`),
  ),
  fields: beside(
    `struct S { ${many(20_000, (at) => `a${at}: Vec<u8>,`)} } fn f() -> S { loop {} }`,
    "let x = f(); x.a9;",
  ),
  parameters: beside(`fn f(${many(5000, (at) => `a${at}: u8,`)}) {}`, `f(${"1,".repeat(5000)});`),
  "type parameters": beside(`fn f<${many(2000, (at) => `T${at},`)}>() {}`, "f();"),
  bytes: beside(`static B: [u8; 500000] = [${"1,".repeat(500_000)}];`, "B[1];"),
  "macro arguments": beside("macro_rules! m { ($($a:expr),*) => { [$($a),*] } }", `m!(${"1,".repeat(50_000)}1);`),
  "a long name": body(`let x = ${"a".repeat(1_000_000)};`),
  "words of imports": beside(`// ${"use ".repeat(250_000)}`),
  "blanks behind a hash": beside(
    `trait T { fn t(&self); } struct S; const _: () = { /* #${" ".repeat(500_000)}x */ impl T for S { fn t(&self) {} } };`,
    "S.t();",
  ),
  imports: beside(
    many(20_000, (at) => `use std::mem as m${at};`),
    "m7::drop(1);",
  ),
  modules: beside(
    many(20_000, (at) => `mod m${at} { pub fn f() {} }`),
    "m7::f();",
  ),
  "values in blocks": beside("fn s() -> String { String::new() } fn g() {}", "{ let x = s(); g(); } ".repeat(5000)),
  "values set in branches": beside(
    "fn s() -> String { String::new() } fn c() -> bool { unsafe { *(1 as *const bool) } }",
    `let mut x = s(); ${"if c() { x = s(); } ".repeat(1500)}`,
  ),
  "errors that return": beside(
    "fn s() -> Result<u8, u16> { Err(1) } fn f() -> Result<u8, u16> { ".concat("s()?; ".repeat(5000), "Ok(1) }"),
    "f();",
  ),
  "changes of errno": body(`unsafe { ${"malloc(1);\n".repeat(15_000)} }`),
  "array length": beside(
    "static A: [u8; 18446744073709551615] = [0; 18446744073709551615]; struct S([Vec<u8>; 340282366920938463463374607431768211455]); fn f() -> S { loop {} }",
    "A[0]; let x = f();",
  ),
};
