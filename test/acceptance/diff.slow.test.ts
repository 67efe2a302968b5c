/**
 * `diff` with a real cargo: a git dependency's revision, and the feature that the tool was made for, switched on while Cargo.lock keeps
 * every byte. What is new stands, in SARIF, on the changed line; the work tree keeps every byte.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lineHashes } from "../../src/base/line-hash.ts";
import { commitFiles } from "../support/git-repository.ts";
import { githubCheck, multitool, multitoolVerdicts, schemaErrors } from "../support/referees.ts";
import { runCli } from "../support/run-cli.ts";
import { snapshotOf, tempFiles } from "../support/temp-files.ts";
import { online } from "./published.ts";

const cargo: boolean = spawnSync("cargo", ["--version"]).status === 0;
if (!cargo) console.warn("SKIPPED: cargo is missing");
if (!online) console.warn("SKIPPED: crates.io does not answer");
const program: string | null = multitool();
const github: ReturnType<typeof githubCheck> = githubCheck();

interface Placed {
  readonly rule: string;
  readonly level: string;
  readonly uri: string;
  readonly line: number;
}

/** The gate against HEAD, and where its results stand; the log is held against everybody who judges SARIF. */
async function gate(
  root: string,
): Promise<{ readonly code: number | null; readonly text: string; readonly placed: readonly Placed[] }> {
  const before = snapshotOf(root);
  const out = join(tempFiles({}), "x.sarif");
  const target = ["--target", "x86_64-unknown-linux-gnu"];
  const run = await runCli(
    ["diff", "--base", "HEAD", "--locked", ...target, "--output", `sarif=${out}`, "--output", "text=-"],
    { cwd: root },
  );
  expect(run.stderr).toBe("");
  expect(snapshotOf(root)).toEqual(before);
  const text = readFileSync(out, "utf8");
  const log = JSON.parse(text);
  expect(schemaErrors(log)).toEqual([]);
  if (github !== null) expect(github(log)).toEqual([]);
  if (program !== null) expect(multitoolVerdicts(program, { diff: text })).toEqual([]);
  const placed = log.runs[0].results.map((one: never): Placed => {
    const { ruleId, level, locations, partialFingerprints } = one as {
      ruleId: string;
      level: string;
      locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }[];
      partialFingerprints: Record<string, string>;
    };
    const { artifactLocation, region } = locations[0]?.physicalLocation ?? {
      artifactLocation: { uri: "" },
      region: { startLine: 0 },
    };
    const file = readFileSync(join(root, artifactLocation.uri), "utf8");
    expect(partialFingerprints["primaryLocationLineHash"]).toBe(lineHashes(file, [region.startLine])[0]);
    return { rule: ruleId, level, uri: artifactLocation.uri, line: region.startLine };
  });
  return { code: run.code, text: run.stdout, placed };
}

function lineOf(root: string, file: string, text: string): number {
  return (
    readFileSync(join(root, file), "utf8")
      .split("\n")
      .findIndex((line) => line.includes(text)) + 1
  );
}

describe.runIf(cargo)("a git dependency's revision", () => {
  const source = (body: string): string =>
    `extern "C" { fn signal(a: i32, b: usize) -> usize; }\nextern "C" fn on_tick(_: i32) { ${body} }\npub fn install() { unsafe { signal(14, on_tick as *const () as usize); } }\n`;
  const dep = tempFiles({});
  const tick = '[package]\nname = "sigsafe-test-tick"\nversion = "0.1.0"\nedition = "2021"\n';
  const first = commitFiles(dep, { "Cargo.toml": tick, "src/lib.rs": source("") });
  const second = commitFiles(dep, { "src/lib.rs": source("drop(Box::new(2u64));") });

  test("is told on the source line of Cargo.lock", async () => {
    const app = (rev: string): string =>
      `[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\nsigsafe-test-tick = { git = "file://${dep}", rev = "${rev}" }\n`;
    const root = tempFiles({
      "Cargo.toml": app(first),
      "src/main.rs": "fn main() { sigsafe_test_tick::install(); }\n",
    });
    const lock = (): unknown => spawnSync("cargo", ["generate-lockfile", "--manifest-path", join(root, "Cargo.toml")]);
    lock();
    commitFiles(root, {});
    writeFileSync(join(root, "Cargo.toml"), app(second));
    lock();
    const { code, text, placed } = await gate(root);
    expect([code, text]).toEqual([
      1,
      expect.stringMatching(/by Cargo\.lock:\d+: sigsafe-test-tick comes from another source/),
    ]);
    const line = lineOf(root, "Cargo.lock", `source = "git+file://${dep}`);
    expect(new Set(placed.map((one) => `${one.uri}:${one.line}`))).toEqual(new Set([`Cargo.lock:${line}`]));
    expect(placed.map((one) => one.rule)).toContain("heap-allocation");
  });
});

describe.runIf(online)("the framehop feature, with an unchanged lockfile", { timeout: 1_800_000 }, () => {
  test("fails, on the line that switches it on", async () => {
    const manifest = (on: string): string => `[package]
name = "app"
version = "0.1.0"
edition = "2021"
[features]
default = [${on}]
profiling = ["pprof/framehop-unwinder"]
[dependencies]
pprof = { version = "=0.15.0", default-features = false }
`;
    const main = "fn main() { let _guard = pprof::ProfilerGuardBuilder::default().build().unwrap(); }\n";
    const root = tempFiles({ "Cargo.toml": manifest(""), "src/main.rs": main });
    spawnSync("cargo", ["generate-lockfile", "--manifest-path", join(root, "Cargo.toml")]);
    commitFiles(root, {});
    writeFileSync(join(root, "Cargo.toml"), manifest('"profiling"'));
    const { code, text, placed } = await gate(root);
    expect([code, text]).toEqual([1, expect.stringMatching(/changed: Cargo\.toml\n/)]);
    const line = lineOf(root, "Cargo.toml", "default = [");
    expect(placed.filter((one) => one.level === "error")).toEqual([
      { rule: "lazy-init", level: "error", uri: "Cargo.toml", line },
    ]);
    expect(text).toMatch(/suspect → unsafe\n {2}new +error\[lazy-init\]/);
  });
});
