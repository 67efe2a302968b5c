/**
 * A finding's path as short names: the handler once, also where the way on to the worst begins in it again. Where frames are left
 * out of the report, how many stands in their place.
 */
import type { Finding, TraceFrame } from "../safety/report-model.ts";
import { shortName } from "./short-name.ts";

/** Names from the handler to the site and on to the worst behind it. */
export function pathNames(finding: Pick<Finding, "trace" | "beyond">): string[] {
  return pathFrames(finding).flatMap((frame) => {
    const name = shortName(frame.function);
    return frame.omitted === undefined ? [name] : [gapText(frame), name];
  });
}

/** The frames that they are the names of. */
export function pathFrames({ trace, beyond = [] }: Pick<Finding, "trace" | "beyond">): readonly TraceFrame[] {
  return [...trace, ...beyond.filter((frame) => frame.via !== "entry")];
}

/** How many frames it would be with those that are left out. */
export function wholeLength(frames: readonly TraceFrame[]): number {
  return frames.reduce((sum, { omitted = 0 }) => sum + 1 + omitted, 0);
}

/** What stands for the frames that are left out before this one; empty where none are. */
export function gapText({ omitted }: Pick<TraceFrame, "omitted">): string {
  return omitted === undefined ? "" : `… ${omitted} more …`;
}
