/**
 * The state of building one MIR: locals, blocks, scopes with scheduled drops, loops and labels.
 *
 * Knows nothing of expressions or patterns; `mir-expr`, `mir-pattern` and `mir-control` drive it. Drops are scheduled
 * generously, at every way out of a scope; `drop-elaboration` removes those of values that cannot be there.
 */
import { exact } from "../base/exact.ts";
import type { Span } from "../base/span.ts";
import type { UnresolvedReason } from "../model/vocabulary.ts";
import type { Pat } from "../syntax/ast-body.ts";
import type { Types } from "../types/api.ts";
import type { Predicate, Ty } from "../types/ty.ts";
import type { TypedBody } from "../types/typed-body.ts";
import type { BasicBlock, BodyKey, LocalDecl, Operand, Place, Rvalue, Statement, Terminator } from "./mir.ts";

export interface OpenBlock {
  stmts: Statement[];
  term: Terminator | null;
  assumedCfg: boolean;
}

export interface ScopeFrame {
  readonly drops: number[];
  readonly span: Span;
}

export interface Breakable {
  readonly label: { readonly name: string; readonly context: number } | null;
  /** Loops take unlabelled breaks; labelled blocks do not. */
  readonly loop: boolean;
  readonly breakBlock: number;
  readonly continueBlock: number | null;
  readonly depth: number;
  readonly dest: Place;
}

export interface Builder {
  readonly types: Types;
  readonly typed: TypedBody;
  readonly key: BodyKey;
  readonly env: readonly Predicate[];
  readonly locals: LocalDecl[];
  readonly blocks: OpenBlock[];
  current: number;
  readonly scopes: ScopeFrame[];
  /** Index in `scopes` of the frame that takes temporaries. */
  tempScope: number;
  readonly breakables: Breakable[];
  /** Binding (id of its ident pattern) → place of the variable. */
  readonly bindings: Map<number, Place>;
  /** Patterns of alternatives whose test has bound what the one that matched binds. */
  readonly boundByTest: Set<Pat>;
  /** Fields of bindings that a closure was given apart from the rest, by `placeKey` (types/capture-places.ts). */
  readonly parts: Map<string, Place>;
  selfPlace: Place | null;
  readonly returnBlock: number;
  readonly blind: { reason: UnresolvedReason; span: Span; text: string; block: number }[];
  /** Is what is built now compiled only under a cfg that nobody knows? */
  assumedCfg: boolean;
  panicChecks: number;
  depth: number;
}

/** Where the return value goes. */
export const RETURN_PLACE: Place = { local: 0, proj: [] };

/** The value `()`. */
export const UNIT: Rvalue = { k: "aggregate", kind: { k: "tuple" }, fields: [] };

/** An empty body with an entry and a return block. */
export function createBuilder(types: Types, typed: TypedBody, key: BodyKey, ret: Ty, span: Span): Builder {
  const builder: Builder = {
    types,
    typed,
    key,
    env: types.genericsOf(key.def).predicates,
    locals: [{ ty: ret, name: null, span, user: false }],
    blocks: [],
    current: 0,
    scopes: [],
    tempScope: 0,
    breakables: [],
    bindings: new Map(),
    boundByTest: new Set(),
    parts: new Map(),
    selfPlace: null,
    returnBlock: 1,
    blind: [],
    assumedCfg: false,
    panicChecks: 0,
    depth: 0,
  };
  newBlock(builder); // 0: entry
  newBlock(builder); // 1: return
  openBlock(builder, 1).term = { k: "return" };
  return builder;
}

/** Adds an empty block that nothing leads to yet. */
export function newBlock(builder: Builder): number {
  builder.blocks.push({ stmts: [], term: null, assumedCfg: builder.assumedCfg });
  return builder.blocks.length - 1;
}

function openBlock(builder: Builder, index: number): OpenBlock {
  const block = builder.blocks[index];
  if (block === undefined) throw new RangeError(`no block ${index}`);
  return block;
}

/** Ends the current block and goes on in `next` (a new, unreachable block where `next` is null). */
export function terminate(builder: Builder, term: Terminator, next: number | null): void {
  const block = openBlock(builder, builder.current);
  if (block.term === null) block.term = term;
  builder.current = next ?? newBlock(builder);
}

/** Ends the current block with a jump; building goes on in `next`. */
export function goto(builder: Builder, target: number, next: number | null): void {
  terminate(builder, { k: "goto", target }, next);
}

/** Appends an assignment to the current block. */
export function assign(builder: Builder, place: Place, value: Rvalue, span: Span): void {
  openBlock(builder, builder.current).stmts.push({ k: "assign", place, value, span });
}

/** Declares a local; nothing is scheduled for it. */
export function newLocal(builder: Builder, ty: Ty, name: string | null, span: Span): number {
  builder.locals.push({ ty, name, span, user: name !== null });
  return builder.locals.length - 1;
}

/** A temporary that dies with the innermost temporary scope. */
export function newTemp(builder: Builder, ty: Ty, span: Span): Place {
  const local = newLocal(builder, ty, null, span);
  scheduleDrop(builder, local, builder.tempScope);
  return { local, proj: [] };
}

/** The local is dropped where scope number `scope` is left; nothing for types without drop glue. */
export function scheduleDrop(builder: Builder, local: number, scope: number): void {
  const decl = builder.locals[local];
  const frame = builder.scopes[scope];
  if (decl === undefined || frame === undefined) return;
  if (builder.types.needsDrop(decl.ty)) frame.drops.push(local);
}

/** Number of the scope that is open now. */
export function innermostScope(builder: Builder): number {
  return builder.scopes.length - 1;
}

/** Runs `inside` in a scope of its own; what it scheduled is dropped at the end. With `temporaries`, the scope takes those too. */
export function inScope<T>(builder: Builder, span: Span, temporaries: boolean, inside: () => T): T {
  const outer = builder.tempScope;
  builder.scopes.push({ drops: [], span });
  const depth = builder.scopes.length - 1;
  if (temporaries) builder.tempScope = depth;
  const result = inside();
  emitDrops(builder, depth, endOf(span));
  builder.scopes.length = depth;
  builder.tempScope = outer;
  return result;
}

/** Leaves all scopes deeper than or at `depth` for `target`, dropping on the way; building goes on in an unreachable block. */
export function exitTo(builder: Builder, depth: number, target: number, span: Span): void {
  emitDrops(builder, depth, span);
  goto(builder, target, null);
}

function emitDrops(builder: Builder, depth: number, span: Span): void {
  for (let scope = builder.scopes.length - 1; scope >= depth; scope -= 1) {
    const drops = builder.scopes[scope]?.drops ?? [];
    for (let index = drops.length - 1; index >= 0; index -= 1) {
      const local = drops[index];
      const decl = local === undefined ? undefined : builder.locals[local];
      if (local === undefined || decl === undefined) continue;
      emitDrop(builder, { local, proj: [] }, decl.ty, decl.user ? "scope-end" : "temporary", span);
    }
  }
}

/** A drop terminator; building goes on behind it. */
export function emitDrop(
  builder: Builder,
  place: Place,
  ty: Ty,
  why: (Terminator & { readonly k: "drop" })["why"],
  span: Span,
): void {
  const next = newBlock(builder);
  terminate(builder, { k: "drop", place, ty, moved: [], next, span, why }, next);
}

/** Reads a place: a move where its type is not Copy. */
export function consume(builder: Builder, place: Place, ty: Ty): Operand {
  return builder.types.isCopy(ty, builder.env) ? { k: "copy", place } : { k: "move", place };
}

/** A part of a place. */
export function project(place: Place, ...proj: Place["proj"]): Place {
  return { local: place.local, proj: [...place.proj, ...proj] };
}

/** Notes what could not be seen in the current block. */
export function blindSpot(builder: Builder, reason: UnresolvedReason, span: Span, text: string): void {
  builder.blind.push({ reason, span, text, block: builder.current });
}

/** The end of a span: where a scope's drops are said to be. */
function endOf(span: Span): Span {
  return { file: span.file, start: Math.max(span.start, span.end - 1), end: span.end };
}

/** The blocks as data; one without an end is unreachable. */
export function finishBlocks(builder: Builder): BasicBlock[] {
  return builder.blocks.map((block) => ({
    stmts: exact(block.stmts),
    term: block.term ?? { k: "unreachable" },
    assumedCfg: block.assumedCfg,
  }));
}
