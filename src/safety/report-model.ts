/**
 * The report model: the one boundary between analysis and output, and the JSON contract (schemas/report.schema.json).
 *
 * Every format is made from this alone, so a stored JSON report can be printed again. Names are fixed by the contract;
 * fields may be added. `package` is `name@version`; `file` is relative to that package's root with forward slashes;
 * `line` and `column` are 1-based, columns in UTF-16 units; a function's line is that of its `fn` keyword, a closure's
 * that of its first token. All lists have one total order, so equal input gives equal bytes.
 */
import type { Certainty, Condition, Kind, Level, Rule, UnresolvedReason, Via } from "../model/vocabulary.ts";

export type Verdict = "unsafe" | "suspect" | "clean" | "incomplete";
export type ProgramVerdict = Verdict | "no-handlers";

export interface Report {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: string; readonly version: string };
  readonly input: ReportInput;
  readonly programs: readonly ReportProgram[];
  readonly packages: readonly ReportPackage[];
  readonly handlers: readonly ReportHandler[];
  readonly findings: readonly Finding[];
  readonly guards: readonly GuardRecord[];
  readonly blindSpots: readonly BlindSpot[];
  readonly problems: readonly ReportProblem[];
}

export interface ReportInput {
  /** Relative to the working directory; null for `crate`. */
  readonly manifestPath: string | null;
  /** Cargo.lock relative to the working directory; null where there is none, or it lies in a temporary copy. */
  readonly lockfile?: string | null;
  /** The std that the rule packs describe. */
  readonly stdVersion: string;
  readonly profile: string;
  /** The findings and blind spots are those that a change brought, not all. */
  readonly changesOnly?: boolean;
}

export interface ReportProgram {
  readonly id: string;
  readonly package: string;
  readonly target: string;
  readonly features: readonly string[];
  readonly allocator: {
    readonly type: string;
    readonly package: string;
    readonly file: string;
    readonly line: number;
  } | null;
  readonly verdict: ProgramVerdict;
  /** True where features were worked out from manifests, without cargo. */
  readonly featuresApproximated: boolean;
}

export interface ReportPackage {
  readonly id: string;
  readonly source: string | null;
  readonly checksum: string | null;
  readonly lock: { readonly line: number; readonly endColumn: number; readonly lineHash: string } | null;
  /** Its folder relative to the working directory, where its source lies in the workspace; null elsewhere. */
  readonly root?: string | null;
  /** The lines of such a package that findings and installations stand on. */
  readonly lines?: readonly RepositoryLine[];
  /** The features that are on in any of the programs. */
  readonly features?: readonly string[];
  /** Without Cargo.lock: the line that declares it in the root manifest. */
  readonly declared?: RepositoryLine;
}
/** A line of a file in the repository, for formats that must name it by its text. */
export interface RepositoryLine {
  /** Relative to the package's root; of `declared` and `cause` relative to the working directory. */
  readonly file: string;
  readonly line: number;
  /** 1-based, one past the last character of the line. */
  readonly endColumn: number;
  /** GitHub's `primaryLocationLineHash` of that line. */
  readonly lineHash: string;
}

export interface Place {
  readonly package: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
export interface SitePlace extends Place {
  readonly function: string;
}

export interface ReportHandler {
  readonly id: string;
  readonly programs: readonly string[];
  readonly function: string;
  readonly package: string;
  readonly file: string;
  readonly line: number;
  readonly entryKind: "signal" | "fork-child" | "atfork" | "user";
  readonly delivery: "async" | "fault";
  readonly signals: readonly string[];
  readonly flags: readonly string[];
  readonly registrar: string;
  readonly registeredAt: readonly Place[];
  readonly installedFrom: { readonly reachable: "yes" | "no" | "unknown"; readonly path: readonly string[] };
  readonly verdict: Verdict;
  readonly reached: {
    readonly functions: number;
    readonly calls: number;
    readonly resolved: number;
    readonly modelled: number;
    readonly external: number;
    readonly unresolved: number;
  };
  /** Places below this handler that can panic, apart from the explicit panics that are findings. */
  readonly panicSites: number;
}

export interface TraceFrame extends SitePlace {
  readonly via: Via | "entry";
  /** The line of source, trimmed. */
  readonly snippet: string;
  /** So many frames before this one are left out: the path is too long to be read. */
  readonly omitted?: number;
}
export interface CoveredEffect {
  readonly kind: Kind;
  readonly callee: string;
  readonly site: SitePlace;
  readonly conditions: readonly Condition[];
  /** The function that has the effect, at its own line, for those who look by function; another entry has the call. */
  readonly whole?: true;
}
export interface Finding {
  readonly id: string;
  readonly rule: Rule;
  readonly kind: Kind;
  readonly level: Level;
  readonly why: string;
  readonly handler: string;
  readonly certainty: Certainty;
  readonly conditions: readonly Condition[];
  readonly site: SitePlace;
  readonly callee: string;
  readonly message: string;
  /** trace[0] is the handler, the last element is the site. */
  readonly trace: readonly TraceFrame[];
  readonly covers: readonly CoveredEffect[];
  /** Where the site stands for more: the way on from it to the worst of what it covers. */
  readonly beyond?: readonly TraceFrame[];
  readonly otherPaths: number;
  readonly suppressed: { readonly reason: string; readonly until: string | null; readonly source: string } | null;
  /** What to do instead, from the lint's own text. */
  readonly help: string;
  /** Code around the site, for formats that show it. */
  readonly excerpt: Excerpt | null;
  /** In a comparison: the changed line of the repository that brought it. */
  readonly cause?: FindingCause;
}
export interface FindingCause extends RepositoryLine {
  readonly why: string;
}
export interface Excerpt {
  /** Line number of the first line. */
  readonly start: number;
  readonly lines: readonly string[];
  /** Columns on the site's line that are underlined, 1-based, end exclusive. */
  readonly from: number;
  readonly to: number;
}

export interface GuardRecord {
  readonly handler: string;
  readonly guard:
    | "init-before-install"
    | "try-lock"
    | "errno-saved"
    | "capacity-checked"
    | "constant-branch"
    | "os-error"
    | "owns-nothing"
    | "signal-blocked"
    | "reentrancy-flag";
  /** The static the guard is about; empty where it is about none. */
  readonly static: string;
  readonly package: string;
  readonly file: string;
  readonly line: number;
  readonly forcedAt: {
    readonly function: string;
    readonly package: string;
    readonly file: string;
    readonly line: number;
  } | null;
  readonly excludes: readonly Pick<CoveredEffect, "kind" | "callee" | "site" | "whole">[];
}

export interface BlindSpot {
  /** Null where it belongs to no handler (an installation whose function was not found, C sources). */
  readonly handler: string | null;
  readonly reason: UnresolvedReason;
  readonly function: string;
  readonly package: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
}
export interface ReportProblem {
  readonly level: "error" | "warning" | "note";
  readonly message: string;
  readonly package: string | null;
  readonly file: string | null;
  readonly line: number | null;
}
