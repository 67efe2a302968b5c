/** The command line itself: usage errors, exit codes, the small verbs, colours; everything that needs no analysis. */
import { spawn } from "node:child_process";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../src/base/package-file.ts";
import { exitCodeOf, wantsColour } from "../../src/cli/output.ts";
import type { OutputFlags } from "../../src/cli/run-options.ts";
import type { Report } from "../../src/safety/report-model.ts";
import { runCli } from "../support/run-cli.ts";
import { tempFiles } from "../support/temp-files.ts";

describe("usage", () => {
  test("errors end with 2 and say what is wrong, on stderr", async () => {
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [["check", "--no-such-flag"], /unknown option '--no-such-flag'/],
      [["check", "--format", "xml"], /xml/],
      [["check", "--max-blind-spots", "many"], /number/],
      [["crate"], /missing required argument/],
      [["explain", "no-such-rule"], /no rule named `no-such-rule`/],
    ];
    for (const [args, message] of cases) {
      const run = await runCli(args);
      expect([args, run.code, run.stdout]).toEqual([args, 2, ""]);
      expect(run.stderr).toMatch(message);
      expect(run.stderr).not.toMatch(/\n {4}at /);
    }
  }, 60_000);

  test("help and version end with 0", async () => {
    const help = await runCli(["--help"]);
    expect([help.code, help.stderr]).toEqual([0, ""]);
    expect(help.stdout).toMatch(/check.*crate.*graph.*explain.*rules/s);
    const version = await runCli(["--version"]);
    expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^sigsafe-lint \d+\.\d+\.\d+\n$/) });
  }, 60_000);

  test("every rule that `rules` lists can be explained", async () => {
    const rules = await runCli(["rules"]);
    expect(rules.code).toBe(0);
    const names = rules.stdout.split("\n").flatMap((line) => /^[\w-]+/.exec(line)?.[0] ?? []);
    expect(names).toContain("heap-allocation");
    const one = await runCli(["explain", "lazy-init"]);
    expect(one.stdout).toMatch(/^lazy-init \(.*What to do:/s);
  }, 60_000);

  test.each([
    ["pthread_getname_np", /^pthread_getname_np: unlisted .*\/proc\/self\/task.*Instead: .*PR_GET_NAME.*From: /s],
    ["libc::open64", /^open64: listed .*The same as `open`\..*It sets errno when it fails/s],
    ["SYS_futex", /^SYS_futex: .*lock-wait.*With argument 2/s],
    ["Vec::push", /^alloc::vec::Vec::push\n {2}heap-allocation \(alloc\), grow: .*Instead: .*From: std-src:/s],
    ["std::sync::Mutex::lock", /^std::sync::poison::Mutex::lock\n {2}lock-wait/],
    ["new", /^\d+ functions are named so/],
  ])(
    "explain %s",
    async (name, said) => {
      const run = await runCli(["explain", name]);
      expect([run.code, run.stderr]).toEqual([0, ""]);
      expect(run.stdout).toMatch(said);
    },
    60_000,
  );
});

test("a closed pipe is not an error", async () => {
  const child = spawn(
    process.execPath,
    ["--import", import.meta.resolve("tsx"), packageFile("src/cli/main.ts"), "rules"],
    {
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  child.stdout.destroy();
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const code = await new Promise((done) => child.on("close", done));
  expect([code, said]).toEqual([0, ""]);
}, 60_000);

describe("what cannot be analysed ends with 2, names a file and a way out, and shows no stack trace", () => {
  const manifest = '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n';
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[], RegExp])[] = [
    ["no workspace", {}, [], /no Cargo\.toml.*= help: /s],
    ["a broken Cargo.toml", { "Cargo.toml": "[package\n" }, [], /--> .*Cargo\.toml:1/s],
    [
      "no Cargo.lock with --locked",
      { "Cargo.toml": manifest, "src/lib.rs": "" },
      ["--locked"],
      /no Cargo\.lock.*= help: run `cargo generate-lockfile`/s,
    ],
    [
      "a missing path dependency",
      { "Cargo.toml": `${manifest}[dependencies]\nb = { path = "b" }\n`, "src/lib.rs": "" },
      [],
      /path dependency `b`.*Cargo\.toml/s,
    ],
    ["missing sources", { "Cargo.toml": manifest }, [], /no library and no program.*= help: /s],
    ["stored metadata that is none", { "meta.json": "{" }, ["--metadata-path", "meta.json"], /meta\.json/],
  ];
  for (const [name, files, args, message] of cases) {
    test(name, async () => {
      const run = await runCli(["check", ...args], { cwd: tempFiles(files) });
      expect([run.code, run.stdout]).toEqual([2, ""]);
      expect(run.stderr).toMatch(/^error: /);
      expect(run.stderr).toMatch(message);
      expect(run.stderr).not.toMatch(/\n {4}at |clean/);
    }, 60_000);
  }
});

describe("the exit code", () => {
  const report = (levels: readonly string[], blind = 0): Report =>
    ({
      findings: levels.map((level) => ({ level, suppressed: null })),
      blindSpots: Array.from({ length: blind }, () => ({})),
      problems: [],
    }) as unknown as Report;
  const flags = (more: Partial<OutputFlags>): OutputFlags => ({
    format: "text",
    output: [],
    failOn: "error",
    color: "auto",
    hyperlinks: "auto",
    ...more,
  });

  test("is 1 at or above --fail-on", () => {
    expect(exitCodeOf(report(["warning", "note"]), flags({}))).toBe(0);
    expect(exitCodeOf(report(["error"]), flags({}))).toBe(1);
    expect(exitCodeOf(report(["warning"]), flags({ failOn: "warning" }))).toBe(1);
    expect(exitCodeOf(report(["note"]), flags({ failOn: "note" }))).toBe(1);
    expect(exitCodeOf(report(["error"]), flags({ failOn: "never" }))).toBe(0);
  });

  test("a suppressed finding does not count", () => {
    const one = {
      findings: [{ level: "error", suppressed: { reason: "" } }],
      blindSpots: [],
      problems: [],
    } as unknown as Report;
    expect(exitCodeOf(one, flags({}))).toBe(0);
  });

  test("is 1 where a claim in a source does not hold, unless nothing is to fail", () => {
    const wrong = { findings: [], blindSpots: [], problems: [{ level: "error" }] } as unknown as Report;
    expect(exitCodeOf(wrong, flags({}))).toBe(1);
    expect(exitCodeOf(wrong, flags({ failOn: "never" }))).toBe(0);
  });

  test("is 1 with more blind spots than allowed", () => {
    expect(exitCodeOf(report([], 3), flags({}))).toBe(0);
    expect(exitCodeOf(report([], 3), flags({ maxBlindSpots: 3 }))).toBe(0);
    expect(exitCodeOf(report([], 3), flags({ maxBlindSpots: 2 }))).toBe(1);
  });
});

test("colours: the flag, then NO_COLOR, CLICOLOR_FORCE, CARGO_TERM_COLOR, then the terminal", () => {
  const cases: readonly (readonly [Readonly<Record<string, string>>, boolean, boolean])[] = [
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: "1" }, true, false],
    [{ NO_COLOR: "" }, true, true],
    [{ CLICOLOR_FORCE: "1" }, false, true],
    [{ CLICOLOR_FORCE: "0" }, false, false],
    [{ CARGO_TERM_COLOR: "never" }, true, false],
    [{ CARGO_TERM_COLOR: "always" }, false, true],
    [{ TERM: "dumb" }, true, false],
  ];
  const before = { ...process.env };
  try {
    for (const [env, terminal, wanted] of cases) {
      for (const name of ["NO_COLOR", "CLICOLOR_FORCE", "CARGO_TERM_COLOR", "FORCE_COLOR"]) delete process.env[name];
      Object.assign(process.env, { TERM: "xterm" }, env);
      expect([env, terminal, wantsColour("auto", terminal)]).toEqual([env, terminal, wanted]);
      expect(wantsColour("always", terminal)).toBe(true);
      expect(wantsColour("never", terminal)).toBe(false);
    }
  } finally {
    process.env = before;
  }
});
