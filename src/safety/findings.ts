/**
 * Causes as findings: one per handler, root-cause site and kind; one for a first use that all ways go through; one for a call
 * into foreign code behind which many effects of a kind lie. What a finding stands for is in `covers`, never missing.
 */
import { addTo } from "../base/add-to.ts";
import type { Span } from "../base/span.ts";
import type { CallGraph, Node, NodeId } from "../calls/call-graph.ts";
import { gradeLevel, rank } from "../model/grade.ts";
import type { Lints } from "../model/lints.ts";
import { type Certainty, type Condition, type Delivery, type Kind, RULE_OF } from "../model/vocabulary.ts";
import type { Behind } from "./behind.ts";
import { ahead, type Cause, initKey, isTransparent, sourceKey } from "./causes.ts";
import { causeAsEffect, coversOf } from "./covers.ts";
import { messageOf } from "./messages.ts";
import type { Places } from "./places.ts";
import type { Finding } from "./report-model.ts";
import { type Frames, sitePlace } from "./trace.ts";
import { type Step, weaker } from "./witness.ts";

export interface FindingContext {
  readonly graph: CallGraph;
  readonly places: Places;
  readonly frames: Frames;
  readonly behind: Behind;
  /** Kinds of all causes at a cause's place. */
  readonly toldAt: (cause: Cause) => ReadonlySet<Kind>;
  readonly lints: Lints;
  readonly handler: { readonly id: string; readonly delivery: Delivery; readonly node: NodeId; readonly span: Span };
  /** Printed path of a static or function. */
  readonly pathOf: (cell: NonNullable<NonNullable<Cause["init"]>["cell"]>) => string;
  /** Is it a cell that holds what its initialiser makes (and not only the record that something ran)? */
  readonly holdsValue: (cell: NonNullable<NonNullable<Cause["init"]>["cell"]>) => boolean;
  readonly faultLowers: boolean;
  /** Type of the program's global allocator; null for the default. */
  readonly allocator: string | null;
}
/** A finding before it has an id: ids need all findings of a handler. */
export type Draft = Omit<Finding, "id"> & { readonly span: Span };

/** So many effects of one kind behind one call into foreign code make that call the finding. */
const MANY = 4;

/** Findings for the causes of one handler, unordered. */
export function findingsOf(context: FindingContext, causes: readonly Cause[]): Draft[] {
  const groups: Cause[][] = [];
  for (const list of grouped(causes).values()) {
    if (list[0]?.init !== null || list.length >= MANY) groups.push(list);
    else for (const one of list) groups.push([one]);
  }
  const drafts: Draft[] = [];
  for (const list of groups) {
    const worst = list.reduce((best, one) => (ahead(one, best) ? one : best));
    drafts.push(
      worst.init !== null && !list.every((one) => isOwnWait(context, one))
        ? initFinding(context, worst, list)
        : siteFinding(context, worst, list),
    );
  }
  return drafts;
}

/** The wait of a cell without a value for another thread, where what runs once does nothing that is told. */
function isOwnWait(context: FindingContext, cause: Cause): boolean {
  const cell = cause.init?.cell ?? null;
  return cause.kind === "lock" && cause.path.firstUses === 0 && (cell === null || !context.holdsValue(cell));
}

/** One finding for all of these, about the handler itself: the way to the worst of them lies beyond it, and all are covered. */
export function handlerFinding(context: FindingContext, causes: readonly Cause[]): Draft {
  const worst = causes.reduce((best, one) => (ahead(one, best) ? one : best));
  const { frames, handler } = context;
  const site = { node: handler.node, span: handler.span };
  const beyond = frames.along(worst.path.steps(), worst);
  return draft(context, worst, worst.kind, site, worst.callee, frames.along([], site), beyond, causes);
}

function grouped(causes: readonly Cause[]): Map<string, Cause[]> {
  const groups = new Map<string, Cause[]>();
  for (const [index, one] of causes.entries()) {
    const outside = one.crossing === null ? `site ${index}` : `call ${one.crossing} ${one.kind}`;
    const key = one.init === null ? outside : `init ${one.init.key}`;
    addTo(groups, key, one);
  }
  return groups;
}

function siteFinding(context: FindingContext, worst: Cause, list: readonly Cause[]): Draft {
  const { crossing } = worst;
  const path = worst.path.steps();
  const at =
    list.length < MANY || crossing === null ? -1 : path.findIndex((step) => crossingAt(context, step) === crossing);
  const step = path[at];
  if (step === undefined) {
    const trace = context.frames.along(path, worst);
    return draft(context, worst, worst.kind, worst, worst.callee, trace, [], []);
  }
  const site = { node: step.site.node, span: step.site.span };
  const trace = context.frames.along(path.slice(0, at), site);
  const beyond = context.frames.along(path.slice(at + 1), worst);
  const callee = context.graph.node(step.edge.target).path;
  return draft(context, worst, worst.kind, site, callee, trace, beyond, list);
}

function crossingAt(context: FindingContext, step: Step): string {
  const { span } = step.site;
  return `${sourceKey(context.graph.node(step.site.node))}@${span.file}:${span.start}:${span.end}`;
}

function initFinding(context: FindingContext, worst: Cause, list: readonly Cause[]): Draft {
  const steps = [...worst.path.steps(), ...worst.tail.steps()];
  const forced = steps.findIndex(({ edge, site }) => initKey(edge, site.id)?.key === worst.init?.key);
  let at = Math.max(forced, 0);
  // Functions that were handed the static are its access, not its use.
  const isAccess = (node: Node): boolean =>
    isTransparent(node) || node.statics.some((one) => one !== null && one.def === worst.init?.cell?.def);
  while (at > 0 && isAccess(context.graph.node(steps[at]?.site.node ?? worst.node))) at -= 1;
  const step = steps[at];
  const site = step === undefined ? worst : { node: step.site.node, span: step.site.span };
  const trace = context.frames.along(steps.slice(0, at), site);
  const deepest = list.reduce(
    (best, one) =>
      one.path.firstUses > best.path.firstUses && rank(one.grade.level) >= rank(best.grade.level) ? one : best,
    worst,
  );
  const path = deepest.path.steps();
  const onward = [...path, ...deepest.tail.steps()];
  const from = onward.findIndex(({ edge, site: place }) => initKey(edge, place.id)?.key === worst.init?.key);
  const beyond = path.length > from ? context.frames.along(path.slice(from + 1), deepest) : [];
  const target = steps[forced]?.edge.target;
  const cell = worst.init?.cell ?? null;
  const callee =
    cell !== null ? context.pathOf(cell) : target === undefined ? worst.callee : context.graph.node(target).path;
  return draft(context, worst, "init", site, callee, trace, markFirst(beyond), list);
}

/** The way on starts with the initialiser. */
function markFirst(frames: readonly Finding["trace"][number][]): Finding["trace"] {
  return frames.map((frame, index) => (index === 0 ? { ...frame, via: "init" } : frame));
}

function draft(
  context: FindingContext,
  worst: Cause,
  kind: Kind,
  site: { readonly node: NodeId; readonly span: Span },
  callee: string,
  trace: Finding["trace"],
  beyond: Finding["trace"],
  list: readonly Cause[],
): Draft {
  const { places, graph, lints } = context;
  const node: Node = graph.node(site.node);
  const grade = kind === worst.kind ? worst.grade : initGrade(context, worst);
  const covers = coversOf(context, worst, list, context.toldAt);
  // A first use says all that is listed behind it; elsewhere what counts is how often the callee does what it is told for.
  const counted =
    kind === "init" ? covers.filter((one) => one.whole !== true) : list.map((one) => causeAsEffect(context, one));
  return {
    rule: RULE_OF[kind],
    kind,
    ...grade,
    handler: context.handler.id,
    certainty: worst.certainty,
    conditions: [...worst.conditions].sort(),
    site: sitePlace(places, node, site.span),
    callee,
    message: messageOf(kind, callee, context.allocator, counted),
    trace,
    covers,
    ...(beyond.length > 0 ? { beyond } : {}),
    otherPaths: 0,
    suppressed: null,
    help: lints.ofKind(kind).help,
    excerpt: places.excerpt(site.span),
    span: site.span,
  };
}

function initGrade(context: FindingContext, worst: Cause): Cause["grade"] {
  const { delivery } = context.handler;
  const conditions: Condition[] = ["uninit", ...worst.conditions];
  const certainty: Certainty = weaker("exact", worst.certainty);
  const { faultLowers } = context;
  return (
    gradeLevel({ kind: "init", base: worst.grade.level, conditions, certainty, delivery, faultLowers }) ?? worst.grade
  );
}
