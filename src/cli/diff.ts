/**
 * `diff`: the gate. Compares the work tree with a commit, or with a stored report, and fails only on what is new.
 *
 * Where no file differs that decides a verdict (lockfile, manifests, cargo's configuration, toolchain, sources), nothing is
 * analysed. Else the commit's files are written to a temporary directory and linted from there, with their own manifests and
 * features; the configuration of the linter is the work tree's on both sides.
 */
import { copyFileSync, existsSync, statSync } from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import { changedFiles, decidingFiles, writeBase } from "../crates/base-tree.ts";
import { trustedCargoHome } from "../crates/cargo-process.ts";
import { CrateError } from "../crates/crate-error.ts";
import { type Base, findBase } from "../crates/find-base.ts";
import { contentsOf, type Git, openGit, type TreeFile } from "../crates/git.ts";
import { loadWorkspace, locateWorkspace } from "../crates/load-workspace.ts";
import { openScratch } from "../crates/scratch.ts";
import { compareReports } from "../safety/compare-reports.ts";
import type { Report } from "../safety/report-model.ts";
import { toolVersion } from "./analyse.ts";
import { withCauses } from "./change-lines.ts";
import type { Runs } from "./compare-runs.ts";
import { type ComparedReports, comparisonFails, writeComparison } from "./comparison-output.ts";
import { type LoadContext, loadFromFlags, workspaceOptions } from "./load.ts";
import { outputTargets } from "./output.ts";
import { withOutputFlags, withWorkspaceFlags } from "./run-options.ts";
import { type Flags, readSettings, type Settings } from "./settings.ts";
import { readStoredReport } from "./stored-report.ts";

type GivenFlags = Flags & { readonly base?: string };

/** Adds the verb. */
export function addDiff(program: Command, runs: Runs): void {
  const command = program
    .command("diff")
    .description("what a change brings: new findings and blind spots against a commit or a stored report")
    .option("--base <REF|FILE>", "a revision of git, or a stored JSON report; found by itself in CI and on a branch")
    .addHelpText("after", examples);
  withOutputFlags(withWorkspaceFlags(command)).action(async (given: GivenFlags, self: Command) => {
    outputTargets(given);
    const context = runs.contextOf(given);
    const settings = readSettings(given, self, context.cwd, "workspace");
    const { flags } = settings;
    const compared = isReport(given.base, context.cwd)
      ? await againstReport(path.resolve(context.cwd, given.base), settings, context, runs)
      : await againstCommit(given.base ?? null, settings, context, runs);
    writeComparison(compared, flags);
    const gate = { failOn: flags.failOn, maxBlindSpots: flags.maxBlindSpots ?? null };
    process.exitCode = comparisonFails(compared.comparison, gate) ? 1 : 0;
  });
}

const examples = `
Examples:
  sigsafe-lint diff                     against where the branch left origin's main branch; in CI, the change's base
  sigsafe-lint diff --base HEAD         what is not committed yet
  sigsafe-lint diff --base main.json    against a report stored with \`check --output json=main.json\``;

function isReport(base: string | undefined, cwd: string): base is string {
  return base !== undefined && (statSync(path.resolve(cwd, base), { throwIfNoEntry: false })?.isFile() ?? false);
}

async function againstReport(
  file: string,
  settings: Settings,
  context: LoadContext,
  runs: Runs,
): Promise<ComparedReports> {
  const before = readStoredReport(file);
  const { manifestPath, metadataPath } = settings.flags;
  const root = metadataPath === undefined ? locateWorkspace(context.cwd, manifestPath ?? null).root : context.cwd;
  const found = await runs.reportOn(await loadFromFlags(settings.flags, context), settings, context);
  const after = withCauses(before, found, { cwd: context.cwd, root }, null);
  const title = `the work tree against ${path.basename(file)}`;
  return { before, after, comparison: compareReports(before, after), title, notes: [] };
}

async function againstCommit(
  revision: string | null,
  settings: Settings,
  context: LoadContext,
  runs: Runs,
): Promise<ComparedReports> {
  const located = locateWorkspace(context.cwd, settings.flags.manifestPath ?? null);
  const git = openGit(process.env, located.root);
  if (git === null) {
    throw new CrateError("the workspace is not in a git repository", {
      file: located.root,
      help: "give a stored report with --base FILE",
    });
  }
  const base = findBase(git, revision, process.env);
  const title = `the work tree against ${base.commit.slice(0, 12)} (${base.from})`;
  const files = decidingFiles(git, base.commit);
  const changed = changedFiles(git, files);
  if (changed.length === 0) {
    const nothing = emptyReport(settings);
    const notes = ["nothing that decides a verdict changed: nothing was analysed"];
    return { before: nothing, after: nothing, comparison: compareReports(nothing, nothing), title, notes };
  }
  const shown = changed.slice(0, 5).join(", ");
  const notes = [`changed: ${shown}${changed.length > 5 ? ` and ${changed.length - 5} more` : ""}`];
  const found = await runs.reportOn(await loadFromFlags(settings.flags, context), settings, context);
  const before = await baseReport({ git, base, files, located, settings, context, runs, notes });
  const after = withCauses(before, found, { cwd: context.cwd, root: located.root }, baseTexts(git, files));
  return { before, after, comparison: compareReports(before, after), title, notes };
}

/** Texts of the base's files, read when asked for. */
function baseTexts(git: Git, files: readonly TreeFile[]): (absolute: string) => string | null {
  const byPath = new Map(files.map((one) => [one.path, one]));
  return (absolute) => {
    const file = byPath.get(path.relative(git.top, absolute).replaceAll("\\", "/"));
    return file === undefined ? null : (contentsOf(git, [file])[0]?.toString("utf8") ?? null);
  };
}

interface BaseJob {
  readonly git: Git;
  readonly base: Base;
  readonly files: readonly TreeFile[];
  readonly located: { readonly manifest: string; readonly root: string };
  readonly settings: Settings;
  readonly context: LoadContext;
  readonly runs: Runs;
  readonly notes: string[];
}

/** The report on the commit's own files. */
async function baseReport(job: BaseJob): Promise<Report> {
  const { git, located, settings, context } = job;
  const scratch = openScratch(trustedCargoHome(process.env, located.root));
  try {
    const tree = scratch.directory("base");
    writeBase(git, job.files, tree);
    const inBase = (file: string): string => path.join(tree, path.relative(git.top, file));
    const manifestPath = inBase(located.manifest);
    if (!existsSync(manifestPath)) {
      job.notes.push(`${path.relative(git.top, located.manifest)} is not in the base: everything is new`);
      return emptyReport(settings);
    }
    const lockfile = path.join(located.root, "Cargo.lock");
    if (!existsSync(inBase(lockfile)) && existsSync(lockfile)) {
      job.notes.push("the base has no Cargo.lock: linted with the one that is here");
      copyFileSync(lockfile, inBase(lockfile));
    }
    const cwd = existsSync(inBase(context.cwd)) ? inBase(context.cwd) : inBase(located.root);
    const there: LoadContext = { ...context, cwd };
    const options = { ...workspaceOptions(settings.flags, there), manifestPath, locked: false, project: located.root };
    const { flags } = settings;
    const baseline = flags.baseline === undefined ? {} : { baseline: path.resolve(context.cwd, flags.baseline) };
    const other: Settings = { ...settings, flags: { ...flags, ...baseline }, otherSide: true };
    return await job.runs.reportOn(await loadWorkspace(options), other, there);
  } finally {
    scratch.remove();
  }
}

/** Nothing: what is compared where there is no workspace, or nothing was analysed. */
function emptyReport({ flags }: Settings): Report {
  return {
    schemaVersion: 1,
    tool: { name: "sigsafe-lint", version: toolVersion() },
    input: { manifestPath: flags.manifestPath ?? null, stdVersion: "", profile: flags.profile },
    programs: [],
    packages: [],
    handlers: [],
    findings: [],
    guards: [],
    blindSpots: [],
    problems: [],
  };
}
