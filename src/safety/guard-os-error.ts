/**
 * Guard "an OS error": a dropped `Result` or error that certainly holds a code of the operating system frees nothing.
 *
 * Rule packs mark functions whose errors are such codes. A drop is guarded where every value that may be dropped there is an `Ok`
 * without anything to drop, or one that was taken out before (`let Ok(fd) = open() else { return }`), or comes from a marked function; one value of another or unknown origin, and it is not. A call
 * of a modelled function that only drops its argument counts as the drop.
 */
import type { Bodies } from "../calls/bodies.ts";
import type { CallGraph, NodeId } from "../calls/call-graph.ts";
import { type BodyInContext, memberIn, typesIn } from "../calls/flow-context.ts";
import type { Operand } from "../calls/mir.ts";
import { flowOf } from "../calls/value-flow.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import { droppedAt } from "./dropped-values.ts";
import { type GuardedSite, guardedSites } from "./guarded-sites.ts";
import { edgesOf } from "./reach.ts";

export interface OsErrorInput {
  readonly bodies: Bodies;
  readonly graph: CallGraph;
  /** Are a function's errors codes of the operating system? */
  readonly marked: (def: DefId) => boolean;
}

/** Drops below a handler that are guarded so. */
export function osErrorDrops(input: OsErrorInput, nodes: readonly NodeId[]): GuardedSite[] {
  const { graph } = input;
  return guardedSites(graph, nodes, (node, site) => {
    const dropped = droppedAt(graph, node, site);
    if (dropped === null || !edgesOf(site).some((one) => reachesFree(graph, one.target))) return false;
    return isOsError(input, node.what.key, dropped, (ok) => edgesOf(site).some((one) => drops(graph, one.target, ok)));
  });
}

const DEPTH = 6;

/** Is there anything to guard? */
function reachesFree(graph: CallGraph, id: NodeId, depth = DEPTH): boolean {
  const node = graph.node(id);
  if (node.effects.some((one) => one.kind === "dealloc" && one.condition === "error-path")) return true;
  if (depth === 0 || !(node.model || node.what.k === "drop-glue")) return false;
  return node.sites.some((one) => edgesOf(graph.site(one)).some((edge) => reachesFree(graph, edge.target, depth - 1)));
}

/** Does the glue drop a value of the type? What was moved out of a local before is none of what its drop does. */
function drops(graph: CallGraph, id: NodeId, ty: Ty, depth = DEPTH): boolean {
  const { what, sites, model } = graph.node(id);
  if (what.k === "drop-glue" && what.ty === ty) return true;
  if (what.k !== "drop-glue" && !model) return false;
  if (depth === 0) return true;
  return sites.some((one) => edgesOf(graph.site(one)).some((edge) => drops(graph, edge.target, ty, depth - 1)));
}

function isOsError(
  input: OsErrorInput,
  body: BodyInContext,
  operand: Operand,
  isDropped: (ok: Ty) => boolean,
): boolean {
  const { bodies } = input;
  const { types } = bodies;
  const ends = (def: DefId): boolean => input.marked(def);
  const { values, open } = flowOf(bodies, body, operand, { objects: false, ends });
  // What a followed call gives back is among the values; alone it says nothing.
  if (open.length > 0 || !values.some((value) => value.k !== "result" || !value.followed)) return false;
  return values.every((value) => {
    if (value.k === "result") {
      if (value.callee.k !== "def") return value.followed;
      // Generic code calls what it is called for.
      const member = memberIn(types, value.body, value.callee.def, value.callee.args);
      return (member !== null && input.marked(member.def)) || value.followed;
    }
    if (value.k !== "aggregate" || value.ty?.k !== "adt") return false;
    if (value.ty.def !== bodies.names.langItem("Result")) return false;
    const [payload] = value.fields;
    if (value.variant === 1) return payload !== undefined && isOsError(input, value.body, payload, isDropped);
    const [ok] = typesIn(types, value.body, value.ty.args.slice(0, 1));
    return ok !== undefined && (!types.needsDrop(ok) || !isDropped(ok));
  });
}
