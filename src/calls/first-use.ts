/**
 * Which blocks of a function that initialises a cell run only while the cell is empty.
 *
 * Input: the MIR of a function that initialises a cell (by facts or by its shape). The initialiser is a value that the function calls, or
 * an argument that it hands on; the outermost branch that leads to such a call, and around which the function can
 * return, is the one on the cell's state. A function without such a branch has no such blocks: then its callees have them.
 */

import type { Mir, Operand, Rvalue, Terminator } from "./mir.ts";
import { factsOf } from "./mir-facts.ts";

/** Blocks under the branch that leads to the initialiser. */
export function firstUseBlocks(mir: Mir): ReadonlySet<number> {
  const { dominators } = factsOf(mir);
  const returns = [...mir.blocks.entries()].flatMap(([block, { term }]) => (term.k === "return" ? [block] : []));
  const given = givenLocals(mir);
  const found = new Set<number>();
  for (const [call, { term }] of mir.blocks.entries()) {
    if (term.k !== "call" || !usesInitialiser(term, given)) continue;
    const outer = outermost(mir, call, returns);
    if (outer < 0) continue;
    for (const block of mir.blocks.keys()) if (dominators.dominates(outer, block)) found.add(block);
  }
  return found;
}

function usesInitialiser(term: Terminator & { readonly k: "call" }, given: ReadonlySet<number>): boolean {
  if (term.callee.k === "value") return true;
  return term.args.some((arg) => arg.k !== "const" && given.has(arg.place.local));
}

/** The second argument, and what is made of it: closures that capture it, references to it. */
function givenLocals(mir: Mir): ReadonlySet<number> {
  const given = new Set<number>(mir.argCount >= 2 ? [2] : []);
  for (let grown = given.size > 0; grown; ) {
    grown = false;
    for (const { stmts } of mir.blocks) {
      for (const { place, value } of stmts) {
        if (given.has(place.local) || place.local === 0 || !operandsOf(value).some((local) => given.has(local)))
          continue;
        given.add(place.local);
        grown = true;
      }
    }
  }
  return given;
}

function operandsOf(value: Rvalue): number[] {
  const of = (operand: Operand): number[] => (operand.k === "const" ? [] : [operand.place.local]);
  switch (value.k) {
    case "use":
    case "cast":
      return of(value.operand);
    case "aggregate":
      return value.fields.flatMap(of);
    case "ref":
      return [value.place.local];
    default:
      return [];
  }
}

/** The first block after the entry that all ways to `call` take and not all ways to a return; -1 where there is none. */
function outermost(mir: Mir, call: number, returns: readonly number[]): number {
  const { dominators } = factsOf(mir);
  let best = -1;
  for (const block of mir.blocks.keys()) {
    if (block === 0 || !dominators.dominates(block, call)) continue;
    if (returns.length === 0 || returns.every((one) => dominators.dominates(block, one))) continue;
    if (best < 0 || dominators.dominates(block, best)) best = block;
  }
  return best;
}
