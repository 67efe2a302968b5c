/**
 * What every way of loading has in common: the options, the session with its scratch directory, and the step from packages
 * with features to the finished `Workspace`.
 */

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { pushAll } from "../base/push-all.ts";
import { type BuildRules, readBuildRules } from "./build-rules.ts";
import { ancestors, type CargoConfig } from "./cargo-config.ts";
import { baseCfgs, type Environment, profileFlags, profileProblems } from "./compile-flags.ts";
import { CrateError } from "./crate-error.ts";
import type { CrateProblem, PackageInfo, Program, TargetChoice, Workspace, WorkspaceOrigin } from "./crate-graph.ts";
import type { FeatureChoice } from "./feature-resolver.ts";
import { findLocked, type LockedPackage, readLockfile } from "./lockfile.ts";
import { assembleProgram, type ProgramChoice, type ProgramContext } from "./programs.ts";
import { type RawPackage, type RawWorkspace, targetHolds } from "./raw-packages.ts";
import { readRegularFile, readTextFile, unreadWords } from "./regular-file.ts";
import { readSource, sourceRoots } from "./source-files.ts";
import { readTargetTable, type TargetTable, targetCfgs } from "./target-table.ts";
import { parseToml, stringOf, type TomlTable, tableOf } from "./toml.ts";

/** The data files of this layer, as text. */
export interface CrateRules {
  /** rules/targets.json */
  readonly targets: string;
  /** rules/build-scripts.json */
  readonly buildScripts: string;
}

export interface CommonOptions {
  readonly cwd: string;
  readonly env: Environment;
  readonly rules: CrateRules;
  readonly features: readonly string[];
  readonly allFeatures: boolean;
  readonly noDefaultFeatures: boolean;
  /** Triples; empty for the default. */
  readonly targets: readonly string[];
  /** "release" unless another profile of cargo's is asked for. */
  readonly profile: string;
  readonly locked: boolean;
  readonly offline: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Told what is being done, for a progress line. */
  readonly onProgress?: ((message: string) => void) | undefined;
}

/** The data files, parsed. */
export interface LoadRules {
  readonly table: TargetTable;
  readonly build: BuildRules;
}

/** Parses the data files. */
export function readRules(rules: CrateRules): LoadRules {
  return { table: readTargetTable(rules.targets), build: readBuildRules(rules.buildScripts) };
}

/** `--features "a b,c" -F d` as a list. */
export function featureChoice(options: CommonOptions): FeatureChoice {
  return {
    features: [...new Set(options.features.flatMap((text) => text.split(/[\s,]+/u)).filter((name) => name !== ""))],
    allFeatures: options.allFeatures,
    noDefaultFeatures: options.noDefaultFeatures,
  };
}

/** What is gathered while programs are made, and becomes the workspace. */
export interface Gathering {
  readonly rules: LoadRules;
  readonly config: CargoConfig;
  readonly env: Environment;
  readonly profile: string;
  readonly rootTable: TomlTable;
  readonly rootManifest: string | null;
  readonly locked: readonly LockedPackage[];
  /** The lockfile is a file of the workspace, so its lines mean something to the reader. */
  readonly lockHasLines: boolean;
  readonly problems: CrateProblem[];
  readonly infos: Map<string, PackageInfo>;
  readonly scripts: Map<string, string | null>;
}

/** Makes the context in which the programs of one resolve for one target are assembled. */
export function programContext(
  gathering: Gathering,
  raw: RawWorkspace,
  triple: string,
  members: ReadonlySet<string>,
): ProgramContext {
  const { rules, config, env, profile, rootTable, problems } = gathering;
  const cfgs = targetCfgs(rules.table, triple);
  const flags = { triple, targetCfgs: cfgs, config: config.merged, env };
  const base = baseCfgs({ ...flags, profile: profileFlags(profile, rootTable, config.merged, env) }, problems);
  const platform = { known: new Set(base), maybe: new Set<string>(), never: rules.build.never };
  return {
    raw,
    triple,
    base,
    holds: (target) => targetHolds(target, triple, platform),
    rules: rules.build,
    rustc: rules.table.rustc,
    infoOf: (pkg) => memo(gathering.infos, pkg.key, () => packageInfo(pkg, gathering)),
    scriptOf: (pkg) => memo(gathering.scripts, pkg.root, () => scriptText(pkg)),
    members,
  };
}

/** Assembles a program and notes it unless the member makes nothing. */
export function addProgram(
  programs: Program[],
  context: ProgramContext,
  choice: ProgramChoice,
  problems: CrateProblem[],
): void {
  const program = assembleProgram(context, choice, problems);
  if (program !== null) programs.push(program);
}

/** A library that a program of the workspace contains is linted there, and not once more by itself. */
export function dropContainedLibraries(programs: readonly Program[]): Program[] {
  const contained = new Set<string>();
  for (const program of programs) {
    if (program.kind === "lib") continue;
    for (const crate of program.crates) contained.add(`${crate.package.root}\n${program.target}`);
  }
  return programs.filter((program) => {
    const root = program.crates[program.roots[0] ?? -1]?.package.root;
    return program.kind !== "lib" || !contained.has(`${root}\n${program.target}`);
  });
}

/** The last step: everything sorted, and every root file checked to be there. */
export function finishWorkspace(
  gathering: Gathering,
  parts: {
    readonly origin: WorkspaceOrigin;
    readonly root: string;
    readonly targets: readonly TargetChoice[];
    readonly programs: readonly Program[];
    readonly lockfile: string | null;
    readonly metadata: unknown;
  },
): Workspace {
  const packages = new Map<string, PackageInfo>();
  for (const program of parts.programs) {
    for (const crate of program.crates) packages.set(`${crate.package.id}\n${crate.package.root}`, crate.package);
  }
  const ofMacros = parts.programs.flatMap(({ macroCrates }) => macroCrates.map((crate) => crate.package));
  const linted = new Set(parts.targets.map((one) => one.triple));
  const ofTargets = gathering.config.ofTargets.filter(({ target }) => linted.has(target) || target.startsWith("cfg("));
  const problems = [...gathering.config.problems, ...ofTargets.map((one) => one.problem), ...gathering.problems];
  pushAll(
    problems,
    profileProblems(gathering.profile, gathering.rootTable, gathering.config.merged, gathering.rootManifest),
  );
  const sorted = [...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, info]) => info);
  return {
    origin: parts.origin,
    root: parts.root,
    manifestPath: parts.origin === "published" ? null : gathering.rootManifest,
    targets: parts.targets,
    profile: gathering.profile,
    programs: [...parts.programs].sort((a, b) => (a.id < b.id ? -1 : 1)),
    packages: sorted,
    problems: uniqueProblems(problems),
    lockfile: parts.lockfile,
    toolchainChannel: toolchainChannel(parts.root),
    metadata: parts.metadata,
    sourceRoots: [...new Set([...sorted, ...ofMacros].map((info) => info.root))].sort(),
  };
}

const maxLockBytes = 64 * 1024 * 1024;

/** The packages of a Cargo.lock; none where there is no such file. */
export function lockedPackages(file: string): readonly LockedPackage[] {
  return packagesOf(lockText(file));
}

/** Throws where a Cargo.lock is none, as a merge leaves it: nobody but us reads it where all packages are path crates. */
export function checkLockfile(file: string): void {
  const text = lockText(file);
  parseToml(text, file);
  const seen = new Set<string>();
  for (const { name, version, source } of packagesOf(text)) {
    const id = `${name} ${version} ${source ?? ""}`;
    if (seen.has(id)) {
      const help = "make a new one with `cargo generate-lockfile`";
      throw new CrateError(`the package \`${name}@${version}\` is there twice`, { file, help });
    }
    seen.add(id);
  }
}

/** Nothing where there is no file. Of a pipe cargo would wait for the words for ever, and a device it would read until memory ends. */
function lockText(file: string): string {
  const found = readRegularFile(file, maxLockBytes);
  if (found.k === "bytes") return found.bytes.toString("utf8");
  if (found.reason === "missing") return "";
  throw new CrateError(`Cargo.lock ${unreadWords(found.reason, maxLockBytes)}`, {
    file,
    help: "check it out again, or make a new one with `cargo generate-lockfile`",
  });
}

function packagesOf(text: string): readonly LockedPackage[] {
  if (lastLock?.text !== text) lastLock = { text, packages: readLockfile(text) };
  return lastLock.packages;
}

/** Asked for before cargo runs and after. */
let lastLock: { readonly text: string; readonly packages: readonly LockedPackage[] } | null = null;

function packageInfo(pkg: RawPackage, gathering: Gathering): PackageInfo {
  const locked = findLocked(gathering.locked, pkg.name, pkg.version, pkg.source);
  return {
    id: `${pkg.name}@${pkg.version}`,
    name: pkg.name,
    version: pkg.version,
    source: pkg.source,
    checksum: locked?.checksum ?? null,
    root: pkg.root,
    lockLine:
      locked === null || !gathering.lockHasLines
        ? null
        : { line: locked.line, endColumn: locked.endColumn, lineHash: locked.lineHash },
    features: [...pkg.features.keys()].sort(),
  };
}

/** The build script with the modules beside it, comments and all; `null` where the package has none. */
function scriptText(pkg: RawPackage): string | null {
  const script = pkg.targets.find((target) => target.kind === "build-script");
  if (script === undefined) return null;
  const roots = sourceRoots([pkg.root]);
  const texts: string[] = [];
  const queue = [script.srcPath];
  const seen = new Set(queue);
  for (let file = queue.shift(); file !== undefined && seen.size < 50; file = queue.shift()) {
    const found = readSource(file, roots);
    if (found.k === "failure") {
      // A script that cannot be read may print anything.
      if (file === script.srcPath) texts.push('"cargo:rustc-cfg={}"');
      continue;
    }
    texts.push(found.text);
    for (const match of found.text.matchAll(/^\s*(?:pub(?:\([^)]*\))?\s+)?mod\s+(\w+)\s*;/gmu)) {
      for (const next of [join(dirname(file), `${match[1]}.rs`), join(dirname(file), `${match[1]}`, "mod.rs")]) {
        if (!seen.has(next) && existsSync(next)) queue.push(next);
        seen.add(next);
      }
    }
  }
  return texts.join("\n");
}

/** What rust-toolchain(.toml) asks for, read as data: rustup never sees it. */
function toolchainChannel(root: string): string | null {
  for (const directory of ancestors(root)) {
    for (const name of ["rust-toolchain", "rust-toolchain.toml"]) {
      const text = readTextFile(join(directory, name), 64 * 1024);
      if (text === null) continue;
      try {
        return stringOf(tableOf(parseToml(text, name), "toolchain"), "channel");
      } catch {
        // The old form: nothing but the channel.
        const line = text.trim();
        return /^[\w.+-]+$/u.test(line) ? line : null;
      }
    }
  }
  return null;
}

function uniqueProblems(problems: readonly CrateProblem[]): CrateProblem[] {
  const unique = new Map(
    problems.map((one) => [JSON.stringify([one.level, one.package, one.file, one.line, one.message]), one]),
  );
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

function memo<V>(map: Map<string, V>, key: string, make: () => V): V {
  const before = map.get(key);
  if (before !== undefined) return before;
  const value = make();
  map.set(key, value);
  return value;
}
