/**
 * Imports that ask for one another while they are resolved: each is asked once at a time, and answers are kept as far as they hold.
 *
 * An import that is asked while it is being resolved has no answer there (the cycle is cut). An answer that leant on such a cut is remembered
 * until the import that was cut is resolved: where it has none, as was taken for granted, the answer holds as far as that import's own does;
 * otherwise it is forgotten. What leant on no cut is remembered for good where the caller says that names change no more, and else
 * until the outermost question is answered. Without this, n glob imports that fail would be asked in all n! orders.
 */
import type { Namespace } from "./defs.ts";
import type { Import, LookupResult, Store } from "./store.ts";

/** An import that is being resolved. */
interface Frame {
  readonly imported: Import;
  readonly ns: Namespace;
  /** It was asked for meanwhile. */
  cut: boolean;
  /** It was asked for in another namespace: what it is in this one says nothing of that. */
  crossed: boolean;
}

interface Answer {
  readonly imported: Import;
  readonly ns: Namespace;
  readonly answer: LookupResult | null;
  readonly final: boolean;
  /** Positions in the stack that were cut below it, a bit each. */
  leans: bigint;
}

interface Cycles {
  readonly stack: Frame[];
  /** Imports and look-ups in modules that are under way. */
  depth: number;
  /** Depth at which the outermost question of the crate that is worked out is asked. */
  base: number;
  /** Positions that were cut since it was last reset. */
  leans: bigint;
  /** Answers that leant on a cut, by import and namespace. */
  readonly leaning: Map<Import, Map<Namespace, Answer>>;
  readonly kept: Map<Import, Map<Namespace, LookupResult | null>>;
  /** Answers that hold as long as no name is added: within one outermost question. */
  steady: Map<Import, Map<Namespace, LookupResult | null>>;
}

/** Imports and globs that wait for one another: a longer chain of re-exports counts as a cycle. */
const maxDepth = 400;
/** What a chain that is too long leans on: no import's answer ever settles it. */
const tooDeep = 1n << BigInt(maxDepth);

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
  const kept = (final ? cycles.kept : cycles.steady).get(imported)?.get(ns);
  if (kept !== undefined) return kept;
  if (imported.busy) return cutAt(cycles, imported, ns);
  const known = cycles.leaning.get(imported)?.get(ns);
  if (known !== undefined) {
    cycles.leans |= known.leans;
    return known.answer;
  }
  if (cycles.depth >= maxDepth) {
    cycles.leans |= tooDeep;
    return null;
  }
  const outer = cycles.leans;
  const frame: Frame = { imported, ns, cut: false, crossed: false };
  cycles.leans = 0n;
  cycles.depth += 1;
  imported.busy = true;
  cycles.stack.push(frame);
  let answer: LookupResult | null = null;
  let isAnswered = false;
  try {
    answer = ask();
    isAnswered = true;
    return answer;
  } finally {
    imported.busy = false;
    cycles.stack.pop();
    const own = 1n << BigInt(cycles.stack.length);
    const leans = cycles.leans & ~own;
    if (frame.cut) settle(cycles, own, isAnswered && answer === null && !frame.crossed ? leans : null);
    if (isAnswered) keep(cycles, { imported, ns, answer, final, leans });
    cycles.leans = outer | leans;
    leave(cycles);
  }
}

/** Runs a question and says whether its answer leant on no import that is being resolved. */
export function whole<T>(store: Store, ask: () => T): { readonly answer: T; readonly whole: boolean } {
  const cycles = stateOf(store);
  const outer = cycles.leans;
  cycles.leans = 0n;
  cycles.depth += 1;
  try {
    const answer = ask();
    return { answer, whole: cycles.leans === 0n };
  } finally {
    cycles.leans |= outer;
    leave(cycles);
  }
}

/** Works a crate out while a question may be under way: names are added to it between questions of its own. */
export function apart(store: Store, work: () => void): void {
  const cycles = stateOf(store);
  const { base, steady } = cycles;
  cycles.base = cycles.depth;
  cycles.steady = new Map();
  try {
    work();
  } finally {
    cycles.base = base;
    cycles.steady = steady;
  }
}

function stateOf(store: Store): Cycles {
  const known = cyclesOf.get(store);
  if (known !== undefined) return known;
  const maps = { leaning: new Map(), kept: new Map(), steady: new Map() };
  const made: Cycles = { stack: [], depth: 0, base: 0, leans: 0n, ...maps };
  cyclesOf.set(store, made);
  return made;
}

/** An import that is being resolved was asked for: nothing, as long as it has no answer. */
function cutAt(cycles: Cycles, imported: Import, ns: Namespace): null {
  const at = cycles.stack.findIndex((frame) => frame.imported === imported);
  const frame = cycles.stack[at];
  if (frame === undefined) return null;
  frame.cut = true;
  frame.crossed ||= frame.ns !== ns;
  cycles.leans |= 1n << BigInt(at);
  return null;
}

/** An import that was cut is resolved: what leant on that leans on what the import leant on; on nothing that holds, where `leans` is null. */
function settle(cycles: Cycles, position: bigint, leans: bigint | null): void {
  for (const answers of [...cycles.leaning.values()]) {
    for (const one of [...answers.values()]) {
      if ((one.leans & position) === 0n) continue;
      if (leans !== null) one.leans = (one.leans & ~position) | leans;
      if (leans === null || one.leans === 0n) drop(cycles, one);
      if (one.leans === 0n) keep(cycles, one);
    }
  }
}

function keep(cycles: Cycles, one: Answer): void {
  if (one.leans === 0n) remember(one.final ? cycles.kept : cycles.steady, one, one.answer);
  else remember(cycles.leaning, one, one);
}

function drop(cycles: Cycles, { imported, ns }: Answer): void {
  const answers = cycles.leaning.get(imported);
  answers?.delete(ns);
  if (answers?.size === 0) cycles.leaning.delete(imported);
}

/** A question is answered; after the outermost one names may be added. */
function leave(cycles: Cycles): void {
  cycles.depth -= 1;
  if (cycles.depth > cycles.base) return;
  cycles.steady.clear();
  cycles.leaning.clear();
}

function remember<T>(map: Map<Import, Map<Namespace, T>>, { imported, ns }: Answer, answer: T): void {
  const answers = map.get(imported) ?? new Map<Namespace, T>();
  map.set(imported, answers);
  answers.set(ns, answer);
}
