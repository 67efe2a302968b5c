/** Rule packs of users: what is refused and how it is told, which of two entries counts. */
import { describe, expect, test } from "vitest";
import type { Pack } from "../../src/model/pack.ts";
import { indexPacks } from "../../src/model/pack-index.ts";
import { ModelError } from "../../src/model/schema-check.ts";
import { conflictsAmong, loadUserPacks } from "../../src/model/user-packs.ts";
import { shippedPacks } from "../calls/program-of.ts";
import { shipped } from "./shipped-data.ts";

const schema = shipped<object>("rules/schema.json");
const always = (): boolean => true;
const head =
  '{\n "schema": 1,\n "pack": "ours",\n "describes": {"version": "1", "origin": "curated"},\n "modules": [],\n';

describe("a bad pack is refused with file, pointer, line and what was expected", () => {
  const cases: readonly (readonly [string, string, string, number, RegExp])[] = [
    ["a broken text", `${head} "overrides": [}\n}`, "", 6, /is no JSON/],
    ["an unknown key", `${head} "override": []\n}`, "", 1, /unknown key "override"/],
    ["a missing citation", `${head} "overrides": [\n  {"path": "a::f"}\n ]\n}`, "/overrides/0", 7, /property 'cite'/],
    [
      "an unknown kind",
      `${head} "overrides": [\n  {"path": "a::f", "cite": ["x"],\n   "effects": [{"kind": "heap", "when": "always"}]}\n ]\n}`,
      "/overrides/0/effects/0/kind",
      8,
      /must be one of "alloc", "dealloc"/,
    ],
    [
      "drops beside a body",
      `${head} "overrides": [\n  {"path": "a::f", "cite": ["x"], "body": "()",\n   "drops": ["T"]}\n ]\n}`,
      "/overrides/0/drops",
      8,
      /does not go together with another key/,
    ],
    [
      "a crate that packs do not declare",
      `${head.replace('"modules": []', '"modules": [{"path": "serde::de"}]')} "leaves": []\n}`,
      "/modules/0/path",
      5,
      /not in core, alloc or std; expected/,
    ],
  ];
  test.each(cases)("%s", (_, text, place, line, message) => {
    const error = refusal(text);
    expect(error.place).toBe(place);
    expect(error.message).toMatch(message);
    expect(error.message).toContain("ours.json");
    expect(error.message.endsWith(`\n  --> ours.json:${line}`)).toBe(true);
    expect(error.help).not.toBe("");
  });
});

describe("two packs that speak of one function", () => {
  const entry = (rest: string): string =>
    `${head} "overrides": [\n  {"path": "once_cell::sync::OnceCell::set", "effects": [], "cite": ["us"]${rest}}\n ]\n}`;

  test("conflict, and the other one is named", () => {
    const error = refusal(entry(""));
    expect(error.message).toMatch(
      /`once_cell::sync::OnceCell::set` is defined by the shipped pack `once_cell` already/,
    );
    expect(error.message).toMatch(/expected `"override": true`\n {2}--> ours\.json:7$/);
  });

  test("do not where their versions have none in common", () => {
    const packs = loadUserPacks(
      schema,
      [{ file: "ours.json", text: entry(', "versions": ">=99"') }],
      once(),
      () => false,
    );
    expect(packs).toHaveLength(1);
  });

  test("an override counts, before the other", () => {
    const packs = [
      ...once(),
      ...loadUserPacks(schema, [{ file: "ours.json", text: entry(', "override": true') }], once(), always),
    ];
    const index = indexPacks(packs);
    const entries = index.overrides.get("once_cell::sync::OnceCell::set") ?? [];
    expect(entries.map(({ id }) => index.entry(id)?.pack)).toEqual(["ours", "once_cell"]);
  });

  test("an override of nothing is refused", () => {
    const error = refusal(entry(', "override": true').replace("OnceCell::set", "OnceCell::sett"));
    expect(error.message).toMatch(/overrides nothing/);
  });

  test("a function of std is replaced where it stood", () => {
    const text = head.replace(
      '"modules": []',
      '"modules": [{"path": "std::process", "fns": [{"sig": "pub fn exit(code: i32) -> !", "effects": [], "cite": ["us"], "override": true}]}]',
    );
    const std = shippedPacks();
    const ours = loadUserPacks(schema, [{ file: "ours.json", text: `${text} "leaves": []\n}` }], std, always);
    const before = indexPacks(std);
    const after = indexPacks([...std, ...ours], ours);
    const declared = (text_: string): number => text_.split("pub fn exit(code: i32) -> !").length - 1;
    expect(after.texts.map(({ text: one }) => declared(one))).toEqual(
      before.texts.map(({ text: one }) => declared(one)),
    );
    const replaced = after.texts.flatMap(
      ({ text: one }) => /sigsafe_entry\((\d+)\)\] pub fn exit\(/.exec(one)?.[1] ?? [],
    );
    expect(after.entry(Number(replaced[0]))?.fn.cite).toEqual(["us"]);
  });
});

test("the shipped packs do not contradict each other", () => {
  const methodsOfManyTypes = /^core::(?:slice|str) impl/;
  expect(conflictsAmong([...shippedPacks(), ...once()], always).filter((one) => !methodsOfManyTypes.test(one))).toEqual(
    [],
  );
});

function once(): Pack[] {
  return [shipped<Pack>("rules/crates/once-cell.json")];
}

function refusal(text: string): ModelError {
  try {
    loadUserPacks(schema, [{ file: "ours.json", text }], once(), always);
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
