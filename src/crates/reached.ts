/**
 * Which crates code of a crate can mean: itself, and all that it reaches over dependencies. Which of them it can name is for the names layer.
 */
import type { CrateId, Program } from "./crate-graph.ts";

/** The crate and all that it reaches. */
export function reachedFrom(program: Program, crate: CrateId): ReadonlySet<CrateId> {
  const seen = new Set<CrateId>([crate]);
  // The set grows while it is walked.
  for (const one of seen) for (const dep of program.crates[one]?.deps ?? []) seen.add(dep.crate);
  return seen;
}
