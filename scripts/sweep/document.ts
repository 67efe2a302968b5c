/** The results of a sweep as a document: what ran, what it cost, which handlers were found. What was written below it by hand stays. */
import type { ParseHealth } from "../score/parse-health.ts";

export interface SweepResult {
  readonly input: string;
  /** CPU of the whole process tree, and by the clock. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peakMegabytes: number;
  /** Why there is no report; null where there is one. */
  readonly failure: string | null;
  readonly handlers: readonly {
    readonly function: string;
    readonly package: string;
    readonly signals: readonly string[];
    readonly verdict: string;
    readonly errors: number;
    readonly warnings: number;
    readonly blindSpots: readonly string[];
  }[];
  readonly findings: Readonly<Record<string, number>>;
  readonly blindSpots: Readonly<Record<string, number>>;
  readonly packages: number;
  readonly problems: readonly { readonly level: string; readonly message: string }[];
  /** Of packages that no input before it had. */
  readonly parsing: ParseHealth;
}

/** Below it is what the command leaves alone. */
export const handMark: string = "<!-- Below: by hand. -->";

/** The document; `before` is the one that it replaces. */
export function sweepDocument(results: readonly SweepResult[], before: string): string {
  const files = results.reduce((sum, one) => sum + one.parsing.files, 0);
  const broken = results.flatMap((one) => one.parsing.broken);
  const handlers = results.flatMap((one) => one.handlers);
  const most = Math.max(0, ...results.map((one) => one.cpuSeconds));
  const bad = results.filter((one) => failureOf(one) !== null);
  const share = ((100 * (files - broken.length)) / Math.max(1, files)).toFixed(2);
  return [
    "# What was found in published programs",
    "",
    "Written by `npm run sweep -- LIST --markdown docs/sweep.md`, cold and without a cache; CPU seconds are those of the whole process tree.",
    "",
    `${results.length} runs, ${bad.length} of them without a report or with a problem of level error; at most ${most.toFixed(1)} CPU s; ${files - broken.length} of ${files} files (${share} %) without ERROR nodes; ${handlers.length} handlers: ${counted(handlers.map((one) => one.verdict))}.`,
    ...bad.map((one) => `\n* ${inline(one.input)}: ${inline(failureOf(one) ?? "")}`),
    "",
    "## Runs",
    "",
    "| input | packages | CPU s | wall s | peak MiB | handlers | findings | blind spots |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...results.map(
      (one) =>
        `| ${inline(one.input)} | ${one.packages} | ${one.cpuSeconds.toFixed(1)} | ${one.wallSeconds.toFixed(1)} | ${Math.round(one.peakMegabytes)} | ${counted(one.handlers.map((each) => each.verdict))} | ${total(one.findings)} | ${total(one.blindSpots)} |`,
    ),
    "",
    "## Handlers",
    "",
    ...results.filter((one) => one.handlers.length > 0).flatMap(handlerTable),
    "## Files with ERROR nodes",
    "",
    ...broken.map((one) => `* ${inline(one.replace(" ", "/"))}`),
    "",
    handMark,
    before.includes(handMark) ? before.slice(before.indexOf(handMark) + handMark.length).trimEnd() : "",
    "",
  ].join("\n");
}

/** Why a run counts as failed; null where it does not. */
export function failureOf(one: SweepResult): string | null {
  return one.failure ?? one.problems.find((problem) => problem.level === "error")?.message ?? null;
}

function handlerTable(one: SweepResult): readonly string[] {
  const rows = one.handlers.map(
    (each) =>
      `| ${inline(each.function)} | ${each.package} | ${each.signals.join(" ") || "any"} | ${each.verdict} | ${each.errors} | ${each.warnings} | ${counted(each.blindSpots)} |`,
  );
  return [
    `### ${one.input}`,
    "",
    "| handler | package | signals | verdict | errors | warnings | blind spots |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ];
}

/** `2 unsafe, 1 clean`. */
function counted(list: readonly string[]): string {
  return total(countBy(list));
}

/** How often each text stands in a list, in the order of the texts. */
export function countBy(list: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of [...list].sort()) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}

function total(counts: Readonly<Record<string, number>>): string {
  return (
    Object.entries(counts)
      .map(([what, count]) => `${count} ${what}`)
      .join(", ") || "none"
  );
}

function inline(text: string): string {
  return `\`${text.replace(/[`|\n]/gu, " ")}\``;
}
