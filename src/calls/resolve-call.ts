/**
 * Where a call of a definition goes: a body, a pack's model, a C symbol, or unresolved with a reason.
 *
 * Members of traits are dispatched on the concrete types. Constructors and futures run nothing. A pack's facts stand for the
 * body unless they bring one themselves; a pack function without facts is a blind spot.
 */
import { pushAll } from "../base/push-all.ts";
import type { Certainty, Via } from "../model/vocabulary.ts";
import type { DefId } from "../names/defs.ts";
import type { Selection } from "../types/api.ts";
import { ASYNC_BLOCK, ASYNC_FN, HAS_UNKNOWN } from "../types/intern.ts";
import { isModelled } from "../types/modelled.ts";
import type { Ty } from "../types/ty.ts";
import { cellOf } from "./cell-of.ts";
import { constantsFor } from "./fold.ts";
import type { Instance } from "./instances.ts";
import type { Known } from "./known.ts";
import type { Operand } from "./mir.ts";
import { externCall } from "./resolve-extern.ts";
import { objectCall } from "./resolve-object.ts";
import { derefOf } from "./resolve-places.ts";
import { leftBehind } from "./resolve-used-up.ts";
import { isCallTrait, resolveCallable, spread } from "./resolve-value.ts";
import { both, lost, NOTHING, type Resolved, runs, type Target } from "./resolved.ts";
import { canHold, type Facts, factsFor, mayCall, unknownOf, type World } from "./world.ts";

/** A call as seen from the instance that makes it. */
export interface Call {
  readonly world: World;
  readonly instance: Instance;
  /** Knowledge and concrete types of the arguments. */
  readonly known: readonly (Known | null)[];
  readonly tys: readonly Ty[];
  readonly ret: Ty;
  readonly via: Via;
  /** The callee, or the receiver, as written; null where there is none to follow. */
  readonly operand: Operand | null;
  /** The arguments as written; null where they are put together otherwise. */
  readonly args: readonly Operand[] | null;
}

const MAX_DEPTH = 12;

/** `def` with concrete full generics is called. */
export function resolveCall(call: Call, def: DefId, args: readonly Ty[], depth = 0): Resolved {
  const { world } = call;
  const { names, types } = world;
  if (depth > MAX_DEPTH) return lost("limit", names.pathOf(def));
  const info = names.def(def);
  if (info.kind === "struct" || info.kind === "variant") return NOTHING;
  const trait = info.parent !== null && names.def(info.parent).kind === "trait" ? info.parent : null;
  if (trait === null) return direct(call, def, args, "exact", call.via);
  const [self] = args;
  if (self !== undefined && isCallTrait(world, trait) && !implementsCalls(world, self)) {
    const value = derefSelf(call, self);
    const resolved = resolveCallable(spread(call), self, value, depth + 1);
    return names.def(trait).lang === "fn_once" ? both(resolved, leftBehind(world, self, value)) : resolved;
  }
  const found = types.resolveMember(def, args);
  const via: Via = call.via === "call" || call.via === "method" ? "trait" : call.via;
  const chosen =
    found.def === null
      ? builtin(call, def, args, found.selection)
      : direct(call, found.def, found.args, certaintyOf(found.selection), via);
  return otherTraits(call, def, args, via).reduce(both, chosen);
}

/** The member of each trait that may be compiled in place of the one that is named, where the type implements that one too. */
function otherTraits(call: Call, member: DefId, args: readonly Ty[], via: Via): readonly Resolved[] {
  const { names, types } = call.world;
  return names.alternativesOf(member, placeOf(call)).defs.flatMap((other) => {
    const { kind, parent } = names.def(other);
    if (kind !== "fn" || parent === null || names.def(parent).kind !== "trait") return [];
    if (types.genericsOf(other).params.length !== args.length) return [lost("build-output", names.pathOf(other))];
    const found = types.resolveMember(other, args);
    if (found.def !== null) return [direct(call, found.def, found.args, "assumed-cfg", via)];
    return found.selection.k === "ambiguous" ? [lost("build-output", names.pathOf(other))] : [];
  });
}

/** A type of the standard library with an impl of the Fn traits; a box is looked through instead. */
function implementsCalls(world: World, self: Ty): boolean {
  return self.k === "adt" && world.names.def(self.def).lang !== "owned_box";
}

/** The receiver's own value where it is passed by reference: `Fn::call(&f, ..)`. */
function derefSelf(call: Call, self: Ty): Known | null {
  const [known] = call.known;
  const [ty] = call.tys;
  const behind = ty !== undefined && ty !== self && (ty.k === "ref" || ty.k === "ptr") && ty.inner === self;
  return behind ? derefOf(call.world, known ?? null) : (known ?? null);
}

function certaintyOf(selection: Selection): Certainty {
  return selection.k === "impl" && selection.assumed ? "by-type" : "exact";
}

function builtin(call: Call, member: DefId, args: readonly Ty[], selection: Selection): Resolved {
  const { world } = call;
  const [self] = args;
  const text = textOf(world, member, args);
  if (self?.k === "dyn") return objectCall(call, member, self, args);
  if (selection.k === "builtin") {
    if (selection.what === "clone" && self !== undefined) {
      // `clone_from` of what the compiler clones is what the trait says: a clone is put in place of the value. An array has one of its own.
      const { name } = world.names.def(member);
      if (name === "clone_from" && self.k !== "array") return direct(call, member, args, "exact", call.via);
      return cloneParts(call, member, self);
    }
    if (selection.what === "future" && self?.k === "opaque") return pollBody(call, self, text);
    if (selection.what === "copy" || selection.what === "auto" || selection.what === "sized") return NOTHING;
    return lost("unknown-type", text);
  }
  const candidates = selection.k === "ambiguous" ? selection.candidates : [];
  const known = args.every((ty) => (ty.flags & HAS_UNKNOWN) === 0);
  const ofPacks =
    self !== undefined && isModelled(world.names, self) && world.names.isPackCrate(world.names.def(member).crate);
  const reason = known && ofPacks && selection.k === "none" ? "no-model" : "unknown-type";
  const members = candidates.flatMap((impl) => {
    const own = world.names
      .def(impl)
      .children.find((one) => world.names.def(one).name === world.names.def(member).name);
    return own === undefined ? [] : [{ def: own, certainty: "all-impls" as const }];
  });
  return { ...lost(reason, text), candidates: members };
}

/** `(a, b).clone()` clones each part; a function pointer's gives back the pointer. */
function cloneParts(call: Call, member: DefId, self: Ty): Resolved {
  const { types } = call.world;
  const parts: Ty[] = [];
  if (self.k === "tuple") pushAll(parts, self.elems);
  else if (self.k === "array") parts.push(self.inner);
  else if (self.k === "closure") {
    const captures = types.bodyFacts(self.body)?.closure(self.closure).captures ?? [];
    for (const one of captures)
      if (one.mode === "move") parts.push(types.normalize(types.subst(one.ty, self.args), [], true));
  }
  let sum = NOTHING;
  for (const part of new Set(parts)) {
    if (types.isCopy(part, [])) continue;
    sum = both(
      sum,
      resolveCall({ ...call, known: [], tys: [types.refTo(part, false)], ret: part, args: null }, member, [part], 1),
    );
  }
  return { ...sum, gives: derefSelf(call, self) };
}

/** Polling the future of an `async fn`, block or closure runs its body. */
function pollBody(call: Call, self: Ty & { k: "opaque" }, text: string): Resolved {
  const key = { def: self.def, closure: self.index >= ASYNC_BLOCK ? self.index : null };
  if (self.index < ASYNC_FN || call.world.bodies.mir(key) === null) return lost("unknown-type", text);
  return runs([
    {
      instance: call.world.instances.body(key, self.args, []),
      via: "await",
      certainty: "exact",
      conditions: [],
      cell: null,
      // `poll` gives `Poll<T>`, the body T.
      ...(call.via === "await" ? {} : { result: null }),
    },
  ]);
}

/** The function is known, and so are those that may be compiled in its place. */
function direct(call: Call, def: DefId, args: readonly Ty[], certainty: Certainty, via: Via): Resolved {
  const { names, types } = call.world;
  const { defs, unseen } = names.alternativesOf(def, placeOf(call));
  // Of several nobody knows which is compiled, whichever was found first.
  const isOneOf = defs.length + unseen.length > 0 && certainty !== "all-impls" && certainty !== "by-name";
  let sum = directOne(call, def, args, isOneOf ? "assumed-cfg" : certainty, via);
  for (const other of defs) {
    if (names.def(other).kind !== "fn") continue;
    // A closure's type has its function's own parameters for arguments.
    const own = types.closureTy(other, 0);
    const fits = own.k === "closure" && own.args.length === args.length;
    sum = both(
      sum,
      fits ? directOne(call, other, args, "assumed-cfg", via) : lost("build-output", names.pathOf(other)),
    );
  }
  return unseen.length === 0 ? sum : both(sum, lost("build-output", unseen.map((one) => names.pathOf(one)).join(", ")));
}

/** Where a call names its callee; null where it has got a value from somewhere. */
function placeOf({ instance, via }: Call): DefId | null {
  const isValue = via === "callback" || via === "fn-pointer" || via === "closure";
  return instance.what.k === "body" && !isValue ? instance.what.key.def : null;
}

/** One of them. */
function directOne(call: Call, def: DefId, args: readonly Ty[], certainty: Certainty, via: Via): Resolved {
  const { world } = call;
  const info = world.names.def(def);
  if (info.foreign !== null) return externCall(call, def, info.foreign.symbol);
  const facts = factsFor(world, def);
  const level: Certainty = info.assumedCfg ? "assumed-cfg" : certainty;
  if (facts === null && world.types.fnSig(def).async) return NOTHING;
  const key = { def, closure: null };
  // Facts about a function of the program that name no effects stand beside its source, not for it.
  const written = !world.names.isPackCrate(info.crate) && facts?.effects === undefined;
  const followed = facts === null || facts.body !== undefined || written;
  if (followed && world.bodies.mir(key) !== null) {
    const passed = constantsFor(world, call.instance, key, call.args);
    const instance = world.instances.body(key, args, contextFor(call), passed);
    return runs([{ instance, via, certainty: level, ...enteredUnder(call, facts) }]);
  }
  if (facts === null)
    return lost(world.names.isPackCrate(info.crate) ? "no-model" : "parse-error", world.names.pathOf(def));
  const target = modelTarget(call, def, args, facts, via, level);
  return facts.effects === undefined
    ? lost("no-model", world.names.pathOf(def), isEmpty(facts) ? [] : [target])
    : runs([target]);
}

function isEmpty(facts: Facts): boolean {
  return facts.invokes === undefined && facts.calls === undefined && facts.drops === undefined;
}

/** What is known of the arguments, but only where their types can hold anything that decides calls. */
export function contextFor(call: Call): readonly (Known | null)[] {
  const { world } = call;
  return call.known.map((one, index) => {
    const ty = call.tys[index];
    if (ty === undefined) return one;
    // What the type says by itself is no context.
    if (!canHold(world, ty) || one === world.knowns.inert) return null;
    return one === world.knowns.nothing && !mayCall(world, ty) ? null : one;
  });
}

function modelTarget(
  call: Call,
  def: DefId,
  args: readonly Ty[],
  facts: Facts,
  via: Via,
  certainty: Certainty,
): Target {
  const { world } = call;
  const wanted = new Set((facts.invokes ?? []).map((one) => one.arg));
  // What is dropped belongs to the receiver.
  if (facts.drops !== undefined) wanted.add(0);
  const context = contextFor(call).map((one, index) => (wanted.has(index) ? one : null));
  const instance = world.instances.model(def, args, context);
  const level: Certainty = certainty === "exact" ? "model" : certainty;
  return { instance, via, certainty: level, ...enteredUnder(call, facts), result: modelResult(call, facts) };
}

/** The condition under which a function runs at all, and the cell that decides it. */
function enteredUnder(call: Call, facts: Facts | null): Pick<Target, "conditions" | "cell"> {
  const entered = facts?.entered;
  if (entered === undefined) return { conditions: [], cell: null };
  return {
    conditions: [entered.when],
    cell: cellOf(call.world.types, call.known[entered.cell] ?? null, call.tys[entered.cell]),
  };
}

/** What a modelled function gives back: the argument its facts name, else something made of its arguments. */
function modelResult(call: Call, facts: Facts): Known | null {
  const { world, ret } = call;
  const { knowns } = world;
  if (!canHold(world, ret)) return knowns.nothing;
  if (facts.returnsArg !== undefined) {
    const known = call.known[facts.returnsArg] ?? null;
    const ty = call.tys[facts.returnsArg];
    if (ty === undefined || ty === ret) return known;
    // A number that is taken for a pointer may lead anywhere.
    if (known === knowns.nothing && !canHold(world, ty)) return unknownOf(world, ret);
    if (ret.k === "adt" && ret.args[0] === ty) return knowns.ref(known);
    if ((ty.k === "ref" || ty.k === "ptr") && ty.inner === ret) return derefOf(world, known);
    // A pointer to an array is taken for one to its first element: steps from it lead elsewhere.
    return holdsArray(ty) ? knowns.madeOf([known]) : known;
  }
  const passed = call.known.flatMap((known, index) => passedOn(call, known, call.tys[index]));
  if (passed.length > 0) return knowns.joinAll(passed);
  const pieces = call.known.filter((_, index) => {
    const ty = call.tys[index];
    return ty === undefined || canHold(world, ty);
  });
  if (pieces.length === 0) {
    return ret.k === "adt" && world.names.def(ret.def).lang !== "owned_box" ? knowns.nothing : unknownOf(world, ret);
  }
  return knowns.madeOf(pieces);
}

function holdsArray(ty: Ty): boolean {
  if (ty.k === "ref" || ty.k === "ptr") return holdsArray(ty.inner);
  if (ty.k === "adt") return ty.args.some(holdsArray);
  return ty.k === "array" || ty.k === "slice" || (ty.k === "tuple" && ty.elems.some(holdsArray));
}

/** An argument of the result's own type, or a pointer to that: a generic function has its result from there. */
function passedOn(call: Call, known: Known | null, ty: Ty | undefined): (Known | null)[] {
  const { world, ret } = call;
  if (ty === undefined) return [];
  if (ty === ret) return [known];
  if (ty.k !== "ref" && ty.k !== "ptr") return [];
  if (ty.inner === ret) return [derefOf(world, known)];
  return (ret.k === "ref" || ret.k === "ptr") && ret.inner === ty.inner ? [known] : [];
}

function textOf(world: World, member: DefId, args: readonly Ty[]): string {
  const { names, types } = world;
  const info = names.def(member);
  const [self] = args;
  const trait = info.parent === null ? "?" : names.def(info.parent).name;
  return `<${self === undefined ? "?" : types.print(self)} as ${trait}>::${info.name}`;
}
