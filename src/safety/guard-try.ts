/**
 * Guard "asks and does not wait": calls of `try_lock` and its like, known by their shape.
 *
 * Such a function is called `try_X`, takes the lock by reference and gives an Option or Result of the guard that `X` of the same impl
 * gives outright. What `X` would do (wait, spin, panic) is what the call excludes. What the program does when it was refused is code
 * like any other.
 */
import type { Bodies } from "../calls/bodies.ts";
import type { CallGraph, Node, NodeId, Site } from "../calls/call-graph.ts";
import type { PackFn } from "../model/pack.ts";
import type { Kind } from "../model/vocabulary.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import { isModelled } from "./causes.ts";
import { rootOfOperand } from "./force-cells.ts";
import { edgesOf } from "./reach.ts";

export interface TryInput {
  readonly bodies: Bodies;
  readonly graph: CallGraph;
  readonly facts: (def: DefId) => Pick<PackFn, "effects" | "panics"> | null;
}
export interface TryCall {
  readonly node: Node;
  readonly site: Site;
  /** The static that is asked for; null where it is none or not known. */
  readonly lock: DefId | null;
  /** What the waiting form does, and its path. */
  readonly kind: Kind;
  readonly waits: DefId;
}

/** Calls below a handler that only try. */
export function tryCalls(input: TryInput, nodes: readonly NodeId[]): TryCall[] {
  const { graph } = input;
  const found: TryCall[] = [];
  for (const node of nodes.map((id) => graph.node(id))) {
    if (isModelled(node) || node.mir === null) continue;
    for (const site of node.sites.map((id) => graph.site(id))) {
      const term = node.mir.blocks[site.block]?.term;
      if (term?.k !== "call" || term.args[0] === undefined) continue;
      const waits = waitingForms(input, site)[0];
      if (waits === undefined) continue;
      const root = rootOfOperand(node.mir, term.args[0], [{ k: "deref" }]);
      const given = root?.k === "param" && root.steps.length <= 1 ? (node.statics[root.index] ?? null) : null;
      const lock = root?.k === "static" ? root.place.def : (given?.def ?? null);
      found.push({ node, site, lock, kind: kindOf(input.facts(waits)), waits });
    }
  }
  return found;
}

function waitingForms({ bodies, graph }: TryInput, site: Site): DefId[] {
  return edgesOf(site).flatMap(({ target }) => {
    const { what } = graph.node(target);
    const def = what.k === "body" && what.key.closure === null ? what.key.def : what.k === "model" ? what.def : null;
    const form = def === null ? null : waitingForm(bodies, def);
    return form === null ? [] : [form];
  });
}

function waitingForm({ types, names }: Bodies, def: DefId): DefId | null {
  const { name, parent } = names.def(def);
  if (!name.startsWith("try_") || parent === null) return null;
  const self = names.def(parent).kind === "impl" ? types.implSelfTy(parent) : null;
  if (self?.k !== "adt" || types.implTraitRef(parent) !== null) return null;
  const guard = payload(types.fnSig(def).ret, names.langItem("Option"), names.langItem("Result"));
  if (guard?.k !== "adt" || types.fnSig(def).params[0]?.k !== "ref") return null;
  const plain = names
    .def(parent)
    .children.find((one) => names.def(one).name === name.slice(4) && names.def(one).kind === "fn");
  if (plain === undefined) return null;
  const { ret } = types.fnSig(plain);
  const given = payload(ret, null, names.langItem("Result")) ?? ret;
  return given.k === "adt" && given.def === guard.def ? plain : null;
}

function payload(ty: Ty, option: DefId | null, result: DefId | null): Ty | null {
  if (ty.k !== "adt" || (ty.def !== option && ty.def !== result)) return null;
  return ty.args[0] ?? null;
}

function kindOf(facts: Pick<PackFn, "effects" | "panics"> | null): Kind {
  const kinds = (facts?.effects ?? []).map((one) => one.kind);
  const waits = kinds.find((kind) => kind === "lock" || kind === "spin" || kind === "block");
  return waits ?? (facts?.panics === true ? "panic" : "lock");
}
