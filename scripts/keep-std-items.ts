/**
 * Keeps the item trees of the shipped packs beside the built program, so that no run parses them: a part of `npm run build`.
 *
 * The packs are no part of the product while they contradict what was seen of std (std/check-witnesses.ts): then the build fails.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { packageFile } from "../src/base/package-file.ts";
import { keptPacksFile, readModel } from "../src/cli/rule-files.ts";
import { keepPackCrates } from "../src/load/pack-crates.ts";
import { initParser } from "../src/syntax/parser.ts";
import { checkedText, checkWitnesses } from "./std/check-witnesses.ts";

await initParser({ grammarWasm: readFileSync(packageFile("assets/tree-sitter-rust.wasm")) });
writeFileSync(packageFile(keptPacksFile), JSON.stringify(keepPackCrates(readModel().packs.texts)));

const checked = await checkWitnesses();
if (checked.stale) console.error(checkedText(checked));
if (checked.conflicts.length > 0) process.exitCode = 1;
