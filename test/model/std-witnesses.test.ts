/** What the witnesses of std saw: the packs that ship are those that they were asked about, what would contradict them is told, and `explain` says what they said. */
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { checkedText, checkWitnesses } from "../../scripts/std/check-witnesses.ts";
import { readWitnesses } from "../../scripts/std/witness-file.ts";
import { accountOf, accountText, type StdWitnesses, witnesses, witnessLines } from "../../src/model/std-witnesses.ts";
import { runCli } from "../support/run-cli.ts";

const file: StdWitnesses = readWitnesses();

test("the packs say what they said when the witnesses were asked", async () => {
  const checked = await checkWitnesses(file);
  expect(checked.stale ? checkedText(checked) : "").toBe("");
});

test("a pack that contradicts what was seen is a conflict; one that says it in other words, or differs for a reason, is none", async () => {
  const [key, symbol] = ["alloc::vec impl<T, A> Vec<T, A> push", "<alloc::vec::Vec<u64>>::push"];
  const some = Object.fromEntries(Object.entries(file.functions).filter(([one]) => /^alloc::(vec|str) /.test(one)));
  const seen = accountOf(some[key]?.[symbol] ?? "");
  expect(seen.probes?.effects).toContain("alloc");
  expect(Object.keys(some)).toContain("alloc::str impl str repeat");
  const nothing = accountText({ ...seen, probes: { effects: [], withoutIoErrors: [] } });
  const functions = { ...some, [key]: { ...some[key], [symbol]: nothing } };
  const checked = await checkWitnesses({ ...file, packs: "of others", functions });
  expect(checked).toEqual({
    stale: true,
    conflicts: ["<alloc::vec::Vec<u64>>::push: machine code nothing, packs alloc+dealloc"],
  });
  expect(checkedText(checked)).toContain("npm run derive-std");
});

test("most functions of the packs were seen, nearly all of those by two witnesses", () => {
  const seen = Object.values(file.functions).map((instances) => {
    const accounts = Object.values(instances).map(accountOf);
    return witnesses.filter((one) => accounts.some((account) => account[one] !== null)).length;
  });
  expect(seen.length).toBeGreaterThan(6_300);
  expect(seen.filter((count) => count < 2).length).toBeLessThan(100);
});

test("each row of reasons stands for something, and each difference once", () => {
  expect(file.reasons.filter(({ standsFor }) => standsFor.length === 0)).toEqual([]);
  for (const table of ["Not declared", "Other effects", "Probes", "Sources"]) {
    const names = file.reasons.filter((one) => one.table === table).flatMap((one) => one.standsFor);
    expect(new Set(names).size, table).toBe(names.length);
    expect(names.length, table).toBeGreaterThan(0);
  }
});

test("the packs and what was seen of them are at most 400 KB packed", () => {
  const folder = (name: string): string[] =>
    readdirSync(new URL(`../../rules/${name}/`, import.meta.url)).map((one) => `${name}/${one}`);
  const texts = [...folder("std"), ...folder("crates"), "std-witnesses.json"].map((one) =>
    readFileSync(new URL(`../../rules/${one}`, import.meta.url)),
  );
  expect(gzipSync(Buffer.concat(texts)).length).toBeLessThan(400_000);
});

test("words stand for what was said", () => {
  for (const text of ["ad - ad/a 0", "0 0 - -", "als als a l"]) expect(accountText(accountOf(text))).toBe(text);
});

describe("explain", () => {
  const made: StdWitnesses = {
    ...file,
    reasons: [
      {
        table: "Probes",
        row: "f::<…: …",
        why: "Left by -O0.",
        standsFor: ["f::<u8>: machine code dealloc, packs nothing"],
      },
    ],
    functions: { f: { "f::<u8>": "0 0 d 0", "f::<u16>": "0 - 0 -" }, g: { g: "a - a -" }, i: { "f::<u8>": "0 - d d" } },
  };
  test.each([
    [
      "f",
      [
        "Agreed by the compiled library and std's sources.",
        "Differs: f::<u8>: machine code dealloc, packs nothing. Left by -O0.",
      ],
    ],
    ["i", ["Not seen by the compiled library.", "Differs: f::<u8>: machine code dealloc, packs nothing. Left by -O0."]],
    ["g", ["Agreed by the probes; not seen by the compiled library and std's sources."]],
    [
      "h",
      ["Seen by none of the witnesses (the compiled library, the probes, std's sources): it rests on what it cites."],
    ],
  ])("%s", (key, lines) => {
    expect(witnessLines(made, key)).toEqual(lines);
  });
  test("a function of std", async () => {
    const { stdout } = await runCli(["explain", "alloc::vec::Vec::push"]);
    expect(stdout).toContain("Agreed by the probes and std's sources; not seen by the compiled library.");
  });
});
