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

/** For each crate of a program, how many dependencies lie between it and the nearest root. */
export function distancesFrom({ crates, roots }: Program): ReadonlyMap<CrateId, number> {
  const distances = new Map<CrateId, number>(roots.map((root) => [root, 0]));
  // The map grows while it is walked, nearest crates first.
  for (const [one, distance] of distances)
    for (const { crate } of crates[one]?.deps ?? []) if (!distances.has(crate)) distances.set(crate, distance + 1);
  return distances;
}
