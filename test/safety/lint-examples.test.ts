/** The examples in rules/lints.json do what they claim: the bad one is reported under its rule, the good one is not. */
import { describe, expect, test } from "vitest";
import type { LintText } from "../../scripts/rules-document.ts";
import type { Report } from "../../src/safety/report-model.ts";
import { exampleProgram, libcText as libc, lints } from "./lint-example.ts";
import { reportOf } from "./report-of.ts";

describe.each(lints.map((lint) => [lint.id, lint] as const))("%s", (id, lint) => {
  test("the bad example is reported", async () => {
    expect(reported(await report(lint, "bad"))).toContain(id);
  });

  test("the good example is not", async () => {
    expect(reported(await report(lint, "good"))).not.toContain(id);
  });
});

/** Rules of the findings, and the rule for blind spots where there is one. */
function reported({ findings, blindSpots, handlers }: Report): string[] {
  expect(handlers.length).toBeGreaterThan(0);
  return [...findings.map((one): string => one.rule), ...(blindSpots.length > 0 ? ["unresolved-call"] : [])];
}

function report(lint: LintText, which: "bad" | "good"): Promise<Report> {
  return reportOf([
    { name: "libc", text: libc, member: false },
    { name: "app", text: exampleProgram(lint, which), deps: ["libc"] },
  ]);
}
