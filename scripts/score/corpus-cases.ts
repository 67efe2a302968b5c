/**
 * The corpus's cases and the checks beside them as data: test/corpus/cases.json, more-cases.json, checks.json; and which handlers a case means.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Finding, Report, ReportHandler } from "../../src/safety/report-model.ts";
import { projectRoot } from "./run-tool.ts";

export interface Sink {
  readonly kind: string;
  readonly file: string;
  readonly line: number;
  readonly condition?: string;
  readonly optional?: boolean;
  readonly in_crate?: string;
}
export interface CorpusCase {
  readonly id: string;
  readonly crate: string;
  readonly version: string;
  readonly features: readonly string[];
  readonly defaultFeatures: boolean;
  readonly fixed_version: string | null;
  readonly verdict: "BUG" | "CLEAN" | "GREY";
  readonly handler: { readonly path: string; readonly file: string; readonly line: number };
  readonly sinks: readonly Sink[];
}
export interface Never {
  readonly package?: string;
  readonly file?: string;
  readonly lines?: readonly [number, number];
  readonly function?: string;
  readonly callee?: string;
  readonly kinds?: readonly string[];
  /** Only the site counts, not the frames before it. */
  readonly site?: boolean;
  readonly why: string;
}
export interface Checks {
  readonly handlers?: readonly string[];
  readonly never?: readonly Never[];
  readonly guards?: readonly string[];
  /** A GREY case's sinks count too. */
  readonly sinks?: boolean;
}

const folder: string = path.join(projectRoot, "test/corpus");
const read = (name: string): unknown => JSON.parse(readFileSync(path.join(folder, name), "utf8"));

/** All cases in their order. */
export function corpusCases(): readonly CorpusCase[] {
  return [...(read("cases.json") as CorpusCase[]), ...(read("more-cases.json") as CorpusCase[])];
}

/** By case id, `-fixed` appended for the fixed version. */
export function corpusChecks(): Readonly<Record<string, Checks>> {
  return read("checks.json") as Readonly<Record<string, Checks>>;
}

/** Handlers that the case names, by place or by name. */
export function handlersOf(report: Report, one: CorpusCase): readonly ReportHandler[] {
  const names = handlerNames(one);
  return report.handlers.filter(
    (handler) =>
      (handler.file === one.handler.file && handler.line === one.handler.line) ||
      names.some((name) => bare(handler.function) === name || bare(handler.function).endsWith(`::${name}`)),
  );
}

/** The names in the case, without closure numbers. */
export function handlerNames(one: CorpusCase): readonly string[] {
  const parts = one.handler.path.split(/; | -> /).filter((name) => !name.startsWith("("));
  return parts.map((name) => bare(name));
}

/** A path without closure numbers. */
export function bare(name: string): string {
  return name.replace(/#\d+/g, "");
}

/** A finding in one line. */
export function describe(found: Finding): string {
  const conditions = found.conditions.length === 0 ? "" : ` [${found.conditions.join(",")}]`;
  return `${found.level} ${found.kind}${conditions} ${found.callee} at ${found.site.package} ${found.site.file}:${found.site.line}`;
}
