/**
 * Reads a whole regular file up to a size: no device, FIFO or endless file can hold the reader up.
 */
import { isUtf8 } from "node:buffer";
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { sha256 } from "../base/stable-hash.ts";

export type FileBytes =
  | { readonly k: "bytes"; readonly bytes: Buffer }
  | { readonly k: "failure"; readonly reason: "missing" | "not-a-file" | "too-large" | "unreadable" };

/** There is none, or there can be none of the name: too long, a NUL in it. */
const nothingThere: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ERR_INVALID_ARG_VALUE"]);

/** Reads `path`; with `noFollow` a symbolic link in its last part is refused. */
export function readRegularFile(path: string, maxBytes: number, noFollow: boolean = false): FileBytes {
  let handle: number;
  try {
    const link = noFollow ? (constants.O_NOFOLLOW ?? 0) : 0;
    handle = openSync(path, constants.O_RDONLY | link | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return { k: "failure", reason: nothingThere.has(code) ? "missing" : "unreadable" };
  }
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile()) return { k: "failure", reason: "not-a-file" };
    if (stat.size > maxBytes) return { k: "failure", reason: "too-large" };
    const bytes = readUpTo(handle, maxBytes + 1, stat.size);
    return bytes.length > maxBytes ? { k: "failure", reason: "too-large" } : { k: "bytes", bytes };
  } catch {
    return { k: "failure", reason: "unreadable" };
  } finally {
    closeSync(handle);
  }
}

/** A regular file as text; `null` where `readRegularFile` fails. */
export function readTextFile(path: string, maxBytes: number): string | null {
  const file = readRegularFile(path, maxBytes);
  return file.k === "bytes" ? file.bytes.toString("utf8") : null;
}

/** Bytes as text, a byte order mark with it; null where they are not UTF-8. */
export function utf8Text(bytes: Buffer): string | null {
  return isUtf8(bytes) ? bytes.toString("utf8") : null;
}

/** Why what has the name was not read, after the name: `is no file`. */
export function unreadWords(reason: "not-a-file" | "too-large" | "unreadable", maxBytes: number): string {
  if (reason === "too-large") return `is larger than ${maxBytes >> 20} MB`;
  return reason === "not-a-file" ? "is no file" : "cannot be read";
}

const maxHashed = 64 << 20;

/** What a file holds as a hash in lower-case hexadecimal, or why that cannot be told. */
export function contentHash(path: string): string {
  const found = readRegularFile(path, maxHashed);
  return found.k === "bytes" ? sha256(found.bytes) : found.reason;
}

/** What can be read from here, up to `limit` bytes. The size is a first guess only: the file may grow, and files of /proc say 0. */
export function readUpTo(handle: number, limit: number, size: number): Buffer {
  let buffer = Buffer.allocUnsafe(Math.min(limit, size + 1));
  let total = 0;
  for (;;) {
    if (total === buffer.length) {
      if (total >= limit) break;
      buffer = Buffer.concat([buffer], Math.min(limit, Math.max(4096, total * 2)));
    }
    const count = readSync(handle, buffer, total, buffer.length - total, null);
    if (count === 0) break;
    total += count;
  }
  return buffer.subarray(0, total);
}

/** Whether something has the name, be it a link that leads nowhere. */
export function isNamed(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** What the system says of a path, links followed; null where there is nothing, or what cannot be a path (too long, a NUL in it). */
export function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}
