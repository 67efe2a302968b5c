/** rules/lints.json: one entry for each rule of the vocabulary, with texts that help. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type LintText, rulesDocument } from "../../scripts/rules-document.ts";
import { packageFile } from "../../src/base/package-file.ts";
import { loadLints } from "../../src/model/lints.ts";
import { KINDS, RULE_OF } from "../../src/model/vocabulary.ts";
import { schemaOf, shipped } from "./shipped-data.ts";

const schema = schemaOf("lints");
const lints = loadLints(schema, shipped("rules/lints.json"));

test("every rule has its entry", () => {
  expect(lints.all.map(({ id }) => id).sort()).toEqual([...Object.values(RULE_OF), "unresolved-call"].sort());
  for (const kind of KINDS) expect(lints.ofKind(kind).kinds).toEqual([kind]);
  expect(lints.find("heap-allocation")?.level).toBe("error");
  expect(lints.find("no-such-rule")).toBeNull();
});

test("an entry that is missing, double or under the wrong kind is refused", () => {
  const [first, ...others] = lints.all;
  if (first === undefined) throw new Error("no lints");
  expect(() => loadLints(schema, { schema: 1, lints: others })).toThrow(/has no entry/);
  expect(() => loadLints(schema, { schema: 1, lints: [first, ...lints.all] })).toThrow(/two entries/);
  expect(() => loadLints(schema, { schema: 1, lints: [{ ...first, kinds: ["lock"] }, ...others] })).toThrow(
    /is for the kinds/,
  );
});

test("docs/rules.md is made from the entries", () => {
  const { lints: texts } = shipped<{ readonly lints: readonly LintText[] }>("rules/lints.json");
  expect(readFileSync(packageFile("docs/rules.md"), "utf8")).toBe(rulesDocument(texts));
});
