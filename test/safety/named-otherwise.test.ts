/**
 * What is stored into a static of a dependency, or handed to its functions, under another name or without naming it: re-exports that rename, constants of
 * traits, iterators and numbers that a function gives back. All of it runs in the handler.
 */
import { expect, test } from "vitest";
import { reportOf } from "./report-of.ts";

const base = `use std::cell::Cell;
extern "C" { fn signal(s: i32, h: usize) -> usize; }
pub struct Slot(pub Cell<fn()>);
unsafe impl Sync for Slot {}
pub fn nothing() {}
pub static SLOT: Slot = Slot(Cell::new(nothing));
pub use SLOT as OWN;
pub fn set(hook: fn()) { SLOT.0.set(hook) }
pub trait Has { const THE: &'static Slot; fn the(&self) -> &'static Slot { Self::THE } }
pub struct Holder;
impl Has for Holder { const THE: &'static Slot = &SLOT; }
pub fn each() -> impl Iterator<Item = &'static Slot> { std::iter::once(&SLOT) }
pub struct Hooks { pub first: fn() }
impl Hooks { pub fn keep(self) { SLOT.0.set(self.first) } }
extern "C" fn on_signal(_: i32) { (SLOT.0.get())() }
pub fn install() { unsafe { signal(10, on_signal as extern "C" fn(i32) as usize); } }
`;
const mid = `pub use base::{set as register, Hooks as Table, OWN as THEIRS, SLOT as GIVEN};
pub mod again { pub use crate::GIVEN as TWICE; }
`;

/** The handler's verdict where a program that has both crates does this first. */
async function verdictAfter(first: string): Promise<string | undefined> {
  const app = `extern "C" { fn malloc(n: usize) -> *mut u8; }
fn loud() { unsafe { malloc(1); } }
fn main() { ${first} base::install(); }
`;
  const { handlers } = await reportOf([
    { name: "base", member: false, text: base },
    { name: "mid", member: false, deps: ["base"], text: mid },
    { name: "app", kind: "bin", deps: ["base", "mid"], text: app },
  ]);
  return handlers[0]?.verdict;
}

test.each([
  ["its own name", "base::SLOT.0.set(loud);"],
  ["another name in its crate", "base::OWN.0.set(loud);"],
  ["another name in a crate between", "mid::GIVEN.0.set(loud);"],
  ["another name of another name", "mid::THEIRS.0.set(loud); mid::again::TWICE.0.set(loud);"],
  ["another name here", "use mid::again::TWICE as HERE; HERE.0.set(loud);"],
  ["another name of the function that sets it", "mid::register(loud);"],
  ["another name of the type that is made", "mid::Table { first: loud }.keep();"],
  ["a constant of a trait", "use base::Has; base::Holder::THE.0.set(loud);"],
  ["a constant of a trait, by a type parameter", "fn by<T: base::Has>() { T::THE.0.set(loud) } by::<base::Holder>();"],
  ["a constant of a trait, by a method", "use base::Has; base::Holder.the().0.set(loud);"],
  ["an iterator", "base::each().for_each(|one| one.0.set(loud));"],
  ["a number", "let at: usize = unsafe { std::mem::transmute(&base::SLOT) }; unsafe { *(at as *mut fn()) = loud; }"],
])("%s", async (_, first) => {
  expect(await verdictAfter(first)).toBe("unsafe");
});

test("nothing is there that nobody puts there", async () => {
  expect(await verdictAfter("let _ = loud;")).toBe("clean");
  expect(await verdictAfter("mid::register(base::nothing);")).toBe("clean");
  expect(await verdictAfter("let _ = mid::again::TWICE.0.get(); let _ = loud;")).toBe("clean");
});

test("another name of one of many", async () => {
  const many = Array.from({ length: 30 }, (_, at) => `SLOT as MANY${at}`).join(", ");
  const app = `extern "C" { fn malloc(n: usize) -> *mut u8; }
fn loud() { unsafe { malloc(1); } }
fn main() { far::FAR.0.set(loud); base::install(); }
`;
  const { handlers } = await reportOf([
    { name: "base", member: false, text: base },
    { name: "mid", member: false, deps: ["base"], text: `pub use base::{${many}};\n` },
    { name: "far", member: false, deps: ["mid"], text: "pub use mid::MANY29 as FAR;\n" },
    { name: "app", kind: "bin", deps: ["base", "far"], text: app },
  ]);
  expect(handlers[0]?.verdict).toBe("unsafe");
});
