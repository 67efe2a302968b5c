/**
 * What code outside a crate can name, and what it can call on values of types that it cannot name.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { programOf, type TestProgram } from "../calls/program-of.ts";

const text = `
pub struct Named(u8);
impl Named { pub fn open(&self) {} fn closed(&self) {} }
mod imp {
  pub struct Returned(pub u8);
  impl Returned { pub fn open(&self) {} pub(crate) fn closed(&self) {} pub fn next(&self) -> Chained { Chained } }
  pub struct Chained;
  impl Chained { pub fn open(&self) {} }
  pub struct InField; impl InField { pub fn open(&self) {} }
  pub struct InClosure; impl InClosure { pub fn open(&self) {} }
  pub struct Item; impl Item { pub fn open(&self) {} }
  pub struct Behind; impl Behind { pub fn open(&self) {} }
  pub struct Kept; impl Kept { pub fn open(&self) {} }
  pub trait Object { fn open(&self); }
}
pub fn returned() -> Option<imp::Returned> { None }
pub struct Fields { pub shown: imp::InField, hidden: imp::Kept }
pub fn with<F>(f: F) where F: FnOnce(&imp::InClosure) { f(&imp::InClosure) }
impl Iterator for Fields { type Item = imp::Item; fn next(&mut self) -> Option<imp::Item> { None } }
pub fn behind() -> impl Sized { imp::Behind }
fn private() -> imp::Kept { imp::Kept }
pub fn object() -> Box<dyn imp::Object> { loop {} }
`;

let program: TestProgram;
beforeAll(async () => {
  program = await programOf([{ name: "kit", text }]);
});

describe("public API", () => {
  test("by name and by values given out", () => {
    const said = (path: string): string => {
      const def = program.def(path);
      return program.names.effectivelyPublic(def) ? "named" : program.names.withinReach(def) ? "reached" : "neither";
    };
    const expected = {
      "kit::Named::open": "named",
      "kit::Named::closed": "neither",
      "kit::imp::Returned": "reached",
      "kit::imp::Returned::open": "reached",
      "kit::imp::Returned::closed": "neither",
      "kit::imp::Chained::open": "reached",
      "kit::imp::InField::open": "reached",
      "kit::imp::InClosure::open": "reached",
      "kit::imp::Item::open": "reached",
      "kit::imp::Behind::open": "neither",
      "kit::imp::Kept::open": "neither",
      "kit::imp::Object::open": "reached",
    };
    const paths = Object.keys(expected);
    expect(Object.fromEntries(paths.map((path) => [path, said(path)]))).toEqual(expected);
  });
});
