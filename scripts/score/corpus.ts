/**
 * Published crates and what must be said about them: test/corpus/cases.json and more-cases.json, checks.json with the traps.
 *
 * Each version is linted by `sigsafe-lint crate` with the case's features. BUG: each sink that is not optional is reported for the named
 * handler as site, on the trace or in `covers`, of a fitting kind, as an error where DESIGN says so; in the fixed version those findings are
 * gone. CLEAN, GREY and fixed versions: exit 0 and few warnings. Nothing at the traps. Without the network: null.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Finding, Report, ReportHandler, SitePlace } from "../../src/safety/report-model.ts";
import type { Outcome } from "./outcome.ts";
import { projectRoot, reportOf, runTool } from "./run-tool.ts";

interface Sink {
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
interface Never {
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
interface Checks {
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

/** Each case and each fixed version; null where crates.io cannot be reached. */
export function scoreCorpus(only: string | null, onCase?: (outcome: Outcome) => void): readonly Outcome[] | null {
  const checks = read("checks.json") as Readonly<Record<string, Checks>>;
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
  const features = one.features.length === 0 ? [] : ["-F", one.features.join(",")];
  const defaults = one.defaultFeatures ? [] : ["--no-default-features"];
  const run = runTool({ args: ["crate", `${one.crate}@${version}`, ...defaults, ...features, "--format", "json"] });
  const report = reportOf(run);
  const name = `${id} ${one.crate} ${version}`;
  if (typeof report === "string") {
    const missing = [`the analysis: ${report}`];
    const none = { extra: [], noise: [], dishonest: false, found: 0, handlers: 1, decided: 0 };
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
    dishonest: found.some(({ complaint }) => complaint !== null) && clean,
    found: found.filter(({ complaint }) => complaint === null).length,
    handlers: report.handlers.length,
    decided: report.handlers.filter((handler) => handler.verdict !== "incomplete").length,
    note: summary(report, run.seconds),
  };
  return { report, outcome };
}

interface SinkResult {
  readonly findings: readonly Finding[];
  readonly complaint: string | null;
}

/** For each required sink the findings that stand for it, and what is wrong with them. */
function sinkFindings(report: Report, one: CorpusCase): readonly SinkResult[] {
  const handlers = new Set(handlersOf(report, one).map((handler) => handler.id));
  const said = report.findings.filter((found) => handlers.has(found.handler) && found.level !== "note");
  return one.sinks.flatMap((sink): SinkResult[] => {
    const owner = (sink.in_crate ?? `${one.crate}-${one.version}`).replace(/-(?=\d)/, "@");
    const kinds = kindsOf(sink.kind);
    const result = (slack: number): SinkResult => {
      const at = (place: SitePlace): boolean =>
        place.package === owner && place.file === sink.file && Math.abs(place.line - sink.line) <= slack;
      const findings = said.filter((found) => [found.site, ...found.trace, ...(found.beyond ?? [])].some(at));
      const covering = said.filter((found) => found.covers.some((below) => at(below.site) && fits(below.kind, kinds)));
      const all = [...new Set([...findings, ...covering])];
      return { findings: all, complaint: complaintOf(sink, kinds, all, report) };
    };
    const exact = result(0);
    // Cases name the statement; an effect of it may stand on one of its next lines.
    const near = exact.complaint === null ? exact : result(NEAR);
    if (sink.optional === true && near.complaint !== null) return [];
    return [near.complaint === null ? near : exact];
  });
}

const NEAR = 3;

function fits(kind: string, kinds: readonly string[]): boolean {
  return kinds.length === 0 || kinds.includes(kind);
}

function complaintOf(
  sink: Sink,
  kinds: readonly string[],
  findings: readonly Finding[],
  report: Report,
): string | null {
  const what = `${sink.kind} at ${sink.file}:${sink.line}`;
  if (findings.length === 0) return what;
  const fitting = findings.filter((found) => [found, ...found.covers].some((effect) => fits(effect.kind, kinds)));
  if (fitting.length === 0)
    return `${what} (there only ${[...new Set(findings.map((found) => found.kind))].join(", ")})`;
  const mustFail = kinds.some((kind) => errorKinds.has(kind)) && sink.condition === undefined;
  const lowered = (found: Finding): boolean =>
    found.conditions.some((condition) => lowering.has(condition)) ||
    report.handlers.find((handler) => handler.id === found.handler)?.delivery === "fault";
  const ok = !mustFail || fitting.some((found) => found.level === "error" || lowered(found));
  return ok ? null : `${what} only as ${fitting.map((found) => `${found.level} (${found.why})`).join(", ")}`;
}

const lowering: ReadonlySet<string> = new Set(["guarded", "error-path", "spill", "first-in-thread", "foreign-data"]);
const errorKinds: ReadonlySet<string> = new Set(["alloc", "dealloc", "lock", "spin", "stdio", "exit", "init"]);

/** Kinds that answer for a sink's description; empty where any does. */
function kindsOf(kind: string): readonly string[] {
  const table: readonly (readonly [RegExp, readonly string[]])[] = [
    [/^lazy init/, ["init", "lock"]],
    [/^alloc/, ["alloc", "init"]],
    [/^lock/, ["lock", "spin"]],
    [/^free/, ["dealloc"]],
    [/^std I\/O/, ["stdio"]],
    [/^thread_local/, ["tls"]],
    [/^logging/, ["user-code"]],
    [/^opaque dyn/, ["user-code"]],
    [/^panic/, ["panic"]],
    [/^RefCell/, ["panic", "reentrancy"]],
    [/^errno/, ["errno"]],
    [/\(exit\)$/, ["exit"]],
  ];
  return table.find(([pattern]) => pattern.test(kind))?.[1] ?? [];
}

/** Handlers that the case names, by place or by name. */
function handlersOf(report: Report, one: CorpusCase): readonly ReportHandler[] {
  const names = handlerNames(one);
  return report.handlers.filter(
    (handler) =>
      (handler.file === one.handler.file && handler.line === one.handler.line) ||
      names.some((name) => bare(handler.function) === name || bare(handler.function).endsWith(`::${name}`)),
  );
}

function handlerNames(one: CorpusCase): readonly string[] {
  const parts = one.handler.path.split(/; | -> /).filter((name) => !name.startsWith("("));
  return parts.map((name) => bare(name));
}

function bare(name: string): string {
  return name.replace(/#\d+/g, "");
}

function missingHandlers(report: Report, one: CorpusCase, checks: Checks): readonly string[] {
  const wanted = checks.handlers ?? (one.handler.path.includes("; ") ? handlerNames(one) : []);
  const seen = report.handlers.map((handler) => bare(handler.function));
  const lost = wanted.filter((name) => !seen.some((found) => found === name || found.endsWith(`::${name}`)));
  if (wanted.length === 0 && checks.handlers === undefined && one.sinks.length === 0) {
    const any = handlersOf(report, one).length > 0;
    return any ? [] : [`handler ${one.handler.path}`];
  }
  return lost.map((name) => `handler ${name}`);
}

function strangers(report: Report, { handlers }: Checks): readonly string[] {
  if (handlers === undefined) return [];
  const known = new Set(handlers);
  const others = report.handlers.filter((handler) => !known.has(bare(handler.function)));
  return others.map((handler) => `handler ${handler.function} at ${handler.file}:${handler.line}`);
}

function trapped(report: Report, { never }: Checks): readonly string[] {
  const said = report.findings.filter((found) => found.level !== "note" && found.suppressed === null);
  return (never ?? []).flatMap((trap) => {
    const at = (place: SitePlace): boolean =>
      (trap.package === undefined || trap.package === place.package) &&
      (trap.file === undefined || trap.file === place.file) &&
      (trap.lines === undefined || (trap.lines[0] <= place.line && place.line <= trap.lines[1])) &&
      (trap.function === undefined || place.function.includes(trap.function));
    const hits = said.filter(
      (found) =>
        (trap.kinds === undefined || trap.kinds.includes(found.kind)) &&
        (trap.callee === undefined || found.callee.includes(trap.callee)) &&
        (trap.site === true ? at(found.site) : [found.site, ...found.trace].some(at)),
    );
    return hits.map((found) => `trap (${trap.why}): ${describe(found)}`);
  });
}

function errorsOf(report: Report, code: number | null): readonly string[] {
  const errors = report.findings.filter((found) => found.level === "error").map(describe);
  return code === 0 ? errors : [`exit ${code}`, ...errors];
}

function tooManyWarnings(report: Report): readonly string[] {
  return report.handlers.flatMap((handler) => {
    const limit = handler.function.endsWith("::perf_signal_handler") ? 8 : 3;
    const warnings = report.findings.filter((found) => found.handler === handler.id && found.level === "warning");
    if (warnings.length <= limit) return [];
    return [
      `${warnings.length} warnings in ${handler.function}, at most ${limit}: ${warnings.map(describe).join(" / ")}`,
    ];
  });
}

/** The same finding in two versions: of one rule, in one function, about one callee. */
function same(was: Finding, now: Finding): boolean {
  return was.kind === now.kind && was.site.function === now.site.function && was.callee === now.callee;
}

function describe(found: Finding): string {
  const conditions = found.conditions.length === 0 ? "" : ` [${found.conditions.join(",")}]`;
  return `${found.level} ${found.kind}${conditions} ${found.callee} at ${found.site.package} ${found.site.file}:${found.site.line}`;
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
