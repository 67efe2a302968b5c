/** `--each-feature` and `--each-target`: which choices are tried, what the table says of each, and when it fails. */
import { describe, expect, test } from "vitest";
import { runCli } from "../support/run-cli.ts";
import { tempFiles } from "../support/temp-files.ts";

const source = `extern "C" { fn signal(a: i32, b: usize) -> usize; }
extern "C" fn on_tick(_: i32) {
    if cfg!(feature = "loud") { drop(Box::new(1u64)); }
    if cfg!(feature = "narrow") && cfg!(target_pointer_width = "32") { println!("x"); }
}
fn main() { unsafe { signal(14, on_tick as *const () as usize); } }
`;
const manifest =
  '[package]\nname = "tick"\nversion = "0.1.0"\nedition = "2021"\n[features]\ndefault = []\nloud = []\nnarrow = []\n';
const wide = ["--target", "x86_64-unknown-linux-gnu"];
const narrow = ["--target", "i686-unknown-linux-gnu"];

describe("a table of verdicts", () => {
  const root = tempFiles({ "Cargo.toml": manifest, "src/main.rs": source });

  test("has a row for the default features, none, each by itself, and all", async () => {
    const run = await runCli(["--each-feature", ...wide], { cwd: root });
    expect([run.code, run.stderr]).toEqual([1, ""]);
    expect(run.stdout).toBe(
      [
        "features  verdict  because",
        "default   clean",
        "none      clean",
        "loud      unsafe   2 errors (heap-free, heap-allocation)",
        "narrow    clean",
        "all       unsafe   2 errors (heap-free, heap-allocation)",
        "",
      ].join("\n"),
    );
  });

  test("has a row for each target, with the features that are given", async () => {
    const args = ["--each-target", ...wide, ...narrow, "-F", "narrow", "--fail-on", "never", "--format", "json"];
    const run = await runCli(args, { cwd: root });
    expect([run.code, run.stderr]).toEqual([0, ""]);
    const { rows } = JSON.parse(run.stdout);
    expect(rows).toMatchObject([
      {
        target: "i686-unknown-linux-gnu",
        choice: "default + narrow",
        verdict: "unsafe",
        features: ["default", "narrow"],
      },
      { target: "x86_64-unknown-linux-gnu", choice: "default + narrow", verdict: "clean", findings: [], reason: null },
    ]);
  });

  test("says of a choice that makes no program that it was not analysed", async () => {
    const only = `${manifest}[[bin]]\nname = "tick"\npath = "src/main.rs"\nrequired-features = ["narrow"]\n`;
    const bare = tempFiles({ "Cargo.toml": only, "src/main.rs": source });
    const run = await runCli(["--each-feature", "--format", "markdown", ...wide], { cwd: bare });
    expect([run.code, run.stderr]).toEqual([1, ""]);
    const refused = "the selected packages make no program and no library to lint";
    expect(run.stdout).toContain("| features | verdict | because |");
    expect(run.stdout).toContain(`| loud | not analysed | ${refused} |`);
    expect(run.stdout).toContain("| narrow | clean |  |");
  });

  test("has no format of findings, and chooses the features itself", async () => {
    const sarif = await runCli(["--each-target", "--format", "sarif"], { cwd: root });
    expect([sarif.code, sarif.stdout, sarif.stderr]).toEqual([2, "", expect.stringMatching(/has no format `sarif`/)]);
    const all = await runCli(["--each-feature", "--all-features"], { cwd: root });
    expect([all.code, all.stderr]).toEqual([2, expect.stringMatching(/chooses the features itself/)]);
  });
}, 300_000);
