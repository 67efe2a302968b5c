/**
 * A workspace read from its manifests alone, without cargo: members, path dependencies, and who depends on whom.
 *
 * Input: the root manifest. Output: a `RawWorkspace` of every path package, and the dependencies that only cargo could find
 * (registry, git). Good for a workspace of path crates on a machine with Node alone, and to know what a skeleton copy needs.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { CrateError } from "./crate-error.ts";
import { findRootManifest, packageOf, readManifest, type WorkspaceTable } from "./manifest.ts";
import {
  crateName,
  libraryOf,
  manifestName,
  type RawDependency,
  type RawEdge,
  type RawPackage,
  type RawWorkspace,
} from "./raw-packages.ts";
import { stringsOf, type TomlTable, tableOf, valueOf } from "./toml.ts";

export interface ManifestWorkspace {
  readonly raw: RawWorkspace;
  readonly rootTable: TomlTable;
  /** Dependencies that are not given by a path. */
  readonly foreign: readonly { readonly pkg: RawPackage; readonly dependency: RawDependency }[];
  /** Every manifest read, the root's too: absolute paths, sorted. */
  readonly manifests: readonly string[];
}

/** Reads the workspace of a root manifest. */
export function readManifestWorkspace(rootManifest: string): ManifestWorkspace {
  const rootTable = readManifest(rootManifest);
  const root = dirname(rootManifest);
  const table = tableOf(rootTable, "workspace");
  const workspace: WorkspaceTable | null = table === null ? null : { table, root };
  const excluded = (stringsOf(table, "exclude") ?? []).map((one) => resolve(root, one));
  const reader = new Reader();
  const members: string[] = [];
  const add = (manifest: string): void => {
    if (!members.includes(manifest)) members.push(manifest);
  };
  const rootPackage = reader.read(rootManifest, workspace, rootTable);
  if (rootPackage !== null) add(rootManifest);
  for (const pattern of stringsOf(table, "members") ?? []) {
    for (const directory of expand(root, pattern)) {
      const manifest = join(directory, "Cargo.toml");
      const isGlob = /[*?[]/u.test(pattern);
      if (excluded.includes(directory) || (isGlob && !existsSync(manifest))) continue;
      reader.read(manifest, workspace, null);
      add(manifest);
    }
  }
  // Path dependencies inside the workspace's directory are members; others are only packages.
  for (let at = 0; at < reader.order.length; at += 1) {
    for (const dependency of reader.order[at]?.dependencies ?? []) {
      if (dependency.path === null) continue;
      const manifest = join(dependency.path, "Cargo.toml");
      const inside =
        dependency.path.startsWith(root + sep) && !excluded.some((one) => isWithin(dependency.path ?? "", one));
      if (reader.packages.has(manifest)) continue;
      if (!existsSync(manifest)) {
        if (dependency.kind !== "normal") continue;
        throw new CrateError(
          `the path dependency \`${manifestName(dependency)}\` has no Cargo.toml in ${dependency.path}`,
          {
            file: reader.order[at]?.manifestPath ?? null,
          },
        );
      }
      reader.read(manifest, inside ? workspace : workspaceOf(manifest), null);
      if (inside && workspace !== null) add(manifest);
    }
  }
  return {
    raw: {
      root,
      rootManifest,
      packages: new Map(reader.order.map((pkg) => [pkg.key, pkg])),
      edges: new Map(reader.order.map((pkg) => [pkg.key, edgesOf(pkg, reader.packages)])),
      members,
      defaultMembers: defaultMembers(table, root, members, rootPackage),
      metadata: valueOf(table, "metadata") ?? valueOf(tableOf(rootTable, "package"), "metadata") ?? null,
      problems: [],
    },
    rootTable,
    foreign: reader.order.flatMap((pkg) =>
      pkg.dependencies.filter((one) => one.path === null).map((dependency) => ({ pkg, dependency })),
    ),
    manifests: [...new Set([rootManifest, ...reader.packages.keys()])].sort(),
  };
}

class Reader {
  /** By manifest path; also the key. */
  readonly packages: Map<string, RawPackage> = new Map();
  readonly order: RawPackage[] = [];

  read(manifest: string, workspace: WorkspaceTable | null, table: TomlTable | null): RawPackage | null {
    const before = this.packages.get(manifest);
    if (before !== undefined) return before;
    const pkg = packageOf(table ?? readManifest(manifest), manifest, workspace);
    if (pkg === null) return null;
    this.packages.set(manifest, pkg);
    this.order.push(pkg);
    return pkg;
  }
}

function workspaceOf(manifest: string): WorkspaceTable | null {
  const root = findRootManifest(manifest, readManifest(manifest));
  const table = existsSync(root) ? tableOf(readManifest(root), "workspace") : null;
  return table === null ? null : { table, root: dirname(root) };
}

function edgesOf(pkg: RawPackage, packages: ReadonlyMap<string, RawPackage>): RawEdge[] {
  const edges = new Map<string, { externName: string; to: string; declarations: RawDependency[] }>();
  for (const dependency of pkg.dependencies) {
    if (dependency.path === null) continue;
    const to = packages.get(join(dependency.path, "Cargo.toml"));
    if (to === undefined) continue;
    const externName = crateName(dependency.rename ?? libraryOf(to)?.name ?? to.name);
    const key = `${externName}\n${to.key}`;
    const edge = edges.get(key) ?? { externName, to: to.key, declarations: [] };
    edge.declarations.push(dependency);
    edges.set(key, edge);
  }
  return [...edges.values()];
}

function defaultMembers(
  table: TomlTable | null,
  root: string,
  members: readonly string[],
  rootPackage: RawPackage | null,
): readonly string[] {
  const named = stringsOf(table, "default-members");
  if (named === null) return rootPackage === null ? members : [rootPackage.key];
  const manifests = named.flatMap((pattern) => expand(root, pattern)).map((directory) => join(directory, "Cargo.toml"));
  return members.filter((member) => manifests.includes(member));
}

const maxDirectories = 20_000;

/** Expands `*`, `?` and `**` of a member pattern; a pattern without them is one directory. */
function expand(root: string, pattern: string): string[] {
  let directories = [root];
  for (const segment of pattern.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "**") directories = directories.flatMap((directory) => [directory, ...below(directory, 6)]);
    else if (/[*?[]/u.test(segment)) {
      const regex = globRegex(segment);
      directories = directories.flatMap((directory) =>
        subdirectories(directory)
          .filter((name) => regex.test(name))
          .map((name) => join(directory, name)),
      );
    } else directories = directories.map((directory) => join(directory, segment));
    if (directories.length > maxDirectories) throw new CrateError(`the member pattern \`${pattern}\` matches too much`);
  }
  return [...new Set(directories)].sort();
}

function globRegex(segment: string): RegExp {
  const source = segment
    .replace(/[.+^${}()|\\]/gu, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  try {
    return new RegExp(`^${source.replaceAll("[!", "[^")}$`, "u");
  } catch {
    return /^$/u;
  }
}

function below(directory: string, depth: number): string[] {
  if (depth === 0) return [];
  return subdirectories(directory)
    .map((name) => join(directory, name))
    .flatMap((path) => [path, ...below(path, depth - 1)])
    .slice(0, maxDirectories);
}

function subdirectories(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => !name.startsWith(".") && name !== "target" && name !== "node_modules")
      .filter((name) => statSync(join(directory, name), { throwIfNoEntry: false })?.isDirectory() ?? false)
      .sort();
  } catch {
    return [];
  }
}

function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(root + sep);
}
