/**
 * Where a body writes to each local, and which locals it borrows mutably: worked out once for a body, since value flow asks of one local after another.
 */
import type { Mir, Statement, Terminator } from "./mir.ts";

/** A statement or a call whose destination is (a part of) the local. */
export type Write =
  | { readonly k: "stmt"; readonly stmt: Statement }
  | { readonly k: "call"; readonly term: Terminator & { readonly k: "call" } };

interface Locals {
  readonly writes: ReadonlyMap<number, readonly Write[]>;
  readonly borrowed: ReadonlySet<number>;
}

const known = new WeakMap<Mir, Locals>();
const nothing: readonly Write[] = [];

/** The writes to a local, in the order of the body. */
export function writesTo(mir: Mir, local: number): readonly Write[] {
  return localsOf(mir).writes.get(local) ?? nothing;
}

/** Is there a mutable reference, or raw pointer, to a part of the local, or to what it points to? */
export function isBorrowedMutably(mir: Mir, local: number): boolean {
  return localsOf(mir).borrowed.has(local);
}

function localsOf(mir: Mir): Locals {
  let found = known.get(mir);
  if (found === undefined) {
    found = look(mir);
    known.set(mir, found);
  }
  return found;
}

function look(mir: Mir): Locals {
  const writes = new Map<number, Write[]>();
  const borrowed = new Set<number>();
  const add = (local: number, write: Write): void => {
    const list = writes.get(local);
    if (list === undefined) writes.set(local, [write]);
    else list.push(write);
  };
  for (const { stmts, term } of mir.blocks) {
    for (const stmt of stmts) {
      add(stmt.place.local, { k: "stmt", stmt });
      if (stmt.value.k === "ref" && stmt.value.mut) borrowed.add(stmt.value.place.local);
    }
    if (term.k === "call") add(term.dest.local, { k: "call", term });
  }
  return { writes, borrowed };
}
