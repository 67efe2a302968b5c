/**
 * Guard "room enough": a call that asks for a constant number of elements, which the inline array of its type has room for.
 *
 * Rule packs name such functions, the argument with the number and the type parameter with the array (`fits`). A number or a length
 * that is not known where the call stands, and the call is not guarded.
 */
import type { Bodies } from "../calls/bodies.ts";
import type { CallGraph, Node, NodeId, Site } from "../calls/call-graph.ts";
import type { Constant, Operand } from "../calls/mir.ts";
import { factsOf } from "../calls/mir-facts.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import { edgesOf } from "./reach.ts";

export interface Fits {
  readonly arg: number;
  readonly in: string;
}
export interface CapacityInput {
  readonly bodies: Bodies;
  readonly graph: CallGraph;
  readonly fits: (def: DefId) => Fits | null;
}
export interface GuardedSite {
  readonly node: Node;
  readonly site: Site;
}

/** Calls below a handler that ask for no more than there is room for. */
export function fittingCalls(input: CapacityInput, nodes: readonly NodeId[]): GuardedSite[] {
  const { bodies, graph } = input;
  const found: GuardedSite[] = [];
  for (const node of nodes.map((id) => graph.node(id))) {
    if (node.model || node.mir === null) continue;
    for (const site of node.sites.map((id) => graph.site(id))) {
      const term = node.mir.blocks[site.block]?.term;
      const edges = edgesOf(site);
      if (term?.k !== "call" || edges.length === 0) continue;
      const all = edges.every(({ target }) => {
        const { what, args } = graph.node(target);
        const def = what.k === "body" ? what.key.def : what.k === "model" ? what.def : null;
        const fits = def === null ? null : input.fits(def);
        if (def === null || fits === null) return false;
        const wanted = term.args[fits.arg];
        const number = wanted === undefined ? null : numberIn(bodies, node, wanted);
        const room = lengthOf(args[parameterIndex(bodies, def, fits.in)]);
        return number !== null && room !== null && number <= room;
      });
      if (all) found.push({ node, site });
    }
  }
  return found;
}

function parameterIndex(bodies: Bodies, def: DefId, name: string): number {
  return bodies.types.genericsOf(def).params.findIndex((one) => one.name === name);
}

function lengthOf(ty: Ty | undefined): bigint | null {
  return ty?.k === "array" && ty.len.k === "const" ? integer(ty.len.value) : null;
}

const MAX_STEPS = 8;

function numberIn(bodies: Bodies, node: Node, start: Operand): bigint | null {
  let operand = start;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    if (operand.k === "const") return constantNumber(bodies, node, operand.value);
    if (operand.place.proj.length > 0 || node.mir === null) return null;
    const definition = factsOf(node.mir).definition(operand.place.local);
    if (definition?.k !== "value" || definition.value.k !== "use") return null;
    operand = definition.value.operand;
  }
  return null;
}

function constantNumber({ types }: Bodies, node: Node, value: Constant): bigint | null {
  if (value.k === "int") return integer(value.value);
  if (value.k === "const") {
    const args = value.args.map((ty) => types.subst(ty, node.args));
    return integer(types.constValue(value.def, args) ?? "");
  }
  const ty = value.k === "const-param" ? types.subst(value.ty, node.args) : null;
  return ty?.k === "const" ? integer(ty.value) : null;
}

function integer(text: string): bigint | null {
  return /^\d+$/u.test(text) ? BigInt(text) : null;
}
