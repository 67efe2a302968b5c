/**
 * Handlers that were kept somewhere before they are installed: each way is either followed to the handler or told as an installation
 * of an unknown one. None is passed over in silence.
 */
import { expect, test } from "vitest";
import { reportOf } from "./report-of.ts";

/** Bodies that install `handler`, or a function to which it is given. */
const ways: readonly string[] = [
  "let (a, b) = mpsc::channel::<H>(); a.send(handler).unwrap(); install!(b.recv().unwrap());",
  "let (a, b) = mpsc::sync_channel::<H>(3); a.send(handler).unwrap(); install!(b.recv().unwrap());",
  "let o = OnceLock::new(); let _ = o.set(handler as H); install!(*o.get().unwrap());",
  "let o: Cell<Option<H>> = Cell::new(None); o.set(Some(handler)); install!(o.get().unwrap());",
  "let o: RefCell<Option<H>> = RefCell::new(None); *o.borrow_mut() = Some(handler); let h = o.borrow().unwrap(); install!(h);",
  "let o: Mutex<Option<H>> = Mutex::default(); *o.lock().unwrap() = Some(handler); let h = o.lock().unwrap().unwrap(); install!(h);",
  "let o = Rc::new(Cell::new(None::<H>)); let p = o.clone(); p.set(Some(handler)); install!(o.get().unwrap());",
  "let o: Arc<Mutex<Vec<H>>> = Arc::default(); Arc::clone(&o).lock().unwrap().push(handler); let h = o.lock().unwrap()[0]; install!(h);",
  "let mut q: VecDeque<H> = VecDeque::new(); q.push_back(handler); install!(q.pop_front().unwrap());",
  "let mut m: BTreeMap<i32, H> = BTreeMap::new(); m.entry(1).or_insert(handler); install!(m[&1]);",
  "let mut v: Vec<H> = Vec::new(); v.extend([handler as H]); install!(v[0]);",
  "let mut a: [Option<H>; 3] = Default::default(); for x in a.iter_mut() { *x = Some(handler) } install!(a[1].unwrap());",
  "let mut o = None; (|| { o = Some(handler as H) })(); install!(o.unwrap());",
  "let mut o: Option<H> = None; o.get_or_insert(handler); install!(o.unwrap());",
  "let mut o: Option<H> = None; let r = &mut o; *r = Some(handler); install!(o.unwrap());",
  "let mut b = Box::<H>::new_uninit(); b.write(handler); install!(*unsafe { b.assume_init() });",
  "let c: OnceCell<H> = OnceCell::new(); install!(*c.get_or_init(|| handler));",
  "let m = RwLock::new(HashMap::<i32, H>::new()); m.write().unwrap().insert(1, handler); let h = m.read().unwrap()[&1]; install!(h);",
  "let u = UnsafeCell::new(None::<H>); unsafe { *u.get() = Some(handler); install!((*u.get()).unwrap()); }",
  "let mut h: H = unsafe { std::mem::zeroed() }; std::mem::swap(&mut h, &mut (handler as H)); install!(h);",
  "let mut h = 0usize; unsafe { std::ptr::write(&mut h, handler as usize); } number(h);",
  "let mut h = 0usize; let p = &mut h as *mut usize; unsafe { *p = handler as usize; } number(h);",
  "let a = AtomicUsize::new(0); a.store(handler as usize, SeqCst); number(a.load(SeqCst));",
  "let a = Arc::new(AtomicUsize::new(0)); a.clone().store(handler as usize, SeqCst); number(a.load(SeqCst));",
  "let mut v: Vec<usize> = Vec::with_capacity(2); v.push(handler as usize); while let Some(h) = v.pop() { number(h); }",
  "LIST.with(|t| t.borrow_mut().push(handler)); let h = LIST.with(|t| t.borrow()[0]); install!(h);",
  "TABLE.lock().unwrap().insert(1, handler); let h = *TABLE.lock().unwrap().get(&1).unwrap(); install!(h);",
  "let mut v = vec![None::<H>; 2]; v.iter_mut().for_each(|x| *x = Some(handler)); install!(v[0].unwrap());",
];

const head = `use std::{cell::*, collections::*, rc::*, sync::atomic::{AtomicUsize, Ordering::*}, sync::*};
extern "C" { fn signal(s: i32, h: usize) -> usize; }
type H = extern "C" fn(i32);
macro_rules! install { ($e: expr) => { { let h: H = $e; unsafe { signal(10, h as usize); } } } }
macro_rules! way { ($n: ident, $handler: ident, $b: block) => { extern "C" fn $handler(_: i32) { drop(Box::new(1)); } fn $n() $b } }
thread_local! { static LIST: RefCell<Vec<H>> = RefCell::new(Vec::new()); }
static TABLE: LazyLock<Mutex<HashMap<i32, H>>> = LazyLock::new(Default::default);
`;

test("each is found or told", async () => {
  const bodies = ways.map((one, at) => {
    const body = one.replaceAll("handler", `handler_${at}`).replaceAll("number(", "signal(10, ");
    return `way!(way_${at}, handler_${at}, { unsafe { ${body} } });\n`;
  });
  const calls = ways.map((_, at) => `way_${at}();`).join(" ");
  const report = await reportOf([{ name: "app", text: `${head}${bodies.join("")}fn main() { ${calls} }\n` }]);
  const found = new Set(report.handlers.map((one) => one.function));
  const told = new Set(report.blindSpots.filter((one) => one.handler === null).map((one) => one.function));
  const silent = ways.filter((_, at) => !found.has(`app::handler_${at}`) && !told.has(`app::way_${at}`));
  expect(silent).toEqual([]);
  // Those that are followed to the end.
  expect(found.size).toBeGreaterThan(10);
}, 60_000);

test("an old action that a private field keeps is none, also where it is printed or copied; one that others may give is told", async () => {
  const action = `pub struct Action { pub sa_sigaction: usize, pub sa_flags: i32 } impl Clone for Action { fn clone(&self) -> Action { Action { ..*self } } } impl Copy for Action {}
extern "C" { fn sigaction(s: i32, a: *const Action, o: *mut Action) -> i32; }
extern "C" fn on(_: i32) {}
`;
  const kept = `${action}#[derive(Clone)] pub struct Saved { old: Option<Action> }
impl std::fmt::Debug for Saved { fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result { show(f, &self.old) } }
fn show(f: &mut std::fmt::Formatter, _: &Option<Action>) -> std::fmt::Result { f.write_str("saved") }
impl Saved { pub fn new() -> Saved { unsafe { let a = Action { sa_sigaction: on as usize, sa_flags: 0 }; let mut o: Action = std::mem::zeroed(); sigaction(10, &a, &mut o); Saved { old: Some(o) } } } }
impl Drop for Saved { fn drop(&mut self) { if let Some(ref old) = self.old { unsafe { sigaction(10, old, std::ptr::null_mut()); } } } }
`;
  const given = `${kept}impl Saved { pub fn of(old: Action) -> Saved { Saved { old: Some(old) } } }\n`;
  const unknown = async (text: string): Promise<number> =>
    (await reportOf([{ name: "app", text, kind: "lib" }])).blindSpots.filter((one) => one.handler === null).length;
  expect([await unknown(kept), await unknown(given)]).toEqual([0, 1]);
});
