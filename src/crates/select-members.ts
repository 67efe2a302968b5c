/**
 * Which members a run is about: `-p`, `--workspace`, `--exclude`, else what cargo would take (the default members).
 */
import { CrateError } from "./crate-error.ts";
import type { CrateProblem } from "./crate-graph.ts";
import type { RawPackage, RawWorkspace } from "./raw-packages.ts";

export interface Selection {
  readonly packages: readonly string[];
  readonly workspace: boolean;
  readonly exclude: readonly string[];
}

/** Keys of the selected members, in the workspace's order. A spec that matches nothing is an error. */
export function selectMembers(raw: RawWorkspace, selection: Selection, problems: CrateProblem[]): string[] {
  const members = raw.members.map((key) => raw.packages.get(key)).filter((pkg) => pkg !== undefined);
  const keysOf = (list: readonly RawPackage[]): string[] => list.map((pkg) => pkg.key);
  if (selection.packages.length > 0) {
    const picked = new Set(selection.packages.flatMap((spec) => keysOf(matching(members, spec, "-p"))));
    return keysOf(members).filter((key) => picked.has(key));
  }
  if (selection.workspace) {
    const excluded = new Set(selection.exclude.flatMap((spec) => keysOf(matching(members, spec, "--exclude"))));
    return keysOf(members).filter((key) => !excluded.has(key));
  }
  if (selection.exclude.length > 0) {
    throw new CrateError("--exclude can only be used together with --workspace");
  }
  const chosen = new Set(raw.defaultMembers);
  const left = members.filter((pkg) => !chosen.has(pkg.key));
  if (left.length > 0) {
    const names = left.slice(0, 5).map((pkg) => pkg.name);
    const more = left.length > names.length ? ` and ${left.length - names.length} more` : "";
    problems.push({
      level: "note",
      message: `not linted, as they are no default members: ${names.join(", ")}${more} (--workspace lints all)`,
      package: null,
      file: raw.rootManifest,
      line: null,
    });
  }
  return keysOf(members).filter((key) => chosen.has(key));
}

function matching(members: readonly RawPackage[], spec: string, flag: string): RawPackage[] {
  const [name, version] = spec.split(/[@:](?=\d)/u);
  const pattern = new RegExp(
    `^${(name ?? "")
      .replace(/[.+^${}()|[\]\\]/gu, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "u",
  );
  const found = members.filter(
    (pkg) =>
      pkg.key === spec ||
      (pattern.test(pkg.name) &&
        (version === undefined || pkg.version === version || pkg.version.startsWith(`${version}.`))),
  );
  if (found.length > 0) return found;
  const near = members.map((pkg) => pkg.name).filter((one) => one.startsWith(spec.slice(0, 3)));
  const known = near.length > 0 ? near : members.map((pkg) => pkg.name);
  throw new CrateError(`${flag} ${spec}: the workspace has no such member`, {
    help: `members: ${known.slice(0, 10).join(", ")}${known.length > 10 ? ", …" : ""}`,
  });
}
