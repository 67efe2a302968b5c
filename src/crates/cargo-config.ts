/**
 * Cargo's configuration files, read as data.
 *
 * Cargo is never started inside the workspace (it would run `build.rustc-wrapper` and `build.rustc` from there), so it
 * does not see the workspace's `.cargo/config.toml`. This module reads that hierarchy itself and splits it:
 * `carried` goes to cargo as data (source replacement, patches, registries, paths); targets, rustflags and profiles are
 * for us; every other key that decides what is compiled becomes a problem in the report. Nothing here starts anything.
 */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { CrateProblem } from "./crate-graph.ts";
import { profilesShape } from "./manifest-shape.ts";
import { readTextFile } from "./regular-file.ts";
import { isTable, parseToml, stringOf, stringsOf, type TomlTable, tableOf, valueOf } from "./toml.ts";
import { checkShape, type Shape } from "./toml-shape.ts";

export interface CargoConfig {
  /** The files read, nearest first. */
  readonly files: readonly string[];
  /** Everything merged, the user's own configuration included: for targets, rustflags and profiles. */
  readonly merged: TomlTable;
  /** What cargo must be told: from the workspace's files only (cargo reads the user's own itself), paths made absolute. */
  readonly carried: TomlTable;
  readonly offline: boolean;
  readonly problems: readonly CrateProblem[];
  /** What is told of a target's table, where that target is linted. */
  readonly ofTargets: readonly { readonly target: string; readonly problem: CrateProblem }[];
}

interface Told {
  readonly problems: CrateProblem[];
  readonly ofTargets: { readonly target: string; readonly problem: CrateProblem }[];
}

/**
 * Reads the hierarchy that cargo would use in `directory`: `.cargo/config(.toml)` there and above, and `cargoHome`'s, which
 * is the workspace's own where it is not trusted.
 */
export function readCargoConfig(directory: string | null, cargoHome: string, homeIsTrusted: boolean): CargoConfig {
  const told: Told = { problems: [], ofTargets: [] };
  const files: string[] = [];
  let workspace: TomlTable = {};
  const homeFile = configIn(resolve(cargoHome));
  const ours = (directory === null ? [] : hierarchy(directory)).filter((file) => file !== homeFile);
  if (homeFile !== null && !homeIsTrusted) ours.push(homeFile);
  for (const file of ours) workspace = merge(readConfigFile(file, files, told, 0), workspace);
  let merged = workspace;
  if (homeFile !== null && homeIsTrusted) merged = merge(readConfigFile(homeFile, files, told, 0), workspace);
  return {
    files,
    merged,
    carried: pickCarried(workspace),
    offline: valueOf(tableOf(merged, "net"), "offline") === true,
    ...told,
  };
}

/** The configuration file of a `.cargo` directory; the old name without an ending wins, as in cargo. */
export function configIn(directory: string): string | null {
  for (const name of ["config", "config.toml"]) {
    const file = join(directory, name);
    if (existsSync(file)) return file;
  }
  return null;
}

/** The directories from `directory` to the root of the file system. */
export function ancestors(directory: string): string[] {
  const list = [resolve(directory)];
  for (;;) {
    const last = list[list.length - 1] ?? "/";
    const parent = dirname(last);
    if (parent === last) return list;
    list.push(parent);
  }
}

const includeDepth = 8;
/** A file that includes itself ten times would be read a hundred million times. */
const maxFiles = 200;
const maxConfigBytes = 1024 * 1024;

function hierarchy(directory: string): string[] {
  return ancestors(directory)
    .map((one) => configIn(join(one, ".cargo")))
    .filter((file) => file !== null);
}

function readConfigFile(file: string, files: string[], told: Told, depth: number): TomlTable {
  const { problems } = told;
  const text = readTextFile(file, maxConfigBytes);
  if (text === null) {
    problems.push(problem("warning", "cargo's configuration file cannot be read", file));
    return {};
  }
  files.push(file);
  const parsed = parseToml(text, file);
  checkShape(parsed, configShape, file);
  const table = absolutePaths(parsed, dirname(dirname(file)));
  reportUnread(table, file, told);
  let below: TomlTable = {};
  const include = valueOf(table, "include");
  for (const one of Array.isArray(include) ? include : include === undefined ? [] : [include]) {
    const path = typeof one === "string" ? one : isTable(one) ? stringOf(one, "path") : null;
    const optional = isTable(one) && valueOf(one, "optional") === true;
    if (path === null || !path.endsWith(".toml") || depth >= includeDepth || files.length >= maxFiles) {
      problems.push(problem("warning", "an `include` of cargo's configuration was not read", file));
      continue;
    }
    const target = resolve(dirname(file), path);
    if (optional && !existsSync(target)) continue;
    below = merge(below, readConfigFile(target, files, told, depth + 1));
  }
  return merge(below, table);
}

/** Tables are merged, arrays joined, and else the higher value wins. */
function merge(lower: TomlTable, higher: TomlTable): TomlTable {
  const result = new Map<string, unknown>(Object.entries(lower));
  for (const [key, value] of Object.entries(higher)) {
    const below = result.get(key);
    if (isTable(below) && isTable(value)) result.set(key, merge(below, value));
    else if (Array.isArray(below) && Array.isArray(value)) result.set(key, [...below, ...value]);
    else result.set(key, value);
  }
  return Object.fromEntries(result);
}

/** Relative paths of a configuration file count from the directory that holds its `.cargo`. */
function absolutePaths(table: TomlTable, base: string): TomlTable {
  const result: Record<string, unknown> = { ...table };
  const paths = stringsOf(table, "paths");
  if (paths !== null) result["paths"] = paths.map((path) => resolve(base, path));
  const sources = tableOf(table, "source");
  if (sources !== null) {
    result["source"] = mapTables(sources, (source) => resolveKeys(source, ["directory", "local-registry"], base));
  }
  const patches = tableOf(table, "patch");
  if (patches !== null) {
    result["patch"] = mapTables(patches, (patch) => mapTables(patch, (dep) => resolveKeys(dep, ["path"], base)));
  }
  return result;
}

function mapTables(table: TomlTable, change: (inner: TomlTable) => TomlTable): TomlTable {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, isTable(value) ? change(value) : value]));
}

function resolveKeys(table: TomlTable, keys: readonly string[], base: string): TomlTable {
  const result: Record<string, unknown> = { ...table };
  for (const key of keys) {
    const value = stringOf(table, key);
    if (value !== null) result[key] = resolve(base, value);
  }
  return result;
}

/** An allow-list: nothing that starts a program (credential providers, wrappers, runners) and no secret passes. */
function pickCarried(table: TomlTable): TomlTable {
  const carried: Record<string, unknown> = {};
  for (const key of ["source", "patch", "paths", "resolver"]) {
    const value = valueOf(table, key);
    if (value !== undefined) carried[key] = value;
  }
  const registries = tableOf(table, "registries");
  if (registries !== null) carried["registries"] = mapTables(registries, (one) => pickKeys(one, ["index", "protocol"]));
  const registry = tableOf(table, "registry");
  if (registry !== null) carried["registry"] = pickKeys(registry, ["default", "index"]);
  return carried;
}

function pickKeys(table: TomlTable, keys: readonly string[]): TomlTable {
  return Object.fromEntries(Object.entries(table).filter(([key]) => keys.includes(key)));
}

const words: Shape = { any: ["text", "texts"] };

/** What the keys that are read may hold. */
const configShape: Shape = {
  keys: {
    build: { keys: { target: words, rustflags: words } },
    target: { each: { keys: { rustflags: words } } },
    profile: profilesShape,
    net: { keys: { offline: "flag" } },
    paths: "texts",
    source: { each: "table" },
    patch: { each: "table" },
    registries: { each: "table" },
    registry: "table",
  },
};

/** Top-level tables that do not decide what is compiled, or that this layer reads. */
const settled: ReadonlySet<string> = new Set([
  "alias",
  "build",
  "cache",
  "cargo-new",
  "credential-alias",
  "doc",
  "future-incompat-report",
  "http",
  "include",
  "install",
  "net",
  "patch",
  "paths",
  "profile",
  "registries",
  "registry",
  "resolver",
  "source",
  "target",
  "term",
]);

function reportUnread(table: TomlTable, file: string, { problems, ofTargets }: Told): void {
  const build = tableOf(table, "build");
  for (const key of ["rustc", "rustc-wrapper", "rustc-workspace-wrapper"]) {
    const value = stringOf(build, key);
    if (value === null || value === "") continue;
    problems.push(
      problem("note", `\`build.${key}\` is not run: what it changes on the compiler's command line is not seen`, file),
    );
  }
  for (const [name, value] of Object.entries(tableOf(table, "target") ?? {})) {
    for (const [key, inner] of Object.entries(isTable(value) ? value : {})) {
      if (!isTable(inner)) continue;
      const text = `\`target.${name}.${key}\`, which stands in for a build script, is not read`;
      ofTargets.push({ target: name, problem: problem("warning", text, file) });
    }
  }
  for (const [name, profile] of Object.entries(tableOf(table, "profile") ?? {})) {
    if (isTable(profile) && valueOf(profile, "rustflags") !== undefined) {
      problems.push(problem("warning", `\`profile.${name}.rustflags\` is not read`, file));
    }
  }
  for (const key of Object.keys(table)) {
    if (settled.has(key)) continue;
    if (key === "env") {
      problems.push(problem("note", "`[env]` is not read: build scripts and `option_env!` may depend on it", file));
    } else if (key === "unstable") {
      const names = Object.keys(tableOf(table, "unstable") ?? {}).join(", ");
      problems.push(problem("warning", `\`[unstable]\` is not read (${names})`, file));
    } else {
      problems.push(problem("note", `the key \`${key}\` of cargo's configuration is not read`, file));
    }
  }
}

function problem(level: CrateProblem["level"], message: string, file: string): CrateProblem {
  return { level, message, package: null, file, line: null };
}
