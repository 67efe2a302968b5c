/**
 * Hooks behind a dispatcher: what they do is told of them and not once more of the dispatcher, and what that saves around a hook is saved for it.
 *
 * A registrar names the functions that call its hooks; where such a function is a handler of the program and gives errno
 * back as it found it, its hooks need not.
 */
import { bodyId } from "../calls/bodies.ts";
import type { CallGraph, Edge, NodeId } from "../calls/call-graph.ts";
import type { HandlerResult } from "./analyse-handler.ts";
import type { UnplacedEntry } from "./handler-entries.ts";
import { handlerVerdict } from "./verdict.ts";

/** Does an edge lead from what this node reaches to a hook of it that is a handler of the program, and judged by itself? Of nodes that are no dispatchers none does. */
export function hooksOf(
  graph: CallGraph,
  entries: readonly UnplacedEntry[],
): (dispatcher: NodeId) => (edge: Edge) => boolean {
  const hooks = new Map<string, Set<string>>();
  for (const { installs, graphEntry } of entries) {
    for (const path of installs.flatMap(({ registrar }) => registrar.dispatchers ?? [])) {
      const known = hooks.get(path) ?? new Set<string>();
      hooks.set(path, known.add(bodyId(graphEntry.key)));
    }
  }
  return (dispatcher) => {
    const own = hooks.get(graph.node(dispatcher).path);
    return ({ target }) => {
      const { what } = graph.node(target);
      return own !== undefined && what.k === "body" && own.has(bodyId(what.key));
    };
  };
}

/** The same results, without findings that a dispatcher takes care of. */
export function withDispatchers(results: readonly HandlerResult[], graph: CallGraph): HandlerResult[] {
  const saving = new Set<string>();
  for (const one of results) {
    if (!one.drafts.some((draft) => draft.kind === "errno")) saving.add(graph.node(one.entry.node).path);
  }
  return results.map((one) => {
    const dispatchers = one.entry.installs.map((install) => install.registrar.dispatchers ?? []);
    const saved = dispatchers.length > 0 && dispatchers.every((list) => list.some((path) => saving.has(path)));
    if (!saved) return one;
    const drafts = one.drafts.filter((draft) => draft.kind !== "errno");
    return { ...one, drafts, verdict: handlerVerdict(drafts, one.blindSpots.length) };
  });
}
