/** Calls of std that no rule pack says anything of, as a report counts them: its blind spots `no-model`. */
import type { BlindSpot, Report } from "../../src/safety/report-model.ts";

/** The callees among blind spots of a report, each as often as it is called. */
export function unmodelledCallees(blindSpots: Report["blindSpots"]): readonly string[] {
  return blindSpots.filter(({ reason }) => reason === "no-model").map(calleeOf);
}

function calleeOf({ text, package: owner, file, line }: BlindSpot): string {
  return `${text} (${owner} ${file}:${line})`;
}
