/**
 * The workspaces of a repository: directories with a Cargo.toml and a Cargo.lock, and which changed files concern one of them.
 *
 * A file that lies in another workspace concerns this one only where one of its packages lies there too (a path dependency). Everything
 * else counts: a file that is of no workspace may be configuration, a toolchain or a vendored source.
 */
import { existsSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import type { TreeFile } from "./git.ts";
import { readManifestWorkspace } from "./manifest-workspace.ts";

/** Root directories, absolute and sorted; packages that were vendored with their lockfile are none. */
export function lockedRoots(top: string, files: readonly TreeFile[]): string[] {
  const inBase = files.map((one) => one.path).filter((one) => one === "Cargo.lock" || one.endsWith("/Cargo.lock"));
  const directories = new Set([top, ...inBase.map((one) => dirname(join(top, one)))]);
  const has = (directory: string, name: string): boolean => existsSync(join(directory, name));
  return [...directories]
    .filter((one) => has(one, "Cargo.lock") && has(one, "Cargo.toml") && !has(one, ".cargo-checksum.json"))
    .sort();
}

/** The changed paths, from the repository's top, that may change what the workspace is compiled from. */
export function concerning(
  changed: readonly string[],
  top: string,
  workspace: { readonly root: string; readonly rootManifest: string },
  roots: readonly string[],
): string[] {
  const others = roots.filter((root) => root !== workspace.root && !isBelow(workspace.root, root));
  if (others.length === 0) return [...changed];
  const own = readManifestWorkspace(workspace.rootManifest).manifests.map(dirname);
  return changed.filter((file) => {
    const path = join(top, file);
    const other = others.some((root) => isBelow(path, root));
    return !other || own.some((directory) => directory !== workspace.root && isBelow(path, directory));
  });
}

function isBelow(path: string, directory: string): boolean {
  return path.startsWith(directory + sep);
}
