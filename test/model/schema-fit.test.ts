/** The quick yes or no about a value says what ajv says, and a schema that it does not know whole is refused. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { mutateJson } from "../../scripts/fuzz/mutate.ts";
import { randomOf } from "../../scripts/fuzz/random.ts";
import { packageFile } from "../../src/base/package-file.ts";
import { checkAgainst } from "../../src/model/schema-check.ts";
import { fits, type Schema } from "../../src/model/schema-fit.ts";

const read = (file: string): Schema => JSON.parse(readFileSync(packageFile(file), "utf8")) as Schema;
const schema = read("schemas/report.schema.json");
const definitions = schema["definitions"] as Readonly<Record<string, Schema>>;

function accepted(value: unknown): boolean {
  try {
    checkAgainst("x.json", schema, value);
    return true;
  } catch {
    return false;
  }
}

test("it agrees with ajv on changed reports", () => {
  const text = JSON.stringify(read("test/report/stored/deadlock.json"));
  const counts = { yes: 0, no: 0 };
  for (let seed = 1; seed <= 1500; seed += 1) {
    const value: unknown = JSON.parse(mutateJson(text, randomOf(seed)));
    const fit = fits(schema, definitions, value);
    expect([seed, fit]).toEqual([seed, accepted(value)]);
    counts[fit ? "yes" : "no"] += 1;
  }
  expect(Math.min(counts.yes, counts.no)).toBeGreaterThan(100);
});

test.each<Schema>([
  { pattern: "a" },
  { type: "object", additionalProperties: false },
  { type: "text" },
  { items: { maximum: 3 } },
  { $ref: "#/definitions/none" },
])("a schema with words that it does not know is refused: %j", (one) => {
  expect(() => fits(one, {}, one["type"] === "object" ? {} : [1])).toThrow();
});
