/**
 * One Cargo.toml as a package: targets as cargo discovers them, dependencies, features, workspace inheritance.
 *
 * Input: a manifest's path, and the workspace's root manifest for what it inherits. Output: a `RawPackage`.
 * It resolves nothing: which packages the dependencies are is for manifest-workspace.ts or for cargo.
 */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { CrateError } from "./crate-error.ts";
import type { Edition } from "./crate-graph.ts";
import { manifestShape } from "./manifest-shape.ts";
import { discoverTargets } from "./manifest-targets.ts";
import { isPackageName, isVersion, type RawDependency, type RawPackage } from "./raw-packages.ts";
import { readRegularFile, utf8Text } from "./regular-file.ts";
import { booleanOf, isTable, parseToml, stringOf, stringsOf, type TomlTable, tableOf, valueOf } from "./toml.ts";
import { checkShape } from "./toml-shape.ts";

const maxManifestBytes = 4 * 1024 * 1024;

/** Reads and parses a Cargo.toml. */
export function readManifest(file: string): TomlTable {
  const found = readRegularFile(file, maxManifestBytes);
  if (found.k === "bytes") {
    const text = utf8Text(found.bytes);
    if (text === null)
      throw new CrateError("the manifest is not UTF-8", { file, help: "save it as UTF-8; cargo refuses it too" });
    const table = parseToml(text, file);
    checkShape(table, manifestShape, file);
    return table;
  }
  if (found.reason === "too-large") throw new CrateError("the manifest is larger than 4 MB", { file });
  throw new CrateError(found.reason === "missing" ? "there is no such manifest" : "the manifest cannot be read", {
    file,
    help: "run in a directory with a Cargo.toml, or give one with --manifest-path",
  });
}

/** The package of a manifest; `null` for a virtual one. `workspace` is the root manifest's `[workspace]`, for inheritance. */
export function packageOf(manifest: TomlTable, file: string, workspace: WorkspaceTable | null): RawPackage | null {
  const table = tableOf(manifest, "package") ?? tableOf(manifest, "project");
  if (table === null) return null;
  const name = stringOf(table, "name");
  if (name === null) throw new CrateError("the package has no name", { file });
  if (!isPackageName(name)) throw new CrateError(`\`${name}\` is no name of a package`, { file });
  const inherited = (key: string): unknown => {
    const value = valueOf(table, key);
    if (!isTable(value)) return value;
    const shared = valueOf(tableOf(workspace?.table ?? null, "package"), key);
    if (valueOf(value, "workspace") === true && shared !== undefined) return shared;
    throw new CrateError(`\`${key}\` is inherited from the workspace, which does not have it`, { file });
  };
  const edition = readEdition(inherited("edition"), file);
  const version = inherited("version");
  const dependencies = dependenciesOf(manifest, file, workspace);
  if (typeof version === "string" && !isVersion(version))
    throw new CrateError(`\`${version}\` is no version`, { file });
  return {
    key: file,
    name,
    version: typeof version === "string" ? version : "0.0.0",
    source: null,
    manifestPath: file,
    root: dirname(file),
    targets: discoverTargets(manifest, table, dirname(file), name, edition),
    features: withImplicitFeatures(featuresOf(manifest), dependencies),
    dependencies,
  };
}

/** A root manifest's `[workspace]` and where it stands. */
export interface WorkspaceTable {
  readonly table: TomlTable;
  readonly root: string;
}

/** The manifest of the workspace that a manifest belongs to: itself, the one it names, or the next one above that does not exclude it. */
export function findRootManifest(file: string, manifest: TomlTable): string {
  if (tableOf(manifest, "workspace") !== null) return file;
  const named = stringOf(tableOf(manifest, "package"), "workspace");
  if (named !== null) return join(resolve(dirname(file), named), "Cargo.toml");
  let directory = dirname(dirname(file));
  for (let previous = dirname(file); previous !== directory; previous = directory, directory = dirname(directory)) {
    const candidate = join(directory, "Cargo.toml");
    if (!existsSync(candidate)) continue;
    let above: TomlTable | null;
    try {
      above = tableOf(readManifest(candidate), "workspace");
    } catch {
      return candidate;
    }
    if (above === null) continue;
    const excluded = (stringsOf(above, "exclude") ?? []).some((one) => {
      const root = resolve(directory, one);
      return dirname(file) === root || file.startsWith(`${root}/`);
    });
    return excluded ? file : candidate;
  }
  return file;
}

function readEdition(value: unknown, file: string): Edition {
  if (value === undefined) return "2015";
  if (value === "2015" || value === "2018" || value === "2021" || value === "2024") return value;
  throw new CrateError(`the edition ${JSON.stringify(value)} is not known`, { file });
}

function featuresOf(manifest: TomlTable): Map<string, readonly string[]> {
  const features = new Map<string, readonly string[]>();
  const table = tableOf(manifest, "features");
  for (const name of Object.keys(table ?? {})) features.set(name, stringsOf(table, name) ?? []);
  return features;
}

/** An optional dependency that no feature names as `dep:x` is a feature of its own name. */
function withImplicitFeatures(
  features: Map<string, readonly string[]>,
  dependencies: readonly RawDependency[],
): Map<string, readonly string[]> {
  const explicit = new Set([...features.values()].flat().filter((value) => value.startsWith("dep:")));
  for (const dependency of dependencies) {
    const name = dependency.rename ?? dependency.name;
    if (dependency.optional && !explicit.has(`dep:${name}`) && !features.has(name)) features.set(name, [`dep:${name}`]);
  }
  return features;
}

const sections = [
  ["dependencies", "normal"],
  ["dev-dependencies", "dev"],
  ["dev_dependencies", "dev"],
  ["build-dependencies", "build"],
  ["build_dependencies", "build"],
] as const;

function dependenciesOf(manifest: TomlTable, file: string, workspace: WorkspaceTable | null): RawDependency[] {
  const list: RawDependency[] = [];
  const read = (holder: TomlTable, target: string | null): void => {
    for (const [section, kind] of sections) {
      for (const [name, value] of Object.entries(tableOf(holder, section) ?? {})) {
        list.push(readDependency(name, value, kind, target, file, workspace));
      }
    }
  };
  read(manifest, null);
  for (const [target, holder] of Object.entries(tableOf(manifest, "target") ?? {})) {
    if (isTable(holder)) read(holder, target);
  }
  return list;
}

function readDependency(
  name: string,
  value: unknown,
  kind: RawDependency["kind"],
  target: string | null,
  file: string,
  workspace: WorkspaceTable | null,
): RawDependency {
  const own: TomlTable = isTable(value) ? value : {};
  let spec = own;
  let base = dirname(file);
  if (valueOf(own, "workspace") === true) {
    const shared = valueOf(tableOf(workspace?.table ?? null, "dependencies"), name);
    if (workspace === null || shared === undefined) {
      throw new CrateError(`\`${name}\` is inherited from the workspace, which does not have it`, { file });
    }
    spec = isTable(shared) ? shared : {};
    base = workspace.root;
  }
  const path = stringOf(spec, "path");
  const renamed = stringOf(spec, "package");
  // A member can switch default features on that the workspace left off, not the other way round.
  const defaults = [spec, own].map((one) => booleanOf(one, "default-features") ?? booleanOf(one, "default_features"));
  return {
    name: renamed ?? name,
    rename: renamed === null ? null : name,
    kind,
    target,
    optional: booleanOf(own, "optional") ?? false,
    defaultFeatures: spec === own ? (defaults[0] ?? true) : (defaults[0] ?? true) || defaults[1] === true,
    features: [...new Set([...(stringsOf(spec, "features") ?? []), ...(stringsOf(own, "features") ?? [])])],
    path: path === null ? null : resolve(base, path),
  };
}
