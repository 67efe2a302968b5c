/**
 * The case that everything is measured by: pprof 0.15.0 in three feature sets, and pyroscope with the bug and without.
 */
import { describe, expect, it } from "vitest";
import { handlerOf, lintCrate, namesIn, online, said } from "./published.ts";

const handler = "pprof::profiler::perf_signal_handler";

describe.skipIf(!online)("pprof 0.15.0 with framehop-unwinder", () => {
  const linted = (): ReturnType<typeof lintCrate> =>
    lintCrate("pprof@0.15.0", ["--no-default-features", "-F", "framehop-unwinder"]);

  it("fails", () => {
    const { code, report } = linted();
    expect(code).toBe(1);
    expect(handlerOf(report, handler)).toMatchObject({ verdict: "unsafe", delivery: "async", signals: ["SIGPROF"] });
    const registered = handlerOf(report, handler).registeredAt.map((one) => `${one.package} ${one.file}`);
    expect([...new Set(registered)]).toEqual(["pprof@0.15.0 src/profiler.rs"]);
  });
  it("shows UNWINDER forced on the way to the allocations in find_objects", () => {
    const { report } = linted();
    const errors = report.findings.filter((one) => one.level === "error" && one.conditions.includes("uninit"));
    const found = errors.find((one) => one.callee.endsWith("::UNWINDER"));
    expect(found).toMatchObject({ kind: "init", rule: "lazy-init" });
    if (found === undefined) return;
    expect(found.trace[0]?.function).toBe(handler);
    expect(found.trace.some((one) => one.file === "src/backtrace/framehop_unwinder.rs" && one.line === 165)).toBe(true);
    const names = namesIn(found);
    for (const name of ["::trace", "FramehopUnwinder::new", "get_objects", "find_objects"])
      expect(names).toContain(name);
    const allocations = found.covers.filter((one) => one.kind === "alloc" && one.site.file.endsWith("shlib.rs"));
    expect(allocations.map((one) => one.site.line)).toEqual(expect.arrayContaining([60, 67, 68]));
  });
  it("says in its first line how much of each kind is listed behind it", () => {
    for (const found of linted().report.findings.filter((one) => one.kind === "init")) {
      const behind = found.covers.filter((one) => one.whole !== true).map((one) => one.kind);
      for (const kind of new Set(behind))
        expect(found.message).toContain(` ${behind.filter((one) => one === kind).length} ${kind}`);
    }
  });
  it("does not show PROFILER's initialiser, but the guard that excludes it", () => {
    const { report } = linted();
    const wrong = report.findings.filter((one) => one.kind === "init" && one.callee.endsWith("::PROFILER"));
    expect(wrong).toEqual([]);
    const guard = report.guards.find((one) => one.static === "pprof::profiler::PROFILER");
    expect(guard).toMatchObject({
      guard: "init-before-install",
      forcedAt: { function: "pprof::profiler::trigger_lazy" },
    });
    expect(guard?.excludes.length).toBeGreaterThan(0);
  });
});

describe.skipIf(!online)("pprof 0.15.0 without it", () => {
  it.each([[["--no-default-features"]], [["--no-default-features", "-F", "frame-pointer"]]])("%j passes", (flags) => {
    const { code, report } = lintCrate("pprof@0.15.0", flags);
    expect(code).toBe(0);
    expect(said(report, "error")).toEqual([]);
    expect(handlerOf(report, handler).verdict).toBe("suspect");
    const names = report.findings.map(namesIn).join("\n");
    expect(names).not.toContain("UNWINDER");
    expect(names).not.toContain("framehop");
  });
  it("warns of _Unwind_Backtrace through trace_unsynchronized", () => {
    const { report } = lintCrate("pprof@0.15.0", ["--no-default-features"]);
    const found = report.findings.find((one) => one.callee === "_Unwind_Backtrace");
    expect(found).toMatchObject({ level: "warning", rule: "unlisted-call" });
    expect(found === undefined ? "" : namesIn(found)).toContain("trace_unsynchronized");
  });
});

describe.skipIf(!online)("pyroscope", () => {
  it("1.0.0 has the bug through pprof 0.15.0", () => {
    const { code, report } = lintCrate("pyroscope@1.0.0", ["-F", "backend-pprof-rs"]);
    expect(code).toBe(1);
    const found = report.findings.find((one) => one.level === "error" && one.callee.endsWith("::UNWINDER"));
    expect(found).toMatchObject({ kind: "init", site: expect.anything() });
  });
  it.each(["1.0.1", "2.0.6", "2.1.5"])("%s is fixed, and the report says where UNWINDER is forced", (version) => {
    const { code, report } = lintCrate(`pyroscope@${version}`, ["-F", "backend-pprof-rs"]);
    expect(said(report, "error")).toEqual([]);
    expect(code).toBe(0);
    expect(report.findings.filter((one) => one.callee.endsWith("::UNWINDER"))).toEqual([]);
    const guard = report.guards.find((one) => one.static.endsWith("::UNWINDER"));
    expect(guard?.guard).toBe("init-before-install");
    expect(guard?.forcedAt?.function).toMatch(/::init$/);
  });
});
