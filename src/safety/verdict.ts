/**
 * Verdicts: of a handler from its findings and blind spots, of a program from its handlers'.
 *
 * Notes and suppressed findings do not count; "clean" is said only where nothing was found and nothing was left unfollowed.
 */
import type { Level } from "../model/vocabulary.ts";
import type { ProgramVerdict, Verdict } from "./report-model.ts";

/** What a verdict is made from. */
export interface Judged {
  readonly level: Level;
  readonly suppressed: unknown;
}

/** The verdict of one handler. */
export function handlerVerdict(findings: readonly Judged[], blindSpots: number): Verdict {
  const counted = findings.filter((one) => one.suppressed === null);
  if (counted.some((one) => one.level === "error")) return "unsafe";
  if (counted.some((one) => one.level === "warning")) return "suspect";
  return blindSpots > 0 ? "incomplete" : "clean";
}

const WORST: readonly Verdict[] = ["unsafe", "suspect", "incomplete", "clean"];

/** The worst verdict of a program's handlers; `loose` are blind spots that belong to no handler. */
export function programVerdict(handlers: readonly Verdict[], loose: number): ProgramVerdict {
  const worst = WORST.find((one) => handlers.includes(one));
  if (worst === undefined) return loose > 0 ? "incomplete" : "no-handlers";
  return worst === "clean" && loose > 0 ? "incomplete" : worst;
}
