/**
 * Reads, parses and lowers every file of a list with all bodies in it, as the tool does: what the bench holds against the bare C parser.
 *
 * Arguments: a file with one path a line. Prints bytes, files and functions, and on stderr the CPU seconds without the start of the process.
 */
import { readFileSync } from "node:fs";
import { packageFile } from "../../src/base/package-file.ts";
import { fileId } from "../../src/base/span.ts";
import { settleEngine } from "../../src/cli/engine-settings.ts";
import type { Item } from "../../src/syntax/ast.ts";
import { lowerFnBody } from "../../src/syntax/body.ts";
import { parseFile } from "../../src/syntax/file-items.ts";
import { initParser } from "../../src/syntax/parser.ts";

const files = readFileSync(process.argv[2] ?? "", "utf8")
  .split("\n")
  .filter(Boolean);
settleEngine();
const before = process.cpuUsage();
await initParser({ grammarWasm: packageFile("assets/tree-sitter-rust.wasm") });
let bytes = 0;
let functions = 0;
let parameters = 0;
for (const [at, file] of files.entries()) {
  const text = readFileSync(file, "utf8");
  bytes += Buffer.byteLength(text);
  const pending: Item[] = [...parseFile(text, fileId(at), "2021").items];
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    if (item.k === "fn") {
      // A signature is parsed when it is asked for.
      parameters += item.params.length;
      if (!item.hasBody) continue;
      functions += 1;
      lowerFnBody(item);
    } else if ("items" in item && item.items !== null) pending.push(...item.items);
  }
}
const { user, system } = process.cpuUsage(before);
console.error(`CPU ${(user + system) / 1e6}`);
console.log(`${bytes} bytes, ${files.length} files, ${functions} functions, ${parameters} parameters`);
