/**
 * A forward dataflow of "may still hold a value" over the move paths of a body.
 *
 * On the edge of a switch into a variant, what the other variants hold is gone, and where the variant itself has nothing to drop the whole
 * place needs none. Sets only grow, so the iteration ends; blocks are looked at in reverse post-order, so that most are looked at once
 * for each loop around them.
 */
import { addTo } from "../base/add-to.ts";
import { pushAll } from "../base/push-all.ts";
import { reversePostOrder } from "../base/reverse-post-order.ts";
import type { DefId } from "../names/defs.ts";
import { variantsOf } from "../names/variants.ts";
import type { Types } from "../types/api.ts";
import type { Ty } from "../types/ty.ts";
import type { BasicBlock, Mir, Operand, Place, Terminator } from "./mir.ts";
import { successors } from "./mir-prune.ts";
import { keyOf, type MovePaths, operandsOf } from "./move-paths.ts";

/** One bit for each move path. */
export type Bits = Uint32Array;

export interface InitFlow {
  /** What may hold a value where the block's terminator begins; null for a block that is never reached. */
  beforeTerminator(block: number): Bits | null;
}

/** Is the bit of a path set? */
export function hasBit(bits: Bits, path: number): boolean {
  return (((bits[path >>> 5] ?? 0) >>> (path & 31)) & 1) === 1;
}

/** Solves the dataflow of a body. */
export function initFlow(types: Types, mir: Mir, paths: MovePaths): InitFlow {
  const entry = new Uint32Array((paths.list.length + 31) >>> 5);
  for (let local = 1; local <= mir.argCount; local += 1) setInit(paths, entry, { local, proj: [] }, true);
  const states = solve(types, mir, paths, entry);
  return {
    beforeTerminator(index) {
      const [block, state] = [mir.blocks[index], states[index]];
      if (block === undefined || state === undefined || state === null) return null;
      return afterStatements(paths, state, block);
    },
  };
}

function solve(types: Types, mir: Mir, paths: MovePaths, entry: Bits): (Bits | null)[] {
  const next = mir.blocks.map((block) => [...new Set(successors(block.term))]);
  const { order } = reversePostOrder(mir.blocks.length, 0, (block) => next[block] ?? []);
  const states: (Bits | null)[] = mir.blocks.map(() => null);
  const dirty = new Uint8Array(mir.blocks.length);
  const edges = new Map<number, VariantEdges>();
  const places = new Map<number, EnumPlace>();
  states[0] = entry;
  dirty[0] = 1;
  for (let again = true; again; ) {
    again = false;
    for (const index of order) {
      const [block, state] = [mir.blocks[index], states[index]];
      if (dirty[index] === 0 || block === undefined || state === undefined || state === null) continue;
      dirty[index] = 0;
      const out = afterStatements(paths, state, block);
      afterTerminator(paths, out, block.term);
      let ofVariants = edges.get(index) ?? null;
      if (ofVariants === null) {
        ofVariants = variantEdges(types, paths, block.term, places);
        if (ofVariants !== null) edges.set(index, ofVariants);
      }
      for (const to of next[index] ?? []) {
        const refined = ofVariants === null ? out : ofVariants.refine(out, to);
        const before = states[to];
        if (before === null || before === undefined) states[to] = refined.slice();
        else if (!join(before, refined)) continue;
        dirty[to] = 1;
        again = true;
      }
    }
  }
  return states;
}

function join(into: Bits, from: Bits): boolean {
  let changed = false;
  for (let at = 0; at < into.length; at += 1) {
    const before = into[at] as number;
    const both = (before | (from[at] as number)) >>> 0;
    if (both === before) continue;
    into[at] = both;
    changed = true;
  }
  return changed;
}

interface VariantEdges {
  /** The state on the edge to a block. */
  refine(state: Bits, to: number): Bits;
}

/** What a place of an enum holds in each of its variants: the same for every switch on it. */
interface EnumPlace {
  /** Paths of the fields of a variant, by its index. */
  readonly children: ReadonlyMap<number, readonly number[]>;
  /** Those of all variants and all inside them. */
  readonly ofAll: Bits;
  /** Variants with something to drop. */
  readonly owning: ReadonlySet<number>;
  readonly count: number;
}

function enumPlace(types: Types, paths: MovePaths, path: number, ty: Ty & { k: "adt" }): EnumPlace {
  const variants = variantsOf(types.names, ty.def);
  const children = new Map<number, number[]>();
  for (const child of paths.list[path]?.children ?? []) {
    const last = paths.list[child]?.place.proj.at(-1);
    if (last?.k !== "field" || last.variant === null) continue;
    addTo(children, last.variant, child);
  }
  const ofAll = new Uint32Array((paths.list.length + 31) >>> 5);
  for (const list of children.values()) for (const child of list) setPath(paths, ofAll, child, true);
  const owns = (variant: DefId): boolean =>
    types.fieldTys(variant).some((field) => types.needsDrop(types.normalize(types.subst(field, ty.args), [])));
  const owning = new Set(variants.flatMap((one, index) => (owns(one) ? [index] : [])));
  return { children, ofAll, owning, count: variants.length };
}

/** How states change on the edges of a switch on a variant; null for another terminator. A chain of switches on one enum costs each what it lists. */
function variantEdges(
  types: Types,
  paths: MovePaths,
  term: Terminator,
  places: Map<number, EnumPlace>,
): VariantEdges | null {
  if (term.k !== "switch" || term.on.k !== "variant") return null;
  const { place, ty } = term.on;
  const path = paths.byKey.get(keyOf(place));
  if (path === undefined || ty.k !== "adt") return null;
  const known = places.get(path) ?? enumPlace(types, paths, path, ty);
  places.set(path, known);
  const { children, ofAll, owning, count } = known;
  const targetOf = new Map(term.targets.map(({ value, target }) => [Number(value), target] as const));
  const leadingTo = new Map<number, number[]>();
  for (const [variant, target] of targetOf) addTo(leadingTo, target, variant);
  const listed = [...targetOf.keys()];
  const listedOwning = listed.filter((one) => owning.has(one)).length;
  return {
    refine(state, to) {
      const refined = state.slice();
      const here = leadingTo.get(to) ?? [];
      const isRest = term.otherwise === to;
      const ownsAny = here.some((one) => owning.has(one) || one >= count) || (isRest && owning.size > listedOwning);
      if (count > 0 && !ownsAny) {
        setPath(paths, refined, path, false);
        return refined;
      }
      if (isRest) {
        for (const variant of listed)
          if (targetOf.get(variant) !== to)
            for (const child of children.get(variant) ?? []) setPath(paths, refined, child, false);
        return refined;
      }
      for (let at = 0; at < refined.length; at += 1) refined[at] = (refined[at] as number) & ~(ofAll[at] as number);
      for (const variant of here)
        for (const child of children.get(variant) ?? [])
          for (const one of below(paths, child)) if (hasBit(state, one)) setBit(refined, one, true);
      return refined;
    },
  };
}

function afterStatements(paths: MovePaths, entry: Bits, block: BasicBlock): Bits {
  const state = entry.slice();
  for (const stmt of block.stmts) {
    for (const operand of operandsOf(stmt.value)) consumeOperand(paths, state, operand);
    setInit(paths, state, stmt.place, true);
  }
  return state;
}

function afterTerminator(paths: MovePaths, state: Bits, term: Terminator): void {
  if (term.k === "call") {
    for (const operand of term.args) consumeOperand(paths, state, operand);
    if (term.callee.k === "value") consumeOperand(paths, state, term.callee.operand);
    setInit(paths, state, term.dest, true);
  } else if (term.k === "drop") {
    setInit(paths, state, term.place, false);
  }
}

function consumeOperand(paths: MovePaths, state: Bits, operand: Operand): void {
  if (operand.k === "move") setInit(paths, state, operand.place, false);
}

/** Sets a place and all that is inside it. */
function setInit(paths: MovePaths, state: Bits, place: Place, value: boolean): void {
  const start = paths.byKey.get(keyOf(place));
  if (start !== undefined) setPath(paths, state, start, value);
}

function setPath(paths: MovePaths, state: Bits, start: number, value: boolean): void {
  for (const path of below(paths, start)) setBit(state, path, value);
}

/** A path and all that are inside it. */
function below(paths: MovePaths, start: number): readonly number[] {
  const found = [start];
  for (const path of found) pushAll(found, paths.list[path]?.children ?? []);
  return found;
}

function setBit(state: Bits, path: number, value: boolean): void {
  const bit = 1 << (path & 31);
  const before = state[path >>> 5] as number;
  state[path >>> 5] = value ? before | bit : before & ~bit;
}
