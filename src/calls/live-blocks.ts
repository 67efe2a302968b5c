/**
 * Which blocks of a body can run at all, before there is a graph: branches on constants are decided as they are there.
 *
 * Of generic bodies, where the types decide too, every block is taken to run.
 */

import { bodyId } from "./bodies.ts";
import { reachableBlocks } from "./fold.ts";
import type { BodyKey } from "./mir.ts";
import { factsOf } from "./mir-facts.ts";
import type { World } from "./world.ts";

/** Can the block of the body run? */
export type IsLive = (body: BodyKey, block: number) => boolean;

/** Answers by what constants say in this program. */
export function createLiveness(world: World): IsLive {
  const known = new Map<string, Uint8Array | null>();
  return (body, block) => {
    const id = bodyId(body);
    let reached = known.get(id);
    if (reached === undefined) {
      reached = reachedIn(world, body);
      known.set(id, reached);
    }
    return reached === null || reached[block] === 1;
  };
}

function reachedIn(world: World, { def, closure }: BodyKey): Uint8Array | null {
  const key: BodyKey = { def, closure };
  const mir = world.bodies.mir(key);
  if (mir === null || world.types.genericsOf(def).params.length > 0) return null;
  return reachableBlocks(world, world.instances.body(key, [], []), factsOf(mir));
}
