/**
 * One finding for a terminal: message, code, reason, the path to the place and on to the worst that lies behind it, and what
 * to do. Errors and --explain show every frame with its place; else the path is one line of short names.
 */

import { inert } from "../base/inert.ts";
import { pushAll } from "../base/push-all.ts";
import type { CoveredEffect, Excerpt, Finding, ReportHandler, TraceFrame } from "../safety/report-model.ts";
import { codeFrame } from "./code-frame.ts";
import { type FindingItem, grouped, reasonOf } from "./merge-findings.ts";
import { gapText, pathFrames, pathNames, wholeLength } from "./path-names.ts";
import type { Painter } from "./style.ts";
import { count, coveredCalls, enteredBy, placeText } from "./wording.ts";

export interface FindingText {
  readonly paint: Painter;
  readonly explain: boolean;
  /** Null where the reader knows it: the report has one handler. */
  readonly handler: ReportHandler | null;
  /** False where the same help stands above. */
  readonly help: boolean;
}

const WIDTH = 100;
const SHOWN_FRAMES = 12;

/** The lines of one finding. */
export function findingLines(item: FindingItem, options: FindingText): string[] {
  const { paint, explain } = options;
  const { finding } = item;
  const rules = item.rules.join(", ");
  const lines = [
    `${paint(finding.level, `${finding.level}[${rules}]`)}${paint("bold", `: ${inert(item.message)}`)}`,
    `  ${paint("accent", "-->")} ${inert(placeText(finding.site, true))}`,
  ];
  const excerpt =
    finding.excerpt === null || full(finding, options) ? finding.excerpt : oneLine(finding, finding.excerpt);
  if (excerpt !== null)
    for (const line of codeFrame(excerpt, finding.site.line, finding.level, paint)) lines.push(`  ${line}`);
  const note = (name: string, text: string): string => `  ${paint("accent", "=")} ${paint("bold", `${name}:`)} ${text}`;
  if (options.handler !== null)
    lines.push(note("handler", `${inert(options.handler.function)} (${inert(enteredBy(options.handler))})`));
  const reason = reasonOf(finding);
  if (reason !== "") lines.push(note("why", inert(reason)));
  pushAll(lines, pathLines(finding, options, note));
  if (finding.otherPaths > 0) lines.push(`      ${paint("dim", `and ${count(finding.otherPaths, "other path")}`)}`);
  pushAll(lines, coverLines(coveredCalls(item.all.flatMap((one) => one.covers)), paint, explain, note));
  if (explain) lines.push(note("certainty", [finding.certainty, ...finding.conditions].join(", ")));
  if (options.help && finding.help !== "") lines.push(note("help", inert(finding.help)));
  return lines;
}

function full(finding: Finding, options: FindingText): boolean {
  return finding.level === "error" || options.explain;
}

function oneLine(finding: Finding, excerpt: Excerpt): Excerpt {
  const text = excerpt.lines[finding.site.line - excerpt.start];
  return text === undefined ? excerpt : { ...excerpt, start: finding.site.line, lines: [text] };
}

type Note = (name: string, text: string) => string;

function pathLines(finding: Finding, options: FindingText, note: Note): string[] {
  const { paint } = options;
  const beyond = finding.beyond ?? [];
  const names = pathNames(finding);
  if (finding.trace.length < 2 && beyond.length === 0) return [note("path", "the handler itself")];
  if (!full(finding, options))
    return names.length < 2 ? [note("path", "the handler itself")] : shortPath(finding, names, note);
  const lines = [note("path", "").trimEnd(), ...frameLines(finding.trace, false, options)];
  if (beyond.length > 0) {
    lines.push(`    ${paint("bold", "then:")}`, ...frameLines(beyond, true, options));
    const effect = finding.covers.find((one) => endsAt(one, beyond));
    if (effect !== undefined) lines.push(`      ${paint("dim", "→")} ${inert(effect.callee)}  (${effect.kind})`);
  }
  return lines;
}

/** The names of a path, as many on a line as it holds. */
function shortPath(finding: Finding, path: readonly string[], note: Note): string[] {
  const names = path.map((name) => inert(name));
  const rows: string[][] = [[]];
  for (const [index, name] of kept(names, wholeLength(pathFrames(finding))).entries()) {
    const row = rows.at(-1) ?? [];
    const text = index === 0 ? name : `→ ${name}`;
    if (row.join(" ").length + text.length > WIDTH - 10 && row.length > 0) rows.push([text]);
    else row.push(text);
  }
  return rows.map((row, index) => (index === 0 ? note("path", row.join(" ")) : `          ${row.join(" ")}`));
}

/** Of a path with so many functions. */
function kept(names: readonly string[], length: number): string[] {
  if (names.length <= SHOWN_FRAMES) return [...names];
  return [...names.slice(0, 5), gapText({ omitted: length - SHOWN_FRAMES + 1 }), ...names.slice(6 - SHOWN_FRAMES)];
}

function frameLines(frames: readonly TraceFrame[], later: boolean, options: FindingText): string[] {
  const { paint, explain } = options;
  const lines = frames.flatMap((frame, index) => {
    const arrow = index === 0 && !later ? "" : `${paint("dim", "→")} `;
    const trivial = ["entry", "call", "method", "trait"].includes(frame.via);
    const via = trivial ? "" : `  ${paint("dim", `(${frame.via})`)}`;
    const line = `      ${arrow}${inert(frame.function)}  ${paint("dim", inert(placeText(frame)))}${via}`;
    return frame.omitted === undefined ? [line] : [`      ${paint("dim", gapText(frame))}`, line];
  });
  if (explain || lines.length <= SHOWN_FRAMES) return lines;
  const length = wholeLength(frames);
  const shows = length > frames.length ? "--explain shows some" : "--explain shows all";
  const more = `      ${paint("dim", `… ${count(length - SHOWN_FRAMES + 1, "more frame")} (${shows})`)}`;
  return [...lines.slice(0, 5), more, ...lines.slice(6 - SHOWN_FRAMES)];
}

function endsAt(effect: CoveredEffect, beyond: readonly TraceFrame[]): boolean {
  const last = beyond.at(-1);
  const { site } = effect;
  return (
    last !== undefined &&
    site.package === last.package &&
    site.file === last.file &&
    site.line === last.line &&
    site.column === last.column
  );
}

/** All that lies behind, or one of each kind. */
function coverLines(covers: readonly CoveredEffect[], paint: Painter, explain: boolean, note: Note): string[] {
  const kinds = [...grouped(covers, (one) => one.kind).values()];
  if (kinds.length === 0) return [];
  const shown = explain ? covers : kinds.flatMap((list) => list.slice(0, 1));
  const width = Math.max(...shown.map((one) => one.kind.length));
  const lines = shown.map((one) => {
    const times = explain ? "" : `${kinds.find(([first]) => first === one)?.length ?? 1}× `.padStart(5);
    return `    ${times}${one.kind.padEnd(width)}  ${inert(one.callee)}  ${paint("dim", inert(placeText(one.site)))}`;
  });
  const few = shown.length < covers.length ? "one of each kind; --explain shows all" : "";
  return [note("behind it", few).trimEnd(), ...lines];
}
