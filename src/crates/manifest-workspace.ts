/**
 * A workspace read from its manifests alone, without cargo: members, path dependencies, and who depends on whom.
 *
 * Input: the root manifest. Output: a `RawWorkspace` of every path package, and the dependencies that only cargo could find
 * (registry, git). Good for a workspace of path crates on a machine with Node alone, and to know what a skeleton copy needs.
 */
import { existsSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { ancestors } from "./cargo-config.ts";
import { CrateError } from "./crate-error.ts";
import { findRootManifest, packageOf, readManifest, type WorkspaceTable } from "./manifest.ts";
import { isGlob, memberGlobs } from "./member-globs.ts";
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
  const directoriesOf = memberGlobs(root, rootManifest);
  const excluded = new Set((stringsOf(table, "exclude") ?? []).map((one) => resolve(root, one)));
  const reader = new Reader();
  const members = new Set<string>();
  const add = (manifest: string): void => void members.add(manifest);
  const rootPackage = reader.read(rootManifest, workspace, rootTable);
  if (rootPackage !== null) add(rootManifest);
  for (const pattern of stringsOf(table, "members") ?? []) {
    for (const directory of directoriesOf(pattern)) {
      const manifest = join(directory, "Cargo.toml");
      if (excluded.has(directory)) continue;
      if (!existsSync(manifest)) {
        if (isGlob(pattern)) continue;
        const help = "correct `members`, or check the member out again";
        throw new CrateError(`the member \`${pattern}\` has no Cargo.toml`, { file: rootManifest, help });
      }
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
        dependency.path.startsWith(root + sep) && !ancestors(dependency.path).some((one) => excluded.has(one));
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
      const found = reader.read(manifest, inside ? workspace : workspaceOf(manifest), null);
      if (found?.name !== dependency.name && dependency.kind === "normal") {
        const leads = found === null ? "no package" : `the package \`${found.name}\``;
        const message = `the path dependency \`${dependency.name}\` leads to ${leads}`;
        throw new CrateError(message, {
          file: reader.order[at]?.manifestPath ?? null,
          help: "correct its path or its name",
        });
      }
      if (inside && workspace !== null) add(manifest);
    }
  }
  return {
    raw: {
      root,
      rootManifest,
      packages: new Map(reader.order.map((pkg) => [pkg.key, pkg])),
      edges: new Map(reader.order.map((pkg) => [pkg.key, edgesOf(pkg, reader.packages)])),
      members: [...members],
      defaultMembers: defaultMembers(table, directoriesOf, members, excluded, rootPackage?.key ?? null, rootManifest),
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

/** The workspace that a package outside of ours inherits from. */
export function workspaceOf(manifest: string): WorkspaceTable | null {
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
  directoriesOf: (pattern: string) => readonly string[],
  members: ReadonlySet<string>,
  excluded: ReadonlySet<string>,
  rootPackage: string | null,
  file: string,
): readonly string[] {
  const named = stringsOf(table, "default-members");
  if (named === null) return rootPackage === null ? [...members] : [rootPackage];
  const wanted = new Set<string>();
  for (const pattern of named) {
    for (const directory of directoriesOf(pattern)) {
      const manifest = join(directory, "Cargo.toml");
      if (members.has(manifest)) wanted.add(manifest);
      else if (!isGlob(pattern) && !excluded.has(directory)) {
        throw new CrateError(`\`${pattern}\` is among default-members, and is no member of the workspace`, { file });
      }
    }
  }
  return [...members].filter((member) => wanted.has(member));
}
