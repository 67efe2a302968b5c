/**
 * The results of all programs as one report: ids, merged handlers, one order.
 *
 * Handlers of several programs with the same id and the same results are one; where their results differ, each keeps an id of
 * its own, made from its program. Everything is sorted by one total order on texts and places.
 */
import { addTo } from "../base/add-to.ts";
import { stableHash } from "../base/stable-hash.ts";
import type { PackageInfo } from "../crates/crate-graph.ts";
import { byPlace, order } from "./places.ts";
import type { HandlerPart, ProgramSummary } from "./program-summary.ts";
import type {
  BlindSpot,
  Finding,
  GuardRecord,
  Report,
  ReportHandler,
  ReportInput,
  ReportPackage,
  ReportProblem,
  ReportProgram,
} from "./report-model.ts";
import { type Allow, allowProblems, suppress } from "./suppressions.ts";
import { handlerVerdict, programVerdict } from "./verdict.ts";

export interface AssembleInput {
  readonly tool: Report["tool"];
  readonly input: ReportInput;
  readonly programs: readonly ProgramSummary[];
  readonly packages: readonly PackageInfo[];
  /** Of loading: unread configuration, missing sources. */
  readonly problems: readonly ReportProblem[];
  /** Allowances of the configuration and baselines; those of the sources are in the programs. */
  readonly allows?: readonly Allow[];
  /** The day that allowances' ends are compared with, like `2027-01-31`. */
  readonly today?: string;
}

/** The report. */
export function assembleReport(input: AssembleInput): Report {
  const { parts, problems: ofAllows } = withAllows(input, mergedParts(input.programs.flatMap((one) => one.parts)));
  const loose = input.programs.flatMap((one) => one.blindSpots);
  const problems = [...input.problems, ...ofAllows, ...input.programs.flatMap((one) => one.problems)];
  return {
    schemaVersion: 1,
    tool: input.tool,
    input: input.input,
    programs: input.programs.map((one) => judged(one, parts)).sort((left, right) => order(left.id, right.id)),
    packages: packagesOf(input),
    handlers: parts.map((one) => one.handler).sort(byHandler),
    findings: parts.flatMap((one) => one.findings).sort(byFinding),
    guards: parts.flatMap((one) => one.guards).sort(byGuard),
    blindSpots: distinct([...parts.flatMap((one) => one.blindSpots), ...loose]).sort(byBlindSpot),
    problems: distinct(problems).sort(byProblem),
  };
}

/** Allowed findings marked, and the verdicts that follow. */
function withAllows(
  input: AssembleInput,
  parts: readonly HandlerPart[],
): { readonly parts: readonly HandlerPart[]; readonly problems: readonly ReportProblem[] } {
  const allows = distinct([...(input.allows ?? []), ...input.programs.flatMap((one) => one.allows)]);
  const today = input.today ?? "";
  const checksums = new Map(input.packages.map(({ id, checksum }) => [id, checksum]));
  const checksumOf = (id: string): string | null => checksums.get(id) ?? null;
  const used = new Set<number>();
  const marked = parts.map((part): HandlerPart => {
    const { findings, used: here } = suppress(part.findings, part.handler.function, allows, today, checksumOf);
    for (const one of here) used.add(one);
    return {
      ...part,
      findings,
      handler: { ...part.handler, verdict: handlerVerdict(findings, part.blindSpots.length) },
    };
  });
  return { parts: marked, problems: allowProblems(allows, used, today) };
}

function judged({ program, blindSpots }: ProgramSummary, parts: readonly HandlerPart[]): ReportProgram {
  const own = parts.filter((part) => part.handler.programs.includes(program.id));
  const verdict = programVerdict(
    own.map((part) => part.handler.verdict),
    blindSpots.length,
  );
  return { ...program, verdict };
}

/** Equal handlers of several programs become one. */
function mergedParts(parts: readonly HandlerPart[]): HandlerPart[] {
  const byId = new Map<string, HandlerPart[]>();
  for (const part of parts) addTo(byId, part.handler.id, part);
  return [...byId.values()].flatMap((same) => {
    const groups = new Map<string, HandlerPart[]>();
    for (const part of same) {
      const key = contentOf(part);
      addTo(groups, key, part);
    }
    const merged = [...groups.values()].map(merge);
    return merged.length === 1 ? merged : merged.map(renamed);
  });
}

function contentOf({ handler, findings, blindSpots, guards }: HandlerPart): string {
  const { programs: _, installedFrom: __, ...rest } = handler;
  return JSON.stringify([rest, findings.map((one) => [one.id, one.level]), blindSpots, guards]);
}

const REACHABLE = ["no", "unknown", "yes"] as const;

function merge(parts: readonly HandlerPart[]): HandlerPart {
  const [first, ...rest] = parts as [HandlerPart, ...HandlerPart[]];
  const programs = [...new Set(parts.flatMap((one) => one.handler.programs))].sort(order);
  let { installedFrom } = first.handler;
  for (const { handler } of rest) {
    const better = REACHABLE.indexOf(handler.installedFrom.reachable) > REACHABLE.indexOf(installedFrom.reachable);
    if (better) installedFrom = handler.installedFrom;
  }
  return { ...first, handler: { ...first.handler, programs, installedFrom } };
}

function renamed(part: HandlerPart): HandlerPart {
  const id = stableHash([part.handler.id, ...part.handler.programs.map((one) => one.replace(/@\S*/, ""))]);
  return {
    handler: { ...part.handler, id },
    findings: part.findings.map((one) => ({ ...one, id: stableHash([one.id, id]), handler: id })),
    guards: part.guards.map((one) => ({ ...one, handler: id })),
    blindSpots: part.blindSpots.map((one) => ({ ...one, handler: id })),
  };
}

function packagesOf(input: AssembleInput): ReportPackage[] {
  const packages = input.packages.map(
    ({ id, source, checksum, lockLine }): ReportPackage => ({ id, source, checksum, lock: lockLine }),
  );
  return distinct(packages).sort(
    (left, right) => order(left.id, right.id) || order(left.source ?? "", right.source ?? ""),
  );
}

function distinct<T>(list: readonly T[]): T[] {
  return [...new Map(list.map((one) => [JSON.stringify(one), one])).values()];
}

const LEVELS = ["error", "warning", "note"] as const;

function byHandler(left: ReportHandler, right: ReportHandler): number {
  return (
    order(left.package, right.package) ||
    order(left.file, right.file) ||
    left.line - right.line ||
    order(left.function, right.function) ||
    order(left.id, right.id)
  );
}

function byFinding(left: Finding, right: Finding): number {
  return (
    LEVELS.indexOf(left.level) - LEVELS.indexOf(right.level) ||
    byPlace(left.site, right.site) ||
    order(left.kind, right.kind) ||
    order(left.handler, right.handler) ||
    order(left.id, right.id)
  );
}

function byGuard(left: GuardRecord, right: GuardRecord): number {
  return (
    order(left.handler, right.handler) ||
    order(left.guard, right.guard) ||
    order(left.static, right.static) ||
    byPlace({ ...left, column: 0 }, { ...right, column: 0 })
  );
}

function byBlindSpot(left: BlindSpot, right: BlindSpot): number {
  return (
    byPlace(left, right) ||
    order(left.reason, right.reason) ||
    order(left.handler ?? "", right.handler ?? "") ||
    order(left.text, right.text)
  );
}

function byProblem(left: ReportProblem, right: ReportProblem): number {
  return (
    order(left.package ?? "", right.package ?? "") ||
    order(left.file ?? "", right.file ?? "") ||
    (left.line ?? 0) - (right.line ?? 0) ||
    order(left.message, right.message)
  );
}
