/**
 * `bump` with crates.io: the bumps that the tool was made for, in workspaces written for the test, from what cargo resolves to what
 * is told of the handlers. Each takes two analyses.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compareReports } from "../../src/safety/compare-reports.ts";
import type { Finding, Report } from "../../src/safety/report-model.ts";
import { runCli } from "../support/run-cli.ts";
import { snapshotOf, tempFiles } from "../support/temp-files.ts";
import { namesIn, online } from "./published.ts";

if (!online) console.warn("SKIPPED: crates.io does not answer");

interface Compared {
  readonly code: number | null;
  readonly before: Report;
  readonly after: Report;
  readonly title: string;
  readonly notes: readonly string[];
  readonly handlers: Readonly<Record<"added" | "removed" | "moved", readonly unknown[]>>;
  readonly findings: Readonly<Record<"new" | "gone" | "same", readonly string[]>>;
}

/** A workspace with one dependency, locked at one version. */
function workspaceWith(dependency: string, name: string, version: string): string {
  const root = tempFiles({
    "Cargo.toml": '[workspace]\nmembers = ["app"]\nresolver = "2"\n',
    "app/Cargo.toml": `[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n${dependency}\n`,
    "app/src/main.rs": "fn main() {}\n",
  });
  const cargo = (...args: readonly string[]): unknown =>
    execFileSync("cargo", [...args, "--manifest-path", join(root, "Cargo.toml")], { cwd: "/", stdio: "ignore" });
  cargo("generate-lockfile");
  cargo("update", "-p", name, "--precise", version);
  return root;
}

async function bump(root: string, ...args: readonly string[]): Promise<Compared> {
  const before = snapshotOf(root);
  const target = ["--target", "x86_64-unknown-linux-gnu"];
  const run = await runCli(["bump", ...args, ...target, "--format", "json"], { cwd: root });
  expect(snapshotOf(root)).toEqual(before);
  if (run.stdout === "") throw new Error(run.stderr);
  return { ...JSON.parse(run.stdout), code: run.code };
}

function findings(report: Report, ids: readonly string[]): Finding[] {
  return report.findings.filter((one) => ids.includes(one.id));
}

describe.runIf(online)("bump", { timeout: 1_800_000 }, () => {
  test("pyroscope 1.0.0 to 1.0.1: the handler moves to the fork, and what is gone is exactly the unwinder's first use", async () => {
    const dependency = 'pyroscope = { version = "1", features = ["backend-pprof-rs"] }';
    const root = workspaceWith(dependency, "pyroscope", "1.0.0");
    const compared = await bump(root, "pyroscope@1.0.1");
    expect(compared).toMatchObject({ code: 0, title: "pyroscope 1.0.0 → 1.0.1", notes: [] });
    expect(compared.handlers).toMatchObject({ added: [], removed: [], moved: [{}] });
    const gone = findings(compared.before, compared.findings.gone);
    expect(gone.map((one) => [one.level, one.rule])).toEqual([["error", "lazy-init"]]);
    expect(namesIn(gone[0] as Finding)).toContain("UNWINDER");
    expect([compared.findings.new, compared.findings.same.length > 0]).toEqual([[], true]);
    expect(compareReports(compared.after, compared.before).findings.new.length).toBe(1);
  });

  test("pyroscope 2.0.5 to 2.0.6: the handler moves into pyroscope itself, with the same findings", async () => {
    const dependency = 'pyroscope = { version = "2", features = ["backend-pprof-rs"] }';
    const root = workspaceWith(dependency, "pyroscope", "2.0.5");
    const compared = await bump(root, "pyroscope@2.0.6");
    expect(compared).toMatchObject({ code: 0, title: "pyroscope 2.0.5 → 2.0.6" });
    expect(compared.handlers).toMatchObject({ added: [], removed: [], moved: [{}] });
    expect([compared.findings.new, compared.findings.gone]).toEqual([[], []]);
    expect(compared.findings.same.length).toBeGreaterThan(0);
  });

  test("pprof 0.14.0: the nearest version without the lock behind the guard's drop is 0.14.1", async () => {
    const root = workspaceWith('pprof = { version = "0.14", default-features = false }', "pprof", "0.14.0");
    const compared = await bump(root, "pprof", "--find-safe", "--tries", "1");
    expect(compared.title).toBe("pprof 0.14.0 → 0.14.1 is the nearest version without the findings");
    expect([compared.code, compared.handlers]).toEqual([0, { added: [], removed: [], moved: [] }]);
    const gone = findings(compared.before, compared.findings.gone).filter((one) => one.level === "error");
    expect(gone.length).toBeGreaterThan(0);
    for (const one of gone) expect([one.rule, one.callee]).toEqual(["lock-wait", expect.stringContaining("RwLock")]);
    expect(compared.findings.new).toEqual([]);
  });

  test("beyond the requirement it is rewritten in the copy; what does not exist ends with 2 and cargo's reason", async () => {
    const root = workspaceWith('pprof = { version = "=0.14.1", default-features = false }', "pprof", "0.14.1");
    const before = snapshotOf(root);
    const run = await runCli(["bump", "pprof@0.99.0"], { cwd: root });
    expect([run.code, run.stdout]).toEqual([2, ""]);
    expect(run.stderr).toMatch(
      /cargo cannot make the change: pprof 0\.99\.0[\s\S]*candidate versions found which didn't match/,
    );
    expect(run.stderr).not.toMatch(/sigsafe-lint-/);
    expect(snapshotOf(root)).toEqual(before);
  });
});
