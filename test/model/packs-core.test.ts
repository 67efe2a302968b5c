/** The packs of the crate `core`: valid by the schema, parsed without errors, no function said twice. */
import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import type { Pack, PackFn } from "../../src/model/pack.ts";
import { CONDITIONS, KINDS } from "../../src/model/vocabulary.ts";

const folder = new URL("../../rules/std/", import.meta.url);
const schema = JSON.parse(readFileSync(new URL("../../rules/schema.json", import.meta.url), "utf8"));
const names = readdirSync(folder).filter((name) => /^core-.*\.json$/.test(name));
const packs = names.map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Pack);
const validate = new Ajv2020({ allErrors: true }).compile(schema);

test.each(names.map((name, at) => [name, packs[at]] as const))("%s is valid by rules/schema.json", (_, pack) => {
  const valid = validate(pack);
  expect(validate.errors).toBeNull();
  expect(valid).toBe(true);
});

test("the schema knows the vocabulary", () => {
  expect(schema.$defs.kind.enum).toEqual([...KINDS]);
  expect(schema.$defs.condition.enum).toEqual([...CONDITIONS]);
});

describe("functions", () => {
  test("each has effects or a body, and its module is in core", () => {
    for (const { pack, fn, path } of functions()) {
      expect(path.split("::")[0], pack).toBe("core");
      expect(fn.effects !== undefined || fn.body !== undefined, `${path} ${fn.sig}`).toBe(true);
    }
  });

  test("none is declared twice", () => {
    const seen = new Set<string>();
    for (const { fn, path, holder } of functions()) {
      const key = `${path} ${holder} ${/\bfn (\w+)/.exec(fn.sig)?.[1]}`;
      expect(seen.has(key) && !/^impl(?:<[^>]*>)? (?:str|\[)/.test(holder), key).toBe(false);
      seen.add(key);
    }
  });
});

function* functions(): Generator<{ pack: string; path: string; holder: string; fn: PackFn }> {
  for (const pack of packs) {
    for (const module of pack.modules) {
      for (const fn of module.fns ?? []) yield { pack: pack.pack, path: module.path, holder: "", fn };
      for (const holder of [...(module.traits ?? []), ...(module.impls ?? [])])
        for (const fn of holder.fns ?? []) yield { pack: pack.pack, path: module.path, holder: holder.decl, fn };
    }
  }
}
