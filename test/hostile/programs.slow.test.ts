/**
 * Programs written to break an analyser end in time, with a result for the rest of the program: the `malloc` behind the attack is found.
 */
import { describe, expect, test } from "vitest";
import { analysed } from "../../scripts/fuzz/program.ts";
import { chains, cyclic, growing, large, nested, tooLarge } from "./programs.ts";

/** CPU seconds for one program, its two copies together, on a slow machine. */
const maxSeconds = 20;
/** Of ten thousand handlers or tens of thousands of definitions, twice, in every format. */
const maxSecondsOfMany = 90;
const ofMany: ReadonlySet<string> = new Set(["handlers", "chains", "changes of errno"]);

async function survives(text: string, seconds: number): Promise<void> {
  const started = process.cpuUsage();
  const report = await analysed([text]);
  const { user, system } = process.cpuUsage(started);
  expect((user + system) / 1e6).toBeLessThan(seconds);
  expect(report.findings.some((one) => one.callee === "malloc" && one.level === "error")).toBe(true);
  expect(report.programs.map((one) => one.verdict)).toEqual(["unsafe"]);
}

const chosen = {
  nested: [nested, ["blocks", "sums", "let chains", "types of generics", "macro braces", "open comments", "modules"]],
  growing: [
    growing,
    [
      "two growing ways",
      "adapters of what is not known",
      "growing derefs",
      "doubling structs",
      "doubling macros",
      "endless macros",
      "clauses about associated types",
    ],
  ],
  cyclic: [cyclic, Object.keys(cyclic)],
  chains: [{ chains }, ["chains"]],
  large: [
    large,
    [
      "a line of megabytes",
      "variants",
      "alternatives",
      "branches",
      "handlers",
      "dropped values",
      "values in blocks",
      "values set in branches",
      "errors that return",
      "changes of errno",
      "array length",
      "a long name",
      "words of imports",
      "blanks behind a hash",
    ],
  ],
} as const;

describe.each(Object.entries(chosen))("%s", (_, [group, names]) => {
  test.each([...names])("%s", { timeout: 300_000 }, async (name) => {
    const text = (group as Readonly<Record<string, string>>)[name] ?? "";
    await survives(text, ofMany.has(name) ? maxSecondsOfMany : maxSeconds);
  });
});

test("a file whose items are too large is said: it is a blind spot of the program", async () => {
  const report = await analysed([tooLarge]);
  expect(report.programs.map((one) => one.verdict)).toEqual(["incomplete"]);
  expect(report.blindSpots.map((one) => one.reason)).toEqual(["parse-error", "parse-error"]);
}, 300_000);

test("what is cut off is said: a limit is a blind spot of the handler", async () => {
  for (const text of [nested["blocks"], growing["growing methods"], growing["doubling macros"]]) {
    const report = await analysed([text ?? ""]);
    expect(report.blindSpots.map((one) => one.reason)).toContain("limit");
  }
}, 300_000);
