/** The packs of the crates `alloc` and `std`, and of single crates: valid by the schema, in their crate, no function said twice. */
import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import type { Pack, PackFn } from "../../src/model/pack.ts";
import { indexPacks } from "../../src/model/pack-index.ts";

const rules = new URL("../../rules/", import.meta.url);
const validate = new Ajv2020({ allErrors: true }).compile(read("schema.json") as object);
const std = list("std/", /^(?:alloc|std)-.*\.json$/);
const crates = list("crates/", /\.json$/);

test.each([...std, ...crates])("%s is valid by rules/schema.json", (_, pack) => {
  validate(pack);
  expect(validate.errors).toBeNull();
});

describe("functions of alloc and std", () => {
  test("stand in the crate that their pack is named after", () => {
    for (const [, pack] of std) {
      const crate = pack.pack.split("-")[0];
      for (const module of pack.modules) expect(module.path.split("::")[0], pack.pack).toBe(crate);
    }
  });

  test("are declared once, and say where their facts are from", () => {
    const seen = new Set<string>();
    for (const { at, fn } of functions()) {
      const key = `${at} ${/\bfn (\w+)/.exec(fn.sig)?.[1]}`;
      expect(seen.has(key) && !/^impl(?:<[^>]*>)? \[/.test(at.slice(at.indexOf(" ") + 1)), key).toBe(false);
      seen.add(key);
      expect(fn.cite.length, key).toBeGreaterThan(0);
    }
  });

  test("what frees is said of the drops of owners", () => {
    for (const name of ["Box<T, A>", "Vec<T, A>", "Rc<T, A>", "Arc<T, A>", "BTreeMap<K, V, A>", "RawTable<K, V, A>"]) {
      const drop = [...functions()].find(
        ({ at, fn }) => at.endsWith(`Drop for ${name}`) && fn.sig === "fn drop(&mut self)",
      );
      expect(
        drop?.fn.effects?.map((effect) => effect.kind),
        name,
      ).toContain("dealloc");
      expect(drop?.fn.drops?.length, name).toBeGreaterThan(0);
    }
  });

  test("print with core's to one text per crate", () => {
    const core = list("std/", /^core-.*\.json$/);
    const index = indexPacks([...core, ...std].map(([, pack]) => pack));
    expect(index.texts.map((text) => text.name)).toEqual(["core", "alloc", "std"]);
    expect(index.texts.every((text) => text.text.length > 50_000)).toBe(true);
  });
});

test("overrides of crates cite and name a path", () => {
  for (const [file, pack] of crates) {
    for (const override of pack.overrides ?? []) {
      expect(override.path.split("::").length, `${file} ${override.path}`).toBeGreaterThan(1);
      expect(override.cite.length, `${file} ${override.path}`).toBeGreaterThan(0);
    }
  }
});

function read(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, rules), "utf8"));
}

function list(folder: string, names: RegExp): (readonly [string, Pack])[] {
  return readdirSync(new URL(folder, rules))
    .filter((name) => names.test(name))
    .sort()
    .map((name) => [`${folder}${name}`, read(`${folder}${name}`) as Pack] as const);
}

function* functions(): Generator<{ readonly at: string; readonly fn: PackFn }> {
  for (const [, pack] of std) {
    for (const module of pack.modules) {
      for (const fn of module.fns ?? []) yield { at: module.path, fn };
      for (const holder of [...(module.traits ?? []), ...(module.impls ?? [])])
        for (const fn of holder.fns ?? []) yield { at: `${module.path} ${holder.decl}`, fn };
    }
  }
}
