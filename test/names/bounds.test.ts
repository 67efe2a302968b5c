/**
 * Programs that would never end are cut at a limit that is told, and the rest of them is resolved.
 */
import { expect, test } from "vitest";
import type { NameProblem } from "../../src/names/defs.ts";
import { programOf, type TestProgram } from "../calls/program-of.ts";

const rest = "pub fn rest() -> u8 { written() } fn written() -> u8 { 1 }\n";

/** The problems of all bodies, when those were looked at. */
async function opened(
  text: string,
): Promise<{ readonly program: TestProgram; readonly problems: readonly NameProblem[] }> {
  const program = await programOf([{ name: "app", text: rest + text }]);
  const { names, types } = program;
  for (const def of names.def(names.crateRoot(names.def(program.def("app::rest")).crate)).children)
    types.typedBody(def);
  return { program, problems: names.problems() };
}

function resolved({ types, def }: TestProgram): boolean {
  return types.typedBody(def("app::rest"))?.unresolved.length === 0;
}

test("a macro that calls itself for ever", async () => {
  const { program, problems } = await opened(
    "macro_rules! a { ($($t:tt)*) => { a!($($t)*) }; }\npub fn f() { a!(x); }",
  );
  expect(problems.map((one) => one.reason)).toEqual(["limit"]);
  expect(resolved(program)).toBe(true);
});

test("a macro that doubles its text", async () => {
  const { program, problems } = await opened(
    "macro_rules! a { ($($t:tt)*) => { a!($($t)* $($t)*) }; }\npub fn f() { a!(x); }",
  );
  expect(problems.map((one) => one.reason)).toEqual(["limit"]);
  expect(resolved(program)).toBe(true);
});

test("an item macro that makes itself for ever", async () => {
  const { program, problems } = await opened("macro_rules! a { () => { a!(); fn g() {} }; }\na!();");
  expect(problems.map((one) => one.reason)).toContain("limit");
  expect(resolved(program)).toBe(true);
});

test("globs whose modules come through globs are asked once while the crate is worked out", async () => {
  const depth = 26;
  const levels = Array.from({ length: depth }, (_, at) => at);
  // What is in `mN` comes out of `yN` of the next level, which comes through globs itself.
  const modules = levels.map((at) => `pub mod m${at} { pub use super::m${at + 1}::{x::*, y::*}; }`);
  const last = `pub mod m${depth} { pub mod x {} pub mod y { ${nested(depth)} } }`;
  const started = Date.now();
  const { program } = await opened(`${modules.join("\n")} ${last} pub use m0::*; crate::missing! { a }`);
  expect(program.names.problems().map((one) => one.reason)).toEqual(["unknown-macro"]);
  expect(resolved(program)).toBe(true);
  expect(Date.now() - started).toBeLessThan(20_000);
});

function nested(depth: number): string {
  return depth === 0 ? "" : `pub mod x {} pub mod y { ${nested(depth - 1)} }`;
}

test("globs that fail are not asked in every order", async () => {
  const globs = Array.from({ length: 9 }, (_, at) => `use nowhere${at}::*; use super::m${(at + 1) % 9}::*;`);
  const modules = Array.from(
    { length: 9 },
    (_, at) => `pub mod m${at} { ${globs.join(" ")} pub fn f() { missing(); } }`,
  );
  const started = Date.now();
  const { program } = await opened(modules.join("\n"));
  const body = program.types.typedBody(program.def("app::m0::f"));
  expect(body?.unresolved.map((one) => one.reason)).toEqual(["unresolved-path"]);
  expect(resolved(program)).toBe(true);
  expect(Date.now() - started).toBeLessThan(20_000);
});

test("a file that is its own module", async () => {
  const { program, problems } = await opened('#[path = "lib.rs"] mod again;');
  expect(problems.map((one) => one.reason)).toContain("limit");
  expect(resolved(program)).toBe(true);
});
