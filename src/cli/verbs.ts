/**
 * The verbs: `check`, `crate`, `report`, `graph`, `explain`, `rules` here, `bump`, `diff`, `init` and `cache` in files of their own. Each reads its flags, runs the analysis and sets the exit code.
 */
import { Command } from "commander";
import type { Workspace } from "../crates/crate-graph.ts";
import type { Report } from "../safety/report-model.ts";
import { baselineAllow, checkHandlersFound, configAllows, configHandlers } from "./allowances.ts";
import { type Analysis, analyse, toolVersion } from "./analyse.ts";
import { addBump } from "./bump.ts";
import { addCache } from "./cache.ts";
import { addDiff } from "./diff.ts";
import { eachFails, eachRows } from "./each.ts";
import { checkTableFormat, renderTable } from "./each-output.ts";
import { explainText, rulesText } from "./explain.ts";
import type { GraphFlags } from "./graph.ts";
import { addInit } from "./init.ts";
import { type LoadContext, loadCrate, loadFromFlags } from "./load.ts";
import { exitCodeOf, type OutputTarget, outputTargets, writeReport, writeTexts } from "./output.ts";
import { cacheDirectory } from "./program-cache.ts";
import { clearProgress, progressTo } from "./progress.ts";
import { explainFunction, readLints, readModel } from "./rule-files.ts";
import { type OutputFlags, withEachFlags, withOutputFlags, withWorkspaceFlags } from "./run-options.ts";
import { type Flags, programOptions, readSettings, type Settings } from "./settings.ts";
import { readStoredReport } from "./stored-report.ts";

/** The command with all its verbs; a usage error throws commander's error. */
export function createCommand(signal: AbortSignal): Command {
  const program = new Command("sigsafe-lint")
    .description(
      "Finds what signal handlers of a Rust workspace and its dependencies reach: allocation, locks, unlisted calls.",
    )
    .version(`sigsafe-lint ${toolVersion()}`, "-V, --version")
    .exitOverride()
    .enablePositionalOptions()
    .showHelpAfterError("(see sigsafe-lint --help)");

  const check = program.command("check", { isDefault: true }).description("lint the workspace here");
  withOutputFlags(withEachFlags(withWorkspaceFlags(check))).action(async (given: Flags, command: Command) => {
    const targets = outputTargets(given);
    const context = contextOf(given, signal);
    const settings = readSettings(given, command, context.cwd, "workspace");
    await lint((flags) => loadFromFlags(flags, context), targets, settings, context);
  });

  const crate = program.command("crate").argument("<NAME[@VERSION]>").description("lint one published crate");
  withOutputFlags(withEachFlags(withWorkspaceFlags(crate))).action(
    async (spec: string, given: Flags, command: Command) => {
      const targets = outputTargets(given);
      const context = contextOf(given, signal);
      const settings = readSettings(given, command, context.cwd, "crate");
      await lint((flags) => loadCrate(spec, flags, context), targets, settings, context);
    },
  );

  const stored = program
    .command("report")
    .description("a stored JSON report in another format")
    .requiredOption("--from <FILE>", "the report, - for stdin");
  withOutputFlags(stored).action((flags: OutputFlags & { readonly from: string }) => {
    outputTargets(flags);
    const report = readStoredReport(flags.from);
    writeReport(report, flags);
    process.exitCode = exitCodeOf(report, flags);
  });

  const graph = program
    .command("graph")
    .description("the call graph of the handlers, or what the names of a line mean")
    .option("--why <PATH>", "how a handler reaches this function")
    .option("--at <FILE:LINE>", "what each name and call of a line resolves to")
    .option("--handler <ID>", "only this handler")
    .option("--crate <NAME[@VERSION]>", "of a published crate");
  withOutputFlags(withWorkspaceFlags(graph), ["text", "json", "dot"]).action(
    async (flags: Flags & GraphFlags & { readonly crate?: string }) => {
      const context = contextOf(flags, signal);
      const workspace =
        flags.crate === undefined ? await loadFromFlags(flags, context) : await loadCrate(flags.crate, flags, context);
      const { graphOutput } = await import("./graph.ts");
      const text = await graphOutput(workspace, readModel(), flags, context);
      clearProgress();
      process.stdout.write(text);
    },
  );

  const runs = { contextOf: (flags: OutputFlags) => contextOf(flags, signal), analyseOn, reportOn };
  addBump(program, runs);
  addDiff(program, runs);
  addInit(program);
  addCache(program);

  program
    .command("explain")
    .argument("<RULE|FUNCTION>")
    .description("what a rule means and what to do, or what a C function or a function of std does to a handler")
    .action((name: string) => {
      process.stdout.write(explainText(readLints(), name, (one) => explainFunction(one)));
    });
  program
    .command("rules")
    .description("all rules")
    .action(() => {
      process.stdout.write(rulesText(readLints()));
    });
  for (const command of program.commands) command.exitOverride();
  return program;
}

async function lint(
  load: (flags: Flags) => Promise<Workspace>,
  targets: readonly OutputTarget[],
  settings: Settings,
  context: LoadContext,
): Promise<void> {
  const { flags } = settings;
  if (flags.eachFeature === true || flags.eachTarget === true) {
    for (const { format } of targets) checkTableFormat(format);
    const rows = await eachRows(load, settings, context, { reportOn });
    writeTexts(flags, (format) => renderTable(rows, format));
    process.exitCode = eachFails(rows, flags) ? 1 : 0;
    return;
  }
  const report = await reportOn(await load(flags), settings, context);
  writeReport(report, flags);
  process.exitCode = exitCodeOf(report, flags);
}

/** A workspace's report, and what it is made of, as the flags and the configuration say. */
async function reportOn(workspace: Workspace, settings: Settings, context: LoadContext): Promise<Report> {
  return (await analyseOn(workspace, settings, context)).report;
}

async function analyseOn(workspace: Workspace, settings: Settings, context: LoadContext): Promise<Analysis> {
  const { flags, config } = settings;
  const baseline = flags.baseline === undefined ? [] : [baselineAllow(flags.baseline, context.cwd)];
  const notes = settings.otherSide === true ? [] : (settings.notes ?? []);
  const analysis = await analyse({
    workspace: notes.length === 0 ? workspace : { ...workspace, problems: [...workspace.problems, ...notes] },
    model: () => readModel(config.rules),
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

function contextOf(flags: OutputFlags, signal: AbortSignal): LoadContext {
  return { cwd: process.cwd(), signal, onProgress: progressTo(flags) };
}
