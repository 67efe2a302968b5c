/**
 * A whole syntax tree as flat typed arrays in preorder: what lowering works on, so that no tree-sitter object outlives a parse.
 *
 * The subtree of node i is [i, next[i]); its first child is i + 1, the sibling after child c is next[c]. Comments are left
 * out: nothing above asks the tree for them, and every walk is spared to step over them. Offsets are UTF-16 indices into the
 * parsed text. Two readers fill these arrays (`cursor-reader.ts`, `memory-reader.ts`), held equal by test/syntax/readers.test.ts.
 */

export interface FlatTree {
  /** Number of nodes; at least one, the root. */
  readonly count: number;
  /** Kind ids of the grammar; `errorKind` for ERROR nodes. */
  readonly kind: Uint16Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly next: Int32Array;
  /** Field id within the parent, 0 for none. */
  readonly field: Uint8Array;
  readonly flags: Uint8Array;
}

export const namedFlag = 1;
export const missingFlag = 2;
/** tree-sitter's symbol of ERROR nodes. */
export const errorKind = 0xffff;

/** Arrays that grow while a tree is read, and are kept from one tree to the next. */
export interface FlatBuilder {
  count: number;
  kind: Uint16Array;
  start: Int32Array;
  end: Int32Array;
  next: Int32Array;
  field: Uint8Array;
  flags: Uint8Array;
}

/** An empty builder with room for a small file. */
export function flatBuilder(): FlatBuilder {
  const capacity = 1 << 14;
  return {
    count: 0,
    kind: new Uint16Array(capacity),
    start: new Int32Array(capacity),
    end: new Int32Array(capacity),
    next: new Int32Array(capacity),
    field: new Uint8Array(capacity),
    flags: new Uint8Array(capacity),
  };
}

/** Doubles the room of a builder that is full. */
export function growBuilder(builder: FlatBuilder): void {
  const capacity = builder.kind.length * 2;
  const wider = <A extends Uint16Array | Int32Array | Uint8Array>(make: new (size: number) => A, from: A): A => {
    const to = new make(capacity);
    to.set(from);
    return to;
  };
  builder.kind = wider(Uint16Array, builder.kind);
  builder.start = wider(Int32Array, builder.start);
  builder.end = wider(Int32Array, builder.end);
  builder.next = wider(Int32Array, builder.next);
  builder.field = wider(Uint8Array, builder.field);
  builder.flags = wider(Uint8Array, builder.flags);
}

/** Copies what a builder holds, exactly as long as it is, so that the builder can be used again. */
export function finishTree(builder: FlatBuilder): FlatTree {
  const count = builder.count;
  return {
    count,
    kind: builder.kind.slice(0, count),
    start: builder.start.slice(0, count),
    end: builder.end.slice(0, count),
    next: builder.next.slice(0, count),
    field: builder.field.slice(0, count),
    flags: builder.flags.slice(0, count),
  };
}

/** Nodes that say that the text was not understood: ERROR, and what the parser had to invent. */
export function errorNodes(tree: FlatTree): number[] {
  const found: number[] = [];
  for (let node = 0; node < tree.count; node += 1) {
    if (tree.kind[node] === errorKind || ((tree.flags[node] ?? 0) & missingFlag) !== 0) found.push(node);
  }
  return found;
}

/** Whether two trees have the same nodes in the same places. */
export function sameTree(one: FlatTree, other: FlatTree): boolean {
  const parts = ["kind", "start", "end", "next", "field", "flags"] as const;
  return one.count === other.count && parts.every((part) => one[part].every((value, at) => value === other[part][at]));
}
