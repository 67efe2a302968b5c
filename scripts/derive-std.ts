/**
 * Compares the packs of core, alloc and std with what the toolchain says of them, and writes that down in rules/std-witnesses.json: `npm run derive-std`.
 *
 * Three witnesses: the compiled library; probes, which rustc compiles with -O0 for concrete types; what the tool's own call graph makes of std's sources,
 * function by function of both (two minutes; `-- --no-sources` leaves them out, and writes nothing).
 *
 * Prints how many items of the stable interface are declared and how many functions do what the packs say, and each difference that
 * docs/std-model.md gives no reason for; exit code 1 where there is one, or a reason that is no longer needed. Needs the toolchain that the packs
 * describe, its component `rust-docs`, python3 and objdump; what is missing is skipped and said so.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { programOf } from "../test/calls/program-of.ts";
import { agrees, type Compared } from "./std/compiled-effects.ts";
import { coverageOf } from "./std/coverage.ts";
import { readApi } from "./std/docs-api.ts";
import { differencesIn, type Heard, hearWitnesses } from "./std/hear-witnesses.ts";
import { documentedReasons, type Explained, explained, nameOf } from "./std/reasons.ts";
import { documentation } from "./std/toolchain.ts";
import { witnessFile, witnessText } from "./std/witness-file.ts";

const reasons = documentedReasons(readFileSync(new URL("../docs/std-model.md", import.meta.url), "utf8"));
const html = documentation();
if (html === null) {
  console.log("SKIPPED: no rust-docs of the toolchain that the packs describe (rustup component add rust-docs)");
} else {
  const { names, types } = await programOf([{ name: "empty", text: "" }]);
  const { missing, counts } = coverageOf(readApi(html), names, types);
  for (const [kind, { stable, declared }] of counts) console.log(`${kind}: ${declared} of ${stable} declared`);
  const notDeclared = tell("not declared", missing.map(nameOf), "Not declared");
  const heard = await hearWitnesses(html, !process.argv.includes("--no-sources"));
  const others = tellAll(heard);
  if (others === null) console.log("NOT WRITTEN: rules/std-witnesses.json is made of all witnesses");
  else writeFileSync(witnessFile, witnessText(heard, [notDeclared, ...others]));
}

/** Null where not all could be asked. */
function tellAll({ library, probes, sources }: Heard): readonly Explained[] | null {
  if (library === null) console.log("SKIPPED: no python3, objdump or libstd to compare effects with");
  else console.log(`effects: ${shareOf(library)} compiled functions agree`);
  const found = [library === null ? null : tell("another effect", differencesIn(library), "Other effects")];
  if (probes === null) console.log("SKIPPED: no rustc to compile probes with");
  else console.log(`probes: ${shareOf(probes.rows)} agree, ${probes.refused} more were refused by rustc`);
  found.push(probes === null ? null : tell("a probe does something else", differencesIn(probes.rows), "Probes"));
  if (sources === null) {
    console.log("SKIPPED: no sources of std (rustup component add rust-src or rust-docs), or not asked for");
  } else {
    const { sources: read, missing, functions, different } = sources;
    console.log(`sources: ${read.files.size} files of ${read.origin} by their checksums, ${read.left} others left out`);
    for (const one of missing) console.log(`SKIPPED: the crate ${one}, which std is built with, cannot be had`);
    console.log(
      `sources: ${functions.size - different.length} of ${functions.size} functions do what the machine code does`,
    );
  }
  found.push(sources === null ? null : tell("the sources say something else", sources.different, "Sources"));
  return found.every((one) => one !== null) && sources?.missing.length === 0 ? found : null;
}

function shareOf(rows: readonly Compared[]): string {
  const right = rows.filter(agrees).length;
  return `${right} of ${rows.length} (${((100 * right) / rows.length).toFixed(1)} %)`;
}

function tell(what: string, found: readonly string[], section: string): Explained {
  const all = explained(
    found,
    reasons.filter((reason) => reason.section === section),
  );
  for (const one of all.wrong) {
    console.log(`${what}, without a reason: ${one}`);
    process.exitCode = 1;
  }
  return all;
}
