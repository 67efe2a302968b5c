/**
 * Where a body writes what was kept of errno to errno's place: a statement, a call of modelled code that is lent the place and given a value beside it
 * (`at.write(saved)`, `ptr::replace(at, saved)`), or a callee near by.
 *
 * The place is what its function gave back, through casts, reborrows and a field of a struct that is always built with it. A constant that is written is
 * not what was kept. Which value is written is not followed any further.
 */
import type { CallGraph, Node, NodeId, Site } from "../calls/call-graph.ts";
import type { Mir, Operand, Place, Rvalue, Statement } from "../calls/mir.ts";
import { factsOf } from "../calls/mir-facts.ts";
import { isModelled } from "./causes.ts";
import type { ExternOptions } from "./extern-effects.ts";
import { type Root, rootOf } from "./force-cells.ts";
import { edgesOf, externAt, sitesByBlock } from "./reach.ts";

export interface ErrnoWrites {
  byStatement(node: Node, stmt: Statement): boolean;
  /** Does the call itself write it? */
  bySite(node: Node, site: Site): boolean;
  /** Does what this call runs write it, or what that calls? */
  near(node: Node, site: Site, target: NodeId): boolean;
}

/** So many calls deep a write is looked for. */
const NEAR = 3;
const MAX_REBORROWS = 8;

/** Answers for one graph. */
export function createErrnoWrites(graph: CallGraph, externs: ExternOptions): ErrnoWrites {
  const sitesOf = new Map<NodeId, ReadonlyMap<number, Site>>();
  let kept: ReadonlyMap<string, boolean> | null = null;
  const sites = (node: Node): ReadonlyMap<number, Site> => {
    let known = sitesOf.get(node.id);
    if (known === undefined) {
      known = sitesByBlock(graph, node);
      sitesOf.set(node.id, known);
    }
    return known;
  };
  const isResult = (node: Node, at: Place): boolean => {
    const root = node.mir === null ? null : rootOfPointer(node.mir, at);
    const site = root?.k === "result" ? sites(node).get(root.block) : undefined;
    return site !== undefined && givesLocation(graph, externs, node, site);
  };
  const isLocated = (node: Node, at: Place): boolean => {
    const root = node.mir === null ? null : rootOfPointer(node.mir, at);
    if (node.mir === null || root?.k !== "param") return isResult(node, at);
    const key = keptAs(node.mir, root);
    if (key === null) return false;
    kept ??= fieldsOf(graph, (one, operand) => operand.k !== "const" && isResult(one, operand.place));
    return kept.get(key) === true;
  };
  const byStatement = (node: Node, { place: { local, proj }, value }: Statement): boolean =>
    proj.at(-1)?.k === "deref" && !isConstant(value) && isLocated(node, { local, proj: proj.slice(0, -1) });
  const bySite = (node: Node, site: Site): boolean => {
    const term = node.mir?.blocks[site.block]?.term;
    if (term?.k !== "call" || edgesOf(site).some((edge) => !isModelled(graph.node(edge.target)))) return false;
    const [at] = term.args.filter((one) => one.k !== "const" && isLocated(node, one.place));
    return at !== undefined && term.args.some((one) => one !== at && isErrnoValue(node, one));
  };
  const near = (node: Node, depth: number): boolean => {
    for (const { stmts } of node.mir?.blocks ?? []) if (stmts.some((stmt) => byStatement(node, stmt))) return true;
    if (node.sites.some((one) => bySite(node, graph.site(one)))) return true;
    return depth > 0 && node.sites.some((one) => nearSite(node, graph.site(one), depth - 1));
  };
  const nearSite = (node: Node, site: Site, depth: number): boolean =>
    !givenConstants(node, site) && edgesOf(site).some((edge) => near(graph.node(edge.target), depth));
  return {
    byStatement,
    bySite,
    near: (node, site, target) => !givenConstants(node, site) && near(graph.node(target), NEAR),
  };
}

/** What a pointer, or a reference made of it, leads to. */
function rootOfPointer(mir: Mir, start: Place): Root | null {
  let place = start;
  for (let step = 0; step < MAX_REBORROWS; step += 1) {
    const root = rootOf(mir, place);
    if (root !== null || place.proj.length > 0) return root;
    const definition = factsOf(mir).definition(place.local);
    const value = definition?.k === "value" ? definition.value : null;
    if (value?.k !== "ref" || value.place.proj.at(-1)?.k !== "deref") return null;
    place = { local: value.place.local, proj: value.place.proj.slice(0, -1) };
  }
  return null;
}

function givesLocation(graph: CallGraph, externs: ExternOptions, node: Node, site: Site): boolean {
  if (externAt(externs, node, site)?.errnoLocation === true) return true;
  return edgesOf(site).some((edge) => {
    const target = graph.node(edge.target);
    return target.sites.some((id) => externAt(externs, target, graph.site(id))?.errnoLocation === true);
  });
}

/** A local of errno's type. */
function isErrnoValue({ mir }: Node, operand: Operand): boolean {
  if (operand.k === "const") return false;
  const { local, proj } = operand.place;
  const last = proj.at(-1);
  const ty = last === undefined ? mir?.locals[local]?.ty : last.k === "field" ? last.ty : undefined;
  return ty?.k === "prim" && ty.name === "i32";
}

function isConstant(value: Rvalue): boolean {
  return value.k === "use" && value.operand.k === "const";
}

/** A call that is given constants alone: what it writes was not kept. */
function givenConstants(node: Node, site: Site): boolean {
  const term = node.mir?.blocks[site.block]?.term;
  return (
    term?.k === "call" && term.args.length > 0 && term.args.every((one) => one.k === "const" && one.value.k !== "fn")
  );
}

/** The field of a struct that a parameter's pointer was read from: `self.at`. */
function keptAs(mir: Mir, { index, steps }: Root & { k: "param" }): string | null {
  const last = steps.at(-1);
  let ty = mir.locals[index + 1]?.ty;
  for (const step of steps.slice(0, -1)) {
    if (step.k === "deref") ty = ty?.k === "ref" || ty?.k === "ptr" ? ty.inner : undefined;
    else if (step.k === "field") ty = step.ty;
    else return null;
  }
  return last?.k === "field" && last.variant === null && ty?.k === "adt" ? `${ty.def}:${last.index}` : null;
}

/** Of the fields of structs that the graph's bodies build: is each always given errno's place? */
function fieldsOf(
  graph: CallGraph,
  isLocation: (node: Node, operand: Operand) => boolean,
): ReadonlyMap<string, boolean> {
  const found = new Map<string, boolean>();
  for (const node of graph.nodes) {
    for (const { stmts } of node.mir?.blocks ?? []) {
      for (const { value } of stmts) {
        if (value.k !== "aggregate" || value.kind.k !== "adt") continue;
        for (const [at, operand] of value.fields.entries()) {
          const key = `${value.kind.def}:${value.kind.indices[at]}`;
          if (found.get(key) !== false) found.set(key, isLocation(node, operand));
        }
      }
    }
  }
  return found;
}
