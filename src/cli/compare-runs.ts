/**
 * What the verbs that compare need of the command around them, passed in: a verb imports no other verb.
 */
import type { Workspace } from "../crates/crate-graph.ts";
import type { Report } from "../safety/report-model.ts";
import type { Analysis } from "./analyse.ts";
import type { LoadContext } from "./load.ts";
import type { OutputFlags } from "./run-options.ts";
import type { Settings } from "./settings.ts";

export interface Runs {
  readonly contextOf: (flags: OutputFlags) => LoadContext;
  /** Analyses a workspace as the flags and the configuration say. */
  readonly analyseOn: (workspace: Workspace, settings: Settings, context: LoadContext) => Promise<Analysis>;
  /** The report of it alone. */
  readonly reportOn: (workspace: Workspace, settings: Settings, context: LoadContext) => Promise<Report>;
}
