/**
 * Drop glue, pruned branches, conditions of sites and spin loops in the call graph of small programs.
 */
import { beforeAll, describe, expect, test } from "vitest";
import type { CallGraph } from "../../src/calls/call-graph.ts";
import { edgesOf, programOf, type TestProgram } from "./program-of.ts";

const text = `
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
static N: AtomicUsize = AtomicUsize::new(0);
static LOCK: AtomicBool = AtomicBool::new(false);
static mut V: Vec<u8> = Vec::new();
pub fn grow() { unsafe { V.push(1) } }
pub fn calm() { N.store(1, SeqCst); }
fn cold() { N.store(2, SeqCst); }

pub struct Bell; impl Drop for Bell { fn drop(&mut self) { rings() } }
pub fn rings() { calm() }
pub struct Tower { bell: Bell, n: u32 }
pub fn drops_field() { let _t = Tower { bell: Bell, n: 1 }; }
pub fn moves_field_out() { let t = Tower { bell: Bell, n: 1 }; std::mem::forget(t.bell); }
pub fn forgets() { std::mem::forget(Bell) }
pub fn boxed() { let _b = Box::new(Bell); }
pub fn moves_out_of_box() { let b = Box::new(Tower { bell: Bell, n: 1 }); std::mem::forget(*b); }
pub fn moves_out_of_box_of_nothing() { let b = Box::new(Bell); std::mem::forget(*b); }
pub fn in_vector(v: Vec<Bell>) { let _v = v; }
pub fn in_object() { let _o: Box<dyn Fn()> = { let bell = Bell; Box::new(move || { let _ = &bell; }) }; }
pub fn assigned(t: &mut Option<Bell>) { *t = None }
pub fn maybe_moved(go: bool) { let b = Bell; if go { std::mem::forget(b) } }
pub fn not_some(o: Option<Bell>) { match o { Some(b) => std::mem::forget(b), None => {} } }

pub struct Guard<'a>(&'a mut Tower); impl Drop for Guard<'_> { fn drop(&mut self) { rings() } }
fn lent(_: &mut Tower) {}
pub fn passes_on_what_a_guard_holds(t: &mut Tower) { let guard = Guard(t); lent(guard.0) }
pub trait Raw { fn touch() {} } impl Raw for u8 {}
pub struct Lent<'a, R: Raw>(&'a R); impl<R: Raw> Drop for Lent<'_, R> { fn drop(&mut self) { R::touch(); rings() } }
fn holds<R: Raw>(raw: &R) { let _held = Lent(raw); }
pub fn drops_in_generic_code() { holds(&1u8) }

pub type Chosen = cfg_select! { windows => u8, _ => Bell };
fn chosen() -> Chosen { Bell }
pub fn drops_selected_type() { let _c = chosen(); }

pub trait Mode { const LOUD: bool; }
pub struct On; pub struct Off;
impl Mode for On { const LOUD: bool = true; } impl Mode for Off { const LOUD: bool = false; }
fn by_mode<M: Mode>() { if M::LOUD { grow() } else { calm() } }
pub fn mode_on() { by_mode::<On>() }
pub fn mode_off() { by_mode::<Off>() }
fn by_number<const N: usize>() { if N > 2 { grow() } }
pub fn few() { by_number::<1>() }
pub fn many() { by_number::<3>() }
fn by_drop<T>(t: T) { if std::mem::needs_drop::<T>() { grow() } std::mem::forget(t) }
pub fn needs_none() { by_drop(1u8) }
pub fn needs_drop() { by_drop(Bell) }
pub fn cfg_branch() { if cfg!(windows) { grow() } }

pub struct Failed(u8);
fn tries() -> Result<u32, Failed> { if N.load(SeqCst) > 1 { Ok(1) } else { Err(Failed(1)) } }
pub fn on_error() { match tries() { Ok(_) => calm(), Err(_) => cold() } }
pub fn on_error_let() { if let Err(_e) = tries() { cold() } }
pub fn exchange() { match N.compare_exchange(1, 2, SeqCst, SeqCst) { Ok(_) => calm(), Err(_) => cold() } }
pub fn before_panic(n: u32) { if n > 3 { cold(); panic!("too many") } calm() }
pub fn room_left() { unsafe { if V.len() < V.capacity() { V.push(1) } else { cold() } } }
pub fn no_room_check() { unsafe { if V.len() < N.load(SeqCst) { V.push(1) } } }

pub fn spins() { while LOCK.compare_exchange(false, true, SeqCst, SeqCst).is_err() { std::hint::spin_loop() } }
pub fn spins_on_load() { while LOCK.load(SeqCst) {} }
pub fn retries() { let mut cur = N.load(SeqCst); loop { match N.compare_exchange(cur, cur + 1, SeqCst, SeqCst) { Ok(_) => break, Err(now) => cur = now } } }
pub fn bounded() { for _ in 0..10 { if !LOCK.load(SeqCst) { break } } }
`;

let program: TestProgram;
beforeAll(async () => {
  program = await programOf([{ name: "app", text }]);
}, 60_000);

function graphOf(name: string): CallGraph {
  return program.graph([`app::${name}`]);
}
function reaches(name: string, path: string): boolean {
  return graphOf(name).nodes.some((node) => node.path === `app::${path}`);
}
function frees(name: string): boolean {
  return graphOf(name).nodes.some((node) => node.effects.some((one) => one.kind === "dealloc"));
}
function conditionsOf(name: string, path: string): readonly string[][] {
  const graph = graphOf(name);
  const sites = graph.sites.filter((site) => edgesOf(site).some((edge) => graph.node(edge.target).path === path));
  return sites.map((site) => [...site.conditions]);
}
function spin(name: string): readonly (string | null)[] {
  return graphOf(name).nodes.flatMap((node) =>
    node.effects.filter((one) => one.kind === "spin").map((one) => one.through),
  );
}

describe("drops", () => {
  test.each([
    "drops_field",
    "boxed",
    "in_vector",
    "in_object",
    "assigned",
    "maybe_moved",
    "passes_on_what_a_guard_holds",
    "drops_in_generic_code",
    "drops_selected_type",
  ])("%s runs the impl", (name) => {
    expect(reaches(name, "rings")).toBe(true);
  });
  test.each(["moves_field_out", "forgets", "moves_out_of_box", "not_some"])("%s does not", (name) => {
    expect(reaches(name, "rings")).toBe(false);
  });
  test("a box whose contents were moved is freed all the same", () => {
    expect(frees("moves_out_of_box")).toBe(true);
    expect(frees("moves_out_of_box_of_nothing")).toBe(false);
    expect(frees("forgets")).toBe(false);
  });
});

describe("branches on constants", () => {
  test.each([
    ["mode_on", true],
    ["mode_off", false],
    ["many", true],
    ["few", false],
    ["needs_drop", true],
    ["needs_none", false],
    ["cfg_branch", false],
  ])("%s", (name, expected) => {
    expect(reaches(name, "grow")).toBe(expected);
  });
});

describe("conditions", () => {
  test("what runs only where a Result is Err", () => {
    expect(conditionsOf("on_error", "app::cold")).toEqual([["error-path"]]);
    expect(conditionsOf("on_error_let", "app::cold")).toEqual([["error-path"]]);
    expect(conditionsOf("on_error", "app::calm")).toEqual([[]]);
  });
  test("the other outcome of an exchange is no error", () => {
    expect(conditionsOf("exchange", "app::cold")).toEqual([[]]);
  });
  test("what only leads to a panic", () => {
    expect(conditionsOf("before_panic", "app::cold")).toEqual([["panic"]]);
    expect(conditionsOf("before_panic", "app::calm")).toEqual([[]]);
  });
  test("growth behind a look at the capacity", () => {
    expect(conditionsOf("room_left", "alloc::vec::Vec::push")).toEqual([["guarded"]]);
    expect(conditionsOf("room_left", "app::cold")).toEqual([[]]);
    expect(conditionsOf("no_room_check", "alloc::vec::Vec::push")).toEqual([[]]);
  });
});

describe("spin loops", () => {
  test("waiting for another holder", () => {
    expect(spin("spins")).toEqual(["compare_exchange"]);
    expect(spin("spins_on_load")).toEqual(["load"]);
  });
  test("a retried update and a bounded loop are none", () => {
    expect(spin("retries")).toEqual([]);
    expect(spin("bounded")).toEqual([]);
  });
});
