/** How the command behaves around its output: progress, links, quiet, and an interrupt that leaves nothing half-written. */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../src/base/package-file.ts";
import { wantsLinks } from "../../src/cli/output.ts";
import { isWatched } from "../../src/cli/progress.ts";
import { withHyperlinks } from "../../src/report/hyperlinks.ts";
import { storedReport } from "../report/stored-reports.ts";
import { runCli } from "../support/run-cli.ts";
import { tempFiles } from "../support/temp-files.ts";

const source =
  'extern "C" { fn signal(a: i32, b: usize) -> usize; }\nextern "C" fn on_tick(_: i32) { println!("x"); }\nfn main() { unsafe { signal(14, on_tick as *const () as usize); } }\n';
const root: string = tempFiles({
  "Cargo.toml": '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n',
  "src/main.rs": source,
});
const check = ["check", "--no-cache", "--target", "x86_64-unknown-linux-gnu"];

describe("progress", () => {
  test("is shown where a person looks, as cargo decides it", () => {
    expect(isWatched({}, true)).toBe(true);
    expect([isWatched({}, false), isWatched({ CI: "true" }, true), isWatched({ TERM: "dumb" }, true)]).toEqual([
      false,
      false,
      false,
    ]);
    expect(isWatched({ CARGO_TERM_PROGRESS_WHEN: "never" }, true)).toBe(false);
    expect(isWatched({ CARGO_TERM_PROGRESS_WHEN: "always", CI: "1" }, false)).toBe(true);
  });

  test("is one line on stderr that is gone at the end; none without a terminal, and none with --quiet", async () => {
    const env = { CARGO_TERM_PROGRESS_WHEN: "always" };
    const shown = await runCli(check, { cwd: root, env });
    expect(shown.code).toBe(1);
    expect(shown.stderr).toMatch(/^\r\u001b\[Kanalysing a@0\.1\.0 for x86_64-unknown-linux-gnu\r\u001b\[K/);
    expect(shown.stderr).toMatch(/(looking for handlers|following calls|handler 1 of 1)/);
    expect(shown.stderr).toMatch(/\r\u001b\[K$/);
    expect(shown.stderr).not.toContain("\n");
    const silent = await runCli(check, { cwd: root });
    expect([silent.stdout, silent.stderr]).toEqual([shown.stdout, ""]);
    expect((await runCli([...check, "-q"], { cwd: root, env })).stderr).toBe("");
  }, 120_000);
});

describe("links", () => {
  const report = storedReport("pprof-0.15.0");

  test("lead to docs.rs for a crate of crates.io, and to the file for one of the workspace", () => {
    const own = { id: "app@0.1.0", source: null, checksum: null, lock: null, root: "my app" };
    const text = "at pprof@0.15.0/src/profiler.rs:300:5 and app@0.1.0/src/main.rs:2, not std@1.95.0/src/x.rs:1";
    const linked = withHyperlinks(text, { ...report, packages: [...report.packages, own] }, "/w");
    const link = (url: string, shown: string): string => `\u001b]8;;${url}\u001b\\${shown}\u001b]8;;\u001b\\`;
    expect(linked).toBe(
      `at ${link("https://docs.rs/crate/pprof/0.15.0/source/src/profiler.rs#300", "pprof@0.15.0/src/profiler.rs:300:5")} and ${link("file:///w/my%20app/src/main.rs", "app@0.1.0/src/main.rs:2")}, not std@1.95.0/src/x.rs:1`,
    );
  });

  test("are made where asked for, and on terminals that show them", () => {
    expect([wantsLinks("always", false, {}), wantsLinks("never", true, {})]).toEqual([true, false]);
    expect([wantsLinks("auto", true, {}), wantsLinks("auto", true, { TERM_PROGRAM: "vscode" })]).toEqual([false, true]);
    expect(wantsLinks("auto", false, { TERM_PROGRAM: "vscode" })).toBe(false);
    expect(wantsLinks("auto", true, { VTE_VERSION: "7600", CI: "true" })).toBe(false);
    expect(wantsLinks("auto", false, { CARGO_TERM_HYPERLINKS: "true" })).toBe(true);
  });
});

/** A program whose analysis takes seconds: on a busy machine a short one is over before it is interrupted. */
function longRun(): string {
  const calls = Array.from({ length: 4000 }, (_, at) => `fn f${at}(n: u8) -> u8 { f${at + 1}(n.wrapping_add(1)) }\n`);
  const handler = 'extern "C" { fn signal(s: i32, h: usize) -> usize; }\nextern "C" fn on_term(_: i32) { f0(1); }\n';
  const main = "fn f4000(n: u8) -> u8 { n }\nfn main() { unsafe { signal(15, on_term as *const () as usize); } }\n";
  return tempFiles({
    "Cargo.toml": '[package]\nname = "long"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/main.rs": `${handler}${calls.join("")}${main}`,
  });
}

test.each([
  ["SIGINT", [130, null]],
  ["SIGTERM", [null, "SIGTERM"]],
  ["SIGHUP", [null, "SIGHUP"]],
] as const)(
  "%s ends the run at once with 130, 143 or 129 to a shell, and leaves neither output nor drafts",
  async (signal, ended) => {
    const out = tempFiles({ "tmp/x": "" });
    const args = [
      ...check,
      "--manifest-path",
      join(longRun(), "Cargo.toml"),
      "-v",
      "--output",
      `json=${join(out, "x.json")}`,
    ];
    const child = spawn(
      process.execPath,
      ["--import", import.meta.resolve("tsx"), packageFile("src/cli/main.ts"), ...args],
      {
        env: { ...process.env, TMPDIR: join(out, "tmp") },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      // In the middle of the analysis, which computes and waits for nothing.
      if (!/looking for handlers|following calls/.test(said)) return;
      // Once: a second one would find nobody who listens any more.
      child.stderr.removeAllListeners("data").resume();
      child.kill(signal);
    });
    let printed = "";
    child.stdout.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
    });
    const end = await new Promise((done) => child.on("close", (...all) => done(all)));
    expect([end, printed]).toEqual([ended, ""]);
    expect(readdirSync(out)).toEqual(["tmp"]);
    expect(readdirSync(join(out, "tmp")).filter((name) => name.startsWith("sigsafe-lint-"))).toEqual([]);
  },
  120_000,
);

test("an interrupt ends what computes without a pause, and whoever listens is told", async () => {
  const script = `import { interruptible } from ${JSON.stringify(packageFile("src/cli/interruptible.ts"))};
import { writeSync } from "node:fs";
process.once("SIGINT", () => { writeSync(1, "told "); process.exit(130); });
process.on("exit", () => writeSync(1, "cleaned"));
writeSync(1, String(interruptible(() => 5)) + " ");
interruptible(() => { for (;;) {} });
`;
  const file = join(tempFiles({ "busy.ts": script }), "busy.ts");
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), file], {
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 60_000,
    killSignal: "SIGKILL",
  });
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
    if (printed === "5 ") setTimeout(() => child.kill("SIGINT"), 200);
  });
  const code = await new Promise((done) => child.on("close", done));
  expect([code, printed]).toEqual([130, "5 told cleaned"]);
}, 120_000);

test("what computes without a pause is ended by other signals too, and afterwards they are heard again", async () => {
  const script = `import { endable } from ${JSON.stringify(packageFile("src/cli/interruptible.ts"))};
import { writeSync } from "node:fs";
process.once("SIGTERM", () => { writeSync(1, "told "); });
process.once("SIGHUP", () => { writeSync(1, "told "); });
setTimeout(() => {}, 1000);
writeSync(1, String(await endable(async () => 5)) + " ");
process.kill(process.pid, "SIGHUP");
await new Promise((done) => setTimeout(done, 100));
writeSync(1, "busy");
await endable(async () => { for (;;) {} });
`;
  const file = join(tempFiles({ "busy.mts": script }), "busy.mts");
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), file], {
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 60_000,
    killSignal: "SIGKILL",
  });
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
    if (printed.endsWith("busy")) setTimeout(() => child.kill("SIGTERM"), 200);
  });
  const end = await new Promise((done) => child.on("close", (...all) => done(all)));
  expect([end, printed]).toEqual([[null, "SIGTERM"], "5 told busy"]);
}, 120_000);
