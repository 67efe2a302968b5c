/**
 * Which macros could write a word for a crate: its own, and those that the crates it reaches export; through macros that call such macros.
 */
import { expect, test } from "vitest";
import { wordHash } from "../../src/base/word-set.ts";
import type { CrateId } from "../../src/crates/crate-graph.ts";
import { macroWords } from "../../src/load/macro-words.ts";
import { type CrateText, programOf } from "../calls/program-of.ts";

const base: CrateText = {
  name: "base",
  text: `
#[macro_export]
/// Installs; \`}\` in the documentation.
macro_rules! install { () => { target() } }
macro_rules! hidden { () => { target() } }
#[macro_export] macro_rules! through_hidden { () => { hidden!() } }
#[macro_export] macro_rules! outer { () => { $crate::install!() } }
#[macro_export] macro_rules! makes { () => { macro_rules! made { () => { target() } } } }
#[macro_export] macro_rules! hands_on { ($m:ident) => { $m!() } }
pub fn target() {}
`,
};
const user: CrateText = {
  name: "user",
  deps: ["base"],
  text: `
macro_rules! own { () => { base::outer!() } }
macro_rules! s { () => { other() } }
pub fn f() {}
`,
};
const far: CrateText = { name: "far", deps: ["user"], text: "macro_rules! hidden { () => {} }" };
const stranger: CrateText = { name: "stranger", text: "macro_rules! t { () => { install!() } }" };

async function macrosIn(crate: string | null): Promise<readonly string[]> {
  const { names } = await programOf([base, user, far, stranger]);
  const id = names.program.crates.find((one) => one.name === crate)?.id ?? null;
  return names.macrosMentioning(["target"], id as CrateId | null);
}

test("a crate can call its own macros, exported or not", async () => {
  expect(await macrosIn("base")).toEqual(["hidden", "install", "made", "makes", "outer", "through_hidden"]);
});

test("of others only what they export, and its own that lead there", async () => {
  expect(await macrosIn("user")).toEqual(["install", "made", "makes", "outer", "own"]);
});

test("over several crates; a macro of one's own with the name of a hidden one writes what it says", async () => {
  expect(await macrosIn("far")).toEqual(["install", "made", "makes", "outer"]);
});

test("macros of crates that it does not reach are not its own", async () => {
  expect(await macrosIn("stranger")).toEqual([]);
  expect(await macrosIn(null)).toEqual(["hidden", "install", "made", "makes", "outer", "own", "t", "through_hidden"]);
});

test("exported: by an attribute before other attributes and comments, made by a macro, or a `macro` item", () => {
  const exported = (text: string): string[] => macroWords(text).flatMap((one) => (one.exported ? [one.name] : []));
  expect(
    exported(
      '#[macro_export(local_inner_macros)] #[doc = "}"] // ;\n macro_rules! a { () => {} } macro_rules! b { () => {} }',
    ),
  ).toEqual(["a"]);
  expect(exported('#[cfg_attr(feature = "x", macro_export)] macro_rules! a { () => {} }')).toEqual(["a"]);
  expect(exported("macro_rules! a { () => { macro_rules! b { () => {} } } } pub macro c { () => {} }")).toEqual([
    "b",
    "c",
  ]);
});

test("definitions in each other by the thousand take no product of their number and their length", () => {
  const text = "macro_rules! a { (far) => { ".repeat(30_000);
  const before = performance.now();
  const found = macroWords(text);
  expect(performance.now() - before).toBeLessThan(10_000);
  expect([found.length, found.at(-1)?.exported]).toEqual([30_000, true]);
  expect(found.every((one) => one.words.has(wordHash("far")))).toBe(true);
});

test("what a macro can write is told by words where it can be called and does not write its own name", async () => {
  const itself: CrateText = { name: "itself", text: "macro_rules! target { () => { crate::target() } }" };
  const { names } = await programOf([base, user, stranger, itself]);
  const told = (macro: string, crate: string): boolean => {
    const id = names.program.crates.find((one) => one.name === crate)?.id as CrateId;
    return names.isToldByWords(macro, id);
  };
  expect([told("install", "base"), told("install", "user"), told("own", "user")]).toEqual([true, true, true]);
  expect([told("hidden", "user"), told("install", "stranger"), told("unknown", "user")]).toEqual([false, false, false]);
  expect(told("target", "itself")).toBe(false);
});
