/**
 * Where a call of a value goes: function items, closures, function pointers, `dyn Fn`, and pointers to all of these.
 *
 * Items and closures are their types. A function pointer is what is known of its value, else what whole-program flow finds;
 * only callables of the pointer's signature count. An answer that is not complete is `fn-pointer`, with the known targets.
 */
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import { isOpen } from "./flow-model.ts";
import { constantsFor } from "./fold.ts";
import type { Known } from "./known.ts";
import { fromFlow } from "./known-of-flow.ts";
import type { Operand } from "./mir.ts";
import { type Call, contextFor, resolveCall } from "./resolve-call.ts";
import { ofField } from "./resolve-field.ts";
import { followed } from "./resolve-followed.ts";
import { objectCallable } from "./resolve-object.ts";
import { callablesIn, derefOf } from "./resolve-places.ts";
import { leftBehind } from "./resolve-used-up.ts";
import { allOf, both, lost, NOTHING, type Resolved, runs, type Target } from "./resolved.ts";
import { concreteWith, isConcrete, type World } from "./world.ts";

/** A closure's environment. */
const NOTHING_KNOWN: Operand = { k: "copy", place: { local: 0, proj: [{ k: "deref" }] } };
const MAX_DEPTH = 12;
/** So many callables of one pointer are followed; with more the call is a `limit`. */
const MAX_TARGETS = 512;
const MAX_GUESSES = 64;

/** Is it Fn, FnMut or FnOnce? */
export function isCallTrait(world: World, trait: DefId): boolean {
  const { lang } = world.names.def(trait);
  return lang === "fn" || lang === "fn_mut" || lang === "fn_once";
}

/** A value of type `ty` is called with the call's arguments, and used up where it is moved into the call. */
export function resolveValue(call: Call, ty: Ty, known: Known | null): Resolved {
  const resolved = resolveCallable(call, ty, known, 0);
  return call.operand?.k === "move" ? both(resolved, leftBehind(call.world, ty, known)) : resolved;
}

/** `Fn::call(f, (a, b))` as a call of `f` with `a` and `b`. */
export function spread(call: Call): Call {
  const tuple = call.tys[1];
  const known = call.known[1] ?? null;
  if (tuple?.k !== "tuple") return { ...call, known: [], tys: [], args: null };
  const parts = tuple.elems.map((_, index) =>
    known?.k === "parts" ? (known.fields[index] ?? null) : known?.k === "nothing" ? known : null,
  );
  return { ...call, known: parts, tys: tuple.elems, args: null };
}

/** The same with how deep pointers have been followed. */
export function resolveCallable(call: Call, ty: Ty, known: Known | null, depth: number): Resolved {
  const { world } = call;
  if (depth > MAX_DEPTH) return lost("limit", world.types.print(ty));
  switch (ty.k) {
    case "fn-def":
      return resolveCall(call, ty.def, ty.args, depth + 1);
    case "closure":
      return closureCall(call, ty, known);
    case "ref":
    case "ptr":
      return behind(call, ty.inner, known, depth);
    case "adt": {
      const [inner] = ty.args;
      if (inner !== undefined && world.names.def(ty.def).lang === "owned_box") return behind(call, inner, known, depth);
      return throughImpl(call, ty, known, depth);
    }
    case "fn-ptr":
      return pointerCall(call, ty, known, depth);
    case "dyn":
      return objectCallable(call, ty, known);
    default:
      return lost("unknown-type", `call of ${world.types.print(ty)}`);
  }
}

/** A wrapper that implements the Fn traits itself: its impl is called, with the arguments as one tuple. */
function throughImpl(call: Call, ty: Ty, known: Known | null, depth: number): Resolved {
  const { types, names } = call.world;
  const tuple = types.tupleOf(call.tys);
  for (const [lang, receiver] of [
    ["fn", types.refTo(ty, false)],
    ["fn_mut", types.refTo(ty, true)],
    ["fn_once", ty],
  ] as const) {
    const trait = names.langItem(lang);
    if (trait === null || types.select({ trait, args: [ty, tuple] }, []).k !== "impl") continue;
    const member = names.def(trait).children.find((one) => names.def(one).kind === "fn");
    if (member === undefined) continue;
    const self = lang === "fn_once" ? known : call.world.knowns.ref(known);
    const packed = call.world.knowns.parts(null, call.known);
    return resolveCall(
      { ...call, known: [self, packed], tys: [receiver, tuple], operand: null, args: null },
      member,
      [ty, tuple],
      depth + 1,
    );
  }
  return lost("unknown-type", `call of ${types.print(ty)}`);
}

function behind(call: Call, inner: Ty, known: Known | null, depth: number): Resolved {
  if (inner.k === "dyn") return objectCallable(call, inner, known);
  return resolveCallable(call, inner, derefOf(call.world, known), depth + 1);
}

function closureCall(call: Call, ty: Ty & { k: "closure" }, env: Known | null): Resolved {
  const { world } = call;
  const key = { def: ty.body, closure: ty.closure };
  const facts = world.types.bodyFacts(ty.body)?.closure(ty.closure);
  if (facts === undefined || world.bodies.mir(key) === null) return lost("parse-error", world.types.print(ty));
  const own = facts.kind === "fn-once" ? env : world.knowns.ref(env);
  const passed = constantsFor(world, call.instance, key, call.args === null ? null : [NOTHING_KNOWN, ...call.args]);
  const instance = world.instances.body(key, ty.args, [own, ...contextFor(call)], passed);
  const via = call.via === "call" || call.via === "method" || call.via === "trait" ? "closure" : call.via;
  return runs([{ instance, via, certainty: "exact", conditions: [], cell: null }]);
}

function pointerCall(call: Call, ty: Ty & { k: "fn-ptr" }, known: Known | null, depth: number): Resolved {
  const { world } = call;
  const found = callablesIn(world, known);
  const fitting = new Set(found.callables.filter((one) => fits(world, one, ty)));
  let open = found.open || fitting.size === 0;
  if (open && call.operand !== null) {
    const flow = followed(world, call.instance, call.operand);
    open = isOpen(world.types, flow.open);
    // Everything that is ever put there was seen, and it is nothing.
    if (!open && flow.values.length + flow.known.length === 0 && known === world.knowns.nothing) return NOTHING;
    let isTold = false;
    for (const one of [...flow.known, ...flow.values.map((value) => fromFlow(world, value, 0, ty))]) {
      const held = callablesIn(world, one);
      for (const callable of held.callables) {
        if (!fits(world, callable, ty)) continue;
        fitting.add(callable);
        isTold = true;
      }
      if (held.open) open = true;
    }
    // What leads to nothing at all says nothing of what else may be there.
    if (!isTold) open = true;
    const stored = ofField(world, call.instance, call.operand, { items: fitting, open });
    const ofType = [...(stored ?? [])].filter((one) => fits(world, one, ty));
    if (ofType.length > 0) {
      fitting.clear();
      for (const one of ofType) fitting.add(one);
      open = false;
    }
  }
  const each = { ...call, via: call.via === "callback" ? call.via : ("fn-pointer" as const), operand: null };
  const certainty = fitting.size === 1 && !open ? "exact" : "by-type";
  const sum = allOf([...fitting].slice(0, MAX_TARGETS).map((one) => resolveCallable(each, one, null, depth + 1)));
  const targets = sum.targets.map(
    (one): Target => ({
      ...one,
      certainty: one.certainty === "exact" ? certainty : one.certainty,
    }),
  );
  const isCut = fitting.size > MAX_TARGETS;
  if (!open && !isCut) return { ...sum, targets };
  const unknown = lost(isCut ? "limit" : "fn-pointer", `call of ${world.types.print(ty)}`, targets);
  return { ...sum, ...unknown, pointer: { ty, context: contextFor(call), via: each.via } };
}

/** What a pointer of the type may be, of these callables, in a call of unknown target. */
export function pointerTargets(call: Call, ty: Ty & { k: "fn-ptr" }, callables: readonly Ty[]): Resolved {
  const { world } = call;
  const fitting = callables.filter(
    (one) => isConcrete(one) && signatureOf(world, one) !== null && fits(world, one, ty, () => false),
  );
  const sum = allOf(fitting.slice(0, MAX_GUESSES).map((one) => resolveCallable(call, one, null, 1)));
  return { ...sum, targets: sum.targets.map((one): Target => ({ ...one, certainty: "all-impls" })) };
}

/** Could a pointer of this type hold that callable, transmuted or not? Types that are not known count as equal. */
export function fits(
  world: World,
  callable: Ty,
  pointer: Ty & { k: "fn-ptr" },
  same: typeof isPassedAlike = isPassedAlike,
): boolean {
  const signature = signatureOf(world, callable);
  if (signature === null) return true;
  if (callable.k === "closure" && capturesAny(world, callable)) return false;
  if (signature.params.length !== pointer.params.length) return false;
  return [...signature.params, signature.ret].every((one, index) => {
    const other = [...pointer.params, pointer.ret][index];
    return other === undefined || one === other || !isConcrete(one) || !isConcrete(other) || same(world, one, other);
  });
}

/** Only closures that capture nothing become pointers (reference, "Closure types"). */
function capturesAny(world: World, { body, closure }: Ty & { k: "closure" }): boolean {
  return (world.bodies.mir({ def: body, closure })?.captures.length ?? 0) > 0;
}

/** References, raw pointers and boxes of sized values are passed in the same way (`fn` primitive, "ABI compatibility"). */
function isPassedAlike({ names }: World, one: Ty, other: Ty): boolean {
  const isPointer = (ty: Ty): boolean => {
    if (ty.k === "ref" || ty.k === "ptr") return ty.inner.k !== "dyn" && ty.inner.k !== "slice" && !isStr(ty.inner);
    if (ty.k !== "adt") return false;
    const { lang } = names.def(ty.def);
    const [inner] = ty.args;
    return inner !== undefined && (lang === "owned_box" || (lang === "Option" && isPointer(inner)));
  };
  return isPointer(one) && isPointer(other);
}

function isStr(ty: Ty): boolean {
  return ty.k === "prim" && ty.name === "str";
}

/** What a function item or a closure takes and gives back; null for other values, and for constructors. */
export function signatureOf(world: World, ty: Ty): { readonly params: readonly Ty[]; readonly ret: Ty } | null {
  const { types } = world;
  if (ty.k === "fn-def") {
    const kind = world.names.def(ty.def).kind;
    if (kind === "struct" || kind === "variant") return null;
    const sig = types.fnSig(ty.def);
    const into = (one: Ty): Ty => concreteWith(world, one, ty.args);
    return { params: sig.params.map(into), ret: into(sig.ret) };
  }
  if (ty.k !== "closure") return null;
  const facts = types.bodyFacts(ty.body)?.closure(ty.closure);
  if (facts === undefined) return null;
  return {
    params: facts.params.map((one) => concreteWith(world, one, ty.args)),
    ret: concreteWith(world, facts.ret, ty.args),
  };
}
