/**
 * Every stable item of core, alloc and std is declared in the packs and does there what rustc makes of it and what std's sources say, or
 * docs/std-model.md says why not; and rules/std-witnesses.json is what comes of asking.
 */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { agrees } from "../../scripts/std/compiled-effects.ts";
import { coverageOf } from "../../scripts/std/coverage.ts";
import { readApi } from "../../scripts/std/docs-api.ts";
import { differencesIn, type Heard, hearWitnesses } from "../../scripts/std/hear-witnesses.ts";
import { documentedReasons, type Explained, explained, nameOf } from "../../scripts/std/reasons.ts";
import { readStdSources } from "../../scripts/std/source-files.ts";
import { compiledEffects, documentation, sysrootOfPacks } from "../../scripts/std/toolchain.ts";
import { witnessFile, witnessText } from "../../scripts/std/witness-file.ts";
import { programOf } from "../calls/program-of.ts";

const html: string | null = documentation();
const machine = html !== null && compiledEffects() !== null;
const sysroot: string | null = sysrootOfPacks();
const sourced = machine && sysroot !== null && readStdSources(sysroot) !== null;
if (html === null) console.warn("SKIPPED: rust-docs of 1.95 is missing: the packs' coverage was not checked");
if (!machine)
  console.warn("SKIPPED: python3, objdump or libstd of 1.95 is missing: the packs' effects were not checked");
if (!sourced) console.warn("SKIPPED: no sources of std 1.95 (rust-src or rust-docs): they were not asked");
const reasons = documentedReasons(readFileSync(new URL("../../docs/std-model.md", import.meta.url), "utf8"));

async function notDeclared(): Promise<Explained> {
  const { names, types } = await programOf([{ name: "empty", text: "" }]);
  const { missing, counts } = coverageOf(readApi(html ?? ""), names, types);
  const stable = [...counts.values()].reduce((sum, one) => sum + one.stable, 0);
  expect(stable).toBeGreaterThan(14_000);
  return explainedIn(missing.map(nameOf), "Not declared");
}

describe.skipIf(html === null)("the stable interface of std", () => {
  test("is declared, or has a reason", async () => {
    expect((await notDeclared()).wrong).toEqual([]);
  });
});

describe.skipIf(!machine)("what is seen of std", () => {
  let heard: Heard;
  beforeAll(async () => {
    heard = await hearWitnesses(html ?? "", sourced);
  }, 1_800_000);

  test("in the compiled library is what the packs say, in 97 of 100 functions, and the others have a reason", () => {
    const rows = heard.library ?? [];
    expect(rows.length).toBeGreaterThan(500);
    expect(rows.filter((row) => !agrees(row)).length / rows.length).toBeLessThan(0.03);
    expect(explainedIn(differencesIn(rows), "Other effects").wrong).toEqual([]);
  });

  test("in functions compiled for concrete types is what the packs say, or the difference has a reason", () => {
    const rows = heard.probes?.rows ?? [];
    expect(rows.length).toBeGreaterThan(9_000);
    expect(explainedIn(differencesIn(rows), "Probes").wrong).toEqual([]);
  });

  test.skipIf(!sourced)("in its sources is what machine code does, or the difference has a reason", () => {
    expect(heard.sources?.missing).toEqual([]);
    expect(heard.sources?.functions.size).toBeGreaterThan(10_000);
    expect(explainedIn(heard.sources?.different ?? [], "Sources").wrong).toEqual([]);
  });

  test.skipIf(!sourced)("is written in rules/std-witnesses.json, else run `npm run derive-std`", async () => {
    const found = [
      await notDeclared(),
      explainedIn(differencesIn(heard.library ?? []), "Other effects"),
      explainedIn(differencesIn(heard.probes?.rows ?? []), "Probes"),
      explainedIn(heard.sources?.different ?? [], "Sources"),
    ];
    const [written, now] = [readFileSync(witnessFile, "utf8"), witnessText(heard, found)].map((one) => one.split("\n"));
    const before = new Set(written);
    expect(now?.filter((line) => !before.has(line))).toEqual([]);
    expect(now).toEqual(written);
  });
});

function explainedIn(names: readonly string[], section: string): Explained {
  return explained(
    names,
    reasons.filter((reason) => reason.section === section),
  );
}
