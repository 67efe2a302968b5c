/**
 * fixtures/safety: one small program per file, with what must be found written into it, and nothing else may be.
 *
 * `//~ LEVEL RULE [via f > g]` stands on the line of a finding's site, `//~ guard KIND` on the line of a guard; `//#` lines say the rest: `verdict`, `handlers` (last path
 * segments), `signals`, `guard STATIC`, `blind REASON`, `deps` (stubs beside this file), `options`, `kind: lib`, `maybe` (cfgs that a build script may set). Findings, guards and blind spots are compared as whole lists.
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { GuardRecord, Report } from "../../src/safety/report-model.ts";
import { reportOf } from "./report-of.ts";

const folder: URL = new URL("../../fixtures/safety/", import.meta.url);
/** The crates that a fixture may name in `//# deps`, each a text that says what the real one offers. */
const stub = (name: string): string => readFileSync(new URL(`${name}.rs.txt`, folder), "utf8");

interface Expected {
  readonly findings: readonly string[];
  readonly guards: readonly string[];
  readonly vias: readonly string[];
  readonly said: ReadonlyMap<string, readonly string[]>;
}

function expectedOf(text: string): Expected {
  const findings: string[] = [];
  const guards = new Set<string>();
  const vias: string[] = [];
  const said = new Map<string, string[]>();
  for (const [index, line] of text.split("\n").entries()) {
    const directive = /^\/\/# (\w+):? ?(.*)$/.exec(line);
    if (directive?.[1] !== undefined) said.set(directive[1], [...(said.get(directive[1]) ?? []), directive[2] ?? ""]);
    for (const [, level, rule, via] of line.matchAll(/\/\/~ (\w+) ([\w-]+)(?: via ([^/]+))?/g)) {
      if (level === "guard") guards.add(`${index + 1} ${rule}`);
      else findings.push(`${index + 1} ${level} ${rule}`);
      if (via !== undefined) vias.push(`${index + 1} ${rule} ${via.trim()}`);
    }
  }
  return { findings: findings.sort(), guards: [...guards].sort(), vias: vias.sort(), said };
}

function last(path: string): string {
  return path.replace(/^.*::(?=[\w{])/, "").replace(/^.*::(\w+::\{closure)/, "$1");
}

function found(report: Report): Record<string, unknown> {
  return {
    findings: report.findings.map((one) => `${one.site.line} ${one.level} ${one.rule}`).sort(),
    verdict: report.programs[0]?.verdict,
    handlers: [...new Set(report.handlers.map((one) => last(one.function)))].sort().join(", "),
    statics: [...new Set(report.guards.filter(isOfStatic).map((one) => last(one.static)))].sort(),
    guards: [
      ...new Set(report.guards.filter((one) => !isOfStatic(one)).map((one) => `${one.line} ${one.guard}`)),
    ].sort(),
    blind: [...new Set(report.blindSpots.map((one) => one.reason))].sort(),
  };
}

function isOfStatic({ guard }: GuardRecord): boolean {
  return guard === "init-before-install";
}

describe("fixtures/safety", () => {
  for (const name of readdirSync(folder)
    .filter((one) => one.endsWith(".rs"))
    .sort()) {
    it(name.replace(".rs", ""), async () => {
      const text = readFileSync(new URL(name, folder), "utf8");
      const expected = expectedOf(text);
      const lists = (key: string): string[] => [...(expected.said.get(key) ?? [])].sort();
      const words = (key: string): string[] => lists(key).flatMap((one) => one.split(/,\s*/u));
      const deps = ["libc", ...words("deps")];
      const crates = deps.map((dep, at) => ({ name: dep, text: stub(dep), member: false, deps: deps.slice(0, at) }));
      const options = { forkEntries: words("options").includes("fork-entries") };
      const report = await reportOf(
        [
          ...crates,
          { name: "app", text, deps, kind: lists("kind")[0] === "lib" ? "lib" : "bin", maybe: words("maybe") },
        ],
        options,
      );
      expect(found(report)).toEqual({
        findings: expected.findings,
        verdict: lists("verdict")[0],
        handlers: lists("handlers")[0] ?? "",
        statics: lists("guard"),
        guards: expected.guards,
        blind: lists("blind"),
      });
      const vias = report.findings.map(
        (one) => `${one.site.line} ${one.rule} ${one.trace.map((frame) => last(frame.function)).join(" > ")}`,
      );
      for (const via of expected.vias) expect(vias).toContain(via);
      for (const signals of lists("signals")) {
        expect([...new Set(report.handlers.flatMap((one) => one.signals))].sort().join(", ")).toBe(signals);
      }
    });
  }
});
