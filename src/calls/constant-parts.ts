/**
 * What stands in a part of a value that is made once and never changed: `CONFIG.verbose`, `(1, true).1`, also behind shared references.
 *
 * Input: a place in an instance's body. Followed are locals that one statement sets and nobody lends to be changed, constants, and statics
 * without anything in them that can change; the fields of what is built there. Steps are bounded, so it ends.
 */
import type { Instance } from "./instances.ts";
import { isBorrowedMutably, writesTo } from "./local-writes.ts";
import type { Operand, Place, Projection, Rvalue } from "./mir.ts";
import { factsOf, type MirFacts } from "./mir-facts.ts";
import { mayChange } from "./value-types.ts";
import { concrete, type World } from "./world.ts";

const MAX_STEPS = 16;

export interface Part {
  readonly instance: Instance;
  readonly facts: MirFacts;
  readonly operand: Operand;
}

/** The operand that the part was made of, in the body that made it. */
export function partAt(world: World, instance: Instance, facts: MirFacts, place: Place, steps = 0): Part | null {
  const { local, proj } = place;
  if (steps > MAX_STEPS || isBorrowedMutably(facts.mir, local)) return null;
  const definition = facts.definition(local);
  if (definition?.k !== "value") return null;
  return inValue({ world, instance, facts }, definition.value, proj, steps + 1);
}

interface Where {
  readonly world: World;
  readonly instance: Instance;
  readonly facts: MirFacts;
}

function inValue(where: Where, value: Rvalue, proj: readonly Projection[], steps: number): Part | null {
  const [first, ...rest] = proj;
  const { world, instance, facts } = where;
  switch (value.k) {
    case "use":
      return inOperand(where, value.operand, proj, steps);
    case "ref":
      if (first?.k !== "deref" || value.mut || value.raw) return null;
      return inPlace(where, { local: value.place.local, proj: [...value.place.proj, ...rest] }, steps);
    case "aggregate": {
      if (first?.k !== "field" || value.kind.k === "closure" || value.kind.k === "repeat") return null;
      const { kind } = value;
      if (kind.k === "adt" && first.variant !== null && kind.variant !== first.variant) return null;
      const at = kind.k === "adt" ? kind.indices.indexOf(first.index) : first.index;
      const field = value.fields[at];
      if (field === undefined) return null;
      return rest.length === 0
        ? { instance, facts, operand: field }
        : inOperand({ world, instance, facts }, field, rest, steps);
    }
    default:
      return null;
  }
}

function inPlace(where: Where, place: Place, steps: number): Part | null {
  if (place.proj.length > 0) return partAt(where.world, where.instance, where.facts, place, steps + 1);
  return { instance: where.instance, facts: where.facts, operand: { k: "copy", place } };
}

function inOperand(where: Where, operand: Operand, proj: readonly Projection[], steps: number): Part | null {
  const { world, instance } = where;
  if (operand.k !== "const") {
    return inPlace(where, { local: operand.place.local, proj: [...operand.place.proj, ...proj] }, steps);
  }
  const { value } = operand;
  if (value.k === "static") {
    if (proj[0]?.k !== "deref" || mayChange(world.types, value.def)) return null;
    return inItem(world, world.instances.body({ def: value.def, closure: null }, [], []), proj.slice(1), steps);
  }
  if (value.k !== "const") return null;
  const found = world.types.resolveMember(
    value.def,
    value.args.map((ty) => concrete(world, instance, ty)),
  );
  if (found.def === null) return null;
  return inItem(world, world.instances.body({ def: found.def, closure: null }, found.args, []), proj, steps);
}

/** In what a constant or static is made of: what its own body gives back. */
function inItem(world: World, instance: Instance, proj: readonly Projection[], steps: number): Part | null {
  const mir = instance.what.k === "body" ? world.bodies.mir(instance.what.key) : null;
  if (mir === null || proj.length === 0 || steps > MAX_STEPS || isBorrowedMutably(mir, 0)) return null;
  const [write, ...others] = writesTo(mir, 0);
  if (write?.k !== "stmt" || others.length > 0 || write.stmt.place.proj.length > 0) return null;
  return inValue({ world, instance, facts: factsOf(mir) }, write.stmt.value, proj, steps + 1);
}
