/**
 * The micro-benchmark: 67 handlers, one feature of the language or of std each, judged by fixtures/micro/expected.json.
 *
 * Warnings and errors count as reported, notes do not; a covered effect is not a report of its own. A case is right when kinds, conditions
 * and blind spots are as expected, and a case with nothing to report must have the verdict `clean`.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { BlindSpot, Finding, Report, ReportHandler } from "../../src/safety/report-model.ts";
import type { Outcome } from "./outcome.ts";
import { projectRoot, reportOf, runTool } from "./run-tool.ts";
import { unmodelledCallees } from "./unmodelled.ts";

export interface Expected {
  readonly handler: string;
  readonly line: number;
  readonly required: readonly string[];
  readonly condition: string | null;
  readonly tolerated: readonly string[];
  readonly blind: string | null;
  /** One of the required kinds, or the blind spot, is enough. */
  readonly either: boolean;
}

const folder: string = path.join(projectRoot, "fixtures/micro");

/** What is expected with default features. */
export function microExpected(): readonly Expected[] {
  return JSON.parse(readFileSync(path.join(folder, "expected.json"), "utf8")) as Expected[];
}

/** All cases, and `c37` once more with the feature that makes it allocate. */
export function scoreMicro(only: string | null): readonly Outcome[] {
  const expected = microExpected();
  const loud = expected.filter((one) => one.handler.startsWith("c37"));
  return [
    ...judgeRun([], expected, ""),
    ...judgeRun(
      ["-F", "loud"],
      loud.map((one) => ({ ...one, required: ["alloc"], tolerated: ["dealloc"] })),
      " (loud)",
    ),
  ].filter((one) => only === null || one.name.includes(only));
}

/** Each expectation against a report. */
export function judgeMicro(report: Report, expected: readonly Expected[], suffix: string = ""): readonly Outcome[] {
  return expected.map((one) => {
    const handler = report.handlers.find((found) => found.function.endsWith(`::${one.handler}`));
    return handler === undefined ? unseen(one, suffix) : judge(report, handler, one, suffix);
  });
}

function judgeRun(flags: readonly string[], expected: readonly Expected[], suffix: string): readonly Outcome[] {
  const manifest = path.join(folder, "Cargo.toml");
  const run = runTool({ args: ["check", "--manifest-path", manifest, ...flags, "--format", "json"], folder });
  const report = reportOf(run);
  if (typeof report !== "string") return judgeMicro(report, expected, suffix);
  return expected.map((one) => ({ ...unseen(one, suffix), note: report }));
}

function unseen(one: Expected, suffix: string): Outcome {
  const required = one.required.length > 0 || one.blind !== null;
  const missing = ["the handler", ...one.required];
  const none = { extra: [], noise: [], unmodelled: [], found: 0, handlers: 1, decided: 0 };
  return { name: one.handler + suffix, missing, dishonest: required, ...none };
}

function judge(report: Report, handler: ReportHandler, one: Expected, suffix: string): Outcome {
  const findings = report.findings.filter(
    (found) => found.handler === handler.id && found.level !== "note" && found.suppressed === null,
  );
  const blind = report.blindSpots.filter((spot) => spot.handler === handler.id);
  const satisfied = one.required.filter((kind) => findings.some((found) => fits(found, kind, one)));
  const blindSeen = one.blind === null || blind.some((spot) => spot.reason === one.blind);
  const missing = missingOf(one, findings, satisfied, blindSeen);
  const allowed = new Set([...one.required, ...one.tolerated, ...(one.required.length > 0 ? ["errno"] : [])]);
  const extra = findings.filter((found) => !allowed.has(found.kind)).map(describe);
  const nothingDue = one.required.length === 0 && one.blind === null && findings.length === 0;
  if (nothingDue && blind.length === 0 && handler.verdict !== "clean") extra.push(`verdict ${handler.verdict}`);
  return {
    name: one.handler + suffix,
    missing,
    extra,
    noise: blind.filter((spot) => spot.reason !== one.blind).map(describeSpot),
    unmodelled: unmodelledCallees(blind),
    dishonest: missing.length > 0 && (handler.verdict === "clean" || (findings.length === 0 && blind.length === 0)),
    found: satisfied.length + (one.blind !== null && blindSeen ? 1 : 0),
    handlers: 1,
    decided: handler.verdict === "incomplete" ? 0 : 1,
  };
}

function fits(finding: Finding, kind: string, one: Expected): boolean {
  const conditions: readonly string[] = finding.conditions;
  return finding.kind === kind && (one.condition === null || conditions.includes(one.condition));
}

function missingOf(
  one: Expected,
  findings: readonly Finding[],
  satisfied: readonly string[],
  blindSeen: boolean,
): readonly string[] {
  const blind = blindSeen ? [] : [`blind spot ${one.blind}`];
  if (one.either) {
    const enough = satisfied.length > 0 || (one.blind !== null && blindSeen);
    return enough ? [] : [`one of ${one.required.join(", ")}`, ...blind];
  }
  const missing = one.required.filter((kind) => !satisfied.includes(kind));
  return [
    ...missing.map((kind) => {
      const other = findings.find((found) => found.kind === kind);
      return other === undefined
        ? kind
        : `${kind} under ${one.condition}, not ${other.conditions.join("+") || "always"}`;
    }),
    ...blind,
  ];
}

function describe(finding: Finding): string {
  const conditions = finding.conditions.length === 0 ? "" : ` [${finding.conditions.join(",")}]`;
  return `${finding.level} ${finding.kind}${conditions} ${finding.callee} at ${finding.site.file}:${finding.site.line}`;
}

function describeSpot(spot: BlindSpot): string {
  return `${spot.reason} \`${spot.text}\` at ${spot.file}:${spot.line}`;
}
