/**
 * Who calls a function, anywhere in the program: by name as text first, then by what the call resolves to.
 *
 * Calls through a trait member count for every implementation that the type called on allows; what is called without being named (drops,
 * operators, dereferences) is open, and so is a function whose address is taken (passed on as a
 * value), because whoever holds the value may call it; so is what is effectively public in a library that is a
 * root of the program.
 */

import type { Span } from "../base/span.ts";
import type { CrateId } from "../crates/crate-graph.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import { type Bodies, bodyId } from "./bodies.ts";
import { type BodyEntry, bodiesPass, functionsIn } from "./body-index.ts";
import { callShape } from "./call-shape.ts";
import type { CallSite, CallSites, ValueSite } from "./call-site.ts";
import { callsOfClosure } from "./closure-calls.ts";
import type { BodyKey } from "./mir.ts";
import { namesOf } from "./other-names.ts";
import { holdersOfType, inherentOwner, type TypeHolders } from "./type-holders.ts";
import { isOpaque } from "./value-types.ts";

const memo = new WeakMap<Bodies, Map<string, CallSites>>();
const byName = new WeakMap<Bodies, Map<DefId, readonly (readonly DefId[])[]>>();

/** All calls of a body that the program shows, and whether others are possible. */
export function callSitesOf(bodies: Bodies, target: BodyKey): CallSites {
  let known = memo.get(bodies);
  if (known === undefined) {
    known = new Map();
    memo.set(bodies, known);
  }
  const id = bodyId(target);
  let sites = known.get(id);
  if (sites === undefined) {
    known.set(id, { calls: [], open: true, lost: false });
    sites = target.closure === null ? ofFunction(bodies, target.def) : callsOfClosure(bodies, target);
    known.set(id, sites);
  }
  return sites;
}

/** Does generic code of a rule pack call it on what the program handed over? */
export function fromGenericPack({ names }: Bodies, { body, onParameter }: CallSite): boolean {
  return onParameter && names.isPackCrate(names.def(body.def).crate);
}

/** Bodies that would have to be looked at for the callers of a function. */
const MANY_BODIES = 40;

/** More than these are not looked at for one value: it would be any of more values than are told apart. */
const MOST_BODIES = 500;

/** Do so many bodies name the function, of those that can call it, that asking them all is not worth it while there is another way, or at all? */
export function callerCount(bodies: Bodies, { def, closure }: BodyKey): "few" | "many" | "too-many" {
  if (closure !== null) return "few";
  const lists = callersByName(bodies, def, implemented(bodies, def));
  const count = sum(lists.map((one) => one.length));
  return count > MOST_BODIES ? "too-many" : count > MANY_BODIES ? "many" : "few";
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, one) => all + one, 0);
}

function ofFunction(bodies: Bodies, target: DefId): CallSites {
  const { names } = bodies;
  const def = names.def(target);
  const member = implemented(bodies, target);
  const calls: CallSite[] = [];
  const values: ValueSite[] = [];
  const offered =
    isRootApi(bodies, target) || (member !== null && !names.isPackCrate(def.crate) && isUnnamed(bodies, member));
  let lost = false;
  for (const ids of callersByName(bodies, target, member)) {
    for (const id of ids) {
      if (!bodiesPass(bodies, id, (callees) => mayCall(callees, target, member, def.name))) continue;
      for (const body of bodies.withClosures(id)) {
        const mir = bodies.mir(body);
        for (const [block, one] of (mir?.blocks ?? []).entries()) {
          const { term } = one;
          if (
            term.k === "call" &&
            term.callee.k === "def" &&
            (term.callee.def === target ||
              (term.callee.def === member && maySelect(bodies, target, term.callee.args[0])))
          ) {
            calls.push({
              body,
              block,
              args: term.args,
              onParameter: term.callee.def === member && isParameter(term.callee.args[0]),
            });
          }
          for (const { def: used, args } of functionsIn(one)) if (used === target) values.push({ body, args });
          if (term.k === "call" && term.callee.k === "unresolved" && term.callee.text.includes(def.name)) lost = true;
        }
      }
    }
  }
  const open = offered || values.length > 0;
  // Only where nothing else is known of its callers: what a macro writes beside calls that are seen is not looked for.
  if (calls.length === 0 && !open) lost ||= names.writtenByMacros(def.name, bodies.cratesThatSee(member ?? target));
  return { calls, open, values, offered, lost };
}

function mayCall({ defs, unresolved }: BodyEntry, target: DefId, member: DefId | null, name: string): boolean {
  return defs.has(target) || (member !== null && defs.has(member)) || unresolved.some((text) => text.includes(name));
}

/** In so many crates, and where they are no more than these, bodies that name the function are looked at as they are. */
const FEW_CRATES = 2;
const FEW_BODIES = 20;

/** Bodies that name the function, crate by crate; where they are many, those of them that can call it. */
function callersByName(bodies: Bodies, target: DefId, member: DefId | null): readonly (readonly DefId[])[] {
  const known = byName.get(bodies) ?? new Map<DefId, readonly (readonly DefId[])[]>();
  byName.set(bodies, known);
  let lists = known.get(target);
  if (lists === undefined) {
    lists = findByName(bodies, target, member);
    known.set(target, lists);
  }
  return lists;
}

function findByName(bodies: Bodies, target: DefId, member: DefId | null): readonly (readonly DefId[])[] {
  const { names } = bodies;
  const called = namesOf(bodies, target);
  const shape = callShape(names, target);
  const crates = bodies.cratesThatSee(member ?? target);
  const naming = crates.filter((crate) =>
    names.mayMention(crate, [...called, ...names.macrosMentioning(called, crate)]),
  );
  const isFew =
    naming.length <= FEW_CRATES && sum(naming.map((one) => bodies.mentioning(one, called, shape).length)) <= FEW_BODIES;
  const holders = member === null && !isFew ? holdersOf(bodies, target, crates) : null;
  const meant = holders === null ? shape : callShape(names, target, holders.types);
  return naming.flatMap((crate) => {
    if (holders?.mayBeIn(crate) === false) return [];
    const list = bodies.mentioning(crate, called, meant);
    return [holders === null || list.length === 0 ? list : holders.among(crate, list)];
  });
}

/** Who can call an inherent function of a type; null for all others. */
function holdersOf(bodies: Bodies, target: DefId, crates: readonly CrateId[]): TypeHolders | null {
  const owner = inherentOwner(bodies.types, target);
  const { item } = bodies.names.def(target);
  if (owner === null || item?.k !== "fn") return null;
  return holdersOfType(bodies, owner, crates, item.selfParam === null ? "name" : "value");
}

/** The trait's member that an impl's function, or constant, implements. */
export function implemented(bodies: Bodies, target: DefId): DefId | null {
  const { names, types } = bodies;
  const def = names.def(target);
  if (def.parent === null || names.def(def.parent).kind !== "impl") return null;
  const trait = types.implTraitRef(def.parent)?.trait;
  if (trait === undefined) return null;
  return (
    names.def(trait).children.find((one) => names.def(one).name === def.name && names.def(one).kind === def.kind) ??
    null
  );
}

/** May a call of the trait's member on this type run the impl's function? */
function maySelect({ names, types }: Bodies, target: DefId, self: Ty | undefined): boolean {
  const { parent } = names.def(target);
  if (parent === null || self === undefined) return true;
  const own = types.implSelfTy(parent);
  if (isOpaque(own) || isOpaque(self)) return true;
  return own.k === "adt" && self.k === "adt" ? own.def === self.def : own.k === self.k;
}

function isParameter(self: Ty | undefined): boolean {
  return self !== undefined && isOpaque(self);
}

/** Is it called where no text of the program names it: a member of a trait of std, which std's own code calls (an operator, a drop, `collect`, `into`)? */
function isUnnamed({ names }: Bodies, member: DefId): boolean {
  return names.isPackCrate(names.def(member).crate);
}

/** Where a static stands that code outside the program may set: what links to it, or has it as its library; null for all others. */
export function setElsewhere(bodies: Bodies, def: DefId): Span | null {
  const { attrs, item } = bodies.names.def(def);
  const isLinked = attrs.some(({ path }) => path === "no_mangle" || path === "export_name");
  return item !== null && (isLinked || isRootApi(bodies, def)) ? item.span : null;
}

/** Could code outside the program name it? Only where its crate is what the program ships as a library, or that offers it as its own. */
function isRootApi(bodies: Bodies, target: DefId): boolean {
  const { names } = bodies;
  const { roots } = names.program;
  const node = names.crateNode(names.def(target).crate);
  if (node === null || node.kind === "bin" || !names.withinReach(target)) return false;
  return roots.includes(node.id) || roots.some((root) => names.reExports(root, target));
}
