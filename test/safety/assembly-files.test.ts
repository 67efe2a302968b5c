/** Assembly outside of functions that lies in files: one that installs a handler is told, and one that cannot be read. */
import { describe, expect, test } from "vitest";
import { reportOf } from "./report-of.ts";

const byNumber = "install:\n  mov eax, 13 // rt_sigaction\n  syscall\n  ret\n";
const harmless = "pid:\n  mov eax, 39\n  syscall # not 13\n  ret\n";

async function spotsOf(argument: string, text: string): Promise<readonly string[]> {
  const source = `std::arch::global_asm!(${argument});\nextern "C" { fn install(); }\nfn main() { unsafe { install() } }`;
  const report = await reportOf([{ name: "app", text: source }], {}, new Map([["/app/src/a.s", text]]));
  return report.blindSpots.map(({ reason, line }) => `${reason} ${line}`);
}

describe("assembly from files", () => {
  test.each([
    'include_str!("a.s")',
    '".text", include_str!("../src/a.s"), options(raw)',
    'include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/a.s"))',
  ])("%s", async (argument) => {
    expect(await spotsOf(argument, byNumber)).toEqual(["unknown-handler 1"]);
    expect(await spotsOf(argument, "install: jmp sigaction@PLT")).toEqual(["unknown-handler 1"]);
    expect(await spotsOf(argument, harmless)).toEqual([]);
  });
  test("what cannot be read may install", async () => {
    expect(await spotsOf('include_str!("other.s")', harmless)).toEqual(["unknown-handler 1"]);
    expect(await spotsOf('include_str!(concat!(env!("OUT_DIR"), "/a.s"))', harmless)).toEqual(["unknown-handler 1"]);
    expect(await spotsOf('"nop // include_str!(x)"', harmless)).toEqual([]);
  });
  test("an argument without end is looked through once", async () => {
    const started = performance.now();
    await spotsOf(`include_str!(${"{ ".repeat(20_000)}`, harmless);
    await spotsOf(`include_str!(concat!(env!("CARGO_MANIFEST_DIR"), ${" ".repeat(100_000)}`, harmless);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
