/**
 * Two reports of one workspace, before and after a change, in terms of handlers: packages in and out, handlers added, removed
 * and moved, findings and blind spots new and gone.
 *
 * Findings are compared by what their ids are made of (rule, handler, site function with its package's name, callee, ordinal):
 * no line and no version. Those of a moved handler are compared with its paths' prefix replaced. A finding that was
 * suppressed, or has now a higher level than before, is the same finding, and named in `raised`.
 */
import { type HandlerMatch, matchHandlers, packageName } from "./match-handlers.ts";
import { type Prefix, withPrefix } from "./path-prefix.ts";
import { order } from "./places.ts";
import type { BlindSpot, Finding, Place, Report, ReportHandler, ReportPackage } from "./report-model.ts";

export interface Comparison {
  readonly packages: PackageChanges;
  readonly handlers: {
    readonly added: readonly ReportHandler[];
    readonly removed: readonly ReportHandler[];
    readonly moved: readonly { readonly before: ReportHandler; readonly after: ReportHandler }[];
  };
  readonly findings: {
    readonly new: readonly Finding[];
    /** As they were. */
    readonly gone: readonly Finding[];
    /** As they are now; `ids` of what they were where that differs. */
    readonly same: readonly Finding[];
    /** Those of `same` whose level rose, or that were suppressed before. */
    readonly raised: readonly { readonly before: Finding; readonly after: Finding }[];
    /** Suppressed now, and new or not suppressed before. */
    readonly allowed: readonly Finding[];
    /** Those of `same` whose id changed because their handler moved. */
    readonly renamed: readonly { readonly before: Finding; readonly after: Finding }[];
  };
  readonly blindSpots: { readonly new: readonly BlindSpot[]; readonly gone: readonly BlindSpot[] };
}

export interface PackageChanges {
  readonly added: readonly ReportPackage[];
  readonly removed: readonly ReportPackage[];
  readonly changed: readonly { readonly name: string; readonly before: ReportPackage; readonly after: ReportPackage }[];
}

/** What changed from one report to the other. */
export function compareReports(before: Report, after: Report): Comparison {
  const matches = matchHandlers(before.handlers, after.handlers);
  const packages = comparePackages(before.packages, after.packages);
  const prefixes = new Map<string, Match>();
  const afterOf = new Map<string, string>();
  for (const [at, match] of matches.entries()) {
    const key = String(at);
    for (const one of match.before) prefixes.set(one.id, { key, prefix: match.moved, packages: packageMove(match) });
    for (const one of match.after) afterOf.set(one.id, key);
  }
  const whole: Match = { key: "", prefix: null, packages: null };
  const oldMatch = (id: string | null): Match => (id === null ? whole : (prefixes.get(id) ?? whole));
  const newMatch = (id: string | null): Match => ({ ...whole, key: id === null ? "" : (afterOf.get(id) ?? "") });
  const findings = pair(
    keyed(before.findings, (one) => findingKey(one, oldMatch(one.handler))),
    keyed(after.findings, (one) => findingKey(one, newMatch(one.handler))),
  );
  const blind = pair(
    keyed(before.blindSpots, (one) => blindKey(one, oldMatch(one.handler))),
    keyed(after.blindSpots, (one) => blindKey(one, newMatch(one.handler))),
  );
  return {
    packages,
    handlers: {
      added: matches.filter((one) => one.before.length === 0).flatMap((one) => one.after),
      removed: matches.filter((one) => one.after.length === 0).flatMap((one) => one.before),
      moved: matches.flatMap(movesOf),
    },
    findings: {
      new: findings.fresh,
      gone: findings.gone,
      same: findings.same.map((one) => one.after),
      raised: findings.same.filter((one) => rank(one.after) > rank(one.before)),
      allowed: [
        ...findings.fresh.filter((one) => one.suppressed !== null),
        ...findings.same
          .filter((one) => one.after.suppressed !== null && one.before.suppressed === null)
          .map((one) => one.after),
      ],
      renamed: findings.same.filter((one) => one.before.id !== one.after.id),
    },
    blindSpots: { new: blind.fresh, gone: blind.gone },
  };
}

/** How much a finding weighs at a gate: 0 where it is suppressed. */
export function rank(finding: Finding): number {
  return finding.suppressed === null ? { note: 1, warning: 2, error: 3 }[finding.level] : 0;
}

interface Match {
  readonly key: string;
  readonly prefix: Prefix | null;
  /** The package that the handler moved from and to. */
  readonly packages: { readonly from: string; readonly to: string } | null;
}

function packageMove({ before, after, moved }: HandlerMatch): Match["packages"] {
  const [from, to] = [before[0], after[0]];
  if (moved === null || from === undefined || to === undefined) return null;
  return { from: packageName(from.package), to: packageName(to.package) };
}

function movesOf({ before, after, moved }: HandlerMatch): { before: ReportHandler; after: ReportHandler }[] {
  const [from, to] = [before[0], after[0]];
  return moved === null || from === undefined || to === undefined ? [] : [{ before: from, after: to }];
}

function findingKey(one: Finding, match: Match): readonly string[] {
  const where = withPrefix(one.site.function, match.prefix);
  return [one.rule, match.key, where, packageKey(one.site, match), withPrefix(one.callee, match.prefix)];
}

function blindKey(one: BlindSpot, match: Match): readonly string[] {
  const where = withPrefix(one.function, match.prefix);
  return [one.reason, match.key, where, packageKey(one, match), withPrefix(one.text, match.prefix)];
}

function packageKey(place: Place, { packages }: Match): string {
  const name = packageName(place.package);
  return packages !== null && name === packages.from ? packages.to : name;
}

/** Each with a key of its own: equal ones are counted in the order of their places. */
function keyed<T extends Finding | BlindSpot>(
  list: readonly T[],
  keyOf: (one: T) => readonly string[],
): Map<string, T> {
  const place = (one: T): Place => ("site" in one ? one.site : one);
  const sorted = [...list].sort((one, other) => byPlace(place(one), place(other)));
  const counts = new Map<string, number>();
  const byKey = new Map<string, T>();
  for (const one of sorted) {
    // Entries of one group (a handler in several programs) are told apart only where they differ, so each counts by itself.
    const key = keyOf(one);
    const counted = JSON.stringify([...key, one.handler]);
    const ordinal = counts.get(counted) ?? 0;
    counts.set(counted, ordinal + 1);
    const whole = JSON.stringify([...key, ordinal]);
    const known = byKey.get(whole);
    if (known === undefined || weight(one) > weight(known)) byKey.set(whole, one);
  }
  return byKey;
}

function weight(one: Finding | BlindSpot): number {
  return "site" in one ? rank(one) : 0;
}

function byPlace(left: Place, right: Place): number {
  return (
    order(left.package, right.package) ||
    order(left.file, right.file) ||
    left.line - right.line ||
    left.column - right.column
  );
}

function pair<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
): { readonly fresh: T[]; readonly gone: T[]; readonly same: { readonly before: T; readonly after: T }[] } {
  const fresh: T[] = [];
  const same: { before: T; after: T }[] = [];
  for (const [key, one] of after) {
    const old = before.get(key);
    if (old === undefined) fresh.push(one);
    else same.push({ before: old, after: one });
  }
  return { fresh, same, gone: [...before].filter(([key]) => !after.has(key)).map(([, one]) => one) };
}

/** Packages by name: one version that became another is a change; more or fewer versions of a name come and go. */
function comparePackages(before: readonly ReportPackage[], after: readonly ReportPackage[]): PackageChanges {
  const key = (one: ReportPackage): string => JSON.stringify([one.id, one.source, one.checksum]);
  const [old, now] = [new Set(before.map(key)), new Set(after.map(key))];
  const removed = before.filter((one) => !now.has(key(one)));
  const added = after.filter((one) => !old.has(key(one)));
  const changed: { name: string; before: ReportPackage; after: ReportPackage }[] = [];
  for (const one of [...removed]) {
    const name = packageName(one.id);
    const other = added.find((candidate) => packageName(candidate.id) === name);
    if (other === undefined) continue;
    changed.push({ name, before: one, after: other });
    removed.splice(removed.indexOf(one), 1);
    added.splice(added.indexOf(other), 1);
  }
  return { added, removed, changed };
}
