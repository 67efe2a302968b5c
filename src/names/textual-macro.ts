/**
 * A `macro_rules!` macro by its bare name, in the text before the call: textual scope, as the Reference has it.
 *
 * Input: the scope at the call, a chain that grows with each definition. A hole, where an item macro stood, is looked into once it
 * is filled. Bounded by a number of steps; imports are not looked at.
 */
import type { DefId } from "./defs.ts";
import type { MacroScope } from "./store.ts";

/** The macro of this name that a textual scope holds; null for none. */
export function textualMacro(scope: MacroScope | null, name: string): DefId | null {
  // What stands before a hole waits until what fills it was looked through.
  const waiting: MacroScope[] = [];
  let at = scope;
  for (let steps = 0; steps < 1_000_000; steps += 1) {
    if (at === null) {
      at = waiting.pop() ?? null;
      if (at === null) return null;
    } else if (at.k === "macro") {
      if (at.name === name) return at.def;
      at = at.before;
    } else {
      if (at.filled !== null && at.before !== null) waiting.push(at.before);
      at = at.filled ?? at.before;
    }
  }
  return null;
}
