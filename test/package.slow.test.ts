/**
 * The package as a user gets it: packed with its dependencies, installed elsewhere, and run by its own commands; and by `npx` on a machine
 * that has nothing but Node 20, 22 or 24: an empty home directory, no cargo and no network.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { packageFile } from "../src/base/package-file.ts";
import { referee } from "./support/referees.ts";
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

beforeAll(() => {
  const built = npm(["run", "--silent", "build"], root);
  if (built.status !== 0) throw new Error(`${built.stdout}${built.stderr}`);
  const run = npm(["pack", "--json", "--pack-destination", place], root);
  if (run.status !== 0) throw new Error(run.stderr);
  const [first] = JSON.parse(run.stdout) as Packed[];
  if (first === undefined) throw new Error("npm packed nothing");
  packed = first;
  const done = npm(["install", "--offline", "--no-audit", "--no-fund", join(place, packed.filename)], place);
  if (done.status !== 0) throw new Error(done.stderr);
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
      "node_modules",
      "package.json",
      "rules",
      "schemas",
      "signal-safety.json",
    ]);
    expect(paths.filter((path) => path.startsWith("dist/") && !/^dist\/src\/[\w/-]+\.js$/.test(path))).toEqual([
      "dist/std-model.bin",
    ]);
    expect(paths.filter((path) => path.startsWith("rules/")).sort()).toEqual(filesUnder("rules"));
    expect(paths.filter((path) => path.startsWith("dist/src/")).length).toBe(filesUnder("src").length);
    expect(paths).toEqual(
      expect.arrayContaining([
        "assets/tree-sitter-rust.wasm",
        "assets/tree-sitter-rust.LICENSE",
        "schemas/report.schema.json",
      ]),
    );
  });

  // A third of it is the parser's package, whose debug build and source maps npm packs too: `files` says nothing of bundled packages.
  test("is small enough to be fetched by npx", () => expect(packed.size).toBeLessThan(3_100_000));
});

describe("installed elsewhere", () => {
  test("the commands run, and find the deadlock", () => {
    const version = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
    const bin = (name: string, args: readonly string[]): ReturnType<typeof npm> =>
      spawnSync(join(place, "node_modules/.bin", name), args, { cwd: place, encoding: "utf8" });
    expect(bin("sigsafe-lint", ["--version"])).toMatchObject({ status: 0, stdout: `sigsafe-lint ${version}\n` });
    const args = ["check", "--manifest-path", fixture, "--target", "x86_64-unknown-linux-gnu"];
    const run = bin("cargo-sigsafe", ["sigsafe", ...args]);
    expect([run.status, run.stderr]).toEqual([1, ""]);
    expect(run.stdout).toBe(readFileSync(join(root, "test/report/deadlock.txt"), "utf8"));
  });

  test("brings no development dependency and runs no install script", () => {
    const bundled = join(place, "node_modules/sigsafe-lint/node_modules");
    const names = readdirSync(bundled).filter((name) => !name.startsWith("."));
    const { dependencies, bundleDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(bundleDependencies).toEqual(Object.keys(dependencies));
    expect(names).toEqual(expect.arrayContaining(Object.keys(dependencies)));
    for (const name of ["typescript", "tree-sitter", "vitest"]) expect(names).not.toContain(name);
    expect(names.length).toBeLessThan(15);
    for (const name of names) {
      const manifest = JSON.parse(readFileSync(join(bundled, name, "package.json"), "utf8"));
      const scripts = ["preinstall", "install", "postinstall"].filter(
        (script) => manifest.scripts?.[script] !== undefined,
      );
      expect([name, scripts]).toEqual([name, []]);
    }
  });
});

describe("by npx on an empty machine without a network", () => {
  const nodes: Readonly<Record<string, string | null>> = {
    "20": process.version.startsWith("v20.") ? dirname(process.execPath) : null,
    "22": referee("node_modules/node22/bin", "the package on Node 22"),
    "24": referee("node_modules/node24/bin", "the package on Node 24"),
  };
  // A network namespace of its own has no network; where that is not allowed, npm alone is told to stay offline.
  const alone = spawnSync("unshare", ["-rn", "true"]).status === 0 ? ["unshare", "-rn"] : [];
  const npx = realpathSync(spawnSync("sh", ["-c", "command -v npx"], { encoding: "utf8" }).stdout.trim());

  for (const [version, directory] of Object.entries(nodes)) {
    test.skipIf(directory === null)(`Node ${version}`, () => {
      const home = tempFiles({ "here/x": "" });
      const tool = ["--yes", "--offline", "--package", join(place, packed.filename), "sigsafe-lint"];
      const args = ["check", "--manifest-path", fixture, "--target", "x86_64-unknown-linux-gnu"];
      const command = [...alone, "env", "-i", `HOME=${home}`, `PATH=${directory}:/usr/bin:/bin`, "node", npx];
      const [program = "", ...rest] = [...command, ...tool, ...args];
      const run = spawnSync(program, rest, { cwd: join(home, "here"), encoding: "utf8" });
      expect([run.status, run.stderr]).toEqual([1, ""]);
      expect(run.stdout).toMatch(/1 error, 0 warnings, 0 blind spots\n$/);
      const which = spawnSync(join(directory ?? "", "node"), ["--version"], { encoding: "utf8" });
      expect(which.stdout.startsWith(`v${version}.`)).toBe(true);
    });
  }
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
