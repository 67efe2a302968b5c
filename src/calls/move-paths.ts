/**
 * Move paths of a body: the places whose being set or moved out is followed by itself, as a forest under the locals.
 */
import { pushAll } from "../base/push-all.ts";
import type { Types } from "../types/api.ts";
import type { Ty } from "../types/ty.ts";
import type { BasicBlock, Mir, Operand, Place, Projection, Rvalue } from "./mir.ts";

/** A place that is set or moved as a whole. */
export interface MovePath {
  readonly place: Place;
  readonly parent: number | null;
  readonly children: number[];
}
export interface MovePaths {
  readonly list: MovePath[];
  readonly byKey: Map<string, number>;
}

/** A place as text; equal texts are one place. */
export function keyOf(place: Place): string {
  return `${place.local}${place.proj.map(projectionKey).join("")}`;
}
function projectionKey(proj: Projection): string {
  if (proj.k === "deref") return "*";
  if (proj.k === "index") return `[${proj.constant ?? "?"}]`;
  return `.${proj.variant ?? ""}:${proj.index}`;
}

/** Every local, and every part of one that is moved out somewhere. */
export function collectPaths(types: Types, mir: Mir): MovePaths {
  const paths: MovePaths = { list: [], byKey: new Map() };
  for (let local = 0; local < mir.locals.length; local += 1) addPath(paths, { local, proj: [] });
  for (const block of mir.blocks) {
    for (const operand of operandsIn(block)) addMoved(types, mir, paths, operand);
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

/** All that a block's statements are made of, and what its call is given or calls, in order. */
export function operandsIn({ stmts, term }: BasicBlock): readonly Operand[] {
  const found: Operand[] = [];
  for (const { value } of stmts) pushAll(found, operandsOf(value));
  if (term.k !== "call") return found;
  pushAll(found, term.args);
  if (term.callee.k === "value") found.push(term.callee.operand);
  return found;
}

/** What a value is made of. */
export function operandsOf(value: Rvalue): readonly Operand[] {
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
