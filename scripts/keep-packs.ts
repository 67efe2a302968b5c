/**
 * Keeps what the shipped packs come to beside the built program, so that no run reads, parses or collects them: a part of `npm run build`.
 *
 * The packs are no part of the product while they contradict what was seen of std (std/check-witnesses.ts): then the build fails.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { packageFile } from "../src/base/package-file.ts";
import { keptPacksFile } from "../src/cli/kept-packs.ts";
import { readModel } from "../src/cli/rule-files.ts";
import { initParser } from "../src/syntax/parser.ts";
import { checkedText, checkWitnesses } from "./std/check-witnesses.ts";
import { keepPacks } from "./std/keep-packs.ts";

await initParser({ grammarWasm: readFileSync(packageFile("assets/tree-sitter-rust.wasm")) });
writeFileSync(packageFile(keptPacksFile), keepPacks(readModel()));

const checked = await checkWitnesses();
if (checked.stale) console.error(checkedText(checked));
if (checked.conflicts.length > 0) process.exitCode = 1;
