/**
 * Findings of the heap that a condition lowered, one for each reason: an inline vector that spills, an error path, foreign data.
 *
 * Input: a handler's findings. Output: the same, where those of one package that the same condition lowered to a warning are one, the
 * shortest path first; the others are in its `covers`, so that nothing is lost. Errors, notes and other kinds stay apart.
 */
import { addTo } from "../base/add-to.ts";
import type { Condition } from "../model/vocabulary.ts";
import { distinct } from "./covers.ts";
import type { Draft } from "./findings.ts";
import type { CoveredEffect } from "./report-model.ts";

const lowering: readonly Condition[] = ["foreign-data", "spill", "error-path", "guarded"];

/** Grouped findings, in the order of the first of each group. */
export function groupLowered(drafts: readonly Draft[]): Draft[] {
  const groups = new Map<string, Draft[]>();
  for (const [index, draft] of drafts.entries()) {
    const reason = reasonOf(draft);
    const key = reason === null ? `${index}` : `${draft.handler}|${reason}|${draft.site.package}`;
    addTo(groups, key, draft);
  }
  return [...groups.values()].map(merged);
}

/** The condition that lowered a finding of the heap; null where none did or it is no warning. */
function reasonOf(draft: Draft): Condition | null {
  if (draft.level !== "warning" || (draft.kind !== "alloc" && draft.kind !== "dealloc")) return null;
  return lowering.find((one) => draft.conditions.includes(one)) ?? null;
}

function merged(list: readonly Draft[]): Draft {
  const first = list.reduce((best, one) => (ahead(one, best) ? one : best));
  if (list.length === 1) return first;
  const places = new Set(list.map((one) => `${one.site.file}:${one.site.line}:${one.site.column}`)).size;
  const covers = distinct([
    ...first.covers,
    ...list.flatMap((one) => (one === first ? [] : [asCovered(one), ...one.covers])),
  ]);
  const more = places > 1 ? ` (and ${places - 1} more ${places === 2 ? "place" : "places"} in this crate)` : "";
  return { ...first, covers, message: `${first.message}${more}`, otherPaths: first.otherPaths + list.length - 1 };
}

/** Allocation before free, then the shorter way, then the earlier place. */
function ahead(one: Draft, best: Draft): boolean {
  if (one.kind !== best.kind) return one.kind === "alloc";
  if (one.trace.length !== best.trace.length) return one.trace.length < best.trace.length;
  const key = (draft: Draft): string =>
    `${draft.site.file}|${String(draft.site.line).padStart(8, "0")}|${draft.callee}`;
  return key(one) < key(best);
}

function asCovered(draft: Draft): CoveredEffect {
  return { kind: draft.kind, callee: draft.callee, site: draft.site, conditions: draft.conditions };
}
