/**
 * Results that are kept between runs: the same bytes with and without them, used only where nothing changed, harmless where
 * they are damaged or cannot be written.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { packageFile } from "../../src/base/package-file.ts";
import { type KnownProgram, openProgramCache, type ProgramCache } from "../../src/cli/program-cache.ts";
import { cacheDirectory } from "../../src/cli/user-cache.ts";
import type { Program, Workspace } from "../../src/crates/crate-graph.ts";
import { loadWorkspace } from "../../src/crates/load-workspace.ts";
import { openCacheStore } from "../../src/load/cache-store.ts";
import { loadOptions } from "../support/load-options.ts";
import { runCli } from "../support/run-cli.ts";
import { snapshotOf, tempFiles } from "../support/temp-files.ts";

const options = { strictPosix: false, forkEntries: false, faultLowers: true };
const known: KnownProgram = {
  summary: {
    program: {
      id: "one",
      package: "one@0.1.0",
      target: "x86_64-unknown-linux-gnu",
      features: [],
      allocator: null,
      verdict: "clean",
      featuresApproximated: false,
    },
    parts: [],
    blindSpots: [],
    problems: [],
    allows: [],
    namedHandlers: ["one"],
    closure: { packages: [], words: [] },
  },
  problems: [],
  stdVersion: "1",
};
const manifest = '[package]\nname = "one"\nversion = "0.1.0"\nedition = "2021"\n';
const files = { "Cargo.toml": manifest, "src/main.rs": 'include!("x.in"); fn main() {}', "src/x.in": "fn x() {}" };

interface Opened {
  readonly workspace: Workspace;
  readonly program: Program;
  readonly cache: ProgramCache;
}

async function open(root: string, directory: string, given = options): Promise<Opened> {
  const workspace = await loadWorkspace({ ...loadOptions(root), manifestPath: path.join(root, "Cargo.toml") });
  const [program] = workspace.programs;
  if (program === undefined) throw new Error("no program");
  return { workspace, program, cache: openProgramCache(directory, workspace, given) };
}

const asked = (root: string): string[] => ["src/main.rs", "src/x.in", "src/gone.in"].map((one) => path.join(root, one));

async function isKnown(root: string, directory: string, given = options): Promise<boolean> {
  const { cache, program } = await open(root, directory, given);
  return cache.find(program) !== null;
}

async function keep(root: string, directory: string, meanwhile = (): void => {}): Promise<void> {
  const { cache, program } = await open(root, directory);
  cache.find(program);
  meanwhile();
  cache.keep(program, known, asked(root));
}

test("cold, warm and without a cache the output is the same bytes, and the workspace is what it was", async () => {
  const root = tempFiles({});
  cpSync(packageFile("fixtures/deadlock"), root, { recursive: true });
  const before = snapshotOf(root);
  const env = { XDG_CACHE_HOME: path.join(tempFiles({}), "xdg") };
  const run = (...args: string[]) => runCli(["check", "--format", "json", "-v", ...args], { cwd: root, env });
  const cold = await run();
  const [warm, without] = await Promise.all([run(), run("--no-cache")]);
  expect([cold.code, warm.code, without.code]).toEqual([1, 1, 1]);
  expect([cold, warm, without].map((one) => one.stderr.includes("analysing "))).toEqual([true, false, true]);
  expect(warm.stdout).toBe(cold.stdout);
  expect(without.stdout).toBe(cold.stdout);
  expect(snapshotOf(root)).toEqual(before);
  expect((await runCli(["cache"], { env })).stdout).toMatch(/: 2 entries, \d+\.\d MiB of at most \d+\.\d MiB\n$/);
  expect((await runCli(["cache", "--clear"], { env })).stdout).toMatch(/^removed 2 entries\n.*: 0 entries/);
}, 240_000);

test("a result is found again for equal files, in another checkout too, and for nothing else", async () => {
  const [root, directory] = [tempFiles(files), tempFiles({})];
  expect(await isKnown(root, directory)).toBe(false);
  await keep(root, directory);
  expect(await isKnown(root, directory)).toBe(true);
  expect(await isKnown(tempFiles(files), directory)).toBe(false);
  expect(await isKnown(root, directory, { ...options, strictPosix: true })).toBe(false);
  const changes: Record<string, string>[] = [
    { "src/main.rs": 'include!("x.in"); fn main() { x() }' },
    { "src/x.in": "fn y() {}" },
    { "src/gone.in": "" },
    { "src/new.rs": "" },
    { "Cargo.toml": `${manifest}[features]\ndefault = ["a"]\na = []\n` },
    { "Cargo.toml": manifest.replace("2021", "2018") },
  ];
  for (const change of changes) {
    const other = tempFiles({});
    cpSync(root, other, { recursive: true });
    await keep(other, directory);
    expect(await isKnown(other, directory)).toBe(true);
    for (const [name, text] of Object.entries(change)) writeFileSync(path.join(other, name), text);
    expect([change, await isKnown(other, directory)]).toEqual([change, false]);
  }
});

test("a checkout elsewhere shares results where every file read is Rust", async () => {
  const rust = { "Cargo.toml": manifest, "src/main.rs": "fn main() {}" };
  const [root, directory] = [tempFiles(rust), tempFiles({})];
  const { cache, program } = await open(root, directory);
  cache.find(program);
  cache.keep(program, known, [path.join(root, "src/main.rs"), "<core>"]);
  expect(await isKnown(tempFiles(rust), directory)).toBe(true);
});

test("what changed while it was looked at is not kept", async () => {
  const [root, directory] = [tempFiles(files), tempFiles({})];
  await keep(root, directory, () => writeFileSync(path.join(root, "src/main.rs"), "fn main() { loop {} }"));
  expect(readdirSync(directory)).toEqual([]);
});

test("a damaged entry is none, and is made anew", async () => {
  const [root, directory] = [tempFiles(files), tempFiles({})];
  await keep(root, directory);
  const [entry = ""] = readdirSync(directory);
  writeFileSync(path.join(directory, entry), readFileSync(path.join(directory, entry)).subarray(0, -1));
  expect(await isKnown(root, directory)).toBe(false);
  await keep(root, directory);
  expect(await isKnown(root, directory)).toBe(true);
});

test("an entry of another shape, or one that swells, is none though its hash is right", async () => {
  const [root, directory] = [tempFiles(files), tempFiles({})];
  await keep(root, directory);
  const [entry = ""] = readdirSync(directory);
  const store = openCacheStore(directory);
  const write = (bytes: Buffer): void => store.write(path.basename(entry, ".entry"), bytes);
  const kept = JSON.parse(inflateRawSync(store.read(path.basename(entry, ".entry")) ?? "").toString("utf8"));
  write(deflateRawSync(JSON.stringify(kept)));
  expect(await isKnown(root, directory)).toBe(true);
  const { summary, others } = kept;
  const shapes = [
    null,
    [],
    {},
    { ...kept, others: [[1, 2]] },
    { ...kept, others: undefined },
    { ...kept, summary: { ...summary, parts: [{}] } },
    { ...kept, summary: { ...summary, closure: { packages: [0], words: [] } } },
    { ...kept, summary: { ...summary, allows: [{ scope: { k: "ids", ids: ["x"] } }] }, others },
  ];
  for (const one of shapes) {
    write(deflateRawSync(JSON.stringify(one)));
    expect([one, await isKnown(root, directory)]).toEqual([one, false]);
  }
  for (const bytes of [Buffer.from("x"), deflateRawSync(Buffer.alloc(100 << 20, " "))]) {
    write(bytes);
    expect(await isKnown(root, directory)).toBe(false);
  }
});

test("nothing is kept inside a workspace or where nothing can be written", async () => {
  const root = tempFiles(files);
  mkdirSync(path.join(root, "cache"));
  const before = snapshotOf(root);
  for (const directory of [path.join(root, "cache/mine"), path.join(root, "cache"), "/dev/null/cache"]) {
    await keep(root, directory);
    expect(await isKnown(root, directory)).toBe(false);
  }
  expect(snapshotOf(root)).toEqual(before);
});

test("the directory is the one that XDG names, or .cache at home", () => {
  expect(cacheDirectory({ XDG_CACHE_HOME: "/x", HOME: "/h" })).toBe("/x/sigsafe-lint");
  expect(cacheDirectory({ XDG_CACHE_HOME: "x", HOME: "/h" })).toBe("/h/.cache/sigsafe-lint");
  expect(cacheDirectory({ HOME: "h" })).toBeNull();
});
