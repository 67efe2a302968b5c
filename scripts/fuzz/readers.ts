/**
 * Every reader of foreign files as a function from text to "got past its first token": what the fuzzer calls in a loop.
 *
 * A reader may refuse with one of the product's own errors, and does nothing else: whatever else it throws is a defect.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { packageFile } from "../../src/base/package-file.ts";
import { fileId } from "../../src/base/span.ts";
import { baselineAllow, configAllows, configHandlers } from "../../src/cli/allowances.ts";
import { CliError } from "../../src/cli/cli-error.ts";
import { readConfig } from "../../src/cli/config.ts";
import { renderReport } from "../../src/cli/formats.ts";
import { readLints } from "../../src/cli/rule-files.ts";
import { FORMATS } from "../../src/cli/run-options.ts";
import { readStoredReport } from "../../src/cli/stored-report.ts";
import { readCargoConfig } from "../../src/crates/cargo-config.ts";
import { CrateError } from "../../src/crates/crate-error.ts";
import { loadWorkspace } from "../../src/crates/load-workspace.ts";
import { readLockfile } from "../../src/crates/lockfile.ts";
import { readMetadata } from "../../src/crates/metadata.ts";
import type { Pack } from "../../src/model/pack.ts";
import { indexPacks } from "../../src/model/pack-index.ts";
import { checkAgainst, ModelError } from "../../src/model/schema-check.ts";
import type { FnItem, Item } from "../../src/syntax/ast.ts";
import { lowerFnBody } from "../../src/syntax/body.ts";
import { parseFile } from "../../src/syntax/file-items.ts";
import { initParser } from "../../src/syntax/parser.ts";
import { cacheReader, cacheSeeds } from "./cache.ts";
import { loadOptionsBase, programSeeds, runProgram } from "./program.ts";
import { filesOf, registryFiles } from "./seeds.ts";

export interface Target {
  readonly name: string;
  readonly seeds: () => readonly string[];
  /** Half of the changes are made to the parsed value. */
  readonly json: boolean;
  /** How many inputs at once: `run` gets that many. */
  readonly batch: number;
  /** True for each input that got past the first token. Throws what the reader throws. */
  readonly run: (texts: readonly string[]) => Promise<readonly boolean[]>;
}

/** Whether an error is one of those that a reader may end with. */
export function isRefusal(error: unknown): boolean {
  return error instanceof CrateError || error instanceof CliError || error instanceof ModelError;
}

const scratch: { path: string | null } = { path: null };

/** A directory of this process, removed at its end. */
function directory(): string {
  if (scratch.path === null) {
    const made = mkdtempSync(path.join(tmpdir(), "sigsafe-fuzz-"));
    scratch.path = made;
    process.on("exit", () => rmSync(made, { recursive: true, force: true }));
  }
  return scratch.path;
}

function fileOf(name: string, text: string): string {
  const file = path.join(directory(), name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** Refusals that name a place after the first line's beginning, or that are about the value and not its syntax. */
function isDeep(error: unknown): boolean {
  return !(error instanceof CrateError) || error.line === null || error.line > 1 || (error.column ?? 0) > 8;
}

function isDeepJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    return Number(/at position (\d+)/u.exec((error as Error).message)?.[1] ?? 0) > 1;
  }
}

function reader(
  name: string,
  seeds: () => readonly string[],
  run: (text: string) => boolean | Promise<boolean>,
  json = false,
): Target {
  const one = async (text: string): Promise<boolean> => {
    try {
      return await run(text);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return json ? isDeepJson(text) : isDeep(error);
    }
  };
  return { name, seeds, json, batch: 1, run: async (texts) => [await one(texts[0] ?? "")] };
}

const lockSeeds = (): readonly string[] => [
  ...registryFiles("Cargo.lock", 40),
  'version = 4\n\n[[package]]\nname = "app"\nversion = "0.1.0"\ndependencies = [\n "libc",\n]\n\n[[package]]\nname = "libc"\nversion = "0.2.1"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "00"\n',
];

const manifestSeeds = (): readonly string[] => [
  ...registryFiles("Cargo.toml", 150),
  '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[[bin]]\nname = "a"\npath = "src/main.rs"\n[features]\ndefault = ["a"]\na = ["b?/x"]\n[target."cfg(unix)".dependencies]\nb = { path = "b", optional = true }\n',
  '[workspace]\nmembers = ["a*", "b/**"]\nexclude = ["c"]\n[workspace.package]\nversion = "1.0.0"\n[workspace.dependencies]\nx = { path = "x" }\n[profile.release]\npanic = "abort"\n',
];

const cargoConfigSeeds: readonly string[] = [
  '[build]\nrustc-wrapper = "x"\ntarget = ["x86_64-unknown-linux-gnu"]\nrustflags = ["--cfg", "a"]\n[source.crates-io]\nreplace-with = "v"\n[source.v]\ndirectory = "vendor"\n[alias]\nb = "build"\n[env]\nX = { value = "a", force = true }\n',
  '[target.\'cfg(all(unix, not(target_os = "linux")))\']\nrustflags = "-C panic=abort --cfg b"\nrunner = ["a", "b"]\n[patch.crates-io]\nlibc = { path = "../libc" }\n[registries.x]\nindex = "sparse+https://x/"\n[profile.dev]\npanic = "abort"\n[net]\noffline = true\n',
  'include = ["other.toml", { path = "config.toml", optional = true }]\npaths = ["/a", "b"]\n[registry]\ndefault = "x"\nglobal-credential-providers = ["cargo:token"]\n[unstable]\nbuild-std = ["core"]\n',
];

const configSeeds: readonly string[] = [
  'fail-on = "warning"\nmax-blind-spots = 3\nstrict-posix = true\nfork-entries = false\nfault-errors = "error"\nprofile = "release"\ntargets = ["x86_64-unknown-linux-gnu"]\n\n[[allow]]\nrule = "heap-allocation"\nreason = "known"\nhandler = "app::on_term"\nsite = "src/main.rs:12"\nuntil = 2027-01-31\nversion = ">=1.0, <2"\n\n[[handler]]\npath = "app::other"\n',
];

function metadataSeeds(): readonly string[] {
  const pkg = (name: string, source: string | null, deps: readonly object[]): object => ({
    ...{ name, version: "0.1.0", id: `${name} 0.1.0`, source, dependencies: deps, features: { default: ["a"], a: [] } },
    manifest_path: `/w/${name}/Cargo.toml`,
    edition: "2021",
    targets: [{ kind: ["lib"], crate_types: ["lib"], name, src_path: `/w/${name}/src/lib.rs`, edition: "2021" }],
  });
  const dependency = {
    name: "b",
    rename: null,
    kind: null,
    target: "cfg(unix)",
    optional: false,
    features: [],
    path: "/w/b",
  };
  const dep = { name: "b", pkg: "b 0.1.0", dep_kinds: [{ kind: null, target: "cfg(unix)" }] };
  const value = {
    packages: [pkg("a", null, [{ ...dependency, uses_default_features: true }]), pkg("b", "registry+x", [])],
    workspace_members: ["a 0.1.0"],
    workspace_default_members: ["a 0.1.0"],
    resolve: {
      root: "a 0.1.0",
      nodes: [
        { id: "a 0.1.0", deps: [dep], features: ["a"] },
        { id: "b 0.1.0", deps: [] },
      ],
    },
    workspace_root: "/w",
    metadata: null,
    version: 1,
  };
  return [JSON.stringify(value)];
}

/** Parses and lowers everything; false where nothing came of it. */
function readRust(text: string): boolean {
  const file = parseFile(text, fileId(0), "2021");
  const stack: Item[] = [...file.items];
  const any = stack.length > 0;
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    if (item.span.start < 0 || item.span.end > text.length) throw new Error("a span lies outside the text");
    if (item.k === "fn") lowerFnBody(item as FnItem);
    else if ("items" in item && item.items !== null) stack.push(...(item.items as readonly Item[]));
  }
  return any;
}

/** All readers, and the whole pipeline last. */
export async function fuzzTargets(): Promise<readonly Target[]> {
  await initParser({ grammarWasm: packageFile("assets/tree-sitter-rust.wasm") });
  const lints = readLints();
  const packSchema = schemaOf("rules/schema.json");
  const reportText = (name: string): string => filesOf("test/report/stored", `${name}.json`)[0] ?? "";
  return [
    reader("lockfile", lockSeeds, (text) => readLockfile(text).length > 0),
    reader("manifest", manifestSeeds, async (text) => {
      const cwd = path.dirname(fileOf("workspace/Cargo.toml", text));
      for (const name of ["src/main.rs", "src/lib.rs", "a1/src/lib.rs"]) fileOf(`workspace/${name}`, "");
      fileOf(
        "workspace/a1/Cargo.toml",
        '[package]\nname = "a1"\nversion.workspace = true\n[dependencies]\nx.workspace = true\n',
      );
      return (await loadWorkspace({ ...loadOptionsBase, allTargets: true, cwd, workspace: true })).programs.length >= 0;
    }),
    reader(
      "cargo-config",
      () => cargoConfigSeeds,
      (text) => {
        const file = fileOf("config/.cargo/config.toml", text);
        fileOf("config/.cargo/other.toml", '[env]\nA = "b"\n');
        return readCargoConfig(path.dirname(path.dirname(file)), "/nonexistent", true).files.length > 0;
      },
    ),
    reader(
      "sigsafe-toml",
      () => configSeeds,
      (text) => {
        const config = readConfig(text, "/w/sigsafe.toml");
        configHandlers(config);
        return configAllows(config, () => lints, "/w").length >= 0;
      },
    ),
    reader(
      "metadata",
      metadataSeeds,
      (text) => {
        readMetadata(text, (one) => one);
        return true;
      },
      true,
    ),
    reader(
      "rule-pack",
      () => filesOf("rules/crates", ".json"),
      (text) => {
        const value: unknown = parseJson(text, "pack.json");
        const pack = checkAgainst<Pack>("pack.json", packSchema, value);
        for (const one of indexPacks([pack]).texts) readRust(one.text);
        return true;
      },
      true,
    ),
    reader(
      "baseline",
      () => [reportText("deadlock")],
      (text) => {
        return baselineAllow(fileOf("baseline.json", text), "/").scope.k === "ids";
      },
      true,
    ),
    reader(
      "report",
      () => [reportText("deadlock")],
      (text) => {
        const report = readStoredReport(fileOf("report.json", text));
        const format = FORMATS[text.length % FORMATS.length] ?? "text";
        renderReport(report, format, { colour: true, explain: true, quiet: false });
        return true;
      },
      true,
    ),
    reader("cache", cacheSeeds, await cacheReader(directory()), true),
    reader("rust", () => [...filesOf("fixtures", ".rs"), ...registryFiles(".rs", 300)], readRust),
    { name: "program", seeds: programSeeds, json: false, batch: 12, run: runProgram },
  ];
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CliError(`${file} is no JSON: ${(error as Error).message}`);
  }
}

function schemaOf(file: string): object {
  return JSON.parse(filesOf(path.dirname(file), path.basename(file))[0] ?? "{}") as object;
}
