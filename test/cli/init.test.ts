/** `init` and the files for CI: written once and never over anything, read back by the linter, and of this version. */
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../src/base/package-file.ts";
import { CONFIG_KEYS, readConfig } from "../../src/cli/config.ts";
import { runCli } from "../support/run-cli.ts";
import { snapshotOf, tempFiles } from "../support/temp-files.ts";

const manifest = '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n';

function text(file: string): string {
  return readFileSync(packageFile(file), "utf8");
}

describe("init", () => {
  test("writes a configuration and a workflow, and refuses to do it again", async () => {
    const root = tempFiles({ ".git/HEAD": "", "rust/app/Cargo.toml": manifest, "rust/app/src/lib.rs": "" });
    const first = await runCli(["init"], { cwd: `${root}/rust/app` });
    expect([first.code, first.stderr]).toEqual([0, ""]);
    const files = snapshotOf(root);
    expect(Object.keys(files)).toContain("rust/app/sigsafe.toml");
    expect(files[".github/workflows/sigsafe.yml"]).toMatch(
      /working-directory: "rust\/app"[\s\S]*"\.\/rust\/app\/sigsafe/,
    );
    const again = await runCli(["init"], { cwd: `${root}/rust/app` });
    expect([again.code, again.stderr]).toEqual([
      2,
      expect.stringMatching(/nothing was written.*sigsafe\.toml and .*exists/),
    ]);
    const alone = await runCli(["init", "--no-workflow"], { cwd: `${root}/rust/app` });
    expect(alone.code).toBe(2);
    expect(snapshotOf(root)).toEqual(files);
  }, 60_000);

  test("writes nowhere else, whatever links there are", async () => {
    const away = tempFiles({});
    const out = tempFiles({ ".git/HEAD": "", "Cargo.toml": manifest, "src/lib.rs": "" });
    symlinkSync(away, join(out, ".github"));
    const led = await runCli(["init"], { cwd: out });
    expect([led.code, led.stderr]).toEqual([2, expect.stringMatching(/cannot be written: a link leads out/)]);
    expect(snapshotOf(away)).toEqual({});
    const dangling = tempFiles({ ".git/HEAD": "", "Cargo.toml": manifest, "src/lib.rs": "" });
    symlinkSync(join(away, "x"), join(dangling, "sigsafe.toml"));
    expect(await runCli(["init"], { cwd: dangling })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/exists already/),
    });
  }, 60_000);

  test("writes a configuration that is read, as it is and with every line switched on", () => {
    const template = text("assets/init/sigsafe.toml");
    expect(readConfig(template, "sigsafe.toml")).toMatchObject({ failOn: "error", allow: [], handlers: [] });
    const on = template.replaceAll(/^# (?=[a-z-]+ = |\[\[)/gmu, "");
    const config = readConfig(on, "sigsafe.toml", () => "{}");
    expect([config.allow.length, config.handlers.length]).toEqual([1, 1]);
    for (const key of CONFIG_KEYS) expect(on).toMatch(new RegExp(`^(?:${key} = |\\[\\[${key}\\]\\])`, "mu"));
  });
});

test("the action, the hook and the workflow name this version; the workflow is also under docs", () => {
  const { version } = JSON.parse(text("package.json"));
  expect(text("action.yml")).toContain(`default: ${version}\n`);
  for (const file of [".pre-commit-hooks.yaml", "assets/init/workflow.yml"]) {
    const named = [...text(file).matchAll(/sigsafe-lint@([\w.-]+)/gu)].map((match) => match[1]);
    expect(new Set(named)).toEqual(new Set([version]));
  }
  expect(text("docs/workflow.yml")).toBe(text("assets/init/workflow.yml"));
});

test("every action that is used is pinned to a commit, and no input is pasted into a script", () => {
  for (const file of ["action.yml", "assets/init/workflow.yml"]) {
    const used = [...text(file).matchAll(/uses: (\S+)/gu)].map((match) => match[1] ?? "");
    expect(used.length).toBeGreaterThan(0);
    for (const one of used) expect(one).toMatch(/@[0-9a-f]{40}$/);
    expect(text(file)).not.toMatch(/run:.*\$\{\{/);
  }
  const script = /run: \|\n([\s\S]*?)\n\n/u.exec(text("action.yml"))?.[1];
  expect(script).toContain("GITHUB_OUTPUT");
  expect(script).not.toContain("${{");
});
