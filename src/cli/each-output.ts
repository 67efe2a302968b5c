/** The table of `--each-feature` and `--each-target`, as text, Markdown and JSON. */
import { inert } from "../base/inert.ts";
import { count } from "../report/wording.ts";
import { CliError } from "./cli-error.ts";
import type { EachRow } from "./each.ts";
import type { Format } from "./run-options.ts";
import { toolVersion } from "./tool-version.ts";

/** The formats that a table has; another is a usage error. */
export function checkTableFormat(format: Format): void {
  if (format !== "text" && format !== "json" && format !== "markdown")
    throw new CliError(`a table of verdicts has no format \`${format}\``, "give text, json or markdown");
}

/** The table, with a newline at its end. */
export function renderTable(rows: readonly EachRow[], format: Format): string {
  if (format === "json") {
    const tool = { name: "sigsafe-lint", version: toolVersion() };
    return `${JSON.stringify({ schemaVersion: 1, tool, rows }, null, 2)}\n`;
  }
  const heads = ["package", "features", "target", "verdict", "because"];
  const cells = rows.map((one) => [one.package, one.choice, one.target, one.verdict, becauseOf(one)].map(inert));
  // A column that says the same in every row says nothing.
  const shown = heads.map((_, at) => at > 2 || new Set(cells.flatMap((row) => row[at] || [])).size > 1);
  const table = [heads, ...cells].map((row) => row.filter((_, at) => shown[at]));
  if (format === "markdown") {
    const [head = [], ...body] = table.map((row) => row.map((cell) => cell.replace(/[|\\`*_<>[\]]/gu, "\\$&")));
    return `${[head, head.map(() => "---"), ...body].map((row) => `| ${row.join(" | ")} |`).join("\n")}\n`;
  }
  const widths = (table[0] ?? []).map((_, at) => Math.max(...table.map((row) => (row[at] ?? "").length)));
  const lines = table.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
}

function becauseOf({ findings, blindSpots, reason }: EachRow): string {
  if (reason !== null) return reason;
  const words = (["error", "warning"] as const).flatMap((level) => {
    const own = findings.filter((one) => one.level === level);
    const rules = level === "error" ? ` (${[...new Set(own.map((one) => one.rule))].join(", ")})` : "";
    return own.length === 0 ? [] : [`${count(own.length, level)}${rules}`];
  });
  if (blindSpots > 0) words.push(count(blindSpots, "blind spot"));
  return words.join(", ");
}
