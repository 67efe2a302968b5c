/**
 * Guards as the report has them: what each is about, where it stands, and which effects it excludes.
 *
 * Input: what the guards' own modules found below a handler, and the causes of the graph without guards. Everything that a guard keeps
 * from being a finding is listed here, so that nothing is simply missing.
 */
import { addTo } from "../base/add-to.ts";
import { pushAll } from "../base/push-all.ts";
import type { Span } from "../base/span.ts";
import type { Bodies } from "../calls/bodies.ts";
import type { CallGraph, Edge, NodeId, StaticPlace } from "../calls/call-graph.ts";
import { anywhere } from "../calls/inner-types.ts";
import type { Terminator } from "../calls/mir.ts";
import type { PackFn } from "../model/pack.ts";
import type { Kind } from "../model/vocabulary.ts";
import type { DefId } from "../names/defs.ts";
import { type Behind, functionPlace } from "./behind.ts";
import { type Cause, isModelled, sourceKey } from "./causes.ts";
import { effectsOfCauses } from "./covers.ts";
import { cellKey } from "./force-cells.ts";
import type { Origin } from "./force-facts.ts";
import type { ReentrancyFlag } from "./guard-reentrancy.ts";
import type { TryCall } from "./guard-try.ts";
import type { GuardedSite } from "./guarded-sites.ts";
import type { HandlerEntry } from "./handler-entries.ts";
import type { Reentrance } from "./local-checks.ts";
import type { Places } from "./places.ts";
import { edgesOf, type Reach } from "./reach.ts";
import type { GuardRecord } from "./report-model.ts";
import { shownStatic } from "./shown-static.ts";
import { sitePlace } from "./trace.ts";

/** What the rules say of a function, as far as guards ask. */
export type RuleFacts = Pick<PackFn, "marks" | "fits" | "effects" | "panics">;
export type Fits = NonNullable<RuleFacts["fits"]>;
export type Mark = NonNullable<RuleFacts["marks"]>[number];

export interface RecordInput {
  readonly bodies: Bodies;
  readonly graph: CallGraph;
  readonly places: Places;
  /** Of the graph without guards. */
  readonly behind: Behind;
  readonly entry: HandlerEntry;
  readonly facts: (def: DefId) => RuleFacts | null;
}

/** Statics that were forced before every installation. */
export function initRecords(
  input: RecordInput,
  causes: readonly Cause[],
  forced: ReadonlyMap<string, { readonly cell: StaticPlace; readonly origin: Origin }>,
  kept: Reach,
): GuardRecord[] {
  if (forced.size === 0) return [];
  const { names } = input.bodies;
  const left = new Set(kept.nodes);
  const records = [...forced].map(([key, { cell, origin }]): GuardRecord => {
    const first = kept.cut.filter(({ edge }) => edge.cell !== null && cellKey(edge.cell) === key);
    const edges = new Set(first.map(({ edge }) => edge));
    const only = beyond(input.graph, edges, left);
    const behind = causes.filter(
      (one) => one.init?.key === key || only.has(one.node) || one.tail.steps().some(({ edge }) => edges.has(edge)),
    );
    const shown = shownStatic(input.bodies.types, cell.def);
    const span = names.def(shown).item?.keySpan ?? origin.span;
    const { package: owner, file, line } = input.places.at(span);
    const at = input.places.at(origin.span);
    return {
      handler: input.entry.id,
      guard: "init-before-install",
      static: names.pathOf(shown),
      package: owner,
      file,
      line,
      forcedAt: { function: names.pathOf(origin.body.def), package: at.package, file: at.file, line: at.line },
      excludes: effectsOfCauses(input, behind),
    };
  });
  return onePerStatic(records);
}

/** What these edges lead to, but for nodes that are reached all the same. */
function beyond(graph: CallGraph, edges: Iterable<Edge>, left: ReadonlySet<NodeId>): Set<NodeId> {
  const found = new Set<NodeId>();
  const pending = [...edges];
  for (let edge = pending.pop(); edge !== undefined; edge = pending.pop()) {
    if (left.has(edge.target) || found.has(edge.target)) continue;
    found.add(edge.target);
    for (const site of graph.node(edge.target).sites) pushAll(pending, edgesOf(graph.site(site)));
  }
  return found;
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

/** One record for each call or drop that does nothing, with the effects that it excludes. */
export function siteRecords(
  input: RecordInput,
  causes: readonly Cause[],
  guard: GuardRecord["guard"],
  sites: readonly GuardedSite[],
): GuardRecord[] {
  const bySpan = new Map<Span, Cause[]>();
  for (const one of sites.length === 0 ? [] : causes) addTo(bySpan, one.span, one);
  return sites.flatMap(({ node, site }): GuardRecord[] => {
    const behind = (bySpan.get(site.span) ?? []).filter((one) => one.node === node.id);
    if (behind.length === 0) return [];
    return [{ ...at(input, site.span), guard, excludes: effectsOfCauses(input, behind) }];
  });
}

/** Calls that ask for a lock and do not wait for it. */
export function tryRecords(input: RecordInput, calls: readonly TryCall[]): GuardRecord[] {
  const { names } = input.bodies;
  return calls.map(({ node, site, lock, kind, waits }) => ({
    ...at(input, site.span),
    guard: "try-lock",
    static: lock === null ? "" : names.pathOf(shownStatic(input.bodies.types, lock)),
    excludes: [{ kind, callee: names.pathOf(waits), site: sitePlace(input.places, node, site.span) }],
  }));
}

/** Branches that a constant decides: effects of rules, and frees of drops, in the blocks that no instance runs. */
export function branchRecords(input: RecordInput, ids: readonly NodeId[]): GuardRecord[] {
  const { graph, places, bodies } = input;
  const nodes = ids.map((id) => graph.node(id)).filter((node) => !isModelled(node) && node.mir !== null);
  const taken = new Set<string>();
  for (const node of nodes) {
    for (const [block, { term }] of (node.mir?.blocks ?? []).entries()) {
      if (term.k === "call" || term.k === "drop") taken.add(`${sourceKey(node)}:${block}`);
    }
  }
  const records = new Map<string, GuardRecord>();
  for (const node of nodes) {
    const written = node.what.k === "body" ? bodies.mir(node.what.key) : null;
    for (const [block, { term }] of (written?.blocks ?? []).entries()) {
      if ((term.k !== "call" && term.k !== "drop") || taken.has(`${sourceKey(node)}:${block}`)) continue;
      const done = notDone(input, term);
      const site = sitePlace(places, node, term.span);
      const own = functionPlace(input, node.id);
      const excludes = [...(done?.kinds ?? [])].flatMap((kind) => {
        const effect = { kind, callee: done?.callee ?? "", site };
        return own.line === site.line ? [effect] : [effect, { ...effect, site: own, whole: true as const }];
      });
      if (excludes.length === 0) continue;
      records.set(`${sourceKey(node)}:${block}`, { ...at(input, term.span), guard: "constant-branch", excludes });
    }
  }
  return [...records.values()];
}

/** What a call or drop would do, as far as its own rule says. */
function notDone(
  { bodies: { types, names }, facts }: RecordInput,
  term: Terminator & { readonly k: "call" | "drop" },
): { readonly callee: string; readonly kinds: ReadonlySet<Kind> } | null {
  const kindsOf = (def: DefId): readonly Kind[] => (facts(def)?.effects ?? []).map((one) => one.kind);
  if (term.k === "drop") {
    const frees = anywhere(types, term.ty, (one) => {
      const own = one.k === "adt" ? types.dropImpl(one) : null;
      return own !== null && kindsOf(own.def).includes("dealloc");
    });
    return { callee: `drop of ${types.print(term.ty)}`, kinds: new Set(frees ? ["dealloc"] : []) };
  }
  if (term.callee.k !== "def") return null;
  const def = types.resolveMember(term.callee.def, term.callee.args).def;
  return { callee: names.pathOf(def ?? term.callee.def), kinds: new Set(def === null ? [] : kindsOf(def)) };
}

/** Locks that others take only while the handler's signals are blocked: told, and nothing is excluded. */
export function blockedRecords(input: RecordInput, causes: ReadonlyMap<Cause, DefId | null>): GuardRecord[] {
  const { types, names } = input.bodies;
  const records = [...causes].flatMap(([cause, lock]): GuardRecord[] =>
    lock === null
      ? []
      : [
          {
            ...at(input, cause.span),
            guard: "signal-blocked",
            static: names.pathOf(shownStatic(types, lock)),
            excludes: [],
          },
        ],
  );
  return onePerStatic(records);
}

/** The flag that keeps a handler from interrupting itself, and the write that is safe for it. */
export function reentrancyRecord(input: RecordInput, flag: ReentrancyFlag, written: Reentrance | null): GuardRecord {
  const { graph, places, bodies } = input;
  const excludes =
    written === null
      ? []
      : [
          {
            kind: "reentrancy" as const,
            callee: written.static,
            site: sitePlace(places, graph.node(written.node), written.span),
          },
        ];
  return { ...at(input, flag.span), guard: "reentrancy-flag", static: bodies.names.pathOf(flag.flag), excludes };
}

/** A handler that gives errno back as it found it. */
export function errnoRecord(input: RecordInput, changing: readonly Cause[]): GuardRecord {
  return { ...at(input, input.entry.span), guard: "errno-saved", excludes: effectsOfCauses(input, changing) };
}

function at(input: RecordInput, span: Span): Omit<GuardRecord, "guard" | "excludes"> {
  const { package: owner, file, line } = input.places.at(span);
  return { handler: input.entry.id, static: "", package: owner, file, line, forcedAt: null };
}
