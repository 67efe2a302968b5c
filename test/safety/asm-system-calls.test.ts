/**
 * System calls that a program's own instructions make: which register holds what, on each architecture; and what is told where that is not known.
 */
import { describe, expect, test } from "vitest";
import { reportOf } from "./report-of.ts";

const action = `
#[repr(C)] struct KernelAction { handler: usize, flags: u64, mask: u64 }
extern "C" fn on_signal(_: i32) { drop(String::with_capacity(3)); }
fn action() -> KernelAction { KernelAction { handler: on_signal as *const () as usize, flags: 0, mask: 0 } }
`;

/** Signals of the handlers that were found, and what was told where none was. */
async function said(arch: string, code: string): Promise<readonly string[]> {
  const { handlers, blindSpots } = await reportOf([{ name: "app", text: `use std::arch::asm;${action}${code}` }], {
    arch,
  });
  return [...handlers.map((one) => one.signals.join()), ...blindSpots.map((one) => `${one.reason}: ${one.text}`)];
}
const install = (template: string, operands: string): string =>
  `fn main() { let act = action(); unsafe { asm!(${template}, ${operands}); } }`;

describe("each architecture has registers of its own", () => {
  const cases = [
    ["x86_64", '"syscall"', 'inlateout("rax") 13 => _, in("rdi") 10, in("rsi") &act, in("rdx") 0, in("r10") 8'],
    ["i686", '"int 0x80"', 'inlateout("eax") 174 => _, in("ebx") 10, in("ecx") &act, in("edx") 0'],
    ["aarch64", '"svc 0"', 'in("x8") 134, inlateout("x0") 10usize => _, in("x1") &act, in("x2") 0, in("x3") 8'],
    ["aarch64", '"mov w8, #134", "svc #0"', 'inlateout("x0") 10usize => _, in("x1") &act, out("w8") _'],
    ["armv7", '"svc 0"', 'in("r7") 174, inlateout("r0") 10 => _, in("r1") &act, in("r2") 0, in("r3") 8'],
    ["riscv64gc", '"ecall"', 'in("a7") 134, inlateout("a0") 10 => _, in("a1") &act, in("a2") 0, in("a3") 8'],
    ["riscv64gc", '"li a7, {n}", "ecall"', 'n = const 134, inlateout("x10") 10 => _, in("x11") &act'],
    ["loongarch64", '"syscall 0"', 'in("$a7") 134, inlateout("$r4") 10 => _, in("$a1") &act, in("$a2") 0'],
    ["powerpc64le", '"sc"', 'inlateout("r0") 173 => _, in("r3") 10, in("r4") &act, in("r5") 0'],
    ["s390x", '"svc 0"', 'in("r1") 174, inlateout("r2") 10 => _, in("r3") &act, in("r4") 0'],
  ] as const;
  test.each(cases)("%s %s", async (arch, template, operands) => {
    expect(await said(arch, install(template, operands))).toEqual(["SIGUSR1"]);
  });
});

test("another number installs nothing, nor does an instruction that is none", async () => {
  const operands = 'in("rdi") 10, in("rsi") &act';
  expect(await said("x86_64", install('"syscall"', `in("rax") 14, ${operands}`))).toEqual([]);
  expect(await said("x86_64", install('"syscalls"', `in("rax") 13, ${operands}`))).toEqual([]);
  expect(await said("aarch64", install('"svc 0"', 'in("x8") 13, in("x0") 10, in("x1") &act'))).toEqual([]);
});

test("a template in parts, and a macro's", async () => {
  const operands = 'in("rax") 13, in("rdi") 10, in("rsi") &act';
  expect(await said("x86_64", install('concat!("nop;", "syscall")', operands))).toEqual(["SIGUSR1"]);
  const macro = 'macro_rules! enter { ($n:expr, $($more:tt)*) => { asm!("syscall", in("rax") $n, $($more)*) } }';
  const main = 'fn main() { let act = action(); unsafe { enter!(13, in("rdi") 10, in("rsi") &act); } }';
  expect(await said("x86_64", `${macro}${main}`)).toEqual(["SIGUSR1"]);
});

test("where it cannot be told which call it is, that is told; not where nothing names the one that installs", async () => {
  const told = ["unknown-handler: rt_sigaction: the handler was not found (which system call it is cannot be told)"];
  const computed =
    'fn main() { let act = action(); unsafe { asm!("xor eax, eax", "syscall", in("rdi") 10, in("rsi") &act); } }';
  expect(await said("x86_64", `${computed} const RT_SIGACTION: usize = 6 + 7;`)).toEqual(told);
  expect(await said("x86_64", `${computed} const NUMBER: usize = 13;`)).toEqual(told);
  expect(await said("x86_64", computed)).toEqual([]);
  const read = `extern "C" { fn number() -> usize; }
fn main() { let act = action(); unsafe { asm!("syscall", in("rax") number(), in("rdi") 10, in("rsi") &act); } }`;
  expect(await said("x86_64", `${read} const RT_SIGACTION: usize = 13;`)).toEqual(told);
  const shown = read
    .replace("asm!", "libc::syscall")
    .replace(/in\("\w+"\) /g, "")
    .replace('"syscall", ', "");
  expect(
    await said(
      "x86_64",
      `mod libc { extern "C" { pub fn syscall(n: usize, ...) -> i64; } } ${shown} const SYS_rt_sigaction: usize = 13;`,
    ),
  ).toEqual(told);
});

test.each(["SYS_rt_sigaction", "SYS_RT_SIGACTION", "__NR_rt_sigaction", "SYS_SIGACTION"])(
  "a call whose number is named %s",
  async (name) => {
    const code = `const ${name}: i64 = 13; const SYS_GETPID: i64 = 39;
unsafe fn enter(n: i64, a: i64, b: i64) -> i64 { let ret; asm!("syscall", inlateout("rax") n => ret, in("rdi") a, in("rsi") b); ret }
fn main() { let act = action(); unsafe { enter(SYS_GETPID, 0, 0); enter(${name}, 10, &act as *const KernelAction as i64); } }`;
    expect(await said("x86_64", code)).toEqual(["SIGUSR1"]);
  },
);

test("what instructions are given is not called: a registrar among it is one that is passed on", async () => {
  const code = `extern "C" { fn signal(signal: i32, handler: usize) -> usize; }
fn main() { unsafe { asm!("call {}", sym signal, in("rdi") 10, in("rsi") on_signal as *const () as usize); } }`;
  expect(await said("x86_64", code)).toEqual([
    "unknown-handler: signal: the handler was not found (the registrar is passed on as a value)",
  ]);
});
