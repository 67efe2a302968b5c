/**
 * `bump` with a real cargo and a dependency of the test's own, in a git repository on this machine: a revision, a feature, an
 * impossible version; and the workspace keeps every byte.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commitFiles } from "../support/git-repository.ts";
import { type CliRun, runCli } from "../support/run-cli.ts";
import { snapshotOf, tempFiles } from "../support/temp-files.ts";

const cargo: boolean = spawnSync("cargo", ["--version"]).status === 0;
if (!cargo) console.warn("SKIPPED: cargo is missing, and `bump` asks it");

function source(body: string): string {
  return `extern "C" { fn signal(a: i32, b: usize) -> usize; }\nextern "C" fn on_tick(_: i32) { ${body} }\npub fn install() { unsafe { signal(14, on_tick as *const () as usize); } }\n`;
}

function manifest(version: string): string {
  return `[package]\nname = "sigsafe-test-tick"\nversion = "${version}"\nedition = "2021"\n[features]\nloud = []\n`;
}

describe.runIf(cargo)("a dependency from git, inherited from the workspace under another name", () => {
  const dep = tempFiles({});
  const loud = 'if cfg!(feature = "loud") { drop(Box::new(1u64)); }';
  const first = commitFiles(dep, { "Cargo.toml": manifest("0.1.0"), "src/lib.rs": source(loud) });
  const second = commitFiles(dep, {
    "Cargo.toml": manifest("0.2.0"),
    "src/lib.rs": source(`drop(Box::new(2u64)); ${loud}`),
  });
  const root = tempFiles({
    "Cargo.toml": `[workspace]\nmembers = ["app"]\nresolver = "2"\n[workspace.dependencies]\ntick = { package = "sigsafe-test-tick", git = "file://${dep}", rev = "${first}" }\n`,
    "app/Cargo.toml":
      '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\ntick = { workspace = true }\n',
    "app/src/main.rs": "fn main() { tick::install(); }\n",
  });
  spawnSync("cargo", ["generate-lockfile", "--manifest-path", join(root, "Cargo.toml")]);
  const before = snapshotOf(root);
  const bump = (...args: readonly string[]): Promise<CliRun> => runCli(["bump", ...args], { cwd: root });

  test("to another revision: new findings, exit 1", async () => {
    const run = await bump("sigsafe-test-tick", "--rev", second, "--format", "json");
    const result = JSON.parse(run.stdout);
    expect([run.code, run.stderr]).toEqual([1, ""]);
    expect(result.packages.changed).toMatchObject([
      { name: "sigsafe-test-tick", before: "sigsafe-test-tick@0.1.0", after: "sigsafe-test-tick@0.2.0" },
    ]);
    expect([result.handlers, result.findings.gone]).toEqual([{ added: [], removed: [], moved: [] }, []]);
    const fresh = result.after.findings.filter((one: { id: string }) => result.findings.new.includes(one.id));
    expect(fresh.map((one: { rule: string }) => one.rule).sort()).toEqual(["heap-allocation", "heap-free"]);
    expect(result.before.findings.filter((one: { level: string }) => one.level === "error")).toEqual([]);
    expect(snapshotOf(root)).toEqual(before);
  });

  test("with a feature, which leaves the lockfile as it was", async () => {
    const run = await bump("sigsafe-test-tick", "-F", "loud");
    expect([run.code, run.stderr]).toEqual([1, ""]);
    expect(run.stdout).toMatch(/packages: none changed[\s\S]*on_tick \(SIGALRM\): clean → unsafe\n {2}new +error/);
    expect((await bump("sigsafe-test-tick", "-F", "loud", "--fail-on", "never")).code).toBe(0);
    expect(snapshotOf(root)).toEqual(before);
  });

  test("--find-safe switches features off where no version helps", async () => {
    const manifestFile = join(root, "Cargo.toml");
    const text = readFileSync(manifestFile, "utf8");
    writeFileSync(manifestFile, text.replace(`rev = "${first}"`, `rev = "${first}", features = ["loud"]`));
    const loud = snapshotOf(root);
    const run = await bump("sigsafe-test-tick", "--find-safe");
    expect([run.code, run.stderr]).toEqual([0, ""]);
    expect(run.stdout).toMatch(
      /^sigsafe-test-tick 0\.1\.0 → 0\.1\.0 without loud is the nearest choice of features without the findings\n/,
    );
    expect(run.stdout).toMatch(/tried 0\.1\.0 without default: 2 findings left[\s\S]*unsafe → clean\n {2}gone +error/);
    expect(snapshotOf(root)).toEqual(loud);
    writeFileSync(manifestFile, text);
  });

  test("to what is not there: exit 2 with cargo's reason, or with ours", async () => {
    const feature = await bump("sigsafe-test-tick", "-F", "quiet");
    expect([feature.code, feature.stdout]).toEqual([2, ""]);
    expect(feature.stderr).toMatch(/cargo cannot make the change: .*\n[\s\S]*\|.*quiet/);
    const version = await bump("sigsafe-test-tick@9.9.9");
    expect([version.code, version.stderr]).toEqual([2, expect.stringMatching(/does not come from a registry/)]);
    const unknown = await bump("sigsafe-test-tock");
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringMatching(/does not depend on/)]);
    expect(snapshotOf(root)).toEqual(before);
  });
});
