/**
 * `--verify-sources`: whether what is read of registry crates is what Cargo.lock has checksums of.
 *
 * Cargo checks an archive when it unpacks it, and never again. Input: the packages of a loaded workspace. A registry crate's archive is
 * hashed against the lockfile and the unpacked files are held against it, byte by byte; a vendored one's against its list of
 * checksums. A difference, a source file that is in no archive, and what cannot be compared is a `CrateError`. Crates of the workspace
 * and of git have no checksum and are left out. Nothing is unpacked.
 */
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { gunzipSync } from "node:zlib";
import { CrateError } from "./crate-error.ts";
import type { PackageInfo } from "./crate-graph.ts";
import { readRegularFile } from "./regular-file.ts";
import { tarEntries } from "./tar-entries.ts";
import { isTable } from "./toml.ts";

const maxArchiveBytes = 512 * 1024 * 1024;
const maxUnpackedBytes = 1024 * 1024 * 1024;

/** Compares every package that has a checksum; throws for the first few that differ, and gives the number compared. */
export function verifySources(packages: readonly PackageInfo[]): number {
  const checked = packages.filter((one) => one.checksum !== null);
  const wrong = checked.flatMap((one) => {
    const found = differenceOf(one);
    return found === null ? [] : [`${one.id}: ${found}`];
  });
  if (wrong.length === 0) return checked.length;
  const more = wrong.length > 5 ? [`and ${wrong.length - 5} more`] : [];
  throw new CrateError("sources are not what Cargo.lock has checksums of", {
    detail: [...wrong.slice(0, 5), ...more].join("\n"),
    help: "remove them from CARGO_HOME/registry/src (or the vendor directory) and run `cargo fetch --locked`",
  });
}

/** What differs first; null for nothing. */
function differenceOf(pkg: PackageInfo): string | null {
  const list = readRegularFile(join(pkg.root, ".cargo-checksum.json"), maxArchiveBytes);
  if (list.k === "bytes") return vendoredDifference(pkg, list.bytes.toString("utf8"));
  const index = basename(dirname(pkg.root));
  const archive = join(dirname(dirname(dirname(pkg.root))), "cache", index, `${basename(pkg.root)}.crate`);
  const found = readRegularFile(archive, maxArchiveBytes);
  if (found.k === "failure") return `its archive ${archive} cannot be read`;
  if (sha256(found.bytes) !== pkg.checksum) return `its archive ${archive} has another checksum`;
  let unpacked: Buffer;
  try {
    unpacked = gunzipSync(found.bytes, { maxOutputLength: maxUnpackedBytes });
  } catch {
    return `its archive ${archive} cannot be unpacked`;
  }
  const files = new Map<string, string>();
  for (const { path, bytes } of tarEntries(unpacked, archive)) {
    const [top, ...rest] = path.split("/");
    if (top !== basename(pkg.root) || rest.includes("..")) return `its archive holds ${path}`;
    files.set(rest.join("/"), sha256(bytes));
  }
  return filesDifference(pkg.root, files);
}

function vendoredDifference(pkg: PackageInfo, text: string): string | null {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    list = null;
  }
  if (!isTable(list) || !isTable(list["files"])) return ".cargo-checksum.json is damaged";
  if (list["package"] !== pkg.checksum) return ".cargo-checksum.json is of another archive";
  const files = Object.entries(list["files"]).map(([path, sum]): [string, string] => [path, String(sum)]);
  if (files.some(([path]) => path.split("/").includes(".."))) return ".cargo-checksum.json names a file outside";
  return filesDifference(pkg.root, new Map(files));
}

function filesDifference(root: string, files: ReadonlyMap<string, string>): string | null {
  for (const [path, sum] of files) {
    const found = readRegularFile(join(root, path), maxArchiveBytes);
    if (found.k === "failure") return `${path} is ${found.reason}`;
    if (sha256(found.bytes) !== sum) return `${path} differs`;
  }
  const extra = sourcesBelow(root).find((path) => !files.has(path));
  return extra === undefined ? null : `${extra} is in no archive`;
}

/** Rust files of the directory, and links, which no archive of cargo's unpacks to. */
function sourcesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isSymbolicLink() || (entry.isFile() && entry.name.endsWith(".rs")))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    .sort();
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
