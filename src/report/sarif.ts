/**
 * The report as SARIF 2.1.0, as GitHub code scanning takes it: results are the unsuppressed findings, each at one line of the
 * repository, with its path as a code flow through symbolic bases. No path of this machine is in it, so equal input gives equal
 * fingerprints; what is over GitHub's limits is left out with a notification. Suppressed findings are left out: GitHub opens them.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */

import { inert, inertJson } from "../base/inert.ts";
import type { Finding, Place, Report, ReportHandler, ReportProblem, TraceFrame } from "../safety/report-model.ts";
import { grouped, reasonOf } from "./merge-findings.ts";
import { joined, type Repository, repositoryOf } from "./repository.ts";
import { causeOf, count, enteredBy, placeText } from "./wording.ts";

/** What is said of a rule; the order is that of `tool.driver.rules`. */
export interface RuleText {
  readonly id: string;
  readonly level: Finding["level"];
  readonly title: string;
  readonly short: string;
  readonly help: string;
  readonly explanation: string;
  readonly references: readonly string[];
}
export interface SarifOptions {
  readonly rules: readonly RuleText[];
  /** The report's working directory relative to the repository's root; "" where they are one. */
  readonly prefix: string;
}

/** GitHub shows this many results of a run, the worst first, and this many steps of a path. */
const MAX_RESULTS = 5000;
const MAX_STEPS = 1000;
const MAX_TEXT = 1000;

type Json = Readonly<Record<string, unknown>>;

/** The log as JSON text. */
export function renderSarif(report: Report, options: SarifOptions): string {
  const repository = repositoryOf(report, options.prefix);
  const handlers = new Map(report.handlers.map((one) => [one.id, one]));
  const told = report.findings.filter((one) => one.suppressed === null);
  const results = distinct(told.map((one) => result(one, handlers.get(one.handler), report, repository, options)));
  const left = results.length - MAX_RESULTS;
  const notifications = [
    ...report.problems.map(problemNote),
    ...blindSpotNotes(report),
    ...(left > 0 ? [note("warning", `${count(left, "result")} over the limit of ${MAX_RESULTS} are left out`)] : []),
    ...stepNotes(told),
  ];
  const run = {
    tool: {
      driver: {
        name: report.tool.name,
        semanticVersion: report.tool.version,
        informationUri: `https://www.npmjs.com/package/${report.tool.name}`,
        rules: options.rules.map(ruleDescriptor),
      },
    },
    automationDetails: { id: category(report, options.prefix) },
    columnKind: "utf16CodeUnits",
    originalUriBaseIds: BASES,
    invocations: [{ executionSuccessful: true, toolExecutionNotifications: notifications }],
    results: results.slice(0, MAX_RESULTS),
  };
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [run],
  };
  return inertJson(`${JSON.stringify(log, null, 2)}\n`);
}

/** One for each workspace and target; and for changes alone, since in that of all findings what is not new would look fixed. */
function category(report: Report, prefix: string): string {
  const targets = [...new Set(report.programs.map((one) => one.target))].sort().join("+");
  const { manifestPath, changesOnly } = report.input;
  const folder = manifestPath === null ? "" : joined(joined(prefix, manifestPath), "..");
  const parts = [report.tool.name, changesOnly === true ? "changes" : "", folder, targets || "none"];
  return `${parts.filter((one) => one !== "").join("/")}/`;
}

const BASES: Json = {
  "%SRCROOT%": { description: { text: "The repository's root." } },
  "%CARGO_REGISTRY%": { description: { text: "Sources of registry crates: $CARGO_HOME/registry/src/<registry>." } },
  "%CARGO_GIT%": { description: { text: "Sources of git dependencies, each in a folder name-version." } },
  "%RUST_SRC%": { description: { text: "The standard library's sources: lib/rustlib/src/rust/library." } },
};

function ruleDescriptor(rule: RuleText): Json {
  const link = rule.references[0];
  return {
    id: rule.id,
    name: rule.id.replace(/(?:^|-)(\w)/gu, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: clipped(`${rule.title}.`) },
    fullDescription: { text: clipped(`${rule.short} ${rule.help}`) },
    help: { text: `${rule.short}\n\n${rule.help}`, markdown: `${rule.explanation}\n\n**What to do.** ${rule.help}` },
    ...(link === undefined ? {} : { helpUri: link }),
    defaultConfiguration: { level: rule.level },
    properties: {
      tags: ["correctness", "reliability", "signal-handler", "external/cwe/cwe-479", "external/cwe/cwe-828"],
      precision: "high",
      "problem.severity": rule.level === "note" ? "recommendation" : rule.level,
    },
  };
}

function result(
  finding: Finding,
  handler: ReportHandler | undefined,
  report: Report,
  repository: Repository,
  options: SarifOptions,
): Json {
  const steps = [...finding.trace, ...(finding.beyond ?? [])].slice(0, MAX_STEPS);
  const place = repository.placeOf(finding);
  const artifact = (at: Place): Json => artifactOf(report, repository, at);
  const physical =
    place === null
      ? { artifactLocation: artifact(finding.site), region: regionOf(finding.site) }
      : {
          artifactLocation: { uri: uriOf(place.file), uriBaseId: "%SRCROOT%" },
          region: {
            startLine: place.line,
            startColumn: 1,
            ...(place.endColumn === null ? {} : { endColumn: place.endColumn }),
          },
        };
  const ruleIndex = options.rules.findIndex((one) => one.id === finding.rule);
  return {
    ruleId: finding.rule,
    ...(ruleIndex < 0 ? {} : { ruleIndex }),
    level: finding.level,
    message: { text: messageOf(finding, handler) },
    locations: [{ physicalLocation: physical }],
    partialFingerprints: {
      ...(place === null || place.lineHash === null ? {} : { primaryLocationLineHash: place.lineHash }),
      "sigsafeFinding/v1": finding.id,
    },
    codeFlows: [
      { threadFlows: [{ locations: steps.map((frame, index) => flowStep(frame, index, steps, finding, artifact)) }] },
    ],
    relatedLocations: related(finding, handler, artifact),
  };
}

function messageOf(finding: Finding, handler: ReportHandler | undefined): string {
  const reason = reasonOf(finding);
  const installed = handler?.registeredAt[0];
  const here = `[${label(placeText(finding.site))}](1)`;
  const from = installed === undefined ? "" : `, and is installed at [${label(placeText(installed))}](2)`;
  const parts = [
    `${plain(finding.message)}.`,
    handler === undefined
      ? `It is at ${here}.`
      : `The handler ${plain(handler.function)} (${plain(enteredBy(handler))}) reaches it at ${here}${from}.`,
    finding.cause === undefined
      ? ""
      : `Brought by ${plain(finding.cause.file)}:${finding.cause.line}: ${plain(finding.cause.why)}.`,
    reason === "" ? "" : `Why: ${plain(reason)}.`,
    plain(finding.help),
  ];
  return parts.filter((one) => one !== "").join(" ");
}

function flowStep(
  frame: TraceFrame,
  index: number,
  steps: readonly TraceFrame[],
  finding: Finding,
  artifact: (at: Place) => Json,
): Json {
  const next = steps[index + 1];
  const leads =
    next?.omitted === undefined
      ? (VERBS[next?.via ?? "call"] ?? "calls")
      : `leads by ${next.omitted} more functions to`;
  const does = next === undefined ? `reaches ${finding.callee}` : `${leads} ${next.function}`;
  return {
    location: {
      physicalLocation: { artifactLocation: artifact(frame), region: regionOf(frame, frame.snippet) },
      message: { text: plain(`${frame.function} ${does} (${placeText(frame)})`) },
    },
    module: frame.package,
    nestingLevel: index,
    kinds: ["call"],
    importance: index === 0 || index === finding.trace.length - 1 ? "essential" : "important",
  };
}

const VERBS: Readonly<Record<string, string>> = {
  drop: "drops a value, which runs",
  init: "forces",
  closure: "runs",
  callback: "passes on",
};

function related(finding: Finding, handler: ReportHandler | undefined, artifact: (at: Place) => Json): Json[] {
  const at = (id: number, place: Place, text: string): Json => ({
    id,
    physicalLocation: { artifactLocation: artifact(place), region: regionOf(place) },
    message: { text: plain(`${text} (${placeText(place)})`) },
  });
  const installed = handler?.registeredAt[0];
  const out = [at(1, finding.site, `here: ${finding.callee}`)];
  if (installed !== undefined) out.push(at(2, installed, "the handler is installed here"));
  if (handler !== undefined) out.push(at(3, { ...handler, column: 1 }, `the handler: ${handler.function}`));
  return out;
}

function artifactOf(report: Report, repository: Repository, place: Place): Json {
  const file = repository.fileOf(place.package, place.file);
  if (file !== null) return { uri: uriOf(file), uriBaseId: "%SRCROOT%" };
  const owner = report.packages.find((one) => one.id === place.package);
  const uri = uriOf(`${place.package.replace("@", "-")}/${place.file}`);
  if (owner === undefined) return { uri, uriBaseId: "%RUST_SRC%" };
  return { uri, uriBaseId: owner.source?.startsWith("git+") === true ? "%CARGO_GIT%" : "%CARGO_REGISTRY%" };
}

function regionOf(place: Place, snippet: string = ""): Json {
  const region = { startLine: place.line, startColumn: place.column };
  return snippet === "" ? region : { ...region, snippet: { text: snippet } };
}

/** Equal results of several programs once: GitHub would open an alert for each. */
function distinct(results: readonly Json[]): Json[] {
  const byText = new Map<string, Json>();
  for (const one of results) {
    const { partialFingerprints: _, ...rest } = one;
    const key = JSON.stringify(rest);
    if (!byText.has(key)) byText.set(key, one);
  }
  return [...byText.values()];
}

function note(level: "error" | "warning" | "note", text: string): Json {
  return { level, message: { text } };
}

function problemNote(problem: ReportProblem): Json {
  return note(problem.level, plain(problem.message));
}

/** A handler with a blind spot is never clean, and a list of results alone would not say so. */
function blindSpotNotes(report: Report): Json[] {
  return [...grouped(report.blindSpots, (one) => one.reason)].map(([reason, list]) => {
    const first = list[0];
    const where = first === undefined ? "" : `; the first at ${placeText(first)}`;
    const text = `${count(list.length, "call")} not followed (${reason}: ${first === undefined ? "" : causeOf(first.reason)})${where}`;
    return note("warning", plain(text));
  });
}

function stepNotes(findings: readonly Finding[]): Json[] {
  const long = findings.filter((one) => one.trace.length + (one.beyond?.length ?? 0) > MAX_STEPS).length;
  return long === 0 ? [] : [note("warning", `${count(long, "path")} cut after ${MAX_STEPS} steps`)];
}

/** Text that is no link, holds no control characters, and is as long as is shown. */
function plain(text: string): string {
  const shown = clipped(inert(text));
  return shown.includes("](") ? shown.replace(/[\\[\]]/gu, "\\$&") : shown;
}

/** Text inside a link's brackets. */
function label(text: string): string {
  return clipped(inert(text)).replace(/[\\[\]]/gu, "\\$&");
}

function clipped(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`;
}

function uriOf(path: string): string {
  return path
    .split("/")
    .map((part) => encodeURIComponent(part.replace(/\p{Cs}/gu, "\ufffd")))
    .join("/");
}
