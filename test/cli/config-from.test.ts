/** `--config-from`: the configuration of a commit judges a change, and what the change's own would have allowed is listed. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commitFiles } from "../support/git-repository.ts";
import { runCli } from "../support/run-cli.ts";
import { tempFiles } from "../support/temp-files.ts";

const present: boolean = spawnSync("git", ["--version"]).status === 0;
if (!present) console.warn("SKIPPED: git is missing");

const allow = (rule: string): string => `[[allow]]\nrule = "${rule}"\nreason = "it is fine"\n`;

describe.runIf(present)(
  "--config-from",
  () => {
    const root = tempFiles({});
    const source =
      'extern "C" { fn signal(a: i32, b: usize) -> usize; }\nextern "C" fn on_tick(_: i32) { drop(Box::new(1u8)); }\nfn main() { unsafe { signal(14, on_tick as *const () as usize); } }\n';
    commitFiles(root, {
      "Cargo.toml": '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n',
      "src/main.rs": source,
      "sigsafe.toml": `fail-on = "error"\n${allow("heap-free")}`,
    });
    writeFileSync(join(root, "sigsafe.toml"), `fail-on = "never"\n${allow("heap-free")}${allow("heap-allocation")}`);

    test("takes the commit's, and says what was not applied", async () => {
      expect((await runCli(["check"], { cwd: root })).code).toBe(0);
      const run = await runCli(["check", "--config-from", "HEAD", "--format", "json"], { cwd: root });
      expect([run.code, run.stderr]).toEqual([1, ""]);
      const { findings, problems } = JSON.parse(run.stdout);
      const open = findings.filter((one: { suppressed: unknown }) => one.suppressed === null);
      const rules = open.map((one: { rule: string }) => one.rule);
      expect([rules.includes("heap-allocation"), rules.includes("heap-free")]).toEqual([true, false]);
      const said = problems.map((one: { message: string }) => one.message).join("\n");
      expect(said).toMatch(/the configuration is that of HEAD \([0-9a-f]{12}\)/);
      expect(said).toMatch(
        /an allowance here is not in HEAD .*, and was not applied: rule = "heap-allocation", reason/,
      );
      expect(said).toMatch(/settings here differ/);
    });

    test("in diff, with the base", async () => {
      writeFileSync(join(root, "src/main.rs"), source.replace("drop(", 'print!("x"); drop('));
      const run = await runCli(["diff", "--base", "HEAD", "--config-from", "HEAD"], { cwd: root });
      expect([run.code, run.stderr]).toEqual([1, ""]);
      expect(run.stdout).toMatch(/ {2}warning: an allowance here is not in HEAD/);
    });

    test("needs a revision that is there, and no --config beside it", async () => {
      const gone = await runCli(["check", "--config-from", "nowhere"], { cwd: root });
      expect([gone.code, gone.stderr]).toEqual([2, expect.stringMatching(/`nowhere` is not in this repository/)]);
      const both = await runCli(["check", "--config-from", "HEAD", "--config", "sigsafe.toml"], { cwd: root });
      expect([both.code, both.stderr]).toEqual([2, expect.stringMatching(/cannot be used together/)]);
    });
  },
  300_000,
);
