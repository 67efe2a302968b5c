/**
 * `cache`: where results of earlier runs are kept and how much that is; `--prune` and `--clear` remove them.
 *
 * Removing them is always safe: the next run makes them anew.
 */
import { type Command, InvalidArgumentError } from "commander";
import { maxCacheBytes, openCacheStore } from "../load/cache-store.ts";
import { CliError } from "./cli-error.ts";
import { cacheDirectory } from "./user-cache.ts";

interface CacheFlags {
  readonly prune?: number | true;
  readonly clear?: boolean;
}

/** Adds the verb. */
export function addCache(program: Command): void {
  program
    .command("cache")
    .description("results that earlier runs kept: where, how many; or remove them")
    .option("--prune [MIB]", "remove those longest unused until no more than so many MiB are left", mebibytes)
    .option("--clear", "remove all")
    .action((flags: CacheFlags) => {
      process.stdout.write(cacheText(flags));
    });
}

function cacheText(flags: CacheFlags): string {
  const store = openCacheStore(cacheDirectory(process.env));
  if (store.directory === null)
    throw new CliError("there is no cache directory", "set XDG_CACHE_HOME or HOME to an absolute path");
  const removing = flags.clear === true || flags.prune !== undefined;
  const limit = flags.clear === true ? 0 : typeof flags.prune === "number" ? flags.prune : maxCacheBytes;
  const gone = removing ? store.prune(limit) : 0;
  const entries = store.entries();
  const size = shown(entries.reduce((sum, one) => sum + one.bytes, 0));
  const removed = removing ? `removed ${counted(gone)}\n` : "";
  return `${removed}${store.directory}: ${counted(entries.length)}, ${size} of at most ${shown(maxCacheBytes)}\n`;
}

function counted(entries: number): string {
  return entries === 1 ? "1 entry" : `${entries} entries`;
}

function shown(bytes: number): string {
  return `${(bytes / (1 << 20)).toFixed(1)} MiB`;
}

function mebibytes(value: string): number {
  if (!/^\d{1,7}$/.test(value)) throw new InvalidArgumentError("a number of MiB is expected");
  return Number(value) * (1 << 20);
}
