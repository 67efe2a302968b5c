/**
 * `diff` on a repository of one path crate: nothing changed, something new, something old, a stored report, a base without
 * the workspace. Needs git; nothing of the repository is changed.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commitFiles, git } from "../support/git-repository.ts";
import { type CliRun, runCli } from "../support/run-cli.ts";
import { snapshotOf, tempFiles } from "../support/temp-files.ts";

const present: boolean = spawnSync("git", ["--version"]).status === 0;
if (!present) console.warn("SKIPPED: git is missing");

function source(body: string): string {
  return `extern "C" { fn signal(a: i32, b: usize) -> usize; }\nextern "C" fn on_tick(_: i32) { ${body} }\nfn main() { unsafe { signal(14, on_tick as *const () as usize); } }\n`;
}

const manifest =
  '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n[features]\nloud = []\ndefault = []\n# end\n';
const loud = 'if cfg!(feature = "loud") { drop(Box::new(1u8)); }';

describe.runIf(present)(
  "diff",
  () => {
    const root = tempFiles({});
    const start = commitFiles(root, { "README.md": "" });
    commitFiles(root, { "app/Cargo.toml": manifest, "app/src/main.rs": source(loud) });
    const diff = (...args: readonly string[]): Promise<CliRun> =>
      runCli(["diff", ...args], {
        cwd: join(root, "app"),
        env: { GITHUB_ACTIONS: undefined, GITHUB_BASE_REF: undefined, CI_MERGE_REQUEST_DIFF_BASE_SHA: undefined },
      });

    test("analyses nothing where nothing that decides a verdict changed", async () => {
      writeFileSync(join(root, "README.md"), "other");
      const run = await diff("--base", "HEAD");
      expect([run.code, run.stderr]).toEqual([0, ""]);
      expect(run.stdout).toMatch(/nothing that decides a verdict changed/);
    });

    test("fails where a feature was switched on, though no lockfile changed; not where it is in the base", async () => {
      writeFileSync(join(root, "app/Cargo.toml"), manifest.replace("default = []", 'default = ["loud"]'));
      const before = snapshotOf(root);
      const run = await diff(
        "--base",
        "HEAD",
        "--output",
        `json=${join(tempFiles({}), "x.json")}`,
        "--output",
        "text=-",
      );
      expect([run.code, run.stderr]).toEqual([1, ""]);
      expect(run.stdout).toMatch(/changed: app\/Cargo\.toml[\s\S]*a::on_tick \(SIGALRM\): clean → unsafe\n {2}new/);
      expect(snapshotOf(root)).toEqual(before);
      git(root, "commit", "-q", "-a", "-m", "loud");
      writeFileSync(join(root, "app/Cargo.toml"), `${manifest.replace("default = []", 'default = ["loud"]')}# more\n`);
      const again = await diff("--base", "HEAD", "--format", "json");
      const { findings } = JSON.parse(again.stdout);
      expect([again.code, findings.new, findings.gone, findings.same.length > 0]).toEqual([0, [], [], true]);
    });

    test("against a stored report, and against a base without the workspace", async () => {
      const stored = join(tempFiles({}), "base.json");
      await runCli(["check", "--output", `json=${stored}`, "--fail-on", "never"], { cwd: join(root, "app") });
      const same = await diff("--base", stored);
      expect([same.code, same.stdout]).toEqual([
        0,
        expect.stringMatching(/against base\.json[\s\S]*findings: 0 new, 0 gone/),
      ]);
      const all = await diff("--base", start);
      expect([all.code, all.stdout]).toEqual([
        1,
        expect.stringMatching(/everything is new[\s\S]*a::on_tick \(SIGALRM\) is a new handler: unsafe/),
      ]);
    });

    test("refuses what is no revision, and a directory without a repository", async () => {
      const flag = await diff("--base=--output=x");
      expect([flag.code, flag.stdout, flag.stderr]).toEqual([2, "", expect.stringMatching(/is no revision/)]);
      const gone = await diff("--base", "no-such-branch");
      expect([gone.code, gone.stderr]).toEqual([
        2,
        expect.stringMatching(/`no-such-branch` is not in this repository/),
      ]);
      const bare = tempFiles({ "Cargo.toml": manifest, "src/main.rs": source("") });
      const none = await runCli(["diff"], { cwd: bare });
      expect([none.code, none.stderr]).toEqual([2, expect.stringMatching(/not in a git repository[\s\S]*--base FILE/)]);
    });
  },
  300_000,
);

describe.runIf(present)(
  "several workspaces in one repository",
  () => {
    const root = tempFiles({});
    const own = (name: string): string => `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n`;
    const lock = (name: string): string => `version = 4\n\n[[package]]\nname = "${name}"\nversion = "0.1.0"\n`;
    commitFiles(root, {
      "one/Cargo.toml": own("one"),
      "one/Cargo.lock": lock("one"),
      "one/src/main.rs": source(""),
      "two/Cargo.toml": own("two"),
      "two/Cargo.lock": lock("two"),
      "two/src/main.rs": source(""),
    });
    writeFileSync(join(root, "two/src/main.rs"), source("drop(Box::new(1u8));"));
    const diff = (cwd: string, ...args: readonly string[]): Promise<CliRun> =>
      runCli(["diff", "--base", "HEAD", ...args], { cwd: join(root, cwd) });

    test("each is looked at where none is here, and only what concerns it counts", async () => {
      const run = await diff("", "--format", "text");
      expect([run.code, run.stderr]).toEqual([1, ""]);
      expect(run.stdout).toMatch(/^one: the work tree against[\s\S]*nothing that decides a verdict changed/);
      expect(run.stdout).toMatch(
        /\ntwo: the work tree against[\s\S]*new +error\[heap-allocation\].*\n +by two\/src\/main\.rs:2: this line changed/,
      );
      const first = await diff("one");
      expect([first.code, first.stdout]).toEqual([0, expect.stringMatching(/nothing was analysed/)]);
      const all = await diff("one", "--each-lockfile", "--format", "json");
      expect(JSON.parse(all.stdout).workspaces.map((one: { title: string }) => one.title.split(":")[0])).toEqual([
        ".",
        "../two",
      ]);
    });

    test("make a run each in SARIF, with a category of its own, and no page", async () => {
      const run = await diff("", "--format", "sarif");
      const { runs } = JSON.parse(run.stdout);
      expect(runs.map((one: { results: unknown[] }) => one.results.length > 0)).toEqual([false, true]);
      const ids = runs.map((one: { automationDetails: { id: string } }) => one.automationDetails.id);
      expect(ids[1]).toMatch(/^sigsafe-lint\/changes\/two\//);
      expect(new Set(ids).size).toBe(2);
      const page = await diff("", "--format", "html");
      expect([page.code, page.stderr]).toEqual([2, expect.stringMatching(/html is for one workspace, and here are 2/)]);
    });
  },
  300_000,
);

test.runIf(present)("what a comment of the change allows is told, in every format", { timeout: 300_000 }, async () => {
  const root = tempFiles({});
  commitFiles(root, { "Cargo.toml": manifest, "src/main.rs": source("") });
  const said = "\n// sigsafe: allow(heap-allocation, heap-free) it is fine\ndrop(Box::new(1u8));";
  writeFileSync(join(root, "src/main.rs"), source(said));
  const text = await runCli(["diff", "--base", "HEAD"], { cwd: root });
  expect(text.stdout).toMatch(/note: newly allowed by src\/main\.rs:3: error\[heap-allocation\].*: it is fine/);
  const github = await runCli(["diff", "--base", "HEAD", "--format", "github"], { cwd: root });
  expect(github.stdout).toMatch(/^::warning title=sigsafe-lint::newly allowed by src\/main\.rs:3/m);
});
