/**
 * Which texts may call a registrar, or hand one on: what the patterns find, and that they look through a text once, whatever stands in it.
 */
import { describe, expect, test } from "vitest";
import { mayName } from "../../src/safety/registrar-words.ts";

const words = new Set(["signal", "sigaction"]);
const names = (text: string): boolean => mayName(words, (pattern) => pattern.test(text));

describe("texts that may name a registrar", () => {
  test.each([
    "libc::signal(2, h as usize)",
    "use libc::{self, signal}; install(signal)",
    "use libc::*; let f = signal;",
    "let f = [libc::sigaction];",
    "use a; use libc::signal; f(signal, 1)",
    'use libc::signal; asm!("call {}", sym signal)',
    "extern { fn signal(a: i32); } fn f() { g(signal) }",
  ])("%s", (text) => {
    expect(names(text)).toBe(true);
  });
  test.each([
    "let signal = 1; f(signal);",
    "self.signal(2)",
    "use libc::*; // f(signal)",
    "use libc::signal::x; f(signal)",
  ])("not %s", (text) => {
    expect(names(text)).toBe(false);
  });
  test.each([
    ["imports", `(signal) ${"use ".repeat(1 << 20)}`],
    ["one import", `(signal) use ${"signal::x ".repeat(1 << 18)}`],
    ["values", "=signal ".repeat(1 << 19)],
    ["a comment", `//${" =signal,".repeat(1 << 19)}`],
    ["comments", `// ${" =signal,".repeat(40)}\n`.repeat(1 << 13)],
    ["blanks", `(signal${" ".repeat(1 << 22)}x`],
  ])("%s cost time in proportion to their length", (_, text) => {
    names(text);
  });
});
