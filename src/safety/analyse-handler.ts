/**
 * One handler of one program: guards, findings, blind spots and verdict, ready for the report.
 *
 * The graph is walked twice: once whole, to see what each guard excludes, and once without the edges that guards exclude.
 */
import type { Bodies } from "../calls/bodies.ts";
import type { CallGraph, Edge, Node, StaticPlace } from "../calls/call-graph.ts";
import { gradeLevel } from "../model/grade.ts";
import type { Lints } from "../model/lints.ts";
import type { Registrars } from "../model/registrars.ts";
import { RULE_OF } from "../model/vocabulary.ts";
import type { DefId } from "../names/defs.ts";
import { effectsBehind } from "./behind.ts";
import { blindSpotsOf, reachedCounts } from "./blind-spots.ts";
import { type Cause, type CauseInput, causesOf } from "./causes.ts";
import { createErrno } from "./errno.ts";
import type { ExternOptions } from "./extern-effects.ts";
import { type Draft, distinct, type FindingContext, findingsOf, oneFinding } from "./findings.ts";
import { cellKey } from "./force-cells.ts";
import type { Origin } from "./force-facts.ts";
import { groupLowered } from "./group-lowered.ts";
import type { InitGuards } from "./guard-init.ts";
import { type OsErrorDrop, osErrorDrops } from "./guard-os-error.ts";
import type { HandlerEntry } from "./handler-entries.ts";
import { errnoCauses, flagProblems, panicsOf, reentrance } from "./local-checks.ts";
import type { Places } from "./places.ts";
import { edgesOf, type Reach, reachFrom } from "./reach.ts";
import type { BlindSpot, GuardRecord, ReportHandler } from "./report-model.ts";
import { sitePlace } from "./trace.ts";
import { handlerVerdict } from "./verdict.ts";
import { witnessesFrom } from "./witness.ts";

export interface HandlerInput {
  readonly bodies: Bodies;
  readonly graph: CallGraph;
  readonly places: Places;
  readonly lints: Lints;
  readonly registrars: Registrars;
  readonly externs: ExternOptions;
  readonly guards: InitGuards;
  readonly strictPosix: boolean;
  readonly faultLowers: boolean;
  readonly allocator: string | null;
  /** Functions whose errors are codes of the operating system. */
  readonly osErrors: (def: DefId) => boolean;
  readonly entry: HandlerEntry;
}
export interface HandlerResult {
  readonly entry: HandlerEntry;
  readonly drafts: readonly Draft[];
  readonly guards: readonly GuardRecord[];
  readonly blindSpots: readonly BlindSpot[];
  readonly verdict: ReportHandler["verdict"];
  readonly reached: ReportHandler["reached"];
  readonly panicSites: number;
}

/** Everything about one handler. */
export function analyseHandler(input: HandlerInput): HandlerResult {
  const { graph, entry, places } = input;
  const whole = walk(input, () => false);
  const forced = forcedCells(input, whole.reach);
  const osErrors = osErrorDrops({ bodies: input.bodies, graph, marked: input.osErrors }, whole.reach.nodes);
  const free = new Set(osErrors.flatMap(({ site }) => edgesOf(site)));
  const cut = (edge: Edge): boolean =>
    free.has(edge) || (edge.cell !== null && edge.conditions.includes("uninit") && forced.has(cellKey(edge.cell)));
  const kept = forced.size + free.size === 0 ? whole : walk(input, cut);
  const context = contextOf(input);
  const panics = panicsOf(kept, input.bodies.types, places);
  const drafts = findingsOf(context, [...causesOf(kept), ...panics.causes]);
  const errno = createErrno({ graph, externs: input.externs, cut });
  const changing = errnoCauses(kept, errno);
  const leaves = changing.length > 0 && errno.leavesChanged(entry.node);
  if (leaves) drafts.push(oneFinding(context, changing));
  drafts.push(...installationFindings(input, context, kept));
  const guards = [...initRecords(input, whole, forced), ...osErrorRecords(input, whole, osErrors)];
  if (changing.length > 0 && !leaves && errno.restores()) guards.push(errnoRecord(input, context, changing));
  const blindSpots = blindSpotsOf(graph, input.bodies.names, places, kept.reach, kept.witnesses, entry.id);
  return {
    entry,
    drafts: groupLowered(drafts),
    guards,
    blindSpots,
    verdict: handlerVerdict(drafts, blindSpots.length),
    reached: reachedCounts(graph, kept.reach),
    panicSites: panics.others,
  };
}

function walk(input: HandlerInput, cut: (edge: Edge) => boolean): CauseInput {
  const { graph, entry, externs, lints, bodies } = input;
  const reach = reachFrom({ graph, externs, cut }, entry.node);
  const own = bodies.names.def(entry.def).crate;
  return {
    graph,
    reach,
    witnesses: witnessesFrom(graph, entry.node, (edge) => !cut(edge)),
    cut,
    grade: (effect, conditions, certainty) =>
      gradeLevel({
        kind: effect.kind,
        base: lints.ofKind(effect.kind).level,
        conditions,
        certainty,
        delivery: entry.delivery,
        strictPosix: input.strictPosix,
        explicitPanic: effect.kind === "panic",
        faultLowers: input.faultLowers,
        ...(effect.verdict === null ? {} : { verdict: effect.verdict }),
      }),
    isHome: (node) => isHome(input, node, own),
  };
}

function isHome(input: HandlerInput, node: Node, own: number): boolean {
  if (node.what.k !== "body") return false;
  const { names } = input.bodies;
  const { crate } = names.def(node.what.key.def);
  return crate === own || names.crateNode(crate)?.isMember === true;
}

function contextOf(input: HandlerInput): FindingContext {
  const { graph, places, lints, entry, faultLowers, allocator } = input;
  const pathOf = (cell: StaticPlace): string => input.bodies.names.pathOf(cell.def);
  // `Lazy<T>`, `OnceLock<T>`; `Once` has no parameter.
  const holdsValue = ({ def }: StaticPlace): boolean => {
    const ty = input.bodies.types.typeOf(def);
    return ty.k === "adt" && ty.args.length > 0;
  };
  return { graph, places, lints, handler: entry, pathOf, holdsValue, faultLowers, allocator };
}

/** Cells that are forced before every installation of the handler, with where. */
function forcedCells(input: HandlerInput, reach: Reach): Map<string, { cell: StaticPlace; origin: Origin }> {
  const found = new Map<string, { cell: StaticPlace; origin: Origin }>();
  const asked = new Set<string>();
  const chains = input.entry.installs.map((one) => one.chain);
  for (const id of reach.nodes) {
    for (const siteId of input.graph.node(id).sites) {
      for (const { cell, conditions } of edgesOf(input.graph.site(siteId))) {
        if (cell === null || !conditions.includes("uninit") || asked.has(cellKey(cell))) continue;
        asked.add(cellKey(cell));
        const origin = input.guards.forcedBefore(chains, cell);
        if (origin !== null) found.set(cellKey(cell), { cell, origin });
      }
    }
  }
  return found;
}

function initRecords(
  input: HandlerInput,
  whole: CauseInput,
  forced: ReadonlyMap<string, { readonly cell: StaticPlace; readonly origin: Origin }>,
): GuardRecord[] {
  if (forced.size === 0) return [];
  const { names } = input.bodies;
  const causes = causesOf(whole);
  const records = [...forced].map(([key, { cell, origin }]): GuardRecord => {
    const behind = causes.filter((one) => one.init?.key === key);
    const def = names.def(cell.def);
    const span = def.item?.keySpan ?? origin.span;
    const { package: owner, file, line } = input.places.at(span);
    const at = input.places.at(origin.span);
    return {
      handler: input.entry.id,
      guard: "init-before-install",
      static: names.pathOf(cell.def),
      package: owner,
      file,
      line,
      forcedAt: { function: names.pathOf(origin.body.def), package: at.package, file: at.file, line: at.line },
      excludes: excluded(input, behind),
    };
  });
  return onePerStatic(records);
}

/** A cell and the cell inside it are one static: what each excludes, together. */
function onePerStatic(records: readonly GuardRecord[]): GuardRecord[] {
  const merged = new Map<string, GuardRecord>();
  for (const record of records) {
    const key = JSON.stringify([record.static, record.package, record.file, record.line, record.forcedAt]);
    const known = merged.get(key);
    const excludes = new Map([...(known?.excludes ?? []), ...record.excludes].map((one) => [JSON.stringify(one), one]));
    merged.set(key, { ...record, excludes: [...excludes.values()] });
  }
  return [...merged.values()];
}

/** One record for each guarded drop, with the frees that it excludes. */
function osErrorRecords(input: HandlerInput, whole: CauseInput, drops: readonly OsErrorDrop[]): GuardRecord[] {
  if (drops.length === 0) return [];
  const causes = causesOf(whole);
  return drops.flatMap(({ node, site }): GuardRecord[] => {
    const behind = causes.filter((one) => one.node === node.id && one.span === site.span);
    if (behind.length === 0) return [];
    const { package: owner, file, line } = input.places.at(site.span);
    const own = { static: "", package: owner, file, line, forcedAt: null };
    return [{ handler: input.entry.id, guard: "os-error", ...own, excludes: excluded(input, behind) }];
  });
}

function excluded(input: HandlerInput, causes: readonly Cause[]): GuardRecord["excludes"] {
  const covers = causes.map((one) => {
    const site = sitePlace(input.places, input.graph.node(one.node), one.span);
    return { kind: one.kind, callee: one.callee, site, conditions: [] };
  });
  const behind = causes.flatMap((one) => effectsBehind(input.graph, input.places, one, one.conditions));
  return distinct([...covers, ...behind]).map(({ kind, callee, site }) => ({ kind, callee, site }));
}

function errnoRecord(input: HandlerInput, context: FindingContext, changing: readonly Cause[]): GuardRecord {
  const { package: owner, file, line } = input.places.at(input.entry.span);
  const excludes = excluded(input, changing);
  return {
    handler: context.handler.id,
    guard: "errno-saved",
    static: "",
    package: owner,
    file,
    line,
    forcedAt: null,
    excludes,
  };
}

/** Findings about how the handler is installed. */
function installationFindings(input: HandlerInput, context: FindingContext, kept: CauseInput): Draft[] {
  const { entry, places, graph, lints } = input;
  const drafts: Draft[] = [];
  const node = graph.node(entry.node);
  const own = { function: node.path, ...places.at(entry.span) };
  const frame = { ...own, via: "entry" as const, snippet: places.snippet(entry.span) };
  const make = (kind: "flags" | "reentrancy", message: string, span = entry.span, at = own): Draft[] => {
    const { delivery } = entry;
    const base = lints.ofKind(kind).level;
    const grade = gradeLevel({
      kind,
      base,
      conditions: [],
      certainty: "exact",
      delivery,
      faultLowers: input.faultLowers,
    });
    if (grade === null) return [];
    const trace = at === own ? [frame] : [frame, { ...at, via: "call" as const, snippet: places.snippet(span) }];
    return [
      {
        rule: RULE_OF[kind],
        kind,
        ...grade,
        handler: context.handler.id,
        certainty: "exact",
        conditions: [],
        site: at,
        callee: node.path,
        message,
        trace,
        covers: [],
        otherPaths: 0,
        suppressed: null,
        help: lints.ofKind(kind).help,
        excerpt: places.excerpt(span),
        span,
      },
    ];
  };
  for (const problem of flagProblems(input.registrars, entry.installs))
    drafts.push(...make("flags", `\`${node.path}\` ${problem}`));
  const writes = reentrance(graph, input.bodies.types, kept.reach.nodes, entry.installs);
  if (writes !== null) {
    const at = sitePlace(places, graph.node(writes.node), writes.span);
    const message = `\`${writes.static}\` is written by a handler that another signal can interrupt and enter again`;
    drafts.push(...make("reentrancy", message, writes.span, at));
  }
  return drafts;
}
