//! ownership: ManuallyDrop, MaybeUninit, replace/take/swap, Rc, Arc, Weak, Cell, RefCell, leaks, partial moves, unions, pointers
use std::cell::{Cell, RefCell, UnsafeCell};
use std::hint::black_box;
use std::mem::{self, ManuallyDrop, MaybeUninit};
use std::rc::{Rc, Weak};
use std::sync::Arc;
struct D(u8); impl Drop for D { fn drop(&mut self) { black_box(self.0); } }
struct A(u8); impl Drop for A { fn drop(&mut self) { black_box(vec![self.0]); } }
struct Pair { a: A, d: D } struct Two { one: String, two: String, n: u8 }
#[derive(Default)] struct Conf { name: String, n: u32, list: Vec<u8> }
union U { a: u32, b: ManuallyDrop<String> }
struct Node { next: Option<Box<Node>>, v: u32 }
enum Tree { Leaf, Branch(Box<Tree>, Box<Tree>) }
fn depth(t: &Tree) -> u32 { match t { Tree::Leaf => 0, Tree::Branch(a, b) => 1 + depth(a).max(depth(b)) } }
fn partial(p: Two) -> String { p.one }
fn by_value(d: D) -> u8 { d.0 } fn pass(a: A) -> A { a }
struct Raw<T> { p: *mut T } impl<T> Raw<T> { fn new(t: T) -> Self { Raw { p: Box::into_raw(Box::new(t)) } } } impl<T> Drop for Raw<T> { fn drop(&mut self) { unsafe { drop(Box::from_raw(self.p)) } } }
struct Inline<T, const N: usize> { a: [MaybeUninit<T>; N], n: usize }
impl<T, const N: usize> Inline<T, N> { fn new() -> Self { Inline { a: [const { MaybeUninit::uninit() }; N], n: 0 } } fn push(&mut self, t: T) -> Result<(), T> { if self.n < N { self.a[self.n].write(t); self.n += 1; Ok(()) } else { Err(t) } } }
impl<T, const N: usize> Drop for Inline<T, N> { fn drop(&mut self) { for x in &mut self.a[..self.n] { unsafe { x.assume_init_drop() } } } }
extern "C" fn h_drop_clean(s: i32) { let _d = D(s as u8); }
extern "C" fn h_drop_alloc(s: i32) { let _a = A(s as u8); }
extern "C" fn h_manually(s: i32) { let m = ManuallyDrop::new(A(s as u8)); black_box(m.0); }
extern "C" fn h_manually_drop(s: i32) { let mut m = ManuallyDrop::new(A(s as u8)); unsafe { ManuallyDrop::drop(&mut m) } }
extern "C" fn h_forget(s: i32) { mem::forget(A(s as u8)); }
extern "C" fn h_replace(s: i32) { let mut a = A(1); let old = mem::replace(&mut a, A(s as u8)); mem::forget((a, old)); }
extern "C" fn h_replace_drop(_: i32) { let mut a = D(1); a = D(2); black_box(a.0); }
extern "C" fn h_take(_: i32) { let mut c = Conf::default(); let l = mem::take(&mut c.list); black_box((l.len(), c.n)); mem::forget((l, c)); }
extern "C" fn h_take_drop(_: i32) { let mut c = Conf { name: "x".into(), ..Default::default() }; black_box(mem::take(&mut c.name)); }
extern "C" fn h_swap(_: i32) { let (mut a, mut b) = (D(1), D(2)); mem::swap(&mut a, &mut b); black_box((a.0, b.0)); }
extern "C" fn h_partial(_: i32) { let t = Two { one: String::new(), two: String::new(), n: 1 }; black_box(t.n); black_box(partial(t)); }
extern "C" fn h_pattern_move(s: i32) { let p = Pair { a: A(s as u8), d: D(1) }; let Pair { d, a } = p; mem::forget(a); black_box(by_value(d)); }
extern "C" fn h_pass(s: i32) { mem::forget(pass(A(s as u8))); }
extern "C" fn h_underscore(s: i32) { let _ = D(s as u8); let _ = &A(1).0; }
extern "C" fn h_uninit(s: i32) { let mut m = MaybeUninit::<[u32; 4]>::uninit(); m.write([s as u32; 4]); black_box(unsafe { m.assume_init() }); }
extern "C" fn h_inline_clean(s: i32) { let mut v: Inline<u32, 4> = Inline::new(); let _ = v.push(s as u32); black_box(v.n); }
extern "C" fn h_inline_alloc(s: i32) { let mut v: Inline<A, 2> = Inline::new(); let _ = v.push(A(s as u8)); black_box(v.n); }
extern "C" fn h_rc(s: i32) { let r = Rc::new(s); let w = Rc::downgrade(&r); black_box((Rc::strong_count(&r), w.upgrade())); }
extern "C" fn h_rc_clone(_: i32) { let r: Rc<str> = "a".into(); black_box(Rc::clone(&r).len()); }
extern "C" fn h_arc(s: i32) { let mut a = Arc::new(D(s as u8)); black_box(Arc::get_mut(&mut a).is_some()); black_box(Arc::try_unwrap(a).is_ok()); }
extern "C" fn h_arc_ptr(s: i32) { let a = Arc::into_raw(Arc::new(s)); unsafe { Arc::increment_strong_count(a); drop(Arc::from_raw(a)) } }
extern "C" fn h_weak_clean(_: i32) { let w: Weak<u8> = Weak::new(); black_box(w.upgrade().is_none()); }
extern "C" fn h_cell(s: i32) { let c = Cell::new(s); c.set(c.get() + 1); black_box(c.replace(1)); let r = RefCell::new(s); if let Ok(mut x) = r.try_borrow_mut() { *x += 1 } black_box(*r.borrow()); let u = UnsafeCell::new(s); unsafe { *u.get() += 1 } }
extern "C" fn h_refcell_vec(s: i32) { let r = RefCell::new(Vec::new()); r.borrow_mut().push(s); }
extern "C" fn h_leak(s: i32) { let b: &'static mut u32 = Box::leak(Box::new(s as u32)); *b += 1; }
extern "C" fn h_raw(s: i32) { let r = Raw::new(s); black_box(r.p); }
extern "C" fn h_union(s: i32) { let u = U { a: s as u32 }; black_box(unsafe { u.a }); let mut v = U { b: ManuallyDrop::new(String::new()) }; unsafe { ManuallyDrop::drop(&mut v.b) } }
extern "C" fn h_list(s: i32) { let l = Node { next: Some(Box::new(Node { next: None, v: 1 })), v: s as u32 }; let mut n = &l; while let Some(x) = &n.next { n = x; } black_box(n.v); }
extern "C" fn h_tree(_: i32) { let t = Tree::Branch(Box::new(Tree::Leaf), Box::new(Tree::Leaf)); black_box(depth(&t)); }
extern "C" fn h_ptr(s: i32) { let mut a = [s; 4]; let p = a.as_mut_ptr(); unsafe { p.add(1).write(2); std::ptr::copy_nonoverlapping(p, p.add(2), 1); black_box(p.read_volatile()); std::ptr::swap(p, p.add(1)); } }
extern "C" fn h_drop_in_place(s: i32) { let mut m = MaybeUninit::new(A(s as u8)); unsafe { std::ptr::drop_in_place(m.as_mut_ptr()) } }
extern "C" fn h_option_drop(s: i32) { let o = if s > 3 { Some(A(1)) } else { None }; black_box(o.is_some()); }
extern "C" fn h_box_unbox(s: i32) { let b = Box::new(D(s as u8)); let d = *b; black_box(d.0); }
extern "C" fn h_array_drop(_: i32) { let a = [D(1), D(2)]; black_box(a.len()); let t = (D(3), 4, A(5)); black_box(t.1); }
extern "C" fn h_early(s: i32) { let _d = D(1); if s > 3 { return; } let _v = vec![s]; black_box(&_v); }
extern "C" fn h_loop(s: i32) { for i in 0..s { let d = D(i as u8); if d.0 > 3 { break; } if d.0 > 2 { continue; } black_box(&d); } }
extern "C" fn h_temp(s: i32) { if A(s as u8).0 > 1 { black_box(1); } match D(1).0 { 1 => {} _ => { black_box(2); } } }
fn main() {
    for h in [h_drop_clean as extern "C" fn(i32), h_drop_alloc, h_manually, h_manually_drop, h_forget, h_replace, h_replace_drop, h_take, h_take_drop, h_swap, h_partial, h_pattern_move, h_pass, h_underscore, h_uninit, h_inline_clean, h_inline_alloc, h_rc, h_rc_clone, h_arc, h_arc_ptr, h_weak_clean, h_cell, h_refcell_vec, h_leak, h_raw, h_union, h_list, h_tree, h_ptr, h_drop_in_place, h_option_drop, h_box_unbox, h_array_drop, h_early, h_loop, h_temp] {
        unsafe { libc::signal(libc::SIGUSR1, h as *const () as libc::sighandler_t); }
    }
}
