/** Two reports compared: what is new, gone, the same; handlers that moved to a renamed, forked or vendoring crate. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../src/base/package-file.ts";
import { compareReports } from "../../src/safety/compare-reports.ts";
import { movedPrefix, pathSegments, withPrefix } from "../../src/safety/path-prefix.ts";
import type { Finding, Report } from "../../src/safety/report-model.ts";

const stored = readFileSync(packageFile("test/report/stored/pprof-0.15.0.json"), "utf8");
const report: Report = JSON.parse(stored);

describe("a report", () => {
  test("compared with itself is the same", () => {
    const { packages, handlers, findings, blindSpots } = compareReports(report, report);
    expect([packages, handlers, blindSpots]).toEqual([
      { added: [], removed: [], changed: [] },
      { added: [], removed: [], moved: [] },
      { new: [], gone: [] },
    ]);
    expect([findings.new, findings.gone, findings.raised, findings.renamed]).toEqual([[], [], [], []]);
    expect(findings.same.map((one) => one.id).sort()).toEqual(report.findings.map((one) => one.id).sort());
  });

  test("whose lines and versions differ is still the same, and the packages changed", () => {
    const bumped: Report = JSON.parse(
      stored.replaceAll("pprof@0.15.0", "pprof@0.15.1").replaceAll(/"line": ?/gu, '"line":1'),
    );
    const { packages, handlers, findings, blindSpots } = compareReports(report, bumped);
    expect(packages.changed.map((one) => [one.before.id, one.after.id])).toEqual([["pprof@0.15.0", "pprof@0.15.1"]]);
    expect([handlers.added, handlers.removed, handlers.moved]).toEqual([[], [], []]);
    expect([findings.new, findings.gone, blindSpots]).toEqual([[], [], { new: [], gone: [] }]);
  });

  test("that lost a finding and got another", () => {
    const [first, ...rest] = report.findings as [Finding, ...Finding[]];
    const other = { ...first, id: "f", callee: "other::STATIC" };
    const { findings } = compareReports(report, { ...report, findings: [other, ...rest] });
    expect([findings.new, findings.gone]).toEqual([[other], [first]]);
  });

  test("one of several equal sites gone is one finding gone", () => {
    const [first] = report.findings as [Finding];
    const at = (line: number): Finding => ({ ...first, id: `x${line}`, site: { ...first.site, line } });
    const { findings } = compareReports(
      { ...report, findings: [at(1), at(2), at(3)] },
      { ...report, findings: [at(11), at(13)] },
    );
    expect([findings.new.length, findings.gone.length, findings.same.length]).toEqual([0, 1, 2]);
  });

  test("a level that rose, and a suppression that ended, are told", () => {
    const [first] = report.findings as [Finding];
    const allowed = { ...first, suppressed: { reason: "r", until: null, source: "s" } };
    const raised = (before: Finding, after: Finding): number =>
      compareReports({ ...report, findings: [before] }, { ...report, findings: [after] }).findings.raised.length;
    expect(raised({ ...first, level: "warning" }, { ...first, level: "error" })).toBe(1);
    expect(raised({ ...first, level: "error" }, { ...first, level: "warning" })).toBe(0);
    expect(raised(allowed, first)).toBe(1);
  });
});

describe("a handler", () => {
  test("of a fork is recognised, and its findings are the same", () => {
    const parsed: Report = JSON.parse(
      stored
        .replaceAll(/(?<![\w:])pprof::/gu, "pprof_fork::")
        .replaceAll("pprof@0.15.0", "pprof-fork@0.1500.4")
        .replaceAll("cfba377e99cb8bc3", "0123456789abcdef"),
    );
    const forked = { ...parsed, findings: parsed.findings.map((one) => ({ ...one, id: `${one.id}-` })) };
    const { handlers, findings, blindSpots, packages } = compareReports(report, forked);
    expect(handlers.moved.map((one) => [one.before.function, one.after.function])).toEqual([
      ["pprof::profiler::perf_signal_handler", "pprof_fork::profiler::perf_signal_handler"],
    ]);
    expect([handlers.added, handlers.removed, findings.new, findings.gone]).toEqual([[], [], [], []]);
    expect(blindSpots).toEqual({ new: [], gone: [] });
    expect(findings.renamed.length).toBe(report.findings.length);
    expect(packages.added.map((one) => one.id)).toEqual(["pprof-fork@0.1500.4"]);
    expect(packages.removed.map((one) => one.id)).toEqual(["pprof@0.15.0"]);
  });

  test("of a vendoring crate too; one with other signals or another name is new", () => {
    const renamed = (to: string, signals: readonly string[]): Report => ({
      ...report,
      handlers: report.handlers.map((one) => ({ ...one, id: "new", function: to, package: "app@1.0.0", signals })),
      findings: [],
      blindSpots: [],
    });
    const moved = (to: string, signals: readonly string[] = ["SIGPROF"]): number[] => {
      const { handlers } = compareReports(report, renamed(to, signals));
      return [handlers.moved.length, handlers.added.length, handlers.removed.length];
    };
    expect(moved("app::backend::pprof::profiler::perf_signal_handler")).toEqual([1, 0, 0]);
    expect(moved("app::backend::perf_signal_handler")).toEqual([0, 1, 1]);
    expect(moved("app::profiler::perf_signal_handler", ["SIGALRM"])).toEqual([0, 1, 1]);
    expect(moved("app::profiler::other_handler")).toEqual([0, 1, 1]);
  });

  test("with different results in two programs is compared as one", () => {
    const twice: Report = {
      ...report,
      handlers: report.handlers.flatMap((one) => [
        { ...one, id: "p" },
        { ...one, id: "q" },
      ]),
      findings: report.findings.flatMap((one) => [
        { ...one, handler: "p" },
        { ...one, handler: "q" },
      ]),
      blindSpots: report.blindSpots.map((one) => ({ ...one, handler: "p" })),
    };
    const { handlers, findings, blindSpots } = compareReports(report, twice);
    expect([handlers.added, handlers.removed, findings.new, findings.gone, blindSpots.new]).toEqual([
      [],
      [],
      [],
      [],
      [],
    ]);
  });
});

test("paths", () => {
  expect(pathSegments("<a::b::T<u8> as c::Tr>::f")).toEqual(["a", "b", "T", "f"]);
  expect(pathSegments("a::f::{closure#0}")).toEqual(["a", "f", "{closure#0}"]);
  expect(movedPrefix("p::m::f", "q::v::p::m::f")).toEqual({ from: "p", to: "q::v::p" });
  expect(movedPrefix("p::f", "q::m::f")).toEqual({ from: "p", to: "q::m" });
  expect(movedPrefix("p::n::f", "q::m::f")).toBeNull();
  const prefix = { from: "p", to: "q::v" };
  expect(withPrefix("<p::T as a::p::X>::f<xp::Y, p::Z>", prefix)).toBe("<q::v::T as a::p::X>::f<xp::Y, q::v::Z>");
  expect(withPrefix("drop of p", prefix)).toBe("drop of p");
});
