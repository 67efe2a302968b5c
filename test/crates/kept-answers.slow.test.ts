/** Kept answers with a real cargo: the second run starts none, says the same, and asks again once a feature is switched on. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../support/run-cli.ts";
import { tempFiles } from "../support/temp-files.ts";

const found = spawnSync("sh", ["-c", "command -v cargo"], { encoding: "utf8" }).stdout.trim();
if (found === "") console.warn("SKIPPED: cargo is missing, so nothing of it can be kept");

const manifest = '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\nlibc = "=0.2.155"\n';
const source =
  "extern fn on_term(_: i32) {}\nfn main() { unsafe { libc::signal(libc::SIGTERM, on_term as *const () as usize) }; }\n";

test.runIf(found !== "")("a second run starts no cargo", async () => {
  const top = tempFiles({
    "ws/Cargo.toml": manifest,
    "ws/src/main.rs": source,
    "cache/none": "",
    "bin/cargo": `#!/bin/sh\necho "$1" >> "$(dirname "$0")/asked"\nexec ${found} "$@"\n`,
  });
  const root = join(top, "ws");
  chmodSync(join(top, "bin/cargo"), 0o755);
  const locked = spawnSync("cargo", ["generate-lockfile"], { cwd: root });
  expect(locked.status).toBe(0);
  const env = { ...process.env, XDG_CACHE_HOME: join(top, "cache"), SIGSAFE_CARGO: join(top, "bin/cargo") };
  const run = async (...flags: string[]): Promise<{ readonly out: string; readonly asked: string[] }> => {
    const log = join(top, "bin/asked");
    rmSync(log, { force: true });
    const { stdout, stderr, code } = await runCli(["check", "--format", "json", ...flags], { cwd: root, env });
    expect([code, stderr]).toEqual([0, ""]);
    return { out: stdout, asked: existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [] };
  };
  const first = await run();
  expect(first.asked).toEqual(["metadata", "tree"]);
  expect(await run()).toEqual({ out: first.out, asked: [] });
  expect(await run("--no-cache")).toEqual(first);
  expect(first.out).toContain("app::on_term");
  writeFileSync(join(root, "Cargo.toml"), `${manifest}rustc-std-workspace-core = { version = "1", optional = true }\n`);
  const changed = await run();
  expect(changed.asked).toContain("metadata");
});
