/**
 * Places that cannot be written, or are written by others too. Output: exit code 2 and one line, never a stack trace, and nothing half-written; a cache is
 * done without.
 */
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { packageFile } from "../../src/base/package-file.ts";
import { openScratch } from "../../src/crates/scratch.ts";
import { runCli } from "../support/run-cli.ts";
import { tempFiles } from "../support/temp-files.ts";

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

test("a link of the repository that leads out of it, or into .git", { timeout: 300_000 }, async () => {
  const away = tempFiles({ "own.txt": "mine" });
  const there = tempFiles({
    ".git/config": "theirs",
    "report.json": readFileSync("test/report/stored/deadlock.json", "utf8"),
  });
  symlinkSync(join(away, "own.txt"), join(there, "out.json"));
  symlinkSync(".git/config", join(there, "git.json"));
  symlinkSync("report.json", join(there, "in.json"));
  const write = (file: string) =>
    runCli(["report", "--from", "report.json", "--output", `json=${file}`], { cwd: there });
  for (const file of ["out.json", join(there, "git.json")])
    expect(await write(file)).toMatchObject({ code: 2, stderr: expect.stringMatching(/leads out of it/) });
  expect([readFileSync(join(away, "own.txt"), "utf8"), readFileSync(join(there, ".git/config"), "utf8")]).toEqual([
    "mine",
    "theirs",
  ]);
  expect((await write("in.json")).stderr).toBe("");
});

test("no directory for temporary files", () => {
  for (const name of ["TMPDIR", "HOME"]) vi.stubEnv(name, "/dev/null/x");
  expect(() => openScratch(null)).toThrow("there is no directory for temporary files");
  vi.unstubAllEnvs();
});

test("a cache directory that is none", { timeout: 300_000 }, () => {
  const args = ["check", "--manifest-path", packageFile("fixtures/deadlock/Cargo.toml"), "--format", "json"];
  const { code, stderr } = run(args, "pipe", { XDG_CACHE_HOME: "/dev/null/x" });
  expect([code, stderr]).toEqual([1, ""]);
});

const workspace = tempFiles({
  "Cargo.toml": '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n',
  "src/main.rs":
    'extern "C" { fn signal(a: i32, b: usize) -> usize; }\nextern "C" fn on_tick(_: i32) { println!("x"); }\nfn main() { unsafe { signal(14, on_tick as *const () as usize); } }\n',
});
const check = ["check", "--manifest-path", join(workspace, "Cargo.toml"), "--target", "x86_64-unknown-linux-gnu"];

const mounts: boolean =
  spawnSync("unshare", ["-rm", "sh", "-c", 'mount -t tmpfs none "$1"', "sh", tempFiles({})]).status === 0;
if (!mounts) console.warn("SKIPPED: nothing can be mounted here, so no disk is full or read-only");

/** Runs the command with a file system of its own at a directory, then prints what lies there. */
function onDisk(options: string, directory: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const script =
    'mount -t tmpfs -o "$1" none "$2" && shift 2 || exit 9; "$@"; echo "code $?"; ls -A1 "$DISK" "$DISK"/*/';
  const command = [process.execPath, "--import", import.meta.resolve("tsx"), packageFile("src/cli/main.ts"), ...args];
  const child = spawnSync("unshare", ["-rm", "sh", "-c", script, "sh", options, directory, ...command], {
    encoding: "utf8",
    env: { ...process.env, XDG_CACHE_HOME: "/dev/null", DISK: directory, ...env },
  });
  const [output = "", rest = ""] = child.stdout.split("code ");
  const left = rest.split("\n").filter((line) => line !== "" && !line.endsWith(":"));
  return { code: Number(left[0]), output, stderr: child.stderr.replace(/^ls: .*\n/gm, ""), left: left.slice(1) };
}

describe.runIf(mounts)("a file system of its own", { timeout: 300_000 }, () => {
  const said = /^error: \S+x\.json cannot be written: (?:ENOSPC|EROFS)[^\n]*\n {2}= help: [^\n]*\n$/;
  test.each([
    ["full", "size=4k,mode=700", "nr_inodes=2"],
    ["read-only", "ro", "ro"],
  ])("that is %s", (_, options, forCache) => {
    const directory = tempFiles({});
    const file = onDisk(options, directory, [...check, "--output", `json=${join(directory, "x.json")}`], {});
    expect([file.code, file.stderr, file.left]).toEqual([2, expect.stringMatching(said), []]);
    const kept = onDisk(forCache, directory, [...check, "--format", "json"], { XDG_CACHE_HOME: directory });
    expect([kept.code, kept.stderr]).toEqual([1, ""]);
    expect(JSON.parse(kept.output).findings).not.toEqual([]);
    expect(kept.left.filter((name) => name !== "sigsafe-lint")).toEqual([]);
  });
});

test("runs at once with one cache print the same, and leave whole entries", { timeout: 300_000 }, async () => {
  const directory = tempFiles({});
  const args = [...check, "--format", "json"];
  const env = { XDG_CACHE_HOME: directory };
  const runs = await Promise.all([1, 2, 3].map(() => runCli(args, { env })));
  const after = await runCli([...args, "-v"], { env });
  for (const one of [...runs, after]) expect([one.code, one.stdout]).toEqual([1, runs[0]?.stdout]);
  expect(after.stderr).not.toContain("analysing ");
  const names = readdirSync(join(directory, "sigsafe-lint"));
  expect(names.map((name) => name.replace(/^[0-9a-f]+/, ""))).toEqual([".entry"]);
});
