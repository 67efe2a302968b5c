//! errors: ?, From, Into, TryFrom, Box<dyn Error>, io::Error, parse errors, Option combinators, Result combinators, user Error
use std::convert::{TryFrom, TryInto};
use std::error::Error;
use std::fmt;
use std::hint::black_box;
use std::num::ParseIntError;
#[derive(Debug)] enum E { Parse(ParseIntError), Text(String), Code(i32), Io(std::io::Error) }
impl fmt::Display for E { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { match self { E::Parse(p) => write!(f, "parse {p}"), E::Text(t) => f.write_str(t), E::Code(c) => write!(f, "code {c}"), E::Io(e) => write!(f, "io {:?}", e.raw_os_error()) } } }
impl Error for E { fn source(&self) -> Option<&(dyn Error + 'static)> { match self { E::Parse(p) => Some(p), _ => None } } }
impl From<ParseIntError> for E { fn from(e: ParseIntError) -> E { E::Parse(e) } }
impl From<i32> for E { fn from(c: i32) -> E { E::Code(c) } }
impl From<&str> for E { fn from(t: &str) -> E { E::Text(t.to_string()) } }
impl From<std::io::Error> for E { fn from(e: std::io::Error) -> E { E::Io(e) } }
#[derive(Debug, Clone, Copy, PartialEq)] struct Small(u8);
impl TryFrom<i32> for Small { type Error = i32; fn try_from(n: i32) -> Result<Small, i32> { u8::try_from(n).map(Small).map_err(|_| n) } }
impl From<Small> for u64 { fn from(s: Small) -> u64 { s.0 as u64 } }
impl std::str::FromStr for Small { type Err = E; fn from_str(s: &str) -> Result<Small, E> { let n: u8 = s.parse()?; Ok(Small(n)) } }
fn code(s: i32) -> Result<i32, i32> { if s > 3 { Ok(s) } else { Err(s) } }
fn q_clean(s: i32) -> Result<i32, i32> { let a = code(s)?; let b = code(a + 1)?; Ok(a + b) }
fn q_from(s: i32) -> Result<i32, E> { Ok(code(s)? + 1) }
fn q_text(s: i32) -> Result<i32, E> { if s > 9 { return Err("big".into()); } Ok(s) }
fn q_box(s: i32) -> Result<i32, Box<dyn Error>> { if s > 9 { Err("big")?; } let n: i32 = "5".parse()?; Ok(n) }
fn q_box_user(s: i32) -> Result<i32, Box<dyn Error + Send + Sync>> { if s > 9 { return Err(Box::new(E::Code(s))); } Ok(s) }
fn q_io(s: i32) -> std::io::Result<i32> { if s > 9 { return Err(std::io::Error::last_os_error()); } Ok(s) }
fn q_io_new(s: i32) -> std::io::Result<i32> { if s > 9 { return Err(std::io::Error::new(std::io::ErrorKind::Other, "big")); } Ok(s) }
fn q_io_kind(s: i32) -> std::io::Result<i32> { if s > 9 { return Err(std::io::ErrorKind::NotFound.into()); } Ok(s) }
fn q_option(s: i32) -> Option<u8> { let a = u8::try_from(s).ok()?; a.checked_add(1)?.checked_mul(2) }
fn q_io_to_e(s: i32) -> Result<i32, E> { Ok(q_io(s)?) }
extern "C" fn h_q_clean(s: i32) { black_box(q_clean(s).is_ok()); }
extern "C" fn h_q_from(s: i32) { std::mem::forget(q_from(s)); }
extern "C" fn h_q_from_drop(s: i32) { let _ = q_from(s); }
extern "C" fn h_q_text(s: i32) { std::mem::forget(q_text(s)); }
extern "C" fn h_q_box(s: i32) { std::mem::forget(q_box(s)); }
extern "C" fn h_q_box_user(s: i32) { if let Err(e) = q_box_user(s) { black_box(e.source().is_some()); } }
extern "C" fn h_q_io(s: i32) { std::mem::forget(q_io(s)); }
extern "C" fn h_q_io_new(s: i32) { std::mem::forget(q_io_new(s)); }
extern "C" fn h_q_io_kind(s: i32) { std::mem::forget(q_io_kind(s)); }
extern "C" fn h_q_io_raw(s: i32) { if let Err(e) = q_io(s) { black_box(e.raw_os_error()); black_box(e.kind()); } }
extern "C" fn h_q_io_to_e(s: i32) { std::mem::forget(q_io_to_e(s)); }
extern "C" fn h_q_option(s: i32) { black_box(q_option(s)); }
extern "C" fn h_try_from(s: i32) { let x: Result<Small, i32> = s.try_into(); black_box(x.map(u64::from).unwrap_or(0)); }
extern "C" fn h_from_str(_: i32) { let x: Result<Small, E> = "12".parse(); std::mem::forget(x); }
extern "C" fn h_display_err(s: i32) { if let Err(e) = q_from(s) { black_box(e.to_string()); } }
extern "C" fn h_unwrap_or(s: i32) { black_box(code(s).unwrap_or_default() + code(s).unwrap_or_else(|e| e) + code(s).ok().unwrap_or(1)); }
extern "C" fn h_combine(s: i32) { black_box(code(s).and_then(|x| code(x - 1)).or_else(|e| if e > 0 { Ok(e) } else { Err(()) }).map_or(0, |x| x)); }
extern "C" fn h_combine_alloc(s: i32) { black_box(code(s).map_err(|e| format!("e{e}")).is_err()); }
extern "C" fn h_option(s: i32) { let o = Some(s); black_box(o.filter(|x| *x > 1).xor(None).zip(Some(2)).map(|(a, b)| a + b).or(Some(1)).is_some_and(|x| x > 1)); }
extern "C" fn h_option_alloc(s: i32) { let o = Some(s); black_box(o.map(|x| vec![x]).unwrap_or_default()); }
extern "C" fn h_option_take(_: i32) { let mut o = Some(String::from("a")); black_box(o.take()); black_box(o.get_or_insert_with(String::new).len()); black_box(o.replace(String::new())); }
extern "C" fn h_option_ref(_: i32) { let o: Option<String> = None; black_box((o.as_ref().map(|x| x.len()), o.as_deref(), o.is_none())); }
extern "C" fn h_ok_or(s: i32) { let r: Result<i32, E> = Some(s).filter(|x| *x > 3).ok_or_else(|| E::from(1)); black_box(r.is_ok()); }
extern "C" fn h_iter_err(_: i32) { let r: Result<u32, ParseIntError> = ["1", "2"].iter().map(|s| s.parse::<u32>()).sum(); black_box(r.is_ok()); }
extern "C" fn h_match(s: i32) { match code(s) { Ok(n @ 4..=9) => { black_box(n); } Ok(n) if n % 2 == 0 => { black_box(vec![n]); } Ok(_) => {} Err(e) => { black_box(e); } } }
extern "C" fn h_let_else(s: i32) { let Ok(n) = code(s) else { black_box(String::from("no")); return; }; black_box(n); }
fn main() {
    for h in [h_q_clean as extern "C" fn(i32), h_q_from, h_q_from_drop, h_q_text, h_q_box, h_q_box_user, h_q_io, h_q_io_new, h_q_io_kind, h_q_io_raw, h_q_io_to_e, h_q_option, h_try_from, h_from_str, h_display_err, h_unwrap_or, h_combine, h_combine_alloc, h_option, h_option_alloc, h_option_take, h_option_ref, h_ok_or, h_iter_err, h_match, h_let_else] {
        unsafe { libc::signal(libc::SIGUSR1, h as *const () as libc::sighandler_t); }
    }
}
