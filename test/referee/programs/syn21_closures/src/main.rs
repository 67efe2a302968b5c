//! closures: captured, boxed, in structs, returned, FnMut state, recursion by fn, by reference, generic storage
use std::hint::black_box;
use std::sync::Arc;
fn call<F: FnOnce() -> R, R>(f: F) -> R { f() }
fn call_mut(mut f: impl FnMut(i32)) { f(1); f(2) }
fn call_dyn(f: &dyn Fn(i32) -> i32, s: i32) -> i32 { f(s) }
fn call_dyn_mut(f: &mut dyn FnMut(i32), s: i32) { f(s) }
struct Lazy<F: Fn() -> T, T> { f: F }
impl<F: Fn() -> T, T> Lazy<F, T> { fn new(f: F) -> Self { Lazy { f } } fn get(&self) -> T { (self.f)() } }
struct Visitor<'a> { on: &'a mut dyn FnMut(i32) }
impl Visitor<'_> { fn visit(&mut self, n: i32) { if n > 0 { (self.on)(n); self.visit(n - 1) } } }
fn adder(n: i32) -> impl Fn(i32) -> i32 { move |x| x + n }
fn vec_maker(n: i32) -> impl Fn(i32) -> Vec<i32> { move |x| vec![x; n as usize] }
fn boxed_adder(n: i32) -> Box<dyn Fn(i32) -> i32> { Box::new(move |x| x + n) }
fn curry(a: i32) -> impl Fn(i32) -> Box<dyn Fn(i32) -> i32> { move |b| Box::new(move |c| a + b + c) }
fn with_guard<R>(f: impl FnOnce(&mut [i32; 4]) -> R) -> R { let mut a = [0; 4]; let r = f(&mut a); black_box(&a); r }
struct Builder { steps: Vec<Box<dyn Fn(i32) -> i32 + Send + Sync>> }
static mut BUILDER: Option<Builder> = None;
static HOOK: &(dyn Fn(i32) -> i32 + Sync) = &|x| x * 2;
static HOOK_ALLOC: &(dyn Fn(i32) -> i32 + Sync) = &|x| *Box::new(x);
fn fix(n: i32, f: &dyn Fn(i32) -> i32) -> i32 { if n == 0 { 0 } else { f(n) + fix(n - 1, f) } }
fn retry<T, E>(times: u32, mut f: impl FnMut(u32) -> Result<T, E>) -> Result<T, E> { let mut i = 0; loop { match f(i) { Ok(v) => return Ok(v), Err(e) if i >= times => return Err(e), Err(_) => i += 1 } } }
extern "C" fn h_once(s: i32) { black_box(call(|| vec![s])); }
extern "C" fn h_once_clean(s: i32) { black_box(call(|| s + 1)); }
extern "C" fn h_capture_move(s: i32) { let v = String::from("x"); let f = move || v.len() + s as usize; black_box(f()); }
extern "C" fn h_mut(s: i32) { let mut v = Vec::new(); call_mut(|x| v.push(x + s)); black_box(&v); }
extern "C" fn h_mut_clean(s: i32) { let mut n = 0; call_mut(|x| n += x + s); black_box(n); }
extern "C" fn h_dyn(s: i32) { black_box(call_dyn(&|x| Box::new(x as u32).count_ones() as i32, s)); }
extern "C" fn h_dyn_clean(s: i32) { black_box(call_dyn(&|x| x - 1, s)); }
extern "C" fn h_dyn_mut(s: i32) { let mut v = vec![0]; call_dyn_mut(&mut |x| v.push(x), s); }
extern "C" fn h_struct(s: i32) { let l = Lazy::new(|| vec![s]); black_box(l.get()); }
extern "C" fn h_struct_clean(s: i32) { let l = Lazy::new(|| s * 2); black_box(l.get()); }
extern "C" fn h_visitor(s: i32) { let mut v = Vec::new(); Visitor { on: &mut |n| v.push(n) }.visit(s); }
extern "C" fn h_visitor_clean(s: i32) { let mut sum = 0; Visitor { on: &mut |n| sum += n }.visit(s); black_box(sum); }
extern "C" fn h_returned(s: i32) { black_box(vec_maker(2)(s)); }
extern "C" fn h_returned_clean(s: i32) { black_box(adder(2)(s)); }
extern "C" fn h_boxed(s: i32) { black_box(boxed_adder(2)(s)); }
extern "C" fn h_curry(s: i32) { black_box(curry(1)(2)(s)); }
extern "C" fn h_guard_clean(s: i32) { black_box(with_guard(|a| { a[0] = s; a.iter().sum::<i32>() })); }
extern "C" fn h_guard(s: i32) { black_box(with_guard(|a| a.iter().map(|x| x + s).collect::<Vec<_>>())); }
extern "C" fn h_static_vec(s: i32) { unsafe { if let Some(b) = (*std::ptr::addr_of!(BUILDER)).as_ref() { let mut n = s; for step in &b.steps { n = step(n); } black_box(n); } } }
extern "C" fn h_static_hook(s: i32) { black_box(HOOK(s)); }
extern "C" fn h_static_hook_alloc(s: i32) { black_box(HOOK_ALLOC(s)); }
extern "C" fn h_fix_clean(s: i32) { black_box(fix(s, &|n| n * n)); }
extern "C" fn h_retry(s: i32) { black_box(retry::<i32, String>(2, |i| if i as i32 > s { Ok(s) } else { Err(format!("{i}")) }).is_ok()); }
extern "C" fn h_retry_clean(s: i32) { black_box(retry::<i32, u32>(2, |i| if i > 1 { Ok(s) } else { Err(i) }).is_ok()); }
extern "C" fn h_arc_closure(s: i32) { let a = Arc::new(s); let b = a.clone(); let f = move || *b + 1; black_box(f()); black_box(&a); }
extern "C" fn h_never_called(s: i32) { let f = || vec![s]; if s == -1 { let _ = &f; } black_box(&f); }
extern "C" fn h_option_closure(s: i32) { let f: Option<Box<dyn Fn() -> i32>> = if s > 100 { Some(Box::new(move || s)) } else { None }; if let Some(f) = &f { black_box(f()); } }
fn main() {
    unsafe { BUILDER = Some(Builder { steps: vec![Box::new(|x| x + 1), Box::new(|x| *Box::new(x))] }); }
    for h in [h_once as extern "C" fn(i32), h_once_clean, h_capture_move, h_mut, h_mut_clean, h_dyn, h_dyn_clean, h_dyn_mut, h_struct, h_struct_clean, h_visitor, h_visitor_clean, h_returned, h_returned_clean, h_boxed, h_curry, h_guard_clean, h_guard, h_static_vec, h_static_hook, h_static_hook_alloc, h_fix_clean, h_retry, h_retry_clean, h_arc_closure, h_never_called, h_option_closure] {
        unsafe { libc::signal(libc::SIGUSR1, h as *const () as libc::sighandler_t); }
    }
}
