/**
 * Our own feature unifier against cargo's, on a workspace of path crates with every form of feature that manifests have.
 * Skipped, and said so, without cargo.
 */
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { loadWorkspace } from "../../src/crates/load-workspace.ts";
import { loadOptions } from "../support/load-options.ts";
import { tempFiles } from "../support/temp-files.ts";

const cargo: boolean = spawnSync("cargo", ["--version"]).status === 0;
if (!cargo) console.warn("SKIPPED: cargo is missing, so features cannot be compared with its own");

const lib = (name: string, rest: string): Readonly<Record<string, string>> => ({
  [`${name}/Cargo.toml`]: `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n${rest}`,
  [`${name}/src/lib.rs`]: "",
});

const files: Readonly<Record<string, string>> = {
  "Cargo.toml": '[workspace]\nmembers = ["app", "a", "b", "c", "m", "w", "t"]\nresolver = "2"\n',
  "app/Cargo.toml": `[package]
name = "app"
version = "0.1.0"
edition = "2021"
[features]
default = ["one"]
one = ["a/x", "b?/y"]
two = ["dep:b", "one"]
three = ["c"]
four = ["b/z"]
[dependencies]
a = { path = "../a", default-features = false }
b = { path = "../b", optional = true }
c = { path = "../c", optional = true, features = ["x"] }
m = { path = "../m" }
[target.'cfg(windows)'.dependencies]
w = { path = "../w" }
[build-dependencies]
a = { path = "../a", features = ["build-only"] }
[dev-dependencies]
t = { path = "../t" }
`,
  "app/src/main.rs": "fn main() {}",
  ...lib(
    "a",
    '[features]\ndefault = ["std"]\nstd = []\nx = ["y"]\ny = []\nbuild-only = []\nmacro-only = []\nwin = []\ndev = []\n',
  ),
  ...lib("b", '[features]\ny = []\nz = ["a/std"]\n[dependencies]\na = { path = "../a", default-features = false }\n'),
  ...lib("c", '[features]\nx = ["dep:b", "b/y"]\n[dependencies]\nb = { path = "../b", optional = true }\n'),
  ...lib("m", '[lib]\nproc-macro = true\n[dependencies]\na = { path = "../a", features = ["macro-only"] }\n'),
  ...lib("w", '[dependencies]\na = { path = "../a", features = ["win"] }\n'),
  ...lib("t", '[dependencies]\na = { path = "../a", features = ["dev"] }\n'),
};

const choices: readonly (readonly string[])[] = [
  [],
  ["--no-default-features"],
  ["-F", "two"],
  ["-F", "three"],
  ["-F", "four"],
  ["--no-default-features", "-F", "three,four"],
  ["--all-features"],
];

describe.runIf(cargo)("features of each crate are those that cargo compiles it with", () => {
  const root = tempFiles(files);
  spawnSync("cargo", ["generate-lockfile", "--offline"], { cwd: root });
  for (const flags of choices) {
    test(flags.join(" ") || "without flags", async () => {
      const at = flags.indexOf("-F");
      const workspace = await loadWorkspace(
        loadOptions(root, {
          packages: ["app"],
          features: at < 0 ? [] : [flags[at + 1] ?? ""],
          noDefaultFeatures: flags.includes("--no-default-features"),
          allFeatures: flags.includes("--all-features"),
        }),
      );
      expect(workspace.origin).toBe("manifests");
      const crates = workspace.programs[0]?.crates ?? [];
      const ours = crates.map((one): [string, string[]] => [one.name, [...one.features].sort()]);
      expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(cargoFeatures(root, flags)));
    });
  }
});

function cargoFeatures(root: string, flags: readonly string[]): Map<string, string[]> {
  const run = spawnSync(
    "cargo",
    [
      "tree",
      "-p",
      "app",
      "-e",
      "normal,no-proc-macro",
      "--prefix",
      "none",
      "-f",
      "{p}|{f}",
      "--target",
      "x86_64-unknown-linux-gnu",
      "--offline",
      ...flags,
    ],
    { cwd: root, encoding: "utf8" },
  );
  if (run.status !== 0) throw new Error(run.stderr);
  return new Map(
    run.stdout
      .trim()
      .split("\n")
      .map((line): [string, string[]] => {
        const [pkg = "", features = ""] = line.replace(/ \(\*\)$/, "").split("|");
        return [
          pkg.split(" ")[0] ?? "",
          features
            .split(",")
            .filter((one) => one !== "")
            .sort(),
        ];
      }),
  );
}
