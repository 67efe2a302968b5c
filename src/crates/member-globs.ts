/**
 * The directories that `members` of a workspace means: `*`, `?`, `[…]` and `**` as cargo's glob has them.
 *
 * All patterns of a workspace share one budget of steps: directories that are looked at, and letters that are compared. More is an
 * error: nobody's workspace needs it, and a manifest of a megabyte could ask for days.
 */
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { CrateError } from "./crate-error.ts";
import { statOf } from "./regular-file.ts";

const maxSteps = 2_000_000;
/** A directory costs a look at the disk. */
const directorySteps = 20;
const maxDepth = 6;

/** Expands patterns of one workspace; a pattern without signs is one directory, there or not. */
export function memberGlobs(root: string, manifest: string): (pattern: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  let steps = 0;
  const spend: Spend = (pattern, count) => {
    steps += count;
    if (steps <= maxSteps) return;
    const shown = pattern.length > 100 ? `${pattern.slice(0, 100)}…` : pattern;
    throw new CrateError(`the member pattern \`${shown}\` matches too much, with those before it`, {
      file: manifest,
      help: "name the members, or use narrower patterns",
    });
  };
  return (pattern) => {
    const before = known.get(pattern);
    if (before !== undefined) return before;
    const found = expand(root, pattern, spend);
    known.set(pattern, found);
    return found;
  };
}

/** Whether a pattern has signs of a glob. */
export function isGlob(pattern: string): boolean {
  return /[*?[]/u.test(pattern);
}

type Spend = (pattern: string, steps: number) => void;

function expand(root: string, pattern: string, spend: Spend): string[] {
  let directories = [root];
  for (const segment of pattern.split("/")) {
    if (segment === "" || segment === ".") continue;
    const found: string[] = [];
    const add = (directory: string): void => {
      found.push(directory);
      spend(pattern, directorySteps);
    };
    const parts = segment !== "**" && isGlob(segment) ? partsOf(segment) : null;
    spend(pattern, segment.length);
    for (const directory of directories) {
      if (segment === "**") addBelow(directory, add);
      else if (parts === null) add(join(directory, segment));
      else {
        for (const name of subdirectories(directory)) {
          spend(pattern, directorySteps);
          if (matches(name, parts, (steps) => spend(pattern, steps))) add(join(directory, name));
        }
      }
    }
    directories = found;
  }
  return [...new Set(directories)].sort();
}

/** A directory and those below it; links are not entered, they may lead back. */
function addBelow(root: string, add: (directory: string) => void): void {
  const pending = [{ directory: root, depth: 0 }];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    add(at.directory);
    if (at.depth === maxDepth) continue;
    for (const name of subdirectories(at.directory)) {
      const directory = join(at.directory, name);
      if (!isLink(directory)) pending.push({ directory, depth: at.depth + 1 });
    }
  }
}

/** One letter of a pattern: any number of letters, any letter, or one in these ranges, or in none of them. */
type Part = "*" | "?" | LetterSet;

interface LetterSet {
  readonly ranges: readonly (readonly [first: string, last: string])[];
  readonly negated: boolean;
}

function partsOf(segment: string): Part[] {
  const letters = [...segment];
  const lastClose = letters.lastIndexOf("]");
  const parts: Part[] = [];
  for (let at = 0; at < letters.length; at += 1) {
    const letter = letters[at] ?? "";
    const from = letters[at + 1] === "!" ? at + 2 : at + 1;
    // The first letter of a set is in it, be it the closing bracket.
    const close = letter === "[" && from < lastClose ? letters.indexOf("]", from + 1) : -1;
    if (letter === "*" || letter === "?") parts.push(letter);
    else if (close < 0) parts.push({ ranges: [[letter, letter]], negated: false });
    else {
      parts.push({ ranges: rangesOf(letters.slice(from, close)), negated: from === at + 2 });
      at = close;
    }
  }
  return parts;
}

function rangesOf(letters: readonly string[]): LetterSet["ranges"] {
  const ranges: (readonly [string, string])[] = [];
  for (let at = 0; at < letters.length; at += 1) {
    const isRange = letters[at + 1] === "-" && at + 2 < letters.length;
    const first = letters[at] ?? "";
    ranges.push([first, isRange ? (letters[at + 2] ?? "") : first]);
    if (isRange) at += 2;
  }
  return ranges;
}

/** Whether a name fits one segment of a pattern; the time is at most the product of their lengths, and is told. */
function matches(name: string, parts: readonly Part[], spend: (steps: number) => void): boolean {
  const letters = [...name];
  let [at, part, star, tried, steps] = [0, 0, -1, 0, 0];
  let fits = true;
  while (at < letters.length && fits) {
    const wanted = parts[part];
    steps += typeof wanted === "object" ? wanted.ranges.length : 1;
    if (wanted === "*") {
      star = part;
      part += 1;
      tried = at;
    } else if (wanted === "?" || (wanted !== undefined && hasLetter(wanted, letters[at] ?? ""))) {
      at += 1;
      part += 1;
    } else if (star >= 0) {
      part = star + 1;
      tried += 1;
      at = tried;
    } else fits = false;
  }
  spend(steps);
  while (fits && parts[part] === "*") part += 1;
  return fits && part === parts.length;
}

function hasLetter({ ranges, negated }: LetterSet, letter: string): boolean {
  return ranges.some(([first, last]) => first <= letter && letter <= last) !== negated;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function subdirectories(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => !name.startsWith(".") && name !== "target" && name !== "node_modules")
      .filter((name) => statOf(join(directory, name))?.isDirectory() ?? false)
      .sort();
  } catch {
    return [];
  }
}
