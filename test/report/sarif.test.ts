/**
 * SARIF of stored reports: valid against the OASIS schema, results as code scanning counts them, places in the repository,
 * nothing of this machine, limits told.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { lineHashes } from "../../src/base/line-hash.ts";
import { packageFile } from "../../src/base/package-file.ts";
import { readLints } from "../../src/cli/rule-files.ts";
import { renderSarif } from "../../src/report/sarif.ts";
import type { Finding, Report } from "../../src/safety/report-model.ts";
import { schemaErrors } from "../support/referees.ts";
import { hostileReport, storedReport } from "./stored-reports.ts";

interface Location {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId: string };
    readonly region: { readonly startLine: number; readonly startColumn: number; readonly endColumn?: number };
  };
  readonly message?: { readonly text: string };
}
interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly Location[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly codeFlows: readonly {
    readonly threadFlows: readonly { readonly locations: readonly { readonly location: Location }[] }[];
  }[];
  readonly relatedLocations: readonly (Location & { readonly id: number })[];
}
interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
  readonly automationDetails: { readonly id: string };
  readonly invocations: readonly {
    readonly executionSuccessful: boolean;
    readonly toolExecutionNotifications: readonly {
      readonly level: string;
      readonly message: { readonly text: string };
    }[];
  }[];
  readonly results: readonly Result[];
}

const rules = readLints().all;

function runOf(report: Report, prefix: string = ""): Run {
  const log = JSON.parse(renderSarif(report, { rules, prefix }));
  expect(schemaErrors(log)).toEqual([]);
  return log.runs[0];
}

function withFindings(report: Report, change: (finding: Finding, at: number) => Finding, number: number): Report {
  const [first] = report.findings;
  if (first === undefined) throw new Error("no finding");
  return { ...report, findings: Array.from({ length: number }, (_, at) => change(first, at)) };
}

describe("the log of pprof 0.15.0", () => {
  const report = storedReport("pprof-0.15.0");
  const run = runOf(report);

  test("has every unsuppressed finding as a result of a described rule", () => {
    expect(run.results.length).toBe(report.findings.length);
    for (const one of run.results) expect(run.tool.driver.rules[one.ruleIndex]?.id).toBe(one.ruleId);
    expect(run.tool.driver.rules.map((one) => one.id)).toEqual(rules.map((one) => one.id));
  });

  test("places each on the version line of the handler's crate in Cargo.lock, with GitHub's hash", () => {
    const lock = report.packages.find((one) => one.id === "pprof@0.15.0")?.lock;
    for (const one of run.results) {
      expect(one.locations).toHaveLength(1);
      const place = one.locations[0]?.physicalLocation;
      expect(place?.artifactLocation).toEqual({ uri: "Cargo.lock", uriBaseId: "%SRCROOT%" });
      expect(place?.region).toEqual({ startLine: lock?.line, startColumn: 1, endColumn: lock?.endColumn });
      expect(one.partialFingerprints["primaryLocationLineHash"]).toBe(lock?.lineHash);
    }
    expect(new Set(run.results.map((one) => one.partialFingerprints["sigsafeFinding/v1"])).size).toBe(
      run.results.length,
    );
  });

  test("has each finding's whole path, in registry sources through a symbolic base", () => {
    const first = report.findings[0];
    const steps = run.results[0]?.codeFlows[0]?.threadFlows[0]?.locations ?? [];
    expect(steps).toHaveLength((first?.trace.length ?? 0) + (first?.beyond?.length ?? 0));
    expect(steps[0]?.location.physicalLocation.artifactLocation).toEqual({
      uri: "pprof-0.15.0/src/profiler.rs",
      uriBaseId: "%CARGO_REGISTRY%",
    });
    expect(steps[0]?.location.message?.text).toMatch(
      /^pprof::profiler::perf_signal_handler calls .*profiler\.rs:\d+\)$/,
    );
  });

  test("says nothing of this machine, and the same each time", () => {
    const text = renderSarif(report, { rules, prefix: "" });
    expect(text).not.toMatch(/"uri": "(\/|file:|\.)|\/root\/|\/tmp\/|index\.crates\.io-/);
    expect(renderSarif(storedReport("pprof-0.15.0"), { rules, prefix: "" })).toBe(text);
  });

  test("tells that calls were not followed, and has the target in its category", () => {
    const notes = run.invocations[0]?.toolExecutionNotifications ?? [];
    expect(run.invocations[0]?.executionSuccessful).toBe(true);
    const reasons = new Set(report.blindSpots.map((one) => one.reason));
    expect(notes).toHaveLength(reasons.size + report.problems.length);
    expect(run.automationDetails.id).toBe("sigsafe-lint/x86_64-unknown-linux-gnu/");
  });

  test("every link of a message leads to a related location", () => {
    for (const one of run.results) {
      const ids = [...one.message.text.matchAll(/\]\((\d+)\)/g)].map((match) => Number(match[1]));
      expect(ids).toEqual([1, 2]);
      for (const id of ids) expect(one.relatedLocations.map((place) => place.id)).toContain(id);
    }
  });
});

describe("places in a workspace", () => {
  const report = storedReport("deadlock");

  test("what is in a dependency stands on the workspace's installation of the handler, or on the changed line that brought it", () => {
    const pprof = storedReport("pprof-0.15.0");
    const app = { id: "app@0.1.0", source: null, checksum: null, lock: null, root: "app" };
    const installed = { package: app.id, file: "src/main.rs", line: 7, column: 5 };
    const handlers = pprof.handlers.map((one) => ({ ...one, registeredAt: [installed, ...one.registeredAt] }));
    const inWorkspace: Report = { ...pprof, packages: [...pprof.packages, app], handlers };
    const placeOf = (one: Result | undefined): unknown => one?.locations[0]?.physicalLocation;
    expect(placeOf(runOf(inWorkspace).results[0])).toMatchObject({
      artifactLocation: { uri: "app/src/main.rs" },
      region: { startLine: 7 },
    });
    const cause = { file: "app/Cargo.toml", line: 3, endColumn: 9, lineHash: "ab:1", why: "feature `x` of y is on" };
    const [result] = runOf(
      withFindings(inWorkspace, (one) => ({ ...one, cause }), 1),
      "sub",
    ).results;
    expect(placeOf(result)).toMatchObject({
      artifactLocation: { uri: "sub/app/Cargo.toml" },
      region: { startLine: 3, endColumn: 9 },
    });
    expect(result?.partialFingerprints["primaryLocationLineHash"]).toBe("ab:1");
    expect(result?.message.text).toContain("Brought by app/Cargo.toml:3: feature `x` of y is on.");
  });

  test("without Cargo.lock: the line that declares the dependency, else the first of the manifest", () => {
    const pprof = storedReport("pprof-0.15.0");
    const declared = { file: "app/Cargo.toml", line: 9, endColumn: 20, lineHash: "cd:1" };
    const packages = pprof.packages.map((one) => ({ ...one, lock: null }));
    const bare: Report = { ...pprof, input: { ...pprof.input, lockfile: null }, packages };
    const line = (one: Report): unknown => runOf(one).results[0]?.locations[0]?.physicalLocation.region.startLine;
    expect(line(bare)).toBe(1);
    expect(line({ ...bare, packages: packages.map((one) => ({ ...one, declared })) })).toBe(9);
  });

  test("the findings of a change alone have a category of their own", () => {
    const changes = { ...report, input: { ...report.input, changesOnly: true } };
    expect(runOf(changes).automationDetails.id).toBe(
      "sigsafe-lint/changes/fixtures/deadlock/x86_64-unknown-linux-gnu/",
    );
  });

  test("the line of the workspace that the finding is at, with the hash of the file as it is", () => {
    const [result] = runOf(report).results;
    const place = result?.locations[0]?.physicalLocation;
    expect(place?.artifactLocation).toEqual({ uri: "fixtures/deadlock/profiler/src/lib.rs", uriBaseId: "%SRCROOT%" });
    const text = readFileSync(packageFile("fixtures/deadlock/profiler/src/lib.rs"), "utf8");
    const line = place?.region.startLine ?? 0;
    expect(result?.partialFingerprints["primaryLocationLineHash"]).toBe(lineHashes(text, [line])[0]);
    expect(place?.region.endColumn).toBe((text.split("\n")[line - 1]?.length ?? 0) + 1);
  });

  test("files are named from the repository's root, wherever the report was made", () => {
    const [result] = runOf(report, "a b/c").results;
    expect(result?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(
      "a%20b/c/fixtures/deadlock/profiler/src/lib.rs",
    );
    const up: Report = {
      ...report,
      packages: report.packages.map((one) => ({ ...one, root: `../x/${one.id}` })),
    };
    const [other] = runOf(up, "service").results;
    expect(other?.locations[0]?.physicalLocation.artifactLocation.uri).toBe("x/profiler%400.1.0/src/lib.rs");
  });

  test("what lies outside the repository is no place in it", () => {
    const outside: Report = {
      ...report,
      input: { ...report.input, lockfile: "../Cargo.lock", manifestPath: "sub/Cargo.toml" },
      packages: report.packages.map((one) => ({ ...one, root: "../elsewhere" })),
    };
    const [result] = runOf(outside).results;
    expect(result?.locations[0]?.physicalLocation).toMatchObject({
      artifactLocation: { uri: "sub/Cargo.toml", uriBaseId: "%SRCROOT%" },
      region: { startLine: 1 },
    });
    expect(result?.partialFingerprints["primaryLocationLineHash"]).toBeUndefined();
  });

  test("a published crate has no repository: the site in the registry", () => {
    const published: Report = {
      ...report,
      input: { ...report.input, lockfile: null, manifestPath: null },
      packages: report.packages.map((one) => ({ ...one, root: null, lock: null })),
    };
    const [result] = runOf(published).results;
    expect(result?.locations[0]?.physicalLocation.artifactLocation).toEqual({
      uri: "profiler-0.1.0/src/lib.rs",
      uriBaseId: "%CARGO_REGISTRY%",
    });
  });
});

describe("what is over a limit, suppressed or twice", () => {
  const report = storedReport("deadlock");

  test("suppressed findings are left out", () => {
    const suppressed = { reason: "known", until: null, source: "sigsafe.toml" };
    expect(runOf(withFindings(report, (one) => ({ ...one, suppressed }), 2)).results).toEqual([]);
  });

  test("equal results of two programs are one", () => {
    expect(runOf(withFindings(report, (one, at) => ({ ...one, id: `id${at}` }), 3)).results).toHaveLength(1);
  });

  test("results over 5000 are left out, the worst kept, with a notification", () => {
    const many = withFindings(
      report,
      (one, at) => ({
        ...one,
        id: `${at}`,
        callee: `f${at}`,
        trace: one.trace.slice(-1),
        message: `${at}`,
        beyond: [],
        covers: [],
      }),
      5003,
    );
    const run = runOf(many);
    expect(run.results).toHaveLength(5000);
    const notes = run.invocations[0]?.toolExecutionNotifications.map((one) => one.message.text);
    expect(notes).toContain("3 results over the limit of 5000 are left out");
  }, 60_000);

  test("paths over 1000 steps are cut, with a notification", () => {
    const [frame] = report.findings[0]?.trace ?? [];
    if (frame === undefined) throw new Error("no frame");
    const run = runOf(withFindings(report, (one) => ({ ...one, trace: Array.from({ length: 1200 }, () => frame) }), 1));
    expect(run.results[0]?.codeFlows[0]?.threadFlows[0]?.locations).toHaveLength(1000);
    expect(run.invocations[0]?.toolExecutionNotifications.map((one) => one.message.text)).toContain(
      "1 path cut after 1000 steps",
    );
  });
});

test("hostile text is inert, and makes no links", () => {
  const run = runOf(hostileReport());
  for (const one of run.results) {
    expect(one.message.text).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect([...one.message.text.matchAll(/(?<!\\)\]\(/g)]).toHaveLength(2);
  }
});
