/**
 * What every function that lowers nodes is given: the tree, where its text lies in the source, ids, and how deep it is.
 *
 * Invariant: lowering throws for no tree, and recursion is bounded by `maxDepth`; below that an `error` node with the reason
 * "limit" stands (test/syntax/robustness.test.ts).
 */
import type { Span } from "../base/span.ts";
import type { Source } from "./ast.ts";
import type { BodyArena } from "./ast-body.ts";
import { errorKind, errorNodes, type FlatTree, missingFlag } from "./flat-tree.ts";
import type { FnPlace } from "./fn-heads.ts";
import { kindChild } from "./grammar.ts";

/** Nested nodes of one body or item; each takes a few frames of the stack. */
export const maxDepth = 600;

export interface Lowering {
  readonly tree: FlatTree;
  readonly source: Source;
  /** Add to an offset of the tree to get one of the source. */
  readonly base: number;
  readonly arena: BodyArena;
  /** No node of the tree says that the text was not understood. */
  readonly clean: boolean;
  depth: number;
  /** Functions that the tree lacks, and the first of them that is in no list of items yet. */
  readonly functions: readonly FnPlace[];
  nextFunction: number;
  /** The span that was made last, and of what: a type, its path and the path's segment often are the same characters. */
  lastSpan: Span | null;
  lastStart: number;
  lastEnd: number;
}

/** A tree ready to be lowered: `base` leads from its offsets to those of the source; `functions` were left out of it. */
export function loweringOf(
  tree: FlatTree,
  source: Source,
  base: number,
  arena: BodyArena,
  functions: readonly FnPlace[] = [],
): Lowering {
  return {
    tree,
    source,
    base,
    arena,
    clean: errorNodes(tree).length === 0,
    depth: 0,
    functions,
    nextFunction: 0,
    lastSpan: null,
    lastStart: 0,
    lastEnd: 0,
  };
}

/** An arena that nothing has been numbered in. */
export function newArena(): BodyArena {
  return { nextExpr: 0, nextPat: 0, nextClosure: 0 };
}

/** A node's text as it was written. */
export function textOf(l: Lowering, node: number): string {
  return l.source.text.slice(startOf(l, node), endOf(l, node));
}

/** Where a node starts in the source's text. */
export function startOf(l: Lowering, node: number): number {
  return (l.tree.start[node] ?? 0) + l.base;
}

/** Where a node ends in the source's text. */
export function endOf(l: Lowering, node: number): number {
  return (l.tree.end[node] ?? 0) + l.base;
}

/** Where a person wrote a node. */
export function spanOf(l: Lowering, node: number): Span {
  const start = startOf(l, node);
  const end = endOf(l, node);
  if (l.lastSpan !== null && l.lastStart === start && l.lastEnd === end) return l.lastSpan;
  const span = l.source.spanOf(start, end);
  l.lastSpan = span;
  l.lastStart = start;
  l.lastEnd = end;
  return span;
}

/** A range of a node's source: for parts that are evaluated or parsed later. */
export function rangeOf(l: Lowering, node: number): { source: Source; start: number; end: number; text: string } {
  return { source: l.source, start: startOf(l, node), end: endOf(l, node), text: textOf(l, node) };
}

/** The name an identifier node stands for: raw identifiers without `r#`. */
export function nameOf(l: Lowering, node: number): string {
  const text = textOf(l, node);
  return text.startsWith("r#") ? text.slice(2) : text;
}

/** Whether a node has an ERROR node among its children. */
export function hasErrorChild(l: Lowering, node: number): boolean {
  if (l.clean) return false;
  const { tree } = l;
  const end = tree.next[node] ?? 0;
  for (let child = node + 1; child < end; child = tree.next[child] ?? end) {
    if (tree.kind[child] === errorKind) return true;
  }
  return false;
}

/** Whether the parser invented a node. */
export function isMissing(l: Lowering, node: number): boolean {
  return !l.clean && ((l.tree.flags[node] ?? 0) & missingFlag) !== 0;
}

/** Whether a node has a child of this kind: a keyword or a sign among the rest. */
export function hasChild(tree: FlatTree, node: number, kind: string): boolean {
  return kindChild(tree, node, kind) >= 0;
}

/** Spans of the ERROR and MISSING nodes of a tree, within the part of the text that the source wrote. */
export function errorSpans(l: Lowering): Span[] {
  if (l.clean) return [];
  return errorNodes(l.tree).map((node) => {
    const limit = l.source.text.length;
    const start = Math.min(Math.max(startOf(l, node), 0), limit);
    return l.source.spanOf(start, Math.min(Math.max(endOf(l, node), start), limit));
  });
}
