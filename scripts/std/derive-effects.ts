/**
 * What functions of std do by their own sources: the call graph of std from each of them, down to the allocator and the kernel.
 *
 * Cut like machine code is: panics, and calls through pointers, which lead to what only the caller knows. What a compiler intrinsic does is
 * nothing of interest here. A call that was not followed is a hole: what is derived is then no more than a lower bound.
 */
import { buildCallGraph, type Entry } from "../../src/calls/build-graph.ts";
import type { CallGraph, Node, NodeId, Site } from "../../src/calls/call-graph.ts";
import { edgesOf, type TestProgram } from "../../test/calls/program-of.ts";
import { aliasCrate, everyInstance, joinSymbols, parseSymbols, throughPointer } from "./compiled-effects.ts";
import type { StdSources } from "./source-files.ts";
import { sourceProgram } from "./source-program.ts";

export interface Derived {
  readonly effects: readonly string[];
  /** The same where no io::Error is dropped: one that holds an OS code frees nothing, which is decided at run time. */
  readonly withoutIoErrors: readonly string[];
  /** `function: text` of each call that was not followed. */
  readonly holes: readonly string[];
  /** By effect: the function that does it. */
  readonly through: ReadonlyMap<string, string>;
}

/** By symbol what the sources say of each function that was found in them; `missing`: crates that could not be had. */
export async function deriveEffectsOf(
  html: string,
  functions: readonly string[],
  sources: StdSources,
): Promise<{ readonly derived: ReadonlyMap<string, Derived>; readonly missing: readonly string[] }> {
  const symbols = parseSymbols(html, functions);
  const program = await sourceProgram(sources, "aliases", aliasCrate(symbols));
  const joins = joinSymbols(program, "aliases", symbols);
  const found = deriveEffects(
    program,
    joins.map(({ entry }) => entry),
  );
  const derived = joins.flatMap(({ symbol }, at): (readonly [string, Derived])[] => {
    const one = found[at];
    return one === undefined ? [] : [[symbol, one]];
  });
  return { derived: new Map(derived), missing: program.missing };
}

/** Each entry's effects, in order. */
function deriveEffects(program: TestProgram, entries: readonly Entry[]): readonly Derived[] {
  const { types, bodies, packs } = program;
  const graph = buildCallGraph({
    types,
    bodies,
    packs,
    externs: { invokes: () => [] },
    entries,
    limits: everyInstance,
  });
  return graph.entries.map((root) => {
    const whole = walk(graph, root, false);
    return { ...whole, withoutIoErrors: walk(graph, root, true).effects };
  });
}

/** The symbols and functions that machine code is searched for, too (test/referee/machine.py). */
const symbols: Readonly<Record<string, RegExp>> = {
  alloc: /^(__rust_alloc|__rust_alloc_zeroed|__rust_realloc|malloc|calloc|realloc|posix_memalign)$/,
  dealloc: /^(__rust_dealloc|free)$/,
  lock: /^pthread_(mutex|rwlock)_(lock|rdlock|wrlock)$/,
};
const waits = /::(lock_contended|read_contended|write_contended|futex_wait)$|::Once::(call|wait)$/;
const panics =
  /^core::panicking::|^std::panicking::|(unwrap|expect)_failed$|slice_(start|end)?_?(index|error).*_fail|handle_alloc_error$|capacity_overflow$|raw_vec::handle_error$|len_mismatch_fail$|^core::cell::panic|^std::rt::|^std::process::abort/;

/** Drop glue of the error and of what it is made of. */
const ioError = /^drop of (?:std::io::error::)?(?:Error|Custom|Repr|Box<Custom>)$/;

function walk(graph: CallGraph, root: NodeId, withoutIoErrors: boolean): Omit<Derived, "withoutIoErrors"> {
  const seen = new Set([root]);
  const through = new Map<string, string>();
  const holes = new Set<string>();
  const does = (kind: string, node: Node): void => {
    if (!through.has(kind)) through.set(kind, node.path);
  };
  for (const id of seen) {
    const node = graph.node(id);
    if (waits.test(node.path)) does("lock", node);
    for (const siteId of node.sites) {
      const site = graph.site(siteId);
      if (site.conditions.includes("panic")) continue;
      if (site.outcome.k === "extern") {
        const { symbol } = site.outcome;
        for (const [kind, names] of Object.entries(symbols)) if (names.test(symbol)) does(kind, node);
      }
      const hole = holeOf(site);
      if (hole !== null) holes.add(`${node.path}: ${hole}`);
      for (const edge of edgesOf(site)) {
        if (throughPointer(edge) || edge.conditions.includes("panic")) continue;
        const { path } = graph.node(edge.target);
        if (!panics.test(path) && !(withoutIoErrors && ioError.test(path))) seen.add(edge.target);
      }
    }
  }
  return { effects: [...through.keys()].sort(), holes: [...holes].sort(), through };
}

/** Why a call was not followed, where it could matter. */
function holeOf({ outcome }: Site): string | null {
  if (outcome.k !== "unresolved") return null;
  if (outcome.reason === "fn-pointer" || outcome.reason === "open-world") return null;
  if (/^core::intrinsics::|^(crate|core)::arch::/.test(outcome.text)) return null;
  return outcome.text;
}
