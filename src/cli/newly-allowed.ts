/**
 * What a change allows: findings that its own comments, configuration or baseline suppress and nothing suppressed before. Said with every
 * comparison, in every format, so that nothing is silenced unseen.
 */
import type { Comparison } from "../safety/compare-reports.ts";

/** The findings that are allowed now and were not before, a line each. */
export function newlyAllowed({ findings }: Comparison): string[] {
  return findings.allowed.map((one) => {
    const { reason, source } = one.suppressed ?? { reason: "", source: "" };
    return `newly allowed by ${source}: ${one.level}[${one.rule}] ${one.callee} in ${one.site.function}: ${reason}`;
  });
}
