/**
 * What `bump` and `diff` print: the JSON contract, and the same as text in terms of handlers.
 */

import { inertJson, inertLines } from "../base/inert.ts";
import { pushAll } from "../base/push-all.ts";
import { type Comparison, rank } from "../safety/compare-reports.ts";
import { packageName } from "../safety/match-handlers.ts";
import type { Finding, Report, ReportHandler, ReportPackage } from "../safety/report-model.ts";
import { newlyAllowed } from "./newly-allowed.ts";
import { outputTargets, writeReport, writeTexts } from "./output.ts";
import type { Format, OutputFlags } from "./run-options.ts";

export interface ComparedReports {
  readonly before: Report;
  readonly after: Report;
  readonly comparison: Comparison;
  /** What was compared with what: the first line of the text. */
  readonly title: string;
  readonly notes: readonly string[];
}

/** Prints one comparison, or those of several workspaces, as the flags say. */
export async function writeComparisons(list: readonly ComparedReports[], flags: OutputFlags): Promise<void> {
  const [only] = list;
  if (list.length === 1 && only !== undefined) await writeComparison(only, flags);
  else {
    for (const { format, file } of outputTargets(flags)) {
      const one = { ...flags, output: [`${format}=${file}`] };
      // Annotations come with a job summary for each.
      if (format === "github" && file === "-") for (const compared of list) await writeReport(freshOf(compared), one);
      else {
        const text = await inOne(list, format, flags);
        writeTexts(one, () => text);
      }
    }
  }
}

/** Prints it as the flags say. A format that knows findings alone gets the report after the change, with what is new in it. */
export async function writeComparison(compared: ComparedReports, flags: OutputFlags): Promise<void> {
  for (const { format, file } of outputTargets(flags)) {
    if (format !== "text" && format !== "json")
      await writeReport(freshOf(compared), { ...flags, output: [`${format}=${file}`] });
    else {
      const text = await inOne([compared], format, flags);
      writeTexts({ ...flags, output: [`${format}=${file}`] }, () => text);
    }
  }
}

/** The report after the change with what is new alone. */
function freshOf({ after, comparison }: ComparedReports): Report {
  const { findings, blindSpots } = comparison;
  const fresh = worstFirst([...findings.new, ...findings.raised.map((one) => one.after)]);
  const input = { ...after.input, changesOnly: true };
  const place = { package: null, file: null, line: null };
  const allowed = newlyAllowed(comparison).map((message) => ({ level: "warning" as const, message, ...place }));
  const problems = [...after.problems, ...allowed];
  return { ...after, input, findings: fresh, blindSpots: blindSpots.new, problems };
}

/** Several workspaces one after the other; as JSON in a list, as SARIF in a run each. */
async function inOne(list: readonly ComparedReports[], format: Format, flags: OutputFlags): Promise<string> {
  const [only] = list;
  if (format === "text") return list.map(comparisonText).join("\n");
  if (format === "json") {
    if (list.length === 1 && only !== undefined) return comparisonJson(only);
    return `{\n"workspaces": [\n${list.map((one) => comparisonJson(one).trimEnd()).join(",\n")}\n]\n}\n`;
  }
  const { renderReport } = await import("./formats.ts");
  const options = { colour: false, explain: flags.explain === true, quiet: flags.quiet === true };
  const texts = list.map((one) => renderReport(freshOf(one), format, options));
  if (format !== "sarif") return texts.join("\n");
  const logs = texts.map((text) => JSON.parse(text) as { readonly runs: readonly unknown[] });
  return inertJson(`${JSON.stringify({ ...logs[0], runs: logs.flatMap((one) => one.runs) }, null, 2)}\n`);
}

function worstFirst(list: readonly Finding[]): Finding[] {
  return [...list].sort((left, right) => rank(right) - rank(left));
}

/** The JSON of a comparison: both reports, and what changed by ids of handlers and findings. */
export function comparisonJson({ before, after, comparison, title, notes }: ComparedReports): string {
  const { packages, handlers, findings, blindSpots } = comparison;
  const ids = (list: readonly { readonly id: string }[]): string[] => list.map((one) => one.id);
  const pairs = (
    list: readonly { readonly before: { readonly id: string }; readonly after: { readonly id: string } }[],
  ) => list.map((one) => ({ before: one.before.id, after: one.after.id }));
  const value = {
    schemaVersion: 1,
    title,
    notes,
    packages: {
      added: ids(packages.added),
      removed: ids(packages.removed),
      changed: packages.changed.map((one) => ({
        name: one.name,
        before: one.before.id,
        after: one.after.id,
        ...(one.before.source === one.after.source ? {} : { sources: [one.before.source, one.after.source] }),
      })),
    },
    handlers: { added: ids(handlers.added), removed: ids(handlers.removed), moved: pairs(handlers.moved) },
    findings: {
      new: ids(findings.new),
      gone: ids(findings.gone),
      same: ids(findings.same),
      raised: pairs(findings.raised),
      allowed: ids(findings.allowed),
      renamed: pairs(findings.renamed),
    },
    blindSpots,
    before,
    after,
  };
  return inertJson(`${JSON.stringify(value, null, 2)}\n`);
}

/** Whether the change fails a gate: a new or raised finding at the level or above (a new blind spot is a note), or too many new blind spots. */
export function comparisonFails(
  comparison: Comparison,
  gate: { readonly failOn: "error" | "warning" | "note" | "never"; readonly maxBlindSpots: number | null },
): boolean {
  const limit = { never: 4, error: 3, warning: 2, note: 1 }[gate.failOn];
  const { findings, blindSpots } = comparison;
  const worse = [...findings.new, ...findings.raised.map((one) => one.after)];
  if (worse.some((one) => rank(one) >= limit) || (limit === 1 && blindSpots.new.length > 0)) return true;
  return gate.maxBlindSpots !== null && blindSpots.new.length > gate.maxBlindSpots;
}

/** The comparison for a terminal. */
export function comparisonText({ before, after, comparison, title, notes }: ComparedReports): string {
  const { packages, handlers, findings, blindSpots } = comparison;
  const told = new Set(before.problems.map((one) => one.message));
  const problems = after.problems.filter((one) => !told.has(one.message));
  const said = [
    ...[...notes, ...newlyAllowed(comparison)].map((one) => `  note: ${one}`),
    ...problems.map((one) => `  ${one.level}: ${one.message}`),
  ];
  const lines = [title, ...said, ...packageLines(packages)];
  const sections = [
    ...handlers.moved.map((one) => ({ old: one.before, now: one.after, word: "moved" })),
    ...handlers.added.map((one) => ({ old: null, now: one, word: "added" })),
    ...handlers.removed.map((one) => ({ old: one, now: null, word: "removed" })),
    ...keptHandlers(before, after, comparison),
  ];
  const shown = new Set<Finding>();
  for (const { old, now, word } of sections) {
    const own = (list: readonly Finding[], side: ReportHandler | null): Finding[] =>
      worstFirst(list.filter((one) => one.handler === side?.id));
    const fresh = own(findings.new, now);
    const gone = own(findings.gone, old);
    const raised = findings.raised.filter((one) => one.after.handler === now?.id).map((one) => one.after);
    for (const one of [...fresh, ...gone, ...raised]) shown.add(one);
    lines.push("", headOf(old, now, word));
    for (const one of raised) pushAll(lines, findingLines("worse", one));
    for (const one of fresh) pushAll(lines, findingLines("new", one));
    for (const one of gone) lines.push(findingLine("gone", one));
    const same = own(findings.same, now);
    if (same.length > 0) lines.push(`  same  ${countLevels(same)}`);
  }
  const untold = (list: readonly Finding[]): Finding[] => list.filter((one) => !shown.has(one));
  for (const one of untold(findings.new)) pushAll(lines, findingLines("new", one));
  for (const one of untold(findings.gone)) lines.push(findingLine("gone", one));
  for (const one of blindSpots.new.slice(0, maxBlind)) {
    lines.push(`  blind spot  ${one.text} (${one.reason}) in ${one.function}  ${one.package} ${one.file}:${one.line}`);
  }
  if (blindSpots.new.length > maxBlind) lines.push(`  … ${blindSpots.new.length - maxBlind} more new blind spots`);
  const blind = `blind spots: ${blindSpots.new.length} new, ${blindSpots.gone.length} gone`;
  const counts = `${findings.new.length} new, ${findings.gone.length} gone, ${findings.same.length} the same`;
  lines.push("", `findings: ${counts}; ${blind}`);
  return `${inertLines(lines)}\n`;
}

const maxBlind = 10;
const maxPackages = 12;

function packageLines({ added, removed, changed }: Comparison["packages"]): string[] {
  const words = [
    ...changed.map(({ name, before, after }) =>
      before.id === after.id
        ? `${before.id} (${sourceOf(before)} → ${sourceOf(after)})`
        : `${name} ${versionOf(before)} → ${versionOf(after)}`,
    ),
    ...removed.map((one) => `- ${one.id}`),
    ...added.map((one) => `+ ${one.id}`),
  ];
  if (words.length === 0) return ["  packages: none changed"];
  const more = words.length > maxPackages ? [`… ${words.length - maxPackages} more`] : [];
  return [`  packages: ${[...words.slice(0, maxPackages), ...more].join(", ")}`];
}

function versionOf(one: ReportPackage): string {
  return one.id.slice(packageName(one.id).length + 1);
}

function sourceOf(one: ReportPackage): string {
  return one.source === null
    ? "path"
    : one.source.replace(/^(registry|git|sparse)\+/u, "").replace(/#(.{10}).*$/u, "#$1");
}

function headOf(old: ReportHandler | null, now: ReportHandler | null, word: string): string {
  const shown = now ?? old;
  if (shown === null) return "";
  const signals = shown.signals.length === 0 ? "" : ` (${shown.signals.join(", ")})`;
  if (word === "moved" && old?.function === now?.function) {
    return `${shown.function}${signals} moved from ${old?.package} to ${now?.package}: ${old?.verdict} → ${now?.verdict}`;
  }
  if (word === "moved")
    return `${old?.function} moved to ${now?.function}${signals}: ${old?.verdict} → ${now?.verdict}`;
  if (old === null) return `${shown.function}${signals} is a new handler: ${shown.verdict}`;
  if (now === null) return `${shown.function}${signals} is no longer installed (it was ${shown.verdict})`;
  const verdict = old.verdict === now.verdict ? now.verdict : `${old.verdict} → ${now.verdict}`;
  return `${shown.function}${signals}: ${verdict}`;
}

/** Handlers on both sides with anything to say of them. */
function keptHandlers(
  before: Report,
  after: Report,
  { handlers }: Comparison,
): { readonly old: ReportHandler; readonly now: ReportHandler; readonly word: string }[] {
  const told = new Set([...handlers.added, ...handlers.moved.map((one) => one.after)].map((one) => one.id));
  return after.handlers.flatMap((now) => {
    if (told.has(now.id)) return [];
    const candidates = before.handlers.filter((one) => one.function === now.function);
    const old = candidates.find((one) => one.id === now.id) ?? candidates[0];
    return old === undefined ? [] : [{ old, now, word: "kept" }];
  });
}

/** The finding, and the changed line that brought it. */
function findingLines(word: string, one: Finding): string[] {
  const { cause } = one;
  return [
    findingLine(word, one),
    ...(cause === undefined ? [] : [`        by ${cause.file}:${cause.line}: ${cause.why}`]),
  ];
}

function findingLine(word: string, one: Finding): string {
  const level = one.suppressed === null ? one.level : `${one.level} (allowed)`;
  const place = `${one.site.package} ${one.site.file}:${one.site.line}`;
  return `  ${word.padEnd(5)} ${level}[${one.rule}] ${one.callee} in ${one.site.function}  ${place}`;
}

function countLevels(list: readonly Finding[]): string {
  const words = (["error", "warning", "note"] as const).flatMap((level) => {
    const count = list.filter((one) => one.level === level).length;
    return count === 0 ? [] : [`${count} ${level}${count === 1 ? "" : "s"}`];
  });
  return words.join(", ");
}
