/**
 * What a part of the score comes to: one shape for micro, corpus and referee, and the numbers made from it.
 */

/** One case: right where `missing` and `extra` are empty. */
export interface Outcome {
  readonly name: string;
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  /** Blind spots where none is expected. */
  readonly noise: readonly string[];
  /** Called clean or passed without a blind spot although something was required. */
  readonly dishonest: boolean;
  /** Callees in std that no rule describes. */
  readonly unmodelled: readonly string[];
  /** What was required and found; what was reported rightly. */
  readonly found: number;
  readonly handlers: number;
  /** Handlers whose verdict is not `incomplete`. */
  readonly decided: number;
  /** Warnings of each handler of a version that is free of errors, and how many it may have. */
  readonly warnings?: readonly WarningCount[];
  readonly note?: string;
}
export interface WarningCount {
  readonly handler: string;
  readonly count: number;
  readonly limit: number;
}
export interface Totals {
  readonly cases: number;
  readonly right: number;
  readonly recall: number;
  readonly precision: number;
  readonly honestyViolations: number;
  readonly noise: number;
  readonly unmodelled: number;
  readonly decided: number;
}

/** Whether a case is exactly right, blind spots included. */
export function isRight(outcome: Outcome): boolean {
  return outcome.missing.length === 0 && outcome.extra.length === 0 && outcome.noise.length === 0;
}

/** The numbers of a part. */
export function totalsOf(outcomes: readonly Outcome[]): Totals {
  const sum = (of: (one: Outcome) => number): number => outcomes.reduce((all, one) => all + of(one), 0);
  const found = sum((one) => one.found);
  const ratio = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);
  return {
    cases: outcomes.length,
    right: outcomes.filter(isRight).length,
    recall: ratio(found, found + sum((one) => one.missing.length)),
    precision: ratio(found, found + sum((one) => one.extra.length)),
    honestyViolations: outcomes.filter((one) => one.dishonest).length,
    noise: sum((one) => one.noise.length),
    unmodelled: sum((one) => one.unmodelled.length),
    decided: ratio(
      sum((one) => one.decided),
      sum((one) => one.handlers),
    ),
  };
}

/** The part as lines: the numbers, then one line for each wrong case. */
export function renderPart(title: string, outcomes: readonly Outcome[]): string {
  const all = totalsOf(outcomes);
  const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
  const head = [
    `${title}: ${all.right}/${all.cases} exactly right, recall ${percent(all.recall)}, precision ${percent(all.precision)},`,
    `honesty violations ${all.honestyViolations}, noise ${all.noise}, decided ${percent(all.decided)}, unknown std callees ${all.unmodelled}`,
  ].join(" ");
  const lines = outcomes
    .filter((one) => !isRight(one) || one.unmodelled.length > 0 || one.note !== undefined)
    .map(line);
  return [head, ...rows(outcomes), ...lines].join("\n");
}

/** What is summed over all cases: decided handlers, and warnings where errors are out of place. */
function rows(outcomes: readonly Outcome[]): readonly string[] {
  const counted = outcomes.flatMap((one) => one.warnings ?? []);
  if (counted.length === 0) return [];
  const sum = (of: (one: Outcome) => number): number => outcomes.reduce((all, one) => all + of(one), 0);
  const over = counted.filter((one) => one.count > one.limit);
  const most = [...new Set(counted.map((one) => one.limit))]
    .sort((a, b) => a - b)
    .map((limit) => {
      const counts = counted.filter((one) => one.limit === limit).map((one) => one.count);
      return `at most ${Math.max(...counts)} (of ${limit}) in ${counts.length} handlers`;
    });
  return [
    `  decided: ${sum((one) => one.decided)} of ${sum((one) => one.handlers)} handlers`,
    `  warnings where there is no error: ${most.join(", ")}; over the limit: ${over.map((one) => one.handler).join(", ") || "none"}`,
  ];
}

function line(outcome: Outcome): string {
  const parts = [
    outcome.missing.length === 0 ? "" : `missing ${outcome.missing.join("; ")}`,
    outcome.extra.length === 0 ? "" : `extra ${outcome.extra.join("; ")}`,
    outcome.noise.length === 0 ? "" : `noise ${outcome.noise.join("; ")}`,
    outcome.unmodelled.length === 0 ? "" : `unknown in std ${outcome.unmodelled.join("; ")}`,
    outcome.dishonest ? "DISHONEST" : "",
    outcome.note ?? "",
  ];
  return `  ${isRight(outcome) ? "ok   " : "wrong"} ${outcome.name}: ${parts.filter((part) => part !== "").join(" — ")}`;
}
