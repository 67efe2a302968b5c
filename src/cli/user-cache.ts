/** Where results of earlier runs lie: the user's cache directory, and never below the project that is linted. */
import { homedir } from "node:os";
import path from "node:path";
import { isInside } from "../crates/cargo-process.ts";
import { type CacheStore, openCacheStore } from "../load/cache-store.ts";

/** The directory for entries as the XDG base directory specification says; null where none is named. */
export function cacheDirectory(env: Readonly<Record<string, string | undefined>>): string | null {
  const given = env["XDG_CACHE_HOME"] ?? "";
  const home = env["HOME"] ?? homedir();
  const base = path.isAbsolute(given) ? given : path.isAbsolute(home) ? path.join(home, ".cache") : null;
  return base === null ? null : path.join(base, "sigsafe-lint");
}

/** The store in a directory; one that holds nothing where there is no directory, or where it lies in the project. */
export function storeOutside(directory: string | null, project: string): CacheStore {
  return openCacheStore(directory !== null && !isInside(directory, project) ? directory : null);
}
