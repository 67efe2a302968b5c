/**
 * The document of `graph --format json`: instances merged by function, drop glue left out, certainty of the best path.
 */
import { expect, test } from "vitest";
import type { CallGraph, NodeId } from "../../src/calls/call-graph.ts";
import { type GraphJson, graphJson } from "../../src/calls/graph-json.ts";
import { programOf } from "./program-of.ts";

const text = `
pub trait Go { fn go(&self); }
pub struct A; pub struct B;
impl Go for A { fn go(&self) { unsafe { getpid(); } } }
impl Go for B { fn go(&self) {} }
fn via<T: Go>(t: &T) { t.go() }
pub struct Bell; impl Drop for Bell { fn drop(&mut self) { via(&A) } }
extern "C" { fn getpid() -> i32; }
pub fn handler(hook: fn()) { via(&A); via(&B); let _b = Bell; hook() }
`;

function documentOf(graph: CallGraph, handlers: readonly NodeId[]): GraphJson {
  return graphJson({
    graph,
    handlers,
    describe: (node) =>
      node.what.k === "drop-glue"
        ? null
        : { package: "app@0.1.0", file: "src/lib.rs", line: node.span.start, endLine: node.span.end },
    lineOf: (span) => span.start,
    verdictOf: () => "listed",
    excludedBy: () => [],
  });
}

test("functions, edges, C functions and blind spots of a graph", async () => {
  const program = await programOf([{ name: "app", text }]);
  const graph = program.graph(["app::handler"]);
  const json = documentOf(graph, graph.entries);
  const index = (path: string): number => json.functions.findIndex((one) => one.path === path);
  expect(json.functions[index("app::via")]?.instances).toBe(2);
  expect(json.functions.every((one, position) => one.index === position)).toBe(true);
  expect(json.handlers).toEqual([index("app::handler")]);
  expect(json.functions.some((one) => one.path.startsWith("drop of"))).toBe(false);
  expect(json.edges).toContainEqual([index("app::handler"), index("<app::Bell as core::ops::Drop>::drop"), "drop"]);
  expect(json.external).toEqual([{ symbol: "getpid", verdict: "listed", from: [index("<app::A as app::Go>::go")] }]);
  expect(json.unresolved.map(({ from, reason }) => [from, reason])).toEqual([[index("app::handler"), "fn-pointer"]]);
  expect(new Set(json.functions.map((one) => one.certainty))).toEqual(new Set(["exact"]));
  const again = program.graph(["app::handler"]);
  expect(documentOf(again, again.entries)).toEqual(json);
});
