/**
 * From a loaded workspace to a report: each distinct program is analysed once, its findings stand for all programs with its key, and where an
 * earlier run kept them and nothing changed, it is not analysed at all.
 */

import path from "node:path";
import { pushAll } from "../base/push-all.ts";
import type { CrateProblem, Program, Workspace } from "../crates/crate-graph.ts";
import type { StampMemo } from "../load/package-stamp.ts";
import type { ProgramOptions } from "../safety/analyse-program.ts";
import { assembleReport } from "../safety/assemble-report.ts";
import { type HandlerClosure, mergeClosures } from "../safety/handler-closure.ts";
import { type ProgramSummary, summarise, summaryFor } from "../safety/program-summary.ts";
import type { Report, ReportProblem } from "../safety/report-model.ts";
import type { Allow } from "../safety/suppressions.ts";
import { type KnownProgram, openProgramCache } from "./program-cache.ts";
import { withRepository } from "./repository-lines.ts";
import type { Model } from "./rule-files.ts";
import { toolVersion } from "./tool-version.ts";

export interface AnalysisInput {
  readonly workspace: Workspace;
  /** Read where a program is not known already. */
  readonly model: () => Model;
  readonly options: ProgramOptions;
  /** Where results of earlier runs are kept; null: they are not. */
  readonly cache: string | null;
  /** Stamps that were taken while this workspace was loaded. */
  readonly stamps?: StampMemo;
  /** Allowances of the configuration and baselines. */
  readonly allows?: readonly Allow[];
  /** The day that ends of allowances are compared with. */
  readonly today?: string;
  /** For relative paths in the report. */
  readonly cwd: string;
  readonly onProgress?: (message: string) => void;
}
export interface Analysis {
  readonly report: Report;
  /** Which of the handlers that the options name are functions of a program. */
  readonly namedHandlers: ReadonlySet<string>;
  readonly closure: HandlerClosure;
}

/** Analyses a workspace. */
export async function analyse(input: AnalysisInput): Promise<Analysis> {
  const { workspace, options } = input;
  const cache = openProgramCache(input.cache, workspace, options, input.stamps);
  const byKey = new Map<string, KnownProgram>();
  let read: Model | null = null;
  const programs: ProgramSummary[] = [];
  let stdVersion = "";
  const problems: ReportProblem[] = workspace.problems.map((one) => reportProblem(input, one));
  for (const program of workspace.programs) {
    const equal = byKey.get(program.key);
    const known = equal ?? cache.find(program) ?? (await analysed(program));
    programs.push(summaryFor(known.summary, program));
    stdVersion = known.stdVersion;
    if (equal === undefined) pushAll(problems, known.problems);
    byKey.set(program.key, known);
  }
  function model(): Model {
    read ??= input.model();
    return read;
  }
  async function analysed(program: Program): Promise<KnownProgram> {
    input.onProgress?.(`analysing ${program.id}`);
    const { runProgram } = await import("./run-program.ts");
    const run = await runProgram(workspace, program, model, options, input.onProgress);
    const { result, stdVersion: version, problems: ofFiles } = run;
    const made = { summary: summarise(result), problems: ofFiles, stdVersion: version };
    if (run.settled) cache.keep(program, made, run.asked);
    return made;
  }
  const report = assembleReport({
    tool: { name: "sigsafe-lint", version: toolVersion() },
    input: {
      manifestPath: workspace.manifestPath === null ? null : relative(input.cwd, workspace.manifestPath),
      stdVersion,
      profile: workspace.profile,
    },
    programs,
    packages: workspace.packages,
    problems,
    allows: input.allows ?? [],
    today: input.today ?? "",
  });
  const namedHandlers = new Set(programs.flatMap((one) => one.namedHandlers));
  return {
    report: withRepository(report, workspace, input.cwd),
    namedHandlers,
    closure: mergeClosures(programs.map((one) => one.closure)),
  };
}

function reportProblem(input: AnalysisInput, problem: CrateProblem): ReportProblem {
  const file = problem.file === null ? null : relative(input.cwd, problem.file);
  return { level: problem.level, message: problem.message, package: problem.package, file, line: problem.line };
}

function relative(from: string, to: string): string {
  const made = path.relative(from, to).replaceAll("\\", "/");
  return made === "" ? "." : made;
}
