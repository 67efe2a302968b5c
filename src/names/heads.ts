/**
 * The outermost constructor of a type as a key: what impls are found by. Names, tokens and types give the same for the same type.
 */
import type { DefId } from "./defs.ts";

/** The struct or enum that a key is of; null for anything else. */
export function adtOf(head: string | null | undefined): DefId | null {
  return typeof head === "string" && head.startsWith("a") ? (Number(head.slice(1)) as DefId) : null;
}

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
