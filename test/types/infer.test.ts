/**
 * Inference against test/types/fixtures/inference.rs, with the std packs that ship: `//~ type NAME TY` says what type the node NAME
 * on that line has, `//~ call NAME -> PATH` what it resolves to, `//~ step NAME: STEP` what is done to its receiver.
 */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { lineIndex } from "../../src/base/line-index.ts";
import { type DescribedNode, describeLine } from "../../src/types/describe.ts";
import { programOf, type TestProgram } from "../calls/program-of.ts";

const text: string = readFileSync(new URL("fixtures/inference.rs", import.meta.url), "utf8");
const claims = text.split("\n").flatMap((line, index) => {
  const found = /\/\/~ (type|call|step) (\S+?):?(?: ->)? (.+)$/.exec(line);
  return found === null ? [] : [{ line: index + 1, what: found[1], name: found[2] ?? "", said: found[3] ?? "" }];
});

let program: TestProgram;

beforeAll(async () => {
  program = await programOf([{ name: "fixture", text }]);
}, 60_000);

describe("test/types/fixtures/inference.rs", () => {
  test("has claims", () => expect(claims.length).toBeGreaterThan(90));

  for (const { line, what, name, said } of claims) {
    test(`line ${line}: ${what} ${name} is ${said}`, () => {
      const nodes = nodesOf(line).filter((node) => node.text === name);
      expect(nodes.map((node) => node.unresolved)).toEqual(nodes.map(() => null));
      if (what === "type") expect(nodes.map((node) => node.ty)).toContain(said);
      else if (what === "step") expect(nodes.flatMap((node) => node.steps).join("\n")).toContain(said);
      else expect(nodes.flatMap((node) => node.resolvesTo).join("\n")).toContain(said);
    });
  }
});

/** What stands on a line of the fixture, in whichever of its bodies. */
function nodesOf(line: number): DescribedNode[] {
  const { types, bodies } = program;
  const crate = types.names.allCrates().find((id) => types.names.crateName(id) === "fixture");
  if (crate === undefined) throw new Error("the fixture is no crate of the program");
  return bodies.ofCrate(crate, null).flatMap((def) => {
    const body = types.typedBody(def);
    const file = types.names.def(def).item?.span.file;
    if (body === null || file === undefined) return [];
    const index = lineIndex(text);
    const start = index.startOf(line);
    return describeLine(types, body, { file, start, end: start + index.textOf(line).length });
  });
}
