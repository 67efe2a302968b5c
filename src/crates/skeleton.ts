/**
 * A copy of a workspace that holds what cargo needs to resolve it and nothing else: manifests, Cargo.lock, and an empty
 * file for every target. Resolving changes the copy; the workspace keeps every byte.
 *
 * The copy mirrors absolute paths below its root, so that relative paths (members, path dependencies, patches) still hold.
 */
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { findRootManifest, packageOf, readManifest } from "./manifest.ts";
import { type ManifestWorkspace, workspaceOf } from "./manifest-workspace.ts";
import type { Scratch } from "./scratch.ts";
import { isTable, stringOf, tableOf } from "./toml.ts";

export interface Skeleton {
  /** The copy's root manifest. */
  readonly manifestPath: string;
  /** The copy's Cargo.lock; cargo writes it when it resolves. */
  readonly lockfile: string;
  readonly toCopy: (path: string) => string;
  readonly toReal: (path: string) => string;
}

/** Makes the copy in the scratch directory. */
export function makeSkeleton(workspace: ManifestWorkspace, scratch: Scratch, name: string): Skeleton {
  const base = scratch.directory(name);
  const toCopy = (path: string): string => join(base, path.replace(/^([A-Za-z]):/u, "$1"));
  const toReal = (path: string): string => (path.startsWith(base + sep) ? path.slice(base.length) : path);
  const write = (path: string): void => {
    const copy = toCopy(path);
    mkdirSync(dirname(copy), { recursive: true });
    if (!existsSync(copy)) writeFileSync(copy, "");
  };
  for (const manifest of [...workspace.manifests, ...patchManifests(workspace)]) {
    const copy = toCopy(manifest);
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(manifest, copy);
    const pkg =
      workspace.raw.packages.get(manifest) ?? packageOf(readManifest(manifest), manifest, workspaceOf(manifest));
    for (const target of pkg?.targets ?? []) write(target.srcPath);
  }
  const lock = join(workspace.raw.root, "Cargo.lock");
  if (existsSync(lock)) copyFileSync(lock, toCopy(lock));
  return { manifestPath: toCopy(workspace.raw.rootManifest), lockfile: toCopy(lock), toCopy, toReal };
}

/** The manifests of packages that `[patch]` or `[replace]` names by a path, of those that they name by one, and of the workspaces they belong to. */
export function patchManifests(workspace: ManifestWorkspace): string[] {
  const found = new Set<string>();
  const { rootTable, raw } = workspace;
  const add = (entry: unknown): void => {
    const path = isTable(entry) ? stringOf(entry, "path") : null;
    if (path === null) return;
    follow(join(resolve(raw.root, path), "Cargo.toml"));
  };
  const known = new Set(workspace.manifests);
  const follow = (first: string): void => {
    const pending = [first];
    for (let manifest = pending.pop(); manifest !== undefined; manifest = pending.pop()) {
      if (!existsSync(manifest) || known.has(manifest) || found.has(manifest)) continue;
      found.add(manifest);
      const table = readManifest(manifest);
      const root = findRootManifest(manifest, table);
      if (root !== raw.rootManifest && existsSync(root)) found.add(root);
      const dependencies = packageOf(table, manifest, workspaceOf(manifest))?.dependencies ?? [];
      for (const { path, kind } of dependencies)
        if (path !== null && kind !== "dev") pending.push(join(path, "Cargo.toml"));
    }
  };
  for (const source of Object.values(tableOf(rootTable, "patch") ?? {})) {
    if (isTable(source)) for (const entry of Object.values(source)) add(entry);
  }
  for (const entry of Object.values(tableOf(rootTable, "replace") ?? {})) add(entry);
  return [...found].sort();
}
