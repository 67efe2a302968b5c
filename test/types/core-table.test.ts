/** Interning, unification with undo, substitution and the constants' arithmetic: the parts of `types` that need no names. */
import { describe, expect, test } from "vitest";
import type { DefId, Names } from "../../src/names/defs.ts";
import { binaryInts, intMethod, wrapInt } from "../../src/types/const-ints.ts";
import { createCore } from "../../src/types/create-types.ts";
import { HAS_INFER, HAS_PARAM } from "../../src/types/intern.ts";
import type { Ty } from "../../src/types/ty.ts";

const vec = 1 as DefId;
const pair = 2 as DefId;
/** No definitions at all: whatever asks for one fails the test. */
const noNames = { implGeneration: 0 } as Partial<Names> as Names;
const core = createCore(noNames, { inferBody: () => null });
const { tys } = core;
const u8 = tys.prim("u8");
const table = (): ReturnType<typeof core.newTable> => core.newTable({ id: 0, predicates: [] }, null);

describe("interning", () => {
  test("equal parts give the same object", () => {
    expect(tys.adt(vec, [tys.ref(u8, true)])).toBe(tys.adt(vec, [tys.ref(u8, true)]));
    expect(tys.adt(vec, [u8])).not.toBe(tys.adt(pair, [u8]));
    expect(tys.ref(u8, false)).not.toBe(tys.ref(u8, true));
    expect(tys.tuple([])).toBe(tys.unit);
  });

  test("flags tell what is inside", () => {
    const param = tys.param(vec, 0, "T");
    expect(tys.slice(tys.tuple([u8, param])).flags).toBe(HAS_PARAM);
    expect(tys.adt(vec, [tys.infer(0, "general")]).flags).toBe(HAS_INFER);
    expect(tys.adt(vec, [u8]).flags).toBe(0);
  });

  test("the traits of an object have one order", () => {
    const a = { trait: vec, args: [], bindings: [] };
    const b = { trait: pair, args: [u8], bindings: [] };
    expect(tys.dyn([a, b])).toBe(tys.dyn([b, a, a]));
  });
});

test("substitution goes by position", () => {
  const first = tys.param(vec, 0, "T");
  const second = tys.param(pair, 1, "U");
  expect(core.subst(tys.fnPtr([first], second, null, false), [u8, tys.bool])).toBe(
    tys.fnPtr([u8], tys.bool, null, false),
  );
});

describe("unification", () => {
  test("binds variables through structure, and both ways", () => {
    const t = table();
    const a = t.fresh();
    const b = t.fresh();
    expect(t.unify(tys.adt(vec, [a]), tys.adt(vec, [b]))).toBe(true);
    expect(t.unify(b, u8)).toBe(true);
    expect(t.resolve(tys.tuple([a, b]))).toBe(tys.tuple([u8, u8]));
  });

  test("a failed attempt leaves nothing bound", () => {
    const t = table();
    const a = t.fresh();
    expect(t.unify(tys.tuple([a, u8]), tys.tuple([u8, tys.bool]))).toBe(false);
    expect(t.shallow(a)).toBe(a);
  });

  test("a type does not contain itself", () => {
    const t = table();
    const a = t.fresh();
    const b = t.fresh();
    t.unify(a, tys.slice(b));
    expect(t.unify(b, tys.ref(a, false))).toBe(false);
  });

  test("number variables take numbers only, and fall back", () => {
    const t = table();
    const int = t.fresh("int");
    const float = t.fresh("float");
    expect(t.unify(int, tys.bool)).toBe(false);
    expect(t.unify(int, float)).toBe(false);
    const general = t.fresh();
    expect(t.unify(general, int)).toBe(true);
    expect(t.final(tys.tuple([general, float]))).toBe(tys.tuple([tys.prim("i32"), tys.prim("f64")]));
    expect(t.unify(general, tys.usize)).toBe(true);
    expect(t.resolve(int)).toBe(tys.usize);
  });

  test("unknown fits everything and binds nothing; the reason is kept", () => {
    const t = table();
    const a = t.fresh();
    const unknown = tys.unknown("unresolved-method");
    expect(t.unify(a, unknown)).toBe(true);
    expect(t.final(a)).toBe(unknown);
    expect(t.unify(a, u8)).toBe(true);
    expect(t.final(a)).toBe(u8);
    const b = t.fresh();
    t.unify(b, tys.slice(unknown));
    expect(t.final(b)).toBe(tys.slice(unknown));
    t.unify(b, tys.slice(u8));
    expect(t.final(b)).toBe(tys.slice(u8));
  });

  test("a probe undoes bindings and obligations", () => {
    const t = table();
    const a = t.fresh();
    t.probe(() => {
      t.unify(a, u8);
      t.register({ k: "projection", assoc: vec, args: [a], ty: u8 });
      expect(t.pendingOn(u8)).toHaveLength(1);
    });
    expect(t.shallow(a)).toBe(a);
    expect(t.pendingOn(a)).toHaveLength(0);
  });

  test("depth is bounded", () => {
    const t = table();
    let deep: Ty = u8;
    for (let n = 0; n < 500; n++) deep = tys.slice(deep);
    let other: Ty = t.fresh();
    for (let n = 0; n < 500; n++) other = tys.slice(other);
    expect(t.unify(deep, other)).toBe(false);
  });
});

describe("constant integers", () => {
  const int = (value: bigint, ty: string | null): { k: "int"; value: bigint; ty: string | null } => ({
    k: "int",
    value,
    ty,
  });

  test("wrap as their type does", () => {
    expect(wrapInt(256n, "u8")).toBe(0n);
    expect(wrapInt(200n, "i8")).toBe(-56n);
    expect(wrapInt(-1n, "usize")).toBe(2n ** 64n - 1n);
  });

  test("what would panic has no value", () => {
    expect(binaryInts("add", int(255n, "u8"), int(1n, null))).toBeNull();
    expect(binaryInts("div", int(1n, null), int(0n, null))).toBeNull();
    expect(binaryInts("mul", int(16n, null), int(16n, null))).toEqual(int(256n, null));
    expect(binaryInts("shl", int(1n, "u32"), int(12n, null))).toEqual(int(4096n, "u32"));
  });

  test("methods", () => {
    expect(intMethod(int(5n, "u32"), "next_power_of_two", [])).toEqual(int(8n, "u32"));
    expect(intMethod(int(2n, "u8"), "pow", [9n])).toBeNull();
    expect(intMethod(int(3n, "usize"), "max", [7n])).toEqual(int(7n, "usize"));
    expect(intMethod(int(3n, "usize"), "unheard_of", [])).toBeNull();
  });
});
