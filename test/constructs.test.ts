/**
 * fixtures/constructs: many handlers a file, each about one construct of the language or one function of std.
 *
 * `//= KIND[@CONDITION] … ?KIND …` stands before a handler: the kinds of warnings and errors that must be told of it, and after a
 * question mark those that may stand beside them. Nothing else may be told, there may be no blind spot, and where no kind
 * must be told the verdict is `clean`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Report } from "../src/safety/report-model.ts";
import { reportOf } from "./safety/report-of.ts";

const folder: URL = new URL("../fixtures/constructs/", import.meta.url);
const text = (name: string): string => readFileSync(new URL(name, folder), "utf8");
const prelude: string = text("prelude.rs.txt");
const libc: string = text("../safety/libc.rs.txt") + text("libc_more.rs.txt");

/** Expectations by handler. */
function expectedOf(source: string): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  let said: readonly string[] = [];
  for (const line of source.split("\n")) {
    const marks = /^\s*\/\/=(.*)$/.exec(line)?.[1];
    const handler = /^\s*h!\((\w+)/.exec(line)?.[1];
    if (marks !== undefined) said = marks.split(" ").filter((one) => one !== "");
    if (handler !== undefined) found.set(handler, said);
  }
  return found;
}

/** What is wrong with each handler; empty where all are as expected. */
function differences(report: Report, expected: ReadonlyMap<string, readonly string[]>): string[] {
  const wrong: string[] = [];
  for (const [name, said] of expected) {
    const handler = report.handlers.find((one) => one.function.endsWith(`::${name}`));
    if (handler === undefined) {
      wrong.push(`${name}: not found`);
      continue;
    }
    const findings = report.findings.filter((one) => one.handler === handler.id && one.level !== "note");
    const blind = report.blindSpots.filter((one) => one.handler === handler.id);
    const required = said.filter((one) => !one.startsWith("?"));
    const allowed = new Set([
      ...said.map((one) => one.replace(/^\?|@.*$/g, "")),
      ...(said.length > 0 ? ["errno"] : []),
    ]);
    for (const one of required) {
      const [kind, condition] = one.split("@");
      const conditionsOf = (finding: (typeof findings)[number]): readonly string[] => finding.conditions;
      if (!findings.some((it) => it.kind === kind && (condition === undefined || conditionsOf(it).includes(condition))))
        wrong.push(`${name}: ${one} is missing`);
    }
    for (const one of findings)
      if (!allowed.has(one.kind)) wrong.push(`${name}: ${one.kind} ${one.callee} is too much`);
    for (const one of blind) wrong.push(`${name}: blind spot ${one.reason} ${one.text}`);
    if (required.length === 0 && findings.length === 0 && blind.length === 0 && handler.verdict !== "clean")
      wrong.push(`${name}: ${handler.verdict}`);
  }
  return wrong;
}

describe("fixtures/constructs", () => {
  const names = readdirSync(folder).filter((one) => one.endsWith(".rs"));
  it.each(names.sort())(
    "%s",
    async (name) => {
      const source = text(name);
      const expected = expectedOf(source);
      const report = await reportOf([
        { name: "libc", text: libc, member: false },
        { name: "app", text: prelude + source, deps: ["libc"] },
      ]);
      expect(expected.size).toBeGreaterThan(10);
      expect(report.handlers).toHaveLength(expected.size);
      expect(differences(report, expected)).toEqual([]);
    },
    120_000,
  );
});
