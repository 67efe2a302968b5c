/**
 * Runs the built tool over a list of workspaces, each in a process of its own, without a cache:
 * `npm run sweep -- LIST [--shard I/N] [--json FILE] [--markdown FILE] [--seconds S] [--only TEXT]`.
 *
 * LIST is a file: a line is a directory with a Cargo.toml, or `NAME@VERSION [FEATURE,…] [no-default]` for a published crate (a program without a
 * library is linted with its own lockfile), or `corpus` for all crates of test/corpus; `#` begins a comment. With `--shard` every N-th line
 * from the I-th on, as test runners have it. `--json` adds the results to those that the file holds, so shards merge into one; `--markdown`
 * writes all of them as a document. Exit code 1 where a run crashed, was ended, said an error or a problem of that level.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { loadCrate, loadFromFlags } from "../src/cli/load.ts";
import type { Report } from "../src/safety/report-model.ts";
import { measure } from "./bench/measure.ts";
import { corpusCases } from "./score/corpus-cases.ts";
import { type ParseHealth, parseHealth } from "./score/parse-health.ts";
import { projectRoot } from "./score/run-tool.ts";
import { countBy, failureOf, type SweepResult, sweepDocument } from "./sweep/document.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    shard: { type: "string", default: "1/1" },
    json: { type: "string" },
    markdown: { type: "string" },
    only: { type: "string", default: "" },
    seconds: { type: "string", default: "600" },
  },
});
const [list] = positionals;
if (list === undefined) throw new Error("usage: npm run sweep -- LIST [--shard I/N] [--json FILE] [--markdown FILE]");
const [shard = 1, shards = 1] = values.shard.split("/").map(Number);
const results = new Map<string, SweepResult>(stored().map((one) => [one.input, one]));
const parsed = new Set<string>();
let failed = false;
execFileSync("npm", ["run", "--silent", "build"], { cwd: projectRoot, stdio: "inherit" });
for (const [index, line] of inputs(readFileSync(list, "utf8")).entries()) {
  if (index % shards !== shard - 1 || !line.includes(values.only)) continue;
  const result = await sweep(line);
  results.set(line, result);
  const bad = failureOf(result);
  failed ||= bad !== null;
  const verdicts = Object.entries(countBy(result.handlers.map((one) => one.verdict)));
  console.log(
    `${line}: ${result.cpuSeconds.toFixed(1)} CPU s, ${result.packages} packages, handlers: ${verdicts.map(([verdict, count]) => `${count} ${verdict}`).join(", ") || "none"}${bad === null ? "" : `; ${bad}`}`,
  );
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify([...results.values()], null, 1)}\n`);
}
if (values.markdown !== undefined) {
  const before = existsSync(values.markdown) ? readFileSync(values.markdown, "utf8") : "";
  writeFileSync(values.markdown, sweepDocument([...results.values()], before));
}
process.exitCode = failed ? 1 : 0;

function stored(): SweepResult[] {
  return values.json !== undefined && existsSync(values.json) ? JSON.parse(readFileSync(values.json, "utf8")) : [];
}

function inputs(text: string): readonly string[] {
  const lines = text
    .split("\n")
    .map((line) => line.replace(/#.*/u, "").trim())
    .filter((line) => line !== "");
  const corpus = corpusCases().map((one) =>
    [`${one.crate}@${one.version}`, one.features.join(","), one.defaultFeatures ? "" : "no-default"]
      .filter((part) => part !== "")
      .join(" "),
  );
  return [...new Set(lines.flatMap((line) => (line === "corpus" ? corpus : [line])))];
}

async function sweep(line: string): Promise<SweepResult> {
  const [input = "", ...more] = line.split(/\s+/u);
  const features = more.filter((one) => one !== "no-default").flatMap((one) => one.split(","));
  const defaults = !more.includes("no-default");
  const directory = statSync(input, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const flags = [
    ...(features.length === 0 ? [] : ["--features", features.join(",")]),
    ...(defaults ? [] : ["--no-default-features"]),
  ];
  const where = directory ? ["check", "--manifest-path", path.resolve(input, "Cargo.toml")] : ["crate", input];
  const command = [path.join(projectRoot, "dist/src/cli/main.js"), ...where, "--no-cache", "--format", "json"];
  const started = performance.now();
  let failure: string | null = null;
  let cost = { cpu: 0, wall: 0, peak: 0 };
  let report: Report | null = null;
  try {
    const run = await measure(["timeout", "-s", "KILL", values.seconds, process.execPath, ...command, ...flags]);
    report = JSON.parse(run.stdout) as Report;
    cost = run;
  } catch (error) {
    failure = (error as Error).message.slice(-1000);
    cost = { ...cost, wall: (performance.now() - started) / 1000 };
  }
  const none: ParseHealth = { files: 0, packages: 0, broken: [] };
  return {
    input: line,
    cpuSeconds: cost.cpu,
    wallSeconds: cost.wall,
    peakMegabytes: cost.peak,
    failure,
    ...found(report),
    parsing: report === null ? none : await filesOf(directory ? null : input, input, features, defaults),
  };
}

function found(
  report: Report | null,
): Pick<SweepResult, "handlers" | "findings" | "blindSpots" | "packages" | "problems"> {
  const { handlers, findings, blindSpots, packages, problems } = report ?? {
    ...{ handlers: [], findings: [], blindSpots: [], packages: [], problems: [] },
  };
  const open = findings.filter((one) => one.suppressed === null);
  return {
    handlers: handlers.map((one) => {
      const own = open.filter((finding) => finding.handler === one.id);
      return {
        function: one.function,
        package: one.package,
        signals: one.signals,
        verdict: one.verdict,
        errors: own.filter((finding) => finding.level === "error").length,
        warnings: own.filter((finding) => finding.level === "warning").length,
        blindSpots: blindSpots.filter((spot) => spot.handler === one.id).map((spot) => spot.reason),
      };
    }),
    findings: countBy(open.filter((one) => one.level !== "note").map((one) => `${one.level} ${one.rule}`)),
    blindSpots: countBy(blindSpots.map((one) => one.reason)),
    packages: packages.length,
    problems: problems.map((one) => ({ level: one.level, message: one.message })),
  };
}

/** The files of the packages that no input before this one had. */
async function filesOf(
  crate: string | null,
  directory: string,
  features: readonly string[],
  defaultFeatures: boolean,
): Promise<ParseHealth> {
  const context = { cwd: projectRoot, signal: new AbortController().signal, onProgress: () => undefined };
  const common = { exclude: [], package: [], target: [], features: [...features], defaultFeatures };
  const flags = { ...common, profile: "release", cache: false };
  const workspace =
    crate !== null
      ? await loadCrate(crate, flags, context)
      : await loadFromFlags({ ...flags, manifestPath: path.resolve(directory, "Cargo.toml") }, context);
  return parseHealth(
    workspace.programs.flatMap((program) => program.crates),
    parsed,
  );
}
