/**
 * Paths that nobody would read lose their middle, in every format with a word on how much; what they lead to is all told.
 */
import { beforeAll, expect, test } from "vitest";
import { renderReport } from "../../src/cli/formats.ts";
import type { Report } from "../../src/safety/report-model.ts";
import { reportOf } from "./report-of.ts";

const LENGTH = 400;
const functions = Array.from(
  { length: LENGTH },
  (_, at) => `fn step${at}() { unsafe { malloc(1); } step${at + 1}() }`,
).join("\n");
const text = `
extern "C" { fn malloc(n: usize) -> *mut u8; fn signal(s: i32, h: usize) -> usize; }
extern "C" fn on_signal(_: i32) { step0() }
${functions}
fn step${LENGTH}() {}
fn main() { unsafe { signal(15, on_signal as extern "C" fn(i32) as usize); } }
`;

let report: Report;
beforeAll(async () => {
  report = await reportOf([{ name: "app", kind: "bin", text }]);
}, 60_000);

test("each allocation is a finding, and its path has its two ends", () => {
  expect(report.findings.filter(({ kind }) => kind === "alloc")).toHaveLength(LENGTH);
  const last = report.findings.find((one) => one.site.function === `app::step${LENGTH - 1}`);
  expect(last?.trace).toHaveLength(256);
  expect(last?.trace[0]?.function).toBe("app::on_signal");
  expect(last?.trace.at(-1)?.function).toBe(`app::step${LENGTH - 1}`);
  const gap = last?.trace.findIndex((one) => one.omitted !== undefined) ?? -1;
  expect(last?.trace[gap - 1]?.function).toBe("app::step126");
  expect(last?.trace[gap]).toMatchObject({ function: "app::step272", omitted: 145 });
});

test("a path of a length that can be read is whole", () => {
  const one = report.findings.find(({ site }) => site.function === "app::step200");
  expect(one?.trace).toHaveLength(202);
  expect(one?.trace.every(({ omitted }) => omitted === undefined)).toBe(true);
});

test.each([
  ["text", "more frames (--explain shows some)"],
  ["sarif", "leads by 145 more functions to app::step272"],
  ["html", "… 145 more …"],
  ["markdown", "… 145 more …"],
  ["github", "… 145 more …"],
  ["dot", "… 145 more …"],
] as const)("%s says how many are left out", (format, words) => {
  const last = report.findings.filter(({ site }) => site.function === `app::step${LENGTH - 1}`);
  const text = { colour: false, quiet: false, explain: false };
  expect(renderReport({ ...report, findings: last }, format, text)).toContain(words);
});

test("in text the middle counts those that are left out", () => {
  const last = report.findings.filter(({ site }) => site.function === `app::step${LENGTH - 1}`);
  const text = { colour: false, quiet: false, explain: false };
  const shown = renderReport({ ...report, findings: last }, "text", text);
  // 401 frames, of which eleven are shown.
  expect(shown).toContain("… 390 more frames");
});
