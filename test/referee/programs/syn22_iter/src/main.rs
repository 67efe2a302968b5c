//! iterators: adapters, user iterators, collect into many, sums, sorts, dyn iterators, by_ref, peekable, chunks, FromIterator, Extend
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::hint::black_box;
struct Count(u32);
impl Iterator for Count { type Item = u32; fn next(&mut self) -> Option<u32> { if self.0 == 0 { None } else { self.0 -= 1; Some(self.0) } } }
struct Words<'a>(&'a str);
impl<'a> Iterator for Words<'a> { type Item = String; fn next(&mut self) -> Option<String> { let (a, b) = self.0.split_once(' ')?; self.0 = b; Some(a.to_string()) } }
impl DoubleEndedIterator for Count { fn next_back(&mut self) -> Option<u32> { self.next() } }
impl ExactSizeIterator for Count { fn len(&self) -> usize { self.0 as usize } }
struct Bag(Vec<u32>);
impl IntoIterator for Bag { type Item = u32; type IntoIter = std::vec::IntoIter<u32>; fn into_iter(self) -> Self::IntoIter { self.0.into_iter() } }
impl<'a> IntoIterator for &'a Bag { type Item = &'a u32; type IntoIter = std::slice::Iter<'a, u32>; fn into_iter(self) -> Self::IntoIter { self.0.iter() } }
impl FromIterator<u32> for Bag { fn from_iter<I: IntoIterator<Item = u32>>(it: I) -> Self { let mut v = Vec::new(); for x in it { v.push(x) } Bag(v) } }
struct Total(u32);
impl FromIterator<u32> for Total { fn from_iter<I: IntoIterator<Item = u32>>(it: I) -> Self { Total(it.into_iter().fold(0, |a, b| a + b)) } }
impl Extend<u32> for Total { fn extend<I: IntoIterator<Item = u32>>(&mut self, it: I) { for x in it { self.0 += x } } }
fn evens(n: u32) -> impl Iterator<Item = u32> { (0..n).filter(|x| x % 2 == 0) }
fn boxed(n: u32) -> Box<dyn Iterator<Item = u32>> { if n > 3 { Box::new(0..n) } else { Box::new(Count(n)) } }
fn consume(it: &mut dyn Iterator<Item = u32>) -> u32 { let mut n = 0; for x in it { n += x } n }
fn total<I>(it: I) -> u32 where I: IntoIterator, I::Item: Into<u32> { it.into_iter().map(Into::into).sum() }
static DATA: [u32; 6] = [3, 1, 2, 6, 5, 4];
extern "C" fn h_sum(s: i32) { black_box(DATA.iter().map(|x| x + s as u32).filter(|x| x % 2 == 1).sum::<u32>()); }
extern "C" fn h_collect_vec(s: i32) { black_box(DATA.iter().map(|x| x + s as u32).collect::<Vec<_>>()); }
extern "C" fn h_collect_string(_: i32) { black_box(DATA.iter().map(|x| char::from_digit(*x, 10).unwrap_or('x')).collect::<String>()); }
extern "C" fn h_collect_map(_: i32) { black_box(DATA.iter().map(|x| (*x, x * 2)).collect::<BTreeMap<_, _>>()); }
extern "C" fn h_collect_hash(_: i32) { black_box(DATA.iter().copied().collect::<HashSet<u32>>().len()); }
extern "C" fn h_collect_result(_: i32) { black_box("1,2,x".split(',').map(|p| p.parse::<u32>()).collect::<Result<Vec<_>, _>>().is_ok()); }
extern "C" fn h_collect_option_clean(_: i32) { black_box(DATA.iter().map(|x| x.checked_sub(1)).sum::<Option<u32>>()); }
extern "C" fn h_user_iter(s: i32) { for x in Count(s as u32) { black_box(x); } }
extern "C" fn h_user_iter_alloc(_: i32) { for w in Words("a b c ") { black_box(w.len()); } }
extern "C" fn h_rev(s: i32) { black_box(Count(s as u32).rev().zip(Count(3).rev()).map(|(a, b)| a * b).max()); }
extern "C" fn h_from_iter(_: i32) { black_box(Count(4).collect::<Bag>().0.len()); }
extern "C" fn h_from_iter_clean(_: i32) { let mut t: Total = Count(4).collect(); t.extend(Count(2)); black_box(t.0); }
extern "C" fn h_into_iter(_: i32) { for x in Bag(vec![1, 2]) { black_box(x); } }
extern "C" fn h_ref_into_iter(_: i32) { let b = Bag(Vec::new()); for x in &b { black_box(x); } }
extern "C" fn h_impl_iter(s: i32) { black_box(evens(s as u32).count()); }
extern "C" fn h_box_iter(s: i32) { black_box(boxed(s as u32).sum::<u32>()); }
extern "C" fn h_dyn_iter(s: i32) { black_box(consume(&mut Count(s as u32))); }
extern "C" fn h_generic_total(_: i32) { black_box(total([1u8, 2, 3])); }
extern "C" fn h_sort(_: i32) { let mut d = DATA; d.sort_unstable(); d.sort_unstable_by(|a, b| b.cmp(a)); d.reverse(); black_box(d); }
extern "C" fn h_sort_stable(_: i32) { let mut d = DATA; d.sort(); d.sort_by_key(|x| std::cmp::Reverse(*x)); black_box(d); }
extern "C" fn h_windows(_: i32) { black_box(DATA.windows(2).any(|w| w[0] < w[1]) && DATA.chunks(2).all(|c| c.len() == 2)); }
extern "C" fn h_peek(_: i32) { let mut it = DATA.iter().peekable(); while let Some(x) = it.next() { if it.peek().is_some() { black_box(x); } } }
extern "C" fn h_flat(_: i32) { black_box(DATA.iter().flat_map(|x| 0..*x).step_by(2).skip(1).take(5).last()); }
extern "C" fn h_flat_alloc(_: i32) { black_box(DATA.iter().flat_map(|x| vec![*x; 2]).count()); }
extern "C" fn h_chars(_: i32) { black_box("héllo".chars().rev().enumerate().filter(|(i, c)| i % 2 == 0 && c.is_alphabetic()).count()); }
extern "C" fn h_bytes(_: i32) { black_box("a-b".bytes().position(|b| b == b'-')); black_box("a b".split_whitespace().count()); black_box("x\ny".lines().map(str::len).sum::<usize>()); }
extern "C" fn h_scan(_: i32) { black_box(DATA.iter().scan(0, |a, x| { *a += x; Some(*a) }).take_while(|x| *x < 10).min_by_key(|x| x % 3)); }
extern "C" fn h_fold_string(_: i32) { black_box(DATA.iter().fold(String::new(), |mut s, x| { s.push_str(if *x > 2 { "a" } else { "b" }); s })); }
extern "C" fn h_partition(_: i32) { let (a, b): (Vec<u32>, Vec<u32>) = DATA.iter().partition(|x| **x > 2); black_box((a, b)); }
extern "C" fn h_unzip(_: i32) { let (a, b): (Vec<u32>, VecDeque<u32>) = DATA.iter().map(|x| (*x, x + 1)).unzip(); black_box((a, b)); }
extern "C" fn h_chain(_: i32) { black_box(DATA.iter().chain(std::iter::once(&7)).chain(&[8]).cloned().reduce(|a, b| a.max(b))); }
extern "C" fn h_repeat(_: i32) { black_box(std::iter::repeat(1).take(3).chain(std::iter::successors(Some(1), |x| if *x < 9 { Some(x * 2) } else { None })).product::<u32>()); }
extern "C" fn h_from_fn(_: i32) { let mut n = 0; black_box(std::iter::from_fn(|| { n += 1; if n < 5 { Some(n) } else { None } }).map_while(|x| if x < 4 { Some(x) } else { None }).sum::<i32>()); }
extern "C" fn h_by_ref(_: i32) { let mut it = DATA.iter(); let a: u32 = it.by_ref().take(2).sum(); let b: u32 = it.sum(); black_box((a, b)); }
extern "C" fn h_for_each(_: i32) { DATA.iter().for_each(|x| { black_box(x); }); DATA.iter().try_for_each(|x| if *x > 9 { Err(()) } else { Ok(()) }).ok(); }
extern "C" fn h_group(_: i32) { let mut m: HashMap<bool, Vec<u32>> = HashMap::new(); for x in DATA { m.entry(x > 2).or_default().push(x); } black_box(m.len()); }
extern "C" fn h_cmp(_: i32) { black_box(DATA.iter().rev().lt(DATA.iter()) || DATA.iter().eq(&[1, 2]) || DATA.iter().is_sorted()); }
extern "C" fn h_join(_: i32) { black_box(["a", "b"].join("-")); black_box([[1, 2], [3, 4]].concat()); }
fn main() {
    for h in [h_sum as extern "C" fn(i32), h_collect_vec, h_collect_string, h_collect_map, h_collect_hash, h_collect_result, h_collect_option_clean, h_user_iter, h_user_iter_alloc, h_rev, h_from_iter, h_from_iter_clean, h_into_iter, h_ref_into_iter, h_impl_iter, h_box_iter, h_dyn_iter, h_generic_total, h_sort, h_sort_stable, h_windows, h_peek, h_flat, h_flat_alloc, h_chars, h_bytes, h_scan, h_fold_string, h_partition, h_unzip, h_chain, h_repeat, h_from_fn, h_by_ref, h_for_each, h_group, h_cmp, h_join] {
        unsafe { libc::signal(libc::SIGUSR1, h as *const () as libc::sighandler_t); }
    }
}
