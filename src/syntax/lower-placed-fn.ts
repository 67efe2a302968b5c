/**
 * A function that was found by its place alone: its signature is parsed when it is first asked for.
 *
 * Nine of ten functions that a program's crates declare are never asked for more than a name and attributes. A signature that cannot be
 * parsed is empty, and so is the body of such a function: whoever reaches it is told of that.
 */
import { exact } from "../base/exact.ts";
import type { Span } from "../base/span.ts";
import type { Attr, FnItem, ItemBase, Source, Visibility } from "./ast.ts";
import { attrOf } from "./attributes.ts";
import type { FnPlace } from "./fn-heads.ts";
import { kindChild } from "./grammar.ts";
import { lowerSignature, type Signature } from "./lower-fn.ts";
import type { Lowering } from "./lowering.ts";
import { parseSignature } from "./parse-source.ts";
import { visibilityOf } from "./visibility.ts";

/** The function at a place, whose offsets are those of a lowering's tree. */
export function createFn({ source, base }: Pick<Lowering, "source" | "base">, place: FnPlace): FnItem {
  return new PlacedFn({ source, base, place, attrs: null, vis: null }, null);
}

function attrsAt({ source, base, place }: Placed): readonly Attr[] {
  const attrs = place.attrs.map(({ start, end }) =>
    attrOf(source.text.slice(start + base, end + base), source.spanOf(start + base, end + base)),
  );
  return exact(attrs);
}

function visAt({ source, base, place }: Placed): Visibility {
  const written = source.text.slice(place.start + base, place.visEnd + base);
  return written === "" ? { k: "private" } : visibilityOf(written);
}

/** The same function in an extern block of an ABI. */
export function withAbi(item: FnItem, abi: string): FnItem {
  return item instanceof PlacedFn ? item.withAbi(abi) : { ...wholeFn(item), abi };
}

/** Where a function that was made by its place stands, with the ABI of the block around it; null for any other. */
export function placeOf(
  item: FnItem,
): { readonly place: FnPlace; readonly base: number; readonly abi: string | null } | null {
  return item instanceof PlacedFn ? item.stands : null;
}

/** The same function as an object of its own properties, all of them worked out: to be spread into another. */
export function wholeFn(item: FnItem): FnItem {
  const { k, attrs, vis, name, span, keySpan, source, start, end, broken, hasBody } = item;
  const { generics, selfParam, params, variadic, ret, async, unsafe, abi } = item;
  const base: ItemBase = { attrs, vis, name, span, keySpan, source, start, end, broken };
  const words = { async, unsafe, const: item.const, default: item.default, abi };
  return { ...base, k, hasBody, generics, selfParam, params, variadic, ret, ...words };
}

interface Placed {
  readonly source: Source;
  readonly base: number;
  readonly place: FnPlace;
  /** Null until they are asked for. */
  attrs: readonly Attr[] | null;
  vis: Visibility | null;
}

interface Parsed extends Signature {
  readonly broken: boolean;
}

/** A class for its getters: as many closures of each object would cost more than the signature. */
class PlacedFn implements FnItem {
  readonly k = "fn";
  readonly #placed: Placed;
  readonly #abi: string | null;
  #parsed: Parsed | null = null;

  constructor(placed: Placed, abi: string | null) {
    this.#placed = placed;
    this.#abi = abi;
  }
  withAbi(abi: string): FnItem {
    return new PlacedFn(this.#placed, abi);
  }
  get stands() {
    return { place: this.#placed.place, base: this.#placed.base, abi: this.#abi };
  }
  get attrs() {
    this.#placed.attrs ??= attrsAt(this.#placed);
    return this.#placed.attrs;
  }
  get vis() {
    this.#placed.vis ??= visAt(this.#placed);
    return this.#placed.vis;
  }
  get name() {
    return this.#placed.place.name;
  }
  get source() {
    return this.#placed.source;
  }
  get start() {
    return this.#placed.place.start + this.#placed.base;
  }
  get end() {
    return this.#placed.place.end + this.#placed.base;
  }
  get hasBody() {
    return this.#placed.place.hasBody;
  }
  get span(): Span {
    return this.source.spanOf(this.start, this.end);
  }
  get keySpan(): Span {
    const at = this.#placed.place.keyword + this.#placed.base;
    return this.source.spanOf(at, at + 2);
  }
  get #signature(): Parsed {
    this.#parsed ??= parsed(this.source, this.start, this.end);
    return this.#parsed;
  }
  get broken() {
    return this.#signature.broken;
  }
  get generics() {
    return this.#signature.generics;
  }
  get selfParam() {
    return this.#signature.selfParam;
  }
  get params() {
    return this.#signature.params;
  }
  get variadic() {
    return this.#signature.variadic;
  }
  get ret() {
    return this.#signature.ret;
  }
  get async() {
    return this.#signature.async;
  }
  get unsafe() {
    return this.#signature.unsafe;
  }
  get const() {
    return this.#signature.const;
  }
  get default() {
    return this.#signature.default;
  }
  get abi() {
    return this.#abi ?? this.#signature.abi;
  }
}

function parsed(source: Source, start: number, end: number): Parsed {
  const l = parseSignature(source, start, end);
  if (l === null) return unknown;
  const whole = kindChild(l.tree, 0, "function_item");
  const node = whole < 0 ? kindChild(l.tree, 0, "function_signature_item") : whole;
  return node < 0 ? unknown : { broken: !l.clean, ...lowerSignature(l, node) };
}

const unknown: Parsed = {
  generics: { params: [], where: [] },
  selfParam: null,
  params: [],
  variadic: false,
  ret: null,
  async: false,
  unsafe: false,
  const: false,
  default: false,
  abi: null,
  broken: true,
};
