/**
 * All that a macro call may stand for: one expansion, or several where only a build script knows which of the macros of that name, or of the
 * arms of a `cfg_select!`, is compiled.
 *
 * Macros that others took the place of in the text before, or among what a crate exports; in bodies, those that imports choose between too. Where items
 * stand imports are not asked: they are known when all items are.
 */
import type { MacroCall } from "../syntax/ast.ts";
import { type AlternativeImports, createAlternativeImports } from "./alternative-imports.ts";
import { selectedArms } from "./cfg-select.ts";
import type { DefId } from "./defs.ts";
import { type ExpandedTokens, expandTokens, failed, macroName } from "./expand.ts";
import { type CrateState, defOf, type LookupResult, type Store } from "./store.ts";
import { textualMacro } from "./textual-macro.ts";

/** The expansions of a call, the likeliest first; null for a call that is left to the compiler, or to a procedural macro. `body`: the module of the body it stands in. */
export function expansionsOf(
  store: Store,
  crate: CrateState,
  macro: LookupResult | null,
  call: MacroCall,
  body: DefId | null,
): readonly ExpandedTokens[] | null {
  if (macro?.k === "def")
    return macroChoices(store, macro.def, body).map((one) => expandTokens(store, one, call, crate.cfg));
  if (macro?.k === "proc-macro" || call.path.segments.at(-1)?.name !== "cfg_select") return null;
  const arms = selectedArms(call, crate.cfg);
  if (arms.length === 0) return [failed("parse-error", `${macroName(call.path)}!: no arm is compiled`)];
  return arms.map((source) => ({ k: "source", source }));
}

const byImports = new WeakMap<Store, AlternativeImports>();

/** A macro, and those that may be compiled in its place. */
function macroChoices(store: Store, macro: DefId, body: DefId | null): readonly DefId[] {
  const found = new Set([macro]);
  if (body !== null && store.assumedImports.length > 0) {
    const imports = byImports.get(store) ?? createAlternativeImports(store, () => []);
    byImports.set(store, imports);
    for (const one of imports.of(defOf(store, macro), body)) found.add(one);
  }
  for (const one of found) {
    const besides = store.macros.get(one)?.besides;
    if (besides === null || besides === undefined) continue;
    const textual = textualMacro(besides.scope, defOf(store, one).name);
    if (textual !== null) found.add(textual);
    if (besides.exported !== null) found.add(besides.exported);
  }
  return [...found];
}
