/**
 * Which types are inside a type: each is asked about once, whatever ways lead to it, to the depth that is looked into; and a question that is asked
 * while another one of the same type is being answered changes neither.
 */
import { beforeAll, expect, test } from "vitest";
import { anywhere } from "../../src/calls/inner-types.ts";
import type { Ty } from "../../src/types/ty.ts";
import { programOf, type TestProgram } from "./program-of.ts";

const text = `
pub struct A { x: (Option<B>, fn()), c: [B; 2], d: (B, B) }
pub struct B { c: Option<C>, d: [C; 2], e: (C, C), f: Vec<C> }
pub struct C { d: *const D, e: [D; 2], f: (D, D) }
pub struct D { up: *const A, at: fn() }
pub enum Deep { End, More(Box1) }
pub struct Box1(Box2);
pub struct Box2(Box3);
pub struct Box3(Box4);
pub struct Box4(Box5);
pub struct Box5(*const u8);
`;
let program: TestProgram;
beforeAll(async () => {
  program = await programOf([{ name: "shapes", text }]);
});

const typeOf = (path: string): Ty => program.types.typeOf(program.def(path));

function askedAbout(ty: Ty): Ty[] {
  const all: Ty[] = [];
  anywhere(program.types, ty, (one) => {
    all.push(one);
    return false;
  });
  return all;
}

test("each type once, however often it is inside", () => {
  const all = askedAbout(typeOf("shapes::A"));
  expect(new Set(all).size).toBe(all.length);
  expect(all).toContain(typeOf("shapes::D"));
  expect(all.some(({ k }) => k === "fn-ptr")).toBe(true);
  // The second question goes by what the first has found.
  expect(askedAbout(typeOf("shapes::A"))).toEqual(all);
});

test("six steps are looked into, not seven", () => {
  expect(anywhere(program.types, typeOf("shapes::Box1"), ({ k }) => k === "ptr")).toBe(true);
  const all = askedAbout(typeOf("shapes::Deep"));
  expect(all).toContain(typeOf("shapes::Box5"));
  expect(all.filter(({ k }) => k === "prim")).toEqual([]);
});

test("a question within a question", () => {
  const b = typeOf("shapes::B");
  const isPointer = ({ k }: Ty): boolean => k === "fn-ptr";
  let nested = 0;
  const found = anywhere(program.types, b, (one) => {
    if (anywhere(program.types, b, isPointer)) nested += 1;
    return one === typeOf("shapes::D");
  });
  expect(found).toBe(true);
  expect(nested).toBeGreaterThan(3);
});
