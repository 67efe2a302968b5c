/**
 * Intrinsics that a program names itself, which no stable compiler takes in a fixture, and vendors' intrinsics of newer processors.
 */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { Report } from "../../src/safety/report-model.ts";
import { reportOf } from "./report-of.ts";

const libc: string = readFileSync(new URL("../../fixtures/safety/libc.rs.txt", import.meta.url), "utf8");

async function of(items: string, handler: string): Promise<Report> {
  const text = `${items}
    extern "C" fn handler(n: i32) { unsafe { ${handler} } }
    fn main() { unsafe {
        let a = libc::sigaction { sa_sigaction: handler as *const () as usize, sa_flags: libc::SA_RESTART, ..std::mem::zeroed() };
        libc::sigaction(libc::SIGUSR1, &a, std::ptr::null_mut());
    } }`;
  return reportOf([
    { name: "libc", text: libc, member: false },
    { name: "app", text, deps: ["libc"], kind: "bin" },
  ]);
}

it.each([
  ["core::intrinsics::breakpoint(); std::arch::breakpoint(); std::intrinsics::abort()"],
  ["let v = std::intrinsics::volatile_load(&raw const S[0]); std::intrinsics::volatile_store(&raw mut S[1], v);"],
  ["core::intrinsics::volatile_set_memory(&raw mut S, 0, 1);"],
  ["let (sum, _) = std::intrinsics::add_with_overflow(n, 1); S[0] = std::intrinsics::ctpop(sum) as u8;"],
  ["use std::arch::x86_64::*; let _a = _mm_cvtph_ps(_mm_setzero_si128());"],
  ["use std::arch::x86_64::*; let _a = _mm256_aesenc_epi128(_mm256_setzero_si256(), _mm256_setzero_si256());"],
])("%s is clean", async (handler) => {
  const report = await of("static mut S: [u8; 8] = [0; 8];", handler);
  expect(report.programs[0]?.verdict).toBe("clean");
});

it("what is stored through one is found through one", async () => {
  const report = await of(
    "static mut F: fn() = calm; fn calm() {} fn grow() { drop(vec![1u8]); } pub fn set() { unsafe { std::intrinsics::volatile_store(&raw mut F, grow as fn()) } }",
    "std::intrinsics::volatile_load(&raw const F)()",
  );
  expect(report.findings.map(({ rule }) => rule)).toContain("heap-allocation");
});
