/** What the grammar reads as something else without an error is read as it is meant, and nothing moves. */
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { packageFile } from "../../src/base/package-file.ts";
import { fileId } from "../../src/base/span.ts";
import { lowerFnBody } from "../../src/syntax/body.ts";
import { parseFile } from "../../src/syntax/file-items.ts";
import { asMeant } from "../../src/syntax/misread.ts";
import { initParser } from "../../src/syntax/parser.ts";

beforeAll(() => initParser({ grammarWasm: readFileSync(packageFile("assets/tree-sitter-rust.wasm")) }));

/** The kinds of a body's statements and of its tail. */
function kindsOf(body: string): string[] {
  const [item] = parseFile(`fn f() {${body}}`, fileId(0), "2021").items;
  const root = item?.k === "fn" ? lowerFnBody(item)?.root : undefined;
  if (root?.k !== "block") throw new Error("no body");
  const { stmts, tail } = root.block;
  return [
    ...stmts.map((stmt) => (stmt.k === "expr" ? stmt.expr.k : stmt.k)),
    ...(tail === null ? [] : [`tail ${tail.k}`]),
  ];
}

test.each([
  ["pin! { let a = b(); } (&mut a).c()", ["macro", "tail method"]],
  ["a::b! { c } &D", ["macro", "tail ref"]],
  [
    "#[cfg(x)] a! { c }\n*d = 1; a! { c } [1, 2].len(); a! {}\n-1",
    ["macro", "assign", "macro", "method", "macro", "tail unary"],
  ],
  ["a! { c } <T as U>::g(); b! { } |x| x", ["macro", "call", "macro", "tail closure"]],
  // What is no statement of its own, or goes on.
  ["let a = b! { c } & d; a! { b }.c(); x = b! { c } - d;", ["let", "method", "assign"]],
  ["f(a! { b } - 1, match c { _ => a! { b } - 1 })", ["tail call"]],
])("%s", (body, kinds) => {
  expect(kindsOf(body)).toEqual(kinds);
});

test("a comparison behind a cast is what is written", () => {
  const [item] = parseFile("fn f() { (a as b::T <= c, a as b::T == c) }", fileId(0), "2021").items;
  const tail = item?.k === "fn" ? lowerFnBody(item)?.root : undefined;
  const tuple = tail?.k === "block" ? tail.block.tail : null;
  const ops = tuple?.k === "tuple" ? tuple.elems.map((one) => (one.k === "binary" ? one.op : one.k)) : [];
  expect(ops).toEqual(["le", "eq"]);
});

test("what a loop is left with", () => {
  const text = "fn f() { loop { break <A as B>::c(); } 'a: { break 'a |x| x + 1 } loop { break || d() } }";
  const now = asMeant(text, "2021");
  expect(now).toBe("fn f() { loop { return<A as B>::c(); } 'a: { return   |x| x + 1 } loop { break || d() } }");
  expect(now).toHaveLength(text.length);
});

test("strings, comments and macros' arguments stay what they are", () => {
  for (const text of ['fn f() { g("break <a> m! { } &b"); }', "fn f() { /* m! { } & */ } // break <a>"]) {
    expect(asMeant(text, "2021")).toBe(text);
  }
});

test("tens of thousands of them cost about as much as one pass", () => {
  const breaks = `fn f() { loop { ${"break <a> ;\n".repeat(40_000)}} }`;
  const macros = `fn f() { ${"a! {\nx; ".repeat(40_000)}${"} &b;\n".repeat(40_000)} }`;
  const before = process.cpuUsage().user;
  expect(asMeant(breaks, "2021")).toContain("return<a>");
  expect(asMeant(macros, "2021")).toContain("};&b;");
  expect(process.cpuUsage().user - before).toBeLessThan(3_000_000);
});
