/** What `bump` and `diff` print of a comparison, and when it fails. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../src/base/package-file.ts";
import { comparisonFails, comparisonJson, comparisonText } from "../../src/cli/comparison-output.ts";
import { compareReports } from "../../src/safety/compare-reports.ts";
import type { BlindSpot, Finding, Report } from "../../src/safety/report-model.ts";

const report: Report = JSON.parse(readFileSync(packageFile("test/report/stored/pprof-0.15.0.json"), "utf8"));
const error = report.findings.find((one) => one.level === "error") as Finding;
const without: Report = {
  ...report,
  handlers: report.handlers.map((one) => ({ ...one, verdict: "suspect" })),
  findings: report.findings.filter((one) => one !== error),
  packages: report.packages.map((one) => ({ ...one, id: one.id.replace("pprof@0.15.0", "pprof@0.16.0") })),
};
const gate = { failOn: "error", maxBlindSpots: null } as const;

function text(before: Report, after: Report): string {
  const comparison = compareReports(before, after);
  return comparisonText({ before, after, comparison, title: "a title", notes: ["a note"] });
}

describe("the text", () => {
  test("says what is gone, per handler, with the verdicts", () => {
    const shown = text(report, without);
    expect(shown).toMatch(/^a title\n {2}note: a note\n {2}packages: pprof 0\.15\.0 → 0\.16\.0\n/);
    expect(shown).toContain(
      "pprof::profiler::perf_signal_handler (SIGPROF): unsafe → suspect\n  gone  error[lazy-init]",
    );
    expect(shown).toMatch(/findings: 0 new, 1 gone, \d+ the same; blind spots: 0 new, 0 gone\n$/);
    expect(text(without, report)).toContain("suspect → unsafe\n  new   error[lazy-init]");
  });

  test("says handlers that came, went and moved", () => {
    const none: Report = { ...report, handlers: [], findings: [], blindSpots: [] };
    expect(text(none, report)).toContain("perf_signal_handler (SIGPROF) is a new handler: unsafe");
    expect(text(report, none)).toContain("perf_signal_handler (SIGPROF) is no longer installed (it was unsafe)");
    const fork: Report = JSON.parse(JSON.stringify(report).replaceAll("pprof@0.15.0", "fork@1.0.0"));
    const moved = text(report, fork);
    expect(moved).toContain("perf_signal_handler (SIGPROF) moved from pprof@0.15.0 to fork@1.0.0: unsafe → unsafe");
    expect(moved).toMatch(/findings: 0 new, 0 gone/);
  });
});

test("the JSON has both reports, and ids of what changed", () => {
  const comparison = compareReports(report, without);
  const value = JSON.parse(comparisonJson({ before: report, after: without, comparison, title: "t", notes: [] }));
  expect(value.findings).toMatchObject({ new: [], gone: [error.id], raised: [], renamed: [] });
  expect(value.findings.same.length).toBe(without.findings.length);
  expect(value.packages.changed).toEqual([{ name: "pprof", before: "pprof@0.15.0", after: "pprof@0.16.0" }]);
  expect(value.blindSpots).toEqual({ new: [], gone: [] });
  expect([value.before, value.after]).toEqual([report, without]);
});

describe("the gate", () => {
  const fails = (before: Report, after: Report, more: Partial<Parameters<typeof comparisonFails>[1]> = {}): boolean =>
    comparisonFails(compareReports(before, after), { ...gate, ...more });

  test("fails on what is new at the level, and not on what was there", () => {
    expect([fails(without, report), fails(report, report), fails(report, without)]).toEqual([true, false, false]);
    expect(fails(without, report, { failOn: "never" })).toBe(false);
    const warned = { ...report, findings: [{ ...error, level: "warning" as const }] };
    expect([fails({ ...report, findings: [] }, warned), fails(warned, report)]).toEqual([false, true]);
    const allowed = { ...error, suppressed: { reason: "r", until: null, source: "s" } };
    expect(fails(without, { ...report, findings: [allowed] })).toBe(false);
  });

  test("counts new blind spots as notes, and against their own limit", () => {
    const spot = { ...(report.blindSpots[0] as BlindSpot), text: "something else" };
    const more = { ...report, blindSpots: [...report.blindSpots, spot] };
    expect([fails(report, more), fails(report, more, { failOn: "note" })]).toEqual([false, true]);
    expect(fails(report, more, { maxBlindSpots: 0 })).toBe(true);
    expect(fails(report, more, { maxBlindSpots: 1 })).toBe(false);
  });
});
