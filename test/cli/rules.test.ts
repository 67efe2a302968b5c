/** Rule packs that the configuration names, through the whole command: what they say counts, and a bad one ends the run. */
import { expect, test } from "vitest";
import { runCli } from "../support/run-cli.ts";
import { tempFiles } from "../support/temp-files.ts";

const sources: Readonly<Record<string, string>> = {
  "Cargo.toml": '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n',
  "src/main.rs": `extern "C" { fn signal(signum: i32, handler: extern "C" fn(i32)) -> usize; }
fn helper() { drop(Box::new(1)); }
extern "C" fn on_signal(_: i32) { helper(); }
fn main() { unsafe { signal(10, on_signal); } }
`,
};
const pack = (rest: string): string =>
  `{"schema": 1, "pack": "ours", "describes": {"version": "1", "origin": "curated"}, "modules": [],\n "overrides": [\n  {"path": "app::helper", "effects": []${rest}}]}`;

test("an entry stands for the function it names", async () => {
  const config = { "sigsafe.toml": 'rules = ["ours.json"]\n' };
  const root = tempFiles({ ...sources, ...config, "ours.json": pack(', "cite": ["us"]') });
  const run = await runCli(["check", "--format", "json", "--offline"], { cwd: root });
  const plain = await runCli(["check", "--format", "json", "--offline"], { cwd: tempFiles(sources) });
  const rules = (stdout: string): string[] => JSON.parse(stdout).findings.map((one: { rule: string }) => one.rule);
  expect(rules(plain.stdout)).toContain("heap-allocation");
  expect(rules(run.stdout)).not.toContain("heap-allocation");
  expect([plain.code, run.code]).toEqual([1, 0]);
}, 60_000);

test("a bad pack ends the run with 2 and says where", async () => {
  const root = tempFiles({ ...sources, "sigsafe.toml": 'rules = ["ours.json"]\n', "ours.json": pack("") });
  const run = await runCli(["check", "--offline"], { cwd: root });
  expect([run.code, run.stdout]).toEqual([2, ""]);
  expect(run.stderr).toMatch(
    /^error: ours\.json: at \/overrides\/0: must have required property 'cite'\n {2}--> ours\.json:3\n {2}= help: /,
  );
}, 60_000);

test("a file of registrars says what installs handlers", async () => {
  const main = `extern "C" { fn evt_on_signal(signum: i32, handler: extern "C" fn(i32)); }
extern "C" fn on_signal(_: i32) { drop(Box::new(1)); }
fn main() { unsafe { evt_on_signal(10, on_signal); } }
`;
  const registrar = (key: string): string =>
    `{"schema": 1, "registrars": [\n  {"id": "evt", "match": {"symbols": ["evt_on_signal"]}, "entryKind": "signal", "signal": {"arg": 0}, "handlers": [{"${key}": 1}], "cite": ["evt.h"]}]}`;
  const rooted = (file: string): string =>
    tempFiles({ ...sources, "src/main.rs": main, "sigsafe.toml": 'rules = ["evt.json"]\n', "evt.json": file });
  const run = await runCli(["check", "--format", "json", "--offline"], { cwd: rooted(registrar("arg")) });
  const [handler] = JSON.parse(run.stdout).handlers;
  expect([run.code, handler.function, handler.signals, handler.verdict]).toEqual([
    1,
    "app::on_signal",
    ["SIGUSR1"],
    "unsafe",
  ]);
  const graph = await runCli(["graph", "--format", "json", "--offline"], { cwd: rooted(registrar("arg")) });
  expect(graph.stdout).toContain("app::on_signal");
  const bad = await runCli(["check", "--offline"], { cwd: rooted(registrar("argument")) });
  expect([bad.code, bad.stdout]).toEqual([2, ""]);
  expect(bad.stderr).toMatch(/^error: evt\.json: at \/registrars\/0\/handlers\/0.*\n {2}--> evt\.json:2\n/);
}, 60_000);
