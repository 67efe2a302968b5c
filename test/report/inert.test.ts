/**
 * Foreign text comes out inert in every format and in errors: no control character, no mark that hides or turns text, no command for
 * a log, and the JSON formats say the same text all the same.
 */
import { describe, expect, test } from "vitest";
import { inert, inertLines } from "../../src/base/inert.ts";
import { CliError } from "../../src/cli/cli-error.ts";
import { comparisonText } from "../../src/cli/comparison-output.ts";
import { renderReport } from "../../src/cli/formats.ts";
import { FORMATS } from "../../src/cli/run-options.ts";
import { CrateError } from "../../src/crates/crate-error.ts";
import { compareReports } from "../../src/safety/compare-reports.ts";
import type { Report } from "../../src/safety/report-model.ts";
import { hostile, hostileReport, storedReport } from "./stored-reports.ts";

const report: Report = hostileReport();
const own = /^::(error|warning|notice) (file=[^:,]*,line=\d+,)?title=[^:]*::/;

function expectInert(text: string): void {
  for (const line of text.split("\n")) {
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
    expect(line).not.toContain("##[");
    if (line.trimStart().startsWith("::")) expect(line).toMatch(own);
  }
}

test("the hostile text is none of that", () => {
  expect(() => expectInert(hostile)).toThrow();
});

describe.each(FORMATS)("%s", (format) => {
  const options = { colour: false, explain: true, quiet: false };

  test("of a hostile report", () => {
    expectInert(renderReport(report, format, options));
  });

  test("with every problem, suppression and package name hostile", () => {
    const packages = report.packages.map((one) => ({ ...one, id: `${hostile}@${hostile}` }));
    const suppressed = { reason: hostile, until: hostile, source: hostile };
    const problem = { level: "error", message: hostile, package: hostile, file: hostile, line: 1 } as const;
    const findings = report.findings.map((one) => ({ ...one, suppressed }));
    expectInert(renderReport({ ...report, packages, findings, problems: [problem] }, format, options));
  });
});

test("JSON says the same", () => {
  const text = renderReport(report, "json", { colour: false, explain: false, quiet: false });
  expect(JSON.parse(text)).toEqual(report);
});

test("what bump and diff print", () => {
  const before = storedReport("pprof-0.15.0");
  const comparison = compareReports(before, report);
  const loud = comparison.findings.new.map((one) => ({
    ...one,
    suppressed: { reason: hostile, until: null, source: hostile },
  }));
  const allowed = { ...comparison, findings: { ...comparison.findings, allowed: loud } };
  expectInert(comparisonText({ before, after: report, comparison: allowed, title: hostile, notes: [hostile] }));
  expectInert(comparisonText({ before, after: report, comparison, title: hostile, notes: [hostile] }));
});

test("errors, with their places and what cargo said", () => {
  const details = { file: hostile, line: 3, help: hostile, detail: `${hostile}\n${hostile}` };
  expectInert(`error: ${new CrateError(hostile, details).render()}`);
  expectInert(`error: ${new CliError(`${hostile}\n  --> ${hostile}`, hostile).render()}`);
});

test("lines by themselves begin no command", () => {
  expect(inertLines(["  ::error::x", "a::b", "::warning::"])).toBe("  \\u{3a}:error::x\na::b\n\\u{3a}:warning::");
  expect(inert('r##"a"## ##[x]')).toBe('r##"a"## #\\u{23}[x]');
});
