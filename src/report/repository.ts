/**
 * Where a finding is told in the repository: the one line that a reviewer can change. Sources of dependencies are not in it,
 * so a finding in one stands on the line of the workspace that calls into it, else on the workspace's installation of the
 * handler, else on the `version` line of the handler's crate in Cargo.lock (the line that a bump changes; the `name` line is not).
 */
import type { Finding, Place, Report, ReportHandler, ReportPackage } from "../safety/report-model.ts";

export interface RepositoryPlace {
  /** Relative to the repository's root. */
  readonly file: string;
  readonly line: number;
  /** One past the line's last character; null where it is not known. */
  readonly endColumn: number | null;
  /** GitHub's hash of the line; null where it is not known. */
  readonly lineHash: string | null;
}
export interface Repository {
  /** Null where the report is about no repository (a published crate). */
  readonly placeOf: (finding: Finding) => RepositoryPlace | null;
  /** A file of a package in the repository; null for other packages. */
  readonly fileOf: (packageId: string, file: string) => string | null;
}

/** `prefix` is the working directory of the report relative to the repository's root, "" where they are one. */
export function repositoryOf(report: Report, prefix: string): Repository {
  const packages = new Map(report.packages.map((one) => [one.id, one]));
  const handlers = new Map(report.handlers.map((one) => [one.id, one]));
  const inside = (path: string | null | undefined): string | null => {
    const whole = path === null || path === undefined ? null : joined(prefix, path);
    return whole === null || whole.startsWith("../") || whole === ".." || whole.startsWith("/") ? null : whole;
  };
  const fileOf = (id: string, file: string): string | null => {
    const root = inside(packages.get(id)?.root);
    return root === null ? null : joined(root, file);
  };
  const sourceLine = (place: Place): RepositoryPlace | null => {
    const file = fileOf(place.package, place.file);
    if (file === null) return null;
    const known = packages.get(place.package)?.lines?.find((one) => one.file === place.file && one.line === place.line);
    return { file, line: place.line, endColumn: known?.endColumn ?? null, lineHash: known?.lineHash ?? null };
  };
  const lockfile = inside(report.input.lockfile);
  const manifest = inside(report.input.manifestPath);
  return {
    fileOf,
    placeOf: (finding) => {
      const handler = handlers.get(finding.handler);
      const places = [...finding.trace].reverse();
      for (const place of [...places, ...(handler?.registeredAt ?? [])]) {
        const found = sourceLine(place);
        if (found !== null) return found;
      }
      const lock = lockfile === null ? null : lockLine(packages, handler, finding);
      if (lockfile !== null && lock !== null) return { file: lockfile, ...lock };
      return manifest === null ? null : { file: manifest, line: 1, endColumn: null, lineHash: null };
    },
  };
}

function lockLine(
  packages: ReadonlyMap<string, ReportPackage>,
  handler: ReportHandler | undefined,
  finding: Finding,
): ReportPackage["lock"] {
  return packages.get(handler?.package ?? "")?.lock ?? packages.get(finding.site.package)?.lock ?? null;
}

/** Two relative paths as one, without `.` and with as few `..` as can be. */
function joined(left: string, right: string): string {
  const out: string[] = right.startsWith("/") ? [""] : [];
  for (const part of `${right.startsWith("/") ? "" : left}/${right}`.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && out.length > 0 && out.at(-1) !== ".." && out.at(-1) !== "") out.pop();
    else out.push(part);
  }
  return out.join("/");
}
