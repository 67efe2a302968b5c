/**
 * Which changed line of the repository brought a new finding: what a reviewer looks at in a pull request.
 *
 * Input: the finding, both reports, and what differs in the files that a change touches. Output: a line and why it is that one,
 * or null where no changed line explains the finding. In this order: the line that switches on a feature of a package on the
 * finding's path, a line of the path itself, the package's `source` and then its `version` line in Cargo.lock, and the line that
 * switches on a feature of any other package. A guess by text, told as such: nothing depends on it but where a finding is shown.
 */
import { declaresPackage, isInDeclaration, namesFeature } from "../crates/manifest-lines.ts";
import { packageName } from "./match-handlers.ts";
import type { Finding, Place, Report, ReportPackage } from "./report-model.ts";

export interface CauseLine {
  /** Relative to the report's working directory. */
  readonly file: string;
  readonly line: number;
  readonly why: string;
}
export interface ChangedText {
  /** Relative to the report's working directory. */
  readonly file: string;
  readonly lines: readonly string[];
  /** Whether a line, counted from 1, differs from the base. */
  readonly changed: (line: number) => boolean;
}
export interface LockEntry {
  readonly name: string;
  readonly version: string;
  readonly source: string | null;
  readonly line: number;
  readonly sourceLine: number | null;
}
export interface ChangedInputs {
  /** Manifests in the repository. */
  readonly manifests: readonly ChangedText[];
  readonly lockfile: { readonly file: string; readonly entries: readonly LockEntry[] } | null;
  /** A source file of a package in the repository; null for any other. */
  readonly source: (packageId: string, file: string) => ChangedText | null;
}

/** The changed line behind a finding of `after`. */
export function causeOf(finding: Finding, before: Report, after: Report, inputs: ChangedInputs): CauseLine | null {
  const handler = after.handlers.find((one) => one.id === finding.handler);
  const frames: readonly Place[] = [...finding.trace, ...(finding.beyond ?? []), finding.site];
  const ids = [...new Set([...(handler === undefined ? [] : [handler.package]), ...frames.map((one) => one.package)])];
  const onPath = ids.flatMap((id) => after.packages.filter((one) => one.id === id));
  const others = after.packages
    .filter((one) => !onPath.includes(one))
    .sort((left, right) => Number(isLocal(right)) - Number(isLocal(left)));
  return (
    featureLine(onPath, before, inputs) ??
    pathLine([...finding.trace].reverse(), inputs) ??
    pathLine(handler?.registeredAt ?? [], inputs) ??
    lockLine(onPath, before, inputs) ??
    featureLine(others, before, inputs)
  );
}

function isLocal(pkg: ReportPackage): boolean {
  return pkg.root !== null && pkg.root !== undefined;
}

/** Features that are on now and were not, where the package was there before. */
function switchedOn(pkg: ReportPackage, before: Report): string[] {
  const same = before.packages.filter((one) => packageName(one.id) === packageName(pkg.id));
  if (same.length === 0) return [];
  const exact = same.filter((one) => one.id === pkg.id);
  const known = new Set((exact.length > 0 ? exact : same).flatMap((one) => one.features ?? []));
  return (pkg.features ?? []).filter((one) => !known.has(one));
}

/** The changed line of a manifest that names the feature; else one that declares the package. */
function featureLine(packages: readonly ReportPackage[], before: Report, inputs: ChangedInputs): CauseLine | null {
  const on = packages.flatMap((pkg) =>
    switchedOn(pkg, before).map((feature) => ({ feature, name: packageName(pkg.id) })),
  );
  for (const { feature, name } of on) {
    const why = `feature \`${feature}\` of ${name} is switched on`;
    const named = linesNaming(inputs, name, (text) => namesFeature(text, feature));
    const [line] = named;
    if (line !== undefined) return { ...line, why };
  }
  for (const { feature, name } of on) {
    const [line] = linesNaming(inputs, name, (text) => declaresPackage(text, name));
    if (line !== undefined) return { ...line, why: `feature \`${feature}\` of ${name} is switched on` };
  }
  return null;
}

/** Changed lines of manifests that a test holds for; those in the package's own declaration first. */
function linesNaming(
  inputs: ChangedInputs,
  name: string,
  holds: (text: string) => boolean,
): { readonly file: string; readonly line: number }[] {
  const found = inputs.manifests.flatMap(({ file, lines, changed }) =>
    lines.flatMap((text, at) => {
      if (!changed(at + 1) || !holds(text)) return [];
      return [{ file, line: at + 1, own: isInDeclaration(lines, at, name) }];
    }),
  );
  return [...found.filter((one) => one.own), ...found.filter((one) => !one.own)].map(({ file, line }) => ({
    file,
    line,
  }));
}

function pathLine(places: readonly Place[], inputs: ChangedInputs): CauseLine | null {
  for (const place of places) {
    const text = inputs.source(place.package, place.file);
    if (text?.changed(place.line) === true) return { file: text.file, line: place.line, why: "this line changed" };
  }
  return null;
}

/** The `source` line of a package that comes from elsewhere now, else the `version` line of one that is new or another version. */
function lockLine(packages: readonly ReportPackage[], before: Report, inputs: ChangedInputs): CauseLine | null {
  const { lockfile } = inputs;
  if (lockfile === null) return null;
  const changed = packages.flatMap((pkg) => {
    const name = packageName(pkg.id);
    const old = before.packages.filter((one) => packageName(one.id) === name);
    if (old.some((one) => one.id === pkg.id && one.source === pkg.source && one.checksum === pkg.checksum)) return [];
    const named = lockfile.entries.filter((one) => `${one.name}@${one.version}` === pkg.id);
    const entry = named.find((one) => one.source === pkg.source) ?? named[0];
    return entry === undefined ? [] : [{ name, old, entry }];
  });
  for (const { name, old, entry } of changed) {
    if (old.length === 0 || entry.sourceLine === null || old.some((one) => one.source === entry.source)) continue;
    return { file: lockfile.file, line: entry.sourceLine, why: `${name} comes from another source` };
  }
  const [first] = changed;
  if (first === undefined) return null;
  const { name, old, entry } = first;
  const was = old.map((one) => one.id.slice(name.length + 1)).join(" and ");
  const why = old.length === 0 ? `${name} ${entry.version} is new` : `${name} is ${entry.version}, and was ${was}`;
  return { file: lockfile.file, line: entry.line, why };
}
