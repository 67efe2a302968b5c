/**
 * `bump NAME --find-safe`: the nearest version of a dependency without the findings that it takes part in.
 *
 * Newer versions are tried going up, then older ones going down, a limited number of them; each is resolved and analysed as
 * `bump` does. A version is safe where no finding at or above `--fail-on` has the dependency on its path, and none is new.
 * What was tried, and what spoke against it, is said.
 */
import { applyBumps, otherVersions } from "../crates/bump.ts";
import { CrateError } from "../crates/crate-error.ts";
import { loadWorkspace } from "../crates/load-workspace.ts";
import { type Comparison, compareReports, rank } from "../safety/compare-reports.ts";
import { packageName } from "../safety/match-handlers.ts";
import type { Finding, Report } from "../safety/report-model.ts";
import { CliError } from "./cli-error.ts";
import type { Runs } from "./compare-runs.ts";
import type { ComparedReports } from "./comparison-output.ts";
import { type LoadContext, workspaceOptions } from "./load.ts";
import type { Settings } from "./settings.ts";

export interface SafeSearch {
  readonly compared: ComparedReports;
  readonly found: boolean;
}

/** Looks for the version; the comparison is with it, or with the workspace itself where none was found. */
export async function findSafe(
  name: string,
  tries: number,
  settings: Settings,
  context: LoadContext,
  runs: Runs,
): Promise<SafeSearch> {
  const limit = { never: 0, error: 3, warning: 2, note: 1 }[settings.flags.failOn];
  if (limit === 0) throw new CliError("--find-safe needs a level to look for: --fail-on never finds nothing");
  const options = workspaceOptions(settings.flags, context);
  const versions = await versionsOf(name, options);
  const before = await runs.reportOn(await loadWorkspace(options), settings, context);
  const held = involved(before, name, limit);
  const unchanged = compareReports(before, before);
  const whole = { before, after: before, comparison: unchanged };
  if (held.length === 0) {
    const notes = [`${name} ${versions.current} takes part in no finding at or above ${settings.flags.failOn}`];
    return { compared: { ...whole, title: `${name} ${versions.current} is safe here`, notes }, found: true };
  }
  const notes = [
    `${name} ${versions.current} takes part in ${counted(held.length)} at or above ${settings.flags.failOn}`,
  ];
  const candidates = versions.others.slice(0, tries);
  for (const version of candidates) {
    context.onProgress(`trying ${name} ${version}`);
    const bump = { name, version, replacement: null, git: null, features: [] };
    const edits: string[] = [];
    let after: Report;
    try {
      const change = async (...given: Parameters<NonNullable<typeof options.change>>) => {
        const problems = await applyBumps(...given, [bump]);
        edits.push(...problems.map((one) => one.message));
        return problems;
      };
      const workspace = await loadWorkspace({ ...options, locked: false, change });
      after = await runs.reportOn(workspace, { ...settings, otherSide: true }, context);
    } catch (error) {
      if (!(error instanceof CrateError) || context.signal.aborted) throw error;
      notes.push(`tried ${version}: ${reasonOf(error)}`);
      continue;
    }
    const comparison = compareReports(before, after);
    const left = involved(after, name, limit);
    const fresh = worse(comparison, limit);
    if (left.length === 0 && fresh.length === 0) {
      const title = `${name} ${versions.current} → ${version} is the nearest version without the findings`;
      return { compared: { before, after, comparison, title, notes: [...notes, ...edits] }, found: true };
    }
    const reasons = [
      left.length === 0 ? "" : `${counted(left.length)} left`,
      fresh.length === 0 ? "" : `${counted(fresh.length)} new`,
    ];
    notes.push(`tried ${version}: ${reasons.filter((one) => one !== "").join(", ")}`);
  }
  const rest = versions.others.length - candidates.length;
  if (rest > 0) notes.push(`${rest} more versions were not tried: give --tries`);
  const title = `no version of ${name} without the findings among ${candidates.length} tried`;
  return { compared: { ...whole, title, notes }, found: false };
}

async function versionsOf(
  name: string,
  options: ReturnType<typeof workspaceOptions>,
): Promise<Awaited<ReturnType<typeof otherVersions>>> {
  let versions: Awaited<ReturnType<typeof otherVersions>> | null = null;
  await loadWorkspace({
    ...options,
    locked: false,
    change: async (session, workspace) => {
      await applyBumps(session, workspace, []);
      versions = await otherVersions(session, workspace, name);
      return [];
    },
  });
  return versions ?? { current: "", others: [] };
}

/** Unsuppressed findings at the level with the package on their path. */
function involved(report: Report, name: string, limit: number): Finding[] {
  return report.findings.filter((one) => {
    const frames = [...one.trace, ...(one.beyond ?? []), one.site, ...one.covers.map((effect) => effect.site)];
    return rank(one) >= limit && frames.some((frame) => packageName(frame.package) === name);
  });
}

function worse({ findings }: Comparison, limit: number): Finding[] {
  return [...findings.new, ...findings.raised.map((one) => one.after)].filter((one) => rank(one) >= limit);
}

function counted(count: number): string {
  return `${count} finding${count === 1 ? "" : "s"}`;
}

function reasonOf(error: CrateError): string {
  const said = (error.detail ?? "").split("\n").find((line) => line.startsWith("error: "));
  return said?.replace(/^error: /u, "") ?? error.message;
}
