//! trait objects: references, boxes, arcs, statics, supertraits, default methods, generics over ?Sized, downcasts, vtables in structs
use std::any::Any;
use std::hint::black_box;
use std::rc::Rc;
use std::sync::Arc;
trait Sink: Sync { fn put(&self, s: i32); fn flush(&self) {} fn both(&self, s: i32) { self.put(s); self.flush() } }
struct Quiet; struct Loud; struct Count(std::sync::atomic::AtomicI32);
impl Sink for Quiet { fn put(&self, s: i32) { black_box(s); } }
impl Sink for Loud { fn put(&self, s: i32) { black_box(vec![s]); } fn flush(&self) { black_box(String::from("x")); } }
impl Sink for Count { fn put(&self, s: i32) { self.0.fetch_add(s, std::sync::atomic::Ordering::Relaxed); } }
static QUIET: &dyn Sink = &Quiet;
static COUNT: Count = Count(std::sync::atomic::AtomicI32::new(0));
static SINKS: [&dyn Sink; 2] = [&Quiet, &COUNT];
static LOUD_SINKS: [&dyn Sink; 2] = [&Quiet, &Loud];
trait Shape { fn area(&self) -> f64; fn name(&self) -> String { String::from("shape") } fn boxed(&self) -> Box<dyn Shape>; }
#[derive(Clone)] struct Sq(f64);
impl Shape for Sq { fn area(&self) -> f64 { self.0 * self.0 } fn boxed(&self) -> Box<dyn Shape> { Box::new(self.clone()) } }
fn area_of(s: &dyn Shape) -> f64 { s.area() }
fn generic<T: Sink + ?Sized>(t: &T, s: i32) { t.both(s) }
trait Named { fn id(&self) -> u32; }
trait Full: Named { fn run(&self) -> u32 { self.id() + 1 } }
struct N1; struct N2;
impl Named for N1 { fn id(&self) -> u32 { 1 } } impl Full for N1 {}
impl Named for N2 { fn id(&self) -> u32 { vec![1u32; 2].len() as u32 } } impl Full for N2 {}
fn full(f: &dyn Full) -> u32 { f.run() }
struct Holder<'a> { sink: &'a dyn Sink, all: [Option<&'a dyn Sink>; 2] }
impl Holder<'_> { fn go(&self, s: i32) { self.sink.put(s); for x in self.all.iter().flatten() { x.put(s) } } }
struct Owner { inner: Box<dyn Sink> }
impl Sink for Owner { fn put(&self, s: i32) { self.inner.put(s) } }
impl<T: Sink + ?Sized> Sink for &T where T: Sync { fn put(&self, s: i32) { (**self).put(s) } }
impl Sink for Box<dyn Sink> { fn put(&self, s: i32) { (**self).put(s) } }
struct Droppy(u8);
impl Drop for Droppy { fn drop(&mut self) { black_box(vec![self.0]); } }
trait Thing { fn t(&self) -> u8 { 1 } }
impl Thing for Droppy {} impl Thing for u8 {}
trait State { fn next(self: Box<Self>) -> Box<dyn State>; fn value(&self) -> i32; }
struct S1; struct S2;
impl State for S1 { fn next(self: Box<Self>) -> Box<dyn State> { Box::new(S2) } fn value(&self) -> i32 { 1 } }
impl State for S2 { fn next(self: Box<Self>) -> Box<dyn State> { self } fn value(&self) -> i32 { 2 } }
trait Visit { fn visit(&mut self, n: &Node); }
struct Node { kids: [Option<&'static Node>; 2] }
static LEAF: Node = Node { kids: [None, None] };
static ROOT: Node = Node { kids: [Some(&LEAF), None] };
impl Node { fn accept(&self, v: &mut dyn Visit) { v.visit(self); for k in self.kids.iter().flatten() { k.accept(v) } } }
struct Depth(u32); struct Collect(Vec<usize>);
impl Visit for Depth { fn visit(&mut self, _: &Node) { self.0 += 1 } }
impl Visit for Collect { fn visit(&mut self, n: &Node) { self.0.push(n.kids.len()) } }
extern "C" fn h_ref_clean(s: i32) { QUIET.both(s) }
extern "C" fn h_local_ref(s: i32) { let l: &dyn Sink = &Loud; l.both(s) }
extern "C" fn h_statics_clean(s: i32) { for x in SINKS { x.put(s) } }
extern "C" fn h_statics(s: i32) { for x in &LOUD_SINKS { x.put(s) } }
extern "C" fn h_area(s: i32) { black_box(area_of(&Sq(s as f64))); }
extern "C" fn h_boxed(s: i32) { let b = Sq(s as f64).boxed(); black_box(b.area()); black_box(b.name()); }
extern "C" fn h_unsized_clean(s: i32) { generic::<dyn Sink>(&Quiet, s) }
extern "C" fn h_unsized(s: i32) { generic::<dyn Sink>(&Loud, s) }
extern "C" fn h_super_clean(_: i32) { black_box(full(&N1)); }
extern "C" fn h_super(_: i32) { black_box(full(&N2)); }
extern "C" fn h_holder_clean(s: i32) { Holder { sink: &Quiet, all: [Some(&COUNT), None] }.go(s) }
extern "C" fn h_holder(s: i32) { Holder { sink: &Quiet, all: [None, Some(&Loud)] }.go(s) }
extern "C" fn h_owner(s: i32) { let o = Owner { inner: Box::new(Quiet) }; o.both(s) }
extern "C" fn h_ref_impl(s: i32) { generic(&&Quiet, s) }
extern "C" fn h_arc(s: i32) { let a: Arc<dyn Sink> = Arc::new(Quiet); a.clone().put(s) }
extern "C" fn h_rc(s: i32) { let a: Rc<dyn Sink> = Rc::new(Loud); a.put(s) }
extern "C" fn h_drop_dyn(s: i32) { let v: Box<dyn Thing> = if s > 3 { Box::new(Droppy(1)) } else { Box::new(2u8) }; black_box(v.t()); }
extern "C" fn h_any(s: i32) { let a: &dyn Any = &s; if let Some(x) = a.downcast_ref::<i32>() { black_box(x); } if a.is::<String>() { black_box(1); } }
extern "C" fn h_state(_: i32) { let s: Box<dyn State> = Box::new(S1); black_box(s.next().next().value()); }
extern "C" fn h_visit_clean(_: i32) { let mut d = Depth(0); ROOT.accept(&mut d); black_box(d.0); }
extern "C" fn h_visit(_: i32) { let mut c = Collect(Vec::new()); ROOT.accept(&mut c); black_box(c.0.len()); }
extern "C" fn h_vec_dyn(s: i32) { let v: Vec<Box<dyn Sink>> = vec![Box::new(Quiet), Box::new(Count(Default::default()))]; for x in v.iter() { x.put(s) } }
fn main() {
    for h in [h_ref_clean as extern "C" fn(i32), h_local_ref, h_statics_clean, h_statics, h_area, h_boxed, h_unsized_clean, h_unsized, h_super_clean, h_super, h_holder_clean, h_holder, h_owner, h_ref_impl, h_arc, h_rc, h_drop_dyn, h_any, h_state, h_visit_clean, h_visit, h_vec_dyn] {
        unsafe { libc::signal(libc::SIGUSR1, h as *const () as libc::sighandler_t); }
    }
}
