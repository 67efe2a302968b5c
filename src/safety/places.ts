/**
 * Spans as places of the report: package, file relative to it, line and column, and the source lines around them.
 *
 * A file belongs to the package of the program with the longest root that contains it; rule packs stand as packages of
 * their own. Texts come through a port; a text that cannot be had gives empty snippets, never a failure.
 */
import { type LineIndex, lineIndex } from "../base/line-index.ts";
import type { FileId, Span } from "../base/span.ts";
import type { CrateNode, Program } from "../crates/crate-graph.ts";
import type { FilePort } from "../load/port.ts";
import type { Excerpt, Place } from "./report-model.ts";

export interface Places {
  /** Where the span starts. */
  at(span: Span): Place;
  /** The first line of the span, trimmed. */
  snippet(span: Span): string;
  /** The source lines around the span's start. */
  excerpt(span: Span): Excerpt | null;
  /** What the span covers, as one line. */
  textOf(span: Span): string;
  /** A total order on spans that does not depend on the order in which files were read. */
  compare(left: Span, right: Span): number;
}

/** Places of one program; `std` is the version that stands for code of rule packs. */
export function createPlaces(program: Program, files: FilePort, std: string): Places {
  const roots = [...program.crates].sort((left, right) => right.package.root.length - left.package.root.length);
  const known = new Map<FileId, FileFacts>();
  const factsOf = (file: FileId): FileFacts => {
    let facts = known.get(file);
    if (facts === undefined) {
      facts = readFacts(files, roots, file, std);
      known.set(file, facts);
    }
    return facts;
  };
  const places: Places = {
    at(span) {
      const facts = factsOf(span.file);
      const { line, column } = facts.lines.at(span.start);
      return { package: facts.package, file: facts.file, line, column };
    },
    snippet(span) {
      const { lines } = factsOf(span.file);
      const { line, column } = lines.at(span.start);
      return cutLine(lines.textOf(line), column).text.trim();
    },
    excerpt: (span) => excerptOf(factsOf(span.file), span),
    textOf(span) {
      const text = factsOf(span.file).text.slice(span.start, span.end).replace(/\s+/g, " ").trim();
      return text.length > 80 ? `${text.slice(0, 79)}…` : text;
    },
    compare(left, right) {
      if (left.file === right.file) return left.start - right.start || left.end - right.end;
      const [one, two] = [factsOf(left.file), factsOf(right.file)];
      return order(one.package, two.package) || order(one.file, two.file) || left.file - right.file;
    },
  };
  return places;
}

interface FileFacts {
  readonly package: string;
  readonly file: string;
  readonly text: string;
  readonly lines: LineIndex;
}

function readFacts(files: FilePort, roots: readonly CrateNode[], file: FileId, std: string): FileFacts {
  const path = files.pathOf(file).replaceAll("\\", "/");
  const owner = roots.find((node) => isBelow(path, node.package.root.replaceAll("\\", "/")));
  if (owner === undefined) {
    return { package: `std@${std}`, file: path.replace(/^.*\//, ""), text: "", lines: lineIndex("") };
  }
  const text = files.file(files.pathOf(file), owner)?.source.text ?? "";
  const relative = path.slice(owner.package.root.replace(/[\\/]$/, "").length + 1);
  return { package: owner.package.id, file: relative, text, lines: lineIndex(text) };
}

function isBelow(path: string, root: string): boolean {
  const bare = root.replace(/\/$/, "");
  return path.startsWith(`${bare}/`);
}

const AROUND = 1;

function excerptOf(facts: FileFacts, span: Span): Excerpt | null {
  if (facts.text === "") return null;
  const { lines } = facts;
  const { line, column } = lines.at(span.start);
  const end = lines.at(span.end);
  const start = Math.max(1, line - AROUND);
  const last = Math.min(lines.lineCount, line + AROUND);
  const shown: string[] = [];
  let from = column;
  let to = end.line === line ? Math.max(end.column, column + 1) : lines.textOf(line).length + 1;
  for (let at = start; at <= last; at += 1) {
    const { text, moved } = cutLine(lines.textOf(at), at === line ? column : 1);
    shown.push(text);
    if (at !== line) continue;
    from -= moved;
    to = Math.min(to - moved, text.length + 1);
  }
  return { start, lines: shown, from, to };
}

const MAX_LINE = 400;

/** A line as it is shown: of one that nobody can read, the part around the column; `moved` is by how much columns are smaller in it. */
function cutLine(text: string, column: number): { readonly text: string; readonly moved: number } {
  if (text.length <= MAX_LINE) return { text, moved: 0 };
  const begin = Math.max(0, Math.min(column - 1 - MAX_LINE / 4, text.length - MAX_LINE));
  const part = text.slice(begin, begin + MAX_LINE);
  const open = begin === 0 ? "" : "…";
  return { text: `${open}${part}${begin + MAX_LINE < text.length ? "…" : ""}`, moved: begin - open.length };
}

/** Order of texts by code units: the same everywhere. */
export function order(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Order of places: package, file, line, column. */
export function byPlace(left: Place, right: Place): number {
  return (
    order(left.package, right.package) ||
    order(left.file, right.file) ||
    left.line - right.line ||
    left.column - right.column
  );
}
