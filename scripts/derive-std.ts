/**
 * Compares the packs of core, alloc and std with what the toolchain says of them: `npm run derive-std`.
 *
 * Prints how many items of the stable interface are declared and how many of the compiled library's functions do what the packs say, and each
 * difference that docs/std-model.md gives no reason for; exit code 1 where there is one. Needs the toolchain that the packs describe, its component
 * `rust-docs`, python3 and objdump; what is missing is skipped and said so.
 */
import { readFileSync } from "node:fs";
import { programOf } from "../test/calls/program-of.ts";
import { agrees, compareLibrary } from "./std/compiled-effects.ts";
import { coverageOf } from "./std/coverage.ts";
import { readApi } from "./std/docs-api.ts";
import { documentedReasons, nameOf, unexplained } from "./std/reasons.ts";
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
      console.log(
        `  ${symbol}: machine code ${effects.join("+") || "nothing"}, packs ${claimed.join("+") || "nothing"} ${through.join(" ")}`,
      );
    tell(
      "another effect",
      wrong.map(({ symbol }) => symbol),
      "Other effects",
    );
  }
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
