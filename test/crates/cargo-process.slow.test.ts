/**
 * Invariant 1 with a real cargo: nothing of the analysed workspace is ever run, and not a byte of it is changed.
 *
 * The workspace asks for wrappers, a compiler, a runner, a credential provider and a toolchain of its own, each of which would
 * leave a file behind. Needs cargo and its sources; skipped, and said so, without them.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Workspace } from "../../src/crates/crate-graph.ts";
import type { LoadOptions } from "../../src/crates/load-job.ts";
import { loadWorkspace } from "../../src/crates/load-workspace.ts";
import { loadOptions } from "../support/load-options.ts";
import { runCli } from "../support/run-cli.ts";
import { snapshotOf, tempFiles } from "../support/temp-files.ts";

const cargo: boolean = spawnSync("cargo", ["--version"]).status === 0;
if (!cargo) console.warn("SKIPPED: cargo is missing, so what it would run cannot be seen");

const manifest = '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\ncfg-if = "=1.0.0"\n';
const source =
  'extern "C" fn on_term(_: i32) {}\nfn main() { unsafe { signal(15, on_term as *const () as usize) }; }\nextern "C" { fn signal(a: i32, b: usize) -> usize; }\n';

/** A workspace with everything that could run; each thing that does appends its name to `ran`. */
function hostileWorkspace(): { readonly root: string; readonly ran: string } {
  const ran = join(tempFiles({}), "ran");
  const root = tempFiles({
    "Cargo.toml": manifest,
    "src/main.rs": source,
    "build.rs": `fn main() { std::fs::write(${JSON.stringify(ran)}, "build script").unwrap(); }`,
    "rust-toolchain.toml": '[toolchain]\npath = "./toolchain"\n',
    "run.sh": `#!/bin/sh\necho "$0 $@" >> ${ran}\nexec rustc "$@"\n`,
    "node_modules/.bin/cargo": `#!/bin/sh\necho "cargo $@" >> ${ran}\n`,
    "toolchain/bin/cargo": `#!/bin/sh\necho "toolchain $@" >> ${ran}\n`,
  });
  writeConfig(root);
  for (const file of ["run.sh", "node_modules/.bin/cargo", "toolchain/bin/cargo"]) chmodSync(join(root, file), 0o755);
  return { root, ran };
}

function writeConfig(root: string): void {
  const run = JSON.stringify(join(root, "run.sh"));
  execFileSync("mkdir", ["-p", join(root, ".cargo")]);
  writeFileSync(
    join(root, ".cargo/config.toml"),
    `[build]\nrustc-wrapper = ${run}\nrustc-workspace-wrapper = ${run}\nrustc = ${run}\n[registry]\nglobal-credential-providers = [${run}]\n[target.x86_64-unknown-linux-gnu]\nrunner = ${run}\nlinker = ${run}\n[alias]\nmetadata = ["run"]\ntree = ["run"]\n[credential-alias]\nx = [${run}]\n[registries.private]\nindex = "sparse+https://registry.invalid/"\ncredential-provider = [${run}]\n[net]\ngit-fetch-with-cli = true\n[env]\nRUSTC = { value = ${run}, force = true }\nRUSTC_WRAPPER = { value = ${run}, force = true }\nPATH = { value = ${JSON.stringify(join(root, "node_modules/.bin"))}, force = true }\n`,
  );
  writeFileSync(join(root, ".cargo/more.toml"), `[build]\nrustc-wrapper = ${run}\nrustc = ${run}\n`);
}

function load(root: string, more: Partial<LoadOptions> = {}): Promise<Workspace> {
  const path = `${join(root, "node_modules/.bin")}:${process.env["PATH"]}`;
  return loadWorkspace(loadOptions(root, { env: { ...process.env, PATH: path }, ...more }));
}

describe.runIf(cargo)("a workspace that wants to be run", () => {
  test("is loaded by cargo, and runs nothing", async () => {
    const { root, ran } = hostileWorkspace();
    const before = snapshotOf(root);
    const workspace = await load(root);
    expect(workspace.origin).toBe("cargo");
    expect(workspace.packages.map((one) => one.id)).toEqual(["app@0.1.0", "cfg-if@1.0.0"]);
    expect(existsSync(ran) ? readFileSync(ran, "utf8") : "").toBe("");
    expect(snapshotOf(root)).toEqual(before);
    expect(workspace.problems.map((one) => one.message).join("\n")).toMatch(/`build\.rustc-wrapper` is not run/);
  });

  test("is linted by the command, and still runs nothing", async () => {
    const { root, ran } = hostileWorkspace();
    const before = snapshotOf(root);
    const run = await runCli(["check", "--target", "x86_64-unknown-linux-gnu"], { cwd: root });
    expect([run.code, existsSync(ran)]).toEqual([0, false]);
    expect(run.stdout).toContain("app::on_term");
    expect(snapshotOf(root)).toEqual(before);
  });

  test("the wrapper would have run where cargo is called there: the test can see it", () => {
    const { root, ran } = hostileWorkspace();
    execFileSync("rm", ["-rf", join(root, "rust-toolchain.toml")]);
    spawnSync("cargo", ["metadata", "--format-version", "1"], { cwd: root });
    expect(existsSync(ran)).toBe(true);
  });
});

describe.runIf(cargo)("other ways to be run", () => {
  const more = (root: string, ran: string): [string, () => Partial<LoadOptions>][] => [
    [
      "a configuration without an ending",
      () => {
        renameSync(join(root, ".cargo/config.toml"), join(root, ".cargo/config"));
        return {};
      },
    ],
    [
      "an included configuration",
      () => {
        writeFileSync(join(root, ".cargo/config.toml"), 'include = ["more.toml"]\n');
        return {};
      },
    ],
    [
      "the environment",
      () => {
        const run = join(root, "run.sh");
        const named = {
          RUSTC: run,
          RUSTC_WRAPPER: run,
          RUSTC_WORKSPACE_WRAPPER: run,
          CARGO_BUILD_RUSTC: run,
          CARGO: run,
        };
        const env = { CARGO_BUILD_RUSTC_WRAPPER: run, CARGO_ALIAS_METADATA: "run", GIT_SSH_COMMAND: run, RUSTDOC: run };
        return { env: { ...process.env, ...named, ...env, RUSTUP_TOOLCHAIN: join(root, "toolchain") } };
      },
    ],
    [
      "a CARGO_HOME in the workspace",
      () => {
        return { env: { ...process.env, CARGO_HOME: join(root, ".cargo") } };
      },
    ],
    [
      "a build script of a path dependency",
      () => {
        const build = `fn main() { std::fs::write(${JSON.stringify(ran)}, "build script").unwrap(); }`;
        const files = {
          "dep/Cargo.toml": manifest.replace('"app"', '"dep"'),
          "dep/src/lib.rs": "",
          "dep/build.rs": build,
        };
        mkdirSync(join(root, "dep/src"), { recursive: true });
        for (const [file, text] of Object.entries(files)) writeFileSync(join(root, file), text);
        writeFileSync(join(root, "Cargo.toml"), `${manifest}dep = { path = "dep" }\n`);
        return {};
      },
    ],
  ];

  test("are not taken", async () => {
    for (const index of [0, 1, 2, 3, 4]) {
      const { root, ran } = hostileWorkspace();
      const [name, plant] = more(root, ran)[index] ?? ["", () => ({})];
      await load(root, plant());
      expect([name, existsSync(ran) ? readFileSync(ran, "utf8") : ""]).toEqual([name, ""]);
    }
  });
});

describe.runIf(cargo)("lockfiles and sources", () => {
  test("without Cargo.lock and with --locked: an error with the way out", async () => {
    const root = tempFiles({ "Cargo.toml": manifest, "src/main.rs": source });
    await expect(load(root, { locked: true })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/no Cargo\.lock/),
      help: expect.stringMatching(/generate-lockfile/),
    });
    expect(readdirSync(root).sort()).toEqual(["Cargo.toml", "src"]);
  });

  test("a lockfile that is out of date: an error with --locked, else a problem, and never rewritten", async () => {
    const root = tempFiles({ "Cargo.toml": manifest, "src/main.rs": source });
    writeFileSync(join(root, "Cargo.lock"), 'version = 3\n\n[[package]]\nname = "app"\nversion = "0.1.0"\n');
    const before = snapshotOf(root);
    await expect(load(root, { locked: true })).rejects.toMatchObject({ message: expect.stringMatching(/out of date/) });
    const workspace = await load(root);
    expect(workspace.problems.map((one) => one.message).join("\n")).toMatch(/out of date/);
    expect(snapshotOf(root)).toEqual(before);
  });

  test("a missing registry source is an error that names the crate, and never clean", async () => {
    const root = tempFiles({ "Cargo.toml": manifest, "src/main.rs": source });
    const home = tempFiles({});
    const run = await runCli(["check", "--offline"], {
      cwd: root,
      env: { CARGO_HOME: home, RUSTUP_HOME: rustupHome() },
    });
    expect([run.code, run.stdout]).toEqual([2, ""]);
    expect(run.stderr).toMatch(/cfg-if/);
    expect(run.stderr).toMatch(/= help: run `cargo fetch --locked` with the network on/);
    expect(run.stderr).not.toMatch(/\n {4}at /);
  });

  test("vendored sources are read from where the configuration says", async () => {
    const root = tempFiles({
      "Cargo.toml": manifest,
      "src/main.rs": source,
      ".cargo/config.toml": '[source.crates-io]\nreplace-with = "vendored"\n[source.vendored]\ndirectory = "vendor"\n',
      "vendor/cfg-if/Cargo.toml": '[package]\nname = "cfg-if"\nversion = "1.0.0"\nedition = "2018"\n',
      "vendor/cfg-if/.cargo-checksum.json": '{"files":{},"package":null}',
      "vendor/cfg-if/src/lib.rs": "",
    });
    const workspace = await load(root, { offline: true });
    expect(workspace.packages.find((one) => one.name === "cfg-if")?.root).toBe(join(root, "vendor/cfg-if"));
  });
});

function rustupHome(): string {
  return process.env["RUSTUP_HOME"] ?? join(process.env["HOME"] ?? "", ".rustup");
}
