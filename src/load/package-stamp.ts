/**
 * One text for all that a run can see of a package's files: where it is the same, so is what is read.
 *
 * Packages of a registry (whose archive the lockfile's checksum fixes) are told by each file's name, size and time; all others by the content of what is Rust or C,
 * and by name and size of the rest. `target` and hidden directories are left out: what is read from there is stamped by itself, with `fileStamp`.
 */
import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readlinkSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { contentHash } from "../crates/regular-file.ts";
import { isNativeName } from "./native-text.ts";

const maxFiles = 200_000;

/** What stamping has read, so that packages inside each other are read once. */
export type StampMemo = Map<string, string>;

/** The stamp of a package directory; null where it holds links to directories or too many files, or cannot be read. */
export function packageStamp(root: string, how: "names" | "content", memo: StampMemo): string | null {
  const known = memo.get(root);
  if (known !== undefined) return known;
  const hash = createHash("sha256");
  const pending = [""];
  let files = 0;
  try {
    for (let below = pending.pop(); below !== undefined; below = pending.pop()) {
      const entries = readdirSync(`${root}${path.sep}${below}`, { withFileTypes: true });
      entries.sort((left, right) => (left.name < right.name ? -1 : 1));
      for (const entry of entries) {
        const name = below === "" ? entry.name : `${below}/${entry.name}`;
        if (entry.isDirectory()) {
          if (isCovered(entry.name)) pending.push(name);
          continue;
        }
        files += 1;
        if (files > maxFiles) return null;
        const full = `${root}${path.sep}${name}`;
        if (entry.isSymbolicLink() && statSync(full).isDirectory()) return null;
        if (!entry.isFile() && !entry.isSymbolicLink()) continue;
        hash.update(`${name.length}:${name}\n${stampOf(full, entry.isSymbolicLink(), how, memo)}\n`);
      }
    }
  } catch {
    return null;
  }
  const stamp = `${files}:${hash.digest("hex")}`;
  memo.set(root, stamp);
  return stamp;
}

/** Whether a package's stamp covers the content of this file. */
export function isStamped(file: string, root: string, how: "names" | "content"): boolean {
  if (!file.startsWith(root + path.sep) || !(how === "names" || isSource(file))) return false;
  return file
    .slice(root.length + 1)
    .split(path.sep)
    .slice(0, -1)
    .every(isCovered);
}

/** The stamp of one file: its content, or that it is not there, with the place that links lead to. */
export function fileStamp(file: string): string {
  try {
    return `${realpathSync(file)} ${contentHash(file)}`;
  } catch {
    return "none";
  }
}

function stampOf(file: string, link: boolean, how: "names" | "content", memo: StampMemo): string {
  if (link) return `${readlinkSync(file)} ${contentHash(file)}`;
  if (how === "content" && isSource(file)) {
    const known = memo.get(file) ?? contentHash(file);
    memo.set(file, known);
    return known;
  }
  const { size, mtimeMs } = lstatSync(file);
  return how === "names" ? `${size} ${mtimeMs}` : String(size);
}

function isSource(file: string): boolean {
  return file.endsWith(".rs") || isNativeName(file);
}

/** Directories that are looked into. */
function isCovered(directory: string): boolean {
  return directory !== "target" && !directory.startsWith(".");
}
