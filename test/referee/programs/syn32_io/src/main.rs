//! io, fs, env, process, net, paths, C strings, callbacks given to C
use std::ffi::{CStr, CString, OsStr, OsString};
use std::fs::File;
use std::hint::black_box;
use std::io::{self, BufRead, BufWriter, Cursor, Read, Seek, SeekFrom, Write};
use std::os::fd::{AsRawFd, FromRawFd};
use std::path::{Path, PathBuf};
struct RawFd(i32);
impl Write for RawFd { fn write(&mut self, b: &[u8]) -> io::Result<usize> { let n = unsafe { libc::write(self.0, b.as_ptr().cast(), b.len()) }; if n < 0 { Err(io::Error::last_os_error()) } else { Ok(n as usize) } } fn flush(&mut self) -> io::Result<()> { Ok(()) } }
struct Counter { n: usize } impl Read for Counter { fn read(&mut self, b: &mut [u8]) -> io::Result<usize> { self.n += b.len(); Ok(0) } }
static mut FILE: Option<File> = None; #[allow(static_mut_refs)] fn file() -> Option<&'static mut File> { unsafe { FILE.as_mut() } }
extern "C" fn cmp(a: *const libc::c_void, b: *const libc::c_void) -> i32 { unsafe { *(a as *const i32) - *(b as *const i32) } }
extern "C" fn cmp_alloc(a: *const libc::c_void, b: *const libc::c_void) -> i32 { black_box(vec![1]); cmp(a, b) }
extern "C" fn at_exit() { black_box(vec![2]); }
extern "C" fn thread_main(p: *mut libc::c_void) -> *mut libc::c_void { black_box(vec![3]); p }
fn copy<W: Write + ?Sized>(w: &mut W, b: &[u8]) -> io::Result<()> { w.write_all(b)?; w.flush() }
extern "C" fn h_raw_fd(s: i32) { let _ = writeln!(RawFd(2), "sig {s}"); }
extern "C" fn h_raw_fd_all(_: i32) { let _ = copy(&mut RawFd(2), b"x"); }
extern "C" fn h_dyn_write(_: i32) { let w: &mut dyn Write = &mut RawFd(2); let _ = copy(w, b"x"); }
extern "C" fn h_vec_write(_: i32) { let mut v = Vec::new(); let _ = copy(&mut v, b"x"); }
extern "C" fn h_slice_write(_: i32) { let mut b = [0u8; 8]; let mut w = &mut b[..]; let _ = w.write(b"xy"); let _ = write!(w, "{}", 3); }
extern "C" fn h_cursor(_: i32) { let mut c = Cursor::new([0u8; 8]); let _ = c.seek(SeekFrom::Start(1)); let mut b = [0; 2]; let _ = c.read(&mut b); let _ = c.read_exact(&mut b); black_box(b); }
extern "C" fn h_buf_writer(_: i32) { let mut w = BufWriter::new(RawFd(2)); let _ = w.write_all(b"x"); }
extern "C" fn h_read_user(_: i32) { let mut c = Counter { n: 0 }; let mut b = [0; 4]; let _ = c.read(&mut b); black_box(c.by_ref().bytes().next().is_none()); }
extern "C" fn h_read_to_end(_: i32) { let mut v = Vec::new(); let _ = Counter { n: 0 }.read_to_end(&mut v); }
extern "C" fn h_file_write(_: i32) { if let Some(f) = file() { let _ = f.write(b"x"); } }
extern "C" fn h_file_open(_: i32) { let _ = File::open("/dev/null"); }
extern "C" fn h_file_fd(_: i32) { if let Some(f) = file() { black_box(f.as_raw_fd()); let _ = f.sync_all(); } }
extern "C" fn h_file_from_fd(_: i32) { let f = unsafe { File::from_raw_fd(1) }; let _ = (&f).write(b"x"); std::mem::forget(f); }
extern "C" fn h_fs(_: i32) { black_box((std::fs::read("/dev/null").is_ok(), std::fs::metadata("/").is_ok(), Path::new("/x").exists())); }
extern "C" fn h_stdout(_: i32) { let o = io::stdout(); let mut l = o.lock(); let _ = l.write_all(b"x"); }
extern "C" fn h_print(_: i32) { print!("x"); println!(); }
extern "C" fn h_dbg(s: i32) { dbg!(s); }
extern "C" fn h_stderr(_: i32) { let _ = io::stderr().flush(); }
extern "C" fn h_env(_: i32) { black_box((std::env::var("X").is_ok(), std::env::args().count())); }
extern "C" fn h_exit(_: i32) { if black_box(false) { std::process::exit(1) } }
extern "C" fn h_abort(_: i32) { if black_box(false) { std::process::abort() } }
extern "C" fn h_id(_: i32) { black_box(std::process::id()); }
extern "C" fn h_path(_: i32) { let p = Path::new("/a/b.c"); black_box((p.file_name(), p.extension(), p.parent(), p.is_absolute(), p.starts_with("/a"), p.components().count(), p.to_str())); }
extern "C" fn h_path_buf(_: i32) { let mut p = PathBuf::from("/a"); p.push("b"); p.set_extension("c"); black_box(p.join("d").display().to_string()); }
extern "C" fn h_cstr(_: i32) { let c = c"abc"; black_box((c.to_bytes().len(), unsafe { CStr::from_ptr(c.as_ptr()) }.to_str().is_ok(), CStr::from_bytes_with_nul(b"x\0").is_ok())); }
extern "C" fn h_cstring(_: i32) { black_box(CString::new("abc").map(|c| c.as_bytes().len()).unwrap_or(0)); }
extern "C" fn h_os_str(_: i32) { let o = OsStr::new("x"); black_box((o.len(), o.to_str())); black_box(OsString::from("a").into_string().is_ok()); }
extern "C" fn h_lines(_: i32) { black_box(Cursor::new(b"a\nb").lines().count()); }
extern "C" fn h_qsort(_: i32) { let mut a = [3, 1, 2]; unsafe { libc::qsort(a.as_mut_ptr().cast(), 3, 4, Some(cmp)) } black_box(a); }
extern "C" fn h_qsort_alloc(_: i32) { let mut a = [3, 1, 2]; unsafe { libc::qsort(a.as_mut_ptr().cast(), 3, 4, Some(cmp_alloc)) } black_box(a); }
extern "C" fn h_bsearch(_: i32) { let a = [1, 2, 3]; let k = 2; black_box(unsafe { libc::bsearch((&k as *const i32).cast(), a.as_ptr().cast(), 3, 4, Some(cmp)) }); }
extern "C" fn h_atexit(_: i32) { unsafe { libc::atexit(at_exit) }; }
extern "C" fn h_pthread(_: i32) { let mut t = std::mem::MaybeUninit::uninit(); unsafe { libc::pthread_create(t.as_mut_ptr(), std::ptr::null(), thread_main, std::ptr::null_mut()) }; }
extern "C" fn h_time(_: i32) { let mut t: libc::timespec = unsafe { std::mem::zeroed() }; unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut t) }; black_box(t.tv_sec); }
extern "C" fn h_net(_: i32) { let a: std::net::Ipv4Addr = std::net::Ipv4Addr::new(127, 0, 0, 1); black_box((a.is_loopback(), "1.2.3.4".parse::<std::net::Ipv4Addr>().is_ok())); }
extern "C" fn h_udp(_: i32) { let _ = std::net::UdpSocket::bind("127.0.0.1:0"); }
fn main() {
    unsafe { FILE = File::open("/dev/null").ok(); }
    for h in [h_raw_fd as extern "C" fn(i32), h_raw_fd_all, h_dyn_write, h_vec_write, h_slice_write, h_cursor, h_buf_writer, h_read_user, h_read_to_end, h_file_write, h_file_open, h_file_fd, h_file_from_fd, h_fs, h_stdout, h_print, h_dbg, h_stderr, h_env, h_exit, h_abort, h_id, h_path, h_path_buf, h_cstr, h_cstring, h_os_str, h_lines, h_qsort, h_qsort_alloc, h_bsearch, h_atexit, h_pthread, h_time, h_net, h_udp] {
        unsafe { libc::signal(libc::SIGUSR1, h as *const () as libc::sighandler_t); }
    }
}
