/** A change of dependencies, made in a copy of the workspace, analysed on both sides and compared. */
import { applyBumps, type Bump, describeBump } from "../crates/bump.ts";
import type { Workspace } from "../crates/crate-graph.ts";
import { loadWorkspace } from "../crates/load-workspace.ts";
import { compareReports } from "../safety/compare-reports.ts";
import type { Report } from "../safety/report-model.ts";
import type { Runs } from "./compare-runs.ts";
import type { ComparedReports } from "./comparison-output.ts";
import { type LoadContext, workspaceOptions } from "./load.ts";
import type { Settings } from "./settings.ts";

/** Both reports of a change, and their comparison. */
export async function compareBump(
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
      for (const one of problems) notes.push(one.message);
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
