/**
 * What a report says of the repository: where Cargo.lock and the workspace's packages lie, and the lines of their files that
 * findings and installations stand on, with GitHub's hash of each. A file that cannot be read has no lines, and is no error:
 * the report holds already what its analysis said.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { lineHashes } from "../base/line-hash.ts";
import { lineIndex } from "../base/line-index.ts";
import type { Workspace } from "../crates/crate-graph.ts";
import type { Place, Report, ReportPackage, RepositoryLine } from "../safety/report-model.ts";

/** The report with its packages' places in the workspace. A published crate has none. */
export function withRepository(report: Report, workspace: Workspace, cwd: string): Report {
  if (workspace.manifestPath === null) return report;
  const places = [
    ...report.findings.flatMap((one) => [...one.trace, ...(one.beyond ?? []), one.site]),
    ...report.handlers.flatMap((one) => one.registeredAt),
  ];
  const roots = new Map(workspace.packages.map((one) => [`${one.id} ${one.source}`, one.root]));
  const packages = report.packages.map((one): ReportPackage => {
    const root = one.source === null ? roots.get(`${one.id} ${one.source}`) : undefined;
    if (root === undefined) return { ...one, root: null };
    const lines = linesOf(
      root,
      places.filter((place) => place.package === one.id),
    );
    return { ...one, root: relativeTo(cwd, root), ...(lines.length > 0 ? { lines } : {}) };
  });
  const lockfile = workspace.lockfile === null ? null : relativeTo(cwd, workspace.lockfile);
  return { ...report, input: { ...report.input, lockfile }, packages };
}

function linesOf(root: string, places: readonly Place[]): RepositoryLine[] {
  const files = [...new Set(places.map((one) => one.file))].sort();
  return files.flatMap((file): RepositoryLine[] => {
    const text = textOf(path.join(root, file));
    if (text === null) return [];
    const numbers = [...new Set(places.filter((one) => one.file === file).map((one) => one.line))];
    const index = lineIndex(text);
    const lines = numbers.filter((line) => line <= index.lineCount).sort((left, right) => left - right);
    const hashes = lineHashes(text, lines);
    return lines.map((line, at) => {
      return { file, line, endColumn: index.textOf(line).length + 1, lineHash: hashes[at] ?? "" };
    });
  });
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

function relativeTo(from: string, to: string): string {
  const made = path.relative(from, to).replaceAll("\\", "/");
  return made === "" ? "." : made;
}
