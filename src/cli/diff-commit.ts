/**
 * One workspace against a commit: which of the changed files concern it, the commit's files written to a temporary directory and linted
 * from there with their own manifests and features, and the comparison. The configuration of the linter is the work tree's on both sides
 * (or that of `--config-from`).
 */
import { copyFileSync, existsSync } from "node:fs";
import path from "node:path";
import { type StateFile, type WorkTree, writeBase } from "../crates/base-tree.ts";
import { cargoHome, trustedCargoHome } from "../crates/cargo-process.ts";
import type { Workspace } from "../crates/crate-graph.ts";
import type { Base } from "../crates/find-base.ts";
import { contentsOf, type Git, type TreeFile } from "../crates/git.ts";
import { loadWorkspace } from "../crates/load-workspace.ts";
import { locateWorkspace } from "../crates/locate-workspace.ts";
import { readTextFile } from "../crates/regular-file.ts";
import { concerning } from "../crates/repository-workspaces.ts";
import { openScratch } from "../crates/scratch.ts";
import { compareReports } from "../safety/compare-reports.ts";
import type { HandlerClosure } from "../safety/handler-closure.ts";
import type { Report } from "../safety/report-model.ts";
import { findClosure, keepClosure, stateKey } from "./closure-record.ts";
import type { Runs } from "./compare-runs.ts";
import type { ComparedReports } from "./comparison-output.ts";
import type { LoadContext } from "./load.ts";
import type { Settings } from "./settings.ts";
import { toolVersion } from "./tool-version.ts";
import { touching } from "./untouched.ts";
import { cacheDirectory, storeOutside } from "./user-cache.ts";

/** A commit of the repository, and what the work tree has otherwise. */
export interface Change {
  readonly git: Git;
  readonly base: Base;
  /** The commit's files that decide a verdict. */
  readonly files: readonly TreeFile[];
  readonly tree: WorkTree;
  /** Root directories of all workspaces with a lockfile, absolute. */
  readonly roots: readonly string[];
}

/** Compares the workspace that the settings name. */
export async function compareWithCommit(
  change: Change,
  settings: Settings,
  context: LoadContext,
  runs: Runs,
): Promise<ComparedReports> {
  const { git, base, files } = change;
  const located = locateWorkspace(context.cwd, settings.flags.manifestPath ?? null);
  const title = `the work tree against ${base.commit.slice(0, 12)} (${base.from})`;
  const changed = concerning(change.tree.changed, git.top, located, change.roots);
  if (changed.length === 0) {
    const nothing = emptyReport(settings);
    const notes = ["nothing that decides a verdict changed: nothing was analysed"];
    return { before: nothing, after: nothing, comparison: compareReports(nothing, nothing), title, notes };
  }
  const shown = changed.slice(0, 5).join(", ");
  const notes = [`changed: ${shown}${changed.length > 5 ? ` and ${changed.length - 5} more` : ""}`];
  const closures = openClosures(change, located, settings);
  const why = closures.touching(changed);
  if (why === null) {
    const nothing = emptyReport(settings);
    notes.push("no handler is reached by what changed, as an earlier run found: nothing was analysed");
    return { before: nothing, after: nothing, comparison: compareReports(nothing, nothing), title, notes };
  }
  notes.push(`analysed, since ${why}`);
  const { loadFromFlags } = await import("./load.ts");
  const { withCauses } = await import("./change-lines.ts");
  const workspace = await loadFromFlags(settings.flags, context);
  const { report: found, closure } = await runs.analyseOn(workspace, settings, context);
  closures.keep("after", closure, workspace, git.top);
  const keep: BaseJob["keep"] = (...known) => closures.keep("before", ...known);
  const before = await baseReport({ git, base, files, located, settings, context, runs, notes, keep });
  const after = withCauses(before, found, { cwd: context.cwd, root: located.root }, baseTexts(git, files));
  return { before, after, comparison: compareReports(before, after), title, notes };
}

interface Closures {
  /** Why the change has to be analysed; null where no handler can notice it. */
  readonly touching: (changed: readonly string[]) => string | null;
  readonly keep: (side: "before" | "after", closure: HandlerClosure, workspace: Workspace, top: string) => void;
}

/** What earlier runs found of both sides of the change. */
function openClosures(
  change: Change,
  located: { readonly manifest: string; readonly root: string },
  settings: Settings,
): Closures {
  const { git, files } = change;
  const { flags } = settings;
  const store = storeOutside(flags.cache ? cacheDirectory(process.env) : null, git.top);
  if (store.directory === null || flags.baseline !== undefined) {
    return { touching: () => "no cache is used", keep: () => undefined };
  }
  const below = (file: string): string => path.relative(git.top, file).replaceAll("\\", "/");
  const keyOf = (state: readonly StateFile[]): string | null =>
    stateKey(state, below(located.manifest), settings, process.env);
  const states = { before: change.tree.base, after: change.tree.now };
  return {
    touching: (changed) => {
      const key = keyOf(states.before);
      const record = key === null ? null : findClosure(store, key);
      if (record === null) return "the base's closure is not in the cache";
      const before = baseTexts(git, files);
      return touching(record, {
        changed,
        root: below(located.root),
        before: (file) => before(path.join(git.top, file)),
        after: (file) => readTextFile(path.join(git.top, file), 64 * 1024 * 1024),
        cargoHome: cargoHome(process.env),
      });
    },
    keep: (side, ...known) => {
      const key = keyOf(states[side]);
      if (key !== null) keepClosure(store, key, ...known);
    },
  };
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
  readonly keep: (closure: HandlerClosure, workspace: Workspace, top: string) => void;
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
    const { workspaceOptions } = await import("./load.ts");
    const options = { ...workspaceOptions(settings.flags, there), manifestPath, locked: false, project: located.root };
    const { flags } = settings;
    const baseline = flags.baseline === undefined ? {} : { baseline: path.resolve(context.cwd, flags.baseline) };
    const other: Settings = { ...settings, flags: { ...flags, ...baseline }, otherSide: true };
    const workspace = await loadWorkspace(options);
    const { report, closure } = await job.runs.analyseOn(workspace, other, there);
    job.keep(closure, workspace, tree);
    return report;
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
