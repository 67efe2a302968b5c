/**
 * Which handlers of two reports are one and the same: by name and package, whatever its version; else as moved, where the
 * same function handles the same signals in a renamed, forked or vendoring crate.
 *
 * Several entries of one function in one package (programs with different results) form one group: they are compared together.
 * Two versions of one package in one graph are two groups, paired by version, then in their order.
 */
import { movedPrefix, type Prefix, pathSegments } from "./path-prefix.ts";
import { order } from "./places.ts";
import type { ReportHandler } from "./report-model.ts";

/** One handler on both sides, or on one only. */
export interface HandlerMatch {
  readonly before: readonly ReportHandler[];
  readonly after: readonly ReportHandler[];
  /** What its paths began with; null where it has not moved. */
  readonly moved: Prefix | null;
}

/** Every handler of both reports in exactly one match, in a fixed order. */
export function matchHandlers(before: readonly ReportHandler[], after: readonly ReportHandler[]): HandlerMatch[] {
  const [left, right] = [groups(before), groups(after)];
  const matches: HandlerMatch[] = [];
  const take = (from: Group, to: Group, moved: Prefix | null): void => {
    matches.push({ before: from.handlers, after: to.handlers, moved });
    left.splice(left.indexOf(from), 1);
    right.splice(right.indexOf(to), 1);
  };
  for (const same of [sameVersion, sameName]) {
    for (const from of [...left]) {
      const to = right.find((one) => same(from, one));
      if (to !== undefined) take(from, to, null);
    }
  }
  for (const { from, to, prefix } of moves(left, right)) {
    if (left.includes(from) && right.includes(to)) take(from, to, prefix);
  }
  for (const { handlers } of left) matches.push({ before: handlers, after: [], moved: null });
  for (const { handlers } of right) matches.push({ before: [], after: handlers, moved: null });
  return matches;
}

/** A package's name without its version. */
export function packageName(id: string): string {
  const at = id.lastIndexOf("@");
  return at <= 0 ? id : id.slice(0, at);
}

interface Group {
  readonly function: string;
  readonly package: string;
  readonly entryKind: string;
  readonly handlers: ReportHandler[];
}

function groups(handlers: readonly ReportHandler[]): Group[] {
  const byKey = new Map<string, Group>();
  for (const handler of handlers) {
    const key = JSON.stringify([handler.function, handler.package, handler.entryKind]);
    const group = byKey.get(key) ?? { ...handler, handlers: [] };
    group.handlers.push(handler);
    byKey.set(key, group);
  }
  return [...byKey].sort(([left], [right]) => order(left, right)).map(([, group]) => group);
}

function sameVersion(left: Group, right: Group): boolean {
  return sameName(left, right) && left.package === right.package;
}

function sameName(left: Group, right: Group): boolean {
  const names = packageName(left.package) === packageName(right.package);
  return names && left.function === right.function && left.entryKind === right.entryKind;
}

/** Every possible move, the one with the longest path in common first. */
function moves(left: readonly Group[], right: readonly Group[]): { from: Group; to: Group; prefix: Prefix }[] {
  const found = left.flatMap((from) =>
    right.flatMap((to) => {
      if (from.entryKind !== to.entryKind || signalsOf(from) !== signalsOf(to)) return [];
      const prefix = movedPrefix(from.function, to.function);
      return prefix === null ? [] : [{ from, to, prefix }];
    }),
  );
  const depth = (path: string): number => pathSegments(path).length;
  const shared = (one: (typeof found)[number]): number => Math.min(depth(one.from.function), depth(one.to.function));
  return found.sort((one, other) => shared(other) - shared(one));
}

function signalsOf(group: Group): string {
  return [...new Set(group.handlers.flatMap((one) => one.signals))].sort(order).join(" ");
}
