/**
 * Guard "forced before installation" (G1): which statics hold a value whenever a handler is installed.
 *
 * At an installation: what is forced on every path to it inside its body, and what every caller has forced before the
 * call, met over all callers up to the effectively public functions of the crate (members of foreign or public traits
 * included), `main`, and functions whose address is taken: there nothing is known but what was forced wherever a value is made that
 * the function is given, and others cannot make. A closure starts with what was forced where it was made. Forcing does not last where the cell can be emptied again: such statics are never guarded.
 */
import { type Bodies, bodyId } from "../calls/bodies.ts";
import type { StaticPlace } from "../calls/call-graph.ts";
import { callSitesOf } from "../calls/call-sites.ts";
import type { BodyKey, Mir, Operand } from "../calls/mir.ts";
import { bodiesNaming } from "../calls/other-names.ts";
import type { DefId } from "../names/defs.ts";
import { coversCell, rootOf, rootOfOperand } from "./force-cells.ts";
import { add, type Facts, type MaybeFacts, meet, NO_FACTS, type Origin, sameFacts } from "./force-facts.ts";
import { type CallPoint, placesThatMake } from "./made-before.ts";
import type { MustForce } from "./must-force.ts";

/** An installation: the registrar's call last, before it the calls of wrappers through which the handler was passed. */
export type InstallChain = readonly CallPoint[];

export interface InitGuards {
  /** Where a cell is certainly forced before every one of these installations; null where it is not. */
  forcedBefore(installs: readonly InstallChain[], cell: StaticPlace): Origin | null;
  /** What is forced whenever control is about to make this call. */
  at(point: CallPoint): Facts;
}

/** Guards of one program; `required` are functions whose callers owe them a call of another function. */
export function createInitGuards(
  bodies: Bodies,
  force: MustForce,
  forcedArgs: (def: DefId) => readonly number[],
  required: ReadonlyMap<DefId, DefId>,
): InitGuards {
  const entries = new Map<string, Facts>();
  // Whoever calls them from where nobody sees has done so; the calls that are seen are checked.
  for (const [def, init] of required) {
    const body = { def, closure: null };
    if (callersOf(bodies, body) === null) entries.set(bodyId(body), force.after({ def: init, closure: null }));
  }
  const lasting = new Map<DefId, boolean>();
  return {
    at: (point) => factsAt(bodies, force, entries, [point]),
    forcedBefore(installs, cell) {
      let all: MaybeFacts = null;
      for (const chain of installs) all = meet(all, factsAt(bodies, force, entries, chain));
      for (const fact of (all ?? NO_FACTS).values()) {
        if (fact.k !== "forced" || !coversCell(fact.cell, cell)) continue;
        let lasts = lasting.get(cell.def);
        if (lasts === undefined) {
          lasts = staysForced(bodies, cell.def, forcedArgs);
          lasting.set(cell.def, lasts);
        }
        return lasts ? fact.origin : null;
      }
      return null;
    },
  };
}

function factsAt(bodies: Bodies, force: MustForce, entries: Map<string, Facts>, chain: InstallChain): Facts {
  const [outer] = chain;
  if (outer === undefined) return NO_FACTS;
  let facts: MaybeFacts = entryFacts(bodies, force, entries, outer.body);
  for (const point of chain) facts = add(facts, [...force.before(point.body, point.block).values()]);
  return facts ?? NO_FACTS;
}

const MAX_CALLERS = 600;

interface Caller {
  readonly body: BodyKey;
  /** The calls into it; null where anybody may call it. */
  readonly from: readonly CallPoint[] | null;
}

/** What holds whenever a body is entered: the greatest solution over everything that leads to it. */
function entryFacts(bodies: Bodies, force: MustForce, entries: Map<string, Facts>, target: BodyKey): Facts {
  const done = entries.get(bodyId(target));
  if (done !== undefined) return done;
  const callers = new Map<string, Caller>();
  const pending = [target];
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const id = bodyId(next);
    if (callers.has(id)) continue;
    const isEnd = entries.has(id) || callers.size > MAX_CALLERS;
    const from = isEnd ? null : (callersOf(bodies, next) ?? makersOf(bodies, next));
    callers.set(id, { body: next, from });
    for (const point of from ?? []) pending.push(point.body);
  }
  const facts = new Map<string, MaybeFacts>();
  for (const [id, caller] of callers) facts.set(id, caller.from === null ? (entries.get(id) ?? NO_FACTS) : null);
  for (let changed = true; changed; ) {
    changed = false;
    for (const [id, { from }] of callers) {
      if (from === null) continue;
      let met: MaybeFacts = null;
      for (const point of from) {
        const entry = facts.get(bodyId(point.body)) ?? null;
        met = meet(met, add(entry, [...force.before(point.body, point.block).values()]));
      }
      if (sameFacts(met, facts.get(id) ?? null)) continue;
      facts.set(id, met);
      changed = true;
    }
  }
  // A cycle that nothing enters keeps "everything": it never runs, and nothing is claimed of it.
  for (const [id, found] of facts) entries.set(id, found ?? NO_FACTS);
  return entries.get(bodyId(target)) ?? NO_FACTS;
}

function callersOf(bodies: Bodies, body: BodyKey): readonly CallPoint[] | null {
  if (body.closure !== null) {
    const made = creationsOf(bodies, body.def, body.closure);
    return made.length === 0 ? null : made;
  }
  if (isEntry(bodies, body.def)) return null;
  const sites = callSitesOf(bodies, body);
  return sites.open || sites.calls.length === 0 ? null : sites.calls;
}

/** Where what it is called on, or given, is made: whoever calls it has done what was done before that. Null where anybody makes one. */
function makersOf(bodies: Bodies, { def, closure }: BodyKey): readonly CallPoint[] | null {
  if (closure !== null || bodies.names.def(def).kind !== "fn") return null;
  for (const given of bodies.types.fnSig(def).params) {
    let ty = given;
    while (ty.k === "ref") ty = ty.inner;
    const made = ty.k === "adt" ? placesThatMake(bodies, ty.def) : null;
    if (made !== null) return made;
  }
  return null;
}

/** May it be called from where the program's text does not show? */
function isEntry(bodies: Bodies, target: DefId): boolean {
  const { names, types } = bodies;
  const def = names.def(target);
  if (def.attrs.some((attr) => attr.path === "no_mangle" || attr.path === "export_name")) return true;
  const isLibrary = names.crateNode(def.crate)?.kind !== "bin";
  const parent = def.parent === null ? null : names.def(def.parent);
  if (parent?.kind === "impl") {
    const trait = types.implTraitRef(parent.id)?.trait;
    if (trait !== undefined)
      return names.def(trait).crate !== def.crate || (isLibrary && names.effectivelyPublic(trait));
  }
  return isLibrary && names.withinReach(target);
}

function creationsOf(bodies: Bodies, def: DefId, closure: number): CallPoint[] {
  const points: CallPoint[] = [];
  for (const body of bodies.withClosures(def)) {
    for (const [block, one] of (bodies.mir(body)?.blocks ?? []).entries()) {
      const makes = one.stmts.some(
        ({ value }) => value.k === "aggregate" && value.kind.k === "closure" && value.kind.closure === closure,
      );
      if (makes) points.push({ body, block });
    }
  }
  return points;
}

/** False where the static can be emptied or set anew: assigned to, or lent mutably to anything that does not force it. */
function staysForced(bodies: Bodies, def: DefId, forcedArgs: (def: DefId) => readonly number[]): boolean {
  const { names, types } = bodies;
  const { item, attrs } = names.def(def);
  if (attrs.some((attr) => attr.path === "thread_local")) return false;
  if (item?.k !== "static" || !item.mut) return true;
  for (const key of bodiesNaming(bodies, def)) {
    const mir = bodies.mir(key);
    if (mir !== null && empties(mir, def, (callee, args) => forcedArgsOf(callee, args))) return false;
  }
  return true;

  function forcedArgsOf(callee: DefId, args: Parameters<typeof types.resolveMember>[1]): readonly number[] {
    const own = forcedArgs(callee);
    if (own.length > 0) return own;
    const resolved = types.resolveMember(callee, args);
    return resolved.def === null ? [] : forcedThrough(bodies, resolved.def, forcedArgs, 0);
  }
}

/** `deref_mut` and the like: the function hands its own parameter on to what forces it. */
function forcedThrough(
  bodies: Bodies,
  def: DefId,
  forcedArgs: (def: DefId) => readonly number[],
  depth: number,
): readonly number[] {
  const own = forcedArgs(def);
  const mir = own.length > 0 || depth > 4 ? null : bodies.mir({ def, closure: null });
  if (mir === null) return own;
  const found = new Set<number>();
  for (const { term } of mir.blocks) {
    if (term.k !== "call" || term.callee.k !== "def") continue;
    for (const index of forcedThrough(bodies, term.callee.def, forcedArgs, depth + 1)) {
      const operand = term.args[index];
      const root = operand === undefined ? null : rootOfOperand(mir, operand, [{ k: "deref" }]);
      if (root?.k === "param") found.add(root.index);
    }
  }
  return [...found];
}

function empties(
  mir: Mir,
  def: DefId,
  forces: (
    callee: DefId,
    args: Extract<Extract<Mir["blocks"][number]["term"], { k: "call" }>["callee"], { k: "def" }>["args"],
  ) => readonly number[],
): boolean {
  for (const { stmts, term } of mir.blocks) {
    for (const { place } of stmts) {
      if (place.proj[0]?.k !== "deref") continue;
      const root = rootOf(mir, place);
      if (root?.k === "static" && root.place.def === def) return true;
    }
    if (term.k !== "call") continue;
    const forced = term.callee.k === "def" ? forces(term.callee.def, term.callee.args) : [];
    for (const [index, operand] of term.args.entries()) {
      if (!isMutable(mir, operand) || forced.includes(index)) continue;
      const root = rootOfOperand(mir, operand, [{ k: "deref" }]);
      if (root?.k === "static" && root.place.def === def) return true;
    }
  }
  return false;
}

function isMutable(mir: Mir, operand: Operand): boolean {
  if (operand.k === "const") return false;
  const ty = mir.locals[operand.place.local]?.ty;
  return (ty?.k === "ref" || ty?.k === "ptr") && ty.mut;
}
