/**
 * Where a finding is told in the repository: the one line that a reviewer can change. Sources of dependencies are not in it, so a
 * finding in one stands, in this order, on the changed line that brought it (in a comparison), on the workspace's installation of
 * the handler, on the `version` line of the handler's crate in Cargo.lock (the line that a bump changes; the `name` line is not),
 * on the line of the root manifest that declares it. A finding in the workspace's own source stands where it is.
 */
import type { Finding, Place, Report } from "../safety/report-model.ts";

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
      const cause = inside(finding.cause?.file);
      if (cause !== null && finding.cause !== undefined) return { ...finding.cause, file: cause };
      const handler = handlers.get(finding.handler);
      for (const place of [finding.site, ...(handler?.registeredAt ?? [])]) {
        const found = sourceLine(place);
        if (found !== null) return found;
      }
      const owners = [handler?.package, finding.site.package].map((id) => packages.get(id ?? ""));
      const lock = owners.map((one) => one?.lock).find((one) => one !== null && one !== undefined);
      if (lockfile !== null && lock !== undefined && lock !== null) return { file: lockfile, ...lock };
      const declared = owners.map((one) => one?.declared).find((one) => one !== undefined);
      const file = inside(declared?.file);
      if (declared !== undefined && file !== null) return { ...declared, file };
      return manifest === null ? null : { file: manifest, line: 1, endColumn: null, lineHash: null };
    },
  };
}

/** Two relative paths as one, without `.` and with as few `..` as can be. */
export function joined(left: string, right: string): string {
  const out: string[] = right.startsWith("/") ? [""] : [];
  for (const part of `${right.startsWith("/") ? "" : left}/${right}`.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && out.length > 0 && out.at(-1) !== ".." && out.at(-1) !== "") out.pop();
    else out.push(part);
  }
  return out.join("/");
}
