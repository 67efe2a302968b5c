/**
 * Which places a closure takes, of all the uses in its body: bindings, or fields of them where that decides what is moved.
 *
 * Since edition 2021 a closure takes `t.0` and leaves `t.1` where it was. Fields of tuples and structs are told
 * apart where one is taken by value; where everything is only borrowed, the binding as a whole stands for them.
 */
import type { Ty } from "./ty.ts";

/** In order of strength. */
export type Mode = "none" | "copy" | "ref" | "ref-mut" | "move";

/** Fields from the binding on. */
export type FieldPath = readonly { readonly index: number; readonly ty: Ty }[];

export interface Use {
  readonly binding: number;
  readonly path: FieldPath;
  readonly mode: Mode;
}

const strength: Readonly<Record<Mode, number>> = { none: 0, copy: 1, ref: 2, "ref-mut": 3, move: 4 };

/** The stronger of two uses of one place. */
export function stronger(one: Mode, other: Mode): Mode {
  return strength[one] >= strength[other] ? one : other;
}

/** Names a place. */
export function placeKey(binding: number, path: readonly { readonly index: number }[]): string {
  return [binding, ...path.map(({ index }) => index)].join(".");
}

/** The places that are taken, none within another; `isSplit` says of a binding that is never used whole whether its fields are taken one by one. */
export function takenPlaces(uses: Iterable<Use>, isSplit: (parts: readonly Use[]) => boolean): Use[] {
  const byBinding = new Map<number, Use[]>();
  for (const use of uses) {
    if (use.mode === "none") continue;
    const list = byBinding.get(use.binding) ?? [];
    byBinding.set(use.binding, list);
    list.push(use);
  }
  return [...byBinding]
    .sort(([left], [right]) => left - right)
    .flatMap(([binding, list]) => {
      const parts = outermost(list);
      const isWhole = parts.some(({ path }) => path.length === 0) || !isSplit(parts);
      return isWhole ? [{ binding, path: [], mode: strongest(list) }] : parts;
    });
}

function strongest(uses: readonly Use[]): Mode {
  return uses.reduce<Mode>((mode, one) => stronger(mode, one.mode), "none");
}

/** Uses of places that lie in no other of them, each as strong as what lies in it. */
function outermost(uses: readonly Use[]): Use[] {
  const isIn = (inner: Use, outer: Use): boolean =>
    outer.path.every(({ index }, at) => inner.path[at]?.index === index);
  return uses
    .filter((one) => !uses.some((other) => other.path.length < one.path.length && isIn(one, other)))
    .map((one) => ({ ...one, mode: strongest(uses.filter((other) => isIn(other, one))) }))
    .sort((left, right) => (placeKey(left.binding, left.path) < placeKey(right.binding, right.path) ? -1 : 1));
}
