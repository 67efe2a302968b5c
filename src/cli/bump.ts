/**
 * `bump`: what a change of dependencies means for the handlers, before it is made. The workspace is not touched: the change
 * is made in a copy, both graphs are analysed, and the reports compared.
 */
import { type Command, InvalidArgumentError, Option } from "commander";
import { applyBumps, type Bump, describeBump } from "../crates/bump.ts";
import type { Workspace } from "../crates/crate-graph.ts";
import { loadWorkspace } from "../crates/load-workspace.ts";
import { compareReports } from "../safety/compare-reports.ts";
import type { Report } from "../safety/report-model.ts";
import { type BumpFlags, bumpsOf } from "./bump-specs.ts";
import { CliError } from "./cli-error.ts";
import type { Runs } from "./compare-runs.ts";
import { type ComparedReports, comparisonFails, writeComparison } from "./comparison-output.ts";
import { findSafe } from "./find-safe.ts";
import { type LoadContext, workspaceOptions } from "./load.ts";
import { outputTargets } from "./output.ts";
import { withOutputFlags, withWorkspaceFlags } from "./run-options.ts";
import { type Flags, readSettings, type Settings } from "./settings.ts";

type GivenFlags = Flags &
  BumpFlags & { readonly workspaceFeatures: readonly string[]; readonly findSafe?: boolean; readonly tries: number };

/** Adds the verb. */
export function addBump(program: Command, runs: Runs): void {
  const command = program
    .command("bump")
    .argument("<NAME[@VERSION[=>NAME2@VERSION]]...>", "the dependencies to change, quoted where there is a `=>`")
    .description("what changes for the handlers if dependencies are bumped; the workspace is not touched")
    .option("--rev <REV>", "to a revision of a git dependency")
    .option("--branch <BRANCH>", "to a branch")
    .option("--tag <TAG>", "to a tag")
    .option("--git <URL>", "of this repository")
    .addOption(
      new Option("--workspace-features <LIST>", "features of the workspace's own packages")
        .default([])
        .argParser((value: string, before: readonly string[]) => [...before, value]),
    )
    .option("--find-safe", "look for the nearest version, choice of features or replacement without the findings")
    .addOption(new Option("--tries <N>", "how many versions --find-safe tries").default(6).argParser(count))
    .addHelpText("after", examples);
  withOutputFlags(withWorkspaceFlags(command)).action(
    async (specs: readonly string[], given: GivenFlags, self: Command) => {
      outputTargets(given);
      const bumps = bumpsOf(specs, given);
      if (given.metadataPath !== undefined) throw new CliError("bump asks cargo: --metadata-path cannot be used");
      const context = runs.contextOf(given);
      const settings = readSettings({ ...given, features: given.workspaceFeatures }, self, context.cwd, "workspace");
      if (given.findSafe === true) {
        const { compared, found } = await findSafe(onlyName(bumps), given.tries, settings, context, runs);
        writeComparison(compared, settings.flags);
        process.exitCode = found ? 0 : 1;
        return;
      }
      const compared = await compareBump(bumps, settings, context, runs);
      writeComparison(compared, settings.flags);
      process.exitCode = failed(compared, settings) ? 1 : 0;
    },
  );
}

const examples = `
-F is about the dependency: the features to switch on for it.

Examples:
  sigsafe-lint bump pprof@0.14.1
  sigsafe-lint bump 'pprof@0.15.0=>pprof-pyroscope-fork@0.1500.4'
  sigsafe-lint bump pprof -F framehop-unwinder
  sigsafe-lint bump mycrate --rev 0123abc
  sigsafe-lint bump pprof --find-safe`;

function count(value: string): number {
  if (!/^[1-9]\d{0,3}$/u.test(value)) throw new InvalidArgumentError("a number from 1 is expected");
  return Number(value);
}

function onlyName(bumps: readonly Bump[]): string {
  const [one, ...more] = bumps;
  const plain = one !== undefined && describeBump(one) === one.name;
  if (!plain || more.length > 0)
    throw new CliError("--find-safe takes one name without a version, revision or feature");
  return one.name;
}

/** Both reports of a change, and their comparison. */
async function compareBump(
  bumps: readonly Bump[],
  settings: Settings,
  context: LoadContext,
  runs: Runs,
): Promise<ComparedReports> {
  const options = workspaceOptions(settings.flags, context);
  const notes: string[] = [];
  // The change first: an impossible one is told before anything is analysed.
  const changed = await loadWorkspace({
    ...options,
    locked: false,
    change: async (session, workspace) => {
      const problems = await applyBumps(session, workspace, bumps);
      notes.push(...problems.map((one) => one.message));
      return problems;
    },
  });
  const current = await loadWorkspace(options);
  const before = await runs.reportOn(current, settings, context);
  const same = samePrograms(current, changed);
  const after = same ? before : await runs.reportOn(changed, { ...settings, otherSide: true }, context);
  if (same) notes.push("no program of the workspace is compiled from other code");
  return { before, after, comparison: compareReports(before, after), title: titleOf(bumps, before, after), notes };
}

function failed({ comparison }: ComparedReports, { flags }: Settings): boolean {
  return comparisonFails(comparison, { failOn: flags.failOn, maxBlindSpots: flags.maxBlindSpots ?? null });
}

function samePrograms(left: Workspace, right: Workspace): boolean {
  const keys = (workspace: Workspace): string => workspace.programs.map((one) => `${one.id} ${one.key}`).join("\n");
  return keys(left) === keys(right);
}

function titleOf(bumps: readonly Bump[], before: Report, after: Report): string {
  const versions = (report: Report, name: string): string =>
    report.packages
      .filter((one) => one.id.startsWith(`${name}@`))
      .map((one) => one.id.slice(name.length + 1))
      .join(" and ");
  return bumps
    .map((bump) => {
      const [old, now] = [versions(before, bump.name), versions(after, bump.replacement ?? bump.name)];
      if (old === "" || now === "" || (old === now && bump.replacement === null)) return describeBump(bump);
      const features = bump.features.length === 0 ? "" : ` with ${bump.features.join(", ")}`;
      return `${bump.name} ${old} → ${bump.replacement === null ? "" : `${bump.replacement} `}${now}${features}`;
    })
    .join("; ");
}
