/** Assembly in files of its own, named from a module that declares nothing else. */
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Report } from "../../src/safety/report-model.ts";
import { runCli } from "../support/run-cli.ts";
import { tempFiles } from "../support/temp-files.ts";

test("a handler that a file of assembly installs is told where it is included", async () => {
  const root = tempFiles({
    "Cargo.toml": '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/main.rs": 'mod install; mod other; extern "C" { fn install(); } fn main() { unsafe { install() } }',
    "src/install.rs": 'core::arch::global_asm!(include_str!("../asm/install.s"));',
    "src/other.rs": 'core::arch::global_asm!(include_str!("../asm/other.s"));',
    "asm/install.s": "install:\n  mov eax, 13\n  syscall\n  ret\n",
    "asm/other.s": "other:\n  mov eax, 39 # not 13\n  syscall\n  ret\n",
  });
  const run = await runCli(["check", "--manifest-path", join(root, "Cargo.toml"), "--no-cache", "--format", "json"]);
  const report = JSON.parse(run.stdout) as Report;
  expect(report.blindSpots.map(({ reason, file, line }) => [reason, file, line])).toEqual([
    ["unknown-handler", "src/install.rs", 1],
  ]);
  expect(report.programs[0]?.verdict).toBe("incomplete");
}, 180_000);
