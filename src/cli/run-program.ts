/**
 * The analysis of one program, from its files to what the report needs. It brings in the parser and all layers: whoever may do without
 * imports it only when it is needed.
 */
import { packageFile } from "../base/package-file.ts";
import type { Steps } from "../base/steps.ts";
import { createBodies } from "../calls/bodies.ts";
import type { Program, Workspace } from "../crates/crate-graph.ts";
import { createFiles, type Files } from "../load/files.ts";
import { packCrates } from "../load/pack-crates.ts";
import { fillsCell } from "../model/pack-index.ts";
import { onlyCopies } from "../model/signal-safety.ts";
import { createNames } from "../names/names.ts";
import { analysisSteps, type ProgramOptions, type ProgramResult } from "../safety/analyse-program.ts";
import type { ReportProblem } from "../safety/report-model.ts";
import { fileProblems } from "../safety/unread-files.ts";
import { initParser, textsGivenUp } from "../syntax/parser.ts";
import type { Types } from "../types/api.ts";
import { createTypes } from "../types/create-types.ts";
import { inferBody } from "../types/infer.ts";
import { endable, interruptible } from "./interruptible.ts";
import { type Model, satisfies } from "./rule-files.ts";

export interface ProgramRun {
  readonly result: ProgramResult;
  /** The version of std that the model describes. */
  readonly stdVersion: string;
  /** Of files that could not be read. */
  readonly problems: readonly ReportProblem[];
  /** Every file that was asked for. */
  readonly asked: readonly string[];
  /** Another run on the same input would come out the same: no time ran out. */
  readonly settled: boolean;
}

/** Analyses one program. */
export async function runProgram(
  workspace: Workspace,
  program: Program,
  readModel: () => Model,
  options: ProgramOptions,
  onProgress: (message: string) => void = () => undefined,
): Promise<ProgramRun> {
  await initParser({ grammarWasm: packageFile("assets/tree-sitter-rust.wasm") });
  // Marks are where a stage ends: `npm run bench` reads them.
  performance.mark("sigsafe: start and load");
  const before = textsGivenUp();
  const model = readModel();
  const { types, files } = openProgram(workspace, program, model);
  const packs = { entry: model.packs.entry, stdVersion: model.packs.stdVersion, leaves: model.packs.leaves };
  const bodies = createBodies(types, onlyCopies(model.safety));
  const steps = analysisSteps({ bodies, files, packs, model, options });
  const result = await endable(() => runWatched(steps, (message) => onProgress(`${program.id}: ${message}`)));
  performance.mark("sigsafe: handlers");
  const settled = textsGivenUp() === before;
  const { stdVersion } = model.packs;
  return { result, stdVersion, problems: fileProblems(program, files), asked: files.asked(), settled };
}

const stepMs = 100;

/** Runs to the end; at first and now and then it says what is being done, and lets others have a turn. */
async function runWatched<T>(steps: Steps<T>, onProgress: (message: string) => void): Promise<T> {
  let until = Number.NEGATIVE_INFINITY;
  for (;;) {
    const step = interruptible(() => {
      for (let one = steps.next(); ; one = steps.next()) if (one.done === true || performance.now() > until) return one;
    });
    if (step.done === true) return step.value;
    onProgress(step.value);
    await new Promise((done) => setImmediate(done));
    until = performance.now() + stepMs;
  }
}

/** Names and types of one program. */
export function openProgram(
  workspace: Workspace,
  program: Program,
  model: Model,
): { readonly types: Types; readonly files: Files } {
  const files = createFiles(workspace.sourceRoots, program.crates);
  const packs = packCrates(model.packs.texts, files.addText);
  const { generated } = model;
  const kept = model.kept === null ? null : { reader: model.kept, sources: packs.map((one) => one.source) };
  const names = createNames({ program, files, packs, kept, overrides: model.packs.overrides, satisfies, generated });
  const types = createTypes(names, {
    inferBody,
    passesArgument: (def) => {
      const id = names.def(def).packEntry;
      return id === null ? null : (model.packs.entry(id)?.fn.returnsArg ?? null);
    },
    fillsCell: (def) => {
      const id = names.def(def).packEntry;
      return id !== null && fillsCell(model.packs.entry(id)?.fn);
    },
  });
  performance.mark("sigsafe: model of std");
  return { types, files };
}
