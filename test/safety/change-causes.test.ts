/** Which changed line a new finding is told at: features, lines of the path, Cargo.lock; and nothing where nothing explains it. */
import { describe, expect, test } from "vitest";
import { changedLines } from "../../src/cli/change-lines.ts";
import { type ChangedInputs, type ChangedText, causeOf } from "../../src/safety/change-causes.ts";
import type { Finding, Report, ReportPackage } from "../../src/safety/report-model.ts";
import { storedReport } from "../report/stored-reports.ts";

const stored = storedReport("pprof-0.15.0");
const error = stored.findings.find((one) => one.level === "error") as Finding;

/** The report with these packages changed; `null` takes one out. */
function withPackages(changes: Readonly<Record<string, Partial<ReportPackage> | null>>): Report {
  const packages = stored.packages.flatMap((one) => {
    const name = one.id.slice(0, one.id.lastIndexOf("@"));
    const change = changes[name];
    return change === null ? [] : [{ ...one, ...change }];
  });
  return { ...stored, packages };
}

function manifest(text: string, changed: readonly number[]): ChangedText {
  return { file: "Cargo.toml", lines: text.split("\n"), changed: (line) => changed.includes(line) };
}

function inputs(more: Partial<ChangedInputs>): ChangedInputs {
  return { manifests: [], lockfile: null, source: () => null, ...more };
}

const lockfile = {
  file: "Cargo.lock",
  entries: stored.packages.map((one, at) => ({
    name: one.id.slice(0, one.id.lastIndexOf("@")),
    version: one.id.slice(one.id.lastIndexOf("@") + 1),
    source: one.source,
    line: at * 10 + 2,
    sourceLine: at * 10 + 3,
  })),
};

function lockLineOf(name: string, key: "line" | "sourceLine"): number {
  return lockfile.entries.find((one) => one.name === name)?.[key] ?? -1;
}

const on = withPackages({ pprof: { features: ["framehop-unwinder"] } });
const off = withPackages({ pprof: { features: [] } });

describe("a feature that was switched on", () => {
  test("is told at the changed line that names it, in the package's own declaration first", () => {
    const text = `[dependencies]
other = { version = "1", features = ["framehop-unwinder"] }
pprof = { version = "0.15", features = [
  "flamegraph",
  "framehop-unwinder",
] }`;
    const cause = causeOf(error, off, on, inputs({ manifests: [manifest(text, [2, 5])], lockfile }));
    expect(cause).toEqual({
      file: "Cargo.toml",
      line: 5,
      why: "feature `framehop-unwinder` of pprof is switched on",
    });
    expect(causeOf(error, off, on, inputs({ manifests: [manifest(text, [2])], lockfile }))?.line).toBe(2);
    expect(causeOf(error, off, on, inputs({ manifests: [manifest(text, [1])] }))).toBe(null);
    expect(causeOf(error, on, on, inputs({ manifests: [manifest(text, [5])] }))).toBe(null);
  });

  test("through a member's feature, and through a declaration that names none", () => {
    const text = '[features]\ndefault = ["profiling"]\nprofiling = ["pprof/framehop-unwinder"]\n# "profiling"\n';
    const app = { id: "app@0.1.0", source: null, checksum: null, lock: null, root: "app" };
    const before = { ...off, packages: [...off.packages, { ...app, features: ["default"] }] };
    const after = { ...on, packages: [...on.packages, { ...app, features: ["default", "profiling"] }] };
    const found = causeOf(error, before, after, inputs({ manifests: [manifest(text, [2, 4])] }));
    expect(found).toMatchObject({ line: 2, why: "feature `profiling` of app is switched on" });
    const plain = manifest('[dependencies]\npprof = "0.15"\n', [2]);
    expect(causeOf(error, off, on, inputs({ manifests: [plain] }))).toMatchObject({ line: 2 });
  });
});

describe("in Cargo.lock", () => {
  test("a package from elsewhere is told at its source line, one of another version at its version line", () => {
    const source = withPackages({ pprof: { source: "git+https://example.org/pprof#0123" } });
    expect(causeOf(error, source, stored, inputs({ lockfile }))).toEqual({
      file: "Cargo.lock",
      line: lockLineOf("pprof", "sourceLine"),
      why: "pprof comes from another source",
    });
    const version = withPackages({ pprof: { id: "pprof@0.14.0", checksum: "0" } });
    expect(causeOf(error, version, stored, inputs({ lockfile }))).toEqual({
      file: "Cargo.lock",
      line: lockLineOf("pprof", "line"),
      why: "pprof is 0.15.0, and was 0.14.0",
    });
    expect(causeOf(error, withPackages({ pprof: null }), stored, inputs({ lockfile }))?.why).toBe(
      "pprof 0.15.0 is new",
    );
    expect(causeOf(error, stored, stored, inputs({ lockfile }))).toBe(null);
  });
});

test("a changed line of the path is told before Cargo.lock", () => {
  const site = error.trace.at(-1);
  const source = (_: string, file: string): ChangedText => ({
    file: `src/${file}`,
    lines: [],
    changed: (line) => file === site?.file && line === site.line,
  });
  const version = withPackages({ pprof: { id: "pprof@0.14.0", checksum: "0" } });
  const cause = causeOf(error, version, stored, inputs({ lockfile, source }));
  expect(cause).toEqual({ file: `src/${site?.file}`, line: site?.line, why: "this line changed" });
});

test("changed lines are those that the base does not hold as often between what both begin and end with", () => {
  const lines = (now: string, old: string): number[] => [...changedLines(now.split("|"), old.split("|"))];
  expect(lines("a|b|c", "a|b|c")).toEqual([]);
  expect(lines("a|x|c", "a|b|c")).toEqual([2]);
  expect(lines("a|b|b|c", "a|b|c")).toEqual([3]);
  expect(lines("x|a|y|b|z", "a|b")).toEqual([1, 3, 5]);
  expect(lines("a", "a|b")).toEqual([]);
});
