/**
 * Calls through trait objects: `dyn Trait` methods and `dyn Fn` values.
 *
 * What is known of the pointer, then whole-program flow, give the concrete types; where neither is complete the graph adds
 * the types that reachable code makes into such objects (see `Dynamic`).
 */
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import { isOpen } from "./flow-model.ts";
import type { Known } from "./known.ts";
import { fromFlow } from "./known-of-flow.ts";
import { type Call, contextFor, resolveCall } from "./resolve-call.ts";
import { ofField } from "./resolve-field.ts";
import { followed } from "./resolve-followed.ts";
import { callablesIn } from "./resolve-places.ts";
import { leftBehind } from "./resolve-used-up.ts";
import { isCallTrait, resolveCallable, signatureOf } from "./resolve-value.ts";
import { both, type Dynamic, NOTHING, type Resolved, runs } from "./resolved.ts";

import type { World } from "./world.ts";

/** A type of object, with what is known of it. */
interface Candidate {
  readonly ty: Ty;
  readonly inner: Known | null;
}

/** `member` of a trait is called on a trait object; the first argument is the pointer to it. */
export function objectCall(call: Call, member: DefId, object: Ty & { k: "dyn" }, args: readonly Ty[]): Resolved {
  const { world } = call;
  const trait = world.names.def(member).parent;
  const everyone = trait === null ? null : ofEveryType(world, trait, member);
  if (everyone !== null) return resolveCall(call, everyone, [object], 1);
  const { candidates, complete } = objectsOf(call, call.known[0] ?? null, (ty) => {
    return (
      trait === null ||
      world.types.implements(
        { trait, args: [ty, ...args.slice(1, world.types.genericsOf(trait).params.length)] },
        [],
      ) !== "no"
    );
  });
  const rest = contextFor(call).slice(1);
  if (!complete)
    return runs(
      [],
      [{ member, object, args, context: rest, via: "dyn", known: candidates.map((one) => one.ty), complete }],
    );
  let sum = NOTHING;
  for (const one of candidates) sum = both(sum, memberOn(call, member, args, one, rest));
  return sum;
}

/**
 * The member of an impl for every type (`impl<T: ?Sized> Any for T`): there can be no other impl, so that it runs whatever the object is.
 * Null where the trait has none, or only for types that other traits choose.
 */
function ofEveryType(world: World, trait: DefId, member: DefId): DefId | null {
  const { types } = world;
  if (types.genericsOf(trait).params.length > 1 || types.genericsOf(member).params.length > 1) return null;
  // Every type is as good as another to ask with.
  const found = types.resolveMember(member, [types.tupleOf([])]);
  if (found.def === null || found.selection.k !== "impl") return null;
  const { impl } = found.selection;
  const { params, predicates } = types.genericsOf(impl);
  const isEvery = types.implSelfTy(impl).k === "param" && params.length === 1 && predicates.length === 0;
  return isEvery && world.names.def(found.def).parent === impl ? found.def : null;
}

/** A `dyn Fn` behind a pointer is called. */
export function objectCallable(call: Call, object: Ty & { k: "dyn" }, known: Known | null): Resolved {
  const { world } = call;
  const tuple = object.traits.find((one) => isCallTrait(world, one.trait))?.args[0];
  const count = tuple?.k === "tuple" ? tuple.elems.length : null;
  const { candidates, complete } = objectsOf(
    call,
    known,
    (ty) => isCallableAs(world, ty, object) && takesSoMany(world, ty, count),
  );
  if (!complete) {
    const member = callMember(world, object);
    const args =
      member === null
        ? [object]
        : [object, ...(object.traits.find((one) => isCallTrait(world, one.trait))?.args ?? [])];
    return runs(
      [],
      [
        {
          member,
          object,
          args,
          context: contextFor(call),
          via: viaOf(call),
          known: candidates.map((one) => one.ty),
          complete,
        },
      ],
    );
  }
  const isUsedUp = object.traits.some((one) => isCalledOnce(world, one.trait));
  let sum = NOTHING;
  for (const one of candidates) {
    const called = resolveCallable({ ...call, via: viaOf(call), operand: null, args: null }, one.ty, one.inner, 1);
    sum = both(sum, asByType(isUsedUp ? both(called, leftBehind(world, one.ty, one.inner)) : called));
  }
  return sum;
}

/** What a dynamic call does on one type. */
export function dynamicOn(call: Call, dynamic: Dynamic, ty: Ty): Resolved {
  const { world } = call;
  const { member } = dynamic;
  if (member === null) return NOTHING;
  const trait = world.names.def(member).parent;
  if (trait !== null && isCallTrait(world, trait)) {
    if (!canBeCalled(ty)) return NOTHING;
    const tuple = dynamic.args[1];
    const tys = tuple?.k === "tuple" ? tuple.elems : [];
    const each = { ...call, known: dynamic.context, tys, via: dynamic.via, operand: null, args: null };
    const called = resolveCallable(each, ty, null, 1);
    return asByType(isCalledOnce(world, trait) ? both(called, leftBehind(world, ty, null)) : called);
  }
  return memberOn(call, member, dynamic.args, { ty, inner: null }, dynamic.context);
}

function memberOn(
  call: Call,
  member: DefId,
  args: readonly Ty[],
  one: Candidate,
  rest: readonly (Known | null)[],
): Resolved {
  const { world } = call;
  const self = world.types.refTo(one.ty, true);
  const known = [world.knowns.ref(one.inner), ...rest];
  const tys = [self, ...call.tys.slice(1)];
  return asByType(
    resolveCall({ ...call, known, tys, via: "dyn", operand: null, args: null }, member, [one.ty, ...args.slice(1)], 1),
  );
}

function objectsOf(
  call: Call,
  known: Known | null,
  fits: (ty: Ty) => boolean,
): { readonly candidates: readonly Candidate[]; readonly complete: boolean } {
  const { world } = call;
  const found = callablesIn(world, known);
  const candidates = new Map<string, Candidate>();
  for (const one of found.objects)
    if (fits(one.ty)) candidates.set(`${one.ty.id}:${one.inner?.id}`, { ty: one.ty, inner: one.inner });
  for (const ty of found.callables) if (fits(ty)) candidates.set(`${ty.id}:`, { ty, inner: null });
  let complete = !found.open && candidates.size > 0;
  if (!complete && call.operand !== null) {
    const flow = followed(world, call.instance, call.operand);
    complete = !isOpen(world.types, flow.open);
    let isTold = false;
    for (const one of [...flow.known, ...flow.values.map((value) => fromFlow(world, value, 0))]) {
      const held = callablesIn(world, one);
      for (const ty of [...held.objects.map((one) => one.ty), ...held.callables]) {
        if (!fits(ty)) continue;
        candidates.set(`${ty.id}:undefined`, { ty, inner: null });
        isTold = true;
      }
      if (held.open) complete = false;
    }
    // What leads to nothing at all says nothing of what else may be there.
    if (!isTold) complete = false;
    const seen = { items: new Set([...candidates.values()].map(({ ty }) => ty)), open: !complete };
    const stored = [...(ofField(world, call.instance, call.operand, seen) ?? [])].filter(fits);
    if (stored.length > 0) return { candidates: stored.map((ty) => ({ ty, inner: null })), complete: true };
  }
  return { candidates: [...candidates.values()], complete };
}

/** What is called through `dyn FnOnce` is used up. */
function isCalledOnce({ names }: World, trait: DefId): boolean {
  return names.def(trait).lang === "fn_once";
}

function canBeCalled(ty: Ty): boolean {
  return ty.k === "closure" || ty.k === "fn-def" || ty.k === "fn-ptr" || ty.k === "ref" || ty.k === "adt";
}

/** May a value of the type have become such an object? What is boxed is asked for itself, other types have an impl of their own. */
function isCallableAs({ types, names }: World, ty: Ty, object: Ty & { k: "dyn" }): boolean {
  if (!canBeCalled(ty) || ty.k !== "adt" || names.def(ty.def).lang === "owned_box") return canBeCalled(ty);
  return object.traits.every(({ trait, args }) => types.implements({ trait, args: [ty, ...args] }, []) !== "no");
}

/** A function or closure takes as many arguments as the object's trait says. */
function takesSoMany(world: World, ty: Ty, count: number | null): boolean {
  const taken = signatureOf(world, ty)?.params.length ?? null;
  return taken === null || count === null || taken === count;
}

function viaOf(call: Call): Call["via"] {
  return call.via === "callback" ? "callback" : "dyn";
}

function asByType(resolved: Resolved): Resolved {
  return {
    ...resolved,
    targets: resolved.targets.map((one) => (one.certainty === "exact" ? { ...one, certainty: "by-type" } : one)),
  };
}

/** `call`, `call_mut` or `call_once` of the object's Fn trait. */
function callMember(world: World, object: Ty & { k: "dyn" }): DefId | null {
  for (const one of object.traits) {
    if (!isCallTrait(world, one.trait)) continue;
    const member = world.names.def(one.trait).children.find((child) => world.names.def(child).kind === "fn");
    if (member !== undefined) return member;
  }
  return null;
}
