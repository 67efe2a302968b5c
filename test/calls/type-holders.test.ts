/**
 * Who can call a function of a type: every way to have a value without writing its type, and who is left out.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { callSitesOf } from "../../src/calls/call-sites.ts";
import { holdersOfType } from "../../src/calls/type-holders.ts";
import type { DefId } from "../../src/names/defs.ts";
import { programOf, type TestProgram } from "./program-of.ts";

const tool = `
use std::ops::{Add, Deref, Index};
#[derive(Clone, Default)] pub struct Tool(u8);
impl Tool { pub fn new() -> Self { Tool(0) } pub fn status(&self) -> u8 { 1 } }
pub type Instrument = Tool;
pub fn made() -> Tool { Tool(1) }
pub fn with(f: impl FnOnce(&mut Tool)) { f(&mut Tool(2)) }
pub static SHARED: Tool = Tool(3);
pub struct Holder { pub inner: Tool }
impl Deref for Holder { type Target = Tool; fn deref(&self) -> &Tool { &self.inner } }
pub fn holder() -> Holder { Holder { inner: Tool(4) } }
pub struct Deep { pub holder: Holder }
pub static DEEP: Deep = Deep { holder: Holder { inner: Tool(5) } };
pub enum Event { Ready(Tool), Idle }
pub fn event() -> Event { Event::Idle }
pub trait Gives { type Out; fn out(&self) -> Self::Out; }
impl Gives for u8 { type Out = Tool; fn out(&self) -> Tool { Tool(*self) } }
pub trait Source<T> { fn fetch(&self) -> T; }
impl Source<Tool> for str { fn fetch(&self) -> Tool { Tool(6) } }
pub struct Built<F>(pub F);
impl<F: Fn(&Tool)> Built<F> { pub fn run(f: F) { f(&Tool(7)) } }
impl Iterator for Deep { type Item = Tool; fn next(&mut self) -> Option<Tool> { None } }
pub fn many() -> Deep { Deep { holder: holder() } }
pub fn fill(list: &mut Vec<Tool>) { list.push(Tool(8)) }
pub async fn later() -> Tool { Tool(9) }
impl Add<u8> for Holder { type Output = Tool; fn add(self, _n: u8) -> Tool { self.inner } }
impl Index<u8> for Holder { type Output = Tool; fn index(&self, _n: u8) -> &Tool { &self.inner } }
#[macro_export] macro_rules! a_tool { () => { $crate::made() } }
pub mod first { pub struct Guard { pub outer: super::second::Context } }
pub mod inner { #[derive(Clone)] pub struct Context(pub u8); impl Context { pub fn state(&self) -> u8 { self.0 } } }
pub mod second { pub struct Context { pub inner: super::inner::Context } }
mod hidden { pub struct Secret(pub u8); impl Secret { pub fn status(&self) -> u8 { self.0 } } }
pub fn secret() -> hidden::Secret { hidden::Secret(1) }
`;
const user = `
use tool::{Instrument, Tool as Renamed, Gives, Source, Event};
pub fn by_path() { tool::Tool::new().status(); }
pub fn by_alias() { let t = Instrument::new(); t.status(); }
pub fn by_rename() { Renamed::new().status(); }
pub fn by_function() { tool::made().status(); }
pub fn by_closure() { tool::with(|t| { t.status(); }); }
pub fn by_static() { tool::SHARED.status(); }
pub fn by_deref() { tool::holder().status(); }
pub fn by_fields() { tool::DEEP.holder.inner.status(); }
pub fn by_pattern() { if let Event::Ready(t) = tool::event() { t.status(); } }
pub fn by_trait() { 3u8.out().status(); }
pub fn by_generic_trait() { let t = "x".fetch(); t.status(); }
pub fn by_bound() { tool::Built::run(|t| { t.status(); }); }
pub fn by_loop() { for t in tool::many() { t.status(); } }
pub fn by_filling() { let mut list = Vec::new(); tool::fill(&mut list); list[0].status(); }
pub async fn by_future() { tool::later().await.status(); }
pub fn by_operator() { (tool::holder() + 1).status(); }
pub fn by_index() { tool::holder()[1].status(); }
pub fn by_macro() { tool::a_tool!().status(); }
pub fn by_own_parameter(t: &Renamed) { t.status(); }
pub fn by_namesake(guard: &tool::first::Guard) { guard.outer.inner.state(); }
pub fn by_secret() { tool::secret().status(); }
pub struct Mine { inner: Renamed }
impl Mine { pub fn own(&self) { self.inner.status(); } }
pub trait More { fn more(&self) -> u8; }
impl More for Renamed { fn more(&self) -> u8 { self.status() } }
pub struct Other(u8);
impl Other { pub fn new() -> Self { Other(1) } pub fn status(&self) -> u8 { self.0 } pub fn state(&self) -> u8 { 2 } }
${Array.from({ length: 20 }, (_, at) => `pub fn stranger_${at}() { Other::new().status(); Other::new().state(); }`).join("\n")}
`;

let program: TestProgram;
beforeAll(async () => {
  program = await programOf([
    { name: "tool", text: tool },
    { name: "user", text: user, deps: ["tool"] },
  ]);
});

const inUser = (path: string): string[] => {
  const { calls } = callSitesOf(program.bodies, { def: program.def(path), closure: null });
  const callers = calls.map((one) => program.names.pathOf(one.body.def));
  return [...new Set(callers.filter((one) => one.includes("user::")))].sort();
};

describe("callers of a function of a type", () => {
  test("a method: by whatever gives a value", () => {
    const ways =
      "alias bound closure deref fields filling function future generic_trait index loop macro operator own_parameter path pattern rename static trait";
    expect(inUser("tool::Tool::status")).toEqual(
      [
        "<tool::Tool as user::More>::more",
        "user::Mine::own",
        ...ways.split(" ").map((way) => `user::by_${way}`),
      ].sort(),
    );
  });
  test("a method of a type whose name is that of another one which holds it", () => {
    expect(inUser("tool::inner::Context::state")).toEqual(["user::by_namesake"]);
  });
  test("a method of a type that nobody outside can name", () => {
    expect(inUser("tool::hidden::Secret::status")).toEqual(["user::by_secret"]);
  });
  test("a function without a receiver: by its names", () => {
    expect(inUser("tool::Tool::new")).toEqual(["user::by_alias", "user::by_path", "user::by_rename"]);
  });
  test("who has no way to a value is not looked at", () => {
    const { names, bodies } = program;
    const crates = bodies.cratesThatSee(program.def("tool::Tool"));
    const [, crate] = crates;
    if (crate === undefined) throw new Error("two crates see it");
    const all = bodies.mentioning(crate, ["status"]);
    const among = (how: "name" | "value"): string[] =>
      (holdersOfType(bodies, program.def("tool::Tool"), crates, how)?.among(crate, all) ?? []).map((id: DefId) =>
        names.pathOf(id),
      );
    expect(among("value").filter((one) => one.includes("stranger"))).toEqual([]);
    const naming = "path alias rename own_parameter".split(" ").map((way) => `user::by_${way}`);
    expect(among("name").sort()).toEqual(["<tool::Tool as user::More>::more", ...naming].sort());
  });
});
