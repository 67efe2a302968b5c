/** What rustc prints in its MIR is read as it is meant: callees, types, places; and the judge tells right from wrong. */
import { describe, expect, test } from "vitest";
import { readMir } from "../../scripts/score/mir/read-mir.ts";
import {
  printCallee,
  printShape,
  readCallee,
  readType,
  sameCallee,
  sameFunction,
} from "../../scripts/score/mir/shape.ts";

describe("callees", () => {
  test.each([
    ["std::vec::Vec::<T>::push", "Vec<T>::push"],
    ["core::slice::<impl [u8]>::len", "[]<u8>::len"],
    ["core::num::<impl usize>::checked_add", "usize::checked_add"],
    ["<a::B<'_, T> as std::ops::Deref>::deref", "<B<T> as Deref>::deref"],
    ["<T as c::Tr<u8>>::go::<[u8; 2], fn(&T) -> bool {a::b::<T>}>", "<T as Tr<u8>>::go::<[;]<u8, 2>, fn item>"],
    ["std::mem::swap::<&mut (dyn std::any::Any + std::marker::Send)>", "swap::<&mut<dyn<Any>>>"],
    ["a::T::<A>::find::<impl FnMut(&T) -> bool>", "T<A>::find::<*>"],
    ["<[T] as a::Ext<T>>::to_vec::inner::<u8>", "inner::<u8>"],
    ["std::mem::forget::<<a::D<T> as std::ops::Drop>::drop::Guard<'_, T>>", "forget::<Guard<T>>"],
    ["fs::types::_::<impl fs::types::Mode>::bits", "Mode::bits"],
    [
      "<{closure@src/lib.rs:1:2: 1:5} as std::ops::FnOnce<(u8,)>>::call_once",
      "<{closure} as FnOnce<()<u8>>>::call_once",
    ],
  ])("%s", (text, said) => {
    const callee = readCallee(text);
    expect(callee === null ? null : printCallee(callee)).toBe(said);
  });

  test("a value is called", () => expect(readCallee("move _5")).toBeNull());

  test("functions differ by name and owner, calls by their types too", () => {
    const read = (text: string): NonNullable<ReturnType<typeof readCallee>> =>
      readCallee(text) ?? { owner: null, trait: null, name: "?", args: [] };
    const [push, other] = [read("a::Vec::<u8>::push"), read("a::Vec::<u16>::push")];
    expect([sameFunction(push, other), sameCallee(push, other)]).toEqual([true, false]);
    expect(sameFunction(push, read("a::Deque::<u8>::push"))).toBe(false);
    expect(sameFunction(read("<T as A>::f"), read("<T as B>::f"))).toBe(false);
  });
});

test("types", () => {
  const said = (text: string): string => printShape(readType(text));
  expect(said("&'static [std::option::Option<&'a mut str>]")).toBe("&<[]<Option<&mut<str>>>>");
  expect(said('for<\'a> unsafe extern "C" fn(*const i8, ...) -> !')).toBe("fn<*const<i8>, ..., !>");
  expect(said("dyn std::iter::Iterator<Item = u8> + std::marker::Send + 'static")).toBe("dyn<Iterator<Item =<u8>>>");
  expect(said("<T as a::Tr>::Out")).toBe("as Tr::Out<T>");
  expect(said("((u8,), (), [(); 3])")).toBe("()<()<u8>, (), [;]<(), 3>>");
});

test("calls, places and variables of a dump; a const fn's second print is left out", () => {
  const dump = `
fn a::f(_1: &T, _2: std::vec::Vec<(u8, T)>) -> usize {
    debug t => _1;                       // in scope 0 at src/lib.rs:8:17: 8:18
    let _3: u8;                          // in scope 0 at src/lib.rs:9:9: 9:10
        debug x => _3;                   // in scope 1 at src/lib.rs:9:9: 9:10
        _4 = <T as a::Tr>::go(copy _1) -> [return: bb1, unwind continue]; // scope 0 at src/lib.rs:9:13: 9:19
        _5 = g(const ")") -> bb2;        // scope 0 at src/lib.rs:10:1: 10:5
        drop(_2) -> [return: bb3, unwind continue]; // scope 0 at src/lib.rs:11:1: 11:2
}
// MIR FOR CTFE
fn a::f(_1: &T) -> usize {
        _4 = h() -> [return: bb1, unwind continue]; // scope 0 at src/lib.rs:9:13: 9:19
}
`;
  const { calls, variables } = readMir(dump);
  expect(calls.map((one) => `${one.place.range} ${one.text}`)).toEqual(["9:13: 9:19 <T as a::Tr>::go", "10:1: 10:5 g"]);
  expect(variables.map((one) => `${one.name}: ${printShape(one.ty)}`)).toEqual(["t: &<T>", "x: u8"]);
});
