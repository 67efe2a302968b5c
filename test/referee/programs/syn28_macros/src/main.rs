//! macros by example that make functions, impls, consts and modules; modules, re-exports, nested items, shadowing, cfg
use std::hint::black_box;
macro_rules! make_fn { ($name:ident, $body:expr) => { fn $name(s: i32) -> usize { black_box(s); $body } } }
make_fn!(mk_clean, 3);
make_fn!(mk_alloc, vec![1, 2].len());
macro_rules! handlers { ($($name:ident => $call:expr;)*) => { $(extern "C" fn $name(s: i32) { black_box($call(s)); })* fn install() { $(unsafe { libc::signal(libc::SIGUSR1, $name as *const () as libc::sighandler_t); })* } } }
macro_rules! newtype { ($(#[$m:meta])* $v:vis struct $n:ident($t:ty);) => { $(#[$m])* $v struct $n($t); impl $n { pub fn new(t: $t) -> Self { $n(t) } pub fn get(&self) -> &$t { &self.0 } } impl From<$t> for $n { fn from(t: $t) -> Self { $n(t) } } } }
newtype! { #[derive(Clone, Debug)] pub struct Name(String); }
newtype! { #[derive(Clone, Copy)] struct Id(u32); }
macro_rules! impl_size { ($($n:expr),*) => { $(impl Sized2 for [u8; $n] { fn size2() -> usize { $n } fn heap() -> usize { vec![0u8; $n].len() } })* } }
trait Sized2 { fn size2() -> usize; fn heap() -> usize; }
impl_size!(1, 2, 4);
macro_rules! count { () => { 0 }; ($h:tt $($t:tt)*) => { 1 + count!($($t)*) } }
macro_rules! max { ($x:expr) => { $x }; ($x:expr, $($r:expr),+) => {{ let a = $x; let b = max!($($r),+); if a > b { a } else { b } }} }
macro_rules! hashmap { ($($k:expr => $v:expr),* $(,)?) => {{ let mut m = std::collections::BTreeMap::new(); $(m.insert($k, $v);)* m }} }
macro_rules! with_closure { ($f:expr) => { (|x: i32| $f(x))(1) } }
macro_rules! ops { ($t:ty, $($tr:ident :: $m:ident => $op:tt),*) => { $(impl std::ops::$tr for $t { type Output = $t; fn $m(self, o: $t) -> $t { <$t>::of(self.0 $op o.0) } })* } }
#[derive(Clone, Copy, PartialEq, Eq)] struct Num(i32); impl Num { fn of(n: i32) -> Num { Num(n) } }
ops!(Num, Add::add => +, Sub::sub => -, Mul::mul => *);
struct Big(Vec<i32>); 
macro_rules! wrap_mod { ($m:ident, $e:expr) => { mod $m { pub fn run() -> usize { $e } pub mod inner { pub fn deep() -> usize { super::run() + 1 } } } } }
wrap_mod!(clean_mod, 1);
wrap_mod!(alloc_mod, String::from("abc").len());
mod outer { pub mod a { pub fn f() -> usize { super::b::g() } } mod b { pub(super) fn g() -> usize { Box::new(1u32).count_ones() as usize } pub fn unused() -> Vec<u8> { vec![1] } } pub use self::a::f as renamed; pub mod prelude { pub use super::a::*; pub use super::T1; } #[derive(Default)] pub struct T1(pub u8); impl T1 { pub fn go(&self) -> u8 { self.0 } } pub fn hold() -> Vec<u8> { b::unused() } }
use outer::prelude::*;
mod shadow { pub fn vec(_: i32) -> usize { 3 } }
#[cfg(windows)] fn os() -> usize { vec![1].len() } #[cfg(not(windows))] fn os() -> usize { 2 }
#[cfg(target_os = "linux")] mod plat { pub fn go() -> usize { 1 } } #[cfg(not(target_os = "linux"))] mod plat { pub fn go() -> usize { vec![1].len() } }
struct Guard<F: FnMut()>(F); impl<F: FnMut()> Drop for Guard<F> { fn drop(&mut self) { (self.0)() } }
macro_rules! defer { ($($b:tt)*) => { let _g = Guard(|| { $($b)* }); } }
fn nested(s: i32) -> i32 { fn inner(s: i32) -> i32 { s + 1 } struct L(i32); impl L { fn g(&self) -> i32 { inner(self.0) } } L(s).g() }
fn call_mk_clean(s: i32) -> usize { mk_clean(s) } fn call_mk_alloc(s: i32) -> usize { mk_alloc(s) }
fn call_names(_: i32) -> usize { Name::new("x".to_string()).get().len() } fn call_ids(s: i32) -> u32 { *Id::from(s as u32).get() }
fn call_sizes(_: i32) -> usize { <[u8; 2]>::size2() + <[u8; 4]>::size2() } fn call_heap(_: i32) -> usize { <[u8; 2]>::heap() }
fn call_count(s: i32) -> i32 { count!(a b c) + max!(s, 3, 4) } fn call_map(s: i32) -> usize { hashmap! { 1 => s, 2 => s }.len() }
fn call_closure(_: i32) -> usize { with_closure!(mk_alloc) } fn call_closure_clean(_: i32) -> usize { with_closure!(mk_clean) }
fn call_ops(s: i32) -> i32 { (Num(s) + Num(1) * Num(2) - Num(1)).0 } fn call_mods(_: i32) -> usize { clean_mod::run() + clean_mod::inner::deep() } fn call_alloc_mod(_: i32) -> usize { alloc_mod::inner::deep() }
fn call_reexport(_: i32) -> usize { outer::renamed() + f() } fn call_glob(_: i32) -> u8 { T1::default().go() } fn call_shadow(s: i32) -> usize { use shadow::vec; vec(s) }
fn call_cfg(_: i32) -> usize { os() + plat::go() + if cfg!(windows) { vec![1].len() } else { 0 } }
fn call_defer(s: i32) -> i32 { defer! { black_box(vec![s]); } s } fn call_defer_clean(s: i32) -> i32 { defer! { black_box(s); } s }
handlers! { h_mk_clean => call_mk_clean; h_mk_alloc => call_mk_alloc; h_names => call_names; h_ids => call_ids; h_sizes => call_sizes; h_heap => call_heap; h_count => call_count; h_map => call_map; h_closure => call_closure; h_closure_clean => call_closure_clean; h_ops => call_ops; h_mods => call_mods; h_alloc_mod => call_alloc_mod; h_reexport => call_reexport; h_glob => call_glob; h_shadow => call_shadow; h_cfg => call_cfg; h_defer => call_defer; h_defer_clean => call_defer_clean; h_nested => nested; }
fn main() { black_box(outer::hold()); black_box(Big(vec![1]).0.len()); install(); unsafe { libc::raise(libc::SIGUSR1); } }
