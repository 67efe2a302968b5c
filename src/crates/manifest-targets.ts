/**
 * The targets of a package as cargo finds them: named in the manifest, or discovered by their files.
 *
 * Input: a manifest and its directory. Output: the targets that exist. A library or program whose file is not there, and a
 * package without any target, are errors, as for cargo: what is missing must not look like what is clean. Tests, examples and
 * benches without a file are left out.
 */

import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pushAll } from "../base/push-all.ts";
import { CrateError } from "./crate-error.ts";
import type { Edition } from "./crate-graph.ts";
import type { RawTarget, TargetKind } from "./raw-packages.ts";
import { statOf } from "./regular-file.ts";
import { booleanOf, isTable, stringOf, stringsOf, type TomlTable, tableOf, valueOf } from "./toml.ts";

/** All targets, the build script too. */
export function discoverTargets(
  manifest: TomlTable,
  packageTable: TomlTable,
  root: string,
  packageName: string,
  edition: Edition,
): RawTarget[] {
  const context: Context = { manifest, packageTable, root, packageName, edition };
  const targets: RawTarget[] = [];
  const library = findLibrary(context);
  if (library !== null) targets.push(library);
  for (const kind of ["bin", "example", "test", "bench"] as const) pushAll(targets, findOthers(context, kind));
  if (targets.length === 0) {
    throw new CrateError(`\`${packageName}\` has no library and no program`, {
      file: join(root, "Cargo.toml"),
      help: "its src/lib.rs or src/main.rs is missing: check the sources out again, or name their place in the manifest",
    });
  }
  const build = valueOf(packageTable, "build");
  const script = typeof build === "string" ? build : build === false ? null : "build.rs";
  if (script !== null && isFile(join(root, script))) {
    const srcPath = resolve(root, script);
    targets.push({
      kind: "build-script",
      crateTypes: ["bin"],
      name: "build-script-build",
      srcPath,
      edition,
      requiredFeatures: [],
    });
  }
  return targets;
}

interface Context {
  readonly manifest: TomlTable;
  readonly packageTable: TomlTable;
  readonly root: string;
  readonly packageName: string;
  readonly edition: Edition;
}

function findLibrary(context: Context): RawTarget | null {
  const { manifest, packageTable, root, packageName } = context;
  const table = tableOf(manifest, "lib");
  const path = stringOf(table, "path") ?? "src/lib.rs";
  if (table === null && booleanOf(packageTable, "autolib") === false) return null;
  if (!isFile(join(root, path))) {
    if (table !== null) throw missingFile("the library", path, root);
    return null;
  }
  const macro = (booleanOf(table, "proc-macro") ?? booleanOf(table, "proc_macro")) === true;
  const types = stringsOf(table, "crate-type") ?? stringsOf(table, "crate_type") ?? [];
  const isMacro = macro || types.includes("proc-macro");
  return {
    kind: isMacro ? "proc-macro" : "lib",
    crateTypes: isMacro ? ["proc-macro"] : types.length > 0 ? types : ["lib"],
    name: stringOf(table, "name") ?? packageName.replaceAll("-", "_"),
    srcPath: resolve(root, path),
    edition: editionOf(table, context.edition),
    requiredFeatures: [],
  };
}

const places: Record<"bin" | "example" | "test" | "bench", { folder: string; auto: string }> = {
  bin: { folder: "src/bin", auto: "autobins" },
  example: { folder: "examples", auto: "autoexamples" },
  test: { folder: "tests", auto: "autotests" },
  bench: { folder: "benches", auto: "autobenches" },
};

function findOthers(context: Context, kind: "bin" | "example" | "test" | "bench"): RawTarget[] {
  const { manifest, packageTable, root, packageName, edition } = context;
  const { folder, auto } = places[kind];
  const discovered = new Map<string, string>();
  if (kind === "bin" && isFile(join(root, "src/main.rs"))) discovered.set(packageName, join(root, "src/main.rs"));
  for (const name of entries(join(root, folder))) {
    const file = join(root, folder, name);
    if (name.endsWith(".rs") && isFile(file)) discovered.set(name.slice(0, -3), file);
    else if (isFile(join(file, "main.rs"))) discovered.set(name, join(file, "main.rs"));
  }
  const tables = valueOf(manifest, kind);
  const named = Array.isArray(tables) ? tables.filter(isTable) : [];
  const found = new Map<string, RawTarget>();
  for (const table of named) {
    const name = stringOf(table, "name");
    const path = stringOf(table, "path");
    if (name === null) continue;
    const file = path !== null ? resolve(root, path) : (discovered.get(name) ?? onlyBin(kind, named, root));
    if (file === undefined || !isFile(file)) {
      if (kind === "bin") throw missingFile(`the program \`${name}\``, path ?? `${folder}/${name}.rs`, root);
      continue;
    }
    const target = newTarget(kind, name, file, editionOf(table, edition));
    const types = stringsOf(table, "crate-type") ?? target.crateTypes;
    found.set(name, { ...target, crateTypes: types, requiredFeatures: stringsOf(table, "required-features") ?? [] });
  }
  // In the 2015 edition a single named target switches discovery off.
  const discovers = booleanOf(packageTable, auto) ?? (edition !== "2015" || named.length === 0);
  if (discovers) {
    const taken = new Set([...found.values()].map((target) => target.srcPath));
    for (const [name, file] of discovered) {
      if (!found.has(name) && !taken.has(file)) found.set(name, newTarget(kind, name, file, edition));
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Cargo's old rule: a single `[[bin]]` without a path may be src/main.rs. */
function onlyBin(kind: string, named: readonly TomlTable[], root: string): string | undefined {
  return kind === "bin" && named.length === 1 ? join(root, "src/main.rs") : undefined;
}

function missingFile(what: string, path: string, root: string): CrateError {
  return new CrateError(`${what} of this package is not there: ${path}`, {
    file: join(root, "Cargo.toml"),
    help: "check the sources out again, or correct the path in the manifest",
  });
}

function newTarget(kind: TargetKind, name: string, srcPath: string, edition: Edition): RawTarget {
  return { kind, crateTypes: ["bin"], name, srcPath, edition, requiredFeatures: [] };
}

function editionOf(table: TomlTable | null, edition: Edition): Edition {
  const own = stringOf(table, "edition");
  return own === "2015" || own === "2018" || own === "2021" || own === "2024" ? own : edition;
}

function entries(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}

function isFile(path: string): boolean {
  return statOf(path)?.isFile() ?? false;
}
