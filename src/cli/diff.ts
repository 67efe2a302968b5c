/**
 * `diff`: the gate. Compares the work tree with a commit, or with a stored report, and fails only on what is new.
 *
 * The workspace is the one here, or every one of the repository with a Cargo.lock (`--each-lockfile`, and where there is none here).
 * Where no file differs that decides a verdict (lockfile, manifests, cargo's configuration, toolchain, sources), nothing is analysed.
 */
import { statSync } from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import { decidingFiles, workTree } from "../crates/base-tree.ts";
import { CrateError } from "../crates/crate-error.ts";
import { findBase } from "../crates/find-base.ts";
import { openGit } from "../crates/git.ts";
import { hasManifest, locateWorkspace } from "../crates/locate-workspace.ts";
import { lockedRoots } from "../crates/repository-workspaces.ts";
import { compareReports } from "../safety/compare-reports.ts";
import { CliError } from "./cli-error.ts";
import type { Runs } from "./compare-runs.ts";
import { type ComparedReports, comparisonFails, writeComparisons } from "./comparison-output.ts";
import { type Change, compareWithCommit } from "./diff-commit.ts";
import type { LoadContext } from "./load.ts";
import { outputTargets } from "./output.ts";
import { withOutputFlags, withWorkspaceFlags } from "./run-options.ts";
import { type Flags, readSettings, type Settings } from "./settings.ts";

type GivenFlags = Flags & { readonly base?: string; readonly eachLockfile?: boolean };

/** Adds the verb. */
export function addDiff(program: Command, runs: Runs): void {
  const command = program
    .command("diff")
    .description("what a change brings: new findings and blind spots against a commit or a stored report")
    .option("--base <REF|FILE>", "a revision of git, or a stored JSON report; found by itself in CI and on a branch")
    .option("--each-lockfile", "every workspace of the repository that has a Cargo.lock")
    .addHelpText("after", examples);
  withOutputFlags(withWorkspaceFlags(command)).action(async (given: GivenFlags, self: Command) => {
    const targets = outputTargets(given);
    const context = runs.contextOf(given);
    const all: { readonly compared: ComparedReports; readonly settings: Settings }[] = [];
    if (isReport(given.base, context.cwd)) {
      const settings = readSettings(given, self, context.cwd, "workspace");
      const file = path.resolve(context.cwd, given.base);
      all.push({ settings, compared: await againstReport(file, settings, context, runs) });
    } else {
      const { change, manifests } = changeOf(given, context);
      const page = targets.find((one) => one.format === "html" || one.format === "dot");
      if (manifests.length > 1 && page !== undefined) {
        throw new CliError(
          `${page.format} is for one workspace, and here are ${manifests.length}`,
          "give --manifest-path",
        );
      }
      for (const manifestPath of manifests) {
        const own = manifestPath === null ? given : { ...given, manifestPath };
        const settings = readSettings(own, self, context.cwd, "workspace");
        const compared = await compareWithCommit(change, settings, context, runs);
        const name = manifests.length > 1 && manifestPath !== null ? `${path.dirname(manifestPath)}: ` : "";
        all.push({ settings, compared: { ...compared, title: name + compared.title } });
      }
    }
    await writeComparisons(
      all.map((one) => one.compared),
      given,
    );
    const fails = all.some(({ compared, settings: { flags } }) =>
      comparisonFails(compared.comparison, { failOn: flags.failOn, maxBlindSpots: flags.maxBlindSpots ?? null }),
    );
    process.exitCode = fails ? 1 : 0;
  });
}

/** The change, and the manifests of the workspaces to compare; null is the one here. */
function changeOf(
  given: GivenFlags,
  { cwd }: LoadContext,
): { readonly change: Change; readonly manifests: readonly (string | null)[] } {
  const here = given.manifestPath !== undefined || hasManifest(cwd);
  const directory = here ? locateWorkspace(cwd, given.manifestPath ?? null).root : cwd;
  const git = openGit(process.env, directory);
  if (git === null) {
    // Without a repository and a manifest, the manifest is what is missed first.
    if (!here) locateWorkspace(cwd, null);
    throw new CrateError("the workspace is not in a git repository", {
      file: directory,
      help: "give a stored report with --base FILE",
    });
  }
  const base = findBase(git, given.base ?? null, process.env);
  const files = decidingFiles(git, base.commit);
  const roots = lockedRoots(git.top, files);
  const change = { git, base, files, tree: workTree(git, files), roots };
  if (given.manifestPath !== undefined || (here && given.eachLockfile !== true)) return { change, manifests: [null] };
  const below = given.eachLockfile === true ? roots : roots.filter((root) => root.startsWith(`${cwd}${path.sep}`));
  if (below.length === 0) {
    // No lockfile is kept here: the workspace that stands here, or an error that there is none.
    locateWorkspace(cwd, null);
    return { change, manifests: [null] };
  }
  const manifests = below.map((root) => path.relative(cwd, path.join(root, "Cargo.toml")));
  return { change, manifests };
}

const examples = `
Examples:
  sigsafe-lint diff                     against where the branch left origin's main branch; in CI, the change's base
  sigsafe-lint diff --base HEAD         what is not committed yet
  sigsafe-lint diff --each-lockfile     every workspace of the repository
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
  const { readStoredReport } = await import("./stored-report.ts");
  const { loadFromFlags } = await import("./load.ts");
  const { withCauses } = await import("./change-lines.ts");
  const before = readStoredReport(file);
  const { manifestPath, metadataPath } = settings.flags;
  const root = metadataPath === undefined ? locateWorkspace(context.cwd, manifestPath ?? null).root : context.cwd;
  const found = await runs.reportOn(await loadFromFlags(settings.flags, context), settings, context);
  const after = withCauses(before, found, { cwd: context.cwd, root }, null);
  const title = `the work tree against ${path.basename(file)}`;
  return { before, after, comparison: compareReports(before, after), title, notes: [] };
}
