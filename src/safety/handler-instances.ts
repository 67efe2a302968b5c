/**
 * Handlers that a generic function names by its own parameters (`T::handler`): one for each instance that the program calls.
 *
 * The parameters are replaced by what the callers of the wrappers pass, outwards and bounded. A type that still has parameters
 * where nobody calls the function is given back as it is.
 */
import type { Bodies } from "../calls/bodies.ts";
import { callSitesOf } from "../calls/call-sites.ts";
import type { BodyKey } from "../calls/mir.ts";
import type { Ty } from "../types/ty.ts";

const MAX_DEPTH = 4;
const MAX_INSTANCES = 64;

/** The function or closure with the arguments that the callers give; `frames` are the bodies on the way to the registrar. */
export function instancesOf(bodies: Bodies, frames: readonly { readonly body: BodyKey }[], ty: Ty): readonly Ty[] {
  const found = new Map<number, Ty>();
  const pending: { readonly ty: Ty; readonly depth: number; readonly bodies: readonly BodyKey[] }[] = [
    { ty, depth: 0, bodies: frames.map((one) => one.body) },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const owner = genericOwner(bodies, next.ty, next.bodies);
    if (owner === null || next.depth >= MAX_DEPTH || pending.length + found.size > MAX_INSTANCES) {
      found.set(next.ty.id, next.ty);
      continue;
    }
    const sites = callSitesOf(bodies, owner).calls;
    for (const { body, block } of sites) {
      const term = bodies.mir(body)?.blocks[block]?.term;
      if (term?.k !== "call" || term.callee.k !== "def") continue;
      pending.push({ ty: bodies.types.subst(next.ty, term.callee.args), depth: next.depth + 1, bodies: [body] });
    }
    if (sites.length === 0) found.set(next.ty.id, next.ty);
  }
  return [...found.values()].sort((left, right) => left.id - right.id);
}

/** The function among these whose parameters stand in the type's arguments. */
function genericOwner(bodies: Bodies, ty: Ty, among: readonly BodyKey[]): BodyKey | null {
  const owners = new Set<number>();
  ownersIn(ty, owners, 0);
  if (owners.size === 0) return null;
  const { names } = bodies;
  const key = among.find(({ def }) => owners.has(def) || owners.has(names.def(def).parent ?? -1));
  return key === undefined ? null : { def: key.def, closure: null };
}

function ownersIn(ty: Ty, owners: Set<number>, depth: number): void {
  if (ty.k === "param") owners.add(ty.owner);
  if (depth > MAX_DEPTH) return;
  if (ty.k === "ref" || ty.k === "ptr" || ty.k === "slice" || ty.k === "array") ownersIn(ty.inner, owners, depth + 1);
  if (ty.k === "adt" || ty.k === "fn-def" || ty.k === "closure") {
    for (const one of ty.args) ownersIn(one, owners, depth + 1);
  }
}
