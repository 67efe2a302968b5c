/**
 * Where cargo has unpacked a package of a registry: folders below CARGO_HOME, one for each registry that has such a package.
 *
 * Which registry is meant is not told: the names of their folders are cargo's own hashes.
 */
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { LockedPackage } from "./lockfile.ts";

/** The folders that hold a locked package's manifest, in the order of the registries' names; none where it was not fetched. */
export function unpackedFolders(cargoHome: string, locked: Pick<LockedPackage, "name" | "version">): string[] {
  const unpacked = `${locked.name}-${locked.version}`;
  // A lockfile may say anything: no name leads out of the registry.
  if (basename(unpacked) !== unpacked) return [];
  const sources = join(cargoHome, "registry", "src");
  const registries = existsSync(sources) ? readdirSync(sources).sort() : [];
  return registries
    .map((registry) => join(sources, registry, unpacked))
    .filter((folder) => existsSync(join(folder, "Cargo.toml")));
}
