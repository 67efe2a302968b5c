/**
 * What `npm run build` has kept of the shipped packs: the file, and when it holds.
 *
 * It holds for the rules that it was made of and for the program that was built with it: a program that runs from its sources has none. Rules of the
 * same sizes that are not younger than the file are the same; for others their hash is asked. What does not hold costs time and nothing else, for
 * then the packs are read.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { packageFile } from "../base/package-file.ts";
import { type PackedReader, packedReader } from "../base/packed-reader.ts";

/** Made by `npm run build`. */
export const keptPacksFile = "dist/std-model.bin";

/** What the file says of the rules that it was made of. */
export interface KeptRules {
  readonly hash: string;
  /** Names and sizes. */
  readonly sizes: string;
}

/** What was kept, read once; null where the program runs from its sources, or the rules are others. */
export function readKeptPacks(): PackedReader | null {
  if (kept === undefined) kept = import.meta.url.endsWith(".ts") ? null : readFrom(packageFile(keptPacksFile));
  return kept;
}

let kept: PackedReader | null | undefined;

function readFrom(file: string): PackedReader | null {
  try {
    const reader = packedReader(readFileSync(file));
    const rules = reader.head as KeptRules;
    const { sizes, youngest } = sizesOf(ruleFiles());
    if (rules.sizes !== sizes) return null;
    return youngest <= statSync(file).mtimeMs || rules.hash === hashOf(ruleFiles()) ? reader : null;
  } catch {
    return null;
  }
}

/** What is true of the rules now. */
export function keptRules(): KeptRules {
  const files = ruleFiles();
  return { hash: hashOf(files), sizes: sizesOf(files).sizes };
}

/** All rules that have a part in what is kept. */
function ruleFiles(): string[] {
  const packs = ["rules/std", "rules/crates"].flatMap((folder) =>
    readdirSync(packageFile(folder))
      .sort()
      .map((name) => `${folder}/${name}`),
  );
  return [...packs, "rules/derives.json", "rules/attributes.json", "rules/macros.json"];
}

function sizesOf(files: readonly string[]): { readonly sizes: string; readonly youngest: number } {
  const root = packageFile("");
  const stats = files.map((file) => statSync(root + file));
  return {
    sizes: files.map((file, index) => `${file} ${stats[index]?.size}`).join(","),
    youngest: Math.max(...stats.map((stat) => stat.mtimeMs)),
  };
}

function hashOf(files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of files) {
    const bytes = readFileSync(packageFile(file));
    hash.update(`${file}:${bytes.length}:`).update(bytes);
  }
  return hash.digest("hex");
}
