/**
 * Runs the tool over a list of workspaces, each in a process of its own: `npm run sweep -- LIST [--shard I/N] [--json FILE] [--seconds S]`.
 *
 * LIST is a file: a line is a directory with a Cargo.toml, or `NAME@VERSION [FEATURE,…]` for a published crate (a program without a library
 * is linted with its own lockfile); `#` begins a comment. With `--shard` every N-th line from the I-th on, as test runners have it.
 * `--json` adds the results to those that the file holds, so shards merge into one. Exit code 1 where a run crashed, was ended, said an
 * error or a problem of that level.
 */
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { reportOf, runTool } from "./score/run-tool.ts";

interface SweepResult {
  readonly input: string;
  readonly seconds: number;
  /** Why there is no report; null where there is one. */
  readonly failure: string | null;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly handlers: readonly {
    readonly function: string;
    readonly package: string;
    readonly signals: readonly string[];
    readonly verdict: string;
  }[];
  readonly findings: Readonly<Record<string, number>>;
  readonly blindSpots: Readonly<Record<string, number>>;
  readonly packages: number;
  readonly problems: readonly { readonly level: string; readonly message: string }[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    shard: { type: "string", default: "1/1" },
    json: { type: "string" },
    seconds: { type: "string", default: "600" },
  },
});
const [list] = positionals;
if (list === undefined) throw new Error("usage: npm run sweep -- LIST [--shard I/N] [--json FILE] [--seconds S]");
const [shard = 1, shards = 1] = values.shard.split("/").map(Number);
const lines: readonly string[] = readFileSync(list, "utf8")
  .split("\n")
  .map((line) => line.replace(/#.*/u, "").trim())
  .filter((line) => line !== "");
const results = new Map<string, SweepResult>(stored().map((one) => [one.input, one]));
let failed = false;
for (const [index, line] of lines.entries()) {
  if (index % shards !== shard - 1) continue;
  const result = sweep(line);
  results.set(line, result);
  const bad = result.failure ?? result.problems.find((one) => one.level === "error")?.message ?? null;
  failed ||= bad !== null;
  const counts = Object.entries(result.verdicts).map(([verdict, count]) => `${count} ${verdict}`);
  console.log(
    `${line}: ${result.seconds} s, ${result.packages} packages, handlers: ${counts.join(", ") || "none"}${bad === null ? "" : `; ${bad}`}`,
  );
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify([...results.values()], null, 1)}\n`);
}
process.exitCode = failed ? 1 : 0;

function stored(): SweepResult[] {
  return values.json !== undefined && existsSync(values.json) ? JSON.parse(readFileSync(values.json, "utf8")) : [];
}

function sweep(line: string): SweepResult {
  const [input = "", features] = line.split(/\s+/u);
  const flags = ["--format", "json", ...(features === undefined ? [] : ["--features", features])];
  const isPath = statSync(input, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const args = isPath ? ["check", "--manifest-path", path.resolve(input, "Cargo.toml")] : ["crate", input];
  const run = runTool({ args: [...args, ...flags], timeoutSeconds: Number(values.seconds) });
  const report = reportOf(run);
  const empty = { handlers: [], findings: [], blindSpots: [], packages: [], problems: [] };
  const { handlers, findings, blindSpots, packages, problems } = typeof report === "string" ? empty : report;
  return {
    input: line,
    seconds: run.seconds,
    failure: typeof report === "string" ? report : null,
    verdicts: countBy(handlers.map((one) => one.verdict)),
    handlers: handlers.map((one) => ({
      function: one.function,
      package: one.package,
      signals: one.signals,
      verdict: one.verdict,
    })),
    findings: countBy(findings.filter((one) => one.suppressed === null).map((one) => `${one.level} ${one.rule}`)),
    blindSpots: countBy(blindSpots.map((one) => one.reason)),
    packages: packages.length,
    problems: problems.map((one) => ({ level: one.level, message: one.message })),
  };
}

function countBy(list: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of [...list].sort()) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}
