/**
 * The fixture that reproduces the deadlock, through the command as it ships: exit code, text, JSON against its schema.
 *
 * The text is a snapshot; JSON read back gives the same text, so nothing is printed that the report does not hold.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { beforeAll, describe, expect, test } from "vitest";
import { packageFile } from "../../src/base/package-file.ts";
import { CONDITIONS, KINDS, RULE_OF, type UnresolvedReason, type Via } from "../../src/model/vocabulary.ts";
import { renderJson } from "../../src/report/json.ts";
import { renderText } from "../../src/report/text.ts";
import type { Report } from "../../src/safety/report-model.ts";
import { type CliRun, runCli } from "../support/run-cli.ts";
import { snapshotOf, tempFiles } from "../support/temp-files.ts";

const schema: Record<string, unknown> = JSON.parse(readFileSync(packageFile("schemas/report.schema.json"), "utf8"));
const plain = { colour: false, explain: false, quiet: false };
let run: CliRun;
let json: string;
let text: string;
let report: Report;
let before: Record<string, string>;

beforeAll(async () => {
  before = snapshotOf(packageFile("fixtures/deadlock"));
  const out = tempFiles({});
  run = await runCli([
    "check",
    "--manifest-path",
    "fixtures/deadlock/Cargo.toml",
    "--target",
    "x86_64-unknown-linux-gnu",
    "--output",
    `json=${join(out, "report.json")}`,
    "--output",
    `text=${join(out, "report.txt")}`,
  ]);
  json = readFileSync(join(out, "report.json"), "utf8");
  text = readFileSync(join(out, "report.txt"), "utf8");
  report = JSON.parse(json);
}, 120_000);

describe("the run", () => {
  test("ends with 1, and writes to the files that were asked for alone", () => {
    expect({ ...run, stderr: "" }).toEqual({ code: 1, stdout: "", stderr: "" });
    expect(run.stderr).toBe("");
  });

  test("changes no byte of the workspace", () => {
    expect(snapshotOf(packageFile("fixtures/deadlock"))).toEqual(before);
  });
});

describe("the report", () => {
  test("the first use in the handler is the finding, with what it leads to", () => {
    const errors = report.findings.filter((one) => one.level === "error");
    expect(errors.map((one) => [one.rule, one.site.package, one.site.function])).toEqual([
      ["lazy-init", "profiler@0.1.0", "profiler::on_sigprof"],
    ]);
    const [finding] = errors;
    const covered = new Set(finding?.covers.map((one) => `${one.kind} ${one.site.function}`));
    expect(covered).toContain("alloc unwind::find_objects");
    expect(covered).toContain("lock profiler::on_sigprof");
  });

  test("where it is forced before installation it is a guard, and no finding", () => {
    const fixed = report.handlers.find((one) => one.package === "profiler-fixed@0.1.0");
    expect(fixed?.verdict).toBe("clean");
    expect(report.findings.filter((one) => one.handler === fixed?.id && one.level !== "note")).toEqual([]);
    const guard = report.guards.find((one) => one.handler === fixed?.id && one.guard === "init-before-install");
    expect(guard).toMatchObject({ static: "profiler_fixed::UNWINDER", package: "profiler-fixed@0.1.0" });
    expect(guard?.forcedAt).not.toBeNull();
    expect(guard?.excludes.map((one) => one.kind)).toContain("alloc");
  });

  test("programs have the worst verdict of their handlers", () => {
    expect(report.programs.map((one) => [one.package, one.verdict, one.featuresApproximated])).toEqual([
      ["service-fixed@0.1.0", "clean", true],
      ["service@0.1.0", "unsafe", true],
    ]);
  });

  test("every finding and blind spot names a handler of the report, every trace ends at its site", () => {
    const ids = new Set(report.handlers.map((one) => one.id));
    for (const one of report.findings) {
      expect(ids).toContain(one.handler);
      const { function: name, package: pkg, file, line, column } = one.site;
      expect(one.trace.at(-1)).toMatchObject({ function: name, package: pkg, file, line, column });
    }
    for (const one of report.blindSpots) expect(one.handler === null || ids.has(one.handler)).toBe(true);
  });
});

describe("the schema", () => {
  test("the report fits it, and has no key that it does not name", () => {
    const validate = new Ajv({ allErrors: true, strict: false }).compile(closed(schema) as object);
    expect(validate(report) ? [] : validate.errors).toEqual([]);
  });

  test("it has the vocabulary's words", () => {
    const words = (name: string): unknown => (schema["definitions"] as Record<string, { enum: unknown }>)[name]?.enum;
    expect(words("kind")).toEqual([...KINDS]);
    expect(words("condition")).toEqual([...CONDITIONS]);
    expect(words("rule")).toEqual(expect.arrayContaining(Object.values(RULE_OF)));
    expect(words("via")).toEqual(["entry", ...Object.keys(vias)]);
    const spot = (schema["definitions"] as Record<string, { properties: Record<string, { enum: unknown }> }>)[
      "blindSpot"
    ];
    expect(spot?.properties["reason"]?.enum).toEqual(Object.keys(reasons));
  });
});

describe("the text", () => {
  test("is as it was", async () => {
    await expect(text).toMatchFileSnapshot("deadlock.txt");
  });

  test("is made of the report alone", () => {
    expect(renderText(JSON.parse(json), plain)).toBe(text);
    expect(renderJson(JSON.parse(json))).toBe(json);
  });

  test("has colours where they are asked for, and the same words", () => {
    const coloured = renderText(report, { ...plain, colour: true });
    expect(coloured).not.toBe(text);
    expect(stripped(coloured)).toBe(text);
  });

  test("with --explain shows guards, with --quiet the summary alone", () => {
    expect(renderText(report, { ...plain, explain: true })).toContain(
      "guard[init-before-install]: profiler_fixed::UNWINDER",
    );
    expect(renderText(report, { ...plain, quiet: true })).not.toContain("lazy-init");
  });
});

describe("a handler with calls that were not followed", () => {
  test("is incomplete, and nothing says clean or safe", () => {
    const handler = report.handlers[0];
    if (handler === undefined) throw new Error("no handler");
    const spot = {
      handler: handler.id,
      reason: "fn-pointer" as const,
      function: "f",
      package: "a@1.0.0",
      file: "src/lib.rs",
      line: 1,
      column: 1,
      text: "f()",
    };
    const changed: Report = {
      ...report,
      handlers: [{ ...handler, verdict: "incomplete" }],
      programs: report.programs.slice(0, 1).map((one) => ({ ...one, verdict: "incomplete" })),
      findings: [],
      guards: [],
      blindSpots: [spot],
    };
    for (const quiet of [false, true]) {
      const shown = renderText(changed, { ...plain, quiet });
      expect(shown).toContain("incomplete, 1 blind spot");
      expect(shown).not.toMatch(/\bclean\b|\bsafe\b/);
    }
    expect(renderText(changed, plain)).toContain("a@1.0.0/src/lib.rs:1:1");
  });

  test("a run without handlers says so and what it looked at", () => {
    const none: Report = { ...report, handlers: [], findings: [], guards: [], blindSpots: [] };
    expect(renderText(none, plain)).toMatch(/no signal handler was found.*6 packages.*profiler@0\.1\.0/);
  });

  test("text of the analysed program cannot steer the terminal", () => {
    const evil = "a\u001b[2J\u202eb\r\u0007";
    const finding = report.findings[0];
    if (finding === undefined) throw new Error("no finding");
    const shown = renderText({ ...report, findings: [{ ...finding, message: evil, callee: evil }] }, plain);
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });
});

/** Exhaustive by type: a word that is added to the vocabulary and not here does not compile. */
const vias: Readonly<Record<Via, true>> = {
  call: true,
  method: true,
  trait: true,
  dyn: true,
  "fn-pointer": true,
  closure: true,
  deref: true,
  operator: true,
  index: true,
  for: true,
  question: true,
  drop: true,
  macro: true,
  init: true,
  callback: true,
  await: true,
};
const reasons: Readonly<Record<UnresolvedReason, true>> = {
  "unknown-type": true,
  "fn-pointer": true,
  "open-world": true,
  "unknown-macro": true,
  "attribute-macro": true,
  "build-output": true,
  "parse-error": true,
  "no-model": true,
  "unknown-extern": true,
  "inline-asm": true,
  "unknown-handler": true,
  "c-source": true,
  limit: true,
};

/** The schema with no further keys allowed: readers must accept new ones, this test must not. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const made = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closed(inner)]));
  return "properties" in made ? { ...made, additionalProperties: false } : made;
}

function stripped(coloured: string): string {
  return coloured.replace(/\u001b\[[0-9;]*m/g, "");
}
