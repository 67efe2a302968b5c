/**
 * The parametric parts of a pack's facts as steps: arguments that are called, trait methods on type parameters, drops.
 *
 * `calls` are written `<T as path::Trait>::method` or `T::method`, with T a parameter of the function, its impl or trait, or `Self`.
 * What cannot be read that way is a blind spot `no-model`, with the text.
 */
import type { Condition } from "../model/vocabulary.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import type { Step } from "./drop-glue.ts";
import type { Instance } from "./instances.ts";
import { type Call, resolveCall } from "./resolve-call.ts";
import { glue } from "./resolve-drop.ts";
import { leftBehind } from "./resolve-used-up.ts";
import { resolveCallable } from "./resolve-value.ts";
import { both, lost, NOTHING, type Resolved } from "./resolved.ts";
import { concrete, concreteWith, type Facts, type World } from "./world.ts";

/** The steps of a modelled function. */
export function modelSteps(world: World, instance: Instance, def: DefId, facts: Facts): Step[] {
  const steps: Step[] = [];
  const sig = world.types.fnSig(def);
  const base: Call = {
    world,
    instance,
    known: [],
    tys: [],
    ret: world.types.unknown("not-inferred"),
    via: "callback",
    operand: null,
    args: null,
  };
  for (const one of facts.invokes ?? []) {
    const param = sig.params[one.arg];
    if (param === undefined) continue;
    const ty = concrete(world, instance, param);
    const resolved = resolveCallable(
      callWith(world, base, ty),
      insideOption(world, ty),
      instance.context[one.arg] ?? null,
      0,
    );
    steps.push({ text: `call of argument ${one.arg}`, resolved: under(resolved, one.when) });
    const left = leftBehind(world, insideOption(world, ty), instance.context[one.arg] ?? null);
    if (left !== NOTHING) steps.push({ text: `drop of argument ${one.arg}`, resolved: under(left, one.when) });
  }
  for (const text of facts.calls ?? []) steps.push({ text, resolved: namedCall(base, def, text) });
  for (const text of facts.drops ?? []) {
    const ty = typeNamed(world, instance, def, text);
    steps.push({
      text: `drop of ${text}`,
      resolved: ty === null ? lost("no-model", `drop of ${text}`) : glue(world, ty, instance.context[0] ?? null),
    });
  }
  return steps;
}

/** The arguments of an invoked callable are not told by the model; their types are those of its signature. */
function callWith(world: World, base: Call, ty: Ty): Call {
  let inner = ty;
  while (inner.k === "ref" || inner.k === "ptr") inner = inner.inner;
  if (inner.k === "closure") {
    const closed = inner;
    const params = world.types.bodyFacts(closed.body)?.closure(closed.closure).params ?? [];
    return { ...base, tys: params.map((one) => concreteWith(world, one, closed.args)), known: params.map(() => null) };
  }
  if (inner.k === "fn-def") {
    const { args } = inner;
    const { params } = world.types.fnSig(inner.def);
    return { ...base, tys: params.map((one) => concreteWith(world, one, args)), known: params.map(() => null) };
  }
  return inner.k === "fn-ptr" ? { ...base, tys: inner.params, known: inner.params.map(() => null) } : base;
}

function insideOption(world: World, ty: Ty): Ty {
  const [inner] = ty.k === "adt" && world.names.def(ty.def).lang === "Option" ? ty.args : [];
  return inner ?? ty;
}

function under(resolved: Resolved, when: Condition | undefined): Resolved {
  if (when === undefined || when === "always") return resolved;
  return { ...resolved, targets: resolved.targets.map((one) => ({ ...one, conditions: [...one.conditions, when] })) };
}

function namedCall(base: Call, def: DefId, text: string): Resolved {
  const { world, instance } = base;
  const match =
    /^<\s*(.+?)\s+as\s+([\w:]+)(?:<.*>)?\s*>\s*::\s*(\w+)$/.exec(text) ?? /^([\w&\s]+?)()::(\w+)$/.exec(text);
  const [, typeText, traitText, method] = match ?? [];
  if (typeText === undefined || method === undefined) return lost("no-model", text);
  const self = typeNamed(world, instance, def, typeText);
  if (self === null) return lost("no-model", text);
  const members = membersNamed(world, def, self, traitText ?? "", method);
  let sum = NOTHING;
  for (const member of members) {
    const generics = world.types.genericsOf(member.def).params.length;
    const args = [self, ...member.args];
    while (args.length < generics) args.push(world.types.unknown("not-inferred"));
    const params = world.types.fnSig(member.def).params.map((one) => concreteWith(world, one, args));
    sum = both(
      sum,
      resolveCall({ ...base, via: "trait", tys: params, known: params.map(() => null) }, member.def, args),
    );
  }
  return members.length === 0 ? lost("no-model", text) : sum;
}

/** Members that the text may mean: of the trait by path, else of the traits that bound the parameter. */
function membersNamed(
  world: World,
  def: DefId,
  self: Ty,
  traitText: string,
  method: string,
): { def: DefId; args: readonly Ty[] }[] {
  const { names, types } = world;
  const childOf = (trait: DefId): DefId | undefined =>
    names.def(trait).children.find((one) => names.def(one).kind === "fn" && names.def(one).name === method);
  const byPath = traitText.includes("::") ? names.byPath(traitText) : null;
  const last = traitText.slice(traitText.lastIndexOf("::") + 1).replace(/^:+/, "");
  const found: { def: DefId; args: readonly Ty[] }[] = [];
  if (byPath !== null) {
    const member = childOf(byPath);
    if (member !== undefined) found.push({ def: member, args: [] });
    return found;
  }
  const scope = names.def(def).parent;
  if (scope !== null && names.def(scope).kind === "trait" && (last === "" || names.def(scope).name === last)) {
    const member = childOf(scope);
    if (member !== undefined) return [{ def: member, args: [] }];
  }
  const seen = new Set<DefId>();
  for (const predicate of types.genericsOf(def).predicates) {
    if (predicate.k !== "trait" || seen.has(predicate.ref.trait)) continue;
    const trait = names.def(predicate.ref.trait);
    if (last !== "" && trait.name !== last) continue;
    const member = childOf(predicate.ref.trait);
    if (
      member === undefined ||
      types.implements({ trait: trait.id, args: [self, ...predicate.ref.args.slice(1)] }, []) === "no"
    )
      continue;
    seen.add(trait.id);
    found.push({ def: member, args: predicate.ref.args.slice(1) });
  }
  return found;
}

/** `A::Item`: the associated type of a trait that bounds the parameter. */
function associated(world: World, def: DefId, owner: Ty, name: string): Ty | null {
  const { names, types } = world;
  for (const predicate of types.genericsOf(def).predicates) {
    if (predicate.k !== "trait") continue;
    const { trait, args } = predicate.ref;
    const assoc = names.def(trait).children.find((one) => names.def(one).name === name && names.def(one).kind !== "fn");
    if (assoc === undefined || types.implements({ trait, args: [owner, ...args.slice(1)] }, []) === "no") continue;
    return types.projection(assoc, [owner, ...args.slice(1)]);
  }
  return null;
}

/** `T`, `T::Assoc`, `Self`, `self`, an argument's name, or `&T`. */
function typeNamed(world: World, instance: Instance, def: DefId, text: string): Ty | null {
  const { names, types } = world;
  const name = text.trim();
  if (name.startsWith("&")) {
    const inner = typeNamed(world, instance, def, name.replace(/^&\s*(mut\s+)?/, ""));
    return inner === null ? null : types.refTo(inner, name.startsWith("&mut"));
  }
  const [, outer, assoc] = /^(\w+)::(\w+)$/.exec(name) ?? [];
  if (outer !== undefined && assoc !== undefined) {
    const owner = typeNamed(world, instance, def, outer);
    return owner === null ? null : associated(world, def, owner, assoc);
  }
  const index = types.genericsOf(def).params.findIndex((one) => one.name === name);
  if (index !== -1) return instance.args[index] ?? null;
  const sig = types.fnSig(def);
  const item = names.def(def).item;
  if (name === "self" && sig.hasSelf)
    return sig.params[0] === undefined ? null : concrete(world, instance, sig.params[0]);
  const parent = names.def(def).parent;
  if (name === "Self" && parent !== null && names.def(parent).kind === "impl")
    return concrete(world, instance, types.implSelfTy(parent));
  if (item?.k !== "fn") return null;
  const position = item.params.findIndex((one) => one.pat.k === "ident" && one.pat.name === name);
  const param = position === -1 ? undefined : sig.params[position + (sig.hasSelf ? 1 : 0)];
  return param === undefined ? null : concrete(world, instance, param);
}
