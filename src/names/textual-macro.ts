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
  const stack: (MacroScope | null)[] = [scope];
  for (let steps = 0; stack.length > 0 && steps < 1_000_000; steps += 1) {
    const at = stack.pop() ?? null;
    if (at === null) continue;
    if (at.k === "macro" && at.name === name) return at.def;
    stack.push(at.before);
    if (at.k === "hole") stack.push(at.filled);
  }
  return null;
}
