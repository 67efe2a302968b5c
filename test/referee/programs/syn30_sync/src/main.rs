//! synchronisation: Mutex, RwLock, Condvar, channels, Barrier, atomics, hand-made locks, threads, scoped
use std::hint::{black_box, spin_loop};
use std::sync::atomic::{fence, AtomicBool, AtomicI32, AtomicPtr, AtomicU64, AtomicUsize, Ordering::*};
use std::sync::mpsc::{channel, sync_channel, Receiver, Sender, SyncSender};
use std::sync::{Barrier, Condvar, Mutex, RwLock};
static M: Mutex<Vec<i32>> = Mutex::new(Vec::new());
static R: RwLock<(i32, i32)> = RwLock::new((0, 0));
static CV: Condvar = Condvar::new();
static N: AtomicI32 = AtomicI32::new(0);
static BIG: AtomicU64 = AtomicU64::new(0);
static FLAG: AtomicBool = AtomicBool::new(false);
static mut TX: Option<Sender<i32>> = None; static mut STX: Option<SyncSender<i32>> = None; static mut RX: Option<Receiver<i32>> = None;
static RING: Ring = Ring { slots: [const { AtomicI32::new(0) }; 8], head: AtomicUsize::new(0) };
struct Ring { slots: [AtomicI32; 8], head: AtomicUsize }
impl Ring { fn push(&self, v: i32) { let i = self.head.fetch_add(1, AcqRel); self.slots[i % 8].store(v, Release); } fn pop(&self) -> Option<i32> { let h = self.head.load(Acquire); if h == 0 { None } else { Some(self.slots[(h - 1) % 8].swap(0, AcqRel)) } } }
struct Spin { b: AtomicBool, v: std::cell::UnsafeCell<i32> } unsafe impl Sync for Spin {}
struct SpinGuard<'a>(&'a Spin);
impl Spin { fn lock(&self) -> SpinGuard<'_> { while self.b.compare_exchange(false, true, Acquire, Relaxed).is_err() { spin_loop(); } SpinGuard(self) } fn try_lock(&self) -> Option<SpinGuard<'_>> { if self.b.swap(true, Acquire) { None } else { Some(SpinGuard(self)) } } }
impl Drop for SpinGuard<'_> { fn drop(&mut self) { self.0.b.store(false, Release) } }
impl std::ops::Deref for SpinGuard<'_> { type Target = i32; fn deref(&self) -> &i32 { unsafe { &*self.0.v.get() } } }
static SPIN: Spin = Spin { b: AtomicBool::new(false), v: std::cell::UnsafeCell::new(0) };
struct Stack { head: AtomicPtr<Item> } struct Item { next: *mut Item, v: i32 }
impl Stack { fn push(&self, v: i32) { let n = Box::into_raw(Box::new(Item { next: std::ptr::null_mut(), v })); loop { let h = self.head.load(Acquire); unsafe { (*n).next = h }; if self.head.compare_exchange(h, n, AcqRel, Relaxed).is_ok() { break; } } } fn pop(&self) -> Option<i32> { loop { let h = self.head.load(Acquire); if h.is_null() { return None; } let next = unsafe { (*h).next }; if self.head.compare_exchange(h, next, AcqRel, Relaxed).is_ok() { let b = unsafe { Box::from_raw(h) }; return Some(b.v); } } } }
static STACK: Stack = Stack { head: AtomicPtr::new(std::ptr::null_mut()) };
#[allow(static_mut_refs)] fn tx() -> Option<&'static Sender<i32>> { unsafe { TX.as_ref() } } #[allow(static_mut_refs)] fn stx() -> Option<&'static SyncSender<i32>> { unsafe { STX.as_ref() } } #[allow(static_mut_refs)] fn rx() -> Option<&'static Receiver<i32>> { unsafe { RX.as_ref() } }
extern "C" fn h_mutex(s: i32) { if let Ok(mut g) = M.lock() { g.push(s); } }
extern "C" fn h_mutex_unwrap(_: i32) { black_box(M.lock().unwrap().len()); }
extern "C" fn h_try_lock(_: i32) { match M.try_lock() { Ok(g) => { black_box(g.len()); } Err(_) => { FLAG.store(true, SeqCst); } } }
extern "C" fn h_poison(_: i32) { let g = M.lock().unwrap_or_else(|p| p.into_inner()); black_box(g.len()); }
extern "C" fn h_read(_: i32) { black_box(R.read().map(|g| g.0).unwrap_or(0)); }
extern "C" fn h_write(s: i32) { if let Ok(mut g) = R.write() { g.1 = s; } }
extern "C" fn h_try_read(_: i32) { if let Ok(g) = R.try_read() { black_box(g.0); } }
extern "C" fn h_notify(_: i32) { CV.notify_one(); CV.notify_all(); }
extern "C" fn h_wait(_: i32) { let g = M.lock().unwrap(); let _g = CV.wait_timeout(g, std::time::Duration::from_millis(1)); }
extern "C" fn h_send(s: i32) { if let Some(t) = tx() { let _ = t.send(s); } }
extern "C" fn h_sync_send(s: i32) { if let Some(t) = stx() { let _ = t.try_send(s); } }
extern "C" fn h_recv(_: i32) { if let Some(r) = rx() { black_box(r.try_recv().ok()); } }
extern "C" fn h_channel(_: i32) { let (t, r) = channel::<u8>(); let _ = t.send(1); black_box(r.recv().ok()); }
extern "C" fn h_atomics(s: i32) { N.fetch_add(s, Relaxed); N.fetch_max(3, AcqRel); BIG.fetch_or(1 << (s & 31), SeqCst); let _ = N.compare_exchange(1, 2, SeqCst, Relaxed); let _ = N.fetch_update(SeqCst, SeqCst, |x| x.checked_add(1)); fence(SeqCst); black_box(FLAG.swap(true, SeqCst)); }
extern "C" fn h_ring(s: i32) { RING.push(s); black_box(RING.pop()); }
extern "C" fn h_spin(_: i32) { black_box(*SPIN.lock()); }
extern "C" fn h_spin_try(_: i32) { if let Some(g) = SPIN.try_lock() { black_box(*g); } }
extern "C" fn h_stack_push(s: i32) { STACK.push(s); }
extern "C" fn h_stack_pop(_: i32) { black_box(STACK.pop()); }
extern "C" fn h_barrier(_: i32) { let b = Barrier::new(1); b.wait(); }
extern "C" fn h_spawn(s: i32) { let h = std::thread::spawn(move || s + 1); let _ = h.join(); }
extern "C" fn h_scope(s: i32) { std::thread::scope(|sc| { sc.spawn(|| black_box(s)); }); }
extern "C" fn h_sleep(_: i32) { std::thread::sleep(std::time::Duration::from_millis(1)); std::thread::yield_now(); }
extern "C" fn h_thread_id(_: i32) { black_box(std::thread::current().name().is_some()); }
extern "C" fn h_time(_: i32) { black_box((std::time::Instant::now().elapsed(), std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map(|d| d.as_secs()).unwrap_or(0))); }
extern "C" fn h_into_inner(_: i32) { let m = Mutex::new(3); black_box(m.into_inner().unwrap_or(0)); let mut r = RwLock::new(1); *r.get_mut().unwrap() += 1; }
fn main() {
    let (t, r) = channel(); let (st, _sr) = sync_channel(1); unsafe { TX = Some(t); STX = Some(st); RX = Some(r); }
    for h in [h_mutex as extern "C" fn(i32), h_mutex_unwrap, h_try_lock, h_poison, h_read, h_write, h_try_read, h_notify, h_wait, h_send, h_sync_send, h_recv, h_channel, h_atomics, h_ring, h_spin, h_spin_try, h_stack_push, h_stack_pop, h_barrier, h_spawn, h_scope, h_sleep, h_thread_id, h_time, h_into_inner] {
        unsafe { libc::signal(libc::SIGUSR1, h as *const () as libc::sighandler_t); }
    }
}
