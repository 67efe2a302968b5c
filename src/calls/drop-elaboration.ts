/**
 * Which drops really run: a forward dataflow of "may still hold a value" over move paths.
 *
 * As rustc's drop elaboration (compiler/rustc_mir_transform/src/elaborate_drops.rs), without drop flags: a drop whose
 * place is certainly moved out or never set is removed, sub-places that are certainly moved are listed in `moved`,
 * everything else stays. On the edge of a switch into a variant, what the other variants hold is gone, and where the
 * variant itself has nothing to drop the whole place needs none. Sets only grow, so the iteration ends.
 */
import { pushAll } from "../base/push-all.ts";
import type { Types } from "../types/api.ts";
import type { Ty } from "../types/ty.ts";
import type { BasicBlock, Mir, Operand, Place, Projection, Rvalue, Terminator } from "./mir.ts";
import { successors } from "./mir-prune.ts";

/** Bytes of state for all blocks together: a body beyond that keeps every drop that was scheduled. */
const MAX_STATES = 128 << 20;

/** The same body with every drop that cannot run turned into a jump. */
export function elaborateDrops(types: Types, mir: Mir): Mir {
  const paths = collectPaths(types, mir);
  if (mir.blocks.length * paths.list.length > MAX_STATES) return mir;
  const entry = new Uint8Array(paths.list.length);
  for (let local = 1; local <= mir.argCount; local += 1) setInit(paths, entry, { local, proj: [] }, 1);
  const states = solve(types, mir, paths, entry);
  const blocks = mir.blocks.map((block, index): BasicBlock => {
    if (block.term.k !== "drop") return block;
    const state = states[index];
    if (state === undefined || state === null) return block;
    const atEnd = afterStatements(paths, state, block);
    return { ...block, term: elaborate(paths, atEnd, block.term) };
  });
  return { ...mir, blocks };
}

interface MovePath {
  readonly place: Place;
  readonly parent: number | null;
  readonly children: number[];
}
interface MovePaths {
  readonly list: MovePath[];
  readonly byKey: Map<string, number>;
}

function keyOf(place: Place): string {
  return `${place.local}${place.proj.map(projectionKey).join("")}`;
}
function projectionKey(proj: Projection): string {
  if (proj.k === "deref") return "*";
  if (proj.k === "index") return `[${proj.constant ?? "?"}]`;
  return `.${proj.variant ?? ""}:${proj.index}`;
}

function collectPaths(types: Types, mir: Mir): MovePaths {
  const paths: MovePaths = { list: [], byKey: new Map() };
  for (let local = 0; local < mir.locals.length; local += 1) addPath(paths, { local, proj: [] });
  for (const block of mir.blocks) {
    for (const stmt of block.stmts) {
      for (const operand of operandsOf(stmt.value)) addMoved(types, mir, paths, operand);
    }
    if (block.term.k === "call") {
      for (const operand of block.term.args) addMoved(types, mir, paths, operand);
      if (block.term.callee.k === "value") addMoved(types, mir, paths, block.term.callee.operand);
    }
  }
  return paths;
}

function addMoved(types: Types, mir: Mir, paths: MovePaths, operand: Operand): void {
  if (operand.k === "move" && owns(types, mir, operand.place)) addPath(paths, operand.place);
}

/** Is the place part of a local's own value (not behind a reference or an unknown index)? */
function owns(types: Types, mir: Mir, place: Place): boolean {
  let ty: Ty | null = mir.locals[place.local]?.ty ?? null;
  for (const proj of place.proj) {
    if (proj.k === "index" && proj.constant === null) return false;
    if (proj.k === "deref") {
      if (ty === null || ty.k !== "adt" || ty.def !== types.names.langItem("owned_box")) return false;
      ty = ty.args[0] ?? null;
    } else if (proj.k === "field") {
      ty = proj.ty;
    } else {
      ty = ty !== null && (ty.k === "array" || ty.k === "slice") ? ty.inner : null;
    }
  }
  return true;
}

function addPath(paths: MovePaths, place: Place): number {
  const key = keyOf(place);
  const known = paths.byKey.get(key);
  if (known !== undefined) return known;
  const parent = place.proj.length === 0 ? null : addPath(paths, { local: place.local, proj: place.proj.slice(0, -1) });
  const index = paths.list.length;
  paths.list.push({ place, parent, children: [] });
  paths.byKey.set(key, index);
  if (parent !== null) paths.list[parent]?.children.push(index);
  return index;
}

function operandsOf(value: Rvalue): readonly Operand[] {
  switch (value.k) {
    case "use":
    case "cast":
    case "unary":
      return [value.operand];
    case "aggregate":
      return value.fields;
    case "binary":
      return [value.left, value.right];
    case "ref":
    case "discriminant":
    case "len":
    case "opaque":
      return [];
  }
}

/** Sets a place and all that is inside it. */
function setInit(paths: MovePaths, state: Uint8Array, place: Place, value: 0 | 1): void {
  const start = paths.byKey.get(keyOf(place));
  if (start === undefined) return;
  const pending = [start];
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    state[index] = value;
    pushAll(pending, paths.list[index]?.children ?? []);
  }
}

function consumeOperand(paths: MovePaths, state: Uint8Array, operand: Operand): void {
  if (operand.k === "move") setInit(paths, state, operand.place, 0);
}

function afterStatements(paths: MovePaths, entry: Uint8Array, block: BasicBlock): Uint8Array {
  const state = entry.slice();
  for (const stmt of block.stmts) {
    for (const operand of operandsOf(stmt.value)) consumeOperand(paths, state, operand);
    setInit(paths, state, stmt.place, 1);
  }
  return state;
}

function afterTerminator(paths: MovePaths, state: Uint8Array, term: Terminator): void {
  if (term.k === "call") {
    for (const operand of term.args) consumeOperand(paths, state, operand);
    if (term.callee.k === "value") consumeOperand(paths, state, term.callee.operand);
    setInit(paths, state, term.dest, 1);
  } else if (term.k === "drop") {
    setInit(paths, state, term.place, 0);
  }
}

function solve(types: Types, mir: Mir, paths: MovePaths, entry: Uint8Array): (Uint8Array | null)[] {
  const states: (Uint8Array | null)[] = mir.blocks.map(() => null);
  states[0] = entry;
  const pending = [0];
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    const block = mir.blocks[index];
    const state = states[index];
    if (block === undefined || state === undefined || state === null) continue;
    const out = afterStatements(paths, state, block);
    afterTerminator(paths, out, block.term);
    for (const next of new Set(successors(block.term))) {
      const refined = refine(types, paths, out, block.term, next);
      const before = states[next];
      if (before === null || before === undefined) {
        states[next] = refined.slice();
        pending.push(next);
      } else if (join(before, refined)) {
        pending.push(next);
      }
    }
  }
  return states;
}

function join(into: Uint8Array, from: Uint8Array): boolean {
  let changed = false;
  for (let index = 0; index < into.length; index += 1) {
    if (from[index] === 1 && into[index] === 0) {
      into[index] = 1;
      changed = true;
    }
  }
  return changed;
}

/** State on the edge from a switch on a variant to `next`. */
function refine(types: Types, paths: MovePaths, state: Uint8Array, term: Terminator, next: number): Uint8Array {
  if (term.k !== "switch" || term.on.k !== "variant") return state;
  const { place, ty } = term.on;
  const path = paths.byKey.get(keyOf(place));
  if (path === undefined || ty.k !== "adt") return state;
  const variants = types.names.def(ty.def).children.filter((one) => types.names.def(one).kind === "variant");
  const possible = possibleVariants(term, next, variants.length);
  const refined = state.slice();
  for (const child of paths.list[path]?.children ?? []) {
    const last = paths.list[child]?.place.proj.at(-1);
    if (last?.k === "field" && last.variant !== null && !possible.has(last.variant)) clear(paths, refined, child);
  }
  const bare = [...possible].every((index) => {
    const variant = variants[index];
    if (variant === undefined) return false;
    return types.fieldTys(variant).every((field) => !types.needsDrop(types.normalize(types.subst(field, ty.args), [])));
  });
  if (bare && variants.length > 0) clear(paths, refined, path);
  return refined;
}

function clear(paths: MovePaths, state: Uint8Array, path: number): void {
  const place = paths.list[path]?.place;
  if (place !== undefined) setInit(paths, state, place, 0);
}

function possibleVariants(term: Terminator & { k: "switch" }, next: number, count: number): Set<number> {
  const listed = new Set(term.targets.map((one) => Number(one.value)));
  const possible = new Set<number>();
  for (const one of term.targets) if (one.target === next) possible.add(Number(one.value));
  if (term.otherwise === next) {
    for (let index = 0; index < count; index += 1) if (!listed.has(index)) possible.add(index);
  }
  return possible;
}

function elaborate(paths: MovePaths, state: Uint8Array, term: Terminator & { k: "drop" }): Terminator {
  const path = paths.byKey.get(keyOf(term.place));
  if (path === undefined) return term;
  const held = heldInside(paths, state, path);
  if (state[path] === 0 && !held) return { k: "goto", target: term.next };
  const moved: Place[] = [];
  const pending = [...(paths.list[path]?.children ?? [])];
  for (let child = pending.pop(); child !== undefined; child = pending.pop()) {
    const one = paths.list[child];
    if (one === undefined) continue;
    if (state[child] === 0) moved.push(one.place);
    else pushAll(pending, one.children);
  }
  moved.sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  return { ...term, moved };
}

function heldInside(paths: MovePaths, state: Uint8Array, path: number): boolean {
  const pending = [...(paths.list[path]?.children ?? [])];
  for (let child = pending.pop(); child !== undefined; child = pending.pop()) {
    if (state[child] === 1) return true;
    pushAll(pending, paths.list[child]?.children ?? []);
  }
  return false;
}
