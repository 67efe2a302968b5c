/**
 * The call graph over small programs: where calls of paths, methods, closures, pointers and objects go.
 */
import { beforeAll, describe, expect, test } from "vitest";
import type { CallGraph, Site } from "../../src/calls/call-graph.ts";
import { edgesOf, programOf, type TestProgram } from "./program-of.ts";

const text = `
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::LazyLock;
static N: AtomicUsize = AtomicUsize::new(0);
pub fn grow() { let mut v = Vec::new(); v.push(1u8); std::mem::forget(v); }
pub fn calm() { N.store(1, SeqCst); }

pub trait Sink { fn emit(&self); fn twice(&self) { self.emit(); self.emit() } }
pub struct Quiet; pub struct Loud;
impl Sink for Quiet { fn emit(&self) { calm() } }
impl Sink for Loud { fn emit(&self) { grow() } }
fn via<T: Sink>(t: &T) { t.twice() }
pub fn generic_quiet() { via(&Quiet) }
pub fn generic_loud() { via(&Loud) }

fn each<F: FnMut(u8)>(mut f: F) { f(1) }
pub fn closure_called() { each(|_| grow()) }
pub fn closure_kept() { let _f = || grow(); }
fn pass(f: impl Fn()) { inner(&f) }
fn inner(f: &dyn Fn()) { f() }
pub fn closure_as_object() { pass(|| grow()) }

static TABLE: [fn(); 2] = [calm, grow];
pub fn table() { TABLE[N.load(SeqCst) & 1]() }
struct Hooks { start: fn(), stop: fn() }
static HOOKS: Hooks = Hooks { start: calm, stop: grow };
pub fn field_of_static() { (HOOKS.start)() }
pub fn taken_as_argument(f: fn()) { f() }

static LAZY: LazyLock<u8> = LazyLock::new(|| { grow(); 1 });
static OTHER: LazyLock<u8> = LazyLock::new(|| 2);
pub fn forces() { let _n = *LAZY; }
pub fn forces_other() { let _n = *OTHER; }

static ONE: &(dyn Sink + Sync) = &Quiet;
pub fn object_of_static() { ONE.emit() }
static mut HOOK: Option<Box<dyn Fn()>> = None;
pub fn set_hook() { unsafe { HOOK = Some(Box::new(|| grow())) } }
pub fn boxed_in_static() { unsafe { if let Some(f) = &HOOK { f() } } }
pub fn object_from_outside(s: &dyn Sink) { s.emit() }
trait Hidden { fn go(&self); }
impl Hidden for Quiet { fn go(&self) { calm() } }
impl Hidden for Loud { fn go(&self) { grow() } }
fn hidden(h: &dyn Hidden) { h.go() }
pub fn two_objects() { hidden(&Quiet); hidden(&Loud) }

extern "C" { fn each_frame(f: extern "C" fn(*mut u8), data: *mut u8); fn getpid() -> i32; }
extern "C" fn on_frame(data: *mut u8) { let f = unsafe { &mut *(data as *mut &mut dyn FnMut()) }; f() }
pub fn callback() { let mut c = || grow(); let mut d: &mut dyn FnMut() = &mut c; unsafe { each_frame(on_frame, &mut d as *mut _ as *mut u8) } }
pub fn plain_extern() { unsafe { getpid(); } }

pub struct Tagged(u8);
pub fn constructors() { let _a = Some(Tagged(1)); let _b: fn(u8) -> Tagged = Tagged; }
pub fn missing() { unknown_function(); }
pub async fn later() { grow() }
pub fn makes_future() { let _f = later(); }
pub fn turns(n: u32) { if n > 0 { turns(n - 1) } }
#[derive(Clone)] pub struct Named { name: String, n: u32 }
pub fn clones_pair(p: &(Named, u32)) { std::mem::forget(p.clone()) }
`;

let program: TestProgram;
beforeAll(async () => {
  program = await programOf([{ name: "app", text }]);
}, 60_000);

function graphOf(name: string): CallGraph {
  const externs = { invokes: (symbol: string) => (symbol === "each_frame" ? [0] : []) };
  return program.graph([`app::${name}`], externs);
}
function reaches(name: string, path: string): boolean {
  return graphOf(name).nodes.some((node) => node.path === path);
}
function unresolved(graph: CallGraph): string[] {
  return graph.sites.flatMap((site) => (site.outcome.k === "unresolved" ? [site.outcome.reason] : []));
}
function siteTo(graph: CallGraph, path: string): Site | undefined {
  return graph.sites.find((site) => edgesOf(site).some((edge) => graph.node(edge.target).path === path));
}

describe("instances", () => {
  test("a bound is dispatched on the instance's own type", () => {
    expect(reaches("generic_loud", "app::grow")).toBe(true);
    expect(reaches("generic_quiet", "app::grow")).toBe(false);
    expect(reaches("generic_quiet", "app::calm")).toBe(true);
  });
  test("recursion ends", () => {
    expect(graphOf("turns").nodes.filter((node) => node.path === "app::turns")).toHaveLength(1);
  });
});

describe("callables", () => {
  test("a closure runs where it is called, and nowhere else", () => {
    expect(reaches("closure_called", "app::grow")).toBe(true);
    expect(reaches("closure_kept", "app::grow")).toBe(false);
  });
  test("a closure behind a reference to dyn Fn is known by its pointer", () => {
    const graph = graphOf("closure_as_object");
    const site = siteTo(graph, "app::closure_as_object::{closure#0}");
    expect(site === undefined ? [] : edgesOf(site).map(({ via, certainty }) => [via, certainty])).toEqual([
      ["dyn", "by-type"],
    ]);
    expect(unresolved(graph)).toEqual([]);
  });
  test("a table of functions gives all its entries", () => {
    const graph = graphOf("table");
    expect(siteTo(graph, "app::grow")).toBe(siteTo(graph, "app::calm"));
    expect(unresolved(graph)).toEqual([]);
  });
  test("a field of a static gives what stands in that field", () => {
    expect(reaches("field_of_static", "app::calm")).toBe(true);
    expect(reaches("field_of_static", "app::grow")).toBe(false);
  });
  test("a function pointer from outside is a blind spot", () => {
    expect(unresolved(graphOf("taken_as_argument"))).toEqual(["fn-pointer"]);
  });
  test("constructors run nothing", () => {
    expect(graphOf("constructors").sites).toEqual([]);
  });
  test("making a future runs nothing of it", () => {
    expect(reaches("makes_future", "app::grow")).toBe(false);
  });
});

describe("lazy statics", () => {
  test("forcing one leads to its own initialiser, under uninit with the cell", () => {
    const graph = graphOf("forces");
    expect(graph.nodes.map((node) => node.path)).toContain("app::LAZY::{closure#0}");
    const cells = graph.sites.flatMap(edgesOf).filter((edge) => edge.conditions.includes("uninit"));
    expect(cells.map((edge) => edge.cell)).toEqual([{ def: program.def("app::LAZY"), fields: [] }]);
  });
  test("not to another's", () => {
    expect(reaches("forces_other", "app::grow")).toBe(false);
  });
});

describe("trait objects", () => {
  test("a static's object is known", () => {
    expect(reaches("object_of_static", "app::grow")).toBe(false);
    expect(unresolved(graphOf("object_of_static"))).toEqual([]);
  });
  test("what is stored into a static anywhere is found", () => {
    expect(reaches("boxed_in_static", "app::grow")).toBe(true);
    expect(unresolved(graphOf("boxed_in_static"))).toEqual([]);
  });
  test("objects are told apart by the caller", () => {
    const graph = graphOf("two_objects");
    expect(graph.nodes.filter((node) => node.path === "app::hidden")).toHaveLength(2);
    expect(reaches("two_objects", "app::grow")).toBe(true);
  });
  test("an object of a public trait from outside is open", () => {
    expect(unresolved(graphOf("object_from_outside"))).toEqual(["open-world"]);
  });
});

describe("C functions", () => {
  test("end in their symbol", () => {
    const [site] = graphOf("plain_extern").sites;
    expect(site?.outcome).toEqual({ k: "extern", symbol: "getpid", edges: [] });
  });
  test("call back what they were given, with what was passed beside it", () => {
    const graph = graphOf("callback");
    const site = siteTo(graph, "app::on_frame");
    expect(site === undefined ? [] : edgesOf(site).map((edge) => edge.via)).toEqual(["callback"]);
    expect(graph.nodes.map((node) => node.path)).toContain("app::grow");
    expect(unresolved(graph)).toEqual([]);
  });
});

test("a name that is not there is a blind spot", () => {
  expect(unresolved(graphOf("missing"))).toEqual(["unknown-type"]);
});
test("cloning a tuple clones its parts", () => {
  expect(graphOf("clones_pair").nodes.some((node) => node.path.includes("Named") && node.path.includes("Clone"))).toBe(
    true,
  );
});
