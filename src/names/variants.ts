/**
 * The variants of an enum among what its definition declares.
 */
import type { DefId, Names } from "./defs.ts";

/** In the order of the text, without those that a cfg takes away; none for another definition. */
export function variantsOf(names: Names, def: DefId): readonly DefId[] {
  return names.def(def).children.filter((one) => names.def(one).kind === "variant");
}
