/**
 * From where a static could be forced at all: which crates can name it, and the types through which a call could get at it.
 *
 * Both are more than those that do: what is outside of them need not be looked into.
 */
import type { Bodies } from "../calls/bodies.ts";
import type { StaticPlace } from "../calls/call-graph.ts";
import type { CrateId } from "../crates/crate-graph.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";

/** Crates that can name one of the cells: those that declare them, and all that depend on these. */
export function cratesThatForce(bodies: Bodies, cells: readonly StaticPlace[]): Set<CrateId> {
  const { names } = bodies;
  const crates = new Set<CrateId>();
  for (const cell of cells) {
    const owner = names.def(cell.def).crate;
    crates.add(owner);
    const pending = [owner];
    for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
      for (const node of names.program.crates) {
        if (crates.has(node.id) || !node.deps.some((dep) => dep.crate === one)) continue;
        crates.add(node.id);
        pending.push(node.id);
      }
    }
  }
  return crates;
}

/** Types of the cells and of what surrounds them: a call that takes none of these cannot force through its argument. */
export function typesOfCells(bodies: Bodies, cells: readonly StaticPlace[]): Set<DefId> {
  const { types } = bodies;
  const found = new Set<DefId>();
  for (const cell of cells) {
    let ty: Ty | undefined = types.typeOf(cell.def);
    for (const field of [...cell.fields, -1]) {
      if (ty?.k !== "adt") break;
      found.add(ty.def);
      const fields: readonly Ty[] = field < 0 ? [] : types.fieldTys(ty.def);
      const next: Ty | undefined = fields[field];
      ty = next === undefined ? undefined : types.subst(next, ty.args);
    }
  }
  return found;
}
