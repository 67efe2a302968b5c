//! derives, operators, Deref chains, associated consts and types, const generics, PhantomData, ZST, Ord/Hash/Default, Index, GATs, blanket
use std::cmp::Ordering;
use std::collections::hash_map::DefaultHasher;
use std::hash::{BuildHasher, Hash, Hasher};
use std::hint::black_box;
use std::marker::PhantomData;
use std::ops::{Add, AddAssign, BitOr, Deref, DerefMut, Index, IndexMut, Mul, Neg, Not, RangeInclusive, Shl, Sub};
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)] struct Rec { id: u32, name: String, tags: Vec<u8> }
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)] struct Flat { a: u32, b: (u8, u8), c: [u16; 2] }
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)] enum Kind { #[default] None, Id(u32), Text(String), Both { a: u8, b: Box<u8> } }
#[derive(Clone, Copy)] struct V2 { x: i32, y: i32 }
impl Add for V2 { type Output = V2; fn add(self, o: V2) -> V2 { V2 { x: self.x + o.x, y: self.y + o.y } } }
impl Sub<&V2> for &V2 { type Output = V2; fn sub(self, o: &V2) -> V2 { V2 { x: self.x - o.x, y: self.y - o.y } } }
impl Mul<i32> for V2 { type Output = V2; fn mul(self, k: i32) -> V2 { V2 { x: self.x * k, y: self.y * k } } }
impl Mul<V2> for i32 { type Output = V2; fn mul(self, v: V2) -> V2 { v * self } }
impl Neg for V2 { type Output = V2; fn neg(self) -> V2 { self * -1 } }
impl AddAssign<i32> for V2 { fn add_assign(&mut self, k: i32) { self.x += k } }
impl PartialEq<i32> for V2 { fn eq(&self, o: &i32) -> bool { self.x == *o } }
impl PartialOrd<i32> for V2 { fn partial_cmp(&self, o: &i32) -> Option<Ordering> { self.x.partial_cmp(o) } }
struct Poly(Vec<i32>);
impl Add<&Poly> for Poly { type Output = Poly; fn add(mut self, o: &Poly) -> Poly { self.0.extend(&o.0); self } }
impl Not for Poly { type Output = bool; fn not(self) -> bool { self.0.is_empty() } }
impl Shl<i32> for Poly { type Output = Poly; fn shl(mut self, k: i32) -> Poly { self.0.push(k); self } }
impl Index<usize> for Poly { type Output = i32; fn index(&self, i: usize) -> &i32 { &self.0[i] } } impl IndexMut<usize> for Poly { fn index_mut(&mut self, i: usize) -> &mut i32 { if i >= self.0.len() { self.0.resize(i + 1, 0) } &mut self.0[i] } }
struct Grid<const W: usize, const H: usize>([[u8; W]; H]);
impl<const W: usize, const H: usize> Grid<W, H> { const AREA: usize = W * H; fn rows(&self) -> impl Iterator<Item = &[u8; W]> { self.0.iter() } fn flat(&self) -> Vec<u8> { self.0.concat() } }
impl<const W: usize, const H: usize> Index<(usize, usize)> for Grid<W, H> { type Output = u8; fn index(&self, (x, y): (usize, usize)) -> &u8 { &self.0[y][x] } }
struct L1(L2); struct L2(L3); struct L3(Vec<u8>); struct L4<T>(T);
impl Deref for L1 { type Target = L2; fn deref(&self) -> &L2 { &self.0 } } impl Deref for L2 { type Target = L3; fn deref(&self) -> &L3 { &self.0 } } impl DerefMut for L1 { fn deref_mut(&mut self) -> &mut L2 { &mut self.0 } } impl DerefMut for L2 { fn deref_mut(&mut self) -> &mut L3 { &mut self.0 } }
impl L3 { fn len3(&self) -> usize { self.0.len() } fn push3(&mut self) { self.0.push(1) } } impl<T> Deref for L4<T> { type Target = T; fn deref(&self) -> &T { black_box(String::from("deref")); &self.0 } }
trait Codec { const SIZE: usize; const NAME: &'static str = "codec"; type Out: Default + AsRef<[u8]>; fn encode(n: u32) -> Self::Out; fn len(n: u32) -> usize { Self::encode(n).as_ref().len() + Self::SIZE + Self::NAME.len() } }
struct Fixed; struct Heap; impl Codec for Fixed { const SIZE: usize = 4; type Out = [u8; 4]; fn encode(n: u32) -> [u8; 4] { n.to_le_bytes() } } impl Codec for Heap { const SIZE: usize = 8; const NAME: &'static str = "heap"; type Out = Vec<u8>; fn encode(n: u32) -> Vec<u8> { n.to_le_bytes().to_vec() } }
struct Typed<C: Codec>(PhantomData<C>); impl<C: Codec> Typed<C> { const TWICE: usize = C::SIZE * 2; fn go(&self, n: u32) -> usize { C::len(n) + Self::TWICE } } impl<C: Codec> Default for Typed<C> { fn default() -> Self { Typed(PhantomData) } }
trait Lend { type Item<'a> where Self: 'a; fn lend<'a>(&'a mut self) -> Option<Self::Item<'a>>; } struct Win { d: [u8; 4], i: usize } impl Lend for Win { type Item<'a> = &'a mut [u8]; fn lend(&mut self) -> Option<&mut [u8]> { self.i += 1; self.d.get_mut(self.i - 1..) } }
struct Fnv(u64); impl Hasher for Fnv { fn finish(&self) -> u64 { self.0 } fn write(&mut self, b: &[u8]) { for x in b { self.0 = (self.0 ^ *x as u64).wrapping_mul(0x100000001b3) } } } #[derive(Default, Clone)] struct FnvB; impl BuildHasher for FnvB { type Hasher = Fnv; fn build_hasher(&self) -> Fnv { Fnv(1) } }
trait Ext { fn double(&self) -> Self; fn shout(&self) -> String where Self: ToString { self.to_string() } } impl<T: Clone + Add<Output = T>> Ext for T { fn double(&self) -> T { self.clone() + self.clone() } }
fn largest<T: PartialOrd + Copy>(xs: &[T]) -> Option<T> { let mut it = xs.iter(); let mut m = *it.next()?; for x in it { if *x > m { m = *x } } Some(m) }
struct Zst; impl Zst { const fn value(self) -> u8 { 1 } } struct Flags(u8); impl BitOr for Flags { type Output = Flags; fn bitor(self, o: Flags) -> Flags { Flags(self.0 | o.0) } }
fn within(r: RangeInclusive<i32>, s: i32) -> bool { r.contains(&s) } fn ack(m: u64, n: u64) -> u64 { match (m, n) { (0, n) => n + 1, (m, 0) => ack(m - 1, 1), (m, n) => ack(m - 1, ack(m, n - 1)) } }
extern "C" fn h_derive_clone(_: i32) { let r = Rec::default(); std::mem::forget((r.clone(), r)); }
extern "C" fn h_derive_eq(s: i32) { let a = Rec { id: s as u32, ..Rec::default() }; let b = Rec::default(); black_box((a == b, a < b, a.cmp(&b))); std::mem::forget((a, b)); }
extern "C" fn h_derive_hash(s: i32) { let mut h = Fnv(1); Rec::default().hash(&mut h); Flat::default().hash(&mut h); s.hash(&mut h); black_box(h.finish()); }
extern "C" fn h_std_hash(s: i32) { let mut h = DefaultHasher::new(); (s, "x").hash(&mut h); black_box(h.finish()); black_box(FnvB.hash_one(3)); }
extern "C" fn h_flat(_: i32) { let f = Flat::default(); let g = f; black_box((f == g, f.max(g), f.clone())); }
extern "C" fn h_enum_clone(s: i32) { let k = if s > 3 { Kind::Both { a: 1, b: Box::new(2) } } else { Kind::Id(1) }; black_box(k.clone() == Kind::default()); }
extern "C" fn h_enum_text(_: i32) { let k = Kind::Text(String::new()); black_box(k.clone() < k); }
extern "C" fn h_ops(s: i32) { let mut v = V2 { x: s, y: 1 } + V2 { x: 1, y: 2 } * 3; v += 2; let w = &v - &(2 * v); black_box((-w).x); black_box(v == 3 && v > 1); black_box(v.y); }
extern "C" fn h_ops_alloc(s: i32) { let p = Poly(Vec::new()) + &Poly(Vec::new()); black_box(!(p << s)); }
extern "C" fn h_index(s: i32) { let p = Poly(Vec::new()); if s > 99 { black_box(p[0]); } }
extern "C" fn h_index_mut(s: i32) { let mut p = Poly(Vec::new()); p[2] = s; }
extern "C" fn h_grid(_: i32) { let g = Grid([[1u8; 3]; 2]); black_box((g[(1, 1)], Grid::<3, 2>::AREA, g.rows().map(|r| r.len()).sum::<usize>())); }
extern "C" fn h_grid_alloc(_: i32) { black_box(Grid([[1u8; 3]; 2]).flat()); }
extern "C" fn h_deref(_: i32) { let l = L1(L2(L3(Vec::new()))); black_box((l.len3(), l.0.0.len3())); }
extern "C" fn h_deref_mut(_: i32) { let mut l = L1(L2(L3(Vec::new()))); l.push3(); }
extern "C" fn h_deref_alloc(_: i32) { black_box(L4(3u8).count_ones()); }
extern "C" fn h_codec(s: i32) { black_box(Typed::<Fixed>::default().go(s as u32)); }
extern "C" fn h_codec_alloc(s: i32) { black_box(Typed::<Heap>::default().go(s as u32)); }
extern "C" fn h_lend(_: i32) { let mut w = Win { d: [0; 4], i: 0 }; while let Some(x) = w.lend() { if let Some(f) = x.first_mut() { *f = 1 } else { break } } }
extern "C" fn h_ext(s: i32) { black_box(s.double()); }
extern "C" fn h_ext_alloc(s: i32) { black_box(s.shout()); }
extern "C" fn h_largest(_: i32) { black_box((largest(&[1, 2, 3]), largest(&[1.0, 2.0]), largest::<char>(&[]))); }
extern "C" fn h_zst(s: i32) { black_box(Zst.value() | (Flags(1) | Flags(2)).0); black_box(within(1..=5, s)); black_box(ack(1, 2)); }
fn main() {
    for h in [h_derive_clone as extern "C" fn(i32), h_derive_eq, h_derive_hash, h_std_hash, h_flat, h_enum_clone, h_enum_text, h_ops, h_ops_alloc, h_index, h_index_mut, h_grid, h_grid_alloc, h_deref, h_deref_mut, h_deref_alloc, h_codec, h_codec_alloc, h_lend, h_ext, h_ext_alloc, h_largest, h_zst] {
        unsafe { libc::signal(libc::SIGUSR1, h as *const () as libc::sighandler_t); }
    }
}
