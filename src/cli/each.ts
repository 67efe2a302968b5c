/**
 * `--each-feature` and `--each-target`: a table of verdicts for who publishes a crate and cannot know how it is built.
 *
 * Feature choices are the default ones, none, each feature by itself, and all. Every choice is loaded as a run of its own with that
 * choice's flags; programs that are equal in crates, features and cfgs are analysed once. A choice that makes no program, or that
 * cargo refuses, is a row that says so, never a missing one.
 */
import { CrateError } from "../crates/crate-error.ts";
import type { Program, Workspace } from "../crates/crate-graph.ts";
import type { ProgramVerdict, Report } from "../safety/report-model.ts";
import { CliError } from "./cli-error.ts";
import type { Runs } from "./compare-runs.ts";
import type { LoadContext } from "./load.ts";
import type { Flags, Settings } from "./settings.ts";

export interface EachRow {
  readonly package: string;
  /** What was chosen: `default`, `none`, `all`, or one feature. */
  readonly choice: string;
  readonly target: string;
  /** The features that are on; empty where nothing was analysed. */
  readonly features: readonly string[];
  readonly verdict: ProgramVerdict | "not analysed";
  readonly findings: readonly { readonly level: "error" | "warning"; readonly rule: string; readonly callee: string }[];
  readonly blindSpots: number;
  /** Why nothing was analysed. */
  readonly reason: string | null;
}

type Loader = (flags: Flags) => Promise<Workspace>;

interface Choice {
  readonly name: string;
  readonly flags: Partial<Flags>;
}

/** The rows: by package, then choice, then target, in the order in which they were tried. */
export async function eachRows(
  load: Loader,
  settings: Settings,
  context: LoadContext,
  runs: Pick<Runs, "reportOn">,
): Promise<EachRow[]> {
  const { flags } = settings;
  const targets = flags.eachTarget === true && flags.target.length === 0 ? LINUX_TARGETS : flags.target;
  const base: Flags = { ...flags, target: targets };
  if (flags.eachFeature === true && (flags.allFeatures === true || !flags.defaultFeatures)) {
    throw new CliError(
      "--each-feature chooses the features itself",
      "leave --all-features and --no-default-features out",
    );
  }
  const choices = flags.eachFeature === true ? await featureChoices(base, load) : [asGiven(flags)];
  const known = new Map<string, Judged>();
  const rows: EachRow[] = [];
  for (const choice of choices) {
    context.onProgress(`features: ${choice.name}`);
    const chosen = { ...settings, flags: { ...base, ...choice.flags } };
    try {
      const workspace = await load(chosen.flags);
      await judge(workspace, chosen, context, runs, known);
      for (const one of workspace.programs) rows.push(rowOf(one, choice.name, known.get(one.key)));
    } catch (error) {
      if (!(error instanceof CrateError) || context.signal.aborted) throw error;
      rows.push({ ...NOTHING, choice: choice.name, target: targets.join(", "), reason: reasonOf(error) });
    }
  }
  return rows;
}

/** Whether the table fails a gate. */
export function eachFails(rows: readonly EachRow[], { failOn, maxBlindSpots }: Flags): boolean {
  const bad = (one: EachRow): boolean =>
    one.findings.some((found) => found.level === "error" || failOn !== "error") ||
    (maxBlindSpots !== undefined && one.blindSpots > maxBlindSpots);
  return failOn !== "never" && rows.some(bad);
}

interface Judged {
  readonly verdict: ProgramVerdict;
  readonly findings: EachRow["findings"];
  readonly blindSpots: number;
}

const NOTHING: EachRow = {
  package: "",
  choice: "",
  target: "",
  features: [],
  verdict: "not analysed",
  findings: [],
  blindSpots: 0,
  reason: null,
};

/** The Linux targets for which Rust ships a toolchain (tiers 1 and 2 with host tools): rustc's book, platform support. */
const LINUX_TARGETS: readonly string[] = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "i686-unknown-linux-gnu",
  "armv7-unknown-linux-gnueabihf",
  "riscv64gc-unknown-linux-gnu",
  "powerpc64le-unknown-linux-gnu",
  "s390x-unknown-linux-gnu",
  "loongarch64-unknown-linux-gnu",
  "x86_64-unknown-linux-musl",
  "aarch64-unknown-linux-musl",
];

function asGiven(flags: Flags): Choice {
  const named = flags.features.join(",");
  const all = flags.allFeatures === true ? "all" : flags.defaultFeatures ? "default" : "none";
  return { name: named === "" ? all : `${all} + ${named}`, flags: {} };
}

/** Of the packages that are programs here: what each may be built with. */
async function featureChoices(flags: Flags, load: Loader): Promise<Choice[]> {
  // With all of them on, what needs a feature to be built is there too.
  const { programs, packages } = await load({ ...flags, features: [], allFeatures: true });
  const roots = new Set(programs.map((one) => one.package));
  const features = packages.filter((one) => roots.has(one.id)).flatMap((one) => one.features);
  const named = [...new Set(features)].filter((one) => one !== "default").sort();
  const alone = (one: string): Choice => ({
    name: one,
    flags: { defaultFeatures: false, features: [...flags.features, one] },
  });
  return [
    { name: "default", flags: {} },
    { name: "none", flags: { defaultFeatures: false } },
    ...named.map(alone),
    { name: "all", flags: { allFeatures: true } },
  ];
}

/** Analyses the programs that were not seen yet. */
async function judge(
  workspace: Workspace,
  settings: Settings,
  context: LoadContext,
  runs: Pick<Runs, "reportOn">,
  known: Map<string, Judged>,
): Promise<void> {
  const fresh = new Map(workspace.programs.filter((one) => !known.has(one.key)).map((one) => [one.key, one]));
  if (fresh.size === 0) return;
  const part: Workspace = { ...workspace, programs: [...fresh.values()] };
  // What the configuration names may be missing under another choice of features.
  const report = await runs.reportOn(part, { ...settings, otherSide: true }, context);
  for (const program of fresh.values()) known.set(program.key, judgedOf(report, program));
}

function judgedOf(report: Report, program: Program): Judged {
  const own = new Set(report.handlers.filter((one) => one.programs.includes(program.id)).map((one) => one.id));
  const findings = report.findings.flatMap((one): EachRow["findings"][number][] => {
    if (!own.has(one.handler) || one.suppressed !== null || one.level === "note") return [];
    return [{ level: one.level, rule: one.rule, callee: one.callee }];
  });
  const verdict = report.programs.find((one) => one.id === program.id)?.verdict ?? "no-handlers";
  const blindSpots = report.blindSpots.filter((one) => one.handler === null || own.has(one.handler)).length;
  return { verdict, findings, blindSpots };
}

function rowOf(program: Program, choice: string, judged: Judged | undefined): EachRow {
  const { package: owner, target, features } = program;
  return { ...NOTHING, ...judged, package: owner, choice, target, features };
}

/** Cargo's own words where there are some. */
function reasonOf(error: CrateError): string {
  const said = (error.detail ?? "").split("\n").find((line) => line.startsWith("error: "));
  return said?.replace(/^error: /u, "") ?? error.message;
}
