//! function pointers: tables, fields, statics, returned, generic, cast, passed down, stored at run time
use std::hint::black_box;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering::SeqCst};
type F = fn(i32) -> i32;
fn clean(s: i32) -> i32 { s + 1 }
fn alloc(s: i32) -> i32 { black_box(vec![s; 3]).len() as i32 }
fn boxed(s: i32) -> i32 { *Box::new(s) }
static TABLE: [F; 2] = [clean, boxed];
static CLEAN_TABLE: &[(&str, F)] = &[("a", clean), ("b", negate)];
const CONST_FN: F = alloc;
fn negate(s: i32) -> i32 { -s }
struct Ops { open: F, close: Option<F> }
static OPS: Ops = Ops { open: clean, close: Some(alloc) };
static CLEAN_OPS: Ops = Ops { open: negate, close: None };
fn pick(big: bool) -> F { if big { alloc } else { clean } }
fn pick_clean(_: bool) -> fn(i32) -> i32 { clean }
fn apply<G: Fn(i32) -> i32>(g: G, s: i32) -> i32 { g(s) }
fn apply_ptr(g: fn(i32) -> i32, s: i32) -> i32 { g(s) }
fn compose(f: F, g: F) -> impl Fn(i32) -> i32 { move |s| g(f(s)) }
struct Method(i32);
impl Method { fn run(&self, s: i32) -> i32 { self.0 + s } fn grow(&self, s: i32) -> i32 { alloc(self.0 + s) } }
static SLOT: AtomicPtr<()> = AtomicPtr::new(std::ptr::null_mut());
static INDEX: AtomicUsize = AtomicUsize::new(0);
struct Dispatcher { handlers: [Option<fn(&mut State)>; 2] }
struct State { n: i32, v: Vec<i32> }
fn st_inc(s: &mut State) { s.n += 1 }
fn st_push(s: &mut State) { s.v.push(s.n) }
static DISPATCH: Dispatcher = Dispatcher { handlers: [Some(st_inc), Some(st_push)] };
static mut STATE: State = State { n: 0, v: Vec::new() };
enum Action { Call(F), Skip }
static ACTION: Action = Action::Call(boxed);
extern "C" fn h_table(s: i32) { black_box(TABLE[INDEX.load(SeqCst) & 1](s)); }
extern "C" fn h_table_clean(s: i32) { for (n, f) in CLEAN_TABLE { black_box((n.len(), f(s))); } }
extern "C" fn h_const(s: i32) { black_box(CONST_FN(s)); }
extern "C" fn h_field(s: i32) { black_box((OPS.open)(s)); if let Some(c) = OPS.close { black_box(c(s)); } }
extern "C" fn h_field_clean(s: i32) { black_box((CLEAN_OPS.open)(s)); if let Some(c) = CLEAN_OPS.close { black_box(c(s)); } }
extern "C" fn h_returned(s: i32) { black_box(pick(s > 3)(s)); }
extern "C" fn h_returned_clean(s: i32) { black_box(pick_clean(s > 3)(s)); }
extern "C" fn h_generic(s: i32) { black_box(apply(alloc, s)); }
extern "C" fn h_generic_clean(s: i32) { black_box(apply(negate, s)); }
extern "C" fn h_pointer(s: i32) { black_box(apply_ptr(boxed, s)); }
extern "C" fn h_pointer_clean(s: i32) { black_box(apply_ptr(clean, s)); }
extern "C" fn h_composed(s: i32) { black_box(compose(clean, alloc)(s)); }
extern "C" fn h_composed_clean(s: i32) { black_box(compose(clean, negate)(s)); }
extern "C" fn h_method(s: i32) { let f: fn(&Method, i32) -> i32 = Method::grow; black_box(f(&Method(1), s)); }
extern "C" fn h_method_clean(s: i32) { let f: fn(&Method, i32) -> i32 = Method::run; black_box(f(&Method(1), s)); }
extern "C" fn h_map_fn(s: i32) { black_box(Some(s).map(boxed)); }
extern "C" fn h_map_ctor(s: i32) { black_box(Some(s).map(Method)); }
extern "C" fn h_closure_ptr(s: i32) { let f: fn(i32) -> i32 = |x| boxed(x) + 1; black_box(f(s)); }
extern "C" fn h_dispatch(_: i32) { for h in DISPATCH.handlers.iter().flatten() { unsafe { h(&mut *std::ptr::addr_of_mut!(STATE)) } } }
extern "C" fn h_enum(s: i32) { match &ACTION { Action::Call(f) => { black_box(f(s)); } Action::Skip => {} } }
extern "C" fn h_array_local(s: i32) { let fs: [F; 3] = [clean, negate, boxed]; for f in fs { black_box(f(s)); } }
extern "C" fn h_slot(s: i32) { let p = SLOT.load(SeqCst); if !p.is_null() { let f: F = unsafe { std::mem::transmute(p) }; black_box(f(s)); } }
fn main() {
    SLOT.store(alloc as *mut (), SeqCst);
    for h in [h_table as extern "C" fn(i32), h_table_clean, h_const, h_field, h_field_clean, h_returned, h_returned_clean, h_generic, h_generic_clean, h_pointer, h_pointer_clean, h_composed, h_composed_clean, h_method, h_method_clean, h_map_fn, h_map_ctor, h_closure_ptr, h_dispatch, h_enum, h_array_local, h_slot] {
        unsafe { libc::signal(libc::SIGUSR1, h as *const () as libc::sighandler_t); }
    }
}
