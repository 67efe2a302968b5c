/**
 * What the bodies of a definition call and pass on, by definition alone: so that who looks for callers need not keep, or look
 * through, bodies in vain.
 *
 * One entry for a function with its closures, made when it is first asked for.
 */
import type { DefId } from "../names/defs.ts";
import type { Bodies } from "./bodies.ts";
import type { BasicBlock, Operand } from "./mir.ts";

export interface Callees {
  /** Definitions that are called, trait members as they are named; and function items that are values. */
  readonly defs: ReadonlySet<DefId>;
  /** What is written of calls that were not resolved. */
  readonly unresolved: readonly string[];
}

const memo = new WeakMap<Bodies, Map<DefId, Callees>>();

/** Do the callees of a definition's bodies pass the test? Where they do not, what was inferred for asking is let go of. */
export function calleesPass(bodies: Bodies, def: DefId, test: (callees: Callees) => boolean): boolean {
  const known = memo.get(bodies) ?? new Map<DefId, Callees>();
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

function collect(bodies: Bodies, def: DefId): Callees {
  const defs = new Set<DefId>();
  const unresolved: string[] = [];
  for (const body of bodies.withClosures(def)) {
    for (const { stmts, term } of bodies.mir(body)?.blocks ?? []) {
      for (const operand of functionsIn({ stmts, term })) defs.add(operand);
      if (term.k !== "call") continue;
      if (term.callee.k === "def") defs.add(term.callee.def);
      if (term.callee.k === "unresolved") unresolved.push(term.callee.text);
    }
  }
  return { defs, unresolved };
}

/** Function items that a block uses as values: whoever holds one may call it. */
export function functionsIn({ stmts, term }: Pick<BasicBlock, "stmts" | "term">): DefId[] {
  const found: DefId[] = [];
  const add = (operand: Operand): void => {
    if (operand.k === "const" && operand.value.k === "fn" && operand.value.ty.k === "fn-def")
      found.push(operand.value.ty.def);
  };
  for (const { value } of stmts) {
    if (value.k === "use" || value.k === "cast") add(value.operand);
    if (value.k === "aggregate") for (const field of value.fields) add(field);
  }
  if (term.k === "call") for (const arg of term.args) add(arg);
  return found;
}
