/** Nothing in the packs of std is unknown to the tool itself: every name, method and type of every body resolves, and what their functions call is followed. */
import { describe, expect, test } from "vitest";
import { buildCallGraph } from "../../src/calls/build-graph.ts";
import type { DefId } from "../../src/names/defs.ts";
import { programOf, type TestProgram } from "../calls/program-of.ts";

/** Whose code is chosen by whoever calls: objects, pointers to functions. */
const fromCallers: ReadonlySet<string> = new Set(["open-world", "fn-pointer"]);

describe("functions of the packs", async () => {
  const program = await programOf([{ name: "empty", text: "" }]);
  const { names, types } = program;
  const functions = functionsOf(program);

  test("resolve whole", () => {
    expect(functions.length).toBeGreaterThan(10_000);
    const lost = functions.flatMap((def) =>
      (types.typedBody(def)?.unresolved ?? []).map(({ text }) => `${names.pathOf(def)}: ${text}`),
    );
    expect(lost).toEqual([]);
  });

  test("call what is known", () => {
    const plain = functions.filter((def) => types.genericsOf(def).params.length === 0);
    const entries = plain.map((def) => ({ key: { def, closure: null }, args: [] }));
    const externs = { invokes: () => [] };
    const graph = buildCallGraph({ types, bodies: program.bodies, packs: program.packs, externs, entries });
    const lost = graph.nodes.flatMap(({ path, sites }) =>
      sites.flatMap((id) => {
        const { outcome } = graph.site(id);
        return outcome.k === "unresolved" && !fromCallers.has(outcome.reason) ? [`${path}: ${outcome.text}`] : [];
      }),
    );
    expect(lost).toEqual([]);
  });
});

/** Vector instructions left out: thousands of declarations without bodies. */
function functionsOf({ names }: TestProgram): readonly DefId[] {
  const found = new Set<DefId>();
  const walk = (id: DefId): void => {
    const { kind, children } = names.def(id);
    if (kind === "fn") found.add(id);
    else for (const child of children) walk(child);
  };
  for (const crate of names.allCrates().filter((one) => names.isPackCrate(one))) {
    walk(names.crateRoot(crate));
    for (const impl of names.implsOf(crate)) walk(impl);
  }
  return [...found].filter((id) => !names.pathOf(id).startsWith("core::arch::"));
}
