/** Whether a type is one of those that rule packs describe: then what it has by itself is what they declare, and nothing more can be known. */
import type { Names } from "../names/defs.ts";
import type { Ty } from "./ty.ts";

/** A type of a modelled crate or of the language, behind any references. */
export function isModelled(names: Names, ty: Ty): boolean {
  switch (ty.k) {
    case "adt":
      return names.isPackCrate(names.def(ty.def).crate);
    case "ref":
    case "ptr":
      return isModelled(names, ty.inner);
    default:
      return ty.k === "prim" || ty.k === "slice" || ty.k === "array" || ty.k === "tuple";
  }
}
