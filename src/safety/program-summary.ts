/**
 * What a report needs of one analysed program, as plain data: it can be stored, and stand for an equal program.
 *
 * Ids of findings do not contain lines: rule, handler, site function with its crate, callee, and the ordinal among equal ones in that
 * function.
 */
import { stableHash } from "../base/stable-hash.ts";
import type { Program } from "../crates/crate-graph.ts";
import type { ProgramResult } from "./analyse-program.ts";
import type { Draft } from "./findings.ts";
import type { HandlerClosure } from "./handler-closure.ts";
import { byPlace, order } from "./places.ts";
import type { BlindSpot, Finding, GuardRecord, ReportHandler, ReportProblem, ReportProgram } from "./report-model.ts";
import type { Allow } from "./suppressions.ts";

export interface ProgramSummary {
  readonly program: ReportProgram;
  readonly parts: readonly HandlerPart[];
  /** Blind spots that belong to no handler. */
  readonly blindSpots: readonly BlindSpot[];
  readonly problems: readonly ReportProblem[];
  /** Allowances written in the sources. */
  readonly allows: readonly Allow[];
  /** Which paths of the configuration's handlers are functions of the program. */
  readonly namedHandlers: readonly string[];
  /** What a change must touch to matter. */
  readonly closure: HandlerClosure;
}
/** One handler with what was found about it. */
export interface HandlerPart {
  readonly handler: ReportHandler;
  readonly findings: readonly Finding[];
  readonly guards: readonly GuardRecord[];
  readonly blindSpots: readonly BlindSpot[];
}

/** The summary of a result. */
export function summarise(result: ProgramResult): ProgramSummary {
  const { program, blindSpots, problems, allows, namedHandlers, closure } = result;
  const parts = result.handlers.map(({ report, drafts, guards, blindSpots: own }): HandlerPart => {
    const handler = { ...report, programs: [program.id], registeredAt: [...report.registeredAt].sort(byPlace) };
    return { handler, findings: withIds(result, report, drafts), guards, blindSpots: own };
  });
  return { program, parts, blindSpots, problems, allows, namedHandlers, closure };
}

/** The summary of a program that is equal to the one it was made of but for its name. */
export function summaryFor(summary: ProgramSummary, program: Program): ProgramSummary {
  const { id, package: owner, target, features, featuresApproximated } = program;
  return {
    ...summary,
    program: { ...summary.program, id, package: owner, target, features, featuresApproximated },
    parts: summary.parts.map((part) => ({ ...part, handler: { ...part.handler, programs: [id] } })),
  };
}

function withIds(result: ProgramResult, handler: ReportHandler, drafts: readonly Draft[]): Finding[] {
  const ordered = [...drafts].sort(
    (left, right) => result.places.compare(left.span, right.span) || order(left.callee, right.callee),
  );
  const counts = new Map<string, number>();
  return ordered.map(({ span: _, ...finding }) => {
    const where = `${result.labelOf(finding.site.package)} ${finding.site.function}`;
    const parts = [finding.rule, handler.id, where, finding.callee];
    const key = parts.join("\n");
    const ordinal = counts.get(key) ?? 0;
    counts.set(key, ordinal + 1);
    return { id: stableHash([...parts, String(ordinal)]), ...finding };
  });
}
