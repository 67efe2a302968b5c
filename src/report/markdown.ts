/**
 * The report as Markdown, for a job summary or a comment: verdicts first, then errors with their paths, warnings by crate, and
 * what was not followed. Foreign text stands in code spans and fences that it cannot end, or is escaped; cut to a size.
 */

import { inert, withoutCommands } from "../base/inert.ts";
import type { Finding, Report, ReportHandler } from "../safety/report-model.ts";
import { byCrate, type FindingItem, grouped, itemsOf, reasonOf } from "./merge-findings.ts";
import { gapText, pathNames, wholeLength } from "./path-names.ts";
import { causeOf, count, coversText, enteredBy, placeText, verdictText, wayOutOf } from "./wording.ts";

/** What a job summary may hold on GitHub is 1 MiB; a little is left for what others write into it. */
const MAX_BYTES = 900_000;

/** The report as Markdown; at most `maxBytes` of UTF-8, with a last line that says what was cut. */
export function renderMarkdown(report: Report, maxBytes: number = MAX_BYTES): string {
  const handlers = new Map(report.handlers.map((one) => [one.id, one]));
  const sections = [
    [`## ${inert(report.tool.name)}: ${headline(report)}`],
    ...report.problems.map((one) => [`> **${one.level}**: ${text(one.message)}`]),
    handlerTable(report),
    ...itemsOf(report.findings, "error").map((item) => errorSection(item, handlers.get(item.finding.handler))),
    ...byCrate(itemsOf(report.findings, "warning")).map(({ package: name, items }) => warningSection(name, items)),
    blindSpotSection(report),
  ].filter((section) => section.length > 0);
  let out = "";
  for (const [index, section] of sections.entries()) {
    const block = `${section.join("\n")}\n\n`;
    const left = sections.length - index;
    if (Buffer.byteLength(out) + Buffer.byteLength(block) > maxBytes - 200)
      return `${out}_${count(left, "section")} left out: the summary would be too large. The JSON report holds all._\n`;
    out += withoutCommands(block);
  }
  return `${out.trimEnd()}\n`;
}

function headline(report: Report): string {
  const told = report.findings.filter((one) => one.suppressed === null);
  const number = (level: Finding["level"]): string => count(told.filter((one) => one.level === level).length, level);
  return `${number("error")}, ${number("warning")}, ${count(report.blindSpots.length, "blind spot")}`;
}

const MARKS: Readonly<Record<string, string>> = { unsafe: "❌", suspect: "⚠️", clean: "✅", incomplete: "❔" };

function handlerTable(report: Report): string[] {
  if (report.handlers.length === 0)
    return [`No signal handler was found in ${count(report.packages.length, "package")}.`];
  const rows = report.handlers.map((one) => {
    const verdict = `${MARKS[one.verdict] ?? ""} ${verdictText(one, report.blindSpots)}`;
    const at = one.registeredAt[0];
    const cells = [
      code(one.function, true),
      enteredBy(one),
      verdict,
      at === undefined ? "" : code(placeText(at), true),
    ];
    return `| ${cells.map((cell, index) => (index % 2 === 0 || index === 3 ? cell : text(cell))).join(" | ")} |`;
  });
  return ["| handler | entered by | verdict | installed at |", "| --- | --- | --- | --- |", ...rows];
}

function errorSection(item: FindingItem, handler: ReportHandler | undefined): string[] {
  const { finding } = item;
  const { cause } = finding;
  const beyond = finding.beyond ?? [];
  const frames = [...finding.trace, ...beyond];
  const steps = frames.map((frame, index) => {
    const arrow = index === 0 ? "" : `${"  ".repeat(Math.min(index, 12))}└ `;
    const gap = frame.omitted === undefined ? "" : `${gapText(frame)} `;
    return inert(`${arrow}${gap}${frame.function}   ${placeText(frame)}`);
  });
  const behind = finding.covers.length === 0 ? [] : ["", `Behind it: ${coversText(finding.covers)}.`];
  const excerpt = finding.excerpt === null ? [] : fence(finding.excerpt.lines.map(inert), "rust");
  return [
    `### ❌ ${item.rules.map((rule) => code(rule)).join(", ")}: ${message(item)}`,
    "",
    `${code(placeText(finding.site, true))}${handler === undefined ? "" : `, reached from ${code(handler.function)} (${text(enteredBy(handler))})`}`,
    ...excerpt,
    ...(cause === undefined ? [] : [`**Brought by** ${code(`${cause.file}:${cause.line}`)}: ${text(cause.why)}.`, ""]),
    ...(reasonOf(finding) === "" ? [] : [`**Why**: ${text(reasonOf(finding))}.`]),
    ...behind,
    "",
    `<details><summary>The path, ${count(wholeLength(frames), "step")}</summary>`,
    "",
    ...fence(steps, "text"),
    "</details>",
    "",
    `**What to do**: ${text(finding.help)}`,
  ];
}

function warningSection(name: string, items: readonly FindingItem[]): string[] {
  const number = items.flatMap((one) => one.all).length;
  const rows = items.map((item) => {
    const { finding } = item;
    const path = pathNames({ trace: finding.trace }).join(" → ");
    const cells = [message(item), text(reasonOf(finding)), code(`${finding.site.file}:${finding.site.line}`, true)];
    return `| ${cells.join(" | ")} | ${code(path, true)} |`;
  });
  return [
    `<details><summary>⚠️ ${count(number, "warning")} to be fixed in <code>${html(name)}</code></summary>`,
    "",
    "| what | why | where | path |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
    "</details>",
  ];
}

function blindSpotSection(report: Report): string[] {
  const causes = [...grouped(report.blindSpots, (one) => one.reason).values()];
  if (causes.length === 0) return [];
  const rows = causes.flatMap((list) => {
    const [first] = list;
    if (first === undefined) return [];
    const what = `${text(first.reason)}: ${text(causeOf(first.reason))}`;
    return [`| ${list.length} | ${what} | ${code(placeText(first), true)} | ${text(wayOutOf(first.reason))} |`];
  });
  return [
    `<details><summary>❔ ${count(report.blindSpots.length, "call")} not followed</summary>`,
    "",
    "| calls | cause | the first | what resolves it |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
    "</details>",
  ];
}

/** A message whose callee is code; the callee stands at its start. */
function message(item: FindingItem): string {
  const named = `\`${item.finding.callee}\` `;
  if (!item.message.startsWith(named)) return text(item.message);
  return `${code(item.finding.callee, true)} ${text(item.message.slice(named.length))}`;
}

/** Foreign text outside code: nothing in it is markup, but what stands between backticks is code. */
function text(raw: string): string {
  const parts = inert(raw).split("`");
  const unpaired = parts.length % 2 === 0;
  return parts
    .map((part, at) => {
      if (at % 2 === 0) return escaped(part);
      return unpaired && at === parts.length - 1 ? escaped(`\`${part}`) : code(part, true);
    })
    .join("");
}

function escaped(raw: string): string {
  return raw.replace(/[&<>"'\\`*_{}[\]|~#!$@:]/gu, (char) => `&#${char.codePointAt(0)};`);
}

/** Text inside a tag of our own: some viewers read Markdown there too. */
function html(raw: string): string {
  return inert(raw).replace(/[&<>"'`[\]:]/gu, (char) => `&#${char.codePointAt(0)};`);
}

/** A code span that its text cannot end; in a table a bar needs an escape even there. */
function code(raw: string, table: boolean = false): string {
  const shown = inert(raw);
  if (shown.trim() === "") return "";
  const ticks = "`".repeat(longest(shown) + 1);
  const pad = shown.startsWith("`") || shown.endsWith("`") ? " " : "";
  const span = `${ticks}${pad}${shown}${pad}${ticks}`;
  return table ? span.replaceAll("|", "\\|") : span;
}

function fence(lines: readonly string[], language: string): string[] {
  const ticks = "`".repeat(Math.max(3, longest(lines.join("\n")) + 1));
  return ["", `${ticks}${language}`, ...lines, ticks, ""];
}

function longest(shown: string): number {
  return (shown.match(/`+/gu) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
}
