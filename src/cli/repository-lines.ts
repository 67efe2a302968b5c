/**
 * What a report says of the repository: where Cargo.lock and the workspace's packages lie, and the lines of their files that
 * findings and installations stand on, with GitHub's hash of each. A file that cannot be read has no lines, and is no error:
 * the report holds already what its analysis said.
 */
import path from "node:path";
import { lineHashes } from "../base/line-hash.ts";
import { lineIndex } from "../base/line-index.ts";
import type { Workspace } from "../crates/crate-graph.ts";
import { declaresPackage } from "../crates/manifest-lines.ts";
import { readTextFile } from "../crates/regular-file.ts";
import type { Place, Report, ReportPackage, RepositoryLine } from "../safety/report-model.ts";

const maxBytes = 64 * 1024 * 1024;

/** The report with its packages' places in the workspace. A published crate has none. */
export function withRepository(report: Report, workspace: Workspace, cwd: string): Report {
  const features = featuresOf(workspace);
  const withFeatures = (one: ReportPackage): ReportPackage => ({ ...one, features: features.get(one.id) ?? [] });
  if (workspace.manifestPath === null) return { ...report, packages: report.packages.map(withFeatures) };
  const places = [
    ...report.findings.flatMap((one) => [...one.trace, ...(one.beyond ?? []), one.site]),
    ...report.handlers.flatMap((one) => one.registeredAt),
  ];
  const roots = new Map(workspace.packages.map((one) => [`${one.id} ${one.source}`, one.root]));
  const packages = report.packages.map((one): ReportPackage => {
    const root = one.source === null ? roots.get(`${one.id} ${one.source}`) : undefined;
    if (root === undefined) {
      const declared = workspace.lockfile === null ? declaredLine(workspace, one.id, cwd) : null;
      return { ...withFeatures(one), root: null, ...(declared === null ? {} : { declared }) };
    }
    const lines = linesOf(
      root,
      places.filter((place) => place.package === one.id),
    );
    return { ...withFeatures(one), root: relativeTo(cwd, root), ...(lines.length > 0 ? { lines } : {}) };
  });
  const lockfile = workspace.lockfile === null ? null : relativeTo(cwd, workspace.lockfile);
  return { ...report, input: { ...report.input, lockfile }, packages };
}

/** Features by package, of all programs together. */
function featuresOf(workspace: Workspace): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  for (const program of workspace.programs) {
    for (const crate of program.crates) {
      const known = found.get(crate.package.id) ?? new Set();
      for (const one of crate.features) known.add(one);
      found.set(crate.package.id, known);
    }
  }
  return new Map([...found].map(([id, features]) => [id, [...features].sort()]));
}

/** The line of a manifest of the workspace that declares a dependency; the root manifest's first. */
function declaredLine(workspace: Workspace, id: string, cwd: string): RepositoryLine | null {
  const name = id.slice(0, id.lastIndexOf("@"));
  const local = workspace.packages.filter((one) => one.source === null).map((one) => path.join(one.root, "Cargo.toml"));
  for (const manifest of new Set([workspace.manifestPath ?? "", ...local])) {
    const text = readTextFile(manifest, maxBytes);
    const lines = (text ?? "").split(/\r?\n/u);
    const at = lines.findIndex((line) => declaresPackage(line, name));
    if (text === null || at < 0) continue;
    const [lineHash] = lineHashes(text, [at + 1]);
    const endColumn = (lines[at] ?? "").length + 1;
    return { file: relativeTo(cwd, manifest), line: at + 1, endColumn, lineHash: lineHash ?? "" };
  }
  return null;
}

function linesOf(root: string, places: readonly Place[]): RepositoryLine[] {
  const files = [...new Set(places.map((one) => one.file))].sort();
  return files.flatMap((file): RepositoryLine[] => {
    const text = readTextFile(path.join(root, file), maxBytes);
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

function relativeTo(from: string, to: string): string {
  const made = path.relative(from, to).replaceAll("\\", "/");
  return made === "" ? "." : made;
}
