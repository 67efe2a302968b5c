//! std collections: Vec, String, HashMap, BTreeMap, VecDeque, BinaryHeap, sets, Cow, Box<str>, slices
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::hint::black_box;
static mut V: Vec<u32> = Vec::new();
static mut S: String = String::new();
static mut M: Option<HashMap<u32, String>> = None;
static mut B: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
static mut D: VecDeque<u32> = VecDeque::new();
#[allow(static_mut_refs)] fn v() -> &'static mut Vec<u32> { unsafe { &mut V } }
#[allow(static_mut_refs)] fn st() -> &'static mut String { unsafe { &mut S } }
#[allow(static_mut_refs)] fn m() -> Option<&'static mut HashMap<u32, String>> { unsafe { M.as_mut() } }
#[allow(static_mut_refs)] fn b() -> &'static mut BTreeMap<u32, Vec<u8>> { unsafe { &mut B } }
#[allow(static_mut_refs)] fn d() -> &'static mut VecDeque<u32> { unsafe { &mut D } }
extern "C" fn h_vec_push(s: i32) { v().push(s as u32); }
extern "C" fn h_vec_read(_: i32) { black_box((v().len(), v().first(), v().last(), v().get(1), v().contains(&3), v().binary_search(&2).is_ok())); }
extern "C" fn h_vec_pop(_: i32) { black_box(v().pop()); v().clear(); v().truncate(1); }
extern "C" fn h_vec_swap_remove(_: i32) { if v().len() > 2 { black_box(v().swap_remove(0)); black_box(v().remove(0)); } }
extern "C" fn h_vec_insert(_: i32) { v().insert(0, 1); }
extern "C" fn h_vec_extend(_: i32) { v().extend([1, 2]); v().extend_from_slice(&[3]); v().resize(9, 0); }
extern "C" fn h_vec_retain(_: i32) { v().retain(|x| x % 2 == 0); v().dedup(); v().sort_unstable(); }
extern "C" fn h_vec_drain(_: i32) { for x in v().drain(..) { black_box(x); } }
extern "C" fn h_vec_split(_: i32) { let t = v().split_off(0); black_box(t); }
extern "C" fn h_vec_clone(_: i32) { black_box(v().clone()); }
extern "C" fn h_vec_shrink(_: i32) { v().shrink_to_fit(); }
extern "C" fn h_vec_boxed(_: i32) { black_box(vec![1, 2].into_boxed_slice()); }
extern "C" fn h_vec_iter_mut(_: i32) { for x in v().iter_mut() { *x += 1 } v().swap(0, 0); v().reverse(); v().fill(0); }
extern "C" fn h_string_push(_: i32) { st().push('x'); st().push_str("abc"); }
extern "C" fn h_string_read(_: i32) { black_box((st().len(), st().as_bytes().len(), st().contains("b"), st().find('c'), st().starts_with("a"), st().trim().len(), st().split(',').count())); }
extern "C" fn h_string_replace(_: i32) { black_box(st().replace("a", "b")); }
extern "C" fn h_string_case(_: i32) { black_box((st().to_uppercase(), "Ab".to_lowercase(), "x".to_ascii_uppercase())); }
extern "C" fn h_string_add(_: i32) { let a = String::from("a") + "b"; black_box(a); }
extern "C" fn h_string_bytes(_: i32) { black_box(String::from_utf8_lossy(b"abc").len()); }
extern "C" fn h_string_utf8(_: i32) { black_box(String::from_utf8(vec![104]).is_ok()); }
extern "C" fn h_str_parse(_: i32) { black_box(("12".parse::<u32>().ok(), "1.5".parse::<f64>().ok(), "true".parse::<bool>().ok(), std::str::from_utf8(b"x").is_ok())); }
extern "C" fn h_string_clear(_: i32) { st().clear(); st().truncate(0); black_box(st().pop()); }
extern "C" fn h_string_into(_: i32) { let b: Box<str> = "x".into(); let s: String = b.into(); black_box(s.into_bytes()); }
extern "C" fn h_map_get(s: i32) { if let Some(m) = m() { black_box((m.get(&(s as u32)).map(|x| x.len()), m.contains_key(&1), m.len())); } }
extern "C" fn h_map_insert(s: i32) { if let Some(m) = m() { m.insert(s as u32, String::new()); } }
extern "C" fn h_map_remove(s: i32) { if let Some(m) = m() { black_box(m.remove(&(s as u32))); } }
extern "C" fn h_map_entry(s: i32) { if let Some(m) = m() { m.entry(s as u32).or_insert_with(|| "v".to_string()).push('x'); } }
extern "C" fn h_map_iter(_: i32) { if let Some(m) = m() { for (k, v) in m.iter() { black_box((k, v.len())); } for v in m.values_mut() { black_box(v); } } }
extern "C" fn h_map_new(_: i32) { let m: HashMap<u8, u8> = HashMap::new(); black_box(m.len()); }
extern "C" fn h_btree_get(s: i32) { black_box((b().get(&(s as u32)).map(Vec::len), b().range(1..).next().is_some(), b().first_key_value().is_some(), b().len())); }
extern "C" fn h_btree_insert(s: i32) { b().insert(s as u32, Vec::new()); }
extern "C" fn h_btree_remove(s: i32) { black_box(b().remove(&(s as u32)).is_some()); }
extern "C" fn h_btree_iter(_: i32) { for (k, v) in b().iter() { black_box((k, v.len())); } }
extern "C" fn h_btree_entry(s: i32) { b().entry(s as u32).or_default().push(1); }
extern "C" fn h_deque(s: i32) { d().push_back(s as u32); d().push_front(1); }
extern "C" fn h_deque_pop(_: i32) { black_box((d().pop_front(), d().pop_back(), d().front(), d().len())); }
extern "C" fn h_heap(s: i32) { let mut h = BinaryHeap::new(); h.push(s); black_box(h.pop()); black_box(h.peek()); }
extern "C" fn h_sets(s: i32) { let mut a = BTreeSet::new(); a.insert(s); let mut b = HashSet::new(); b.insert(s); black_box(a.contains(&1) && b.contains(&1)); }
extern "C" fn h_list(s: i32) { let mut l = LinkedList::new(); l.push_back(s); black_box(l.pop_front()); }
extern "C" fn h_cow_clean(_: i32) { let c: Cow<'_, str> = Cow::Borrowed("x"); black_box(c.len()); }
extern "C" fn h_cow_owned(_: i32) { let mut c: Cow<'_, [u8]> = Cow::Borrowed(b"x"); c.to_mut().push(1); black_box(c.into_owned()); }
extern "C" fn h_slice_ops(_: i32) { let mut a = [3u8, 1, 2]; let (l, r) = a.split_at_mut(1); l[0] = r[0]; a.copy_from_slice(&[1, 2, 3]); a.rotate_left(1); black_box((a.iter().max(), a.split(|x| *x == 2).count(), a.concat_check())); }
trait C { fn concat_check(&self) -> bool; } impl C for [u8; 3] { fn concat_check(&self) -> bool { self.ends_with(&[1]) } }
extern "C" fn h_slice_alloc(_: i32) { black_box(([1u8, 2].to_vec(), [1u8; 2].repeat(2), "ab".repeat(2), "a".to_owned())); }
extern "C" fn h_capacity(_: i32) { let v: Vec<u8> = Vec::with_capacity(8); black_box(v.capacity()); }
extern "C" fn h_new_clean(_: i32) { let a: Vec<u8> = Vec::new(); let s = String::new(); let b: BTreeMap<u8, u8> = BTreeMap::new(); let d: VecDeque<u8> = VecDeque::new(); std::mem::forget((a, s, b, d)); }
fn main() {
    unsafe { M = Some(HashMap::new()); }
    for h in [h_vec_push as extern "C" fn(i32), h_vec_read, h_vec_pop, h_vec_swap_remove, h_vec_insert, h_vec_extend, h_vec_retain, h_vec_drain, h_vec_split, h_vec_clone, h_vec_shrink, h_vec_boxed, h_vec_iter_mut, h_string_push, h_string_read, h_string_replace, h_string_case, h_string_add, h_string_bytes, h_string_utf8, h_str_parse, h_string_clear, h_string_into, h_map_get, h_map_insert, h_map_remove, h_map_entry, h_map_iter, h_map_new, h_btree_get, h_btree_insert, h_btree_remove, h_btree_iter, h_btree_entry, h_deque, h_deque_pop, h_heap, h_sets, h_list, h_cow_clean, h_cow_owned, h_slice_ops, h_slice_alloc, h_capacity, h_new_clean] {
        unsafe { libc::signal(libc::SIGUSR1, h as *const () as libc::sighandler_t); }
    }
}
