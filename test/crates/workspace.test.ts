/** A workspace of path crates, read from its manifests without cargo: members, features, cfgs, renamed and inherited dependencies. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { CrateNode, Program, Workspace } from "../../src/crates/crate-graph.ts";
import type { LoadOptions } from "../../src/crates/load-job.ts";
import { loadWorkspace } from "../../src/crates/load-workspace.ts";
import { loadOptions } from "../support/load-options.ts";
import { snapshotOf, tempFiles } from "../support/temp-files.ts";

const files: Readonly<Record<string, string>> = {
  "Cargo.toml": `
    [workspace]
    members = ["app", "libs/*"]
    exclude = ["libs/out"]
    resolver = "2"
    [workspace.package]
    edition = "2024"
    version = "1.2.3"
    [workspace.dependencies]
    base = { path = "libs/base", default-features = false }
  `,
  "app/Cargo.toml": `
    [package]
    name = "my-app"
    version.workspace = true
    edition.workspace = true
    [features]
    default = ["fast"]
    fast = ["base/quick"]
    more = ["dep:extra", "extra?/loud"]
    [dependencies]
    base = { workspace = true, features = ["one"] }
    renamed = { package = "extra-crate", path = "../libs/other" }
    extra = { path = "../libs/extra", optional = true }
    derive = { path = "../libs/derive" }
    [target.'cfg(windows)'.dependencies]
    win = { path = "../libs/win" }
    [dev-dependencies]
    testing = { path = "../libs/testing" }
  `,
  "app/src/main.rs": "fn main() {}",
  "app/tests/it.rs": "#[test] fn it() {}",
  "app/src/bin/second.rs": "fn main() {}",
  "libs/base/Cargo.toml":
    '[package]\nname = "base"\nversion = "0.1.0"\nedition = "2021"\n[features]\ndefault = ["std"]\nstd = []\none = []\nquick = []\n',
  "libs/base/src/lib.rs": "",
  "libs/other/Cargo.toml": '[package]\nname = "extra-crate"\nversion = "0.1.0"\n',
  "libs/other/src/lib.rs": "",
  "libs/extra/Cargo.toml": '[package]\nname = "extra"\nversion = "0.1.0"\n[features]\nloud = []\n',
  "libs/extra/src/lib.rs": "",
  "libs/derive/Cargo.toml": '[package]\nname = "derive"\nversion = "0.1.0"\n[lib]\nproc-macro = true\n',
  "libs/derive/src/lib.rs": "",
  "libs/win/Cargo.toml": '[package]\nname = "win"\nversion = "0.1.0"\n',
  "libs/win/src/lib.rs": "",
  "libs/testing/Cargo.toml": '[package]\nname = "testing"\nversion = "0.1.0"\n',
  "libs/testing/src/lib.rs": "",
  "libs/out/Cargo.toml": "broken",
  "libs/so/Cargo.toml": '[package]\nname = "so"\nversion = "0.1.0"\n[lib]\ncrate-type = ["cdylib"]\npath = "so.rs"\n',
  "libs/so/so.rs": "",
};

/** Without a cargo on PATH: nothing but the manifests. */
function load(root: string, more: Partial<LoadOptions> = {}): Promise<Workspace> {
  return loadWorkspace(loadOptions(root, { env: { PATH: "", HOME: join(root, "home") }, offline: true, ...more }));
}

const root: string = tempFiles(files);
const programOf = (workspace: Workspace, name: string): Program => {
  const found = workspace.programs.find((one) => one.package.startsWith(`${name}@`));
  if (found === undefined) throw new Error(`no program ${name}`);
  return found;
};
const crateOf = (program: Program, name: string): CrateNode | undefined =>
  program.crates.find((one) => one.name === name);

describe("a workspace without cargo", () => {
  test("what stands in for a build script of a target that is not linted is not told", async () => {
    const config =
      '[target.x86_64-unknown-linux-gnu.ssl]\nrustc-cfg = []\n[target.thumbv7em-none-eabi.objcopy]\npath = "x"\n';
    const manifest = '[package]\nname = "one"\nversion = "0.1.0"\n';
    const own = tempFiles({ "Cargo.toml": manifest, "src/main.rs": "fn main() {}", ".cargo/config.toml": config });
    const told = async (target: string): Promise<readonly string[]> =>
      (await load(own, { targets: [target] })).problems.flatMap(
        ({ message }) => /target\.\S+/.exec(message)?.[0] ?? [],
      );
    expect(await told("x86_64-unknown-linux-gnu")).toEqual(["target.x86_64-unknown-linux-gnu.ssl`,"]);
    expect(await told("aarch64-unknown-linux-gnu")).toEqual([]);
  });

  test("members that make something are programs; what is missed is not", async () => {
    const workspace = await load(root);
    expect(workspace.origin).toBe("manifests");
    expect(workspace.programs.map((one) => [one.package, one.kind, one.featuresApproximated])).toContainEqual([
      "my-app@1.2.3",
      "bin",
      true,
    ]);
    expect(programOf(workspace, "so").kind).toBe("cdylib");
    expect(workspace.problems.filter((one) => one.level === "error")).toEqual([]);
  });

  test("both binaries are roots; editions and versions are inherited", async () => {
    const app = programOf(await load(root), "my-app");
    expect(app.roots.map((id) => app.crates[id]?.name).sort()).toEqual(["my_app", "second"]);
    expect(crateOf(app, "my_app")?.edition).toBe("2024");
    expect(crateOf(app, "extra_crate")?.edition).toBe("2015");
  });

  test("dependencies under the names the code sees; proc macros by name alone; other platforms' and dev ones left out", async () => {
    const app = programOf(await load(root), "my-app");
    const main = crateOf(app, "my_app");
    expect(main?.deps.map((dep) => [dep.externName, app.crates[dep.crate]?.name])).toEqual([
      ["base", "base"],
      ["renamed", "extra_crate"],
    ]);
    expect(main?.procMacroDeps).toEqual(["derive"]);
    expect(app.macroCrates.map((one) => one.name)).toEqual(["derive"]);
    expect(app.crates.map((one) => one.name)).not.toContain("win");
    expect(app.crates.map((one) => one.name)).not.toContain("testing");
  });

  test("features: default ones, of a dependency, optional ones", async () => {
    const plain = programOf(await load(root), "my-app");
    expect(plain.features).toEqual(["default", "fast"]);
    expect(crateOf(plain, "base")?.features).toEqual(["one", "quick"]);
    expect(crateOf(plain, "base")?.cfg.known.has('feature="one"')).toBe(true);
    const none = programOf(await load(root, { noDefaultFeatures: true, packages: ["my-app"] }), "my-app");
    expect(crateOf(none, "base")?.features).toEqual(["one"]);
    const more = programOf(await load(root, { features: ["more"], packages: ["my-app"] }), "my-app");
    expect(crateOf(more, "extra")?.features).toEqual(["loud"]);
    expect(more.key).not.toBe(plain.key);
  });

  test("the target decides", async () => {
    const app = programOf(await load(root, { targets: ["x86_64-pc-windows-msvc"] }), "my-app");
    expect(app.crates.map((one) => one.name)).toContain("win");
    expect(crateOf(app, "my_app")?.cfg.known.has("windows")).toBe(true);
  });

  test("tests and what only they need with --all-targets", async () => {
    const workspace = await load(root, { allTargets: true });
    const dev = workspace.programs.find((one) => one.kind === "dev" && one.package === "my-app@1.2.3");
    expect(dev === undefined ? [] : dev.crates.map((one) => one.name)).toContain("testing");
  });

  test("not a byte is changed", async () => {
    const before = snapshotOf(root);
    await load(root);
    expect(snapshotOf(root)).toEqual(before);
  });
});

describe("what cannot be done is an error with a place and a way out", () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, Partial<LoadOptions>, RegExp, RegExp])[] =
    [
      ["no manifest", {}, {}, /there is no Cargo\.toml/, /--manifest-path/],
      ["a broken one", { "Cargo.toml": "[package\nname" }, {}, /TOML|toml|expected/i, /Cargo\.toml:1/],
      ["an unknown feature", files, { features: ["nope"] }, /feature `nope`/, /Cargo\.toml/],
      ["an unknown package", files, { packages: ["nope"] }, /nope/, /./],
      ["an unknown target", files, { targets: ["riscv-nope"] }, /riscv-nope/, /target/],
      ["no lockfile with --locked", files, { locked: true }, /no Cargo\.lock/, /cargo generate-lockfile/],
      [
        "a missing path dependency",
        {
          "Cargo.toml": '[package]\nname = "a"\nversion = "0.1.0"\n[dependencies]\nb = { path = "b" }\n',
          "src/lib.rs": "",
        },
        {},
        /path dependency `b`/,
        /Cargo\.toml/,
      ],
      [
        "a registry dependency without cargo",
        { "Cargo.toml": '[package]\nname = "a"\nversion = "0.1.0"\n[dependencies]\nlibc = "0.2"\n', "src/lib.rs": "" },
        {},
        /cargo was not found.*libc/,
        /install Rust/,
      ],
      [
        "a missing root file",
        { "Cargo.toml": '[package]\nname = "a"\nversion = "0.1.0"\n[lib]\npath = "src/gone.rs"\n' },
        {},
        /the library.*is not there: src\/gone\.rs/,
        /./,
      ],
    ];
  for (const [name, texts, options, message, rendered] of cases) {
    test(name, async () => {
      const error = await load(tempFiles(texts), options).then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(error).toMatchObject({ name: "CrateError", exitCode: 2, message: expect.stringMatching(message) });
      expect((error as { render(): string }).render()).toMatch(rendered);
    });
  }
});
