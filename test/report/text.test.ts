/** The text for a terminal, on a large stored report: what is shown, what is merged, what waits for --explain. */
import { expect, test } from "vitest";
import { byCrate, itemsOf, reasonOf } from "../../src/report/merge-findings.ts";
import { shortName } from "../../src/report/short-name.ts";
import { renderText } from "../../src/report/text.ts";
import type { Report, TraceFrame } from "../../src/safety/report-model.ts";
import { hostileReport, storedReport } from "./stored-reports.ts";

const plain = { colour: false, explain: false, quiet: false };
const pprof: Report = storedReport("pprof-0.15.0");

test("the report of pprof 0.15.0 is as it was", async () => {
  await expect(renderText(pprof, plain)).toMatchFileSnapshot("pprof-0.15.0.txt");
});

test("the way on to the worst effect follows the path to the place", () => {
  const text = renderText(pprof, plain);
  const path = text.indexOf("→ <pprof::backtrace::framehop_unwinder::Trace as pprof::backtrace::Trace>::trace");
  const then = text.indexOf("then:");
  const end = text.indexOf("→ dl_iterate_phdr  (libc)");
  expect([path, then, end].every((at) => at > 0)).toBe(true);
  expect([path, then, end]).toEqual([path, then, end].sort((left, right) => left - right));
});

test("no line says the level twice, no parenthesis says nothing", () => {
  for (const explain of [false, true]) {
    const text = renderText(pprof, { ...plain, explain });
    expect(text).not.toMatch(/why: *(error|warning|note)\b/);
    expect(text).not.toMatch(/\((always|entry|async)\)/);
  }
});

test("a handler with a blind spot is not said to be followed whole", () => {
  const [handler] = pprof.handlers;
  const [spot] = pprof.blindSpots;
  if (handler === undefined || spot === undefined) throw new Error("no blind spot");
  const told = (unresolved: number, blindSpots: Report["blindSpots"]): string => {
    const reached = { ...handler.reached, unresolved };
    return renderText({ ...pprof, handlers: [{ ...handler, reached }], blindSpots }, plain);
  };
  expect(told(0, [])).toContain(" calls, all followed");
  expect(told(0, [{ ...spot, handler: handler.id }])).toContain(" calls, not all followed");
  expect(told(2, [{ ...spot, handler: handler.id }])).toContain(" calls, 2 not followed");
});

test("effects of one place for one reason are one item; no finding is lost", () => {
  const items = itemsOf(pprof.findings, "warning");
  expect(items.flatMap((one) => one.all)).toHaveLength(17);
  expect(items.length).toBeLessThan(17);
  const push = items.find((one) => one.finding.callee === "smallvec::SmallVec::push");
  expect(push?.message).toBe("`smallvec::SmallVec::push` can allocate from the heap and can free heap memory");
  expect(push?.rules).toEqual(["heap-allocation", "heap-free"]);
});

test("warnings stand under the crate that has to fix them, the one with most first", () => {
  const crates = byCrate(itemsOf(pprof.findings, "warning"));
  expect(crates[0]?.package).toBe("pprof@0.15.0");
  expect(new Set(crates.map((one) => one.package)).size).toBe(crates.length);
  const text = renderText(pprof, plain);
  for (const crate of crates) expect(text.split(`to be fixed in ${crate.package}:`)).toHaveLength(2);
});

test("a reason that the message has said is not said again", () => {
  const init = pprof.findings.find((one) => one.kind === "init");
  const libc = pprof.findings.find((one) => one.kind === "libc");
  expect(init === undefined ? "none" : reasonOf(init)).toBe("");
  expect(libc === undefined ? "none" : reasonOf(libc)).toBe("signal-safety(7) does not list it");
});

test("a path of more than twelve frames is folded in its middle, and whole with --explain", () => {
  const [first] = pprof.findings;
  if (first === undefined) throw new Error("no finding");
  const frame = (number: number): TraceFrame => ({
    ...first.site,
    via: "call",
    snippet: "",
    function: `step${number}`,
  });
  const trace = Array.from({ length: 30 }, (_, number) => frame(number));
  for (const level of ["error", "warning"] as const) {
    const report = { ...pprof, findings: [{ ...first, level, trace, beyond: [] }] };
    const text = renderText(report, plain);
    expect(text).toMatch(/step0\b.*step4\b.*… 19 more.*step24\b.*step29\b/s);
    expect(text).not.toContain("step15");
    const whole = renderText(report, { ...plain, explain: true });
    for (const one of trace) expect(whole).toContain(`${one.function}  `);
  }
});

test("each cause of blind spots is told once, with its number and a way out", () => {
  const text = renderText(pprof, plain);
  for (const reason of new Set(pprof.blindSpots.map((one) => one.reason))) {
    const number = pprof.blindSpots.filter((one) => one.reason === reason).length;
    const at = text.split(`not followed[${reason}]: ${number} place`);
    expect(at).toHaveLength(2);
    expect(at[1]).toMatch(/= help: \S/);
  }
});

test("a call that is named at great length is shortened in its middle, and whole with --explain", () => {
  const [spot] = pprof.blindSpots;
  if (spot === undefined) throw new Error("no blind spot");
  const named = `<start${"x".repeat(300)}end>::f`;
  const report = { ...pprof, findings: [], blindSpots: [{ ...spot, text: named }] };
  expect(renderText(report, plain)).toMatch(/ {2}<startx+ … x+end>::f/);
  expect(renderText(report, plain)).not.toContain(named);
  expect(renderText(report, { ...plain, explain: true })).toContain(named);
});

test("with --explain every blind spot, covered effect and guard has its place", () => {
  const text = renderText(pprof, { ...plain, explain: true });
  for (const one of pprof.blindSpots) expect(text).toContain(`${one.package}/${one.file}:${one.line}:${one.column}`);
  for (const one of pprof.findings.flatMap((finding) => finding.covers))
    expect(text).toContain(`${one.site.package}/${one.site.file}:${one.site.line}`);
  for (const one of pprof.guards) expect(text).toContain(`${one.package}/${one.file}:${one.line}`);
});

test("hostile text steers nothing", () => {
  for (const explain of [false, true])
    expect(renderText(hostileReport(), { ...plain, explain })).not.toMatch(
      /[\u0000-\u0009\u000b-\u001f\u202e]|\n::error/,
    );
});

test.each([
  ["a::b::f", "f"],
  ["a::b::T::f", "T::f"],
  ["<a::b::T as c::D>::f", "T::f"],
  ["<&mio::net::UnixStream as std::io::Write>::write", "&UnixStream::write"],
  ["<a::T<b::U, c::V> as d::E<f::G>>::h::{closure#0}", "T<b::U, c::V>::h::{closure#0}"],
  ["f", "f"],
  ["", ""],
  ["<<", "<<"],
])("the short name of %s is %s", (path, name) => {
  expect(shortName(path)).toBe(name);
});
