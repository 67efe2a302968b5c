/**
 * A report in one of its formats, with what a format needs from outside the report: texts of the rules, and where the
 * working directory lies in the repository (SARIF and annotations name files from the repository's root).
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { pathsOf, renderDot } from "../report/dot.ts";
import { renderGithub } from "../report/github.ts";
import { renderHtml } from "../report/html.ts";
import { renderJson } from "../report/json.ts";
import { renderMarkdown } from "../report/markdown.ts";
import { renderSarif } from "../report/sarif.ts";
import { renderText, type TextOptions } from "../report/text.ts";
import type { Report } from "../safety/report-model.ts";
import { readLints } from "./rule-files.ts";
import type { Format } from "./run-options.ts";

/** The report in this format, with a newline at its end. */
export function renderReport(report: Report, format: Format, text: TextOptions): string {
  switch (format) {
    case "text":
      return renderText(report, text);
    case "json":
      return renderJson(report);
    case "sarif":
      return renderSarif(report, { rules: readLints().all, prefix: repositoryPrefix(process.cwd()) });
    case "github":
      return renderGithub(report, repositoryPrefix(process.cwd()));
    case "html":
      return renderHtml(report);
    case "markdown":
      return renderMarkdown(report);
    case "dot":
      return renderDot(pathsOf(report));
  }
}

/** A directory relative to the root of the repository that holds it; "" where it is the root or in none. */
export function repositoryPrefix(directory: string): string {
  for (let at = directory; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, ".git"))) return path.relative(at, directory).replaceAll("\\", "/");
    if (path.dirname(at) === at) return "";
  }
}
