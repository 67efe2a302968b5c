/**
 * What every file of the project keeps to, and no compiler checks: a head comment, a size, names that say something,
 * documents that name files which exist. Each rule prints the files that break it.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const root: string = fileURLToPath(new URL("../", import.meta.url));
const maxLines = 500;
const sources: readonly SourceFile[] = ["src", "test", "scripts"].flatMap(filesUnder);
const allNames: ReadonlySet<string> = new Set(
  ["src", "test", "scripts", "rules", "docs", "fixtures"]
    .flatMap((folder) => pathsUnder(folder))
    .map((path) => basename(path)),
);

test("the rules below see the sources", () => {
  expect(sources.length).toBeGreaterThan(20);
});

test("every file begins with a comment that says what it is for", () => {
  expect(offenders(({ text }) => headOf(text) === null)).toEqual([]);
});

test(`no file is longer than ${maxLines} lines`, () => {
  expect(offenders(({ text }) => text.split("\n").length - 1 > maxLines)).toEqual([]);
});

test("nothing is exported as default", () => {
  expect(offenders(({ text }) => /^export default\b/m.test(text))).toEqual([]);
});

test("no list that may be of any length is spread into arguments: a hundred thousand overflow the stack", () => {
  const spread = /\.push\(\s*\.\.\./;
  expect(
    offenders(({ path, text }) => path.startsWith("src/") && spread.test(text.replaceAll(/`[^`\n]*`/g, ""))),
  ).toEqual([]);
});

test("no list under a key is copied for each that joins it (base/add-to.ts): a hundred thousand take hours", () => {
  const copied = /\.set\([^\n]*, \[\.\.\.\(\w+\.get\(/;
  expect(offenders(({ path, text }) => path.startsWith("src/") && copied.test(text))).toEqual([]);
});

test("no note of something left to do", () => {
  const notes = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"].join("|")})\\b`);
  expect(offenders(({ text }) => notes.test(text))).toEqual([]);
});

test("no file is named for nothing, and none only passes names on", () => {
  const empty = /^(index|utils?|helpers?|misc|common|shared|manager|types)(\.test)?\.ts$/;
  expect(offenders(({ path }) => empty.test(basename(path)))).toEqual([]);
});

test("every exported function of src says what it does", () => {
  const bare = /(?<!\*\/|^)\nexport (?:async )?function\*? (\w+)/g;
  const found = sources
    .filter(({ path }) => path.startsWith("src/"))
    .flatMap(({ path, text }) => [...text.matchAll(bare)].map((match) => `${path}: ${match[1]}`));
  expect(found).toEqual([]);
});

test("the files that head comments name exist", () => {
  const lost = sources.flatMap(({ path, text }) =>
    namedFiles(headOf(text) ?? "")
      .filter((name) => !exists(name, dirname(path)))
      .map((name) => `${path} names ${name}`),
  );
  expect(lost).toEqual([]);
});

test("the files that documents name exist", () => {
  const documents = ["README.md", "ARCHITECTURE.md", "AGENTS.md", ...pathsUnder("docs")].filter(
    (path) => path.endsWith(".md") && existsSync(join(root, path)),
  );
  expect(documents).toContain("ARCHITECTURE.md");
  const lost = documents.flatMap((path) =>
    namedFiles(readFileSync(join(root, path), "utf8"))
      .filter((name) => !exists(name, dirname(path)))
      .map((name) => `${path} names ${name}`),
  );
  expect(lost).toEqual([]);
});

test("ARCHITECTURE.md names every folder of src", () => {
  const text = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
  expect(readdirSync(join(root, "src")).filter((folder) => !text.includes(`\`${folder}\``))).toEqual([]);
});

function offenders(broken: (file: SourceFile) => boolean): string[] {
  return sources.filter(broken).map(({ path }) => path);
}

/** The comment at the very start, after a `#!` line; null where there is none. */
function headOf(text: string): string | null {
  return /^(?:#!.*\n)?(\/\*\*[\s\S]*?\*\/)/.exec(text)?.[1] ?? null;
}

/** Paths in our own folders, and file names in backticks; patterns and placeholders are not names. */
function namedFiles(text: string): string[] {
  const paths =
    text.match(/(?<![\w./-])(?:src|test|scripts|rules|docs|fixtures)\/[\w./-]*\.(?:ts|mjs|json|md|rs)\b/g) ?? [];
  const quoted = [...text.matchAll(/`([\w./-]+\.(?:ts|mjs))`/g)].map((match) => match[1] ?? "");
  return [...paths, ...quoted];
}

/** A bare name may be any file's; a path is taken from the root or from beside the file that names it. */
function exists(name: string, beside: string): boolean {
  if (!name.includes("/")) return allNames.has(name) || existsSync(join(root, name));
  return existsSync(join(root, name)) || existsSync(join(root, beside, name)) || existsSync(join(root, "src", name));
}

function filesUnder(folder: string): SourceFile[] {
  return pathsUnder(folder)
    .filter((path) => path.endsWith(".ts"))
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

/** Files below a folder of the project, sorted, without what fixtures build. */
function pathsUnder(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll("\\", "/"))
    .filter((path) => !path.includes("/target/"))
    .sort();
}
