/**
 * Compares the packs of core, alloc and std with what the toolchain says of them: `npm run derive-std`.
 *
 * Three witnesses: the compiled library; probes, which rustc compiles with -O0 for concrete types; with `-- --sources` also what the tool's own call
 * graph makes of std's sources, function by function of the compiled library (some minutes).
 *
 * Prints how many items of the stable interface are declared and how many functions do what the packs say, and each difference that
 * docs/std-model.md gives no reason for; exit code 1 where there is one, or a reason that is no longer needed. Needs the toolchain that the packs
 * describe, its component `rust-docs`, python3 and objdump; what is missing is skipped and said so.
 */
import { readFileSync } from "node:fs";
import { programOf } from "../test/calls/program-of.ts";
import { compareProbes } from "./std/compare-probes.ts";
import { compareSources } from "./std/compare-sources.ts";
import { agrees, type Compared, type Compiled, compareLibrary } from "./std/compiled-effects.ts";
import { coverageOf } from "./std/coverage.ts";
import { readApi } from "./std/docs-api.ts";
import { differenceOf, documentedReasons, nameOf, unexplained } from "./std/reasons.ts";
import { compiledEffects, documentation } from "./std/toolchain.ts";

const reasons = documentedReasons(readFileSync(new URL("../docs/std-model.md", import.meta.url), "utf8"));
const html = documentation();
if (html === null) {
  console.log("SKIPPED: no rust-docs of the toolchain that the packs describe (rustup component add rust-docs)");
} else {
  const { names, types } = await programOf([{ name: "empty", text: "" }]);
  const { missing, counts } = coverageOf(readApi(html), names, types);
  for (const [kind, { stable, declared }] of counts) console.log(`${kind}: ${declared} of ${stable} declared`);
  tell("not declared", missing.map(nameOf), "Not declared");
  const compiled = compiledEffects();
  if (compiled === null) {
    console.log("SKIPPED: no python3, objdump or libstd to compare effects with");
  } else {
    const rows = await compareLibrary(html, compiled);
    const wrong = rows.filter((row) => !agrees(row));
    const share = ((100 * (rows.length - wrong.length)) / rows.length).toFixed(1);
    console.log(`effects: ${rows.length - wrong.length} of ${rows.length} compiled functions agree (${share} %)`);
    for (const { symbol, effects, claimed, through } of wrong)
      console.log(`  ${differenceOf(symbol, effects, "packs", claimed)} ${through.join(" ")}`);
    tell(
      "another effect",
      wrong.map(({ symbol }) => symbol),
      "Other effects",
    );
    await tellProbes(html);
    if (process.argv.includes("--sources")) await tellSources(html, compiled, rows);
  }
}

/** What functions do that rustc compiles for concrete types, and the packs say otherwise. */
async function tellProbes(pages: string): Promise<void> {
  const compared = await compareProbes(pages);
  if (compared === null) return console.log("SKIPPED: no rustc to compile probes with");
  const { rows, refused } = compared;
  const wrong = rows.filter((row) => !agrees(row));
  const share = ((100 * (rows.length - wrong.length)) / rows.length).toFixed(1);
  console.log(
    `probes: ${rows.length - wrong.length} of ${rows.length} agree (${share} %), ${refused} more were refused by rustc`,
  );
  const found = wrong.map(({ symbol, effects, claimed }) => differenceOf(symbol, effects, "packs", claimed));
  for (const one of found) console.log(`  ${one}`);
  tell("a probe does something else", found, "Probes");
}

/** What std's sources say of the same functions, and where they differ from the machine code. */
async function tellSources(pages: string, machine: Compiled, rows: readonly Compared[]): Promise<void> {
  const compared = await compareSources(pages, machine);
  if (compared === null) return console.log("SKIPPED: no sources of std (rustup component add rust-src or rust-docs)");
  const { sources, missing, functions, agreed, different } = compared;
  console.log(
    `sources: ${sources.files.size} files of ${sources.origin} by their checksums, ${sources.left} others left out`,
  );
  for (const one of missing) console.log(`SKIPPED: the crate ${one}, which std is built with, cannot be had`);
  console.log(`derived: ${agreed.size} of ${functions.size} compiled functions do what their sources say`);
  const packs = rows.filter(({ symbol }) => functions.has(symbol));
  const all = packs.filter((row) => agrees(row) && agreed.has(row.symbol)).length;
  console.log(
    `witnesses: packs, machine code and sources agree on ${all} of ${packs.length} functions that all three have`,
  );
  for (const one of different) console.log(`  ${one}`);
  tell("the sources say something else", different, "Sources");
}

function tell(what: string, found: readonly string[], section: string): void {
  for (const one of unexplained(
    found,
    reasons.filter((reason) => reason.section === section),
  )) {
    console.log(`${what}, without a reason: ${one}`);
    process.exitCode = 1;
  }
}
