/** Every stable item of core, alloc and std is declared in the packs and does there what rustc makes of it, or docs/std-model.md says why not. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compareProbes } from "../../scripts/std/compare-probes.ts";
import { compareSources } from "../../scripts/std/compare-sources.ts";
import { agrees, compareLibrary } from "../../scripts/std/compiled-effects.ts";
import { coverageOf } from "../../scripts/std/coverage.ts";
import { readApi } from "../../scripts/std/docs-api.ts";
import { differenceOf, documentedReasons, nameOf, unexplained } from "../../scripts/std/reasons.ts";
import { compiledEffects, documentation } from "../../scripts/std/toolchain.ts";
import { programOf } from "../calls/program-of.ts";

const html: string | null = documentation();
const compiled = html === null ? null : compiledEffects();
if (html === null) console.warn("rust-docs of 1.95 is missing: the packs' coverage was not checked");
if (compiled === null)
  console.warn("python3, objdump or libstd of 1.95 is missing: the packs' effects were not checked");
const reasons = documentedReasons(readFileSync(new URL("../../docs/std-model.md", import.meta.url), "utf8"));

describe.skipIf(html === null)("the stable interface of std", () => {
  test("is declared, or has a reason", async () => {
    const { names, types } = await programOf([{ name: "empty", text: "" }]);
    const { missing, counts } = coverageOf(readApi(html ?? ""), names, types);
    const stable = [...counts.values()].reduce((sum, one) => sum + one.stable, 0);
    expect(stable).toBeGreaterThan(14_000);
    expect(unexplained(missing.map(nameOf), inSection("Not declared"))).toEqual([]);
  });
});

describe.skipIf(html === null || compiled === null)("the compiled library", () => {
  test("does what the packs say, in 97 of 100 functions, and the others have a reason", async () => {
    const rows = await compareLibrary(html ?? "", compiled ?? {});
    expect(rows.length).toBeGreaterThan(500);
    const wrong = rows.filter((row) => !agrees(row));
    expect(wrong.length / rows.length).toBeLessThan(0.03);
    expect(
      unexplained(
        wrong.map(({ symbol }) => symbol),
        inSection("Other effects"),
      ),
    ).toEqual([]);
  });
});

describe.skipIf(html === null || compiled === null)("functions compiled for concrete types", () => {
  test("do what the packs say, or the difference has a reason", { timeout: 900_000 }, async () => {
    const rows = (await compareProbes(html ?? ""))?.rows ?? [];
    expect(rows.length).toBeGreaterThan(9_000);
    const wrong = rows.filter((row) => !agrees(row));
    const found = wrong.map(({ symbol, effects, claimed }) => differenceOf(symbol, effects, "packs", claimed));
    expect(unexplained(found, inSection("Probes"))).toEqual([]);
  });
});

// It takes many minutes: asked for by name.
describe.skipIf(html === null || compiled === null || process.env["SIGSAFE_STD_SOURCES"] === undefined)(
  "std's own sources",
  () => {
    test("say what the compiled library does, or the difference has a reason", { timeout: 3_600_000 }, async () => {
      const compared = await compareSources(html ?? "", compiled ?? {});
      expect(compared?.functions.size).toBeGreaterThan(1_200);
      expect(unexplained(compared?.different ?? [], inSection("Sources"))).toEqual([]);
    });
  },
);

function inSection(section: string): ReturnType<typeof documentedReasons> {
  return reasons.filter((reason) => reason.section === section);
}
