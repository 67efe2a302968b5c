//! formatting: Display, Debug, derive(Debug), write! to own buffers and to String, padding, width args, to_string, hex, nested
use std::fmt::{self, Debug, Display, Write};
use std::hint::black_box;
struct Buf { b: [u8; 64], n: usize }
impl Write for Buf { fn write_str(&mut self, s: &str) -> fmt::Result { for c in s.bytes() { if self.n == 64 { return Err(fmt::Error); } self.b[self.n] = c; self.n += 1; } Ok(()) } }
impl Buf { fn new() -> Buf { Buf { b: [0; 64], n: 0 } } }
struct Growing(Vec<u8>);
impl Write for Growing { fn write_str(&mut self, s: &str) -> fmt::Result { self.0.extend_from_slice(s.as_bytes()); Ok(()) } }
struct Fd(i32);
impl Write for Fd { fn write_str(&mut self, s: &str) -> fmt::Result { let n = unsafe { libc::write(self.0, s.as_ptr().cast(), s.len()) }; if n < 0 { Err(fmt::Error) } else { Ok(()) } } }
#[derive(Debug, Clone, Copy)] struct Point { x: i32, y: i32 }
#[derive(Debug)] enum Shape { Dot(Point), Line { from: Point, to: Point }, None }
struct Hex(u32);
impl Display for Hex { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "0x{:08x}", self.0) } }
impl fmt::LowerHex for Hex { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { fmt::LowerHex::fmt(&self.0, f) } }
struct Noisy(u32);
impl Display for Noisy { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&format!("<{}>", self.0)) } }
struct Wrapper<T>(T);
impl<T: Display> Display for Wrapper<T> { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_char('[')?; self.0.fmt(f)?; f.write_char(']') } }
struct List<'a>(&'a [u32]);
impl Debug for List<'_> { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.debug_list().entries(self.0.iter()).finish() } }
struct Rec<'a> { name: &'a str, id: u32 }
impl Debug for Rec<'_> { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.debug_struct("Rec").field("name", &self.name).field("id", &Hex(self.id).to_string()).finish() } }
struct Padded(&'static str);
impl Display for Padded { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.pad(self.0) } }
fn log(args: fmt::Arguments<'_>) { let mut b = Buf::new(); let _ = b.write_fmt(args); black_box(&b.b); }
fn log_fd(args: fmt::Arguments<'_>) { let _ = fmt::write(&mut Fd(2), args); }
fn show(x: &dyn Display) -> usize { let mut b = Buf::new(); let _ = write!(b, "{x}"); b.n }
fn show_all(xs: &[&dyn Debug]) { for x in xs { log(format_args!("{x:?}")) } }
macro_rules! say { ($($t:tt)*) => { log(format_args!($($t)*)) } }
extern "C" fn h_buf(s: i32) { let mut b = Buf::new(); let _ = write!(b, "sig {} {:>5} {:#x}", s, s, s); black_box(&b.b); }
extern "C" fn h_growing(s: i32) { let mut b = Growing(Vec::new()); let _ = write!(b, "sig {s}"); black_box(&b.0); }
extern "C" fn h_string(s: i32) { let mut b = String::new(); let _ = write!(b, "sig {s}"); black_box(&b); }
extern "C" fn h_format(s: i32) { black_box(format!("{s:?}")); }
extern "C" fn h_to_string(s: i32) { black_box(s.to_string()); }
extern "C" fn h_debug_derive(s: i32) { log(format_args!("{:?}", Point { x: s, y: s })); }
extern "C" fn h_debug_enum(s: i32) { let p = Point { x: s, y: s }; for e in [Shape::Dot(p), Shape::Line { from: p, to: p }, Shape::None] { log(format_args!("{e:?}")) } }
extern "C" fn h_display(s: i32) { say!("{}", Hex(s as u32)); }
extern "C" fn h_lower_hex(s: i32) { say!("{:x}", Hex(s as u32)); }
extern "C" fn h_noisy(s: i32) { say!("{}", Noisy(s as u32)); }
extern "C" fn h_wrapper(s: i32) { say!("{}", Wrapper(Wrapper(s))); }
extern "C" fn h_wrapper_noisy(s: i32) { say!("{}", Wrapper(Noisy(s as u32))); }
extern "C" fn h_list(_: i32) { say!("{:?}", List(&[1, 2, 3])); }
extern "C" fn h_rec(s: i32) { say!("{:?}", Rec { name: "x", id: s as u32 }); }
extern "C" fn h_padded(_: i32) { say!("{:>10}|{:<4}", Padded("ab"), Padded("c")); }
extern "C" fn h_fd(s: i32) { log_fd(format_args!("sig {s}\n")); }
extern "C" fn h_dyn_display(s: i32) { black_box(show(&Hex(s as u32)) + show(&s)); }
extern "C" fn h_dyn_noisy(s: i32) { black_box(show(&Noisy(s as u32))); }
extern "C" fn h_dyn_debug(s: i32) { show_all(&[&s, &"x", &Point { x: 1, y: 2 }]); }
extern "C" fn h_float(s: i32) { say!("{:.2} {:e}", s as f64, 1.5f32); }
extern "C" fn h_width(s: i32) { let w = 8; say!("{:w$} {:>1$} {:.*}", s, 6, 2, 1.0); }
extern "C" fn h_refs(s: i32) { let b = &&s; say!("{b} {:?} {:?}", Some(s), (s, 'c', "t")); }
extern "C" fn h_string_arg(_: i32) { let s = String::from("abc"); say!("{s} {s:?}"); }
extern "C" fn h_pointer(s: i32) { say!("{:p} {:?}", &s, std::time::Duration::from_millis(5)); }
extern "C" fn h_option_debug(_: i32) { say!("{:?} {:?}", Some(Hex(1)).map(|h| h.0), Err::<u8, _>(fmt::Error)); }
extern "C" fn h_write_macro_err(s: i32) { let mut f = Fd(-1); if write!(f, "{s}").is_err() { say!("failed"); } }
fn main() {
    for h in [h_buf as extern "C" fn(i32), h_growing, h_string, h_format, h_to_string, h_debug_derive, h_debug_enum, h_display, h_lower_hex, h_noisy, h_wrapper, h_wrapper_noisy, h_list, h_rec, h_padded, h_fd, h_dyn_display, h_dyn_noisy, h_dyn_debug, h_float, h_width, h_refs, h_string_arg, h_pointer, h_option_debug, h_write_macro_err] {
        unsafe { libc::signal(libc::SIGUSR1, h as *const () as libc::sighandler_t); }
    }
}
