/** The analysis of a workspace as the flags and the configuration say. */
import type { Workspace } from "../crates/crate-graph.ts";
import type { Report } from "../safety/report-model.ts";
import { baselineAllow, checkHandlersFound, configAllows, configHandlers } from "./allowances.ts";
import { type Analysis, analyse } from "./analyse.ts";
import type { LoadContext } from "./load.ts";
import { readLints, readModel } from "./rule-files.ts";
import { programOptions, type Settings } from "./settings.ts";
import { cacheDirectory } from "./user-cache.ts";

/** A workspace's report as the flags and the configuration say. */
export async function reportOn(workspace: Workspace, settings: Settings, context: LoadContext): Promise<Report> {
  return (await analyseOn(workspace, settings, context)).report;
}

/** The report, and what else the analysis found out. */
export async function analyseOn(workspace: Workspace, settings: Settings, context: LoadContext): Promise<Analysis> {
  const { flags, config } = settings;
  const baseline = flags.baseline === undefined ? [] : [baselineAllow(flags.baseline, context.cwd)];
  const notes = settings.otherSide === true ? [] : (settings.notes ?? []);
  const analysis = await analyse({
    workspace: notes.length === 0 ? workspace : { ...workspace, problems: [...workspace.problems, ...notes] },
    model: () => readModel(config.rules),
    ...(context.stamps === undefined ? {} : { stamps: context.stamps }),
    cache: flags.cache ? cacheDirectory(process.env) : null,
    options: { ...programOptions(settings), handlers: configHandlers(config) },
    allows: [...configAllows(config, readLints, context.cwd), ...baseline],
    today: new Date().toISOString().slice(0, 10),
    cwd: context.cwd,
    onProgress: context.onProgress,
  });
  if (settings.otherSide !== true) checkHandlersFound(config, analysis.namedHandlers);
  return analysis;
}
