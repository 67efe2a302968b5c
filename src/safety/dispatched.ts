/**
 * Hooks behind a dispatcher: what the dispatcher saves around a hook is saved for the hook.
 *
 * A registrar names the functions that call its hooks; where such a function is a handler of the program and gives errno
 * back as it found it, its hooks need not.
 */
import type { CallGraph } from "../calls/call-graph.ts";
import type { HandlerResult } from "./analyse-handler.ts";
import { handlerVerdict } from "./verdict.ts";

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
