/** What stands around a name decides whether it can be a call of the function: each shape, with its look-alikes. */
import { expect, test } from "vitest";
import { callShape } from "../../src/calls/call-shape.ts";
import type { DefId, Names } from "../../src/names/defs.ts";
import { wordPlaces } from "../../src/syntax/word-places.ts";

type Takes = { readonly self: boolean; readonly params: number; readonly parent: "impl" | "mod" };

/** Does each mention of `make` in the text count, in order? */
function counted(text: string, { self, params, parent }: Takes, owners: readonly string[] | null = null): boolean[] {
  const item = { k: "fn", selfParam: self ? {} : null, params: Array.from({ length: params }) };
  const def = (id: number): unknown => (id === 1 ? { item, parent: 0 } : { kind: parent });
  const shape = callShape({ def } as unknown as Names, 1 as unknown as DefId, owners === null ? null : new Set(owners));
  const places = wordPlaces(text, "2021");
  return [...text.matchAll(/\bmake\b/g)].map(({ index }) => shape.fits(text, index, index + 4, places));
}

const free: Takes = { self: false, params: 1, parent: "mod" };
const associated: Takes = { self: false, params: 1, parent: "impl" };
const getter: Takes = { self: true, params: 0, parent: "impl" };
const setter: Takes = { self: true, params: 1, parent: "impl" };

test("a function without a receiver is called by a path, never behind a dot", () => {
  expect(counted("make(1); other::make(1); run(make); 0..make(1); call!(make)", free)).toEqual(Array(5).fill(true));
  expect(counted("it.make(1); it\n  .make(1); it . make", associated)).toEqual([false, false, false]);
});

test("where a function is declared by the name it is not called", () => {
  for (const takes of [free, { ...getter, parent: "mod" as const }, { ...setter, parent: "mod" as const }])
    expect(counted("fn make(&self) {} unsafe fn  make() {} return_fn make()", takes)).toEqual([false, false, true]);
});

test("a method behind a dot has parentheses that fit its parameters", () => {
  expect(counted("it.make(); it.make( ); it.make::<T>(); X::make(it); map(X::make)", getter)).toEqual(
    Array(5).fill(true),
  );
  expect(counted("it.make(1); it.make; it.make + 1", getter)).toEqual([false, false, false]);
  expect(counted("it.make(1); it.make\n (x); it.make(/* none */)", setter)).toEqual([true, true, true]);
  expect(counted("it.make(); it.make = 1", setter)).toEqual([false, false]);
});

test("a type's own function stands behind a name of the type, or where the text does not say which type it is", () => {
  const owners = ["Engine", "Other"];
  const meant =
    "Engine::make(1); a::Other :: make(1); Self::make(1); <Engine>::make(1); Engine::<T>::make(1); $t::make(1)";
  expect(counted(meant, associated, owners)).toEqual(Array(6).fill(true));
  expect(counted("Command::make(1); engine::make(1)", associated, owners)).toEqual([false, false]);
});

test("a comment that stands before may end with a dot", () => {
  expect(counted('// Well.\nmake(1); /* Well. */ make(1); text("." , make)', free)).toEqual([true, true, true]);
  expect(counted("it. // to be\n make(1)", setter)).toEqual([true]);
});

test("in comments and strings nothing is called", () => {
  const silent = '// make(1)\n/* make(1) /* make(1) */ make(1) */ "make(1)"; r#"make(1)"#; (\'"\', make(1))';
  for (const takes of [free, getter]) expect(counted(silent, takes).slice(0, -1)).toEqual(Array(6).fill(false));
  expect(counted(silent, free).at(-1)).toBe(true);
});

test("a member stands behind a dot or a path, if no macro takes it", () => {
  const others = "let make = it; run(make); make.run(); S { make }; S { field: make }; use_of(&make)";
  for (const takes of [associated, getter]) expect(counted(others, takes)).toEqual(Array(6).fill(false));
  expect(
    counted("call!(make); call! { it, { make } }; it.r#make(); S::/* : */make(1); #[hook(make)] f()", setter),
  ).toEqual([true, true, true, true, true]);
  // What only looks like a macro ends with its group.
  expect(counted("if a != (make) { make } else if !b { make }", getter)).toEqual([false, false, false]);
});

test("what begins a path or stands before a colon is no function", () => {
  expect(counted("make::run(); S { make: 1 }; let make: u8; make :: run()", free)).toEqual(Array(4).fill(false));
  expect(counted("make::<T>(); make:: /* : */ <T>(); call!(make::run); call!(make: 1)", free)).toEqual(
    Array(4).fill(true),
  );
});
