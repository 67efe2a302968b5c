/** Everything that `npm run build` keeps of the packs, as one file: used by the build and by tests alone. */

import { packedWriter } from "../../src/base/packed-writer.ts";
import { keptRules } from "../../src/cli/kept-packs.ts";
import type { Model } from "../../src/cli/rule-files.ts";
import type { Program } from "../../src/crates/crate-graph.ts";
import { createFiles } from "../../src/load/files.ts";
import { packCrates } from "../../src/load/pack-crates.ts";
import { keepIndex } from "../../src/model/kept-index.ts";
import { keepNames } from "../../src/names/new-store.ts";
import { nodeWriter } from "../../src/syntax/kept-items.ts";

/** The bytes of the file. */
export function keepPacks(model: Model): Uint8Array {
  const files = createFiles([], []);
  const packs = packCrates(model.packs.texts, files.addText);
  const nodes = nodeWriter(packs.map((one) => one.source));
  const out = packedWriter(nodes.own);
  keepIndex(model.packs, out);
  keepNames({ program, files, packs, generated: model.generated }, out);
  out.table("sources", nodes.sources(out));
  return out.finish(keptRules());
}

const program: Program = {
  id: "",
  package: "",
  target: "",
  features: [],
  kind: "lib",
  roots: [],
  crates: [],
  macroCrates: [],
  featuresApproximated: false,
  key: "",
};
