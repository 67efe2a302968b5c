/**
 * `bump`: what a change of dependencies means for the handlers, before it is made. The workspace is not touched: the change
 * is made in a copy, both graphs are analysed, and the reports compared.
 */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Bump } from "../crates/bump.ts";
import { type BumpFlags, bumpsOf } from "./bump-specs.ts";
import { CliError } from "./cli-error.ts";
import type { Runs } from "./compare-runs.ts";
import { type ComparedReports, comparisonFails, writeComparison } from "./comparison-output.ts";
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
        const { findSafe } = await import("./find-safe.ts");
        const { compared, found } = await findSafe(onlyName(bumps), given.tries, settings, context, runs);
        await writeComparison(compared, settings.flags);
        process.exitCode = found ? 0 : 1;
        return;
      }
      const { compareBump } = await import("./bump-compare.ts");
      const compared = await compareBump(bumps, settings, context, runs);
      await writeComparison(compared, settings.flags);
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
  const asItIs = one?.version === null && one.replacement === null && one.git === null && one.features.length === 0;
  const plain = one !== undefined && asItIs;
  if (!plain || more.length > 0)
    throw new CliError("--find-safe takes one name without a version, revision or feature");
  return one.name;
}

function failed({ comparison }: ComparedReports, { flags }: Settings): boolean {
  return comparisonFails(comparison, { failOn: flags.failOn, maxBlindSpots: flags.maxBlindSpots ?? null });
}
