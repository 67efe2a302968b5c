/** `rules/std-witnesses.json`: what the witnesses of std said, one line for each function of the packs, in one order. */
import { readFileSync } from "node:fs";
import { sha256 } from "../../src/base/stable-hash.ts";
import type { Pack } from "../../src/model/pack.ts";
import { accountText, type StdWitnesses } from "../../src/model/std-witnesses.ts";
import { shippedPacks } from "../../test/calls/program-of.ts";
import { accountsOf, type Heard } from "./hear-witnesses.ts";
import type { Explained } from "./reasons.ts";

export const witnessFile: URL = new URL("../../rules/std-witnesses.json", import.meta.url);

const comment =
  "Made by `npm run derive-std`, read by `explain` and by the build of the packs; see docs/std-model.md. For each function of the packs and each instance of it four words: what the packs say, and what was seen by the compiled library, by probes compiled with -O0, in std's sources. Letters: a alloc, d dealloc, l lock, s stdio; 0 nothing of these; - not seen; after a slash the same where no io::Error is dropped.";

/** The file's text; `reasons` are the documented ones with the differences that each stands for. */
export function witnessText(heard: Heard, reasons: readonly Explained[]): string {
  const packs = shippedPacks();
  const head = {
    comment,
    version: packs.find((pack) => pack.modules.length > 0)?.describes.version ?? "",
    packs: packsHash(packs),
  };
  const rows = reasons.flatMap(({ standsFor }) =>
    [...standsFor].map(([{ section, pattern, why }, names]) => ({
      table: section,
      row: pattern,
      why,
      standsFor: sorted(names),
    })),
  );
  const accounts = accountsOf(heard);
  const functions = sorted([...accounts.keys()]).map((key) => {
    const instances = accounts.get(key) ?? new Map();
    const said = sorted([...instances.keys()]).map((symbol) => [symbol, accountText(instances.get(symbol))]);
    return `${JSON.stringify(key)}: ${JSON.stringify(Object.fromEntries(said))}`;
  });
  const lines = [
    ...Object.entries(head).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`),
    `"reasons": [\n${rows.map((one) => JSON.stringify(one)).join(",\n")}\n]`,
    `"functions": {\n${functions.join(",\n")}\n}`,
  ];
  return `{\n${lines.join(",\n")}\n}\n`;
}

/** The file as it is. */
export function readWitnesses(): StdWitnesses {
  return JSON.parse(readFileSync(witnessFile, "utf8")) as StdWitnesses;
}

/** Of what packs say, without what they cite. */
export function packsHash(packs: readonly Pack[]): string {
  return sha256(JSON.stringify(packs, (key, value: unknown) => (key === "cite" || key === "note" ? undefined : value)));
}

function sorted(texts: readonly string[]): string[] {
  return [...texts].sort();
}
