/** Output that cannot be written: exit code 2 and one line, never a stack trace; a cache that cannot be written is done without. */
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { expect, test } from "vitest";
import { packageFile } from "../../src/base/package-file.ts";

const full = "/dev/full";
if (!existsSync(full)) console.warn("SKIPPED: there is no /dev/full");

function run(args: readonly string[], stdout: number | "pipe", env: Readonly<Record<string, string>> = {}) {
  const command = ["--import", import.meta.resolve("tsx"), packageFile("src/cli/main.ts"), ...args];
  const stdio: ["ignore", number | "pipe", "pipe"] = ["ignore", stdout, "pipe"];
  const child = spawnSync(process.execPath, command, { stdio, encoding: "utf8", env: { ...process.env, ...env } });
  return { code: child.status, stderr: child.stderr };
}

test.runIf(existsSync(full))("a full disk", { timeout: 300_000 }, () => {
  const disk = openSync(full, "w");
  const { code, stderr } = run(["rules"], disk);
  closeSync(disk);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^error: the output cannot be written: ENOSPC.*\n$/)]);
  const file = run(["report", "--from", "test/report/stored/deadlock.json", "--output", `json=${full}`], "pipe");
  expect([file.code, file.stderr]).toEqual([2, expect.stringMatching(/^error: \/dev\/full cannot be written: ENOSPC/)]);
});

test("a cache directory that is none", { timeout: 300_000 }, () => {
  const args = ["check", "--manifest-path", packageFile("fixtures/deadlock/Cargo.toml"), "--format", "json"];
  const { code, stderr } = run(args, "pipe", { XDG_CACHE_HOME: "/dev/null/x" });
  expect([code, stderr]).toEqual([1, ""]);
});
