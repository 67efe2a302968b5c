/**
 * A standard library small enough to read, as Rust text: what tests of names, types and calls need of `core`, `alloc` and `std`.
 *
 * Paths and lang names are those of the real one; only what the fixtures use is there. Printed like a rule pack's text.
 */

/** One text per crate, in dependency order. */
export const miniCore: readonly {
  readonly name: "core" | "alloc" | "std";
  readonly deps: readonly string[];
  readonly text: string;
}[] = [
  { name: "core", deps: [], text: coreText() },
  { name: "alloc", deps: ["core"], text: allocText() },
  { name: "std", deps: ["core", "alloc"], text: stdText() },
];

function coreText(): string {
  return `
pub mod marker {
    #[lang = "sized"] pub trait Sized {}
    #[lang = "copy"] pub trait Copy: Clone {}
    pub unsafe trait Send {}
    #[lang = "sync"] pub unsafe trait Sync {}
    #[lang = "unpin"] pub trait Unpin {}
    #[lang = "phantom_data"] pub struct PhantomData<T: ?Sized>;
    #[lang = "tuple_trait"] pub trait Tuple {}
}
pub mod clone {
    #[lang = "clone"]
    pub trait Clone: Sized {
        fn clone(&self) -> Self;
        fn clone_from(&mut self, source: &Self) { *self = source.clone() }
    }
}
pub mod default {
    pub trait Default: Sized { fn default() -> Self; }
    impl Default for u8 { fn default() -> u8 { 0 } }
    impl Default for u32 { fn default() -> u32 { 0 } }
    impl Default for usize { fn default() -> usize { 0 } }
    impl Default for bool { fn default() -> bool { false } }
    impl Default for () { fn default() -> () { () } }
}
pub mod cmp {
    #[lang = "eq"] pub trait PartialEq<Rhs: ?Sized = Self> { fn eq(&self, other: &Rhs) -> bool; fn ne(&self, other: &Rhs) -> bool { !self.eq(other) } }
    pub trait Eq: PartialEq<Self> {}
    pub enum Ordering { Less = -1, Equal = 0, Greater = 1 }
    #[lang = "partial_ord"] pub trait PartialOrd<Rhs: ?Sized = Self>: PartialEq<Rhs> { fn partial_cmp(&self, other: &Rhs) -> Option<Ordering>; fn lt(&self, other: &Rhs) -> bool { true } }
    pub trait Ord: Eq + PartialOrd<Self> { fn cmp(&self, other: &Self) -> Ordering; fn max(self, other: Self) -> Self where Self: Sized { self } fn min(self, other: Self) -> Self where Self: Sized { self } }
    macro_rules! ints { ($($t:ty)*) => { $(
        impl PartialEq for $t { fn eq(&self, other: &$t) -> bool { true } }
        impl Eq for $t {}
        impl PartialOrd for $t { fn partial_cmp(&self, other: &$t) -> Option<Ordering> { None } }
        impl Ord for $t { fn cmp(&self, other: &$t) -> Ordering { Ordering::Equal } }
    )* } }
    ints! { u8 u16 u32 u64 usize i8 i16 i32 i64 isize char bool }
    impl PartialEq for str { fn eq(&self, other: &str) -> bool { true } }
    impl<A: ?Sized, B: ?Sized> PartialEq<&B> for &A where A: PartialEq<B> { fn eq(&self, other: &&B) -> bool { true } }
    impl<A, B> PartialEq<[B]> for [A] where A: PartialEq<B> { fn eq(&self, other: &[B]) -> bool { true } }
    use crate::option::Option::{self, None};
}
pub mod ops {
    macro_rules! binary { ($($name:ident $method:ident $lang:literal;)*) => { $(
        #[lang = $lang] pub trait $name<Rhs = Self> { type Output; fn $method(self, rhs: Rhs) -> Self::Output; }
    )* } }
    #[lang = "add"] pub trait Add<Rhs = Self> { type Output; fn add(self, rhs: Rhs) -> Self::Output; }
    #[lang = "sub"] pub trait Sub<Rhs = Self> { type Output; fn sub(self, rhs: Rhs) -> Self::Output; }
    #[lang = "mul"] pub trait Mul<Rhs = Self> { type Output; fn mul(self, rhs: Rhs) -> Self::Output; }
    #[lang = "neg"] pub trait Neg { type Output; fn neg(self) -> Self::Output; }
    #[lang = "not"] pub trait Not { type Output; fn not(self) -> Self::Output; }
    #[lang = "add_assign"] pub trait AddAssign<Rhs = Self> { fn add_assign(&mut self, rhs: Rhs); }
    macro_rules! arith { ($($t:ty)*) => { $(
        impl Add for $t { type Output = $t; fn add(self, rhs: $t) -> $t { self } }
        impl Sub for $t { type Output = $t; fn sub(self, rhs: $t) -> $t { self } }
        impl Mul for $t { type Output = $t; fn mul(self, rhs: $t) -> $t { self } }
        impl AddAssign for $t { fn add_assign(&mut self, rhs: $t) {} }
        impl<'a> Add<&'a $t> for $t { type Output = $t; fn add(self, rhs: &'a $t) -> $t { self } }
    )* } }
    arith! { u8 u16 u32 u64 usize i8 i16 i32 i64 isize f32 f64 }
    #[lang = "deref"] pub trait Deref { #[lang = "deref_target"] type Target: ?Sized; fn deref(&self) -> &Self::Target; }
    #[lang = "deref_mut"] pub trait DerefMut: Deref { fn deref_mut(&mut self) -> &mut Self::Target; }
    impl<T: ?Sized> Deref for &T { type Target = T; fn deref(&self) -> &T { *self } }
    impl<T: ?Sized> Deref for &mut T { type Target = T; fn deref(&self) -> &T { *self } }
    impl<T: ?Sized> DerefMut for &mut T { fn deref_mut(&mut self) -> &mut T { *self } }
    #[lang = "index"] pub trait Index<Idx: ?Sized> { type Output: ?Sized; fn index(&self, index: Idx) -> &Self::Output; }
    #[lang = "index_mut"] pub trait IndexMut<Idx: ?Sized>: Index<Idx> { fn index_mut(&mut self, index: Idx) -> &mut Self::Output; }
    #[lang = "drop"] pub trait Drop { fn drop(&mut self); }
    #[lang = "fn_once"] pub trait FnOnce<Args> { #[lang = "fn_once_output"] type Output; extern "rust-call" fn call_once(self, args: Args) -> Self::Output; }
    #[lang = "fn_mut"] pub trait FnMut<Args>: FnOnce<Args> { extern "rust-call" fn call_mut(&mut self, args: Args) -> Self::Output; }
    #[lang = "fn"] pub trait Fn<Args>: FnMut<Args> { extern "rust-call" fn call(&self, args: Args) -> Self::Output; }
    impl<A, F: ?Sized> Fn<A> for &F where F: Fn<A> { extern "rust-call" fn call(&self, args: A) -> F::Output { (**self).call(args) } }
    impl<A, F: ?Sized> FnMut<A> for &F where F: Fn<A> { extern "rust-call" fn call_mut(&mut self, args: A) -> F::Output { (**self).call(args) } }
    impl<A, F: ?Sized> FnOnce<A> for &F where F: Fn<A> { type Output = F::Output; extern "rust-call" fn call_once(self, args: A) -> F::Output { (*self).call(args) } }
    impl<A, F: ?Sized> FnMut<A> for &mut F where F: FnMut<A> { extern "rust-call" fn call_mut(&mut self, args: A) -> F::Output { (**self).call_mut(args) } }
    impl<A, F: ?Sized> FnOnce<A> for &mut F where F: FnMut<A> { type Output = F::Output; extern "rust-call" fn call_once(self, args: A) -> F::Output { (*self).call_mut(args) } }
    #[lang = "Range"] pub struct Range<Idx> { pub start: Idx, pub end: Idx }
    #[lang = "RangeFull"] pub struct RangeFull;
    #[lang = "RangeFrom"] pub struct RangeFrom<Idx> { pub start: Idx }
    #[lang = "RangeTo"] pub struct RangeTo<Idx> { pub end: Idx }
    #[lang = "RangeInclusive"] pub struct RangeInclusive<Idx> { start: Idx, end: Idx, exhausted: bool }
    pub enum ControlFlow<B, C = ()> { #[lang = "Continue"] Continue(C), #[lang = "Break"] Break(B) }
    #[lang = "Try"] pub trait Try: FromResidual<Self::Residual> { type Output; type Residual; #[lang = "from_output"] fn from_output(output: Self::Output) -> Self; #[lang = "branch"] fn branch(self) -> ControlFlow<Self::Residual, Self::Output>; }
    #[lang = "FromResidual"] pub trait FromResidual<R = <Self as Try>::Residual> { #[lang = "from_residual"] fn from_residual(residual: R) -> Self; }
}
pub mod convert {
    pub trait From<T>: Sized { #[lang = "from"] fn from(value: T) -> Self; }
    pub trait Into<T>: Sized { fn into(self) -> T; }
    pub trait AsRef<T: ?Sized> { fn as_ref(&self) -> &T; }
    pub enum Infallible {}
    impl<T> From<T> for T { fn from(t: T) -> T { t } }
    impl<T, U> Into<U> for T where U: From<T> { fn into(self) -> U { U::from(self) } }
    impl From<u8> for u32 { fn from(v: u8) -> u32 { v as u32 } }
    impl From<u32> for u64 { fn from(v: u32) -> u64 { v as u64 } }
    impl<T: ?Sized, U: ?Sized> AsRef<U> for &T where T: AsRef<U> { fn as_ref(&self) -> &U { (**self).as_ref() } }
    impl AsRef<str> for str { fn as_ref(&self) -> &str { self } }
    impl<T> AsRef<[T]> for [T] { fn as_ref(&self) -> &[T] { self } }
}
pub mod borrow {
    pub trait Borrow<Borrowed: ?Sized> { fn borrow(&self) -> &Borrowed; }
    impl<T: ?Sized> Borrow<T> for T { fn borrow(&self) -> &T { self } }
    impl<T: ?Sized> Borrow<T> for &T { fn borrow(&self) -> &T { &**self } }
}
pub mod option {
    use crate::clone::Clone; use crate::marker::Copy; use crate::ops::*; use crate::result::Result;
    #[lang = "Option"]
    pub enum Option<T> { #[lang = "None"] None, #[lang = "Some"] Some(T) }
    use Option::*;
    impl<T> Option<T> {
        pub const fn is_some(&self) -> bool { match *self { Some(_) => true, None => false } }
        pub const fn as_ref(&self) -> Option<&T> { match *self { Some(ref x) => Some(x), None => None } }
        pub fn as_mut(&mut self) -> Option<&mut T> { match *self { Some(ref mut x) => Some(x), None => None } }
        pub fn unwrap(self) -> T { match self { Some(v) => v, None => loop {} } }
        pub fn unwrap_or(self, default: T) -> T { match self { Some(v) => v, None => default } }
        pub fn unwrap_or_else<F>(self, f: F) -> T where F: FnOnce() -> T { match self { Some(v) => v, None => f() } }
        pub fn map<U, F>(self, f: F) -> Option<U> where F: FnOnce(T) -> U { match self { Some(x) => Some(f(x)), None => None } }
        pub fn and_then<U, F: FnOnce(T) -> Option<U>>(self, f: F) -> Option<U> { match self { Some(x) => f(x), None => None } }
        pub fn ok_or<E>(self, err: E) -> Result<T, E> { match self { Some(v) => Result::Ok(v), None => Result::Err(err) } }
        pub fn take(&mut self) -> Option<T> { None }
        pub fn iter(&self) -> Iter<'_, T> { loop {} }
    }
    impl<T> Option<&T> { pub fn cloned(self) -> Option<T> where T: Clone { match self { Some(t) => Some(t.clone()), None => None } } pub fn copied(self) -> Option<T> where T: Copy { None } }
    impl<T: Clone> Clone for Option<T> { fn clone(&self) -> Self { match self { Some(x) => Some(x.clone()), None => None } } }
    impl<T: Copy> Copy for Option<T> {}
    impl<T: crate::cmp::PartialEq> crate::cmp::PartialEq for Option<T> { fn eq(&self, other: &Self) -> bool { true } }
    pub struct Iter<'a, A> { inner: &'a A }
    impl<'a, A> crate::iter::Iterator for Iter<'a, A> { type Item = &'a A; fn next(&mut self) -> Option<&'a A> { None } }
    impl<T> Try for Option<T> { type Output = T; type Residual = Option<crate::convert::Infallible>; fn from_output(o: T) -> Self { Some(o) } fn branch(self) -> ControlFlow<Self::Residual, T> { loop {} } }
    impl<T> FromResidual<Option<crate::convert::Infallible>> for Option<T> { fn from_residual(r: Option<crate::convert::Infallible>) -> Self { None } }
}
pub mod result {
    use crate::convert::{From, Infallible}; use crate::ops::*; use crate::option::Option::{self, Some, None};
    #[lang = "Result"]
    pub enum Result<T, E> { #[lang = "Ok"] Ok(T), #[lang = "Err"] Err(E) }
    use Result::*;
    impl<T, E> Result<T, E> {
        pub fn is_ok(&self) -> bool { match *self { Ok(_) => true, Err(_) => false } }
        pub fn ok(self) -> Option<T> { match self { Ok(x) => Some(x), Err(_) => None } }
        pub fn map<U, F: FnOnce(T) -> U>(self, op: F) -> Result<U, E> { match self { Ok(t) => Ok(op(t)), Err(e) => Err(e) } }
        pub fn map_err<F, O: FnOnce(E) -> F>(self, op: O) -> Result<T, F> { match self { Ok(t) => Ok(t), Err(e) => Err(op(e)) } }
        pub fn unwrap(self) -> T where E: crate::fmt::Debug { match self { Ok(t) => t, Err(_) => loop {} } }
    }
    impl<T, E> Try for Result<T, E> { type Output = T; type Residual = Result<Infallible, E>; fn from_output(o: T) -> Self { Ok(o) } fn branch(self) -> ControlFlow<Self::Residual, T> { loop {} } }
    impl<T, E, F: From<E>> FromResidual<Result<Infallible, E>> for Result<T, F> { fn from_residual(r: Result<Infallible, E>) -> Self { loop {} } }
}
pub mod iter {
    use crate::option::Option::{self, Some, None};
    #[lang = "iterator"]
    pub trait Iterator {
        type Item;
        #[lang = "next"] fn next(&mut self) -> Option<Self::Item>;
        fn map<B, F>(self, f: F) -> Map<Self, F> where Self: Sized, F: FnMut(Self::Item) -> B { Map { iter: self, f } }
        fn filter<P>(self, predicate: P) -> Filter<Self, P> where Self: Sized, P: FnMut(&Self::Item) -> bool { Filter { iter: self, predicate } }
        fn enumerate(self) -> Enumerate<Self> where Self: Sized { Enumerate { iter: self, count: 0 } }
        fn zip<U>(self, other: U) -> Zip<Self, U::IntoIter> where Self: Sized, U: IntoIterator { Zip { a: self, b: other.into_iter() } }
        fn cloned<'a, T>(self) -> Cloned<Self> where T: Clone + 'a, Self: Sized + Iterator<Item = &'a T> { Cloned { it: self } }
        fn collect<B: FromIterator<Self::Item>>(self) -> B where Self: Sized { FromIterator::from_iter(self) }
        fn fold<B, F>(self, init: B, f: F) -> B where Self: Sized, F: FnMut(B, Self::Item) -> B { init }
        fn by_ref(&mut self) -> &mut Self where Self: Sized { self }
        fn sum<S>(self) -> S where Self: Sized, S: Sum<Self::Item> { S::sum(self) }
        fn rev(self) -> Rev<Self> where Self: Sized + DoubleEndedIterator { Rev { iter: self } }
        fn for_each<F>(self, f: F) where Self: Sized, F: FnMut(Self::Item) {}
        fn all<F>(&mut self, f: F) -> bool where Self: Sized, F: FnMut(Self::Item) -> bool { true }
        fn find<P>(&mut self, predicate: P) -> Option<Self::Item> where Self: Sized, P: FnMut(&Self::Item) -> bool { None }
        fn max(self) -> Option<Self::Item> where Self: Sized, Self::Item: crate::cmp::Ord { None }
    }
    pub trait DoubleEndedIterator: Iterator { fn next_back(&mut self) -> Option<Self::Item>; }
    pub trait Sum<A = Self>: Sized { fn sum<I: Iterator<Item = A>>(iter: I) -> Self; }
    impl Sum for u32 { fn sum<I: Iterator<Item = u32>>(iter: I) -> u32 { 0 } }
    impl<'a> Sum<&'a u32> for u32 { fn sum<I: Iterator<Item = &'a u32>>(iter: I) -> u32 { 0 } }
    impl Sum for usize { fn sum<I: Iterator<Item = usize>>(iter: I) -> usize { 0 } }
    pub trait IntoIterator { type Item; type IntoIter: Iterator<Item = Self::Item>; #[lang = "into_iter"] fn into_iter(self) -> Self::IntoIter; }
    impl<I: Iterator> IntoIterator for I { type Item = I::Item; type IntoIter = I; fn into_iter(self) -> I { self } }
    pub trait FromIterator<A>: Sized { fn from_iter<T: IntoIterator<Item = A>>(iter: T) -> Self; }
    impl<I: Iterator + ?Sized> Iterator for &mut I { type Item = I::Item; fn next(&mut self) -> Option<I::Item> { (**self).next() } }
    pub struct Map<I, F> { iter: I, f: F }
    impl<B, I: Iterator, F> Iterator for Map<I, F> where F: FnMut(I::Item) -> B { type Item = B; fn next(&mut self) -> Option<B> { self.iter.next().map(&mut self.f) } }
    pub struct Filter<I, P> { iter: I, predicate: P }
    impl<I: Iterator, P> Iterator for Filter<I, P> where P: FnMut(&I::Item) -> bool { type Item = I::Item; fn next(&mut self) -> Option<I::Item> { None } }
    pub struct Enumerate<I> { iter: I, count: usize }
    impl<I> Iterator for Enumerate<I> where I: Iterator { type Item = (usize, <I as Iterator>::Item); fn next(&mut self) -> Option<(usize, <I as Iterator>::Item)> { None } }
    pub struct Zip<A, B> { a: A, b: B }
    impl<A, B> Iterator for Zip<A, B> where A: Iterator, B: Iterator { type Item = (A::Item, B::Item); fn next(&mut self) -> Option<(A::Item, B::Item)> { None } }
    pub struct Cloned<I> { it: I }
    impl<'a, I, T: 'a> Iterator for Cloned<I> where I: Iterator<Item = &'a T>, T: Clone { type Item = T; fn next(&mut self) -> Option<T> { None } }
    pub struct Rev<T> { iter: T }
    impl<I> Iterator for Rev<I> where I: DoubleEndedIterator { type Item = <I as Iterator>::Item; fn next(&mut self) -> Option<<I as Iterator>::Item> { None } }
    macro_rules! steps { ($($t:ty)*) => { $( impl Step for $t {} )* } }
    pub trait Step: crate::clone::Clone {}
    steps! { u8 u16 u32 u64 usize i8 i16 i32 i64 isize }
    impl<A: Step> Iterator for crate::ops::Range<A> { type Item = A; fn next(&mut self) -> Option<A> { None } }
    impl<A: Step> DoubleEndedIterator for crate::ops::Range<A> { fn next_back(&mut self) -> Option<A> { None } }
}
pub mod slice {
    use crate::option::Option; use crate::ops::*;
    impl<T> [T] {
        pub const fn len(&self) -> usize { 0 }
        pub const fn is_empty(&self) -> bool { self.len() == 0 }
        pub fn iter(&self) -> Iter<'_, T> { loop {} }
        pub fn iter_mut(&mut self) -> IterMut<'_, T> { loop {} }
        pub fn get<I>(&self, index: I) -> Option<&I::Output> where I: SliceIndex<[T]> { loop {} }
        pub fn first(&self) -> Option<&T> { loop {} }
        pub const fn as_ptr(&self) -> *const T { loop {} }
        pub fn last(&self) -> Option<&T> { loop {} } pub fn last_mut(&mut self) -> Option<&mut T> { loop {} } pub const fn split_at(&self, mid: usize) -> (&[T], &[T]) { loop {} }
        pub fn copy_from_slice(&mut self, src: &[T]) where T: Copy {}
    }
    pub struct Iter<'a, T> { ptr: &'a T }
    impl<'a, T> crate::iter::Iterator for Iter<'a, T> { type Item = &'a T; fn next(&mut self) -> Option<&'a T> { loop {} } }
    impl<'a, T> crate::iter::DoubleEndedIterator for Iter<'a, T> { fn next_back(&mut self) -> Option<&'a T> { loop {} } }
    pub struct IterMut<'a, T> { ptr: &'a mut T }
    impl<'a, T> crate::iter::Iterator for IterMut<'a, T> { type Item = &'a mut T; fn next(&mut self) -> Option<&'a mut T> { loop {} } }
    impl<'a, T> crate::iter::IntoIterator for &'a [T] { type Item = &'a T; type IntoIter = Iter<'a, T>; fn into_iter(self) -> Iter<'a, T> { self.iter() } }
    impl<'a, T> crate::iter::IntoIterator for &'a mut [T] { type Item = &'a mut T; type IntoIter = IterMut<'a, T>; fn into_iter(self) -> IterMut<'a, T> { self.iter_mut() } }
    pub trait SliceIndex<T: ?Sized> { type Output: ?Sized; fn get(self, slice: &T) -> Option<&Self::Output>; }
    impl<T> SliceIndex<[T]> for usize { type Output = T; fn get(self, slice: &[T]) -> Option<&T> { loop {} } }
    impl<T> SliceIndex<[T]> for Range<usize> { type Output = [T]; fn get(self, slice: &[T]) -> Option<&[T]> { loop {} } }
    impl<T> SliceIndex<[T]> for RangeTo<usize> { type Output = [T]; fn get(self, slice: &[T]) -> Option<&[T]> { loop {} } }
    impl<T> SliceIndex<[T]> for RangeFrom<usize> { type Output = [T]; fn get(self, slice: &[T]) -> Option<&[T]> { loop {} } }
    impl<T> SliceIndex<[T]> for RangeFull { type Output = [T]; fn get(self, slice: &[T]) -> Option<&[T]> { loop {} } }
    impl<T, I> Index<I> for [T] where I: SliceIndex<[T]> { type Output = I::Output; fn index(&self, index: I) -> &I::Output { loop {} } }
    impl<T, I> IndexMut<I> for [T] where I: SliceIndex<[T]> { fn index_mut(&mut self, index: I) -> &mut I::Output { loop {} } }
}
pub mod array {
    use crate::ops::*;
    impl<T, const N: usize> [T; N] { pub const fn as_slice(&self) -> &[T] { self } }
    pub struct IntoIter<T, const N: usize> { data: [T; N] }
    impl<T, const N: usize> crate::iter::Iterator for IntoIter<T, N> { type Item = T; fn next(&mut self) -> crate::option::Option<T> { loop {} } }
    impl<T, const N: usize> crate::iter::IntoIterator for [T; N] { type Item = T; type IntoIter = IntoIter<T, N>; fn into_iter(self) -> IntoIter<T, N> { loop {} } }
    impl<'a, T, const N: usize> crate::iter::IntoIterator for &'a [T; N] { type Item = &'a T; type IntoIter = crate::slice::Iter<'a, T>; fn into_iter(self) -> crate::slice::Iter<'a, T> { self.iter() } }
    impl<T, I, const N: usize> Index<I> for [T; N] where [T]: Index<I> { type Output = <[T] as Index<I>>::Output; fn index(&self, index: I) -> &Self::Output { loop {} } }
}
pub mod str {
    impl str { pub const fn len(&self) -> usize { 0 } pub const fn is_empty(&self) -> bool { true } pub const fn as_bytes(&self) -> &[u8] { loop {} } pub fn trim(&self) -> &str { self } pub fn parse<F: FromStr>(&self) -> crate::result::Result<F, F::Err> { FromStr::from_str(self) } }
    pub trait FromStr: Sized { type Err; fn from_str(s: &str) -> crate::result::Result<Self, Self::Err>; }
    impl FromStr for u32 { type Err = crate::num::ParseIntError; fn from_str(s: &str) -> crate::result::Result<u32, crate::num::ParseIntError> { loop {} } }
}
pub mod num {
    pub struct ParseIntError;
    macro_rules! int_methods { ($($t:ident)*) => { $( impl $t {
        pub const MAX: $t = 127;
        pub const BITS: u32 = 8;
        pub const fn wrapping_add(self, rhs: $t) -> $t { self }
        pub const fn pow(self, exp: u32) -> $t { self }
        pub const fn checked_add(self, rhs: $t) -> crate::option::Option<$t> { crate::option::Option::None }
    } )* } }
    int_methods! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize }
}
pub mod mem {
    pub const fn size_of<T>() -> usize { 0 }
    pub fn replace<T>(dest: &mut T, src: T) -> T { src }
    pub fn swap<T>(x: &mut T, y: &mut T) {}
    pub fn take<T: crate::default::Default>(dest: &mut T) -> T { replace(dest, T::default()) }
    pub fn drop<T>(_x: T) {}
    pub fn forget<T>(t: T) {}
    #[lang = "manually_drop"] pub struct ManuallyDrop<T: ?Sized> { value: T }
    impl<T> ManuallyDrop<T> { pub const fn new(value: T) -> ManuallyDrop<T> { ManuallyDrop { value } } }
    impl<T: ?Sized> crate::ops::Deref for ManuallyDrop<T> { type Target = T; fn deref(&self) -> &T { &self.value } }
    #[lang = "maybe_uninit"] pub union MaybeUninit<T> { uninit: (), value: ManuallyDrop<T> }
    impl<T> MaybeUninit<T> { pub const fn uninit() -> MaybeUninit<T> { loop {} } pub const unsafe fn assume_init(self) -> T { loop {} } pub const fn as_mut_ptr(&mut self) -> *mut T { loop {} } }
}
pub mod ptr {
    pub const fn null<T>() -> *const T { 0 as *const T }
    pub const fn null_mut<T>() -> *mut T { 0 as *mut T }
    impl<T: ?Sized> *const T { pub fn is_null(self) -> bool { false } pub const unsafe fn add(self, n: usize) -> Self where T: Sized { self } pub const unsafe fn as_ref<'a>(self) -> crate::option::Option<&'a T> { loop {} } }
    impl<T: ?Sized> *mut T { pub fn is_null(self) -> bool { false } pub const unsafe fn write(self, val: T) where T: Sized {} }
}
pub mod cell {
    #[lang = "unsafe_cell"] pub struct UnsafeCell<T: ?Sized> { value: T }
    impl<T> UnsafeCell<T> { pub const fn new(value: T) -> UnsafeCell<T> { UnsafeCell { value } } }
    impl<T: ?Sized> UnsafeCell<T> { pub const fn get(&self) -> *mut T { loop {} } }
    pub struct Cell<T: ?Sized> { value: UnsafeCell<T> }
    impl<T> Cell<T> { pub const fn new(value: T) -> Cell<T> { Cell { value: UnsafeCell::new(value) } } pub fn set(&self, val: T) {} pub fn replace(&self, val: T) -> T { val } pub fn take(&self) -> T where T: crate::default::Default { T::default() } }
    impl<T: crate::marker::Copy> Cell<T> { pub fn get(&self) -> T { loop {} } }
    pub struct RefCell<T: ?Sized> { value: UnsafeCell<T> }
    impl<T> RefCell<T> { pub const fn new(value: T) -> RefCell<T> { RefCell { value: UnsafeCell::new(value) } } }
    impl<T: ?Sized> RefCell<T> { pub fn borrow(&self) -> Ref<'_, T> { loop {} } pub fn borrow_mut(&self) -> RefMut<'_, T> { loop {} } }
    pub struct Ref<'b, T: ?Sized + 'b> { value: &'b T }
    impl<T: ?Sized> crate::ops::Deref for Ref<'_, T> { type Target = T; fn deref(&self) -> &T { self.value } }
    pub struct RefMut<'b, T: ?Sized + 'b> { value: &'b mut T }
    impl<T: ?Sized> crate::ops::Deref for RefMut<'_, T> { type Target = T; fn deref(&self) -> &T { self.value } }
    impl<T: ?Sized> crate::ops::DerefMut for RefMut<'_, T> { fn deref_mut(&mut self) -> &mut T { self.value } }
}
pub mod sync { pub mod atomic {
    pub struct AtomicUsize { v: crate::cell::UnsafeCell<usize> }
    pub enum Ordering { Relaxed, Release, Acquire, AcqRel, SeqCst }
    impl AtomicUsize { pub const fn new(v: usize) -> AtomicUsize { AtomicUsize { v: crate::cell::UnsafeCell::new(v) } } pub fn load(&self, order: Ordering) -> usize { 0 } pub fn store(&self, val: usize, order: Ordering) {} }
} }
pub mod pin {
    #[lang = "pin"] pub struct Pin<Ptr> { pub pointer: Ptr }
    impl<Ptr: crate::ops::Deref> Pin<Ptr> { pub fn as_mut(&mut self) -> Pin<&mut Ptr::Target> where Ptr: crate::ops::DerefMut { loop {} } pub fn new(pointer: Ptr) -> Pin<Ptr> { Pin { pointer } } }
    impl<Ptr: crate::ops::Deref> crate::ops::Deref for Pin<Ptr> { type Target = Ptr::Target; fn deref(&self) -> &Ptr::Target { &*self.pointer } }
}
pub mod future {
    #[lang = "future_trait"] pub trait Future { #[lang = "future_output"] type Output; #[lang = "poll"] fn poll(self: crate::pin::Pin<&mut Self>, cx: &mut crate::task::Context<'_>) -> crate::task::Poll<Self::Output>; }
    pub trait IntoFuture { type Output; type IntoFuture: Future<Output = Self::Output>; #[lang = "into_future"] fn into_future(self) -> Self::IntoFuture; }
    impl<F: Future> IntoFuture for F { type Output = F::Output; type IntoFuture = F; fn into_future(self) -> F { self } }
}
pub mod task { pub struct Context<'a> { w: &'a u8 } #[lang = "Poll"] pub enum Poll<T> { #[lang = "Ready"] Ready(T), #[lang = "Pending"] Pending } }
pub mod any { pub trait Any: 'static { fn type_id(&self) -> u64; } impl<T: 'static + ?Sized> Any for T { fn type_id(&self) -> u64 { 0 } } impl dyn Any { pub fn is<T: Any>(&self) -> bool { true } } }
pub mod hash { pub trait Hasher { fn finish(&self) -> u64; fn write(&mut self, bytes: &[u8]); } pub trait Hash { fn hash<H: Hasher>(&self, state: &mut H); } pub trait BuildHasher { type Hasher: Hasher; fn build_hasher(&self) -> Self::Hasher; }
    impl Hash for u32 { fn hash<H: Hasher>(&self, state: &mut H) {} } impl Hash for usize { fn hash<H: Hasher>(&self, state: &mut H) {} } impl Hash for str { fn hash<H: Hasher>(&self, state: &mut H) {} } }
pub mod fmt {
    #[lang = "Formatter"] pub struct Formatter<'a> { buf: &'a mut dyn Write }
    pub struct Error;
    #[lang = "format_arguments"] pub struct Arguments<'a> { pieces: &'a [&'static str] }
    pub type Result = crate::result::Result<(), Error>;
    pub trait Write { fn write_str(&mut self, s: &str) -> Result; }
    pub trait Debug { fn fmt(&self, f: &mut Formatter<'_>) -> Result; }
    pub trait Display { fn fmt(&self, f: &mut Formatter<'_>) -> Result; }
    impl Debug for u32 { fn fmt(&self, f: &mut Formatter<'_>) -> Result { loop {} } }
    impl Display for u32 { fn fmt(&self, f: &mut Formatter<'_>) -> Result { loop {} } }
    impl Debug for str { fn fmt(&self, f: &mut Formatter<'_>) -> Result { loop {} } }
    impl Display for str { fn fmt(&self, f: &mut Formatter<'_>) -> Result { loop {} } }
    impl<T: ?Sized + Debug> Debug for &T { fn fmt(&self, f: &mut Formatter<'_>) -> Result { loop {} } }
    impl<T: ?Sized + Display> Display for &T { fn fmt(&self, f: &mut Formatter<'_>) -> Result { loop {} } }
}
pub mod prelude { pub mod v1 {
    pub use crate::marker::{Copy, Send, Sized, Sync, Unpin};
    pub use crate::ops::{Drop, Fn, FnMut, FnOnce};
    pub use crate::mem::drop;
    pub use crate::clone::Clone;
    pub use crate::cmp::{Eq, Ord, PartialEq, PartialOrd};
    pub use crate::convert::{AsRef, From, Into};
    pub use crate::default::Default;
    pub use crate::iter::{DoubleEndedIterator, FromIterator, IntoIterator, Iterator};
    pub use crate::option::Option::{self, None, Some};
    pub use crate::result::Result::{self, Err, Ok};
} pub mod rust_2015 { pub use super::v1::*; } pub mod rust_2018 { pub use super::v1::*; } pub mod rust_2021 { pub use super::v1::*; } pub mod rust_2024 { pub use super::v1::*; } }
`;
}

function allocText(): string {
  return `
pub mod alloc { #[lang = "global_alloc_ty"] pub struct Global; }
pub mod boxed {
    use core::ops::*;
    #[lang = "owned_box"] pub struct Box<T: ?Sized, A = crate::alloc::Global> { ptr: *mut T, alloc: A }
    impl<T> Box<T> { pub fn new(x: T) -> Box<T> { loop {} } pub fn pin(x: T) -> core::pin::Pin<Box<T>> { loop {} } }
    impl<T: ?Sized> Box<T> { pub fn leak<'a>(b: Box<T>) -> &'a mut T { loop {} } pub fn into_raw(b: Box<T>) -> *mut T { loop {} } pub unsafe fn from_raw(raw: *mut T) -> Box<T> { loop {} } }
    impl<T: ?Sized, A> Deref for Box<T, A> { type Target = T; fn deref(&self) -> &T { &**self } }
    impl<T: ?Sized, A> DerefMut for Box<T, A> { fn deref_mut(&mut self) -> &mut T { &mut **self } }
    impl<T: ?Sized, A> Drop for Box<T, A> { fn drop(&mut self) {} }
    impl<T: Clone> Clone for Box<T> { fn clone(&self) -> Self { loop {} } }
    impl<Args, F: FnOnce<Args> + ?Sized> FnOnce<Args> for Box<F> { type Output = <F as FnOnce<Args>>::Output; extern "rust-call" fn call_once(self, args: Args) -> Self::Output { loop {} } }
    impl<Args, F: FnMut<Args> + ?Sized> FnMut<Args> for Box<F> { extern "rust-call" fn call_mut(&mut self, args: Args) -> Self::Output { loop {} } }
    impl<Args, F: Fn<Args> + ?Sized> Fn<Args> for Box<F> { extern "rust-call" fn call(&self, args: Args) -> Self::Output { loop {} } }
    impl<I: Iterator + ?Sized> Iterator for Box<I> { type Item = I::Item; fn next(&mut self) -> Option<I::Item> { (**self).next() } }
    impl<F: ?Sized + core::future::Future> core::future::Future for Box<F> { type Output = F::Output; fn poll(self: core::pin::Pin<&mut Self>, cx: &mut core::task::Context<'_>) -> core::task::Poll<F::Output> { loop {} } }
    impl<T> From<T> for Box<T> { fn from(t: T) -> Self { Box::new(t) } }
}
pub mod rc {
    pub struct Rc<T: ?Sized> { ptr: *mut T }
    impl<T> Rc<T> { pub fn new(value: T) -> Rc<T> { loop {} } }
    impl<T: ?Sized> core::ops::Deref for Rc<T> { type Target = T; fn deref(&self) -> &T { loop {} } }
    impl<T: ?Sized> Clone for Rc<T> { fn clone(&self) -> Rc<T> { loop {} } }
    impl<T: ?Sized> Drop for Rc<T> { fn drop(&mut self) {} }
}
pub mod sync {
    pub struct Arc<T: ?Sized> { ptr: *mut T }
    impl<T> Arc<T> { pub fn new(value: T) -> Arc<T> { loop {} } }
    impl<T: ?Sized> core::ops::Deref for Arc<T> { type Target = T; fn deref(&self) -> &T { loop {} } }
    impl<T: ?Sized> Clone for Arc<T> { fn clone(&self) -> Arc<T> { loop {} } }
    impl<T: ?Sized> Drop for Arc<T> { fn drop(&mut self) {} }
}
pub mod vec {
    use core::ops::*; use crate::alloc::Global;
    pub struct Vec<T, A = Global> { buf: *mut T, len: usize, alloc: A }
    impl<T> Vec<T> { pub const fn new() -> Vec<T> { loop {} } pub fn with_capacity(capacity: usize) -> Vec<T> { loop {} } }
    impl<T, A> Vec<T, A> { pub fn push(&mut self, value: T) {} pub fn pop(&mut self) -> Option<T> { None } pub const fn len(&self) -> usize { self.len } pub fn as_slice(&self) -> &[T] { loop {} } pub fn clear(&mut self) {} }
    impl<T, A> Deref for Vec<T, A> { type Target = [T]; fn deref(&self) -> &[T] { loop {} } }
    impl<T, A> DerefMut for Vec<T, A> { fn deref_mut(&mut self) -> &mut [T] { loop {} } }
    impl<T, A> Drop for Vec<T, A> { fn drop(&mut self) {} }
    impl<T: Clone> Clone for Vec<T> { fn clone(&self) -> Self { loop {} } }
    impl<T> Default for Vec<T> { fn default() -> Vec<T> { Vec::new() } }
    impl<T, I: core::slice::SliceIndex<[T]>, A> Index<I> for Vec<T, A> { type Output = I::Output; fn index(&self, index: I) -> &I::Output { loop {} } }
    impl<T, I: core::slice::SliceIndex<[T]>, A> IndexMut<I> for Vec<T, A> { fn index_mut(&mut self, index: I) -> &mut I::Output { loop {} } }
    pub struct IntoIter<T, A = Global> { buf: *mut T, alloc: A }
    impl<T, A> Iterator for IntoIter<T, A> { type Item = T; fn next(&mut self) -> Option<T> { None } }
    impl<T, A> IntoIterator for Vec<T, A> { type Item = T; type IntoIter = IntoIter<T, A>; fn into_iter(self) -> IntoIter<T, A> { loop {} } }
    impl<'a, T, A> IntoIterator for &'a Vec<T, A> { type Item = &'a T; type IntoIter = core::slice::Iter<'a, T>; fn into_iter(self) -> core::slice::Iter<'a, T> { self.iter() } }
    impl<'a, T, A> IntoIterator for &'a mut Vec<T, A> { type Item = &'a mut T; type IntoIter = core::slice::IterMut<'a, T>; fn into_iter(self) -> core::slice::IterMut<'a, T> { self.iter_mut() } }
    impl<T> FromIterator<T> for Vec<T> { fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> Vec<T> { loop {} } }
    impl<T, U, A1, A2> PartialEq<Vec<U, A2>> for Vec<T, A1> where T: PartialEq<U> { fn eq(&self, other: &Vec<U, A2>) -> bool { true } }
}
pub mod slice { impl<T> [T] { pub fn to_vec(&self) -> crate::vec::Vec<T> where T: Clone { loop {} } } }
pub mod borrow {
    use core::borrow::Borrow;
    pub trait ToOwned { type Owned: Borrow<Self>; fn to_owned(&self) -> Self::Owned; }
    impl<T> ToOwned for T where T: Clone { type Owned = T; fn to_owned(&self) -> T { self.clone() } }
    impl ToOwned for str { type Owned = crate::string::String; fn to_owned(&self) -> crate::string::String { loop {} } }
    impl<T: Clone> ToOwned for [T] { type Owned = crate::vec::Vec<T>; fn to_owned(&self) -> crate::vec::Vec<T> { self.to_vec() } }
    pub enum Cow<'a, B: ?Sized + ToOwned + 'a> { Borrowed(&'a B), Owned(<B as ToOwned>::Owned) }
    impl<B: ?Sized + ToOwned> core::ops::Deref for Cow<'_, B> where B::Owned: Borrow<B> { type Target = B; fn deref(&self) -> &B { loop {} } }
}
pub mod string {
    #[lang = "String"] pub struct String { vec: crate::vec::Vec<u8> }
    impl String { pub const fn new() -> String { loop {} } pub fn push_str(&mut self, s: &str) {} pub fn push(&mut self, c: char) {} pub fn as_str(&self) -> &str { loop {} } pub const fn len(&self) -> usize { 0 } }
    impl core::ops::Deref for String { type Target = str; fn deref(&self) -> &str { loop {} } }
    impl Clone for String { fn clone(&self) -> String { loop {} } }
    impl Default for String { fn default() -> String { String::new() } }
    impl From<&str> for String { fn from(s: &str) -> String { loop {} } }
    impl core::borrow::Borrow<str> for String { fn borrow(&self) -> &str { self } }
    impl PartialEq for String { fn eq(&self, other: &String) -> bool { true } }
    impl PartialEq<str> for String { fn eq(&self, other: &str) -> bool { true } }
    impl<'a> PartialEq<&'a str> for String { fn eq(&self, other: &&'a str) -> bool { true } }
    impl core::fmt::Display for String { fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result { loop {} } }
    impl core::fmt::Debug for String { fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result { loop {} } }
    pub trait ToString { fn to_string(&self) -> String; }
    impl<T: core::fmt::Display + ?Sized> ToString for T { fn to_string(&self) -> String { loop {} } }
}
pub mod fmt { pub use core::fmt::*; pub fn format(args: Arguments<'_>) -> crate::string::String { loop {} } }
`;
}

function stdText(): string {
  return `
pub use core::{any, array, cell, clone, cmp, convert, default, future, hash, iter, marker, mem, num, ops, option, pin, ptr, result, slice, str, task};
pub use alloc::{borrow, boxed, fmt, rc, string, vec};
pub mod alloc { pub use alloc::alloc::*; }
pub mod error { pub trait Error: core::fmt::Debug + core::fmt::Display { fn source(&self) -> Option<&(dyn Error + 'static)> { None } }
    impl<'a, E: Error + 'a> From<E> for alloc::boxed::Box<dyn Error + 'a> { fn from(err: E) -> Self { loop {} } } }
pub mod io { pub struct Error { repr: u8 } pub type Result<T> = core::result::Result<T, Error>;
    impl core::fmt::Debug for Error { fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result { loop {} } }
    impl core::fmt::Display for Error { fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result { loop {} } }
    impl crate::error::Error for Error {}
    pub trait Read { fn read(&mut self, buf: &mut [u8]) -> Result<usize>; fn by_ref(&mut self) -> &mut Self where Self: Sized { self } }
    impl<R: Read + ?Sized> Read for &mut R { fn read(&mut self, buf: &mut [u8]) -> Result<usize> { (**self).read(buf) } } }
pub mod sync {
    pub use core::sync::atomic; pub use alloc::sync::Arc;
    pub struct PoisonError<T> { data: T }
    impl<T> core::fmt::Debug for PoisonError<T> { fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result { loop {} } }
    pub type LockResult<G> = Result<G, PoisonError<G>>;
    pub struct Mutex<T: ?Sized> { data: core::cell::UnsafeCell<T> }
    impl<T> Mutex<T> { pub const fn new(t: T) -> Mutex<T> { loop {} } }
    impl<T: ?Sized> Mutex<T> { pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> { loop {} } }
    pub struct MutexGuard<'a, T: ?Sized + 'a> { lock: &'a Mutex<T> }
    impl<T: ?Sized> core::ops::Deref for MutexGuard<'_, T> { type Target = T; fn deref(&self) -> &T { loop {} } }
    impl<T: ?Sized> core::ops::DerefMut for MutexGuard<'_, T> { fn deref_mut(&mut self) -> &mut T { loop {} } }
    impl<T: ?Sized> Drop for MutexGuard<'_, T> { fn drop(&mut self) {} }
    pub struct LazyLock<T, F = fn() -> T> { data: (T, F) }
    impl<T, F: FnOnce() -> T> LazyLock<T, F> { pub const fn new(f: F) -> LazyLock<T, F> { loop {} } pub fn force(this: &LazyLock<T, F>) -> &T { loop {} } }
    impl<T, F: FnOnce() -> T> core::ops::Deref for LazyLock<T, F> { type Target = T; fn deref(&self) -> &T { LazyLock::force(self) } }
}
pub mod collections { pub mod hash_map {
    pub struct RandomState; pub struct DefaultHasher;
    impl core::hash::Hasher for DefaultHasher { fn finish(&self) -> u64 { 0 } fn write(&mut self, bytes: &[u8]) {} }
    impl core::hash::BuildHasher for RandomState { type Hasher = DefaultHasher; fn build_hasher(&self) -> DefaultHasher { DefaultHasher } }
    pub struct HashMap<K, V, S = RandomState> { k: K, v: V, s: S }
    impl<K, V> HashMap<K, V, RandomState> { pub fn new() -> HashMap<K, V, RandomState> { loop {} } }
    impl<K, V, S> HashMap<K, V, S> where K: Eq + core::hash::Hash, S: core::hash::BuildHasher { pub fn insert(&mut self, k: K, v: V) -> Option<V> { None } pub fn get<Q: ?Sized>(&self, k: &Q) -> Option<&V> where K: core::borrow::Borrow<Q>, Q: core::hash::Hash + Eq { None } }
} pub use self::hash_map::HashMap; }
pub mod thread { pub struct JoinHandle<T> { t: T } pub fn spawn<F, T>(f: F) -> JoinHandle<T> where F: FnOnce() -> T + Send + 'static, T: Send + 'static { loop {} } }
pub mod prelude { pub mod v1 {
    pub use core::prelude::v1::*; pub use alloc::boxed::Box; pub use alloc::string::{String, ToString}; pub use alloc::vec::Vec; pub use alloc::borrow::ToOwned;
} pub mod rust_2015 { pub use super::v1::*; } pub mod rust_2018 { pub use super::v1::*; } pub mod rust_2021 { pub use super::v1::*; } pub mod rust_2024 { pub use super::v1::*; } }
`;
}
