/**
 * The scores on published crates and against compiled programs do not fall below test/score-baseline.json, and honesty is never violated.
 * The SARIF of each published crate is valid for everybody who judges SARIF.
 */
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { floorOf, readBaseline } from "../scripts/score/baseline.ts";
import { runVersion, scoreCorpus } from "../scripts/score/corpus.ts";
import { corpusCases } from "../scripts/score/corpus-cases.ts";
import { isRight } from "../scripts/score/outcome.ts";
import { scoreReferee } from "../scripts/score/referee.ts";
import { reportOf } from "../scripts/score/run-tool.ts";
import { readLints } from "../src/cli/rule-files.ts";
import { renderSarif } from "../src/report/sarif.ts";
import { githubCheck, multitool, multitoolVerdicts, schemaErrors } from "./support/referees.ts";

const baseline: ReturnType<typeof readBaseline> = readBaseline();
const online: boolean = spawnSync("cargo", ["info", "--quiet", "libc"], { cwd: "/", timeout: 60_000 }).status === 0;
const python: boolean = spawnSync("python3", ["--version"]).status === 0;
const program: string | null = multitool();
const github: ReturnType<typeof githubCheck> = githubCheck();

describe.skipIf(!online)("corpus", () => {
  it.each(corpusCases().map((one) => one.id))("%s", { timeout: 1_300_000 }, (id) => {
    const outcomes = scoreCorpus(id) ?? [];
    expect(outcomes.length).toBeGreaterThan(0);
    expect(outcomes.filter((one) => one.dishonest)).toEqual([]);
    expect(outcomes.flatMap((one) => one.unmodelled)).toEqual([]);
    for (const one of outcomes.filter((found) => baseline.corpus.includes(found.name))) {
      expect({ ...one, right: isRight(one) }).toMatchObject({ right: true });
    }
  });
});

describe.skipIf(!online)("SARIF of the corpus", () => {
  const rules = readLints().all;
  const logs: Record<string, string> = {};
  for (const one of corpusCases()) {
    for (const version of [one.version, ...(one.fixed_version === null ? [] : [one.fixed_version])]) {
      it(`${one.id} ${one.crate} ${version}`, { timeout: 1_300_000 }, () => {
        const report = reportOf(runVersion(one, version));
        if (typeof report === "string") throw new Error(report);
        const text = renderSarif(report, { rules, prefix: "" });
        logs[`${one.id}-${version}`] = text;
        expect(schemaErrors(JSON.parse(text))).toEqual([]);
        if (github !== null) expect(github(JSON.parse(text))).toEqual([]);
      });
    }
  }

  it.skipIf(program === null)("has no error by Microsoft's Multitool", { timeout: 1_300_000 }, () => {
    expect(Object.keys(logs).length).toBeGreaterThan(0);
    expect(multitoolVerdicts(program ?? "", logs)).toEqual([]);
  });
});

describe.skipIf(!online || !python)("referee", () => {
  it.each(Object.entries(baseline.referee))("%s", { timeout: 1_300_000 }, (program, floor) => {
    const result = scoreReferee(program)?.[0];
    expect(result?.failure).toBeNull();
    expect(result?.unmodelled).toEqual([]);
    if (result === undefined) return;
    const now = floorOf(result);
    expect(now.recall).toBeGreaterThanOrEqual(floor.recall);
    expect(now.precision).toBeGreaterThanOrEqual(floor.precision);
    expect(now.sites).toBeGreaterThanOrEqual(floor.sites);
    expect(now.entries).toBeGreaterThanOrEqual(floor.entries);
  });
});
