/**
 * SARIF of stored reports before independent referees: Microsoft's Multitool with its Sarif and Ghas rules and its own rolling hashes,
 * and the validator that GitHub's upload uses. That of the corpus is in score.slow.test.ts.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../src/base/package-file.ts";
import { readLints } from "../../src/cli/rule-files.ts";
import { renderSarif } from "../../src/report/sarif.ts";
import { githubCheck, multitool, multitoolVerdicts, runMultitool } from "../support/referees.ts";
import { tempFiles } from "../support/temp-files.ts";
import { hostileReport, storedReport } from "./stored-reports.ts";

const program: string = multitool() ?? "";
const github: ReturnType<typeof githubCheck> = githubCheck();

const rules = readLints().all;
const reports = {
  pprof: storedReport("pprof-0.15.0"),
  deadlock: storedReport("deadlock"),
  hostile: hostileReport(),
};
const logs: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(reports).map(([name, report]) => [name, renderSarif(report, { rules, prefix: "" })]),
);

describe.skipIf(program === "")("Microsoft's Multitool", () => {
  test("has nothing against any log", () => {
    expect(multitoolVerdicts(program, logs)).toEqual([]);
  });

  test("would have: a place behind another scheme is an error", () => {
    const planted = (logs["pprof"] ?? "").replaceAll('"uri": "Cargo.lock"', '"uri": "https://example.com/Cargo.lock"');
    expect(multitoolVerdicts(program, { planted })).toContain("planted.sarif GH1005 error");
  });

  test("computes the same hash of a line", () => {
    const log = JSON.parse(renderSarif(reports.deadlock, { rules, prefix: "" }));
    const [result] = log.runs[0].results;
    const ours = result.partialFingerprints.primaryLocationLineHash;
    result.partialFingerprints = {};
    log.runs[0].originalUriBaseIds["%SRCROOT%"].uri = `file://${packageFile("./")}`;
    const at = tempFiles({ "in.sarif": JSON.stringify(log) });
    const insert = ["--insert", "RollingHashPartialFingerprints", "--log", "ForceOverwrite"];
    runMultitool(program, "rewrite", join(at, "in.sarif"), ...insert, "-o", join(at, "out.sarif"));
    const theirs = JSON.parse(readFileSync(join(at, "out.sarif"), "utf8")).runs[0].results[0].partialFingerprints;
    expect(theirs.primaryLocationLineHash).toBe(ours);
    expect(ours).toMatch(/^[0-9a-f]+:\d+$/);
  });
});

describe.skipIf(github === null)("the validator of GitHub's upload", () => {
  test("accepts each log, and would not accept one without a driver", () => {
    for (const text of Object.values(logs)) expect(github?.(JSON.parse(text))).toEqual([]);
    const [log] = Object.values(logs).map((text) => JSON.parse(text));
    delete log.runs[0].tool.driver;
    expect(github?.(log).length).toBeGreaterThan(0);
  });
});
