/**
 * Impls in the bodies of anonymous constants: found whatever names them, and not expanded where nobody asked for their trait.
 */
import { describe, expect, test } from "vitest";
import type { DefId } from "../../src/names/defs.ts";
import { programOf, type TestProgram } from "../calls/program-of.ts";

const text = `
pub trait Written { fn go(&self) {} } pub trait ByMacro { fn go(&self) {} } pub trait ByArgument { fn go(&self) {} }
pub trait Renamed { fn go(&self) {} } pub trait Unasked { fn go(&self) {} }
use Renamed as Other;
pub struct A; pub struct B; pub struct C;
macro_rules! by_macro { ($t:ty) => { impl ByMacro for $t {} } }
macro_rules! outer { ($t:ty) => { by_macro!($t); } }
macro_rules! implement { ($trait:ident for $($t:ty)*) => { $(impl $trait for $t {})* } }
const _: () = { impl Written for A {} };
const _: () = { outer!(A); };
const _: () = { implement!(ByArgument for A B); };
const _: () = { impl Other for A {} };
const _: () = { #[derive(Clone)] struct Inner(A); impl Clone for A { fn clone(&self) -> A { A } } };
const _: () = { impl C { pub fn own(&self) {} } };
${Array.from({ length: 6 }, (_, at) => `const _: () = { struct S${at}; impl Unasked for S${at} {} };`).join("\n")}
pub fn calls() { C.own(); }
`;

const made = (): Promise<TestProgram> => programOf([{ name: "kit", text }]);

describe("impls in anonymous constants", () => {
  test.each(["Written", "ByMacro", "ByArgument", "Renamed"])(
    "%s is found when it is what is asked first",
    async (trait) => {
      const { types, def } = await made();
      const self = types.adt(def("kit::A"), []);
      expect(types.implements({ trait: def(`kit::${trait}`), args: [self] }, [])).toBe("yes");
    },
  );
  test("an inherent impl is found by the type", async () => {
    const program = await made();
    const sites = program.graph(["kit::calls"]).sites.map((one) => one.callee);
    expect(sites).toContain("kit::C::own");
  });
  test("what nobody asks for is not expanded, and all is for who asks for all", async () => {
    const { types, names } = await made();
    const def = (path: string): DefId => names.byPath(path) as DefId;
    types.implements({ trait: def("kit::Written"), args: [types.adt(def("kit::A"), [])] }, []);
    const { crate } = names.def(def("kit::A"));
    const unasked = def("kit::Unasked");
    const count = (): number =>
      names.implsOf(crate, null).filter((id) => types.implTraitRef(id)?.trait === unasked).length;
    expect(count()).toBe(0);
    names.implsOf(crate);
    expect(count()).toBe(6);
  });
});
