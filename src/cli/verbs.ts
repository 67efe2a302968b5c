/**
 * The verbs: `check`, `crate`, `report`, `graph`, `explain`, `rules` here, `bump`, `diff`, `init` and `cache` in files of their own. Each reads its flags, runs the analysis and sets the exit code.
 *
 * What a verb works with is imported when it is run: `diff` often has nothing to analyse, and should not wait for what does.
 */
import { Command } from "commander";
import type { PackageInfo, Workspace } from "../crates/crate-graph.ts";
import type { StampMemo } from "../load/package-stamp.ts";
import { addBump } from "./bump.ts";
import { addCache } from "./cache.ts";
import type { Runs } from "./compare-runs.ts";
import { addDiff } from "./diff.ts";
import type { GraphFlags } from "./graph.ts";
import { addInit } from "./init.ts";
import type { LoadContext } from "./load.ts";
import { exitCodeOf, type OutputTarget, outputTargets, writeReport } from "./output.ts";
import type { stampAhead } from "./program-cache.ts";
import { clearProgress, progressTo } from "./progress.ts";
import { type OutputFlags, withEachFlags, withOutputFlags, withWorkspaceFlags } from "./run-options.ts";
import { type Flags, programOptions, readSettings, type Settings } from "./settings.ts";
import { toolVersion } from "./tool-version.ts";

/** The command with all its verbs; a usage error throws commander's error. */
export function createCommand(signal: AbortSignal): Command {
  const program = new Command("sigsafe-lint")
    .description(
      "Finds what signal handlers of a Rust workspace and its dependencies reach: allocation, locks, unlisted calls.",
    )
    .version(`sigsafe-lint ${toolVersion()}`, "-V, --version")
    .exitOverride()
    .enablePositionalOptions()
    .showHelpAfterError("(see sigsafe-lint --help)")
    .addHelpText("after", examples);

  const check = program
    .command("check", { isDefault: true })
    .description("lint the workspace here")
    .addHelpText("after", checkExamples);
  withOutputFlags(withEachFlags(withWorkspaceFlags(check))).action(async (given: Flags, command: Command) => {
    const targets = outputTargets(given);
    const context = contextOf(given, signal);
    const settings = readSettings(given, command, context.cwd, "workspace");
    const { loadFromFlags } = await import("./load.ts");
    await lintWith(loadFromFlags, targets, settings, context);
  });

  const crate = program
    .command("crate")
    .argument("<NAME[@VERSION]>")
    .description("lint one published crate")
    .addHelpText("after", crateExamples);
  withOutputFlags(withEachFlags(withWorkspaceFlags(crate))).action(
    async (spec: string, given: Flags, command: Command) => {
      const targets = outputTargets(given);
      const context = contextOf(given, signal);
      const settings = readSettings(given, command, context.cwd, "crate");
      const { loadCrate } = await import("./load.ts");
      await lintWith((...given) => loadCrate(spec, ...given), targets, settings, context);
    },
  );

  const stored = program
    .command("report")
    .description("a stored JSON report in another format")
    .requiredOption("--from <FILE>", "the report, - for stdin");
  withOutputFlags(stored).action(async (flags: OutputFlags & { readonly from: string }) => {
    outputTargets(flags);
    const { readStoredReport } = await import("./stored-report.ts");
    const report = readStoredReport(flags.from);
    await writeReport(report, flags);
    process.exitCode = exitCodeOf(report, flags);
  });

  const graph = program
    .command("graph")
    .description("the call graph of the handlers, or what the names of a line mean")
    .option("--why <PATH>", "how a handler reaches this function")
    .option("--at <FILE:LINE>", "what each name and call of a line resolves to")
    .option("--handler <ID>", "only this handler")
    .option("--crate <NAME[@VERSION]>", "of a published crate")
    .addHelpText("after", graphExamples);
  withOutputFlags(withWorkspaceFlags(graph), ["text", "json", "dot"]).action(
    async (given: Flags & GraphFlags & { readonly crate?: string }, command: Command) => {
      const context = contextOf(given, signal);
      const settings = readSettings(given, command, context.cwd, given.crate === undefined ? "workspace" : "crate");
      const flags = { ...given, ...settings.flags };
      const { loadCrate, loadFromFlags } = await import("./load.ts");
      const { readModel } = await import("./rule-files.ts");
      const workspace =
        flags.crate === undefined ? await loadFromFlags(flags, context) : await loadCrate(flags.crate, flags, context);
      const { graphOutput } = await import("./graph.ts");
      const { configHandlers } = await import("./allowances.ts");
      const options = { ...programOptions(settings), handlers: configHandlers(settings.config) };
      const text = await graphOutput(workspace, readModel(settings.config.rules), options, flags, context);
      clearProgress();
      process.stdout.write(text);
    },
  );

  const runs: Runs = {
    contextOf: (flags) => contextOf(flags, signal),
    analyseOn: async (...given) => (await import("./run-on.ts")).analyseOn(...given),
    reportOn: async (...given) => (await import("./run-on.ts")).reportOn(...given),
  };
  addBump(program, runs);
  addDiff(program, runs);
  addInit(program);
  addCache(program);

  program
    .command("explain")
    .argument("<RULE|FUNCTION>")
    .description("what a rule means and what to do, or what a C function or a function of std does to a handler")
    .action(async (name: string) => {
      const { explainText } = await import("./explain.ts");
      const { explainFunction, readLints } = await import("./rule-files.ts");
      process.stdout.write(explainText(readLints(), name, (one) => explainFunction(one)));
    });
  program
    .command("rules")
    .description("all rules")
    .action(async () => {
      const { rulesText } = await import("./explain.ts");
      const { readLints } = await import("./rule-files.ts");
      process.stdout.write(rulesText(readLints()));
    });
  for (const command of program.commands) command.exitOverride();
  return program;
}

const examples = `
Examples:
  sigsafe-lint                               lint the workspace here (check)
  sigsafe-lint diff                          only what this change brings, against its base
  sigsafe-lint bump serde@1.0.200            before a dependency is bumped
  sigsafe-lint crate pprof@0.15.0            a published crate
  sigsafe-lint explain heap-allocation       what a rule means, and what to do
  sigsafe-lint init                          a commented sigsafe.toml and a GitHub workflow

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 the analysis could not be done, 130 interrupted.`;

const checkExamples = `
Examples:
  sigsafe-lint check --workspace --locked
  sigsafe-lint check -p service -F profiling --target aarch64-unknown-linux-gnu
  sigsafe-lint check --output sarif=sigsafe.sarif --output html=report.html --output text=-
  sigsafe-lint check --each-feature --each-target`;

const crateExamples = `
Examples:
  sigsafe-lint crate pprof@0.15.0 --no-default-features -F framehop-unwinder
  sigsafe-lint crate pprof --each-feature`;

const graphExamples = `
Examples:
  sigsafe-lint graph --why my_crate::log_line      how a handler gets there
  sigsafe-lint graph --at src/main.rs:12           what each name and call of a line resolves to
  sigsafe-lint graph --format dot > graph.dot`;

/** Loading begins before the rest of the program is read, and packages are looked through for the cache: cargo runs meanwhile. */
async function lintWith(
  load: (flags: Flags, context: LoadContext) => Promise<Workspace>,
  targets: readonly OutputTarget[],
  settings: Settings,
  context: LoadContext,
): Promise<void> {
  const { flags } = settings;
  if (flags.eachFeature === true || flags.eachTarget === true) {
    const { lint } = await import("./lint.ts");
    return await lint((own) => load(own, context), targets, settings, context);
  }
  const stamps: StampMemo = new Map();
  let ahead: typeof stampAhead | null = null;
  const meanwhile = (packages: readonly PackageInfo[]): void => ahead?.(packages, stamps);
  const loading = load(flags, { ...context, meanwhile });
  const reading = import("./lint.ts");
  const caching = flags.cache ? import("./program-cache.ts").then((found) => (ahead = found.stampAhead)) : null;
  const [workspace, { lint }] = await Promise.all([loading, reading, caching]);
  await lint(async () => workspace, targets, settings, { ...context, stamps });
}

function contextOf(flags: OutputFlags, signal: AbortSignal): LoadContext {
  return { cwd: process.cwd(), signal, onProgress: progressTo(flags) };
}
