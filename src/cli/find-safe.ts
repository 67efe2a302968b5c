/**
 * `bump NAME --find-safe`: the nearest change of a dependency that rids the workspace of the findings it takes part in. Versions first,
 * newer ones going up, then older ones going down, a limited number; then the version as it is with features of its declarations
 * switched off; then crates that are known to take its place. Each is resolved and analysed as `bump` does. A change is safe where
 * no finding at or above `--fail-on` has the dependency on its path, and none is new. What was tried, and what spoke against it, is said.
 */
import { applyBumps, type Bump, describeBump, featuresDeclared, otherVersions } from "../crates/bump.ts";
import { CrateError } from "../crates/crate-error.ts";
import { loadWorkspace } from "../crates/load-workspace.ts";
import { type Comparison, compareReports, rank } from "../safety/compare-reports.ts";
import { packageName } from "../safety/match-handlers.ts";
import type { Finding, Report } from "../safety/report-model.ts";
import { CliError } from "./cli-error.ts";
import type { Runs } from "./compare-runs.ts";
import type { ComparedReports } from "./comparison-output.ts";
import { type LoadContext, workspaceOptions } from "./load.ts";
import { readReplacements } from "./rule-files.ts";
import type { Settings } from "./settings.ts";

export interface SafeSearch {
  readonly compared: ComparedReports;
  readonly found: boolean;
}

/** Looks for the change; the comparison is with it, or with the workspace itself where none was found. */
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
  const { current, candidates, untried } = await candidatesOf(name, tries, options);
  const before = await runs.reportOn(await loadWorkspace(options), settings, context);
  const held = involved(before, name, limit);
  const unchanged = compareReports(before, before);
  const whole = { before, after: before, comparison: unchanged };
  if (held.length === 0) {
    const notes = [`${name} ${current} takes part in no finding at or above ${settings.flags.failOn}`];
    return { compared: { ...whole, title: `${name} ${current} is safe here`, notes }, found: true };
  }
  const notes = [`${name} ${current} takes part in ${counted(held.length)} at or above ${settings.flags.failOn}`];
  for (const { bump, shown, why } of candidates) {
    context.onProgress(`trying ${shown}`);
    const edits: string[] = [];
    let after: Report;
    try {
      const change = async (...given: Parameters<NonNullable<typeof options.change>>) => {
        const problems = await applyBumps(...given, [bump]);
        for (const one of problems) edits.push(one.message);
        return problems;
      };
      const workspace = await loadWorkspace({ ...options, locked: false, change });
      after = await runs.reportOn(workspace, { ...settings, otherSide: true }, context);
    } catch (error) {
      if (!(error instanceof CrateError) || context.signal.aborted) throw error;
      notes.push(`tried ${shown}: ${reasonOf(error)}`);
      continue;
    }
    const comparison = compareReports(before, after);
    const left = involved(after, bump.replacement ?? name, limit);
    const fresh = worse(comparison, limit);
    if (left.length === 0 && fresh.length === 0) {
      const title = `${name} ${current} → ${shown} is the nearest ${why.kind} without the findings`;
      const said = why.text === null ? [] : [why.text];
      return { compared: { before, after, comparison, title, notes: [...notes, ...edits, ...said] }, found: true };
    }
    const reasons = [
      left.length === 0 ? "" : `${counted(left.length)} left`,
      fresh.length === 0 ? "" : `${counted(fresh.length)} new`,
    ];
    notes.push(`tried ${shown}: ${reasons.filter((one) => one !== "").join(", ")}`);
  }
  if (untried > 0) notes.push(`${untried} more versions were not tried: give --tries`);
  const title = `no change of ${name} without the findings among ${candidates.length} tried`;
  return { compared: { ...whole, title, notes }, found: false };
}

interface Candidate {
  readonly bump: Bump;
  /** As it is named beside the current version. */
  readonly shown: string;
  readonly why: { readonly kind: "version" | "choice of features" | "replacement"; readonly text: string | null };
}

/** What to try, nearest first. */
async function candidatesOf(
  name: string,
  tries: number,
  options: ReturnType<typeof workspaceOptions>,
): Promise<{ readonly current: string; readonly candidates: readonly Candidate[]; readonly untried: number }> {
  let versions: Awaited<ReturnType<typeof otherVersions>> = { current: "", others: [] };
  let features: readonly string[] = [];
  await loadWorkspace({
    ...options,
    locked: false,
    change: async (session, workspace) => {
      await applyBumps(session, workspace, []);
      versions = await otherVersions(session, workspace, name);
      features = featuresDeclared(workspace, name);
      return [];
    },
  });
  const plain: Bump = { name, version: null, replacement: null, git: null, features: [] };
  const off = [...features.map((one) => [one]), ...(features.length > 1 ? [features] : [])];
  const candidates = [
    ...versions.others.slice(0, tries).map((version): Candidate => {
      return { bump: { ...plain, version }, shown: version, why: { kind: "version", text: null } };
    }),
    ...off.map((list): Candidate => {
      const bump: Bump = { ...plain, off: list };
      return {
        bump,
        shown: `${versions.current} without ${list.join(", ")}`,
        why: { kind: "choice of features", text: null },
      };
    }),
    ...readReplacements(name).map(({ replacement, why, references }): Candidate => {
      const bump: Bump = { ...plain, replacement };
      return { bump, shown: describeBump(bump), why: { kind: "replacement", text: `${why} ${references.join(" ")}` } };
    }),
  ];
  return { current: versions.current, candidates, untried: Math.max(0, versions.others.length - tries) };
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
