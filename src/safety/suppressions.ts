/**
 * Findings that somebody has looked at and allowed, with a reason: which ones, and which allowances are stale or expired.
 *
 * An allowance names a rule and a scope: lines of a file, a handler and a site, or findings by id (a baseline). A suppressed
 * finding stays in the report, marked. What matches nothing or is past its day is a problem, because it hides nothing
 * or would hide what comes.
 */
import type { Finding, ReportProblem } from "./report-model.ts";

export interface Allow {
  /** Null in a baseline, which goes by id alone. */
  readonly rule: string | null;
  readonly reason: string;
  /** `2027-01-31`: the last day it holds. */
  readonly until: string | null;
  /** Where it is written, for people. */
  readonly source: string;
  readonly scope: AllowScope;
  readonly at: { readonly package: string | null; readonly file: string | null; readonly line: number | null };
}
export type AllowScope =
  | { readonly k: "lines"; readonly package: string; readonly file: string; readonly from: number; readonly to: number }
  | {
      readonly k: "match";
      /** Path of the handler, or its last segments. */
      readonly handler: string | null;
      /** `src/x.rs:12`, or the path of the site's function, or its last segments. */
      readonly site: string | null;
      /** Whether the version of the site's package is one that was looked at. */
      readonly version: ((packageId: string) => boolean) | null;
      /** Checksum of the site's package. */
      readonly checksum: string | null;
    }
  | { readonly k: "ids"; readonly ids: ReadonlySet<string> };

export interface Suppressed {
  readonly findings: readonly Finding[];
  /** Positions in the list of allowances that matched something. */
  readonly used: ReadonlySet<number>;
}

/** The findings of one handler, those that are allowed marked. `today` is a day like `2027-01-31`. */
export function suppress(
  findings: readonly Finding[],
  handlerPath: string,
  allows: readonly Allow[],
  today: string,
  checksumOf: (packageId: string) => string | null = () => null,
): Suppressed {
  const used = new Set<number>();
  const marked = findings.map((finding) => {
    let chosen: Allow | null = null;
    for (const [index, allow] of allows.entries()) {
      if (!matches(allow, finding, handlerPath, checksumOf)) continue;
      used.add(index);
      if (!isExpired(allow, today)) chosen ??= allow;
    }
    if (chosen === null) return finding;
    const { reason, until, source } = chosen;
    return { ...finding, suppressed: { reason, until, source } };
  });
  return { findings: marked, used };
}

/** Allowances that match nothing or are past their day. */
export function allowProblems(allows: readonly Allow[], used: ReadonlySet<number>, today: string): ReportProblem[] {
  return allows.flatMap((allow, index): ReportProblem[] => {
    const name = allow.rule === null ? `the baseline ${allow.source}` : `the allowance of ${allow.rule}`;
    if (isExpired(allow, today)) {
      const message = `${name} ended on ${allow.until ?? ""} and does nothing: ${allow.reason}`;
      return [{ level: "warning", message, ...allow.at }];
    }
    if (used.has(index)) return [];
    return [{ level: "warning", message: `${name} matches no finding; remove it: ${allow.reason}`, ...allow.at }];
  });
}

function isExpired({ until }: Allow, today: string): boolean {
  return until !== null && until < today;
}

function matches(
  { rule, scope }: Allow,
  finding: Finding,
  handler: string,
  checksumOf: (packageId: string) => string | null,
): boolean {
  if (rule !== null && rule !== finding.rule) return false;
  const { site } = finding;
  if (scope.k === "ids") return scope.ids.has(finding.id);
  if (scope.k === "lines") {
    const same = scope.package === site.package && scope.file === site.file;
    return same && scope.from <= site.line && site.line <= scope.to;
  }
  if (scope.handler !== null && !endsIn(handler, scope.handler)) return false;
  if (scope.version !== null && !scope.version(site.package)) return false;
  if (scope.checksum !== null && scope.checksum !== checksumOf(site.package)) return false;
  return scope.site === null || scope.site === `${site.file}:${site.line}` || endsIn(site.function, scope.site);
}

function endsIn(path: string, wanted: string): boolean {
  return path === wanted || path.endsWith(`::${wanted}`);
}
