/**
 * The published versions of a crate, as cargo's index cache has them, and their order. Asks nobody: cargo filled the cache
 * when it resolved.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import compare from "semver/functions/compare.js";
import parse from "semver/functions/parse.js";
import prerelease from "semver/functions/prerelease.js";
import { readTextFile } from "./regular-file.ts";

export interface PublishedVersion {
  readonly version: string;
  readonly yanked: boolean;
}

/** Negative where the first is older. */
export function compareVersions(left: string, right: string): number {
  const [first, second] = [parse(left), parse(right)];
  if (first !== null && second !== null) return compare(first, second);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Every version in the index cache of a CARGO_HOME, oldest first; none where cargo has not looked the crate up. */
export function publishedVersions(cargoHome: string, name: string): PublishedVersion[] {
  const index = join(cargoHome, "registry", "index");
  const found = new Map<string, PublishedVersion>();
  for (const registry of existsSync(index) ? readdirSync(index).sort() : []) {
    const text = readTextFile(join(index, registry, ".cache", ...indexPath(name.toLowerCase())), 64 * 1024 * 1024);
    for (const part of (text ?? "").split("\0")) {
      const entry = part.startsWith("{") ? parsed(part) : null;
      if (entry !== null && entry["name"] === name && typeof entry["vers"] === "string") {
        found.set(entry["vers"], { version: entry["vers"], yanked: entry["yanked"] === true });
      }
    }
  }
  return [...found.values()].sort((left, right) => compareVersions(left.version, right.version));
}

/** Versions to try, nearest first: newer ones going up, then older ones going down; no yanked and no pre-release ones. */
export function nearestVersions(all: readonly PublishedVersion[], current: string): string[] {
  const usable = all.filter((one) => !one.yanked && prerelease(one.version) === null).map((one) => one.version);
  const newer = usable.filter((one) => compareVersions(one, current) > 0);
  const older = usable.filter((one) => compareVersions(one, current) < 0).reverse();
  return [...newer, ...older];
}

function indexPath(name: string): string[] {
  if (name.length <= 2) return [String(name.length), name];
  if (name.length === 3) return ["3", name.slice(0, 1), name];
  return [name.slice(0, 2), name.slice(2, 4), name];
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}
