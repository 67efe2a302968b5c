/**
 * What functions of a dependency that the program does not call would put into a hook, or pass on, is not there: the handler that runs the
 * hook has neither their effects nor blind spots of their types. With a call, or in a library that others may call, it has.
 */
import { expect, test } from "vitest";
import { type CrateText, reportOf } from "./report-of.ts";

const hooks: CrateText = {
  name: "hooks",
  member: false,
  text: `use std::sync::OnceLock;
extern "C" { fn signal(s: i32, h: usize) -> usize; }
type Hook = Box<dyn Fn() + Send + Sync>;
static HOOK: OnceLock<Hook> = OnceLock::new();
pub trait Say { fn say(&self); }
trait Wake: Send + Sync { fn wake(&self); }
impl<T: Send + Sync + AsRef<str>> Wake for T { fn wake(&self) { let _ = self.as_ref(); } }
pub struct Loud;
impl AsRef<str> for Loud { fn as_ref(&self) -> &str { let _b = Box::new(1); "" } }
pub struct Quiet;
impl AsRef<str> for Quiet { fn as_ref(&self) -> &str { "" } }
pub fn saying<S: Say + Send + Sync + 'static>(s: S) { let _ = HOOK.set(Box::new(move || s.say())); }
pub fn set_loud() { let _ = HOOK.set(Box::new(|| drop(Box::new(1)))); }
pub fn waking(w: Box<dyn Fn() + Send + Sync>) { let _ = HOOK.set(w); }
pub fn each<F: Fn() + Send + Sync + 'static>(f: F) { let _ = HOOK.set(Box::new(move || f())); }
pub fn all<S: Say + Send + Sync + 'static>(s: S) { each(move || s.say()); }
pub struct Waker(std::sync::Arc<dyn Wake>);
impl Waker {
    pub fn new<W: Send + Sync + AsRef<str> + 'static>(w: W) -> Waker { Waker(std::sync::Arc::new(w)) }
    pub fn add(&self) { put(self.0.clone()); }
    pub fn add_other(&self, w: Waker) { put(w.0); }
}
fn put(w: std::sync::Arc<dyn Wake>) { let _ = HOOK.set(Box::new(move || w.wake())); }
extern "C" fn on_signal(_: i32) { if let Some(hook) = HOOK.get() { hook(); } }
pub fn install() { unsafe { signal(10, on_signal as extern "C" fn(i32) as usize); } }
`,
};

const app = (body: string): CrateText[] => [
  hooks,
  { name: "app", deps: ["hooks"], text: `fn main() { hooks::install(); ${body} }\n` },
];

test("a hook that nothing sets has no blind spot but that it could be set, and no effect", async () => {
  const report = await reportOf(app("hooks::Waker::new(hooks::Quiet).add();"));
  expect(report.blindSpots.filter((one) => one.reason === "unknown-type")).toEqual([]);
  expect(report.findings.filter((one) => one.kind === "alloc")).toEqual([]);
});

test("nor has one that is only put around another", async () => {
  const report = await reportOf(app("hooks::each(|| ());"));
  expect(report.blindSpots.filter((one) => one.reason === "unknown-type")).toEqual([]);
});

test("an object of a trait that nobody else can name is followed to the types that were put there", async () => {
  const quiet = await reportOf(app("hooks::Waker::new(hooks::Quiet).add();"));
  expect(quiet.findings.filter((one) => one.site.function.endsWith("put::{closure#0}"))).toEqual([]);
  const loud = await reportOf(app("hooks::Waker::new(hooks::Loud).add();"));
  expect(loud.findings.map((one) => `${one.kind} ${one.site.function}`)).toContain(
    "alloc <hooks::Loud as core::convert::AsRef>::as_ref",
  );
});

test("with a call, what the function puts there counts", async () => {
  const report = await reportOf([
    hooks,
    {
      name: "app",
      deps: ["hooks"],
      text: `struct S; impl hooks::Say for S { fn say(&self) { drop(Box::new(1)); } }
fn main() { hooks::install(); hooks::saying(S); }\n`,
    },
  ]);
  expect(report.findings.map((one) => one.kind)).toContain("alloc");
});

test("in a library that offers the function its users may put anything there", async () => {
  const report = await reportOf([{ ...hooks, kind: "lib" }]);
  expect(report.blindSpots.map((one) => one.reason)).toContain("unknown-type");
});

test("and of its dependencies: a logger that the library's own code does not set", async () => {
  const logs: CrateText = {
    name: "logs",
    member: false,
    text: `pub trait Log { fn log(&self); }
struct Nop; impl Log for Nop { fn log(&self) {} }
static mut LOGGER: &dyn Log = &Nop;
pub fn set_logger(l: &'static dyn Log) { unsafe { LOGGER = l } }
pub fn log() { unsafe { LOGGER.log() } }
`,
  };
  const text = `extern "C" { fn signal(s: i32, h: usize) -> usize; }
extern "C" fn on(_: i32) { logs::log() }
pub fn install() { unsafe { signal(10, on as extern "C" fn(i32) as usize); } }
`;
  const verdict = async (kind: "lib" | "bin"): Promise<string | undefined> => {
    const main = kind === "bin" ? "fn main() { install() }" : "";
    const report = await reportOf([logs, { name: "app", deps: ["logs"], kind, text: text + main }]);
    return report.blindSpots.find((one) => one.handler !== null)?.reason;
  };
  expect(await verdict("lib")).toBe("open-world");
  expect(await verdict("bin")).toBe(undefined);
});

test("a library's users may call what its dependencies offer: what that puts there counts, unless its types are theirs to choose", async () => {
  const text = "pub fn start() { hooks::install(); }";
  const kinds = async (kind: "lib" | "bin"): Promise<readonly string[]> => {
    const main = kind === "bin" ? " fn main() { start(); }" : "";
    const report = await reportOf([hooks, { name: "app", deps: ["hooks"], kind, text: text + main }]);
    return [...report.findings.map((one) => one.kind), ...report.blindSpots.map((one) => one.reason)];
  };
  const library = await kinds("lib");
  expect(library).toEqual(expect.arrayContaining(["alloc", "open-world"]));
  expect(library).not.toContain("unknown-type");
  expect(await kinds("bin")).not.toContain("alloc");
});

const walker: CrateText = {
  name: "walker",
  member: false,
  text: `
pub fn each<F: FnMut(u32) + 'static>(mut f: F) { run(&mut f); }
pub fn each_other<F: FnMut(u32) + 'static>(mut f: F) { run(&mut f); }
pub fn around<F: FnMut(u32) + 'static>(f: F) { each_other(f); }
static mut CURRENT: Option<*mut (dyn FnMut(u32) + 'static)> = None;
fn run(f: &mut (dyn FnMut(u32) + 'static)) {
    unsafe {
        CURRENT = Some(f);
        if let Some(one) = CURRENT { (*one)(3); }
    }
}
`,
};
const walking = (body: string): CrateText[] => [
  walker,
  {
    name: "app",
    deps: ["walker"],
    text: `extern "C" { fn signal(s: i32, h: usize) -> usize; }
extern "C" fn on_signal(_: i32) { walker::each(|n| { let _ = n; }); }
fn main() { ${body} unsafe { signal(10, on_signal as extern "C" fn(i32) as usize); } }
`,
  },
];

test("a type parameter of a function that nothing calls stands for no type that is called through an object", async () => {
  const told = async (body: string): Promise<readonly string[]> =>
    (await reportOf(walking(body))).blindSpots.map((one) => `${one.reason} ${one.function}`);
  expect(await told("")).toEqual([]);
  const called = await reportOf(walking("walker::around(|n| drop(Box::new(n)));"));
  expect(called.findings.map((one) => `${one.kind} ${one.site.function}`)).toContain("alloc app::main::{closure#0}");
});

const delivery: CrateText = {
  name: "delivery",
  member: false,
  text: `
extern "C" { fn signal(s: i32, h: usize) -> usize; }
pub trait Kept: Default + 'static { fn store(); }
#[derive(Default)] pub struct Plain;
impl Kept for Plain { fn store() {} }
extern "C" fn on_signal<E: Kept>(_: i32) { E::store() }
struct Pending<E>(E);
trait AddSignal { fn add(&self, s: i32); }
impl<E: Kept> AddSignal for Pending<E> {
    fn add(&self, s: i32) { unsafe { signal(s, on_signal::<E> as extern "C" fn(i32) as usize); } }
}
pub struct Delivery(Box<dyn AddSignal>);
pub struct Info<E>(E);
impl<E: Kept> Info<E> { pub fn make(e: E) -> Delivery { Delivery(Box::new(Pending(e))) } }
pub struct Signals<E>(E);
impl<E: Kept> Signals<E> { pub fn new(s: i32) { Info::make(E::default()).0.add(s) } }
pub struct Streams<E>(E);
impl<E: Kept> Streams<E> { pub fn new(s: i32) { Info::make(E::default()).0.add(s) } }
`,
};

test("what an impl that nothing calls is for makes no handler: a library that uses one of two ways in has the handlers of that", async () => {
  const told = async (text: string): Promise<readonly string[]> => {
    const report = await reportOf([delivery, { name: "app", deps: ["delivery"], kind: "lib", text }]);
    return [...report.handlers.map((one) => one.verdict), ...report.blindSpots.map((one) => one.reason)];
  };
  expect(await told("pub fn start() { delivery::Signals::<delivery::Plain>::new(10); }")).toEqual(["clean"]);
  const generic = "pub fn start<E: delivery::Kept>() { delivery::Signals::<E>::new(10); }";
  expect(await told(generic)).toEqual(["incomplete", "unknown-type"]);
  const offered = "pub use delivery::Streams; pub fn start() { delivery::Signals::<delivery::Plain>::new(10); }";
  expect(await told(offered)).toEqual(expect.arrayContaining(["clean", "incomplete", "unknown-type"]));
});
