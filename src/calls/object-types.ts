/**
 * Which types reachable code makes into which trait objects, which functions into pointers, and who waits for more of them.
 *
 * A type counts for an object type by the object's first trait that is no marker: `dyn Log` and `dyn Log + Send` share theirs.
 */
import { pushAll } from "../base/push-all.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import { analyse } from "./resolve-body.ts";
import type { World } from "./world.ts";

type Dyn = Ty & { readonly k: "dyn" };

export interface Objects {
  /** A type was made into an object by code that is reached. */
  add(object: Dyn, ty: Ty): void;
  /** What the initialiser of a static or const makes into objects. */
  addMentioned(def: DefId): void;
  /** An item or closure was made into a function pointer by code that is reached. */
  addPointer(callable: Ty): void;
  /** All of these; the instance waits for further ones. */
  pointersFor(waiting: number): readonly Ty[];
  /** Types for calls on `object`, in the order of their first sight; the instance waits for further ones. */
  typesFor(object: Dyn, waiting: number): readonly Ty[];
  /** Instances that must be settled again. */
  takeWoken(): readonly number[];
}

/** An empty registry. */
export function createObjects(world: World): Objects {
  const types = new Map<DefId, Set<Ty>>();
  const waiting = new Map<DefId, Set<number>>();
  const mentioned = new Set<DefId>();
  const pointers = new Set<Ty>();
  const waitingForPointers = new Set<number>();
  let woken = new Set<number>();
  const traitOf = (object: Dyn): DefId | null => principal(world, object);
  const objects: Objects = {
    add(object, ty) {
      const trait = traitOf(object);
      if (trait === null) return;
      const set = types.get(trait) ?? new Set();
      types.set(trait, set);
      if (set.has(ty)) return;
      set.add(ty);
      for (const one of waiting.get(trait) ?? []) woken.add(one);
    },
    addMentioned(def) {
      // What the one mentions is next: a chain of them is as long as the program likes.
      const pending = [def];
      for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
        if (mentioned.has(next)) continue;
        mentioned.add(next);
        const analysis = analyse(world, world.instances.body({ def: next, closure: null }, [], []));
        for (const one of analysis?.unsized ?? []) objects.add(one.object, one.ty);
        for (const one of analysis?.pointers ?? []) objects.addPointer(one);
        pushAll(pending, [...(analysis?.mentioned ?? [])].reverse());
      }
    },
    addPointer(callable) {
      if (pointers.has(callable)) return;
      pointers.add(callable);
      for (const one of waitingForPointers) woken.add(one);
    },
    pointersFor(instance) {
      waitingForPointers.add(instance);
      return [...pointers];
    },
    typesFor(object, instance) {
      const trait = traitOf(object);
      if (trait === null) return [];
      const set = waiting.get(trait) ?? new Set();
      waiting.set(trait, set);
      set.add(instance);
      return [...(types.get(trait) ?? [])];
    },
    takeWoken() {
      const list = [...woken];
      woken = new Set();
      return list;
    },
  };
  return objects;
}

/** The trait whose methods the object has; null for `dyn Send` and the like. */
export function principal(world: World, object: Dyn): DefId | null {
  const { names } = world;
  const own = object.traits.find((one) => names.def(one.trait).children.length > 0) ?? object.traits[0];
  return own?.trait ?? null;
}
