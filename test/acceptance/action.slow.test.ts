/**
 * The script of action.yml, run by bash as GitHub's runner does, with an `npx` that starts this program from its sources: its outputs
 * for `check` and `diff`, for findings, none, and what cannot be analysed.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../src/base/package-file.ts";
import { commitFiles } from "../support/git-repository.ts";
import { tempFiles } from "../support/temp-files.ts";

const present: boolean = ["bash", "git"].every((one) => spawnSync(one, ["--version"]).status === 0);
if (!present) console.warn("SKIPPED: bash or git is missing");

const manifest = '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n';

function source(body: string): string {
  return `extern "C" { fn signal(a: i32, b: usize) -> usize; }\nextern "C" fn on_tick(_: i32) { ${body} }\nfn main() { unsafe { signal(14, on_tick as *const () as usize); } }\n`;
}

/** The first script of the action, without its indentation. */
function script(): string {
  const text = readFileSync(packageFile("action.yml"), "utf8");
  const block = /run: \|\n((?: {8}.*\n|\n)+)/u.exec(text)?.[1] ?? "";
  return block.replaceAll(/^ {8}/gmu, "");
}

function runAction(cwd: string, inputs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const tsx = import.meta.resolve("tsx");
  const tool = `exec ${process.execPath} --import ${tsx} ${packageFile("src/cli/main.ts")} "$@"`;
  const scratch = tempFiles({ "bin/npx": `#!/bin/sh\nshift 2\n${tool}\n`, "action.sh": script(), output: "" });
  chmodSync(join(scratch, "bin/npx"), 0o755);
  const none = { BASE: "", FAIL_ON: "", TARGETS: "", FEATURES: "", ARGS: "", VERSION: "0.0.0" };
  const files = { RUNNER_TEMP: scratch, GITHUB_OUTPUT: join(scratch, "output"), GITHUB_STEP_SUMMARY: "" };
  const run = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", join(scratch, "action.sh")], {
    cwd,
    env: { ...process.env, ...none, ...files, ...inputs, PATH: `${join(scratch, "bin")}:${process.env["PATH"]}` },
  });
  expect([run.status, run.stderr.toString().match(/unbound|syntax/)]).toEqual([0, null]);
  const lines = readFileSync(join(scratch, "output"), "utf8").trim().split("\n");
  const outputs = Object.fromEntries(lines.map((line) => line.split(/=(.*)/su).slice(0, 2)));
  const sarif = outputs["sarif-file"] ?? "";
  if (sarif !== "" && !sarif.endsWith(".sarif")) outputs["logs"] = readdirSync(sarif).sort().join(" ");
  else if (sarif !== "") outputs["results"] = String(JSON.parse(readFileSync(sarif, "utf8")).runs[0].results.length);
  return { ...outputs, "json-there": String(existsSync(outputs["json-file"] ?? "")) };
}

describe.runIf(present)("the action's script", () => {
  const root = tempFiles({});
  commitFiles(root, { "Cargo.toml": manifest, "src/main.rs": source("drop(Box::new(1u8));") });

  test("gives all findings for check, and what is new for diff with everything in its SARIF", () => {
    const check = runAction(root, { COMMAND: "check", ARGS: "--locked\n--no-default-features" });
    expect(check).toMatchObject({ "exit-code": "2", findings: "", "sarif-file": "" });
    const all = runAction(root, { COMMAND: "check", FAIL_ON: "error" });
    expect(all).toMatchObject({ "exit-code": "1", "json-there": "true" });
    expect(Number(all["findings"])).toBeGreaterThan(1);
    expect(all["results"]).toBe(all["findings"]);
    writeFileSync(join(root, "src/main.rs"), `${source("drop(Box::new(1u8));")}// more\n`);
    const diff = runAction(root, { COMMAND: "diff", BASE: "HEAD" });
    expect(diff).toMatchObject({ "exit-code": "0", findings: "0", results: all["results"] });
  });

  test("gives a log for each workspace where there are several", () => {
    const many = tempFiles({});
    const lock = 'version = 4\n\n[[package]]\nname = "a"\nversion = "0.1.0"\n';
    const one = { "Cargo.toml": manifest, "Cargo.lock": lock, "src/main.rs": source("") };
    const files = ["x", "y"].flatMap((name) => Object.entries(one).map(([file, text]) => [`${name}/${file}`, text]));
    commitFiles(many, Object.fromEntries(files));
    for (const name of ["x", "y"]) writeFileSync(join(many, name, "src/main.rs"), source("drop(Box::new(1u8));"));
    const diff = runAction(many, { COMMAND: "diff", BASE: "HEAD", ARGS: "--each-lockfile" });
    expect(diff).toMatchObject({ "exit-code": "1", logs: "0.sarif 1.sarif" });
    expect(Number(diff["findings"])).toBeGreaterThan(1);
  });
});
