/**
 * Each key of cargo's configuration that decides what is compiled is read, carried to cargo, or told in the report; nothing
 * that would start a program is carried.
 */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type CargoConfig, readCargoConfig } from "../../src/crates/cargo-config.ts";
import { baseCfgs, chooseTargets, profileFlags, profileProblems } from "../../src/crates/compile-flags.ts";
import type { CrateProblem } from "../../src/crates/crate-graph.ts";
import type { TomlTable } from "../../src/crates/toml.ts";
import { tempFiles } from "../support/temp-files.ts";

const triple = "x86_64-unknown-linux-gnu";

/** The configuration of a workspace whose `.cargo/config.toml` is this text. */
function configOf(text: string, more: Readonly<Record<string, string>> = {}): CargoConfig & { readonly root: string } {
  const root = tempFiles({ ".cargo/config.toml": text, "home/config.toml": "", ...more });
  return { ...readCargoConfig(root, join(root, "home"), true), root };
}

function cfgsOf(
  text: string,
  env: Readonly<Record<string, string>> = {},
): { readonly cfgs: readonly string[]; readonly problems: readonly string[] } {
  const problems: CrateProblem[] = [];
  const config = configOf(text).merged;
  const profile = profileFlags("release", {}, config, env);
  const cfgs = baseCfgs({ triple, targetCfgs: ["unix"], config, env, profile }, problems);
  return { cfgs, problems: problems.map((one) => one.message) };
}

describe("keys that are read", () => {
  test("build.target, one or many; the environment wins", () => {
    expect(chooseTargets([], configOf('build.target = "a"').merged, {})).toEqual([
      { triple: "a", from: "cargo-config" },
    ]);
    expect(chooseTargets([], configOf('build.target = ["a", "b"]').merged, {}).map((one) => one.triple)).toEqual([
      "a",
      "b",
    ]);
    expect(chooseTargets([], configOf('build.target = "a"').merged, { CARGO_BUILD_TARGET: "c" })[0]?.triple).toBe("c");
    expect(chooseTargets(["d"], configOf('build.target = "a"').merged, {})).toEqual([{ triple: "d", from: "flag" }]);
  });

  test("build.rustflags", () => {
    expect(cfgsOf('build.rustflags = ["--cfg", "tokio_unstable", "--cfg=a=\\"b\\""]').cfgs).toEqual([
      'a="b"',
      "tokio_unstable",
      "unix",
    ]);
    expect(cfgsOf('build.rustflags = "--cfg one -C panic=abort"').cfgs).toEqual(["one", 'panic="abort"', "unix"]);
    expect(cfgsOf('build.rustflags = ["-Ctarget-feature=+avx2,-sse3"]').cfgs).toContain('target_feature="avx2"');
    expect(cfgsOf('build.rustflags = ["-C", "debug-assertions"]').cfgs).toContain("debug_assertions");
  });

  test("target.TRIPLE.rustflags and target.'cfg(…)'.rustflags", () => {
    expect(cfgsOf(`target.${triple}.rustflags = ["--cfg", "one"]`).cfgs).toContain("one");
    expect(cfgsOf(`[target.'cfg(unix)']\nrustflags = ["--cfg", "two"]`).cfgs).toContain("two");
    expect(cfgsOf(`[target.'cfg(windows)']\nrustflags = ["--cfg", "three"]`).cfgs).not.toContain("three");
  });

  test("the environment's flags stand in for all of them", () => {
    expect(cfgsOf('build.rustflags = ["--cfg", "one"]', { RUSTFLAGS: "--cfg two" }).cfgs).toEqual(["two", "unix"]);
    expect(
      cfgsOf('build.rustflags = ["--cfg", "one"]', {
        CARGO_ENCODED_RUSTFLAGS: "--cfg\u001fthree",
        RUSTFLAGS: "--cfg two",
      }).cfgs,
    ).toEqual(["three", "unix"]);
  });

  test("profile.NAME.debug-assertions and panic", () => {
    expect(cfgsOf("profile.release.debug-assertions = true").cfgs).toContain("debug_assertions");
    expect(cfgsOf('profile.release.panic = "abort"').cfgs).toContain('panic="abort"');
    const config = configOf('[profile.mine]\ninherits = "dev"').merged;
    expect(profileFlags("mine", {}, config, {})).toEqual({ debugAssertions: true, panic: null });
  });

  test("net.offline", () => expect(configOf("net.offline = true").offline).toBe(true));

  test("files above, of the home, and included ones; the nearest wins", () => {
    const root = tempFiles({
      ".cargo/config.toml": 'include = "more.toml"\nbuild.target = "outer"\nbuild.rustflags = ["-A"]',
      ".cargo/more.toml": 'build.target = "included"\nnet.offline = true',
      "inner/.cargo/config": 'build.target = "inner"',
      "home/config.toml": 'build.target = "home"\nnet.retry = 1\nbuild.rustflags = ["-H"]',
    });
    const config = readCargoConfig(join(root, "inner"), join(root, "home"), true);
    expect(config.merged).toMatchObject({ build: { target: "inner", rustflags: ["-H", "-A"] } });
    expect(config.offline).toBe(true);
    expect(config.files.map((file) => file.slice(root.length + 1)).sort()).toEqual([
      ".cargo/config.toml",
      ".cargo/more.toml",
      "home/config.toml",
      "inner/.cargo/config",
    ]);
  });
});

describe("keys that cargo is told", () => {
  test("sources, patches, registries, paths: with paths made absolute", () => {
    const config = configOf(`
      paths = ["../over"]
      source.crates-io.replace-with = "here"
      source.here.directory = "vendor"
      patch.crates-io.log.path = "log"
      registries.own.index = "https://example.invalid/index"
      registries.own.token = "secret"
      registries.own.credential-provider = "run-me"
      registry.default = "own"
      resolver.incompatible-rust-versions = "fallback"
    `);
    expect(config.carried).toEqual({
      paths: [join(config.root, "../over")],
      source: { "crates-io": { "replace-with": "here" }, here: { directory: join(config.root, "vendor") } },
      patch: { "crates-io": { log: { path: join(config.root, "log") } } },
      registries: { own: { index: "https://example.invalid/index" } },
      registry: { default: "own" },
      resolver: { "incompatible-rust-versions": "fallback" },
    });
    expect(config.problems).toEqual([]);
  });

  test("nothing that starts a program, and no environment", () => {
    const config = configOf(`
      build.rustc-wrapper = "w"
      build.rustc = "r"
      alias.b = "build"
      env.A = "1"
      target.${triple}.runner = "run"
      target.${triple}.linker = "link"
      registry.token = "t"
      registry.global-credential-providers = ["p"]
      registries.x.token = "t"
      registries.x.credential-provider = "p"
      credential-alias.a = ["p"]
      net.git-fetch-with-cli = true
      http.proxy = "evil"
    `);
    expect(config.carried).toEqual({ registries: { x: {} }, registry: {} });
  });
});

describe("keys that are told in the report", () => {
  const table: readonly (readonly [string, RegExp])[] = [
    ['build.rustc-wrapper = "sccache"', /build\.rustc-wrapper/],
    ['build.rustc-workspace-wrapper = "w"', /build\.rustc-workspace-wrapper/],
    ['build.rustc = "my-rustc"', /build\.rustc`/],
    ['profile.release.rustflags = ["-A"]', /profile\.release\.rustflags/],
    ['env.A = "1"', /\[env\]/],
    ["unstable.build-std = []", /\[unstable\].*build-std/],
    ["host.linker = 1", /`host`/],
    ['include = "gone.toml"', /cannot be read/],
    ['include = "no-toml"', /include/],
  ];
  for (const [text, message] of table) {
    test(text.replace("\n", " "), () => {
      expect(configOf(text).problems.map((one) => one.message)).toEqual([expect.stringMatching(message)]);
    });
  }

  test("what stands in for a build script, with the target that it is for", () => {
    const { problems, ofTargets } = configOf(`[target.${triple}.ssl]\nrustc-cfg = ["a"]`);
    expect(problems).toEqual([]);
    expect(ofTargets).toEqual([
      { target: triple, problem: expect.objectContaining({ message: expect.stringMatching(/target\.x86_64.*\.ssl/) }) },
    ]);
  });

  test("rustc's flags that change cfgs in ways that are not seen", () => {
    expect(cfgsOf('build.rustflags = ["-Ctarget-cpu=native"]').problems).toEqual([expect.stringMatching(/target-cpu/)]);
    expect(cfgsOf('build.rustflags = ["@args"]').problems).toEqual([expect.stringMatching(/@args/)]);
  });

  test("debug assertions of single packages", () => {
    const manifest = { profile: { release: { package: { log: { "debug-assertions": true } } } } };
    expect(profileProblems("release", manifest, {}, null).map((one) => one.message)).toEqual([
      "`profile.release.package.log.debug-assertions` is not read",
    ]);
  });
});

test("a file that is no TOML is an error with its place", () => {
  expect(() => configOf("build = = 1")).toThrow(/TOML|toml/);
});

describe("what nobody writes by mistake", () => {
  test("a file that includes itself over and over is read so many times", () => {
    const config = configOf(`include = [${'"config.toml", '.repeat(20)}]\nbuild.target = "a"\n`);
    expect(config.files.length).toBe(201); // the home directory's too
    expect(config.merged["build"]).toEqual({ target: "a" });
    expect(config.problems.map((one) => one.message)).toContain("an `include` of cargo's configuration was not read");
  });

  test("a value of another kind is an error with its key", () => {
    expect(() => configOf("build.rustflags = 3")).toThrow("`build.rustflags` must be a text or a list of texts");
    expect(() => configOf("net.offline = 'yes'")).toThrow("`net.offline` must be true or false");
    expect(() => configOf(`[source]\n${"a.".repeat(100_000)}a = 1`)).toThrow("more than 100 tables");
  });

  test("a profile that nothing defines, or that inherits from itself, is told", () => {
    const told = (name: string, profile: TomlTable): readonly string[] =>
      profileProblems(name, { profile }, {}, null).map((one) => one.message);
    expect(told("release", {})).toEqual([]);
    expect(told("ci", { ci: { inherits: "dev" } })).toEqual([]);
    expect(told("constructor", {})).toEqual([expect.stringMatching(/^no profile is called `constructor`/)]);
    expect(told("a", { a: { inherits: "b" }, b: { inherits: "a" } })).toEqual([
      "the profile `a` inherits from itself: a, b",
    ]);
  });
});
