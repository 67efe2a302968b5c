/**
 * Where the text of a file stands for code that something else makes: bodies of `macro_rules!` and attributes.
 */
import { existsSync, readFileSync } from "node:fs";
import { lineIndex } from "../../../src/base/line-index.ts";

type Made = (line: number, column: number) => "macro" | "attribute" | null;

/** What a line and column (from 1) of a file lies in, if it is such a text; the innermost. Files are read once. */
export function generatedRanges(): (file: string, line: number, column: number) => "macro" | "attribute" | null {
  const known = new Map<string, Made>();
  return (file, line, column) => {
    const made = known.get(file) ?? rangesOf(file);
    known.set(file, made);
    return made(line, column);
  };
}

function rangesOf(file: string): Made {
  if (!existsSync(file)) return () => "macro";
  const text = readFileSync(file, "utf8");
  const index = lineIndex(text);
  const ranges: { readonly k: "macro" | "attribute"; readonly start: number; readonly end: number }[] = [];
  for (const { index: at } of text.matchAll(/macro_rules!\s*\w+\s*[{(]|#!?\[/g)) {
    const open = text.indexOf(text.startsWith("#", at) ? "[" : (/[{(]/.exec(text.slice(at)) ?? ["{"])[0], at);
    ranges.push({ k: text.startsWith("#", at) ? "attribute" : "macro", start: at, end: closing(text, open) });
  }
  return (line, column) => {
    const offset = index.startOf(line) + column - 1;
    return ranges.filter(({ start, end }) => start <= offset && offset < end).at(-1)?.k ?? null;
  };
}

function closing(text: string, open: number): number {
  const left = text[open] ?? "{";
  const right = left === "{" ? "}" : left === "(" ? ")" : "]";
  let depth = 0;
  const pattern = /\/\/[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])'|[{}()[\]]/gs;
  pattern.lastIndex = open;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    if (found[0] === left) depth += 1;
    if (found[0] === right) depth -= 1;
    if (depth === 0 && found[0] === right) return pattern.lastIndex;
  }
  return text.length;
}
