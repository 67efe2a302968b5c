/**
 * Sizes of types, where they can be told: for conditions on constants only.
 *
 * Primitives, pointers (fat ones too), arrays, tuples, structs (largest alignment first, as rustc orders fields when
 * nothing forbids it), unions, field-less enums, and `Option` of references and boxes. Null for the rest.
 */
import { variantsOf } from "../names/variants.ts";
import type { Core } from "./core.ts";
import { substTy } from "./subst.ts";
import type { Ty } from "./ty.ts";

interface Layout {
  readonly size: number;
  readonly align: number;
}

const primitives: Readonly<Record<string, number>> = {
  bool: 1,
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  f32: 4,
  char: 4,
  u64: 8,
  i64: 8,
  f64: 8,
  u128: 16,
  i128: 16,
};

/** Types of std whose fields are all there. */
const wholeLangs: ReadonlySet<string> = new Set([
  "phantom_data",
  "manually_drop",
  "maybe_uninit",
  "unsafe_cell",
  "pin",
  "Option",
]);

/** Size in bytes; null where it cannot be told. */
export function sizeOf(core: Core, ty: Ty): number | null {
  return layoutOf(core, core.normalizeIn(ty, core.envFrom([]), true), 0)?.size ?? null;
}

/** Alignment in bytes; null where it cannot be told, as where the target may align 64 bits to 4 bytes. */
export function alignOf(core: Core, ty: Ty): number | null {
  if (pointerSize(core) !== 8) return null;
  return layoutOf(core, core.normalizeIn(ty, core.envFrom([]), true), 0)?.align ?? null;
}

/** Size and alignment. */
export function layoutOf(core: Core, ty: Ty, depth: number): Layout | null {
  if (depth > 16) return null;
  const known = core.memo.sizes.get(ty.id);
  if (known !== undefined) return known;
  const layout = compute(core, ty, depth);
  core.memo.sizes.set(ty.id, layout);
  return layout;
}

function compute(core: Core, ty: Ty, depth: number): Layout | null {
  const pointer = pointerSize(core);
  switch (ty.k) {
    case "prim": {
      const size = ty.name === "usize" || ty.name === "isize" ? pointer : primitives[ty.name];
      return size === undefined ? null : { size, align: size };
    }
    case "ref":
    case "ptr":
      return pointerLayout(isFat(core, ty.inner, 0), pointer);
    case "fn-ptr":
      return { size: pointer, align: pointer };
    case "never":
    case "fn-def":
      return { size: 0, align: 1 };
    case "tuple":
      return sum(
        ty.elems.map((elem) => layoutOf(core, elem, depth + 1)),
        false,
      );
    case "array": {
      const inner = layoutOf(core, ty.inner, depth + 1);
      const count = ty.len.k === "const" ? Number(ty.len.value) : Number.NaN;
      return inner === null || !Number.isSafeInteger(count) ? null : { size: inner.size * count, align: inner.align };
    }
    case "adt":
      return adtLayout(core, ty, depth);
    default:
      return null;
  }
}

function adtLayout(core: Core, ty: Ty & { readonly k: "adt" }, depth: number): Layout | null {
  const def = core.names.def(ty.def);
  if (def.lang === "owned_box")
    return pointerLayout(ty.args[0] === undefined ? null : isFat(core, ty.args[0], 0), pointerSize(core));
  // A pack declares of a type what is needed to type code, not every field.
  const whole =
    (def.lang !== null && wholeLangs.has(def.lang)) || def.attrs.some((attr) => attr.path === "sigsafe_whole");
  if (core.names.isPackCrate(def.crate) && !whole) return null;
  const reprs = def.attrs.filter((attr) => attr.path === "repr").map((attr) => attr.tokens);
  if (reprs.some((text) => /align|packed|simd/.test(text))) return null;
  const fields = (of: typeof ty.def): (Layout | null)[] =>
    core
      .fieldTys(of)
      .map((field) => layoutOf(core, core.normalizeIn(substTy(core.tys, field, ty.args), core.envFrom([])), depth + 1));
  if (def.item?.k === "struct") {
    if (def.item.union) return union(fields(ty.def));
    return sum(
      fields(ty.def),
      reprs.some((text) => text.includes("C")),
    );
  }
  if (def.kind !== "enum") return null;
  const variants = variantsOf(core.names, ty.def);
  const repr = /[iu](8|16|32|64|128|size)/.exec(reprs.join())?.[0];
  if (variants.every((variant) => core.fieldTys(variant).length === 0)) {
    if (repr !== undefined) return layoutOf(core, core.tys.prim(repr), depth + 1);
    if (reprs.some((text) => text.includes("C"))) return { size: 4, align: 4 };
    return variants.length <= 1 ? { size: 0, align: 1 } : variants.length <= 256 ? { size: 1, align: 1 } : null;
  }
  return nullable(core, ty, variants, depth);
}

/** `Option<&T>` and the like: the empty variant is the null pointer. */
function nullable(
  core: Core,
  ty: Ty & { readonly k: "adt" },
  variants: readonly (typeof ty.def)[],
  depth: number,
): Layout | null {
  if (variants.length !== 2) return null;
  const full = variants.flatMap((variant) => core.fieldTys(variant));
  const [only] = full;
  if (full.length !== 1 || only === undefined) return null;
  const inner = core.normalizeIn(substTy(core.tys, only, ty.args), core.envFrom([]));
  return inner.k === "ref" || inner.k === "fn-ptr" ? layoutOf(core, inner, depth + 1) : null;
}

function sum(fields: readonly (Layout | null)[], inOrder: boolean): Layout | null {
  const known = fields.filter((field): field is Layout => field !== null);
  if (known.length !== fields.length) return null;
  const ordered = inOrder ? known : [...known].sort((a, b) => b.align - a.align);
  let size = 0;
  let align = 1;
  for (const field of ordered) {
    size = Math.ceil(size / field.align) * field.align + field.size;
    align = Math.max(align, field.align);
  }
  return { size: Math.ceil(size / align) * align, align };
}

function union(fields: readonly (Layout | null)[]): Layout | null {
  const known = fields.filter((field): field is Layout => field !== null);
  if (known.length !== fields.length) return null;
  let size = 0;
  let align = 1;
  for (const field of known) {
    size = Math.max(size, field.size);
    align = Math.max(align, field.align);
  }
  return { size: Math.ceil(size / align) * align, align };
}

function pointerLayout(fat: boolean | null, size: number): Layout | null {
  return fat === null ? null : { size: fat ? size * 2 : size, align: size };
}

/** Null: not known whether the pointer carries a length or table. */
function isFat(core: Core, inner: Ty, depth: number): boolean | null {
  switch (inner.k) {
    case "slice":
    case "dyn":
      return true;
    case "prim":
      return inner.name === "str";
    case "adt": {
      const tail = core.names.def(inner.def).kind === "struct" ? core.fieldTys(inner.def).at(-1) : undefined;
      if (tail === undefined) return false;
      return depth > 8
        ? null
        : isFat(core, core.normalizeIn(substTy(core.tys, tail, inner.args), core.envFrom([])), depth + 1);
    }
    case "param":
    case "proj":
    case "infer":
    case "unknown":
    case "opaque":
      return null;
    default:
      return false;
  }
}

function pointerSize(core: Core): number {
  return /^(i[3-6]86|arm|thumb|mips(el)?-|powerpc-|riscv32|wasm32|x86_64-unknown-linux-gnux32)/.test(
    core.names.program.target,
  )
    ? 4
    : 8;
}
