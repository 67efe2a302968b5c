/**
 * One handler of one program: guards, findings, blind spots and verdict, ready for the report.
 *
 * The graph is walked twice: once whole, to see what each guard excludes, and once without the edges that guards exclude.
 */
import { pushAll } from "../base/push-all.ts";
import type { Bodies } from "../calls/bodies.ts";
import type { CallGraph, Edge, Node, NodeId, StaticPlace } from "../calls/call-graph.ts";
import { gradeLevel } from "../model/grade.ts";
import type { Lints } from "../model/lints.ts";
import { isAroundFork, type Registrars } from "../model/registrars.ts";
import { RULE_OF } from "../model/vocabulary.ts";
import type { DefId } from "../names/defs.ts";
import { createBehind } from "./behind.ts";
import { blindSpotsOf, reachedCounts } from "./blind-spots.ts";
import { type Cause, type CauseInput, causesOf } from "./causes.ts";
import { kindsByPlace } from "./covers.ts";
import { createErrno } from "./errno.ts";
import type { ExternOptions } from "./extern-effects.ts";
import { type Draft, type FindingContext, findingsOf, handlerFinding } from "./findings.ts";
import { cellKey } from "./force-cells.ts";
import type { Origin } from "./force-facts.ts";
import { groupLowered } from "./group-lowered.ts";
import { blockedLock } from "./guard-blocked.ts";
import { fittingCalls } from "./guard-capacity.ts";
import type { InitGuards } from "./guard-init.ts";
import { osErrorDrops } from "./guard-os-error.ts";
import { emptyDrops } from "./guard-owns-nothing.ts";
import {
  blockedRecords,
  branchRecords,
  errnoRecord,
  initRecords,
  type Mark,
  type RuleFacts,
  reentrancyRecord,
  siteRecords,
  tryRecords,
} from "./guard-records.ts";
import { type ReentrancyFlag, reentrancyFlag } from "./guard-reentrancy.ts";
import { tryCalls } from "./guard-try.ts";
import type { HandlerEntry } from "./handler-entries.ts";
import { changesLeft, errnoCauses, flagProblems, panicsOf, type Reentrance, reentrance } from "./local-checks.ts";
import type { Places } from "./places.ts";
import { edgesOf, type Reach, reachFrom } from "./reach.ts";
import type { BlindSpot, GuardRecord, ReportHandler } from "./report-model.ts";
import { shownStatic } from "./shown-static.ts";
import { type Frames, sitePlace } from "./trace.ts";
import { handlerVerdict } from "./verdict.ts";
import { witnessesFrom } from "./witness.ts";

export interface HandlerInput {
  readonly bodies: Bodies;
  readonly graph: CallGraph;
  readonly places: Places;
  readonly frames: Frames;
  readonly lints: Lints;
  readonly registrars: Registrars;
  readonly externs: ExternOptions;
  readonly guards: InitGuards;
  readonly strictPosix: boolean;
  readonly faultLowers: boolean;
  readonly allocator: string | null;
  /** Calls of a dispatcher's hooks, which are handlers of their own: what they do is told of them alone. */
  readonly isHook: (edge: Edge) => boolean;
  /** What the rules say of a function. */
  readonly facts: (def: DefId) => RuleFacts | null;
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
  const { graph, entry, places, bodies, facts, isHook } = input;
  const whole = walk(input, isHook);
  const { nodes } = whole.reach;
  const forced = forcedCells(input, whole.reach);
  const marked = (mark: Mark) => (def: DefId) => facts(def)?.marks?.includes(mark) === true;
  const osErrors = osErrorDrops({ bodies, graph, marked: marked("os-error") }, nodes);
  const fitting = fittingCalls({ bodies, graph, fits: (def) => facts(def)?.fits ?? null }, nodes);
  const empty = emptyDrops({ bodies, graph, facts }, nodes);
  const free = new Set([...osErrors, ...fitting, ...empty].flatMap(({ site }) => edgesOf(site)));
  const excluded = (edge: Edge): boolean =>
    free.has(edge) || (edge.cell !== null && edge.conditions.includes("uninit") && forced.has(cellKey(edge.cell)));
  const cut = (edge: Edge): boolean => isHook(edge) || excluded(edge);
  const kept = forced.size + free.size === 0 ? whole : walk(input, cut);
  const panics = panicsOf(kept, bodies.types, places, marked("panics-if-held"));
  const signals = entry.signalsKnown ? entry.signals : [];
  const blocking = { graph, externs: input.externs, signals, nodes };
  const blocked = new Map(causesOf(kept).map((one) => [one, blockedLock(blocking, one)]));
  const waits = [...blocked].map(([one, lock]) => (lock === null ? one : lowered(one)));
  const told = [...(entry.entryKind === "fork-child" ? withoutOthers(input, waits) : waits), ...panics.causes];
  const context = contextOf(input, kept, told);
  const drafts = findingsOf(context, told);
  // What runs around a fork interrupts nobody. A dispatcher saves errno for its hooks: they count.
  const interrupts = !isAroundFork(entry.entryKind);
  const errno = createErrno({ graph, externs: input.externs, cut: excluded, reads: marked("reads-errno") });
  const entered = whole.reach.cut.length === 0 ? kept : walk(input, excluded);
  const changing = interrupts ? errnoCauses(entered, errno) : [];
  const leaves = changing.length > 0 && errno.leavesChanged(entry.node);
  if (leaves) drafts.push(handlerFinding(context, changesLeft(entered, errno, entry.node, changing)));
  const flag = reentrancyFlag(graph, entry.node, marked("test-and-set"));
  const written = interrupts ? reentrance(graph, bodies.types, kept.reach.nodes, entry.installs) : null;
  const once = written !== null && flag !== null && isInside(graph, entry.node, written, flag);
  pushAll(drafts, installationFindings(input, context, once ? null : written));
  const causes = forced.size + free.size === 0 ? [] : causesOf(whole);
  const records = { ...input, behind: createBehind(input) };
  const guards = [
    ...initRecords(records, causes, metCells(forced, kept.reach), kept.reach),
    ...siteRecords(records, causes, "os-error", osErrors),
    ...siteRecords(records, causes, "capacity-checked", fitting),
    ...siteRecords(records, causes, "owns-nothing", empty),
    ...tryRecords(records, tryCalls({ bodies, graph, facts }, nodes)),
    ...branchRecords(records, nodes),
    ...blockedRecords(records, blocked),
    ...(flag === null ? [] : [reentrancyRecord(records, flag, once ? written : null)]),
  ];
  if (changing.length > 0 && !leaves && errno.restores()) guards.push(errnoRecord(records, changing));
  const blindSpots = blindSpotsOf(graph, bodies.names, places, kept.reach, kept.witnesses, entry.id);
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

/** A wait for a lock that others hold only while the signal is blocked. */
function lowered(cause: Cause): Cause {
  if (cause.grade.level !== "error") return cause;
  return {
    ...cause,
    grade: { level: "warning", why: "warning: all that is seen to take the lock blocks the signal first" },
  };
}

/** In the child of a fork there is nobody who could hold a lock that the C library makes anew there. */
function withoutOthers({ externs }: HandlerInput, causes: readonly Cause[]): readonly Cause[] {
  return causes.map((one) => {
    const effects = one.kind === "lock" ? (externs.safety.lookup(one.callee)?.effects ?? []) : [];
    const isAnew = effects.length > 0 && effects.every((effect) => effect.anewInChild === true);
    const why = "note: the C library makes the lock anew in the child, where nobody else can hold it";
    return isAnew ? { ...one, grade: { level: "note", why } } : one;
  });
}

/** Those of the cells whose first use stands on a way of its own, not behind the first use of another. */
function metCells<T>(forced: ReadonlyMap<string, T>, reach: Reach): ReadonlyMap<string, T> {
  const met = new Set(reach.cut.flatMap(({ edge }) => (edge.cell === null ? [] : [cellKey(edge.cell)])));
  return new Map([...forced].filter(([key]) => met.has(key)));
}

/** Is the place run by one entry of the handler at a time? */
function isInside(graph: CallGraph, root: NodeId, written: Reentrance, flag: ReentrancyFlag): boolean {
  if (written.node === root) return flag.holds(written.block);
  const calls = graph.node(root).sites.map((id) => graph.site(id));
  return calls.every((site) => flag.holds(site.block) || !edgesOf(site).some((edge) => !graph.node(edge.target).model));
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

function contextOf(input: HandlerInput, { cut }: CauseInput, causes: readonly Cause[]): FindingContext {
  const { graph, places, frames, externs, lints, entry, faultLowers, allocator } = input;
  const pathOf = (cell: StaticPlace): string => input.bodies.names.pathOf(shownStatic(input.bodies.types, cell.def));
  // `Lazy<T>`, `OnceLock<T>`; `Once` has no parameter.
  const holdsValue = ({ def }: StaticPlace): boolean => {
    const ty = input.bodies.types.typeOf(def);
    return ty.k === "adt" && ty.args.length > 0;
  };
  const behind = createBehind({ graph, places, externs, cut });
  const toldAt = kindsByPlace(causes);
  return { graph, places, frames, behind, toldAt, lints, handler: entry, pathOf, holdsValue, faultLowers, allocator };
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

/** Findings about how the handler is installed. */
function installationFindings(input: HandlerInput, context: FindingContext, writes: Reentrance | null): Draft[] {
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
    pushAll(drafts, make("flags", `\`${node.path}\` ${problem}`));
  if (writes !== null) {
    const at = sitePlace(places, graph.node(writes.node), writes.span);
    const message = `\`${writes.static}\` is written by a handler that another signal can interrupt and enter again`;
    pushAll(drafts, make("reentrancy", message, writes.span, at));
  }
  return drafts;
}
