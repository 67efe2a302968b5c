/**
 * What is dropped because a call uses its callable up: a closure that only borrows what it captured drops that when it is called by value
 * (`FnOnce`), and the box around an object is freed, unless it holds nothing.
 *
 * A closure that is `FnOnce` alone drops its captures in its own body, where it does; that is not told here.
 */
import type { Ty } from "../types/ty.ts";
import type { Known } from "./known.ts";
import { takesNoRoom } from "./no-room.ts";
import { emptied, glue } from "./resolve-drop.ts";
import { derefOf } from "./resolve-places.ts";
import { both, NOTHING, type Resolved } from "./resolved.ts";
import type { World } from "./world.ts";

/** What runs when a value of the type was called by value; what it gives back is no result of the call. */
export function leftBehind(world: World, ty: Ty, known: Known | null): Resolved {
  if (ty.k === "closure") {
    const facts = world.types.bodyFacts(ty.body)?.closure(ty.closure);
    return facts === undefined || facts.kind === "fn-once" ? NOTHING : aside(world, glue(world, ty, known));
  }
  if (ty.k !== "adt" || world.names.def(ty.def).lang !== "owned_box") return NOTHING;
  const [inner] = ty.args;
  const content = inner?.k === "dyn" ? objectsIn(known) : inner === undefined ? null : [inner];
  const isNothing = content?.every((one) => takesNoRoom(world.types, one)) === true;
  const box = isNothing ? NOTHING : aside(world, glue(world, emptied(world, ty), null));
  return inner === undefined ? box : both(box, leftBehind(world, inner, derefOf(world, known)));
}

/** The types of the objects that a pointer may lead to; null where there may be others. */
function objectsIn(known: Known | null): readonly Ty[] | null {
  if (known?.k === "object") return [known.ty];
  if (known?.k !== "some" || known.open || known.inside) return null;
  const objects = known.of.flatMap((one) => objectsIn(one) ?? []);
  return objects.length === known.of.length ? objects : null;
}

function aside(world: World, dropped: Resolved): Resolved {
  return { ...dropped, targets: dropped.targets.map((one) => ({ ...one, result: world.knowns.nothing })) };
}
