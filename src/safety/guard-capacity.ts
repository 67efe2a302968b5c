/**
 * Guard "room enough": a call that asks for a constant number of elements, which the inline array of its type has room for, for none, or for
 * such as take no room.
 *
 * Rule packs name such functions, the argument with the number, the type parameter with the array or that of the elements (`fits`). A number
 * or a length that is not known where the call stands, and the call is not guarded.
 */
import type { Bodies } from "../calls/bodies.ts";
import type { CallGraph, NodeId } from "../calls/call-graph.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import type { Fits } from "./guard-records.ts";
import { type GuardedSite, guardedSites } from "./guarded-sites.ts";
import { edgesOf } from "./reach.ts";
import { argumentFor, integer, isZeroSized, wholeNumber } from "./room.ts";

export interface CapacityInput {
  readonly bodies: Bodies;
  readonly graph: CallGraph;
  readonly fits: (def: DefId) => Fits | null;
}

/** Calls below a handler that ask for no more than there is room for. */
export function fittingCalls(input: CapacityInput, nodes: readonly NodeId[]): GuardedSite[] {
  const { bodies, graph } = input;
  return guardedSites(graph, nodes, (node, site) => {
    const term = node.mir.blocks[site.block]?.term;
    const edges = edgesOf(site);
    if (term?.k !== "call" || edges.length === 0) return false;
    return edges.every(({ target }) => {
      const { what, args } = graph.node(target);
      const def = what.k === "body" ? what.key.def : what.k === "model" ? what.def : null;
      const fits = def === null ? null : input.fits(def);
      if (def === null || fits === null) return false;
      if (fits.of !== undefined && isZeroSized(bodies, def, fits.of, args)) return true;
      const wanted = fits.arg === undefined ? undefined : term.args[fits.arg];
      const number = wanted === undefined ? null : wholeNumber(bodies, node, wanted);
      const room = fits.in === undefined ? 0n : lengthOf(argumentFor(bodies, def, fits.in, args));
      return number !== null && room !== null && number <= room;
    });
  });
}

function lengthOf(ty: Ty | undefined): bigint | null {
  return ty?.k === "array" && ty.len.k === "const" ? integer(ty.len.value) : null;
}
