/**
 * Reads source files, and only those that lie in a package root that cargo names.
 *
 * Invariant (kept by test/crates/source-files.test.ts): no `#[path]`, `include!`, `..`, symbolic link, device or FIFO makes
 * it read, or say anything of the content of, a file outside those roots. Text that is no UTF-8 gets replacement characters.
 */
import { realpathSync } from "node:fs";
import { resolve, sep } from "node:path";
import { readRegularFile, utf8Text } from "./regular-file.ts";

export interface SourceText {
  readonly k: "text";
  readonly text: string;
  /** Bytes were not UTF-8 and were replaced. */
  readonly replaced: boolean;
}

export interface SourceFailure {
  readonly k: "failure";
  readonly reason: "missing" | "outside" | "not-a-file" | "too-large" | "unreadable";
}

/** The directories that may be read from, with links resolved. */
export interface SourceRoots {
  readonly real: readonly string[];
  /** As given: what does not exist inside them is missing, elsewhere it is none of our business. */
  readonly given: readonly string[];
}

/** Files above this are not read. */
export const maxSourceBytes: number = 4 * 1024 * 1024;

/** Prepares package roots; one that does not exist allows nothing. */
export function sourceRoots(roots: readonly string[]): SourceRoots {
  const real = new Set<string>();
  for (const root of roots) {
    try {
      real.add(realpathSync(root));
    } catch {
      // A root that is gone holds no files.
    }
  }
  return { real: [...real].sort(), given: roots.map((root) => resolve(root)) };
}

/** Reads one file as text. */
export function readSource(file: string, roots: SourceRoots): SourceText | SourceFailure {
  const path = resolveInside(file, roots);
  if (typeof path !== "string") return path;
  // Links are resolved already: one that appears now was put there to mislead.
  const found = readRegularFile(path, maxSourceBytes, true);
  return found.k === "bytes" ? decode(found.bytes) : failure(found.reason);
}

/** The file's real path if it exists and lies in a root. */
export function resolveInside(file: string, roots: SourceRoots): string | SourceFailure {
  let path: string;
  try {
    path = realpathSync(file);
  } catch {
    const lexical = resolve(file);
    const ours = [...roots.given, ...roots.real].some((root) => isBelow(lexical, root));
    return failure(ours ? "missing" : "outside");
  }
  return roots.real.some((root) => isBelow(path, root)) ? path : failure("outside");
}

function isBelow(path: string, root: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep);
}

function failure(reason: SourceFailure["reason"]): SourceFailure {
  return { k: "failure", reason };
}

function decode(bytes: Buffer): SourceText {
  const text = utf8Text(bytes);
  if (text !== null) return { k: "text", text, replaced: false };
  return { k: "text", text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes), replaced: true };
}
