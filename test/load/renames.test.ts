/**
 * Other names that texts give: what counts as one, and that it is told in one pass.
 */
import { describe, expect, test } from "vitest";
import { renamesIn } from "../../src/load/renames.ts";

const told = (...texts: string[]): Record<string, string[]> =>
  Object.fromEntries([...renamesIn(texts)].map(([name, others]) => [name, [...others].sort()]));

describe("other names in texts", () => {
  test("imports, in groups too, raw names and what stands on lines of its own", () => {
    expect(told("use a::{B as C, d::E\n  as\n  F}; use g as r#type;", "use x::B as D;")).toEqual({
      B: ["C", "D"],
      E: ["F"],
      g: ["type"],
    });
  });
  test("casts to primitive types and qualified paths are none", () => {
    expect(told("let a = b as u8; <T as Trait>::f(); c as usize; d as Other")).toEqual({ d: ["Other"] });
  });
  test("a text of nothing else takes time in proportion to its length", () => {
    const text = Array.from({ length: 100_000 }, (_, at) => `a as b${at}`).join(";");
    expect(renamesIn([text, " as ".repeat(100_000)]).get("a")?.size).toBe(100_000);
  });
});
