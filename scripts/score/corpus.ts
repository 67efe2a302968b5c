/**
 * Published crates and what must be said about them: test/corpus/cases.json and more-cases.json, checks.json with the traps.
 *
 * Each version is linted by `sigsafe-lint crate` with the case's features. BUG: each sink that is not optional is reported for the named
 * handler as site, on the trace or in `covers`, of a fitting kind, as an error where DESIGN says so; in the fixed version those findings are
 * gone. CLEAN, GREY and fixed versions: exit 0 and few warnings. Nothing at the traps. Without the network: null.
 */
import { spawnSync } from "node:child_process";
import type { Finding, Report } from "../../src/safety/report-model.ts";
import {
  type Checks,
  type CorpusCase,
  corpusCases,
  corpusChecks,
  describe,
  handlersOf,
  type Sink,
} from "./corpus-cases.ts";
import { sinkFindings } from "./corpus-sinks.ts";
import { errorsOf, missingHandlers, strangers, tooManyWarnings, trapped, warningsOf } from "./corpus-traps.ts";
import type { Outcome } from "./outcome.ts";
import { reportOf, runTool, type ToolRun } from "./run-tool.ts";
import { unmodelledCallees } from "./unmodelled.ts";

/** Each case and each fixed version; null where crates.io cannot be reached. */
export function scoreCorpus(only: string | null, onCase?: (outcome: Outcome) => void): readonly Outcome[] | null {
  const checks = corpusChecks();
  const probe = spawnSync("cargo", ["info", "--quiet", "libc"], { cwd: "/", timeout: 60_000 });
  if (probe.status !== 0) return null;
  const outcomes: Outcome[] = [];
  for (const one of corpusCases()) {
    if (only !== null && !one.id.includes(only) && !one.crate.includes(only)) continue;
    const own = checks[one.id] ?? {};
    const sinks = one.verdict === "BUG" || own.sinks === true ? one.sinks : [];
    const { report, outcome } = judgeVersion(one, one.version, one.id, own, sinks);
    outcomes.push(outcome);
    onCase?.(outcome);
    if (one.fixed_version === null) continue;
    const fixedId = `${one.id}-fixed`;
    const gone = report === null ? [] : sinkFindings(report, one).flatMap(({ findings }) => findings);
    const fixed = judgeVersion({ ...one, verdict: "CLEAN" }, one.fixed_version, fixedId, checks[fixedId] ?? {}, []);
    const still = fixed.report?.findings.filter((now) => now.level !== "note" && gone.some((was) => same(was, now)));
    const extra = [...fixed.outcome.extra, ...(still ?? []).map((now) => `still ${describe(now)}`)];
    outcomes.push({ ...fixed.outcome, extra });
    onCase?.({ ...fixed.outcome, extra });
  }
  return outcomes;
}

function judgeVersion(
  one: CorpusCase,
  version: string,
  id: string,
  checks: Checks,
  sinks: readonly Sink[],
): { readonly report: Report | null; readonly outcome: Outcome } {
  const run = runVersion(one, version);
  const report = reportOf(run);
  const name = `${id} ${one.crate} ${version}`;
  if (typeof report === "string") {
    const missing = [`the analysis: ${report}`];
    const none = { extra: [], noise: [], unmodelled: [], dishonest: false, found: 0, handlers: 1, decided: 0 };
    return { report: null, outcome: { name, missing, ...none } };
  }
  const found = sinkFindings(report, { ...one, sinks });
  const missing = [
    ...(sinks.length > 0 && handlersOf(report, one).length === 0 ? [`handler ${one.handler.path}`] : []),
    ...found.flatMap(({ complaint }) => complaint ?? []),
    ...(checks.guards ?? []).flatMap((wanted) => {
      const seen = report.guards.some(
        (guard) => guard.guard === "init-before-install" && guard.static.includes(wanted),
      );
      return seen ? [] : [`guard for ${wanted}`];
    }),
    ...missingHandlers(report, one, checks),
  ];
  const extra = [
    ...trapped(report, checks),
    ...strangers(report, checks),
    ...(one.verdict === "BUG" ? [] : [...errorsOf(report, run.code), ...tooManyWarnings(report)]),
  ];
  const clean = handlersOf(report, one).every((handler) => handler.verdict === "clean");
  const outcome: Outcome = {
    name,
    missing,
    extra,
    noise: [],
    unmodelled: unmodelledCallees(report.blindSpots),
    dishonest: found.some(({ complaint }) => complaint !== null) && clean,
    found: found.filter(({ complaint }) => complaint === null).length,
    handlers: report.handlers.length,
    decided: report.handlers.filter((handler) => handler.verdict !== "incomplete").length,
    ...(one.verdict === "CLEAN" ? { warnings: warningsOf(report) } : {}),
    note: summary(report, run.seconds),
  };
  return { report, outcome };
}

/** The tool's answer about one version of a case's crate; an earlier answer is reused. */
export function runVersion(one: CorpusCase, version: string): ToolRun {
  const features = one.features.length === 0 ? [] : ["-F", one.features.join(",")];
  const defaults = one.defaultFeatures ? [] : ["--no-default-features"];
  return runTool({ args: ["crate", `${one.crate}@${version}`, ...defaults, ...features, "--format", "json"] });
}

/** The same finding in two versions: of one rule, in one function, about one callee. */
function same(was: Finding, now: Finding): boolean {
  return was.kind === now.kind && was.site.function === now.site.function && was.callee === now.callee;
}

function summary(report: Report, seconds: number): string {
  const handlers = report.handlers.map((handler) => {
    const of = (level: string): number =>
      report.findings.filter((found) => found.handler === handler.id && found.level === level).length;
    const blind = report.blindSpots.filter((spot) => spot.handler === handler.id).length;
    return `${handler.function.split("::").slice(-2).join("::")} ${handler.verdict} ${of("error")}e ${of("warning")}w ${blind}b`;
  });
  const loose = report.blindSpots.filter((spot) => spot.handler === null);
  const lost = loose.map((spot) => `${spot.reason} ${spot.package} ${spot.file}:${spot.line}`);
  return `[${[...handlers, ...lost].join("; ") || "no handlers"}] ${seconds} s`;
}
