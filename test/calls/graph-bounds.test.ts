/**
 * What bounds the graph: growing types, many contexts, malformed bodies, types of objects. Nothing throws and everything ends.
 */
import { beforeAll, describe, expect, test } from "vitest";
import type { CallGraph } from "../../src/calls/call-graph.ts";
import { createKnowns } from "../../src/calls/known.ts";
import type { DefId } from "../../src/names/defs.ts";
import { programOf, type TestProgram } from "./program-of.ts";

const statics = Array.from({ length: 270 }, (_, n) => `static S${n}: Cell = Cell(${n});`).join("\n");
const kinds = Array.from({ length: 10 }, (_, n) => `struct K${n}; impl Many for K${n} { fn go(&self) {} }`).join("\n");
const text = `
pub struct Cell(u32);
${statics}
fn reads(c: &Cell) -> u32 { c.0 }
pub fn many_contexts() -> u32 { ${Array.from({ length: 270 }, (_, n) => `reads(&S${n})`).join(" + ")} }
fn grows<T>(n: u32, t: T) { if n > 0 { grows(n - 1, (t, 1u8)) } }
pub fn growing_types() { grows(100, 1u8) }
pub trait Many { fn go(&self); }
${kinds}
fn dispatch(m: &dyn Many) { m.go() }
pub fn many_objects(n: u32, given: &dyn Many) { ${Array.from({ length: 10 }, (_, n) => `let _k${n}: &dyn Many = &K${n};`).join(" ")} dispatch(given) }
pub fn broken_expression() { let x = ; reads(&S1 }
pub fn broken_type() { let v: Vec<<u8 = Vec::new(); drop(v) }
pub fn no_body_of_that_name() { nowhere::at::all(|x| x.y.z(), [1; "two"])[3].f()?; loop { break 'none 4 } }
`;

let program: TestProgram;
beforeAll(async () => {
  program = await programOf([{ name: "app", text }]);
}, 60_000);

function graphOf(name: string): CallGraph {
  return program.graph([`app::${name}`]);
}

describe("budgets", () => {
  test("contexts of one body widen to none", () => {
    const graph = graphOf("many_contexts");
    const nodes = graph.nodes.filter((node) => node.path === "app::reads");
    expect(nodes).toHaveLength(257);
    expect(nodes.filter((node) => node.statics.length === 0)).toHaveLength(1);
  });
  test("types that grow are cut, and it is told", () => {
    const graph = graphOf("growing_types");
    expect(graph.nodes.length).toBeLessThan(160);
    expect(graph.limits.map((one) => one.what)).toContain("type arguments nested too deeply");
  });
  test("a graph reads so many bodies; each that it leaves out is told", () => {
    const graph = program.graph(["app::many_objects", "app::many_contexts"], undefined, { bodies: 40 });
    expect(graph.nodes.filter((node) => node.mir !== null).length).toBe(40);
    const unread = graph.nodes.filter((node) => node.mir === null && node.what.k === "body" && !node.model);
    expect(graph.limits.filter((one) => one.what === "too many functions").map(({ node }) => node)).toEqual(
      unread.map(({ id }) => id),
    );
    expect(unread.length).toBeGreaterThan(100);
  });
  test("more than eight types of objects are no answer", () => {
    const reasons = graphOf("many_objects").sites.map((site) =>
      site.outcome.k === "unresolved" ? site.outcome.reason : "",
    );
    expect(reasons).toContain("limit");
  });
});

describe("callers of one function", () => {
  /** So many functions of the crate pass `target` to `run`, which calls it. */
  async function outcome(count: number): Promise<string> {
    const callers = Array.from({ length: count }, (_, n) => `fn c${n}() { run(target) }`).join("\n");
    const app = await programOf([
      { name: "app", text: `fn target() {} fn run(f: fn()) { f() }\n${callers}`, kind: "bin" },
    ]);
    const [site] = app.graph(["app::run"]).sites;
    return site?.outcome.k === "unresolved" ? site.outcome.reason : (site?.outcome.k ?? "none");
  }
  test("are all looked at where they are few", async () => {
    expect(await outcome(20)).toBe("targets");
  });
  test("are not where they are more than 500: the answer is open, never one that leaves some out", async () => {
    expect(await outcome(501)).toBe("fn-pointer");
  });
});

describe("malformed bodies", () => {
  test.each(["broken_expression", "broken_type", "no_body_of_that_name"])("%s gives a graph", (name) => {
    expect(graphOf(name).nodes.length).toBeGreaterThan(0);
  });
});

test("equal questions give equal graphs", () => {
  const show = (graph: CallGraph): unknown => [graph.nodes.map((node) => [node.path, node.sites]), graph.sites];
  expect(show(graphOf("many_objects"))).toEqual(show(graphOf("many_objects")));
});

describe("what is known of values", () => {
  const knowns = createKnowns();
  const one = knowns.pointer({ def: 1 as DefId, fields: [] });
  const two = knowns.pointer({ def: 2 as DefId, fields: [0] });

  test("equal values are one object", () => {
    expect(knowns.pointer({ def: 1 as DefId, fields: [] })).toBe(one);
    expect(knowns.parts(null, [one, two])).toBe(knowns.parts(null, [one, two]));
  });
  test("joining does not depend on the order", () => {
    expect(knowns.join(one, two)).toBe(knowns.join(two, one));
    expect(knowns.join(one, knowns.nothing)).toBe(one);
    expect(knowns.join(one, one)).toBe(one);
  });
  test("what may be anything stays open", () => {
    expect(knowns.join(one, null)).toMatchObject({ k: "some", open: true });
    expect(knowns.madeOf([null])).toBe(null);
  });
  test("depth is bounded", () => {
    let value: ReturnType<typeof knowns.ref> = one;
    for (let n = 0; n < 50; n += 1) value = knowns.ref(value);
    expect(value).toBe(null);
  });
});
