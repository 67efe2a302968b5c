/** What metavariable expressions of a macro become. Their syntax is unstable, so that no fixture that rustc compiles can have them. */
import { expect, test } from "vitest";
import { programOf } from "../calls/program-of.ts";

const text: string = `
macro_rules! counted { ($($x:ident $([$($y:ident)*])?),*) => { pub type Counted = [u8; %{count($x)}]; pub type Inner = [u8; %{count($y)}]; pub type Outer = [u8; %{count($y, 1)}]; } }
counted!(a [x y], b [z], c);
macro_rules! same { ($($x:ident)*) => { pub type Same = ($( %{ignore($x)} u8, )*); pub type Lens = ($( [%{ignore($x)} u8; %{len()}], )*); pub type Indexes = ($( [%{ignore($x)} u8; %{index()}], )*); } }
same!(a b c);
macro_rules! nested { ($( [$($x:ident)*] )*) => { pub type Nested = ($( $( [%{ignore($x)} u8; %{index(1)}], )* )*); } }
nested!([a b] [c]);
macro_rules! named { ($x:ident) => { pub type %{concat(Big, $x)} = u16; } }
named!(One);
`.replaceAll("%", "$");

test("count, index, len, ignore and concat", async () => {
  const { types, def } = await programOf([{ name: "a", text }]);
  const of = (name: string): string => types.print(types.normalize(types.typeOf(def(`a::${name}`)), []));
  expect(of("Counted")).toBe("[u8; 3]");
  expect(of("Inner")).toBe("[u8; 3]");
  expect(of("Outer")).toBe("[u8; 2]");
  expect(of("Same")).toBe("(u8, u8, u8)");
  expect(of("Lens")).toBe("([u8; 3], [u8; 3], [u8; 3])");
  expect(of("Indexes")).toBe("([u8; 0], [u8; 1], [u8; 2])");
  expect(of("Nested")).toBe("([u8; 0], [u8; 0], [u8; 1])");
  expect(of("BigOne")).toBe("u16");
});
