/**
 * The report for a terminal, in rustc's manner: findings first, worst first, each with its code, its path and the way
 * out; then blind spots by cause, guards where asked, and one summary per handler with its verdict.
 *
 * Never prints "clean" or "safe" for a handler with a blind spot: that verdict is "incomplete".
 */
import type {
  BlindSpot,
  Finding,
  Report,
  ReportHandler,
  ReportProblem,
  SitePlace,
  TraceFrame,
} from "../safety/report-model.ts";
import { codeFrame } from "./code-frame.ts";
import { inert, type Painter, painter, type Tone } from "./style.ts";

export interface TextOptions {
  readonly colour: boolean;
  /** Show guards and what they exclude, and how each level came about. */
  readonly explain: boolean;
  /** Only the counts. */
  readonly quiet: boolean;
}

const LEVELS = ["error", "warning", "note"] as const;

/** The report as text, with a newline at its end. */
export function renderText(report: Report, options: TextOptions): string {
  const paint = painter(options.colour);
  const handlers = new Map(report.handlers.map((handler) => [handler.id, handler]));
  const sections: string[][] = [];
  for (const problem of report.problems) sections.push(problemLines(problem, paint));
  if (!options.quiet) {
    for (const level of LEVELS) {
      if (level === "note" && !options.explain) continue;
      for (const finding of report.findings) {
        if (finding.level === level && finding.suppressed === null)
          sections.push(findingLines(finding, handlers.get(finding.handler), paint, options));
      }
    }
    sections.push(...blindSpotSections(report, paint, options));
    if (options.explain) sections.push(...guardSections(report, paint));
  }
  sections.push(...summarySections(report, paint));
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join("\n"))
    .join("\n\n")}\n`;
}

function problemLines(problem: ReportProblem, paint: Painter): string[] {
  const lines = [`${paint(problem.level, problem.level)}${paint("bold", `: ${inert(problem.message)}`)}`];
  if (problem.file !== null) {
    const at = problem.line === null ? "" : `:${problem.line}`;
    lines.push(
      `  ${paint("accent", "-->")} ${inert(`${problem.package === null ? "" : `${problem.package} `}${problem.file}${at}`)}`,
    );
  }
  return lines;
}

function findingLines(
  finding: Finding,
  handler: ReportHandler | undefined,
  paint: Painter,
  options: TextOptions,
): string[] {
  const tone: Tone = finding.level;
  const lines = [`${paint(tone, `${finding.level}[${finding.rule}]`)}${paint("bold", `: ${inert(finding.message)}`)}`];
  lines.push(`  ${paint("accent", "-->")} ${where(finding.site)}`);
  if (finding.excerpt !== null)
    lines.push(...codeFrame(finding.excerpt, finding.site.line, tone, paint).map((line) => `  ${line}`));
  const item = (name: string, text: string): string => `  ${paint("accent", "=")} ${paint("bold", name)}: ${text}`;
  if (handler !== undefined) lines.push(item("handler", `${inert(handler.function)} ${signalsOf(handler)}`));
  lines.push(item("why", inert(finding.why)));
  lines.push(item("path", ""), ...traceLines(finding.trace, paint));
  if (finding.otherPaths > 0) lines.push(`      ${paint("dim", `and ${count(finding.otherPaths, "other path")}`)}`);
  if (finding.covers.length > 0)
    lines.push(item("behind it", coversText(finding)), ...coverLines(finding, paint, options));
  if (finding.help !== "") lines.push(item("help", inert(finding.help)));
  return lines;
}

function signalsOf(handler: ReportHandler): string {
  const signals = handler.signals.length === 0 ? "signal unknown" : handler.signals.join(", ");
  const at = handler.registeredAt[0];
  const place = at === undefined ? "" : `; installed at ${inert(`${at.package}/${at.file}:${at.line}`)}`;
  return `(${signals}, ${handler.delivery}${place})`;
}

function where(site: SitePlace): string {
  return inert(`${site.package}/${site.file}:${site.line}:${site.column}`);
}

function traceLines(trace: readonly TraceFrame[], paint: Painter): string[] {
  return trace.map((frame, index) => {
    const link = index === 0 ? "" : paint("dim", `─${frame.via}→ `);
    const at = paint("dim", inert(`${frame.package}/${frame.file}:${frame.line}`));
    return `      ${"  ".repeat(Math.min(index, 20))}${link}${inert(frame.function)}  ${at}`;
  });
}

function coversText(finding: Finding): string {
  const counts = new Map<string, number>();
  for (const one of finding.covers) counts.set(one.kind, (counts.get(one.kind) ?? 0) + 1);
  const parts = [...counts]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([kind, number]) => `${number} ${kind}`);
  return parts.join(", ");
}

const SHOWN_COVERS = 6;

function coverLines(finding: Finding, paint: Painter, options: TextOptions): string[] {
  const shown = options.explain ? finding.covers : finding.covers.slice(0, SHOWN_COVERS);
  const lines = shown.map(
    (one) =>
      `      ${one.kind.padEnd(9)} ${inert(one.callee)}  ${paint("dim", `${inert(one.site.function)} ${where(one.site)}`)}`,
  );
  const rest = finding.covers.length - shown.length;
  if (rest > 0) lines.push(`      ${paint("dim", `and ${rest} more (--explain shows all)`)}`);
  return lines;
}

const SHOWN_BLIND = 5;

function blindSpotSections(report: Report, paint: Painter, options: TextOptions): string[][] {
  const byReason = new Map<string, BlindSpot[]>();
  for (const one of report.blindSpots) byReason.set(one.reason, [...(byReason.get(one.reason) ?? []), one]);
  return [...byReason].map(([reason, spots]) => {
    const title = `${paint("warning", "not followed")}${paint("bold", ` (${reason}): ${count(spots.length, "place")}`)}`;
    const shown = options.explain ? spots : spots.slice(0, SHOWN_BLIND);
    const lines = shown.map((one) => {
      const at = `${one.package}/${one.file}:${one.line}:${one.column}`;
      return `  ${paint("accent", "-->")} ${inert(at)}  ${inert(one.text)} ${paint("dim", `in ${inert(one.function)}`)}`;
    });
    const rest = spots.length - shown.length;
    if (rest > 0) lines.push(`  ${paint("dim", `and ${rest} more (--explain shows all)`)}`);
    lines.push(
      `  ${paint("accent", "=")} ${paint("bold", "help")}: ${WAY_OUT[reason] ?? "read the place; a rule can say what it does"}`,
    );
    return [title, ...lines];
  });
}

const WAY_OUT: Readonly<Record<string, string>> = {
  "unknown-type":
    "the receiver's type could not be told here; `sigsafe-lint graph --at FILE:LINE` shows how far it got",
  "fn-pointer": "nothing shows which functions this pointer may hold; look at what stores into it",
  "open-world": "the program chooses this code at run time; look at what is registered there",
  "unknown-macro": "a procedural or unknown macro; add a rule for what it expands to",
  "attribute-macro": "an attribute macro may rewrite this item; it was read as written",
  "build-output": "code made by a build script; it is never run here",
  "parse-error": "the text could not be parsed here",
  "no-model": "no rule says what this function does; a rule pack can",
  "unknown-extern": "no rule says whether this C function is safe; a rule pack can",
  "inline-asm": "inline assembly is not read",
  "unknown-handler": "a handler is installed here and its function was not found",
  "c-source": "the package ships C that installs handlers; C is not read",
  limit: "a limit of the analysis was reached here",
};

function guardSections(report: Report, paint: Painter): string[][] {
  return report.guards.map((guard) => {
    const forced = guard.forcedAt;
    const by =
      forced === null
        ? ""
        : ` by ${inert(forced.function)} at ${inert(`${forced.package}/${forced.file}:${forced.line}`)}`;
    const lines = [`${paint("good", `guard[${guard.guard}]`)}${paint("bold", `: ${inert(guard.static)}${by}`)}`];
    lines.push(`  ${paint("accent", "-->")} ${inert(`${guard.package}/${guard.file}:${guard.line}`)}`);
    for (const one of guard.excludes)
      lines.push(`  excludes ${one.kind} ${inert(one.callee)} ${paint("dim", where(one.site))}`);
    return lines;
  });
}

function summarySections(report: Report, paint: Painter): string[][] {
  const verdicts = report.handlers.map((handler) => handlerLine(report, handler, paint));
  const programs = report.programs.map((program) => {
    const features = program.features.length === 0 ? "" : ` [${program.features.join(", ")}]`;
    const approximated = program.featuresApproximated ? ", features approximated" : "";
    return `program ${paint("bold", inert(program.package))}${inert(features)} for ${inert(program.target)}${approximated}: ${verdictText(program.verdict, paint)}`;
  });
  const none =
    report.handlers.length > 0
      ? []
      : [
          `no signal handler was found; looked for installations in ${count(report.packages.length, "package")}: ${inert(nameSome(report.packages.map((one) => one.id)))}`,
        ];
  const levels = LEVELS.map((level) =>
    count(report.findings.filter((one) => one.level === level && one.suppressed === null).length, level),
  );
  const suppressed = report.findings.filter((one) => one.suppressed !== null).length;
  const total = `${levels.join(", ")}, ${count(suppressed, "suppressed finding")}, ${count(report.blindSpots.length, "blind spot")}`;
  return [verdicts, none, [...programs, paint("bold", total)]];
}

function nameSome(names: readonly string[]): string {
  return names.length <= 8 ? names.join(", ") : `${names.slice(0, 8).join(", ")} and ${names.length - 8} more`;
}

function handlerLine(report: Report, handler: ReportHandler, paint: Painter): string {
  const { reached } = handler;
  const blind = report.blindSpots.filter((one) => one.handler === handler.id).length;
  const verdict = handler.verdict === "incomplete" ? `incomplete, ${count(blind, "blind spot")}` : handler.verdict;
  const followed = `${reached.resolved} followed, ${reached.modelled} modelled, ${reached.external} external, ${reached.unresolved} not followed`;
  const panics = handler.panicSites === 0 ? "" : `; can panic at ${count(handler.panicSites, "place")}`;
  const name = `${inert(handler.function)} ${signalsOf(handler)}`;
  return `handler ${paint("bold", name)}: ${verdictText(verdict, paint)}\n  ${reached.functions} functions, ${reached.calls} calls: ${followed}${panics}`;
}

function verdictText(verdict: string, paint: Painter): string {
  if (verdict.startsWith("unsafe")) return paint("error", verdict);
  if (verdict === "clean") return paint("good", verdict);
  return paint("warning", verdict);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
