/**
 * What is statically known of a value, as far as it decides calls: which static a pointer leads to, which callable or
 * object stands behind it.
 *
 * Values are interned, so that equal ones are one object and contexts can be compared by id. `null` in the place of a
 * Known is "anything"; `nothing` is "holds no callable, no object and no static", `inert` "no callable and no object". Depth and width are bounded: what would
 * grow beyond becomes `null`.
 */
import type { Ty } from "../types/ty.ts";
import type { StaticPlace } from "./call-graph.ts";

export type Known = { readonly id: number; readonly depth: number } & (
  | { readonly k: "nothing" }
  /** Anything that leads to no callable and no object: it may point to a static. */
  | { readonly k: "inert" }
  /** A pointer to a static or a part of one. */
  | { readonly k: "static"; readonly place: StaticPlace }
  /** A function pointer: this item or non-capturing closure. */
  | { readonly k: "callable"; readonly ty: Ty }
  /** A pointer to a trait object of this type; `inner` is what is known of the object itself. */
  | { readonly k: "object"; readonly ty: Ty; readonly inner: Known | null }
  /** A struct, tuple, closure environment or variant, field by field. */
  | { readonly k: "parts"; readonly variant: number | null; readonly fields: readonly (Known | null)[] }
  /** An array, element by element; told by less than its elements, each may be any of them. */
  | { readonly k: "list"; readonly elems: readonly (Known | null)[] }
  /** A pointer to a place that holds this. */
  | { readonly k: "ref"; readonly inner: Known }
  /** One of these, or with `inside` something made of these; with `open`, of others too. */
  | { readonly k: "some"; readonly of: readonly Known[]; readonly inside: boolean; readonly open: boolean }
);

export interface Knowns {
  readonly nothing: Known;
  readonly inert: Known;
  pointer(place: StaticPlace): Known;
  callable(ty: Ty): Known;
  object(ty: Ty, inner: Known | null): Known;
  parts(variant: number | null, fields: readonly (Known | null)[]): Known | null;
  list(elems: readonly (Known | null)[]): Known | null;
  ref(inner: Known | null): Known | null;
  /** Something made of these pieces, where a `null` piece makes it open. */
  madeOf(pieces: readonly (Known | null)[]): Known | null;
  /** One of two. */
  join(left: Known | null, right: Known | null): Known | null;
  /** One of all of these; nothing of none. */
  joinAll(all: readonly (Known | null)[]): Known | null;
}

const MAX_DEPTH = 14;
const MAX_WIDTH = 12;

/** An empty interner. */
export function createKnowns(): Knowns {
  const table = new Map<string, Known>();
  const make = (key: string, depth: number, rest: object): Known => {
    let known = table.get(key);
    if (known === undefined) {
      known = { id: table.size, depth, ...rest } as Known;
      table.set(key, known);
    }
    return known;
  };
  const nothing = make("nothing", 0, { k: "nothing" });
  const idOf = (one: Known | null): string => (one === null ? "" : String(one.id));
  const depthOf = (list: readonly (Known | null)[]): number =>
    list.reduce((deepest, one) => Math.max(deepest, one === null ? 0 : one.depth), 0) + 1;

  const some = (list: readonly (Known | null)[], inside: boolean, open: boolean): Known | null => {
    const flat = new Map<number, Known>();
    let within = inside;
    let more = open;
    for (const one of list) {
      if (one === null) more = true;
      else if (one.k === "some") {
        within ||= one.inside;
        more ||= one.open;
        for (const part of one.of) flat.set(part.id, part);
      } else if (one !== nothing) flat.set(one.id, one);
    }
    const of = [...flat.values()].sort((left, right) => left.id - right.id);
    if (of.length === 0) return more ? null : nothing;
    const [only] = of;
    if (of.length === 1 && only !== undefined && !within && !more) return only;
    if (of.length > MAX_WIDTH) return null;
    const depth = within ? Math.max(...of.map((one) => one.depth)) : depthOf(of);
    if (depth > MAX_DEPTH) return null;
    return make(`some:${within}:${more}:${of.map((one) => one.id).join()}`, depth, {
      k: "some",
      of,
      inside: within,
      open: more,
    });
  };

  const join = (left: Known | null, right: Known | null): Known | null =>
    left === right ? left : some([left, right], false, false);

  return {
    nothing,
    inert: make("inert", 0, { k: "inert" }),
    pointer: (place) => make(`static:${staticPlaceKey(place)}`, 1, { k: "static", place }),
    callable: (ty) => make(`callable:${ty.id}`, 1, { k: "callable", ty }),
    object: (ty, inner) => {
      const kept = inner !== null && (inner === nothing || inner.depth >= MAX_DEPTH) ? null : inner;
      return make(`object:${ty.id}:${idOf(kept)}`, depthOf([kept]), { k: "object", ty, inner: kept });
    },
    parts: (variant, fields) => {
      if (fields.every((one) => one === nothing)) return nothing;
      if (fields.every((one) => one === null || one === nothing)) return null;
      const depth = depthOf(fields);
      if (depth > MAX_DEPTH) return null;
      return make(`parts:${variant}:${fields.map(idOf).join()}`, depth, { k: "parts", variant, fields });
    },
    list: (elems) => {
      if (elems.every((one) => one === nothing)) return nothing;
      if (elems.every((one) => one === null || one === nothing)) return null;
      const depth = depthOf(elems);
      return depth > MAX_DEPTH ? null : make(`list:${elems.map(idOf).join()}`, depth, { k: "list", elems });
    },
    ref: (inner) => {
      if (inner === null || inner === nothing) return inner;
      return inner.depth >= MAX_DEPTH ? null : make(`ref:${inner.id}`, inner.depth + 1, { k: "ref", inner });
    },
    madeOf: (pieces) => some(pieces, true, false),
    join,
    joinAll: (all) => all.reduce<Known | null>(join, nothing),
  };
}

/** The same where elements of its arrays may have changed places. */
export function inAnyOrder(knowns: Knowns, known: Known | null): Known | null {
  const inside = (one: Known | null): Known | null => inAnyOrder(knowns, one);
  switch (known?.k) {
    case "list":
      return knowns.list([knowns.joinAll(known.elems.map(inside))]);
    case "parts":
      return knowns.parts(known.variant, known.fields.map(inside));
    case "ref":
      return knowns.ref(inside(known.inner));
    case "some": {
      const all = known.of.map(inside);
      const those = known.open ? [null, ...all] : all;
      return known.inside ? knowns.madeOf(those) : knowns.joinAll(those);
    }
    default:
      return known;
  }
}

/** The place of a field of a static's part. */
export function fieldOf(place: StaticPlace, index: number, variant: number | null = null): StaticPlace {
  const fields = [...place.fields, index];
  if (variant === null && place.variants === undefined) return { def: place.def, fields };
  return { def: place.def, fields, variants: [...(place.variants ?? place.fields.map(() => null)), variant] };
}

/** Equal for the same place, told by the same variants. */
export function staticPlaceKey({ def, fields, variants }: StaticPlace): string {
  return `${def}:${fields.join(".")}${variants === undefined ? "" : `:${variants.join(".")}`}`;
}

/** The static a pointer leads to, if it is one. */
export function staticOf(known: Known | null): StaticPlace | null {
  if (known?.k === "static") return known.place;
  if (known?.k === "some" && known.of.length === 1 && !known.open) return staticOf(known.of[0] ?? null);
  return null;
}
