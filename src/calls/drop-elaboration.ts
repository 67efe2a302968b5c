/**
 * Which drops really run, as rustc's drop elaboration (compiler/rustc_mir_transform/src/elaborate_drops.rs), without drop flags: a drop whose
 * place is certainly moved out or never set is removed, sub-places that are certainly moved are listed in `moved`, everything else stays.
 */
import { pushAll } from "../base/push-all.ts";
import type { Types } from "../types/api.ts";
import { type Bits, hasBit, initFlow } from "./init-flow.ts";
import type { BasicBlock, Mir, Place, Terminator } from "./mir.ts";
import { collectPaths, keyOf, type MovePaths } from "./move-paths.ts";

/** Bytes of state for all blocks together: a body beyond that keeps every drop that was scheduled. */
const MAX_STATES = 128 << 20;

/** The same body with every drop that cannot run turned into a jump. */
export function elaborateDrops(types: Types, mir: Mir): Mir {
  const paths = collectPaths(types, mir);
  if ((mir.blocks.length * paths.list.length) / 8 > MAX_STATES) return mir;
  const flow = initFlow(types, mir, paths);
  const blocks = mir.blocks.map((block, index): BasicBlock => {
    if (block.term.k !== "drop") return block;
    const atEnd = flow.beforeTerminator(index);
    return atEnd === null ? block : { ...block, term: elaborate(paths, atEnd, block.term) };
  });
  return { ...mir, blocks };
}

function elaborate(paths: MovePaths, state: Bits, term: Terminator & { k: "drop" }): Terminator {
  const path = paths.byKey.get(keyOf(term.place));
  if (path === undefined) return term;
  const held = heldInside(paths, state, path);
  if (!hasBit(state, path) && !held) return { k: "goto", target: term.next };
  const moved: Place[] = [];
  const pending = [...(paths.list[path]?.children ?? [])];
  for (let child = pending.pop(); child !== undefined; child = pending.pop()) {
    const one = paths.list[child];
    if (one === undefined) continue;
    if (!hasBit(state, child)) moved.push(one.place);
    else pushAll(pending, one.children);
  }
  moved.sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  return { ...term, moved };
}

function heldInside(paths: MovePaths, state: Bits, path: number): boolean {
  const pending = [...(paths.list[path]?.children ?? [])];
  for (let child = pending.pop(); child !== undefined; child = pending.pop()) {
    if (hasBit(state, child)) return true;
    pushAll(pending, paths.list[child]?.children ?? []);
  }
  return false;
}
