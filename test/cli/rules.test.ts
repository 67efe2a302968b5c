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
