/**
 * SARIF before independent referees: Microsoft's Multitool with its Sarif and Ghas rules (all of them: GH1001 to GH1007 are off
 * by default) and its own rolling hashes. SARIF_MULTITOOL names the program (npm `@microsoft/sarif-multitool-linux`, 104 MB,
 * which is no dependency for that); without it this is skipped, and says so.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../src/base/package-file.ts";
import { readLints } from "../../src/cli/rule-files.ts";
import { renderSarif } from "../../src/report/sarif.ts";
import { tempFiles } from "../support/temp-files.ts";
import { hostileReport, storedReport } from "./stored-reports.ts";

const multitool: string = process.env["SARIF_MULTITOOL"] ?? "";
const there: boolean = multitool !== "" && existsSync(multitool);
if (!there) process.stderr.write("SKIPPED: SARIF before Microsoft's Multitool; SARIF_MULTITOOL names no program\n");

const rules = readLints().all;
const reports = {
  pprof: storedReport("pprof-0.15.0"),
  deadlock: storedReport("deadlock"),
  hostile: hostileReport(),
};

/** Errors and warnings of a log as `rule level`; the tool's exit code is 0 even with errors. */
function verdicts(text: string): string[] {
  const at = tempFiles({ "in.sarif": text });
  run("export-validation-config", join(at, "all.xml"));
  const keys = readFileSync(join(at, "all.xml"), "utf8").match(/GH10\d+\.\w+(?=\.Options)/g) ?? [];
  const enabled = [...new Set(keys)].map(
    (key) =>
      `<Properties Key="${key}.Options"><Property Key="RuleEnabled" Value="Error" Type="Driver.RuleEnabledState" /></Properties>`,
  );
  expect(enabled.length).toBeGreaterThan(10);
  writeFileSync(
    join(at, "gh.xml"),
    `<?xml version="1.0" encoding="utf-8"?>\n<Properties>${enabled.join("")}</Properties>`,
  );
  const kinds = ["--rule-kind", "Sarif;Ghas", "--config", join(at, "gh.xml"), "--level", "Error;Warning"];
  run("validate", join(at, "in.sarif"), ...kinds, "-o", join(at, "out.sarif"), "--log", "ForceOverwrite");
  const out = JSON.parse(readFileSync(join(at, "out.sarif"), "utf8"));
  const found: { readonly ruleId: string; readonly level?: string }[] = out.runs[0].results ?? [];
  return [...new Set(found.map((one) => `${one.ruleId} ${one.level ?? "warning"}`))].sort();
}

function run(...args: readonly string[]): void {
  try {
    execFileSync(multitool, args, { stdio: "pipe" });
  } catch (error) {
    // Findings are told by the log it writes, not by how it ends.
    if (!("status" in (error as object))) throw error;
  }
}

describe.skipIf(!there)("Microsoft's Multitool", () => {
  test.each(Object.keys(reports) as (keyof typeof reports)[])("has nothing against %s", (name) => {
    expect(verdicts(renderSarif(reports[name], { rules, prefix: "" }))).toEqual([]);
  });

  test("would have: a place behind another scheme is an error", () => {
    const text = renderSarif(reports.pprof, { rules, prefix: "" });
    const planted = verdicts(text.replaceAll('"uri": "Cargo.lock"', '"uri": "https://example.com/Cargo.lock"'));
    expect(planted).toContain("GH1005 error");
  });

  test("computes the same hash of a line", () => {
    const log = JSON.parse(renderSarif(reports.deadlock, { rules, prefix: "" }));
    const [result] = log.runs[0].results;
    const ours = result.partialFingerprints.primaryLocationLineHash;
    result.partialFingerprints = {};
    log.runs[0].originalUriBaseIds["%SRCROOT%"].uri = `file://${packageFile("./")}`;
    const at = tempFiles({ "in.sarif": JSON.stringify(log) });
    const insert = ["--insert", "RollingHashPartialFingerprints", "--log", "ForceOverwrite"];
    run("rewrite", join(at, "in.sarif"), ...insert, "-o", join(at, "out.sarif"));
    const theirs = JSON.parse(readFileSync(join(at, "out.sarif"), "utf8")).runs[0].results[0].partialFingerprints;
    expect(theirs.primaryLocationLineHash).toBe(ours);
    expect(ours).toMatch(/^[0-9a-f]+:\d+$/);
  });
});
