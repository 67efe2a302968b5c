/**
 * Findings as a person reads them: what one place does for one reason on one handler's way is one item, even where it is
 * several effects; and items are gathered under the crate whose source has to change. Order is that of the report.
 */
import { addTo } from "../base/add-to.ts";
import type { Finding } from "../safety/report-model.ts";

export interface FindingItem {
  /** The first; its path, place and reason are those of all. */
  readonly finding: Finding;
  readonly all: readonly Finding[];
  readonly rules: readonly string[];
  /** What the effects are, in one sentence. */
  readonly message: string;
}
export interface CrateItems {
  /** `name@version` of the crate that holds the places. */
  readonly package: string;
  readonly items: readonly FindingItem[];
}

/** Unsuppressed findings of one level, merged by place. */
export function itemsOf(findings: readonly Finding[], level: Finding["level"]): FindingItem[] {
  const shown = findings.filter((one) => one.level === level && one.suppressed === null);
  return [...grouped(shown, keyOf).values()].flatMap((all): FindingItem[] => {
    const [finding] = all;
    if (finding === undefined) return [];
    return [{ finding, all, rules: [...new Set(all.map((one) => one.rule))], message: messageOf(all) }];
  });
}

/** Items by the crate that has to fix them; crates with most items first. */
export function byCrate(items: readonly FindingItem[]): CrateItems[] {
  const crates = [...grouped(items, (one) => one.finding.site.package)].map(([name, list]) => ({
    package: name,
    items: list,
  }));
  return crates.sort(
    (left, right) => right.items.length - left.items.length || (left.package < right.package ? -1 : 1),
  );
}

/** A finding's reason without the level that it is printed beside; empty where the message says it already. */
export function reasonOf(finding: Finding): string {
  const reason = finding.why.replace(/^(?:error|warning|note): /, "");
  return finding.message.includes(reason) ? "" : reason;
}

/** Lists by key, in order of first appearance. */
export function grouped<T>(list: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const out = new Map<string, T[]>();
  for (const one of list) addTo(out, keyOf(one), one);
  return out;
}

function keyOf(finding: Finding): string {
  const { site } = finding;
  return JSON.stringify([finding.handler, finding.why, site.function, site.package, site.file, site.line, site.column]);
}

function messageOf(all: readonly Finding[]): string {
  const parts = [...grouped(all, (one) => one.callee)].map(([callee, list]) => {
    const named = `\`${callee}\` `;
    const messages = [...new Set(list.map((one) => one.message))];
    if (!messages.every((one) => one.startsWith(named))) return messages.join("; ");
    return named + messages.map((one) => one.slice(named.length)).join(" and ");
  });
  return parts.join("; ");
}
