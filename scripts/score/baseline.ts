/**
 * The scores that must not fall: test/score-baseline.json, which cases are right and what each program of the referee reached.
 *
 * `npm run score -- --raise` lifts it to what was just measured and never lowers it; lowering is an edit by hand, in a commit of its own.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isRight, type Outcome } from "./outcome.ts";
import type { RefereeResult, Share } from "./referee.ts";
import { projectRoot } from "./run-tool.ts";

export interface Baseline {
  readonly comment: string;
  /** Names of the cases that are right. */
  readonly corpus: readonly string[];
  readonly referee: Readonly<Record<string, RefereeFloor>>;
}
export interface RefereeFloor {
  readonly recall: number;
  readonly precision: number;
  readonly sites: number;
  readonly entries: number;
}

const file: string = path.join(projectRoot, "test/score-baseline.json");

/** The floor as it stands. */
export function readBaseline(): Baseline {
  return JSON.parse(readFileSync(file, "utf8")) as Baseline;
}

/** What a program of the referee reached, as shares of 1 rounded down. */
export function floorOf(result: RefereeResult): RefereeFloor {
  const { recall, precision, sites, entries } = result;
  return { recall: share(recall), precision: share(precision), sites: share(sites), entries: share(entries) };
}

/** Lifts the floor to what was measured. */
export function raiseBaseline(corpus: readonly Outcome[], referee: readonly RefereeResult[]): void {
  const old = readBaseline();
  const right = new Set([...old.corpus, ...corpus.filter(isRight).map((one) => one.name)]);
  const measured = referee.filter((one) => one.failure === null).map((one) => [one.program, floorOf(one)] as const);
  const programs = new Map(Object.entries(old.referee));
  for (const [program, now] of measured) programs.set(program, higher(programs.get(program) ?? now, now));
  const sorted = [...programs].sort(([a], [b]) => (a < b ? -1 : 1));
  const next: Baseline = { comment: old.comment, corpus: [...right].sort(), referee: Object.fromEntries(sorted) };
  writeFileSync(file, `${JSON.stringify(next, null, 2)}\n`);
}

function higher(one: RefereeFloor, other: RefereeFloor): RefereeFloor {
  return {
    recall: Math.max(one.recall, other.recall),
    precision: Math.max(one.precision, other.precision),
    sites: Math.max(one.sites, other.sites),
    entries: Math.max(one.entries, other.entries),
  };
}

function share({ part, of }: Share): number {
  return of === 0 ? 1 : Math.floor((1000 * part) / of) / 1000;
}
