/**
 * What the bodies of a definition call, pass on and put into fields, by definition alone: so that whole-program searches need not
 * keep, or look through, bodies in vain.
 *
 * One entry for a function with its closures, made when it is first asked for, whatever the question was.
 */
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import type { Bodies } from "./bodies.ts";
import { fieldsOnTheWay } from "./flow-places.ts";
import type { BasicBlock, Mir, Operand, Place } from "./mir.ts";

export interface BodyEntry {
  /** Definitions that are called, trait members as they are named; and function items that are values. */
  readonly defs: ReadonlySet<DefId>;
  /** What is written of calls that were not resolved. */
  readonly unresolved: readonly string[];
  /** Fields that are given a value, or lent to a local: see `fieldKey`. */
  readonly fields: ReadonlySet<number>;
}

const memo = new WeakMap<Bodies, Map<DefId, BodyEntry>>();

/** Does what a definition's bodies do pass the test? Where it does not, what was inferred for asking is let go of. */
export function bodiesPass(bodies: Bodies, def: DefId, test: (entry: BodyEntry) => boolean): boolean {
  const known = memo.get(bodies) ?? new Map<DefId, BodyEntry>();
  memo.set(bodies, known);
  let found = known.get(def);
  if (found !== undefined) return test(found);
  const kept = bodies.isBuilt(def);
  found = collect(bodies, def);
  known.set(def, found);
  const passes = test(found);
  if (!passes && !kept) bodies.forget(def);
  return passes;
}

const MAX_FIELDS = 2 ** 20;

/** One number for a field of a type; of a type's fields beyond a million, the number of another one. */
export function fieldKey(owner: DefId, index: number): number {
  return owner * MAX_FIELDS + (index % MAX_FIELDS);
}

function collect(bodies: Bodies, def: DefId): BodyEntry {
  const defs = new Set<DefId>();
  const unresolved: string[] = [];
  const fields = new Set<number>();
  for (const body of bodies.withClosures(def)) {
    const mir = bodies.mir(body);
    if (mir === null) continue;
    for (const { stmts, term } of mir.blocks) {
      for (const { def } of functionsIn({ stmts, term })) defs.add(def);
      setFields(mir, { stmts, term }, fields);
      if (term.k !== "call") continue;
      if (term.callee.k === "def") defs.add(term.callee.def);
      if (term.callee.k === "unresolved") unresolved.push(term.callee.text);
    }
  }
  return { defs, unresolved, fields };
}

function setFields(mir: Mir, { stmts, term }: Pick<BasicBlock, "stmts" | "term">, found: Set<number>): void {
  const add = (place: Place): void => {
    for (const { owner, index } of fieldsOnTheWay(mir, place)) found.add(fieldKey(owner, index));
  };
  for (const { place, value } of stmts) {
    add(place);
    if (value.k === "ref" && place.proj.length === 0) add(value.place);
    if (value.k === "aggregate" && value.kind.k === "adt")
      for (const index of value.kind.indices) found.add(fieldKey(value.kind.def, index));
  }
  if (term.k === "call") add(term.dest);
}

type FnDef = Ty & { readonly k: "fn-def" };

/** Function items that a block uses as values: whoever holds one may call it. */
export function functionsIn({ stmts, term }: Pick<BasicBlock, "stmts" | "term">): FnDef[] {
  const found: FnDef[] = [];
  const add = (operand: Operand): void => {
    if (operand.k === "const" && operand.value.k === "fn" && operand.value.ty.k === "fn-def")
      found.push(operand.value.ty);
  };
  for (const { value } of stmts) {
    if (value.k === "use" || value.k === "cast") add(value.operand);
    if (value.k === "aggregate") for (const field of value.fields) add(field);
  }
  if (term.k === "call") for (const arg of term.args) add(arg);
  return found;
}
