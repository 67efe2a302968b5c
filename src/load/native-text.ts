/**
 * C and C++ files of one package, unparsed: those in which one of the words stands.
 *
 * Tests, examples and documentation are not built into a program and are left out, and so are hidden directories and `target`;
 * links are not followed. Bounded in files and bytes; what lies beyond the bound is not looked at, and `whole` says so.
 */
import { readdirSync } from "node:fs";
import path from "node:path";
import { readRegularFile } from "../crates/regular-file.ts";
import { leadsInsideAny } from "./inside.ts";
import type { NativeText } from "./port.ts";

const maxBytes = 64 << 20;
const maxFiles = 20_000;
const NATIVE = /\.(?:c|cc|cpp|cxx|h|hh|hpp|m|mm)$/;
const ASIDE =
  /^(?:\..*|target|tests?|testing|unittests?|examples?|samples?|docs?|bench(?:marks?|es)?|fuzz(?:ing)?|contrib)$/i;

/** The files below a directory, by path; `whole` is false where the bound was reached. */
export function nativeText(
  root: string,
  allowed: readonly string[],
  words: readonly string[],
): { readonly files: readonly NativeText[]; readonly whole: boolean } {
  const files: NativeText[] = [];
  let bytes = 0;
  let seen = 0;
  // Asked of the root alone: no link is followed below it.
  const pending: string[] = leadsInsideAny(root, allowed) ? [root] : [];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    for (const { name, kind } of entriesOf(directory)) {
      const full = path.join(directory, name);
      if (kind === "directory") {
        if (!ASIDE.test(name)) pending.push(full);
      } else if (isNativeName(name)) {
        if (bytes > maxBytes || seen > maxFiles) return { files: sorted(files), whole: false };
        const text = readOne(full);
        if (text === null) return { files: sorted(files), whole: false };
        bytes += text.length;
        seen += 1;
        if (words.some((word) => text.includes(word))) files.push({ path: full, text });
      }
    }
  }
  return { files: sorted(files), whole: true };
}

/** Is it a file of C, C++ or Objective-C, by its name? */
export function isNativeName(file: string): boolean {
  return NATIVE.test(file);
}

function sorted(files: NativeText[]): NativeText[] {
  return files.sort((left, right) => (left.path < right.path ? -1 : 1));
}

interface Entry {
  readonly name: string;
  readonly kind: "file" | "directory";
}

function entriesOf(directory: string): Entry[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .flatMap((entry): Entry[] => {
        if (entry.isDirectory()) return [{ name: entry.name, kind: "directory" }];
        return entry.isFile() ? [{ name: entry.name, kind: "file" }] : [];
      })
      .sort((left, right) => (left.name < right.name ? -1 : 1));
  } catch {
    return [];
  }
}

/** Null where the file is too large; empty where it cannot be read. */
function readOne(file: string): string | null {
  const found = readRegularFile(file, maxBytes);
  if (found.k === "bytes") return found.bytes.toString("latin1");
  return found.reason === "too-large" ? null : "";
}
