/**
 * The cache on disk: byte strings under keys, one file each, below one directory of the user.
 *
 * Nothing here throws and nothing here is needed: a cache that cannot be read or written is an empty one. An entry is written beside
 * its place and renamed, so that whoever reads sees it whole; when read, its key, length and hash are checked, and what does
 * not fit (cut off, damaged, another version's, a link) is no entry. Old entries go when all together pass the limit.
 */
import { createHash, randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readRegularFile } from "../crates/regular-file.ts";

export interface CacheStore {
  /** Absolute; null where there is none. */
  readonly directory: string | null;
  /** The bytes last written under a key. */
  read(key: string): Buffer | null;
  write(key: string, bytes: Uint8Array): void;
  entries(): readonly CacheEntry[];
  /** Removes entries, those longest unused first, until no more than so many bytes are left; gives how many went. */
  prune(bytes: number): number;
}
export interface CacheEntry {
  readonly file: string;
  readonly bytes: number;
  /** When it was last written or read, in milliseconds. */
  readonly used: number;
}

/** Entries together take no more than this. */
export const maxCacheBytes: number = 256 << 20;
const maxEntryBytes = 64 << 20;
const magic = "sigsafe-lint cache 1\n";
const suffix = ".entry";

/** A cache in a directory, which is made when something is first written; null: a cache that holds nothing. */
export function openCacheStore(directory: string | null): CacheStore {
  if (directory === null)
    return { directory, read: () => null, write: () => undefined, entries: () => [], prune: () => 0 };
  const fileOf = (key: string): string => path.join(directory, `${key}${suffix}`);
  const store: CacheStore = {
    directory,
    read(key) {
      const found = readRegularFile(fileOf(key), maxEntryBytes, true);
      const bytes = found.k === "bytes" ? contentOf(key, found.bytes) : null;
      if (bytes !== null) attempt(() => utimesSync(fileOf(key), new Date(), new Date()));
      return bytes;
    },
    write(key, bytes) {
      if (bytes.length + magic.length + 200 > maxEntryBytes) return;
      const draft = path.join(directory, `${randomBytes(8).toString("hex")}.tmp`);
      // Not `recursive`, which does not end where a file system takes no directories (/proc).
      for (const made of [path.dirname(directory), directory]) attempt(() => mkdirSync(made, 0o700));
      attempt(() => {
        writeFileSync(draft, Buffer.concat([headerOf(key, bytes), bytes]), { flag: "wx", mode: 0o600 });
        renameSync(draft, fileOf(key));
      });
      attempt(() => rmSync(draft, { force: true }));
      store.prune(maxCacheBytes);
    },
    entries: () => entriesIn(directory),
    prune(bytes) {
      const entries = [...entriesIn(directory)].sort((left, right) => right.used - left.used);
      let kept = 0;
      let gone = 0;
      for (const entry of entries) {
        kept += entry.bytes;
        if (kept <= bytes) continue;
        attempt(() => rmSync(entry.file, { force: true }));
        gone += 1;
      }
      return gone;
    },
  };
  return store;
}

function headerOf(key: string, bytes: Uint8Array): Buffer {
  return Buffer.from(
    `${magic}${key}\n${bytes.length}\n${createHash("sha256").update(bytes).digest("hex")}\n`,
    "latin1",
  );
}

function contentOf(key: string, file: Buffer): Buffer | null {
  let at = 0;
  for (let line = 0; line < 4; line += 1) at = file.indexOf(10, at) + 1;
  const bytes = file.subarray(at);
  return at > 0 && headerOf(key, bytes).equals(file.subarray(0, at)) ? bytes : null;
}

/** Drafts that a killed run left behind count too: they are the oldest before long. */
function entriesIn(directory: string): CacheEntry[] {
  try {
    return readdirSync(directory).flatMap((name): CacheEntry[] => {
      if (!name.endsWith(suffix) && !name.endsWith(".tmp")) return [];
      const file = path.join(directory, name);
      const stat = lstatSync(file, { throwIfNoEntry: false });
      return stat?.isFile() === true ? [{ file, bytes: stat.size, used: stat.mtimeMs }] : [];
    });
  } catch {
    return [];
  }
}

function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // Read-only, full, or taken away meanwhile: the next run works it out again.
  }
}
