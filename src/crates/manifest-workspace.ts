/**
 * A workspace read from its manifests alone, without cargo: members, path dependencies, and who depends on whom.
 *
 * Input: the root manifest. Output: a `RawWorkspace` of every path package, and the dependencies that only cargo could find
 * (registry, git). Good for a workspace of path crates on a machine with Node alone, and to know what a skeleton copy needs.
 */
import { existsSync, lstatSync, readdirSync } from "node:fs";
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
import { statOf } from "./regular-file.ts";
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
const maxDepth = 6;

/** Expands `*`, `?`, `[…]` and `**` of a member pattern; a pattern without them is one directory. */
function expand(root: string, pattern: string): string[] {
  let directories = [root];
  for (const segment of pattern.split("/")) {
    if (segment === "" || segment === ".") continue;
    const found: string[] = [];
    const add = (directory: string): void => {
      found.push(directory);
      if (found.length > maxDirectories) throw new CrateError(`the member pattern \`${pattern}\` matches too much`);
    };
    for (const directory of directories) {
      if (segment === "**") addBelow(directory, add);
      else if (!/[*?[]/u.test(segment)) add(join(directory, segment));
      else for (const name of subdirectories(directory)) if (matchesGlob(name, segment)) add(join(directory, name));
    }
    directories = found;
  }
  return [...new Set(directories)].sort();
}

/** A directory and those below it; links are not entered, they may lead back. */
function addBelow(root: string, add: (directory: string) => void): void {
  const pending = [{ directory: root, depth: 0 }];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    add(at.directory);
    if (at.depth === maxDepth) continue;
    for (const name of subdirectories(at.directory)) {
      const directory = join(at.directory, name);
      if (!isLink(directory)) pending.push({ directory, depth: at.depth + 1 });
    }
  }
}

/** Whether a name fits one segment of a pattern; the time is at most the product of their lengths. */
function matchesGlob(name: string, pattern: string): boolean {
  const parts = pattern.match(/\[!?[^\]]+\]|[\s\S]/gu) ?? [];
  const letters = [...name];
  let [at, part, star, tried] = [0, 0, -1, 0];
  while (at < letters.length) {
    if (parts[part] === "*") {
      star = part;
      part += 1;
      tried = at;
    } else if (part < parts.length && matchesOne(letters[at] ?? "", parts[part] ?? "")) {
      at += 1;
      part += 1;
    } else if (star >= 0) {
      part = star + 1;
      tried += 1;
      at = tried;
    } else return false;
  }
  return parts.slice(part).every((one) => one === "*");
}

function matchesOne(letter: string, part: string): boolean {
  if (part === "?" || part === letter) return true;
  if (part.length < 3 || !part.startsWith("[")) return false;
  const negated = part[1] === "!";
  const set = part.slice(negated ? 2 : 1, -1);
  const ranges = set.match(/.-.|./gsu) ?? [];
  const inside = ranges.some((one) =>
    one.length === 3 ? (one[0] ?? "") <= letter && letter <= (one[2] ?? "") : one === letter,
  );
  return inside !== negated;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function subdirectories(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => !name.startsWith(".") && name !== "target" && name !== "node_modules")
      .filter((name) => statOf(join(directory, name))?.isDirectory() ?? false)
      .sort();
  } catch {
    return [];
  }
}

function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(root + sep);
}
