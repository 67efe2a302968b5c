/**
 * What the fuzzer starts from: this repository's own files, and those of crates that cargo has unpacked on this machine, if any.
 * The order is the same everywhere for the same files, so that a seed means the same input.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { packageFile } from "../../src/base/package-file.ts";

const maxBytes = 24_000;

/** Texts of the repository's files with this ending below a folder; larger ones are cut. */
export function filesOf(folder: string, ending: string): readonly string[] {
  return textsBelow(packageFile(folder), (name) => name.endsWith(ending), 400);
}

/** Files of unpacked registry crates with this name or ending, at most `limit` of them, spread over all crates. */
export function registryFiles(wanted: string, limit: number): readonly string[] {
  const sources = path.join(process.env["CARGO_HOME"] ?? path.join(homedir(), ".cargo"), "registry", "src");
  const crates = directories(sources).flatMap((index) => directories(index));
  const each = Math.max(1, Math.ceil((limit * 2) / Math.max(1, crates.length)));
  const texts = crates.flatMap((crate) => textsBelow(crate, (name) => name === wanted || name.endsWith(wanted), each));
  const step = Math.max(1, Math.floor(texts.length / limit));
  return texts.filter((_, index) => index % step === 0).slice(0, limit);
}

function directories(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return entries.map((entry) => path.join(folder, entry.name)).sort();
  } catch {
    return [];
  }
}

function textsBelow(folder: string, wanted: (name: string) => boolean, limit: number): string[] {
  const found: string[] = [];
  const pending = [folder];
  for (let at = pending.shift(); at !== undefined && found.length < limit; at = pending.shift()) {
    for (const entry of readdirSync(at, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = path.join(at, entry.name);
      if (entry.isDirectory() && entry.name !== "target") pending.push(file);
      else if (entry.isFile() && wanted(entry.name) && found.length < limit && statSync(file).size > 20)
        found.push(readFileSync(file, "utf8").slice(0, maxBytes));
    }
  }
  return found;
}
