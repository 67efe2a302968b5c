/**
 * The scores on published crates and against compiled programs do not fall below test/score-baseline.json, and honesty is never violated.
 */
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { floorOf, readBaseline } from "../scripts/score/baseline.ts";
import { scoreCorpus } from "../scripts/score/corpus.ts";
import { corpusCases } from "../scripts/score/corpus-cases.ts";
import { isRight } from "../scripts/score/outcome.ts";
import { scoreReferee } from "../scripts/score/referee.ts";

const baseline: ReturnType<typeof readBaseline> = readBaseline();
const online: boolean = spawnSync("cargo", ["info", "--quiet", "libc"], { cwd: "/", timeout: 60_000 }).status === 0;
const python: boolean = spawnSync("python3", ["--version"]).status === 0;

describe.skipIf(!online)("corpus", () => {
  it.each(corpusCases().map((one) => one.id))("%s", { timeout: 1_300_000 }, (id) => {
    const outcomes = scoreCorpus(id) ?? [];
    expect(outcomes.length).toBeGreaterThan(0);
    expect(outcomes.filter((one) => one.dishonest)).toEqual([]);
    for (const one of outcomes.filter((found) => baseline.corpus.includes(found.name))) {
      expect({ ...one, right: isRight(one) }).toMatchObject({ right: true });
    }
  });
});

describe.skipIf(!online || !python)("referee", () => {
  it.each(Object.entries(baseline.referee))("%s", { timeout: 1_300_000 }, (program, floor) => {
    const result = scoreReferee(program)?.[0];
    expect(result?.failure).toBeNull();
    if (result === undefined) return;
    const now = floorOf(result);
    expect(now.recall).toBeGreaterThanOrEqual(floor.recall);
    expect(now.precision).toBeGreaterThanOrEqual(floor.precision);
    expect(now.sites).toBeGreaterThanOrEqual(floor.sites);
    expect(now.entries).toBeGreaterThanOrEqual(floor.entries);
  });
});
