/**
 * Bodies that a call may run where the body that calls does not say which: it calls a value, or a trait's method on an object or on a type that its
 * own callers choose.
 *
 * Input: a question about values, and such a call. Output: each body as the call enters it, with the local that the first argument is; open where there may be
 * others. Of a trait's method all impls that the program has count, unless the call's context says the type. Bodies of rule packs are none: what they
 * do is said by what they give back.
 */
import type { CrateId } from "../crates/crate-graph.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import type { Bodies } from "./bodies.ts";
import { hasUsers } from "./called-from.ts";
import { declaredInBody } from "./declared-in-body.ts";
import { type BodyInContext, entered, memberIn, typesIn } from "./flow-context.ts";
import type { Query } from "./flow-query.ts";
import { anywhere } from "./inner-types.ts";
import type { Operand, Terminator } from "./mir.ts";
import { instancesOfType } from "./type-instances.ts";
import { calledValues, enteredClosure } from "./value-flow-calls.ts";
import { isOpaque, operandTy } from "./value-types.ts";

export interface Chosen {
  readonly bodies: readonly { readonly body: BodyInContext; readonly first: number }[];
  /** A function of a rule pack is among what may run: whatever it is given beside the reference may stay there. */
  readonly ofPack: boolean;
  readonly open: boolean;
}

/** More impls than these are not looked into for one call. */
const MOST_IMPLS = 32;

/** The bodies that the call may run; `given`: the arguments that hold the reference. */
export function chosenBodies(
  query: Query,
  body: BodyInContext,
  term: Terminator & { readonly k: "call" },
  given: readonly number[],
): Chosen {
  const { types, names } = query.bodies;
  const { callee } = term;
  const isRead = (def: DefId): boolean =>
    names.def(def).packEntry === null && query.bodies.mir({ def, closure: null }) !== null;
  const enter = (def: DefId, args: readonly Ty[] | null): Chosen["bodies"] => {
    return isRead(def) ? [{ body: entered({ def, closure: null }, body, term, args), first: 1 }] : [];
  };
  if (callee.k === "value") {
    // What one run of the body was given to call is not told as a body: all callers are asked.
    const ty = operandTyIn(query, body, callee.operand);
    if (ty?.k === "closure") {
      const target = { def: ty.body, closure: ty.closure };
      return { bodies: [{ body: entered(target, body, term, ty.args), first: 2 }], ofPack: false, open: false };
    }
    const asked: BodyInContext = body.own === true ? { def: body.def, closure: body.closure } : body;
    const { called, open } = calledValues(query, asked, callee, { lent: "called", filled: true, coarse: true });
    const bodies = called.flatMap(({ ty, from }): Chosen["bodies"] => {
      if (ty.k === "closure") return [{ body: enteredClosure(query, from, ty, asked, term), first: 2 }];
      const member = memberIn(types, from, ty.def, ty.args);
      return member === null ? [] : enter(member.def, member.args);
    });
    const ofPack = called.some(({ ty }) => ty.k === "fn-def" && names.isPackCrate(names.def(ty.def).crate));
    return { bodies, ofPack, open };
  }
  if (callee.k !== "def") return { bodies: [], ofPack: false, open: true };
  const none = { bodies: [], ofPack: mayKeep(query.bodies, callee.def, given) };
  const [self] = typesIn(types, body, callee.args);
  if (self !== undefined && !isOpaque(self)) {
    const member = memberIn(types, body, callee.def, callee.args);
    if (member !== null) return { ...none, bodies: enter(member.def, member.args), open: false };
  }
  const all = implementations(query.bodies, callee.def);
  if (all.length > MOST_IMPLS) return { ...none, open: true };
  // Without its caller: else each would be looked into once for each way to the call.
  const bodies = all.filter(isRead).map((def) => ({ body: { def, closure: null }, first: 1 }));
  return { ...none, bodies, open: false };
}

/** The bodies that may say what a constant is here: a trait's is the type's own, all impls' and its default where the type is the caller's to choose. */
export function chosenConstants(
  query: Query,
  body: BodyInContext,
  { def, args }: { readonly def: DefId; readonly args: readonly Ty[] },
): { readonly defs: readonly DefId[]; readonly open: boolean } {
  const { names, types } = query.bodies;
  const { parent } = names.def(def);
  if (parent === null || names.def(parent).kind !== "trait") {
    const others = names.alternativesOf(def, body.def).defs.filter((one) => names.def(one).kind === "const");
    return { defs: [def, ...others], open: false };
  }
  const own = types.tupleOf(typesIn(types, body, args));
  const defs = new Set<DefId | null>();
  for (const one of instancesOfType(query.bodies, [body], own)) {
    const isKnown = one.k === "tuple" && one.elems[0] !== undefined && !isOpaque(one.elems[0]);
    defs.add(isKnown ? types.resolveMember(def, one.elems).def : null);
  }
  if (!defs.has(null)) return { defs: [...defs].filter((one) => one !== null), open: false };
  // For any type of the program, and where others may use it for a type of theirs too.
  const all = implementations(query.bodies, def);
  const read = all.filter((one) => query.bodies.mir({ def: one, closure: null }) !== null);
  if (all.length > MOST_IMPLS) return { defs: [], open: true };
  return { defs: read, open: hasUsers(query.bodies) };
}

/** A function with its arguments. */
export interface Member {
  readonly def: DefId;
  readonly args: readonly Ty[];
}

/** The members that a trait's method may be for the types which the body's callers choose; open where there may be others. */
export function chosenMembers(
  query: Query,
  body: BodyInContext,
  { def, args }: Member,
): { readonly members: readonly Member[]; readonly open: boolean } {
  const { names, types } = query.bodies;
  const { parent } = names.def(def);
  if (parent === null || names.def(parent).kind !== "trait") return { members: [], open: true };
  const own = types.tupleOf(typesIn(types, body, args));
  const members = new Map<string, Member>();
  let open = false;
  for (const one of instancesOfType(query.bodies, [body], own)) {
    const found = one.k === "tuple" && one !== own ? types.resolveMember(def, one.elems) : null;
    if (found === null || found.def === null) open = true;
    else members.set(`${found.def}|${found.args.map((arg) => arg.id).join()}`, { def: found.def, args: found.args });
  }
  return { members: [...members.values()], open };
}

/**
 * May an impl in a rule pack put what it is given beside these arguments behind them? Where their type is the impl's own, or one of its: a
 * `Context` or a `Formatter` has no room for them.
 */
function mayKeep({ names, types }: Bodies, method: DefId, given: readonly number[]): boolean {
  if (!names.isPackCrate(names.def(method).crate)) return false;
  const { params } = types.fnSig(method);
  return given.some((index) => anywhere(types, params[index] ?? types.unknown("not-inferred"), isOpaque));
}

/** The type of an operand, as the body's context says it. */
export function operandTyIn(query: Query, body: BodyInContext, operand: Operand): Ty | null {
  const mir = query.bodies.mir(body);
  const ty = mir === null ? null : operandTy(mir, operand);
  return ty === null ? null : (typesIn(query.bodies.types, body, [ty])[0] ?? null);
}

const memo = new WeakMap<Bodies, Map<DefId, readonly DefId[]>>();

/** What a trait's method or constant is in impls of the program, and in the trait itself. */
function implementations(bodies: Bodies, method: DefId): readonly DefId[] {
  const known = memo.get(bodies) ?? new Map<DefId, readonly DefId[]>();
  memo.set(bodies, known);
  let found = known.get(method);
  if (found === undefined) {
    found = [method, ...inImpls(bodies, method)];
    known.set(method, found);
  }
  return found;
}

function inImpls(bodies: Bodies, method: DefId): readonly DefId[] {
  const { names, types } = bodies;
  const { parent: trait, name, kind } = names.def(method);
  if (trait === null) return [];
  const word = names.def(trait).name;
  const crates = bodies.cratesThatSee(trait);
  const membersOf = (impls: readonly DefId[]): DefId[] =>
    impls.flatMap((impl) => {
      if (types.implTraitRef(impl)?.trait !== trait) return [];
      return names.def(impl).children.filter((one) => names.def(one).name === name && names.def(one).kind === kind);
    });
  const outside = membersOf(crates.flatMap((crate) => names.implsOf(crate, word)));
  // Bodies are not asked where there are too many already.
  if (outside.length > MOST_IMPLS) return outside;
  const inside = membersOf([...new Set(crates.flatMap((crate) => declaredImpls(bodies, crate, word)))]);
  return [...outside.filter((one) => !inside.includes(one)), ...inside];
}

/** Impls in bodies that name the trait. */
function declaredImpls(bodies: Bodies, crate: CrateId, trait: string): readonly DefId[] {
  const { names } = bodies;
  return bodies
    .mentioning(crate, [trait])
    .flatMap((id) => declaredInBody(names, id).filter((one) => names.def(one).kind === "impl"));
}
