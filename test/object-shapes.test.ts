/**
 * Objects of one kind share their hidden class, and offsets are small integers.
 *
 * V8 gives every object its own hidden class that is made by `{ ...given, added }` (Node 20): reading from such objects is twenty times slower, and
 * each class takes 300 bytes. What is added stands before what is spread. One offset of -0 makes all spans hold boxed numbers.
 */
import { setFlagsFromString } from "node:v8";
import { beforeAll, expect, test } from "vitest";
import { fileId } from "../src/base/span.ts";
import { lowerFnBody } from "../src/syntax/body.ts";
import { parseFile } from "../src/syntax/file-items.ts";
import { initParser } from "../src/syntax/parser.ts";
import { programOf } from "./calls/program-of.ts";

const times = 40;
const one = (at: number): string => `
#[derive(Clone)] #[allow(dead_code)] pub struct S${at}<T: Clone> { #[doc = "x"] pub a: T, b: [u8; ${at + 1}] }
pub enum E${at} { A, B(u8), C { c: u16 } }
pub trait T${at} { type Out; const N: usize; fn go(&self) -> u8; }
impl<T: Clone> S${at}<T> { pub fn new(a: T) -> S${at}<T> { S${at} { a, b: [0; ${at + 1}] } } }
impl T${at} for u${at} { type Out = u8; const N: usize = 2; fn go(&self) -> u8 { 1 } }
mod m${at} { use super::S${at} as Alias; pub use super::{E${at}, other::*}; use core::{fmt, mem}; }
macro_rules! r${at} { ($x:expr) => { $x + 1 }; }
m! { a, ${at} }
extern "C" { fn c${at}(x: u8) -> u8; static V${at}: u8; }
pub const K${at}: u8 = 1;
static Q${at}: u8 = 2;
pub type Y${at} = (u8, [u16; 2]);
pub fn f${at}(x: Option<u8>) -> u8 {
  let S { a, ref b, .. } = s;
  unsafe { core::arch::asm!("nop") }
  if let Some(v) = x { v } else { 'l: loop { break 'l { 1 } } }
}
`;

/** Asks V8 itself; the flag must be set before the function is compiled. */
let sameClass: (left: object, right: object) => boolean;
let isSmall: (value: number) => boolean;

beforeAll(async () => {
  setFlagsFromString("--allow-natives-syntax");
  sameClass = new Function("left", "right", "return %HaveSameMap(left, right)") as typeof sameClass;
  isSmall = new Function("value", "return %IsSmi(value)") as typeof isSmall;
  await initParser({ grammarWasm: new URL("../assets/tree-sitter-rust.wasm", import.meta.url).pathname });
});

interface Kind {
  count: number;
  readonly classes: object[];
}

/** Plain objects below a value, by their keys. */
function kindsIn(start: unknown): Map<string, Kind> {
  const kinds = new Map<string, Kind>();
  const seen = new Set<object>();
  const pending: unknown[] = [start];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (Object.getPrototypeOf(value) === Object.prototype) {
      const key = Object.keys(value).sort().join();
      const kind = kinds.get(key) ?? { count: 0, classes: [] };
      kind.count += 1;
      if (!kind.classes.some((other) => sameClass(other, value))) kind.classes.push(value);
      kinds.set(key, kind);
    }
    pending.push(...Object.values(value));
  }
  return kinds;
}

/** Kinds with many objects and about as many classes. */
function ownClasses(kinds: ReadonlyMap<string, Kind>): string[] {
  return [...kinds].flatMap(([key, { count, classes }]) =>
    count >= times / 2 && classes.length > count / 4 ? [`${key}: ${classes.length} of ${count}`] : [],
  );
}

test("what a file is lowered to", () => {
  const file = parseFile(Array.from({ length: times }, (_, at) => one(at)).join(""), fileId(0), "2021");
  expect(file.errors).toEqual([]);
  const bodies = file.items.flatMap((item) => (item.k === "fn" ? [lowerFnBody(item)] : []));
  expect(bodies).toHaveLength(times);
  const kinds = kindsIn([file.items, bodies]);
  expect(kinds.size).toBeGreaterThan(50);
  expect(ownClasses(kinds)).toEqual([]);
  const spans = file.items.map(({ span }) => span);
  expect(spans.filter(({ start, end }) => !isSmall(start) || !isSmall(end))).toEqual([]);
});

test("a call graph", async () => {
  const calls = Array.from({ length: times }, (_, at) => `fn f${at}(n: u8) -> u8 { drop(Box::new(n)); g${at}(n) }`);
  const entry = `pub fn entry() { ${calls.map((_, at) => `f${at}(1);`).join(" ")} }`;
  const foreign = `extern "C" { ${calls.map((_, at) => `safe fn g${at}(n: u8) -> u8;`).join(" ")} }`;
  const program = await programOf([{ name: "app", text: [entry, foreign, ...calls].join("\n") }]);
  const { nodes, sites } = program.graph(["app::entry"]);
  expect(sites.length).toBeGreaterThan(3 * times);
  const parts = sites.map(({ outcome, ...site }) => [outcome, site.conditions]);
  expect(ownClasses(kindsIn([parts]))).toEqual([]);
  for (const list of [nodes, sites]) {
    const classes: object[] = [];
    for (const value of list) if (!classes.some((other) => sameClass(other, value))) classes.push(value);
    expect(classes.length).toBeLessThan(8);
  }
});
