/**
 * The report for a terminal, in rustc's manner: errors first, each with its code, its path and the way out; then warnings
 * under the crate that has to fix them, what was not followed by cause, guards where asked, and each handler's verdict.
 *
 * Never prints "clean" or "safe" for a handler with a blind spot: that verdict is "incomplete".
 */

import { inert, withoutCommands } from "../base/inert.ts";
import { pushAll } from "../base/push-all.ts";
import type { BlindSpot, Report, ReportHandler, ReportProblem } from "../safety/report-model.ts";
import { withHyperlinks } from "./hyperlinks.ts";
import { byCrate, type FindingItem, grouped, itemsOf } from "./merge-findings.ts";
import { type Painter, painter } from "./style.ts";
import { findingLines } from "./text-finding.ts";
import { causeOf, count, coveredCalls, enteredBy, placeText, verdictText, wayOutOf } from "./wording.ts";

export interface TextOptions {
  readonly colour: boolean;
  /** Show guards and what they exclude, every frame and effect, and how each level came about. */
  readonly explain: boolean;
  /** Only the counts. */
  readonly quiet: boolean;
  /** The directory that folders are relative to, where places are to be links. */
  readonly links?: string | null;
}

const LEVELS = ["error", "warning", "note"] as const;

/** The report as text, with a newline at its end. */
export function renderText(report: Report, options: TextOptions): string {
  const paint = painter(options.colour);
  const sections: string[][] = report.problems.map((problem) => problemLines(problem, paint));
  if (!options.quiet) {
    pushAll(sections, findingSections(report, paint, options));
    pushAll(sections, blindSpotSections(report.blindSpots, paint, options));
    if (options.explain) pushAll(sections, guardSections(report, paint));
  }
  pushAll(sections, summarySections(report, paint));
  const whole = sections.filter((section) => section.length > 0).map((section) => section.join("\n"));
  const text = withoutCommands(whole.join("\n\n"));
  const { links } = options;
  return `${links === null || links === undefined ? text : withHyperlinks(text, report, links)}\n`;
}

function problemLines(problem: ReportProblem, paint: Painter): string[] {
  const lines = [`${paint(problem.level, problem.level)}${paint("bold", `: ${inert(problem.message)}`)}`];
  if (problem.file !== null) {
    const at = problem.line === null ? "" : `:${problem.line}`;
    const owner = problem.package === null ? "" : `${problem.package} `;
    lines.push(`  ${paint("accent", "-->")} ${inert(`${owner}${problem.file}${at}`)}`);
  }
  return lines;
}

function findingSections(report: Report, paint: Painter, options: TextOptions): string[][] {
  const handlers = new Map(report.handlers.map((one) => [one.id, one]));
  const helped = new Set<string>();
  const section = (item: FindingItem): string[] => {
    const { help } = item.finding;
    const first = !helped.has(help);
    helped.add(help);
    const handler = report.handlers.length === 1 ? null : (handlers.get(item.finding.handler) ?? null);
    return findingLines(item, { paint, explain: options.explain, handler, help: first });
  };
  const out = itemsOf(report.findings, "error").map(section);
  for (const level of options.explain ? (["warning", "note"] as const) : (["warning"] as const)) {
    for (const crate of byCrate(itemsOf(report.findings, level))) {
      const number = crate.items.flatMap((one) => one.all).length;
      const places = number === crate.items.length ? "" : ` at ${count(crate.items.length, "place")}`;
      const title = `to be fixed in ${inert(crate.package)}: ${count(number, level)}${places}`;
      out.push([paint("bold", `── ${title} ${"─".repeat(Math.max(3, 76 - title.length))}`)]);
      pushAll(out, crate.items.map(section));
    }
  }
  return out;
}

const SHOWN_CRATES = 4;

function blindSpotSections(spots: readonly BlindSpot[], paint: Painter, options: TextOptions): string[][] {
  return [...grouped(spots, (one) => one.reason).values()].map((list) => {
    const reason = list[0]?.reason ?? "limit";
    const title = `: ${count(list.length, "place")}, ${causeOf(reason)}`;
    const lines = [`${paint("warning", `not followed[${reason}]`)}${paint("bold", title)}`];
    const width = options.explain ? Number.POSITIVE_INFINITY : 80;
    const crates = [...grouped(list, (one) => one.package).values()];
    const shown = options.explain ? crates : crates.slice(0, SHOWN_CRATES);
    for (const ones of shown) {
      for (const one of options.explain ? ones : ones.slice(0, 1)) lines.push(blindSpotLine(one, width, paint));
      if (ones.length > 1 && !options.explain)
        lines.push(`      ${paint("dim", `and ${ones.length - 1} more in ${inert(ones[0]?.package ?? "")}`)}`);
    }
    const left = crates.slice(shown.length).map((ones) => `${ones.length} in ${inert(ones[0]?.package ?? "")}`);
    if (left.length > 0) lines.push(`      ${paint("dim", `and ${left.join(", ")}`)}`);
    lines.push(`  ${paint("accent", "=")} ${paint("bold", "help:")} ${wayOutOf(reason)}`);
    return lines;
  });
}

function blindSpotLine(spot: BlindSpot, width: number, paint: Painter): string {
  const owner = spot.function === "" ? "" : ` ${paint("dim", `in ${inert(spot.function)}`)}`;
  const half = Math.floor(width / 2);
  const text = spot.text.length > width ? `${spot.text.slice(0, half)} … ${spot.text.slice(-half)}` : spot.text;
  return `  ${paint("accent", "-->")} ${inert(placeText(spot, true))}  ${inert(text)}${owner}`;
}

function guardSections(report: Report, paint: Painter): string[][] {
  return report.guards.map((guard) => {
    const forced = guard.forcedAt;
    const by = forced === null ? "" : ` by ${inert(forced.function)} at ${inert(placeText(forced))}`;
    const about = guard.static === "" ? "" : `: ${inert(guard.static)}`;
    const lines = [`${paint("good", `guard[${guard.guard}]`)}${paint("bold", `${about}${by}`)}`];
    lines.push(`  ${paint("accent", "-->")} ${inert(placeText(guard))}`);
    for (const one of coveredCalls(guard.excludes))
      lines.push(`  excludes ${one.kind} ${inert(one.callee)}  ${paint("dim", inert(placeText(one.site, true)))}`);
    return lines;
  });
}

function summarySections(report: Report, paint: Painter): string[][] {
  const handlers = report.handlers.map((handler) => handlerLine(report, handler, paint));
  const programs = report.programs.map((program) => {
    const features = program.features.length === 0 ? "" : ` [${program.features.join(", ")}]`;
    const approximated = program.featuresApproximated ? ", features approximated" : "";
    return `program ${paint("bold", inert(program.package))}${inert(features)} for ${inert(program.target)}${approximated}: ${painted(program.verdict, paint)}`;
  });
  const none =
    report.handlers.length > 0
      ? []
      : [
          `no signal handler was found; looked for installations in ${count(report.packages.length, "package")}: ${inert(nameSome(report.packages.map((one) => one.id)))}`,
        ];
  return [handlers, none, [...programs, paint("bold", totals(report))]];
}

function totals(report: Report): string {
  const told = report.findings.filter((one) => one.suppressed === null);
  const levels = LEVELS.map((level) => count(told.filter((one) => one.level === level).length, level));
  const suppressed = report.findings.length - told.length;
  const parts = [...levels.slice(0, 2), ...(told.some((one) => one.level === "note") ? levels.slice(2) : [])];
  if (suppressed > 0) parts.push(count(suppressed, "suppressed finding"));
  return [...parts, count(report.blindSpots.length, "blind spot")].join(", ");
}

function nameSome(names: readonly string[]): string {
  return names.length <= 8 ? names.join(", ") : `${names.slice(0, 8).join(", ")} and ${names.length - 8} more`;
}

function handlerLine(report: Report, handler: ReportHandler, paint: Painter): string {
  const { reached } = handler;
  const at = handler.registeredAt[0];
  const place = at === undefined ? "" : `, installed at ${inert(placeText(at))}`;
  const panics = handler.panicSites === 0 ? "" : `; can panic at ${count(handler.panicSites, "place")}`;
  const verdict = painted(verdictText(handler, report.blindSpots), paint);
  const head = `handler ${paint("bold", inert(handler.function))} (${inert(enteredBy(handler))}): ${verdict}`;
  return `${head}\n  ${reached.functions} functions, ${reached.calls} calls, ${followedText(report, handler)}${panics}${place}`;
}

/** Calls that std makes itself are not counted; where one of them could not be followed, not all were. */
function followedText(report: Report, { id, reached }: ReportHandler): string {
  if (reached.unresolved > 0) return `${reached.unresolved} not followed`;
  return report.blindSpots.some(({ handler }) => handler === id) ? "not all followed" : "all followed";
}

function painted(verdict: string, paint: Painter): string {
  if (verdict.startsWith("unsafe")) return paint("error", verdict);
  if (verdict === "clean") return paint("good", verdict);
  return paint("warning", verdict);
}
