/**
 * A body that was let go of is expanded again to the same: its blocks get the modules of the first time, and nothing is declared twice.
 */
import { describe, expect, test } from "vitest";
import type { DefId, Names } from "../../src/names/defs.ts";
import { programOf } from "../calls/program-of.ts";

const text = `
macro_rules! declares { ($name:ident) => { fn $name() -> u8 { 1 } }; }
pub fn many() -> u8 {
    fn first() -> u8 { 1 }
    let a = { macro_rules! own { () => { first() } } fn second() -> u8 { own!() } own!() + second() };
    declares!(third);
    if a > 1 { struct S; impl S { fn go(&self) -> u8 { third() } } return S.go() }
    let f = || { const N: u8 = 4; N };
    f()
}
pub fn none() -> u8 { let b = 2; { b } }
`;

const scopesOf = (names: Names, def: DefId): unknown[] => [...(names.body(def)?.blockScopes.values() ?? [])];
/** Everything that is declared below a definition, by kind and name. */
const below = (names: Names, def: DefId): string[] =>
  names.def(def).children.flatMap((child) => {
    const { kind, name } = names.def(child);
    return [`${kind} ${name}`, ...below(names, child)];
  });

describe.each(["many", "none"])("the body of %s", (name) => {
  test("is the same when it is expanded again", async () => {
    const { names, def } = await programOf([{ name: "kit", text }]);
    const id = def(`kit::${name}`);
    const [scopes, declared] = [scopesOf(names, id), below(names, id)];
    names.forgetBody(id);
    expect(scopesOf(names, id)).toEqual(scopes);
    expect(below(names, id)).toEqual(declared);
    expect(declared.length > 0).toBe(name === "many");
  });
  test("is typed the same after only its items were asked for", async () => {
    const [at, later] = await Promise.all([programOf([{ name: "kit", text }]), programOf([{ name: "kit", text }])]);
    later.names.enterBody(later.def(`kit::${name}`));
    const callees = ({ graph }: typeof at): string[] => graph([`kit::${name}`]).sites.map((one) => one.callee);
    expect(callees(later)).toEqual(callees(at));
    expect(below(later.names, later.def(`kit::${name}`))).toEqual(below(at.names, at.def(`kit::${name}`)));
  });
});
