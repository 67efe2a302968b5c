//! futures: not polled, polled by hand, wakers, streams by hand, async blocks, panics, catch_unwind, unwinding guards
use std::future::Future;
use std::hint::black_box;
use std::pin::{pin, Pin};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::Arc;
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Wake, Waker};
static N: AtomicUsize = AtomicUsize::new(0);
async fn work(s: i32) -> Vec<i32> { vec![s] } async fn clean(s: i32) -> i32 { s + 1 } async fn chain(s: i32) -> i32 { let a = clean(s).await; let v = work(a).await; v.len() as i32 } async fn chain_clean(s: i32) -> i32 { clean(clean(s).await).await }
struct Ready(i32); impl Future for Ready { type Output = i32; fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<i32> { Poll::Ready(self.0) } }
struct Pending(bool); impl Future for Pending { type Output = Vec<u8>; fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Vec<u8>> { if self.0 { Poll::Ready(vec![1]) } else { self.0 = true; cx.waker().wake_by_ref(); Poll::Pending } } }
const VTABLE: RawWakerVTable = RawWakerVTable::new(|p| RawWaker::new(p, &VTABLE), |_| {}, |_| { N.fetch_add(1, SeqCst); }, |_| {});
fn waker() -> Waker { unsafe { Waker::from_raw(RawWaker::new(std::ptr::null(), &VTABLE)) } }
struct Flag(AtomicUsize); impl Wake for Flag { fn wake(self: Arc<Self>) { self.0.fetch_add(1, SeqCst); } }
fn block<F: Future>(f: F) -> F::Output { let mut f = pin!(f); let w = waker(); let mut cx = Context::from_waker(&w); loop { if let Poll::Ready(x) = f.as_mut().poll(&mut cx) { return x; } } }
static mut WAKER: Option<Waker> = None; #[allow(static_mut_refs)] fn stored() -> Option<&'static Waker> { unsafe { WAKER.as_ref() } }
struct OnPanic; impl Drop for OnPanic { fn drop(&mut self) { if std::thread::panicking() { black_box(vec![1]); } } }
fn checked(s: i32) -> i32 { assert!(s < 1000, "too big {s}"); debug_assert_eq!(s, s); s.checked_div(1).expect("div") }
fn never(s: i32) -> i32 { match s { 0..=100 => s, _ => unreachable!("{}", s) } } fn todo_fn(s: i32) -> i32 { if s > 1000 { todo!() } else if s > 999 { unimplemented!("x") } else { s } }
extern "C" fn h_not_polled(s: i32) { let f = work(s); black_box(&f); }
extern "C" fn h_polled(s: i32) { black_box(block(work(s))); }
extern "C" fn h_polled_clean(s: i32) { black_box(block(clean(s))); }
extern "C" fn h_chain(s: i32) { black_box(block(chain(s))); }
extern "C" fn h_chain_clean(s: i32) { black_box(block(chain_clean(s))); }
extern "C" fn h_user(s: i32) { black_box(block(Ready(s))); }
extern "C" fn h_user_pending(_: i32) { black_box(block(Pending(false))); }
extern "C" fn h_async_block(s: i32) { black_box(block(async { let x = Ready(s).await; x + clean(x).await })); }
extern "C" fn h_async_block_alloc(s: i32) { black_box(block(async move { format!("{}", Ready(s).await) })); }
extern "C" fn h_boxed(s: i32) { let f: Pin<Box<dyn Future<Output = i32>>> = Box::pin(clean(s)); black_box(block(f)); }
extern "C" fn h_ready(s: i32) { black_box(block(std::future::ready(s))); }
extern "C" fn h_poll_fn(s: i32) { black_box(block(std::future::poll_fn(|_| Poll::Ready(s)))); }
extern "C" fn h_waker(_: i32) { if let Some(w) = stored() { w.wake_by_ref(); } }
extern "C" fn h_waker_clone(_: i32) { let w = waker(); w.clone().wake(); }
extern "C" fn h_arc_waker(_: i32) { let w = Waker::from(Arc::new(Flag(AtomicUsize::new(0)))); w.wake_by_ref(); }
extern "C" fn h_noop_waker(_: i32) { Waker::noop().wake_by_ref(); }
extern "C" fn h_checked(s: i32) { black_box(checked(s)); }
extern "C" fn h_never(s: i32) { black_box(never(s) + todo_fn(s)); }
extern "C" fn h_on_panic(s: i32) { let _g = OnPanic; black_box(s); }
extern "C" fn h_catch(s: i32) { let r = std::panic::catch_unwind(|| s + 1); black_box(r.is_ok()); }
extern "C" fn h_index(s: i32) { let a = [1, 2, 3]; black_box(a[s as usize % 3] / s.max(1)); black_box(&a[..1]); }
fn main() {
    unsafe { WAKER = Some(waker()); }
    for h in [h_not_polled as extern "C" fn(i32), h_polled, h_polled_clean, h_chain, h_chain_clean, h_user, h_user_pending, h_async_block, h_async_block_alloc, h_boxed, h_ready, h_poll_fn, h_waker, h_waker_clone, h_arc_waker, h_noop_waker, h_checked, h_never, h_on_panic, h_catch, h_index] {
        unsafe { libc::signal(libc::SIGUSR1, h as *const () as libc::sighandler_t); }
    }
}
