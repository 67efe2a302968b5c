/** A workspace of path crates, read from its manifests without cargo: members, features, cfgs, renamed and inherited dependencies. */
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { CrateNode, Program, Workspace } from "../../src/crates/crate-graph.ts";
import type { LoadOptions } from "../../src/crates/load-job.ts";
import { loadWorkspace } from "../../src/crates/load-workspace.ts";
import { readManifestWorkspace } from "../../src/crates/manifest-workspace.ts";
import { patchManifests } from "../../src/crates/skeleton.ts";
import { checkVendored } from "../../src/crates/vendored-files.ts";
import { createFiles } from "../../src/load/files.ts";
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

/** A package with more in its manifest. */
const one = (more: string): Record<string, string> => ({
  "Cargo.toml": `[package]\nname = "a"\nversion = "0.1.0"\n${more}\n`,
  "src/lib.rs": "",
});
const cycle: Readonly<Record<string, string>> = {
  ...one('[dependencies]\nb = { path = "b" }'),
  "b/Cargo.toml": '[package]\nname = "b"\nversion = "0.1.0"\n[dependencies]\nc = { path = "../c" }\n',
  "b/src/lib.rs": "",
  "c/Cargo.toml": '[package]\nname = "c"\nversion = "0.1.0"\n[dependencies]\nb = { path = "../b" }\n',
  "c/src/lib.rs": "",
};
const latin1: Uint8Array = Buffer.from('[package]\nname = "a"\nversion = "0.1.0"\n# \u00e9\n', "latin1");
const twice: string = '[[package]]\nname = "x"\nversion = "1.0.0"\n\n'.repeat(2);
const globs: string = Array.from({ length: 100_000 }, (_, at) => `"s*/*${at}"`).join(", ");

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
  const cases: readonly (readonly [
    string,
    Readonly<Record<string, string | Uint8Array>>,
    Partial<LoadOptions>,
    RegExp,
    RegExp,
  ])[] = [
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
      "a Cargo.lock that a merge left",
      { ...one(""), "Cargo.lock": "<<<<<<< HEAD\nversion = 4\n" },
      {},
      /invalid TOML/,
      /Cargo\.lock:1/,
    ],
    [
      "a Cargo.lock with a package twice",
      { ...one(""), "Cargo.lock": twice },
      {},
      /`x@1\.0\.0` is there twice/,
      /generate-lockfile/,
    ],
    [
      "a missing root file",
      { "Cargo.toml": '[package]\nname = "a"\nversion = "0.1.0"\n[lib]\npath = "src/gone.rs"\n' },
      {},
      /the library.*is not there: src\/gone\.rs/,
      /./,
    ],
    [
      "packages that depend on each other",
      cycle,
      {},
      /b@0\.1\.0 depends on itself, through c@0\.1\.0/,
      /b\/Cargo\.toml/,
    ],
    ["a manifest that is not UTF-8", { "Cargo.toml": latin1, "src/lib.rs": "" }, {}, /not UTF-8/, /Cargo\.toml/],
    [
      "a value of another kind",
      one("[features]\ndefault = 3"),
      {},
      /`features.default` must be a list of texts/,
      /cargo/,
    ],
    ["a list with another value", one("[[bin]]\nname = 3"), {}, /`bin.0.name` must be a text/, /Cargo\.toml/],
    ["a table instead of a list", one("[bin]"), {}, /`bin` must be a list of tables/, /Cargo\.toml/],
    ["an edition that is inherited from nowhere", one("edition.workspace = true"), {}, /`edition` is inherited/, /./],
    ["tables in each other", one(`[package.metadata]\n${"a.".repeat(100_000)}a = 1`), {}, /more than 100 tables/, /./],
    [
      "a dependency of another name",
      { ...cycle, ...one('[dependencies]\nd = { path = "b" }') },
      {},
      /`d` leads to .*`b`/,
      /./,
    ],
    [
      "a dependency on a workspace",
      { ...one('[dependencies]\nd = { path = "d" }'), "d/Cargo.toml": "[workspace]" },
      {},
      /`d` leads to no package/,
      /./,
    ],
    [
      "a member that is not there",
      one('[workspace]\nmembers = ["gone"]'),
      {},
      /member `gone` has no Cargo\.toml/,
      /Cargo\.toml/,
    ],
    [
      "a default member that is none",
      one('[workspace]\ndefault-members = ["b"]'),
      {},
      /`b` is among default-members/,
      /./,
    ],
    [
      "patterns that match for days",
      one(`[workspace]\nmembers = ["${"[".repeat(1_000_000)}", ${globs}]`),
      {},
      /matches too much/,
      /narrower/,
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

test("what is no file in Cargo.lock's place is not read, by cargo neither", async () => {
  const place = tempFiles({ ...one('[dependencies]\nlibc = "0.2"'), "vendor/libc/Cargo.toml": "" });
  symlinkSync("/dev/zero", join(place, "Cargo.lock"));
  await expect(load(place)).rejects.toMatchObject({ message: "Cargo.lock is no file", exitCode: 2 });
  symlinkSync("/dev/zero", join(place, "vendor/libc/.cargo-checksum.json"));
  const vendored = { carried: { source: { a: { directory: join(place, "vendor") } } } };
  expect(() => checkVendored(vendored)).toThrow("a file of a vendored package is no file");
});

test("a chain of packages as long as somebody likes ends no stack", () => {
  const place = tempFiles({ "lib.rs": "" });
  const info = { id: "a@0.1.0", name: "a", version: "0.1.0", source: null, checksum: null, root: place };
  const cfg = { known: new Set<string>(), maybe: new Set<string>(), never: new Set<string>() };
  const crates = Array.from({ length: 20_000 }, (_, id) => ({
    ...{
      id,
      name: "a",
      package: { ...info, lockLine: null, features: [] },
      kind: "lib",
      rootFile: join(place, "lib.rs"),
    },
    ...{
      edition: "2021",
      deps: id === 19_999 ? [] : [{ externName: "a", crate: id + 1 }],
      procMacroDeps: [],
      features: [],
    },
    ...{ cfg, isMember: true, buildScript: null, key: `${id}` },
  })) as unknown as readonly CrateNode[];
  const [first] = crates;
  expect(first === undefined ? null : createFiles([place], crates).macros(first)).toEqual([]);
});

test("what a patch names by a path is copied with what that names by one", () => {
  const base = tempFiles({
    "app/Cargo.toml": '[package]\nname = "a"\nversion = "0.1.0"\n[patch.crates-io]\nb = { path = "../other/b" }\n',
    "app/src/lib.rs": "",
    "other/Cargo.toml":
      '[workspace]\n[workspace.package]\nedition = "2021"\n[workspace.dependencies]\nc = { path = "c" }\n',
    "other/b/Cargo.toml":
      '[package]\nname = "b"\nversion = "1.0.0"\nedition.workspace = true\n[dependencies]\nc.workspace = true\n',
    "other/b/src/lib.rs": "",
    "other/c/Cargo.toml": '[package]\nname = "c"\nversion = "1.0.0"\n[dependencies]\nb = { path = "../b" }\n',
    "other/c/src/lib.rs": "",
  });
  const found = patchManifests(readManifestWorkspace(join(base, "app/Cargo.toml")));
  expect(found).toEqual(["other/Cargo.toml", "other/b/Cargo.toml", "other/c/Cargo.toml"].map((one) => join(base, one)));
});
