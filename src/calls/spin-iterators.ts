/**
 * Calls that drive an iterator without end until a closure says stop: `(0..).find(|_| READY.load(..))`.
 *
 * Input: the analysis of an instance. Output: the calls whose iterator is endless by its type, with the closures and functions that decide when it
 * stops. What those do is not looked at here. An iterator whose type says nothing, or that anything bounds, is not given.
 */
import type { Span } from "../base/span.ts";
import type { Ty } from "../types/ty.ts";
import type { Analysis } from "./analysis.ts";
import { concrete, type World } from "./world.ts";

export interface EndlessCall {
  readonly span: Span;
  readonly callables: readonly Ty[];
}

/** Iterators of std that never give None. */
const ENDLESS = /^(RangeFrom|Repeat|RepeatWith|Cycle)$/;
/** Adapters that end where what is below them ends. */
const ADAPTER =
  /^(Map|Filter|FilterMap|Enumerate|Skip|SkipWhile|StepBy|Inspect|Peekable|Fuse|Cloned|Copied|TakeWhile|MapWhile)$/;
const STOPS = /^(TakeWhile|MapWhile)$/;
const SEEKS = /^(Filter|FilterMap|SkipWhile)$/;
/** Methods that go on until a closure of theirs says stop. */
const SEARCH = /^(find|find_map|any|all|position|try_for_each)$/;
/** Methods that go on to the end. */
const DRAIN = /^(for_each|count|last)$/;
const MAX_DEPTH = 8;

/** The calls of a body that only a closure ends. */
export function endlessCalls(world: World, { instance, mir, reachable }: Analysis): EndlessCall[] {
  const { names } = world;
  const found: EndlessCall[] = [];
  for (const [block, { term }] of mir.blocks.entries()) {
    if (term.k !== "call" || term.callee.k !== "def" || reachable[block] !== 1) continue;
    const { name, crate } = names.def(term.callee.def);
    const stop = SEARCH.test(name) ? null : DRAIN.test(name) ? STOPS : name === "next" ? SEEKS : undefined;
    if (stop === undefined || !names.isPackCrate(crate)) continue;
    const [self, ...rest] = term.callee.args.map((ty) => concrete(world, instance, ty));
    if (self === undefined || !isEndless(world, self, 0)) continue;
    const layers = layersOf(world, self);
    if (stop !== null && !layers.some((ty) => stop.test(nameOf(world, ty)))) continue;
    const callables = [...layers.flatMap((ty) => (ty.k === "adt" ? ty.args : [])), ...rest].filter(isCallable);
    if (callables.length > 0) found.push({ span: term.span, callables });
  }
  return found;
}

/** Does an iterator of this type never end by itself? */
export function isEndless(world: World, ty: Ty, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  if (ty.k === "ref") return isEndless(world, ty.inner, depth + 1);
  if (ty.k !== "adt" || !world.names.isPackCrate(world.names.def(ty.def).crate)) return false;
  const { name } = world.names.def(ty.def);
  if (ENDLESS.test(name)) return true;
  const [inner] = ty.args;
  return ADAPTER.test(name) && inner !== undefined && isEndless(world, inner, depth + 1);
}

/** The adapters, from the outermost to the iterator at the bottom. */
function layersOf(world: World, ty: Ty): Ty[] {
  const layers: Ty[] = [];
  for (let at: Ty | undefined = ty; at !== undefined && layers.length <= MAX_DEPTH; ) {
    if (at.k === "ref") at = at.inner;
    else {
      layers.push(at);
      at = at.k === "adt" && ADAPTER.test(nameOf(world, at)) ? at.args[0] : undefined;
    }
  }
  return layers;
}

function nameOf(world: World, ty: Ty): string {
  return ty.k === "adt" ? world.names.def(ty.def).name : "";
}

function isCallable(ty: Ty): boolean {
  return ty.k === "closure" || ty.k === "fn-def";
}
