/** A value that does not fit is refused with the file, the place and what is wrong there. */
import { expect, test } from "vitest";
import { checkAgainst, ModelError } from "../../src/model/schema-check.ts";
import { schemaOf, shipped } from "./shipped-data.ts";

const files: readonly (readonly [string, string])[] = [
  ["signal-safety.json", "signal-safety"],
  ["rules/registrars.json", "registrars"],
  ["rules/lints.json", "lints"],
  ["rules/allocators.json", "allocators"],
  ["rules/replacements.json", "replacements"],
];

test.each(files)("%s fits its schema", (file, schema) => {
  expect(checkAgainst(file, schemaOf(schema), shipped(file))).toBeTruthy();
});

const registrar = {
  id: "mine",
  match: { symbols: ["install"] },
  entryKind: "signal",
  handlers: [{ arg: 0 }],
  cite: ["me"],
};

test.each<[unknown, string, RegExp]>([
  [[], "", /must be object/],
  [{ schema: 2, registrars: [] }, "/schema", /must be 1/],
  [{ schema: 1, registrars: [{ ...registrar, handler: 0 }] }, "/registrars/0", /unknown key "handler"/],
  [
    { schema: 1, registrars: [{ ...registrar, entryKind: "async" }] },
    "/registrars/0/entryKind",
    /"signal", "fork-child"/,
  ],
  [{ schema: 1, registrars: [{ ...registrar, handlers: [{ arg: -1 }] }] }, "/registrars/0/handlers/0/arg", />= 0/],
])("says where %j does not fit", (value, place, problem) => {
  const error = refusal(() => checkAgainst("mine.json", schemaOf("registrars"), value));
  expect(error.place).toBe(place);
  expect(error.message).toMatch(/^mine\.json/);
  expect(error.message).toMatch(problem);
  expect(error.help).not.toBe("");
});

function refusal(run: () => unknown): ModelError {
  try {
    run();
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

test("what is wrong ten thousand times over is told as soon", () => {
  const each = { type: "object", required: Array.from("abcdefghij") };
  const schema = { type: "array", items: { $ref: "#/definitions/each" }, definitions: { each } };
  const started = performance.now();
  expect(() => checkAgainst("x.json", schema, Array(30_000).fill({}))).toThrow(
    /at \/0: must have required property 'a'/,
  );
  expect(performance.now() - started).toBeLessThan(5000);
});
