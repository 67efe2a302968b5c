/**
 * The package as a user gets it: packed, installed elsewhere without development dependencies, and run by its own commands.
 *
 * Installing asks npm's cache or registry for the five dependencies; without either the part that runs is skipped, and says so.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { packageFile } from "../src/base/package-file.ts";
import { tempFiles } from "./support/temp-files.ts";

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

const root: string = packageFile(".");
const place: string = tempFiles({ "package.json": '{ "private": true }' });
const fixture: string = join(root, "fixtures/deadlock/Cargo.toml");
let packed: Packed;
let installed = false;

beforeAll(() => {
  const built = npm(["run", "--silent", "build"], root);
  if (built.status !== 0) throw new Error(`${built.stdout}${built.stderr}`);
  const run = npm(["pack", "--json", "--pack-destination", place], root);
  if (run.status !== 0) throw new Error(run.stderr);
  const [first] = JSON.parse(run.stdout) as Packed[];
  if (first === undefined) throw new Error("npm packed nothing");
  packed = first;
  const install = [
    "install",
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
    "--omit=dev",
    join(place, packed.filename),
  ];
  const done = npm(install, place);
  installed = done.status === 0;
  if (!installed) console.warn(`SKIPPED: the package cannot be installed here:\n${done.stderr}`);
});

describe("what is packed", () => {
  test("the built program with its data, and nothing else", () => {
    const paths = packed.files.map((one) => one.path);
    const folders = new Set(paths.map((path) => path.split("/")[0] ?? ""));
    expect([...folders].sort()).toEqual([
      "CHANGELOG.md",
      "LICENSE-APACHE",
      "LICENSE-MIT",
      "README.md",
      "assets",
      "dist",
      "package.json",
      "rules",
      "schemas",
      "signal-safety.json",
    ]);
    expect(paths.filter((path) => path.startsWith("dist/") && !/^dist\/src\/[\w/-]+\.js$/.test(path))).toEqual([]);
    expect(paths.filter((path) => path.startsWith("rules/")).sort()).toEqual(filesUnder("rules"));
    expect(paths.filter((path) => path.startsWith("dist/")).length).toBe(filesUnder("src").length);
    expect(paths).toEqual(
      expect.arrayContaining([
        "assets/tree-sitter-rust.wasm",
        "assets/tree-sitter-rust.LICENSE",
        "schemas/report.schema.json",
      ]),
    );
  });

  test("is small enough to be fetched by npx", () => expect(packed.size).toBeLessThan(3_000_000));
});

describe("installed elsewhere", () => {
  test("the commands run, and find the deadlock", ({ skip }) => {
    if (!installed) skip("npm could not install the package");
    const version = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
    const bin = (name: string, args: readonly string[]): ReturnType<typeof npm> =>
      spawnSync(join(place, "node_modules/.bin", name), args, { cwd: place, encoding: "utf8" });
    expect(bin("sigsafe-lint", ["--version"])).toMatchObject({ status: 0, stdout: `sigsafe-lint ${version}\n` });
    const args = ["check", "--manifest-path", fixture, "--target", "x86_64-unknown-linux-gnu"];
    const run = bin("cargo-sigsafe", ["sigsafe", ...args]);
    expect([run.status, run.stderr]).toEqual([1, ""]);
    expect(run.stdout).toBe(readFileSync(join(root, "test/report/deadlock.txt"), "utf8"));
  });

  test("brings no development dependency and runs no install script", ({ skip }) => {
    if (!installed) skip("npm could not install the package");
    const names = readdirSync(join(place, "node_modules")).filter((name) => !name.startsWith("."));
    expect(names).not.toContain("typescript");
    expect(existsSync(join(place, "node_modules/tree-sitter"))).toBe(false);
    expect(names.length).toBeLessThan(15);
    for (const name of names) {
      const manifest = JSON.parse(readFileSync(join(place, "node_modules", name, "package.json"), "utf8"));
      const scripts = ["preinstall", "install", "postinstall"].filter(
        (script) => manifest.scripts?.[script] !== undefined,
      );
      expect([name, scripts]).toEqual([name, []]);
    }
  });
});

function npm(args: readonly string[], cwd: string): { status: number | null; stdout: string; stderr: string } {
  return spawnSync("npm", args, { cwd, encoding: "utf8", maxBuffer: 2 ** 26 });
}

function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((path) => join(folder, path))
    .filter((path) => statSync(join(root, path)).isFile())
    .sort();
}
