/** Which workspace a directory or `--manifest-path` means. Nothing of it is read but manifests on the way up. */
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { ancestors } from "./cargo-config.ts";
import { CrateError } from "./crate-error.ts";
import { findRootManifest, readManifest } from "./manifest.ts";

/** The manifest that a directory or `--manifest-path` means, and the workspace it belongs to. */
export function locateWorkspace(
  cwd: string,
  manifestPath: string | null,
): { readonly manifest: string; readonly rootManifest: string; readonly root: string } {
  const manifest = findManifest(cwd, manifestPath);
  const rootManifest = findRootManifest(manifest, readManifest(manifest));
  return { manifest, rootManifest, root: dirname(rootManifest) };
}

/** Whether a directory lies in a package or workspace. */
export function hasManifest(cwd: string): boolean {
  return ancestors(realpathSync(cwd)).some((directory) => existsSync(join(directory, "Cargo.toml")));
}

function findManifest(cwd: string, manifestPath: string | null): string {
  if (manifestPath !== null) {
    const path = resolve(cwd, manifestPath);
    if (basename(path) !== "Cargo.toml") {
      throw new CrateError("--manifest-path must be a path to a Cargo.toml", { file: path });
    }
    if (!existsSync(path)) throw new CrateError("there is no such manifest", { file: path });
    return realpathSync(path);
  }
  for (const directory of ancestors(realpathSync(cwd))) {
    const path = join(directory, "Cargo.toml");
    if (existsSync(path)) return path;
  }
  throw new CrateError(`there is no Cargo.toml in ${cwd} or above it`, {
    help: "run in a Rust workspace, give --manifest-path, or lint a published crate with `sigsafe-lint crate NAME@VERSION`",
  });
}
