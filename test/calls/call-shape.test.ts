/** What stands around a name decides whether it can be a call of the function: each shape, with its look-alikes. */
import { expect, test } from "vitest";
import { callShape } from "../../src/calls/call-shape.ts";
import type { Def, DefId, Names } from "../../src/names/defs.ts";

type Takes = { readonly self: boolean; readonly params: number };

/** Does each mention of `make` in the text count, in order? */
function counted(text: string, { self, params }: Takes, owners: readonly string[] | null = null): boolean[] {
  const item = { k: "fn", selfParam: self ? {} : null, params: Array.from({ length: params }) };
  const names = { def: () => ({ item }) as unknown as Def } as unknown as Names;
  const shape = callShape(names, 1 as DefId, owners === null ? null : new Set(owners));
  return [...text.matchAll(/\bmake\b/g)].map(({ index }) => shape.fits(text, index, index + 4));
}

const associated: Takes = { self: false, params: 1 };
const getter: Takes = { self: true, params: 0 };
const setter: Takes = { self: true, params: 1 };

test("a function without a receiver is called by a path, never behind a dot", () => {
  expect(counted("make(1); other::make(1); run(make); 0..make(1); call!(make)", associated)).toEqual(
    Array(5).fill(true),
  );
  expect(counted("it.make(1); it\n  .make(1); it . make", associated)).toEqual([false, false, false]);
});

test("where a function is declared by the name it is not called", () => {
  for (const takes of [associated, getter, setter])
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
