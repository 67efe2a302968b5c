/**
 * The compiled program as judge: `graph` and the report against test/referee/truth, program by program.
 *
 * test/referee/oracle.py compares (it needs python3 alone; nothing is built). Recall: functions that the program reaches (tiers 1 and 2) and
 * the graph has. Precision: right / (claimed - maybe). Sites: effects reported, covered or excluded by a stated guard. Entries: the
 * functions that the program passes to `sigaction` or `signal`, found as handlers.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import type { Report } from "../../src/safety/report-model.ts";
import { graphOf, projectRoot, reportOf, runTool, type ToolRun } from "./run-tool.ts";
import { unmodelledCallees } from "./unmodelled.ts";

type Located = readonly [crate: string, file: string, line: number, path: string, tier: number];
export interface RefereeResult {
  readonly program: string;
  /** Why there is no comparison. */
  readonly failure: string | null;
  readonly direct: Share;
  readonly recall: Share;
  readonly precision: Share;
  readonly absent: Share;
  readonly sites: Share;
  readonly entries: Share;
  /** Calls outside std on handler paths that were left unresolved. */
  readonly unresolved: Share;
  readonly decided: Share;
  /** Callees in std that no rule describes. */
  readonly unmodelled: readonly string[];
  readonly misses: readonly string[];
  readonly seconds: number;
}
export interface Share {
  readonly part: number;
  readonly of: number;
}

const folder: string = path.join(projectRoot, "test/referee");
const none: Share = { part: 0, of: 0 };

/** All programs with a truth; null where python3 is missing. */
export function scoreReferee(only: string | null): readonly RefereeResult[] | null {
  if (spawnSync("python3", ["--version"]).status !== 0) return null;
  const programs = readdirSync(path.join(folder, "programs")).sort();
  return programs.filter((name) => only === null || name.includes(only)).map(judge);
}

/** The part as lines: a table, then each miss. */
export function renderReferee(results: readonly RefereeResult[]): string {
  const columns = ["direct", "recall", "precision", "absent", "sites", "entries", "unresolved", "decided"] as const;
  const cells = (one: Pick<RefereeResult, (typeof columns)[number]>): string =>
    columns.map((name) => share(one[name], name === "absent" || name === "unresolved" ? 0 : 1).padStart(19)).join("");
  const total = (name: (typeof columns)[number]): Share => ({
    part: results.reduce((sum, one) => sum + one[name].part, 0),
    of: results.reduce((sum, one) => sum + one[name].of, 0),
  });
  const all = Object.fromEntries(columns.map((name) => [name, total(name)])) as Record<(typeof columns)[number], Share>;
  return [
    `referee: ${results.length} programs`,
    `  ${"program".padEnd(20)}${columns.map((name) => name.padStart(19)).join("")}`,
    ...results.map((one) => `  ${one.program.padEnd(20)}${one.failure ?? `${cells(one)}  ${one.seconds} s`}`),
    `  ${"TOTAL".padEnd(20)}${cells(all)}`,
    `  unknown std callees ${results.reduce((sum, one) => sum + one.unmodelled.length, 0)}`,
    ...missLines(results),
  ].join("\n");
}

/** Each miss once, with the programs that have it. */
function missLines(results: readonly RefereeResult[]): readonly string[] {
  const programs = new Map<string, string[]>();
  for (const one of results) {
    for (const miss of one.misses) programs.set(miss, [...(programs.get(miss) ?? []), one.program]);
  }
  return [...programs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([miss, names]) => `  ${miss} (${names.join(", ")})`);
}

function share({ part, of }: Share, empty: number): string {
  return `${part}/${of} ${(100 * (of === 0 ? empty : part / of)).toFixed(1)}%`;
}

function judge(program: string): RefereeResult {
  const manifest = path.join(folder, "programs", program);
  const args = ["--manifest-path", path.join(manifest, "Cargo.toml"), "--locked", "--format", "json"];
  const graphRun = runTool({ args: ["graph", ...args], folder: manifest });
  const graph = graphOf(graphRun);
  const reportRun = runTool({ args: ["check", ...args], folder: manifest });
  const report = reportOf(reportRun);
  const seconds = reportRun.seconds;
  if (typeof graph === "string") return failed(program, `graph: ${graph}`, seconds);
  if (typeof report === "string") return failed(program, `check: ${report}`, seconds);
  return { ...compare(program, graphRun, reportRun, report), seconds };
}

function failed(program: string, failure: string, seconds: number): RefereeResult {
  const shares = { direct: none, recall: none, precision: none, absent: none, sites: none, entries: none };
  return { program, failure, ...shares, unresolved: none, decided: none, unmodelled: [], misses: [], seconds };
}

function compare(program: string, graph: ToolRun, check: ToolRun, report: Report): Omit<RefereeResult, "seconds"> {
  const truthFile = path.join(folder, "truth", `${program}.json.gz`);
  const truth = JSON.parse(gunzipSync(readFileSync(truthFile)).toString()) as { readonly entry: readonly string[] };
  const temp = mkdtempSync(path.join(tmpdir(), "sigsafe-referee-"));
  try {
    const at = (name: string): string => path.join(temp, name);
    writeFileSync(at("graph.json"), graph.stdout);
    writeFileSync(at("report.json"), check.stdout);
    oracle(["compare", truthFile, at("graph.json"), "--json", at("compare.json")]);
    const sites = oracle(["sites", truthFile, at("report.json")]);
    const result = JSON.parse(readFileSync(at("compare.json"), "utf8")) as {
      readonly total: Readonly<Record<string, number>>;
      readonly missing: readonly Located[];
      readonly wrong: readonly (readonly [readonly [string, string, number], string])[];
      readonly absent: readonly Located[];
    };
    const count = (name: string): number => result.total[name] ?? 0;
    const seen = new Set(report.handlers.map((one) => one.function));
    const lost = truth.entry.filter((one) => !seen.has(one));
    const found = /^sites (\d+)\/(\d+)/.exec(sites);
    return {
      program,
      failure: null,
      direct: { part: count("found_direct"), of: count("oracle_direct") },
      recall: { part: count("found_t2"), of: count("oracle_t2") },
      precision: { part: count("right"), of: count("claimed") - count("maybe") },
      absent: { part: count("absent"), of: count("claimed") + count("absent") },
      sites: { part: Number(found?.[1] ?? 0), of: Number(found?.[2] ?? 0) },
      entries: { part: truth.entry.length - lost.length, of: truth.entry.length },
      unresolved: {
        part: report.handlers.reduce((sum, one) => sum + one.reached.unresolved, 0),
        of: report.handlers.reduce((sum, one) => sum + one.reached.calls, 0),
      },
      decided: {
        part: report.handlers.filter((one) => one.verdict !== "incomplete").length,
        of: report.handlers.length,
      },
      unmodelled: unmodelledCallees(report.blindSpots),
      misses: [
        ...lost.map((one) => `HANDLER NOT FOUND ${one}`),
        ...result.missing.map(
          ([crate, file, line, name, tier]) => `MISSED ${crate} ${file}:${line} ${name} tier ${tier}`,
        ),
        ...result.wrong.map(([[crate, file, line], name]) => `WRONGLY CLAIMED ${crate} ${file}:${line} ${name}`),
        ...result.absent.map(([crate, file, line, name]) => `ABSENT ${crate} ${file}:${line} ${name}`),
        ...sites.split("\n").flatMap((line) => (line.startsWith("  missing") ? [`SITE ${line.trim()}`] : [])),
        ...report.blindSpots.map((one) => `BLIND ${one.reason} ${one.package} ${one.file}:${one.line} ${one.text}`),
      ],
    };
  } finally {
    rmSync(temp, { recursive: true });
  }
}

function oracle(args: readonly string[]): string {
  const child = spawnSync("python3", [path.join(folder, "oracle.py"), ...args], { encoding: "utf8" });
  if (child.status !== 0) throw new Error(`oracle.py ${args[0]}: ${child.stderr}`);
  return child.stdout;
}
