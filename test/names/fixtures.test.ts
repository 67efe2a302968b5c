/**
 * fixtures/names: paths, macros and receivers resolve to what is written at the end of the line, with the std packs that ship.
 */
import { describe, expect, test } from "vitest";
import { lineIndex } from "../../src/base/line-index.ts";
import type { Span } from "../../src/base/span.ts";
import type { DefId } from "../../src/names/defs.ts";
import { type DescribedNode, describeLine } from "../../src/types/describe.ts";
import { programOf, type TestProgram } from "../calls/program-of.ts";
import { type Claim, type Fixture, type FixtureCrate, readFixtures } from "./fixture.ts";

const fixtures = readFixtures();

test("there are fixtures, each with claims", () => {
  expect(fixtures.length).toBeGreaterThan(25);
  expect(fixtures.filter((one) => one.claims.length === 0).map((one) => one.name)).toEqual([]);
});

describe("fixtures/names", () => {
  for (const fixture of fixtures) {
    test(fixture.name, async () => {
      const program = await open(fixture);
      const told = fixture.claims.map((claim) => [textOf(claim), answer(program, fixture, claim)] as const);
      expect(Object.fromEntries(told.map(([claim, found]) => [claim, found]))).toEqual(
        Object.fromEntries(told.map(([claim]) => [claim, true])),
      );
    }, 60_000);
  }
});

async function open(fixture: Fixture): Promise<TestProgram> {
  return programOf(fixture.crates.filter((one) => !one.procMacro));
}

function textOf({ file, line, what, name, said }: Claim): string {
  return `${file}:${line} ${name} ${what} ${said}`;
}

/** True where the claim holds, else what was found. */
function answer(program: TestProgram, fixture: Fixture, claim: Claim): true | string {
  const { names } = program;
  const span = lineSpan(program, fixture, claim);
  if (claim.what === "assumed") {
    const def = names.byPath(claim.said);
    return def !== null && names.def(def).assumedCfg ? true : `${claim.said}: ${def}`;
  }
  const nodes = nodesOn(program, span);
  if (claim.what === "problem") {
    const reasons = names.problems().flatMap((one) => (inside(one.span, span) ? [one.reason] : []));
    return reasons.includes(claim.said as (typeof reasons)[number]) ? true : reasons.join(", ");
  }
  const named = nodes.filter((node) => node.text === claim.name);
  const failed = named.flatMap((node) => (node.unresolved === null ? [] : [node.unresolved.reason]));
  if (claim.what === "!!") return failed.some((one) => one === claim.said) ? true : failed.join(", ");
  if (named.length === 0 || failed.length > 0) return failed.join(", ") || nodes.map((node) => node.text).join(" ");
  const found = named.flatMap((node) => (claim.what === ":" ? [node.ty] : node.resolvesTo));
  const holds = claim.what === ":" ? found.includes(claim.said) : found.some((one) => one.includes(claim.said));
  return holds ? true : found.join(" | ");
}

function inside(one: Span, line: Span): boolean {
  return one.file === line.file && one.start >= line.start && one.start < line.end;
}

function lineSpan(program: TestProgram, fixture: Fixture, claim: Claim): Span {
  const crate = fixture.crates[claim.crate] as FixtureCrate;
  const file = program.fileOf(`/${crate.id ?? crate.name}/${claim.file}`);
  const text = program.text({ file, start: 0, end: Number.POSITIVE_INFINITY });
  const index = lineIndex(text);
  const start = index.startOf(claim.line);
  return { file, start, end: start + index.textOf(claim.line).length };
}

const bodiesOf = new WeakMap<TestProgram, readonly DefId[]>();

/** The nodes of a line in whichever body they stand, those of functions inside functions too. */
function nodesOn(program: TestProgram, line: Span): DescribedNode[] {
  const { names, types } = program;
  const found: DescribedNode[] = [];
  const defs = bodiesOf.get(program) ?? allBodies(program);
  bodiesOf.set(program, defs);
  for (const def of defs) {
    const body = types.typedBody(def);
    if (body !== null && names.def(def).item !== null) found.push(...describeLine(types, body, line));
  }
  return found;
}

function allBodies(program: TestProgram): DefId[] {
  const { names, types } = program;
  const found: DefId[] = [];
  for (const crate of names.allCrates()) if (!names.isPackCrate(crate)) names.implsOf(crate);
  // Bodies declare more definitions as they are expanded: the list grows on the way.
  for (let id = 0; ; id += 1) {
    let def: ReturnType<typeof names.def>;
    try {
      def = names.def(id as DefId);
    } catch {
      return found;
    }
    const hasBody = def.kind === "fn" || def.kind === "const" || def.kind === "static";
    if (names.isPackCrate(def.crate) || !hasBody) continue;
    if (types.typedBody(def.id) !== null) found.push(def.id);
  }
}
