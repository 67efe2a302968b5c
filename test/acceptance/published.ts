/**
 * One published crate, linted as a user would: what the acceptance tests start from.
 */
import { spawnSync } from "node:child_process";
import { reportOf, runTool } from "../../scripts/score/run-tool.ts";
import type { Finding, Report, ReportHandler } from "../../src/safety/report-model.ts";

export interface Linted {
  readonly code: number | null;
  readonly report: Report;
}

/** Whether crates.io answers; tests that need it skip themselves otherwise. */
export const online: boolean =
  spawnSync("cargo", ["info", "--quiet", "libc"], { cwd: "/", timeout: 60_000 }).status === 0;

/** `sigsafe-lint crate SPEC …FLAGS`; throws what the tool said where it could not be done. */
export function lintCrate(spec: string, flags: readonly string[] = []): Linted {
  const run = runTool({ args: ["crate", spec, ...flags, "--format", "json"] });
  const report = reportOf(run);
  if (typeof report === "string") throw new Error(report);
  return { code: run.code, report };
}

/** The handler of that name. */
export function handlerOf(report: Report, name: string): ReportHandler {
  const found = report.handlers.find((one) => one.function === name);
  if (found !== undefined) return found;
  throw new Error(`no handler ${name}, only ${report.handlers.map((one) => one.function).join(", ")}`);
}

/** What is said at a level, in the report's order: `KIND CALLEE at PACKAGE FILE:LINE`. */
export function said(report: Report, level: Finding["level"], handler: string | null = null): readonly string[] {
  const id = handler === null ? null : handlerOf(report, handler).id;
  return report.findings
    .filter((one) => one.level === level && (id === null || one.handler === id))
    .map((one) => `${one.kind} ${one.callee} at ${one.site.package} ${one.site.file}:${one.site.line}`);
}

/** The blind spots: `REASON PACKAGE FILE:LINE`. */
export function blind(report: Report): readonly string[] {
  return report.blindSpots.map((one) => `${one.reason} ${one.package} ${one.file}:${one.line}`);
}

/** Everything that a finding names, in one text: its callee, and the functions of its site, trace and covers. */
export function namesIn(finding: Finding): string {
  const frames = [finding.site, ...finding.trace, ...(finding.beyond ?? []), ...finding.covers.map((one) => one.site)];
  return [finding.callee, ...finding.covers.map((one) => one.callee), ...frames.map((one) => one.function)].join("\n");
}
