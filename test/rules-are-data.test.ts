/**
 * What the program knows of particular crates is data in `rules/`; what it knows of the language is code. So no string under src
 * may hold a path into a crate other than std's three, the name of a crate that `rules/` has an entry for, or, outside the
 * vocabulary, the id of a lint. Comments are free.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "@swc/core";
import { expect, test } from "vitest";
import { KINDS, RULE_OF } from "../src/model/vocabulary.ts";

interface Literal {
  readonly path: string;
  readonly text: string;
}

const root: string = fileURLToPath(new URL("../", import.meta.url));
const literals: readonly Literal[] = filesUnder("src", ".ts").flatMap((path) =>
  literalsOf(readFileSync(join(root, path), "utf8")).map((text) => ({ path, text })),
);
/** Names that crates share with the language or with our own words. */
const ownWords: ReadonlySet<string> = new Set<string>([
  "std",
  "core",
  "alloc",
  "crate",
  "self",
  "super",
  "proc_macro",
  "my_crate", // stands for the reader's own in messages
  ...KINDS,
]);

test("the literals of the sources are seen", () => {
  const template = "`c::$" + "{x}d`";
  const text = `// a::b\nconst x = "a::b" + ${template} + /e::f/u;`;
  expect(literalsOf(text)).toEqual(["a::b", "c::", "d", "e::f"]);
  expect(literals.length).toBeGreaterThan(200);
});

test("no path into a crate", () => {
  // `dialog::backdrop{background:…}` is a rule of a style sheet.
  const intoCrate = ({ text }: Literal): boolean =>
    [...text.matchAll(/(?<![\w:$<.])([a-z_]\w*)::(?=\w)(?!\w+\{[a-z-]+:)/g)].some(
      (match) => !ownWords.has(match[1] ?? ""),
    );
  expect(literals.filter(intoCrate).map(told)).toEqual([]);
});

test("no crate's name", () => {
  const names = cratesInRules();
  expect(literals.filter(({ text }) => names.has(text.replaceAll("-", "_"))).map(told)).toEqual([]);
});

test("no lint's id outside the vocabulary", () => {
  const ids: ReadonlySet<string> = new Set<string>([...Object.values(RULE_OF), "unresolved-call"]);
  const elsewhere = literals.filter(({ path }) => path !== "src/model/vocabulary.ts");
  expect(elsewhere.filter(({ text }) => ids.has(text)).map(told)).toEqual([]);
});

function told({ path, text }: Literal): string {
  return `${path}: ${JSON.stringify(text)}`;
}

/** Strings, pieces of templates and regular expressions, in the order in which they stand; not what is imported. */
function literalsOf(text: string): string[] {
  const found: string[] = [];
  const open: unknown[] = [parseSync(text, { syntax: "typescript", target: "es2022" })];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (Array.isArray(node)) open.push(...node.toReversed());
    else if (typeof node === "object" && node !== null) {
      const { type, value, cooked, pattern } = node as Readonly<Record<string, unknown>>;
      if (type === "ImportDeclaration" || type === "ExportNamedDeclaration") continue;
      if (type === "StringLiteral" && typeof value === "string") found.push(value);
      if (type === "TemplateElement" && typeof cooked === "string" && cooked !== "") found.push(cooked);
      if (type === "RegExpLiteral" && typeof pattern === "string") found.push(pattern);
      const parts = type === "TemplateLiteral" ? piecesInOrder(node) : Object.values(node);
      open.push(...parts.toReversed());
    }
  }
  return found;
}

/** swc keeps a template's texts and expressions apart; they alternate. */
function piecesInOrder(node: object): unknown[] {
  const { quasis = [], expressions = [] } = node as { quasis?: readonly unknown[]; expressions?: readonly unknown[] };
  return quasis.flatMap((quasi, at) => (at < expressions.length ? [quasi, expressions[at]] : [quasi]));
}

/** Every crate that a file of rules has under a key that says so: its members' names, or the names it lists. */
function cratesInRules(): ReadonlySet<string> {
  const names = new Set<string>();
  const open: unknown[] = filesUnder("rules", ".json")
    .filter((path) => !path.endsWith("schema.json"))
    .map((path) => JSON.parse(readFileSync(join(root, path), "utf8")));
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node !== "object" || node === null) continue;
    for (const [key, value] of Object.entries(node)) {
      open.push(value);
      if (!/^(crates?|packages?)$/.test(key)) continue;
      const listed = Array.isArray(value)
        ? value
        : typeof value === "object" && value !== null
          ? Object.keys(value)
          : [value];
      for (const name of listed) {
        if (typeof name === "string" && /^[a-z][\w-]*$/.test(name)) names.add(name.replaceAll("-", "_"));
      }
    }
  }
  for (const word of ownWords) names.delete(word);
  return names;
}

function filesUnder(folder: string, suffix: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll("\\", "/"))
    .sort();
}
