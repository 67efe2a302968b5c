//! lazily made values: OnceLock, LazyLock, Once, OnceCell, LazyCell, thread_local in four forms, atomics by hand, nested
use std::cell::{Cell, LazyCell, OnceCell, RefCell};
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, Ordering::SeqCst};
use std::sync::{LazyLock, Mutex, Once, OnceLock};
static CELL: OnceLock<Vec<u8>> = OnceLock::new();
static LAZY: LazyLock<Vec<u8>> = LazyLock::new(|| vec![1, 2]);
static LAZY_CLEAN: LazyLock<u32> = LazyLock::new(|| 7);
static LAZY_FN: LazyLock<String> = LazyLock::new(make);
static OUTER: LazyLock<usize> = LazyLock::new(|| LAZY.len() + LAZY_FN.len());
static ONCE: Once = Once::new();
static READY: AtomicBool = AtomicBool::new(false);
static PTR: AtomicPtr<u32> = AtomicPtr::new(std::ptr::null_mut());
static N: AtomicU32 = AtomicU32::new(0);
static GLOBAL: LazyLock<Mutex<Vec<u32>>> = LazyLock::new(Default::default);
fn make() -> String { String::from("made") }
fn cell() -> &'static Vec<u8> { CELL.get_or_init(|| vec![3]) }
fn config() -> &'static Config { static C: OnceLock<Config> = OnceLock::new(); C.get_or_init(Config::load) }
struct Config { name: String }
impl Config { fn load() -> Config { Config { name: "c".into() } } }
thread_local! {
    static T_LAZY: RefCell<Vec<u8>> = RefCell::new(vec![1]);
    static T_CONST: Cell<u32> = const { Cell::new(1) };
    static T_PLAIN: Cell<u32> = Cell::new(start());
    static T_DROP: RefCell<Option<Box<u8>>> = const { RefCell::new(None) };
}
fn start() -> u32 { N.load(SeqCst) }
fn by_hand() -> u32 { if !READY.load(SeqCst) { N.store(5, SeqCst); READY.store(true, SeqCst); } N.load(SeqCst) }
fn by_ptr() -> &'static u32 { let p = PTR.load(SeqCst); if p.is_null() { let b = Box::into_raw(Box::new(9)); PTR.store(b, SeqCst); unsafe { &*b } } else { unsafe { &*p } } }
struct Owner { cache: OnceCell<String>, lazy: LazyCell<u32> }
impl Owner { fn get(&self) -> &str { self.cache.get_or_init(|| "x".repeat(3)) } }
extern "C" fn h_oncelock(_: i32) { black_box(cell().len()); }
extern "C" fn h_oncelock_get(_: i32) { if let Some(v) = CELL.get() { black_box(v.len()); } }
extern "C" fn h_oncelock_set(s: i32) { let _ = CELL.set(vec![s as u8]); }
extern "C" fn h_lazylock(_: i32) { black_box(LAZY.len()); }
extern "C" fn h_lazylock_clean(_: i32) { black_box(*LAZY_CLEAN); }
extern "C" fn h_lazylock_fn(_: i32) { black_box(LAZY_FN.as_str()); }
extern "C" fn h_lazylock_nested(_: i32) { black_box(*OUTER); }
extern "C" fn h_lazylock_force(_: i32) { black_box(LazyLock::force(&LAZY)); }
extern "C" fn h_local_static(_: i32) { black_box(config().name.len()); }
extern "C" fn h_once(s: i32) { ONCE.call_once(|| N.store(s as u32, SeqCst)); }
extern "C" fn h_once_done(_: i32) { black_box(ONCE.is_completed()); }
extern "C" fn h_tls_lazy(_: i32) { T_LAZY.with(|v| black_box(v.borrow().len())); }
extern "C" fn h_tls_mut(s: i32) { T_LAZY.with_borrow_mut(|v| v.push(s as u8)); }
extern "C" fn h_tls_const(_: i32) { T_CONST.with(|c| c.set(c.get() + 1)); T_CONST.set(3); black_box(T_CONST.get()); }
extern "C" fn h_tls_plain(_: i32) { black_box(T_PLAIN.with(Cell::get)); }
extern "C" fn h_tls_drop(_: i32) { T_DROP.with(|c| black_box(c.borrow().is_some())); }
extern "C" fn h_tls_try(_: i32) { let _ = T_LAZY.try_with(|v| v.try_borrow().map(|v| v.len())); }
extern "C" fn h_by_hand(_: i32) { black_box(by_hand()); }
extern "C" fn h_by_ptr(_: i32) { black_box(by_ptr()); }
extern "C" fn h_oncecell(_: i32) { let o = Owner { cache: OnceCell::new(), lazy: LazyCell::new(|| 3) }; black_box((o.get().len(), *o.lazy)); }
extern "C" fn h_global(s: i32) { GLOBAL.lock().unwrap().push(s as u32); }
fn main() {
    for h in [h_oncelock as extern "C" fn(i32), h_oncelock_get, h_oncelock_set, h_lazylock, h_lazylock_clean, h_lazylock_fn, h_lazylock_nested, h_lazylock_force, h_local_static, h_once, h_once_done, h_tls_lazy, h_tls_mut, h_tls_const, h_tls_plain, h_tls_drop, h_tls_try, h_by_hand, h_by_ptr, h_oncecell, h_global] {
        unsafe { libc::signal(libc::SIGUSR1, h as *const () as libc::sighandler_t); }
    }
}
