/**
 * The outermost constructor of a type as a key: what impls are found by. Names, tokens and types give the same for the same type.
 */
import type { DefId } from "./defs.ts";

/** Keys of constructors. */
export const heads = {
  adt: (def: DefId): string => `a${def}`,
  prim: (name: string): string => `p${name}`,
  never: "!",
  ref: (mut: boolean): string => (mut ? "&mut" : "&"),
  ptr: (mut: boolean): string => (mut ? "*mut" : "*"),
  slice: "[",
  array: "[;",
  tuple: (elems: number): string => `(${elems}`,
  fnPtr: (params: number): string => `F${params}`,
} as const;
