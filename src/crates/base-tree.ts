/**
 * A commit's files that decide a verdict, beside those of the work tree: whether any differs, and the commit's written out.
 *
 * What decides: manifests, lockfiles, cargo's configuration, the toolchain file, Rust and C sources, checksums of vendored
 * crates; of the whole repository, since a workspace may reach beyond its root. Written out are regular files, and links that
 * stay inside; nothing of the repository's git configuration is followed (git.ts).
 */
import { createHash } from "node:crypto";
import { type Dirent, mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { contentsOf, filesOf, type Git, type TreeFile } from "./git.ts";
import { readRegularFile } from "./regular-file.ts";

const maxFileBytes = 64 * 1024 * 1024;
const maxBatchFiles = 2000;
const linkMode = "120000";

/** The files of a commit that decide a verdict. */
export function decidingFiles(git: Git, commit: string): TreeFile[] {
  return filesOf(git, commit).filter((one) => isSafe(one.path) && (decides(one.path) || one.mode === linkMode));
}

export interface WorkTree {
  /** Files that decide a verdict, links among them, with the ids that git gives or would give them: here, and in the commit. */
  readonly now: readonly StateFile[];
  readonly base: readonly StateFile[];
  /** Paths that differ from the commit, added and removed ones too; sorted. */
  readonly changed: readonly string[];
}

export interface StateFile {
  readonly path: string;
  readonly object: string;
}

/** The work tree beside a commit's files. */
export function workTree(git: Git, base: readonly TreeFile[]): WorkTree {
  const before = new Map(base.filter((one) => one.mode.startsWith("100")).map((one) => [one.path, one.object]));
  const links = new Set(base.filter((one) => one.mode === linkMode).map((one) => one.path));
  const digits = base[0]?.object.length ?? 40;
  const changed: string[] = [];
  const now: StateFile[] = [];
  const seen = new Set<string>();
  for (const file of workFiles(git.top, before)) {
    seen.add(file.path);
    if (file.link) {
      if (!links.has(file.path) && decides(file.path)) changed.push(file.path);
      now.push({ path: file.path, object: hashOf(Buffer.from(linkTarget(path.join(git.top, file.path))), digits) });
      continue;
    }
    const object = blobOf(path.join(git.top, file.path), digits);
    if (object === null || object !== before.get(file.path)) changed.push(file.path);
    now.push({ path: file.path, object: object ?? "unreadable" });
  }
  for (const one of before.keys()) if (!seen.has(one)) changed.push(one);
  return { now, base: base.filter((one) => decides(one.path)), changed: changed.sort() };
}

/** Writes the files below a directory that is empty. */
export function writeBase(git: Git, files: readonly TreeFile[], directory: string): void {
  const regular = files.filter((one) => one.mode.startsWith("100"));
  for (let at = 0; at < regular.length; at += maxBatchFiles) {
    const batch = regular.slice(at, at + maxBatchFiles);
    const contents = contentsOf(git, batch);
    for (const [index, file] of batch.entries()) {
      const to = path.join(directory, file.path);
      mkdirSync(path.dirname(to), { recursive: true });
      writeFileSync(to, contents[index] ?? "", { flag: "wx" });
    }
  }
  // Links last: no file is written through one.
  const links = files.filter((one) => one.mode === linkMode);
  const targets = contentsOf(git, links);
  for (const [index, link] of links.entries()) {
    const target = targets[index]?.toString("utf8") ?? "";
    const from = path.posix.dirname(link.path);
    if (path.isAbsolute(target) || !isSafe(path.posix.normalize(path.posix.join(from, target)))) continue;
    const to = path.join(directory, link.path);
    mkdirSync(path.dirname(to), { recursive: true });
    try {
      symlinkSync(target, to);
    } catch {
      // A file system without links: what it leads to is missing, and the loader says so.
    }
  }
}

function decides(file: string): boolean {
  const name = path.posix.basename(file);
  if (/\.(rs|c|h|cc|cpp|cxx|hpp|s|S|inc)$/u.test(name)) return true;
  if (["Cargo.toml", "Cargo.lock", "rust-toolchain", "rust-toolchain.toml", ".cargo-checksum.json"].includes(name)) {
    return true;
  }
  return /(^|\/)\.cargo\/config(\.toml)?$/u.test(file);
}

/** Below the root, and not git's own. */
function isSafe(file: string): boolean {
  const segments = file.split("/");
  return !file.startsWith("/") && segments.every((one) => one !== ".." && one !== "" && one.toLowerCase() !== ".git");
}

interface WorkFile {
  readonly path: string;
  readonly link: boolean;
}

/** Deciding files of the work tree; build output and packages of Node only where the commit has files there. */
function workFiles(top: string, base: ReadonlyMap<string, string>): WorkFile[] {
  const tracked = new Set<string>();
  for (const file of base.keys()) {
    for (let at = file.indexOf("/"); at >= 0; at = file.indexOf("/", at + 1)) tracked.add(file.slice(0, at));
  }
  const found: WorkFile[] = [];
  const queue = [""];
  for (let directory = queue.pop(); directory !== undefined; directory = queue.pop()) {
    for (const entry of entriesOf(path.join(top, directory))) {
      const file = directory === "" ? entry.name : `${directory}/${entry.name}`;
      if (entry.isDirectory()) {
        const output = ["target", "node_modules"].includes(entry.name) && !tracked.has(file);
        if (entry.name !== ".git" && !output) queue.push(file);
      } else if (decides(file)) found.push({ path: file, link: entry.isSymbolicLink() });
    }
  }
  return found;
}

function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** The id that git would give the file; null where it cannot be read. */
function blobOf(file: string, digits: number): string | null {
  const found = readRegularFile(file, maxFileBytes);
  if (found.k !== "bytes") return null;
  return hashOf(found.bytes, digits);
}

function hashOf(bytes: Buffer, digits: number): string {
  const hash = createHash(digits === 64 ? "sha256" : "sha1");
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

function linkTarget(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return "";
  }
}
