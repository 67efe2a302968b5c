/**
 * Imports that ask for one another while they are resolved: each is asked once at a time, and answers are kept as far as they hold.
 *
 * An import that is asked while it is being resolved has no answer there (the cycle is cut). What was found "nowhere" because of such a cut
 * is remembered until the import that was cut is resolved; what leant on no cut is remembered for good, where the caller says that
 * names change no more. Without this, n glob imports that fail would be asked in all n! orders.
 */
import type { Namespace } from "./defs.ts";
import type { Import, LookupResult, Store } from "./store.ts";

interface Cycles {
  readonly stack: Import[];
  /** Imports and look-ups in modules that are under way. */
  depth: number;
  /** Lowest position in the stack that was cut since it was last reset. */
  lowest: number;
  /** Nothing found, and the lowest position that the answer leant on. */
  readonly nowhere: Map<Import, Map<Namespace, number>>;
  readonly kept: Map<Import, Map<Namespace, LookupResult | null>>;
}

/** Imports and globs that wait for one another: a longer chain of re-exports counts as a cycle. */
const maxDepth = 400;

const cyclesOf = new WeakMap<Store, Cycles>();

/** The import's answer; `final` says that an answer holds from now on. */
export function askImport(
  store: Store,
  imported: Import,
  ns: Namespace,
  final: boolean,
  ask: () => LookupResult | null,
): LookupResult | null {
  const cycles = stateOf(store);
  const kept = final ? cycles.kept.get(imported)?.get(ns) : undefined;
  if (kept !== undefined) return kept;
  const deep = cycles.depth >= maxDepth ? 0 : undefined;
  const cut = imported.busy ? cycles.stack.indexOf(imported) : (cycles.nowhere.get(imported)?.get(ns) ?? deep);
  if (cut !== undefined) {
    cycles.lowest = Math.min(cycles.lowest, cut);
    return null;
  }
  const outer = cycles.lowest;
  const at = cycles.stack.length;
  cycles.lowest = Number.POSITIVE_INFINITY;
  cycles.depth += 1;
  imported.busy = true;
  cycles.stack.push(imported);
  try {
    const answer = ask();
    const leans = cycles.lowest < at;
    if (final && (answer !== null || !leans)) remember(cycles.kept, imported, ns, answer);
    else if (answer === null && leans) remember(cycles.nowhere, imported, ns, cycles.lowest);
    return answer;
  } finally {
    imported.busy = false;
    cycles.depth -= 1;
    cycles.stack.pop();
    forget(cycles, at);
    cycles.lowest = Math.min(outer, cycles.lowest < at ? cycles.lowest : Number.POSITIVE_INFINITY);
  }
}

/** Runs a question and says whether its answer leant on no import that is being resolved. */
export function whole<T>(store: Store, ask: () => T): { readonly answer: T; readonly whole: boolean } {
  const cycles = stateOf(store);
  const outer = cycles.lowest;
  cycles.lowest = Number.POSITIVE_INFINITY;
  cycles.depth += 1;
  try {
    const answer = ask();
    return { answer, whole: cycles.lowest === Number.POSITIVE_INFINITY };
  } finally {
    cycles.depth -= 1;
    cycles.lowest = Math.min(outer, cycles.lowest);
  }
}

function stateOf(store: Store): Cycles {
  const known = cyclesOf.get(store);
  if (known !== undefined) return known;
  const made: Cycles = { stack: [], depth: 0, lowest: Number.POSITIVE_INFINITY, nowhere: new Map(), kept: new Map() };
  cyclesOf.set(store, made);
  return made;
}

/** The import at this position is resolved: what leant on its having no answer holds no longer. */
function forget(cycles: Cycles, at: number): void {
  for (const [imported, answers] of cycles.nowhere) {
    for (const [ns, lowest] of answers) if (lowest >= at) answers.delete(ns);
    if (answers.size === 0) cycles.nowhere.delete(imported);
  }
}

function remember<T>(map: Map<Import, Map<Namespace, T>>, imported: Import, ns: Namespace, answer: T): void {
  const answers = map.get(imported) ?? new Map<Namespace, T>();
  map.set(imported, answers);
  answers.set(ns, answer);
}
