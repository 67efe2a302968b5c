/**
 * From a loaded workspace to a report: each distinct program is analysed once, its findings stand for all programs with its key.
 */

import { readFileSync } from "node:fs";
import path from "node:path";
import { packageFile } from "../base/package-file.ts";
import { createBodies } from "../calls/bodies.ts";
import type { CrateProblem, Program, Workspace } from "../crates/crate-graph.ts";
import { createFiles, type Files } from "../load/files.ts";
import { parsePackCrates } from "../load/pack-crates.ts";
import { createNames } from "../names/names.ts";
import { analyseProgram, type ProgramOptions, type ProgramResult } from "../safety/analyse-program.ts";
import { assembleReport } from "../safety/assemble-report.ts";
import type { Report, ReportProblem } from "../safety/report-model.ts";
import type { Allow } from "../safety/suppressions.ts";
import { initParser } from "../syntax/parser.ts";
import type { Types } from "../types/api.ts";
import { createTypes } from "../types/create-types.ts";
import { inferBody } from "../types/infer.ts";
import { withRepository } from "./repository-lines.ts";
import { type Model, satisfies } from "./rule-files.ts";

export interface AnalysisInput {
  readonly workspace: Workspace;
  readonly model: Model;
  readonly options: ProgramOptions;
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
  readonly results: readonly ProgramResult[];
}

/** Analyses a workspace. */
export async function analyse(input: AnalysisInput): Promise<Analysis> {
  await initParser({ grammarWasm: packageFile("assets/tree-sitter-rust.wasm") });
  const { workspace, model } = input;
  const results: ProgramResult[] = [];
  const byKey = new Map<string, ProgramResult>();
  const problems: ReportProblem[] = workspace.problems.map((one) => reportProblem(input, one));
  for (const program of workspace.programs) {
    const known = byKey.get(program.key);
    if (known !== undefined) {
      results.push(sameAs(known, program));
      continue;
    }
    input.onProgress?.(`analysing ${program.id}`);
    const { types, files } = openProgram(workspace, program, model);
    const bodies = createBodies(types);
    const packs = { entry: model.packs.entry, stdVersion: model.packs.stdVersion, leaves: model.packs.leaves };
    const result = analyseProgram({ bodies, files, packs, model, options: input.options });
    byKey.set(program.key, result);
    results.push(result);
    problems.push(...fileProblems(input, program, files));
  }
  const report = assembleReport({
    tool: { name: "sigsafe-lint", version: toolVersion() },
    input: {
      manifestPath: workspace.manifestPath === null ? null : relative(input.cwd, workspace.manifestPath),
      stdVersion: model.packs.stdVersion,
      profile: workspace.profile,
    },
    programs: results,
    packages: workspace.packages,
    problems,
    allows: input.allows ?? [],
    today: input.today ?? "",
  });
  return { report: withRepository(report, workspace, input.cwd), results };
}

/** Names and types of one program. */
export function openProgram(
  workspace: Workspace,
  program: Program,
  model: Model,
): { readonly types: Types; readonly files: Files } {
  const files = createFiles(workspace.sourceRoots, program.crates);
  const packs = parsePackCrates(model.packs.texts, files.addText);
  const { generated } = model;
  const names = createNames({ program, files, packs, overrides: model.packs.overrides, satisfies, generated });
  const types = createTypes(names, {
    inferBody,
    passesArgument: (def) => {
      const id = names.def(def).packEntry;
      return id === null ? null : (model.packs.entry(id)?.fn.returnsArg ?? null);
    },
  });
  return { types, files };
}

/** The version in package.json. */
export function toolVersion(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(packageFile("package.json"), "utf8"));
  return manifest.version;
}

function sameAs(known: ProgramResult, program: Program): ProgramResult {
  const { id, package: owner, target, features, featuresApproximated } = program;
  return { ...known, program: { ...known.program, id, package: owner, target, features, featuresApproximated } };
}

function reportProblem(input: AnalysisInput, problem: CrateProblem): ReportProblem {
  const file = problem.file === null ? null : relative(input.cwd, problem.file);
  return { level: problem.level, message: problem.message, package: problem.package, file, line: problem.line };
}

const reasons: Readonly<Record<string, string>> = {
  missing: "is not there",
  outside: "lies outside the package and is not read",
  "not-a-file": "is no regular file",
  "too-large": "is too large to be parsed",
  unreadable: "cannot be read",
  "not-utf8": "is not UTF-8",
};

function fileProblems(input: AnalysisInput, program: Program, files: Files): ReportProblem[] {
  return files.problems().flatMap((one): ReportProblem[] => {
    const reason = reasons[one.reason];
    if (reason === undefined) return [];
    const root = program.crates.find((crate) => crate.package.id === one.crate)?.package.root ?? input.cwd;
    const file = relative(root, one.path);
    return [
      {
        level: "warning",
        message: `${file} ${reason}; what it holds was not analysed`,
        package: one.crate,
        file,
        line: null,
      },
    ];
  });
}

function relative(from: string, to: string): string {
  const made = path.relative(from, to).replaceAll("\\", "/");
  return made === "" ? "." : made;
}
