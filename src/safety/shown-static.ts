/**
 * The static that a person wrote, for one that a macro hid in it.
 *
 * `lazy_static!` and its like make a type, a static of that type with the type's own name, and the cell as a local static of a method of
 * the type: the cell is named as the static of the type. `thread_local!` makes a constant, with the thread's value as a static in its body.
 */
import { constantAround } from "../calls/declared-in-body.ts";
import type { DefId, Names } from "../names/defs.ts";
import type { Types } from "../types/api.ts";

/** The static to name for a cell: the constant or static, or that of the type whose method, that the cell is local to; else the cell itself. */
export function shownStatic(types: Types, cell: DefId): DefId {
  const { names } = types;
  const constant = constantAround(names, cell);
  if (constant !== null) return constant;
  const impl = implAround(names, cell);
  const self = impl === null ? null : types.implSelfTy(impl);
  if (self?.k !== "adt") return cell;
  const { name, parent } = names.def(self.def);
  const beside = parent === null ? [] : names.def(parent).children;
  const isIt = (one: DefId): boolean => {
    const ty = names.def(one).kind === "static" && names.def(one).name === name ? types.typeOf(one) : null;
    return ty?.k === "adt" && ty.def === self.def;
  };
  return beside.find(isIt) ?? cell;
}

function implAround(names: Names, cell: DefId): DefId | null {
  for (let at = names.def(cell).parent; at !== null; at = names.def(at).parent) {
    const { kind } = names.def(at);
    if (kind === "impl") return at;
    if (kind === "mod") return null;
  }
  return null;
}
