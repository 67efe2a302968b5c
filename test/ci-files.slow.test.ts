/**
 * The files for other people's CI before the programs that judge such files: check-jsonschema, actionlint, zizmor, and pre-commit, which
 * also installs and runs the hook. Each judge has to refuse a broken file first, so that its silence means something.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageFile } from "../src/base/package-file.ts";
import { commitFiles } from "./support/git-repository.ts";
import { referee } from "./support/referees.ts";
import { tempFiles } from "./support/temp-files.ts";

const tool = (name: string): string | null => referee(`python/bin/${name}`, `files for CI before ${name}`);
const schemas: string | null = tool("check-jsonschema");
const actionlint: string | null = tool("actionlint");
const zizmor: string | null = tool("zizmor");
const preCommit: string | null = tool("pre-commit");

const workflow: string = packageFile("assets/init/workflow.yml");

function run(
  program: string | null,
  args: readonly string[],
  cwd: string = packageFile("."),
  env: object = {},
): { code: number | null; said: string } {
  const done = spawnSync(program ?? "", args, { cwd, encoding: "utf8", env: { ...process.env, ...env } });
  return { code: done.status, said: `${done.stdout}${done.stderr}` };
}

/** A repository that holds what `init` writes. */
function repositoryWith(text: string): string {
  const root = tempFiles({});
  commitFiles(root, { ".github/workflows/sigsafe.yml": text });
  return root;
}

describe.skipIf(schemas === null)("check-jsonschema", () => {
  const check = (...args: readonly string[]): { code: number | null; said: string } => run(schemas, args);

  test("accepts the action, the workflow and the commented configuration", () => {
    expect(check("--builtin-schema", "vendor.github-actions", "action.yml")).toMatchObject({ code: 0 });
    expect(check("--builtin-schema", "vendor.github-workflows", workflow)).toMatchObject({ code: 0 });
    expect(check("--builtin-schema", "custom.github-workflows-require-timeout", workflow)).toMatchObject({ code: 0 });
    const config = packageFile("assets/init/sigsafe.toml");
    expect(check("--schemafile", "schemas/config.schema.json", config)).toMatchObject({ code: 0 });
    const whole = readFileSync(config, "utf8").replaceAll(/^# (?=[\w-]+ = |\[\[)/gmu, "");
    expect(
      check("--schemafile", "schemas/config.schema.json", join(tempFiles({ "x.toml": whole }), "x.toml")),
    ).toMatchObject({ code: 0 });
  });

  test("refuses broken ones", () => {
    const broken = readFileSync(packageFile("action.yml"), "utf8").replace("using: composite", "using: nothing");
    const at = tempFiles({ "action.yml": broken, "x.toml": 'fail-on = "sometimes"\n' });
    expect(check("--builtin-schema", "vendor.github-actions", join(at, "action.yml")).code).toBe(1);
    expect(check("--schemafile", "schemas/config.schema.json", join(at, "x.toml")).code).toBe(1);
  });
});

describe.skipIf(actionlint === null)("actionlint", () => {
  const lint = (text: string): { code: number | null; said: string } =>
    run(actionlint, ["-no-color", ".github/workflows/sigsafe.yml"], repositoryWith(text));

  test("has nothing against the workflow, and something against a broken one", () => {
    const text = readFileSync(workflow, "utf8");
    expect(lint(text)).toEqual({ code: 0, said: "" });
    expect(lint(text.replace("github.event_name == 'push'", "github.evnt_name == 'push'")).code).toBe(1);
  });
});

describe.skipIf(zizmor === null)("zizmor", () => {
  const audit = (directory: string): { code: number | null; said: string } =>
    run(zizmor, ["--offline", "--no-progress", "--min-severity", "low", directory], directory);

  test("has nothing against the workflow and the action, and something against an input in a script", () => {
    expect(audit(repositoryWith(readFileSync(workflow, "utf8")))).toMatchObject({ code: 0 });
    const action = readFileSync(packageFile("action.yml"), "utf8");
    expect(audit(tempFiles({ "action.yml": action }))).toMatchObject({ code: 0 });
    const injected = action.replace('exit "$CODE"', ["exit $", "{{ inputs.args }}"].join(""));
    expect(audit(tempFiles({ "action.yml": injected })).code).toBeGreaterThan(0);
  });
});

describe.skipIf(preCommit === null)("pre-commit", () => {
  const manifest = readFileSync(packageFile(".pre-commit-hooks.yaml"), "utf8");

  test("accepts the hooks, and refuses an unknown language", () => {
    const at = tempFiles({
      "good.yaml": manifest,
      "bad.yaml": manifest.replace("language: system", "language: klingon"),
    });
    expect(run(preCommit, ["validate-manifest", join(at, "good.yaml")])).toMatchObject({ code: 0 });
    expect(run(preCommit, ["validate-manifest", join(at, "bad.yaml")]).code).toBe(1);
  });

  test("runs the hook: it passes what is committed, and fails on a new allocation in a handler", () => {
    const hooks = tempFiles({});
    commitFiles(hooks, { ".pre-commit-hooks.yaml": manifest });
    const tsx = import.meta.resolve("tsx");
    const shim = `#!/bin/sh\nshift 2\nexec ${process.execPath} --import ${tsx} ${packageFile("src/cli/main.ts")} "$@"\n`;
    const scratch = tempFiles({ "bin/npx": shim });
    chmodSync(join(scratch, "bin/npx"), 0o755);
    const source = (body: string): string =>
      `extern "C" { fn signal(a: i32, b: usize) -> usize; }\nextern "C" fn on_tick(_: i32) { ${body} }\nfn main() { unsafe { signal(14, on_tick as *const () as usize); } }\n`;
    const cargo = '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n';
    const root = tempFiles({});
    commitFiles(root, { "Cargo.toml": cargo, "src/main.rs": source("") });
    const env = {
      PATH: `${join(scratch, "bin")}:${process.env["PATH"]}`,
      PRE_COMMIT_HOME: join(scratch, "home"),
      CI: undefined,
      GITHUB_ACTIONS: undefined,
    };
    const tryRepo = (): { code: number | null; said: string } =>
      run(preCommit, ["try-repo", hooks, "sigsafe-lint", "--all-files", "--verbose"], root, env);
    const clean = tryRepo();
    expect(clean).toMatchObject({ code: 0, said: expect.stringMatching(/nothing that decides a verdict changed/) });
    commitFiles(root, {});
    const bad = spawnSync("sh", ["-c", `cat > src/main.rs <<'E'\n${source("drop(Box::new(1u8));")}E\ngit add -A`], {
      cwd: root,
    });
    expect(bad.status).toBe(0);
    const found = tryRepo();
    expect(found).toMatchObject({ code: 1, said: expect.stringMatching(/new +error\[heap-allocation\]/) });
  });
});
