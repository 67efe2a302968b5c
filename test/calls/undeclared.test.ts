/** What std would have to have and no rule pack declares is a missing rule; a type of the program that could not be told is not. */
import { beforeAll, describe, expect, test } from "vitest";
import { programOf, type TestProgram } from "./program-of.ts";

const text = `
pub struct Own;
pub fn function() { std::sync::no_such_function(); }
pub fn associated() { let _v: Vec<u8> = Vec::no_such_function(); }
pub fn method(v: &Vec<u8>) { v.no_such_method(); }
pub fn of_primitive(n: u32) { n.no_such_method(); }
pub fn impl_of_std(n: &mut u8) { let _ = std::fmt::Write::write_str(n, ""); }
pub fn own_method(own: Own) { own.no_such_method(); }
pub fn own_function() { crate::no_such_function(); }
pub fn unknown_receiver(own: Own) { own.field.no_such_method(); }
`;

describe("a call of something that nobody declares", () => {
  let program: TestProgram;
  beforeAll(async () => {
    program = await programOf([{ name: "a", text }]);
  });
  const reasons = (name: string): readonly string[] =>
    program.graph([`a::${name}`]).sites.flatMap(({ outcome }) => (outcome.k === "unresolved" ? [outcome.reason] : []));

  test.each(["function", "associated", "method", "of_primitive", "impl_of_std"])("%s: a rule is missing", (name) => {
    expect(reasons(name)).toEqual(["no-model"]);
  });
  test.each(["own_method", "own_function", "unknown_receiver"])("%s: its type could not be told", (name) => {
    expect(reasons(name)).toEqual(["unknown-type"]);
  });
});
