/**
 * Guard "not entered twice": a flag that the handler sets and tests in one step, leaving at once where it was set already.
 *
 * The first call of the handler changes a static atomic (a function that rule packs mark `test-and-set`), its old value decides a
 * branch, one side of which only returns. It keeps the handler from interrupting itself; it makes no allocation and no lock safe. A
 * load and a store are two steps, and so no guard.
 */

import type { Span } from "../base/span.ts";
import type { CallGraph, NodeId, Site } from "../calls/call-graph.ts";
import type { BasicBlock, Mir, Operand } from "../calls/mir.ts";
import { factsOf } from "../calls/mir-facts.ts";
import type { DefId } from "../names/defs.ts";
import { rootOfOperand } from "./force-cells.ts";
import { edgesOf, sitesByBlock } from "./reach.ts";

export interface ReentrancyFlag {
  readonly flag: DefId;
  readonly span: Span;
  /** Blocks of the handler that only one entry runs. */
  readonly holds: (block: number) => boolean;
}

/** The flag of a handler; null where it has none. */
export function reentrancyFlag(graph: CallGraph, root: NodeId, marked: (def: DefId) => boolean): ReentrancyFlag | null {
  const node = graph.node(root);
  const { mir } = node;
  if (mir === null) return null;
  const { dominators } = factsOf(mir);
  const sites = sitesByBlock(graph, node);
  for (const [block, { term }] of mir.blocks.entries()) {
    const flag = term.k === "call" ? setFlag(graph, sites.get(block), mir, block, marked) : null;
    if (flag === null || term.k !== "call" || term.dest.proj.length > 0) continue;
    for (const [at, { term: branch }] of mir.blocks.entries()) {
      if (branch.k !== "switch" || !dominators.dominates(block, at) || branch.on.k === "opaque") continue;
      const on: Operand =
        branch.on.k === "bool"
          ? branch.on.condition
          : branch.on.k === "variant"
            ? { k: "copy", place: branch.on.place }
            : branch.on.operand;
      if (!comesFrom(mir, on, block, 0)) continue;
      const ways = [
        ...branch.targets.map((one) => one.target),
        ...(branch.otherwise === null ? [] : [branch.otherwise]),
      ];
      const inside = ways.filter((way) => !onlyReturns(mir, way));
      const [entered] = inside;
      if (entered === undefined || inside.length !== 1 || ways.length < 2) continue;
      return { flag, span: term.span, holds: (one) => dominators.dominates(entered, one) };
    }
  }
  return null;
}

function setFlag(
  graph: CallGraph,
  site: Site | undefined,
  mir: Mir,
  block: number,
  marked: (def: DefId) => boolean,
): DefId | null {
  const { term } = mir.blocks[block] as BasicBlock;
  if (site === undefined || term.k !== "call" || term.args[0] === undefined) return null;
  const isMarked = edgesOf(site).some(({ target }) => {
    const { what } = graph.node(target);
    return what.k === "body" ? marked(what.key.def) : what.k === "model" && marked(what.def);
  });
  const root = isMarked ? rootOfOperand(mir, term.args[0], [{ k: "deref" }]) : null;
  return root?.k === "static" ? root.place.def : null;
}

const MAX_STEPS = 8;

/** Is the value made of what the call gave: itself, compared, negated, or asked whether it is a success? */
function comesFrom(mir: Mir, operand: Operand, block: number, depth: number): boolean {
  if (operand.k === "const" || depth > MAX_STEPS) return false;
  const definition = factsOf(mir).definition(operand.place.local);
  if (definition === null) return false;
  if (definition.k === "call") {
    if (definition.block === block) return true;
    const [arg, ...others] = definition.term.args;
    return arg !== undefined && others.length === 0 && comesFrom(mir, arg, block, depth + 1);
  }
  const { value } = definition;
  switch (value.k) {
    case "use":
    case "unary":
    case "cast":
      return comesFrom(mir, value.operand, block, depth + 1);
    case "ref":
    case "discriminant":
      return comesFrom(mir, { k: "copy", place: value.place }, block, depth + 1);
    case "binary":
      return [value.left, value.right].some((one) => comesFrom(mir, one, block, depth + 1));
    default:
      return false;
  }
}

/** From here the body returns without calling anything or writing behind a pointer. */
function onlyReturns(mir: Mir, start: number): boolean {
  let at = start;
  for (let step = 0; step < mir.blocks.length; step += 1) {
    const { stmts, term } = mir.blocks[at] ?? {};
    if (stmts?.some(({ place }) => place.proj.some((one) => one.k === "deref")) === true) return false;
    if (term?.k === "return") return true;
    if (term?.k === "goto") at = term.target;
    else return false;
  }
  return false;
}
