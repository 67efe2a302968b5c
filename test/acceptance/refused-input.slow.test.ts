/**
 * What cannot be analysed ends with exit code 2, a sentence that names it, and what to run: never with a stack trace, never with "clean".
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runTool, type ToolRun } from "../../scripts/score/run-tool.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "sigsafe-refused-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): void {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), text);
}

function check(flags: readonly string[], env: Readonly<Record<string, string>> = {}): ToolRun {
  return runTool({ args: ["check", "--manifest-path", path.join(folder, "Cargo.toml"), ...flags], env });
}

function expectRefusal(run: ToolRun, names: readonly (string | RegExp)[]): void {
  expect(run.code).toBe(2);
  const text = run.stdout + run.stderr;
  for (const name of names) expect(text).toMatch(name);
  expect(text).not.toMatch(/^\s+at .*\.ts:\d+/m);
  expect(text).not.toMatch(/\bclean\b|this is a defect/);
}

const manifest = '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[workspace]\n';
const dependency = '[dependencies]\nsignalbool = "=0.2.5"\n';
const lock = `version = 4

[[package]]
name = "app"
version = "0.1.0"
dependencies = [
 "signalbool",
]

[[package]]
name = "signalbool"
version = "0.2.5"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "0000000000000000000000000000000000000000000000000000000000000000"
`;

describe("input that cannot be analysed", () => {
  it("a registry source that is not there", () => {
    write("Cargo.toml", manifest + dependency);
    write("src/main.rs", "fn main() {}\n");
    write("Cargo.lock", lock);
    write("home/config.toml", "");
    const run = check(["--offline"], { CARGO_HOME: path.join(folder, "home") });
    expectRefusal(run, ["signalbool", /cargo fetch/]);
  });
  it("a Cargo.toml that is none", () => {
    write("Cargo.toml", "[package\nname = 3\n");
    write("src/main.rs", "fn main() {}\n");
    expectRefusal(check([]), [/Cargo\.toml/]);
  });
  it("no Cargo.lock, with --locked", () => {
    write("Cargo.toml", manifest + dependency);
    write("src/main.rs", "fn main() {}\n");
    expectRefusal(check(["--locked"]), [
      /Cargo\.lock|lock file/,
      /cargo generate-lockfile|without --locked|cargo update/,
    ]);
  });
});
