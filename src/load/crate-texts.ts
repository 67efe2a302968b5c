/**
 * The Rust text that a crate may be made of, unparsed: for asking whether a word stands in it at all.
 *
 * From the crate's root file along everything that looks like `mod x;`, `#[path = "…"]` or `include!("…")`, wherever it stands: more files than the
 * crate has, never fewer. Only a declaration whose own `#[cfg]` is false for the crate is not followed, nor the path it has. Where a macro makes names of
 * modules, all files of the package are taken. Null where the package is larger than the limit, holds links or leaves the roots.
 */
import { isAscii } from "node:buffer";
import { readdirSync } from "node:fs";
import path from "node:path";
import { addTo } from "../base/add-to.ts";
import { pushAll } from "../base/push-all.ts";
import { type CfgSet, evalCfg, parseCfg } from "../crates/cfg.ts";
import { readRegularFile } from "../crates/regular-file.ts";
import { leadsInsideAny } from "./inside.ts";

const maxBytes = 200 << 20;
const maxFiles = 100_000;

export interface CrateTexts {
  /** One byte a character. */
  readonly texts: readonly string[];
  /** Of the same files, in the same order. */
  readonly paths: readonly string[];
  /** Those of `texts` that are ASCII, by path: they are what any reading of the file gives. */
  readonly ascii: ReadonlyMap<string, string>;
  /** A macro of the crate may declare modules under names that its callers give. */
  readonly namesModules: boolean;
}

export interface CrateFiles {
  readonly root: string;
  readonly rootFile: string;
  readonly cfg: CfgSet;
  /** Take all files of the package: a macro of a dependency may declare modules. */
  readonly all: boolean;
}

/** The texts of a crate's files in the order of their paths; null where it cannot be told. `known` has ASCII texts that were read already. */
export function crateTexts(
  crate: CrateFiles,
  allowed: readonly string[],
  known: (file: string) => string | null = () => null,
): CrateTexts | null {
  const listing = filesBelow(crate.root, allowed);
  if (listing === null) return null;
  const places = placesOf(listing);
  const found = new Map<string, string>();
  const ascii = new Map<string, string>();
  const everything = listing.filter((file) => file.endsWith(".rs"));
  const pending = [path.resolve(crate.rootFile), ...(crate.all ? everything : [])];
  let namesModules = false;
  let bytes = 0;
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    if (found.has(file)) continue;
    const text = known(file) ?? readOne(file, ascii);
    if (text === null) continue;
    bytes += text.length;
    if (bytes > maxBytes || found.size > maxFiles) return null;
    found.set(file, text);
    const next = mentionedFiles(file, text, crate.cfg, places, allowed);
    namesModules ||= next === "names-modules";
    pushAll(pending, typeof next === "string" ? everything : next);
  }
  const sorted = [...found].sort(([left], [right]) => (left < right ? -1 : 1));
  const [paths, texts] = [sorted.map(([path]) => path), sorted.map(([, text]) => text)];
  return { texts, paths, ascii, namesModules };
}

/** Files that a file may name as its own; where they cannot be read off it, why. */
function mentionedFiles(
  file: string,
  text: string,
  cfg: CfgSet,
  places: Places,
  allowed: readonly string[],
): string[] | "names-modules" | "names-directories" {
  const below = path.dirname(file) + path.sep;
  const stems = new Set<string>();
  const leftOut: (readonly [number, number])[] = [];
  for (const match of text.matchAll(/\bmod\s+(?:r#)?([^\s;{}]+)\s*;/g)) {
    const name = match[1] ?? "";
    if (name.includes("$")) return "names-modules";
    const from = leftOutFrom(text, match.index, cfg);
    if (from === null) stems.add(Buffer.from(name, "latin1").toString());
    else leftOut.push([from, match.index]);
  }
  const given = new Set<string>();
  let passed = 0;
  for (const match of text.matchAll(/(?:[[,]\s*path\s*=|\binclude\s*!\s*[([{])\s*r?#*"([^"]+)"/g)) {
    while ((leftOut[passed]?.[1] ?? match.index) < match.index) passed += 1;
    if ((leftOut[passed]?.[0] ?? text.length) <= match.index) continue;
    const written = Buffer.from(match[1] ?? "", "latin1").toString();
    if (!path.basename(written).includes(".")) return "names-directories";
    given.add(written);
  }
  const found = [...stems].flatMap((stem) => (places.byStem.get(stem) ?? []).filter((one) => one.startsWith(below)));
  for (const one of given) pushAll(found, places.byName.get(path.basename(one)) ?? []);
  for (const one of given) {
    const full = path.resolve(path.dirname(file), one);
    if (leadsInsideAny(full, allowed)) found.push(full);
  }
  return found;
}

/** The files of a package by what a declaration may call them. */
interface Places {
  readonly byName: ReadonlyMap<string, readonly string[]>;
  /** Rust sources alone. */
  readonly byStem: ReadonlyMap<string, readonly string[]>;
}

function placesOf(listing: readonly string[]): Places {
  const byName = new Map<string, string[]>();
  const byStem = new Map<string, string[]>();
  for (const file of listing) {
    addTo(byName, path.basename(file), file);
    if (file.endsWith(".rs")) addTo(byStem, stemOf(file), file);
  }
  return { byName, byStem };
}

/** The module that a file is found under: `a` for `a.rs` and `a/mod.rs`. */
function stemOf(file: string): string {
  const name = path.basename(file, ".rs");
  return name === "mod" ? path.basename(path.dirname(file)) : name;
}

/** Where the attributes right before a declaration begin, if one of them is a `cfg` that is false; null where none is. */
function leftOutFrom(text: string, at: number, cfg: CfgSet): number | null {
  const start = Math.max(0, at - 2000);
  let before = text
    .slice(start, at)
    .replace(/\bpub(?:\s*\([^()]*\))?\s*$/, "")
    .trimEnd();
  let isFalse = false;
  while (before.endsWith("]")) {
    const open = openingOf(before);
    if (open < 1 || before[open - 1] !== "#") break;
    const inner = /^\s*cfg\s*\(([\s\S]*)\)\s*$/.exec(before.slice(open + 1, -1))?.[1];
    isFalse ||= inner !== undefined && evalCfg(parseCfg(inner), cfg) === "false";
    before = before.slice(0, open - 1).trimEnd();
  }
  return isFalse ? start + before.length : null;
}

function openingOf(text: string): number {
  let level = 0;
  for (let at = text.length - 1; at >= 0; at -= 1) {
    if (text[at] === "]") level += 1;
    else if (text[at] === "[") {
      level -= 1;
      if (level === 0) return at;
    }
  }
  return -1;
}

/** All files below a directory but those in `target` and hidden ones; null where a link or the roots' end is met. */
function filesBelow(root: string, allowed: readonly string[]): string[] | null {
  const files: string[] = [];
  const pending: string[] = [root];
  // No link is followed below it, so all that is found lies where the root does: each path by itself would be looked up from the very top.
  if (!leadsInsideAny(root, allowed)) return null;
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    try {
      for (const entry of readdirSync(directory, { withFileTypes: true })) {
        const full = path.join(directory, entry.name);
        if (entry.isDirectory()) {
          if (entry.name !== "target" && !entry.name.startsWith(".")) pending.push(full);
        } else if (entry.isSymbolicLink()) return null;
        else if (entry.isFile()) files.push(full);
        if (files.length > maxFiles) return null;
      }
    } catch {
      return null;
    }
  }
  return files;
}

function readOne(file: string, ascii: Map<string, string>): string | null {
  const found = readRegularFile(file, maxBytes);
  if (found.k !== "bytes") return null;
  const text = found.bytes.toString("latin1");
  if (isAscii(found.bytes)) ascii.set(file, text);
  return text;
}
