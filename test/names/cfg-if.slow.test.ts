/** The rules of the published `cfg_if!`, and of a copy of it, are those that rules/macros.json knows. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { FileId } from "../../src/base/span.ts";
import { rulesHash } from "../../src/names/cfg-if.ts";
import { lexTokens } from "../../src/syntax/lexer.ts";
import { fileSource } from "../../src/syntax/source.ts";
import { generatedCode } from "../calls/program-of.ts";
import { fetchedCrates } from "../support/fetched-crates.ts";

const crates = fetchedCrates({ "cfg-if": "1", libc: "0.2" });
if (crates === null) console.warn("the cfg-if and libc crates could not be fetched: their macros were not compared");

describe.skipIf(crates === null)("cfg_if!", () => {
  test.each([
    ["cfg-if", "src/lib.rs"],
    ["libc", "src/macros.rs"],
  ])("of %s", (crate, file) => {
    const text = readFileSync(join(crates?.get(crate) ?? "", file), "utf8");
    const [head] = text.match(/macro_rules!\s+cfg_if\s*/) ?? [""];
    const open = text.indexOf(head) + head.length;
    const [rules] = lexTokens(fileSource(text, 0 as FileId, "2021"), open, text.length).trees;
    expect(rules?.k).toBe("group");
    expect(generatedCode().cfgIf).toContain(rules?.k === "group" ? rulesHash(rules.trees) : null);
  });
});
