/**
 * The open ends of a resolved call, settled by what reachable code does: types of trait objects, candidates of lost types.
 *
 * At most eight types count, else the call is `limit`, or `open-world` where some were put there and there may be others. Types that flow did not find in the pointer but that have the trait, or become such objects
 * elsewhere, are guesses. Where objects may come from outside the program the call stays a blind spot `open-world`, with the types as edges.
 */
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import type { Building } from "./building.ts";
import type { Instance } from "./instances.ts";
import { principal } from "./object-types.ts";
import { type Call, resolveCall } from "./resolve-call.ts";
import { glue } from "./resolve-drop.ts";
import { dynamicOn } from "./resolve-object.ts";
import { pointerTargets } from "./resolve-value.ts";
import { both, type Dynamic, lost, NOTHING, type Resolved, type Target } from "./resolved.ts";
import { isConcrete, type World } from "./world.ts";

const MAX_TYPES = 8;

/** The call with its dynamic parts and candidates as targets. */
export function settled(building: Building, instance: Instance, resolved: Resolved): Resolved {
  let sum: Resolved = { ...resolved, dynamic: [] };
  for (const one of resolved.dynamic) sum = both(sum, ofObject(building, instance, one, 0));
  if (resolved.pointer !== null) sum = both(sum, ofPointer(building, instance, resolved.pointer));
  return resolved.candidates.length === 0 ? sum : both(sum, ofCandidates(building, instance, resolved));
}

function ofObject(building: Building, instance: Instance, dynamic: Dynamic, depth: number): Resolved {
  const { world, objects } = building;
  const text = `call on ${world.types.print(dynamic.object)}`;
  const known = new Set(dynamic.known);
  const others = dynamic.complete ? [] : objects.typesFor(dynamic.object, instance.id);
  const { types: impls, whole } = dynamic.complete ? NO_OTHERS : implementers(world, dynamic.object);
  const guesses = [...others, ...impls].filter((ty) => known.has(ty) || canBecome(world, ty, dynamic.object));
  const types = [...new Set([...known, ...guesses])];
  if (types.length > MAX_TYPES) return lost(!whole && known.size > 0 ? "open-world" : "limit", text);
  let sum = NOTHING;
  for (const ty of types) {
    const one =
      dynamic.member === null ? glue(world, ty, null) : dynamicOn(callFor(building, instance, dynamic), dynamic, ty);
    let ofType: Resolved = { ...one, dynamic: [] };
    for (const inner of depth < 4 ? one.dynamic : [])
      ofType = both(ofType, ofObject(building, instance, inner, depth + 1));
    const level = known.has(ty) ? "by-type" : "all-impls";
    sum = both(sum, { ...ofType, targets: ofType.targets.map((target) => atMost(target, level)) });
  }
  if (whole && types.length > 0) return sum;
  return { ...sum, ...lost("open-world", text, sum.targets) };
}

/** Where the pointer is not known to hold the type, the call is at most a guess. */
function atMost(target: Target, level: "by-type" | "all-impls"): Target {
  const certainty = level === "all-impls" || target.certainty === "exact" ? level : target.certainty;
  return { ...target, certainty };
}

const NO_OTHERS = { types: [], whole: true };

/** The types that may become such objects because they have the trait; `whole` where there can be no others: code that is not seen cannot name the trait. */
function implementers(
  world: World,
  object: Dynamic["object"],
): { readonly types: readonly Ty[]; readonly whole: boolean } {
  const { names, types } = world;
  const trait = principal(world, object);
  if (trait === null || names.effectivelyPublic(trait)) return { types: [], whole: false };
  const found: Ty[] = [];
  let whole = true;
  for (const impl of names.implsOf(names.def(trait).crate, names.def(trait).name)) {
    if (types.implTraitRef(impl)?.trait !== trait) continue;
    const { params, predicates } = types.genericsOf(impl);
    const self = types.implSelfTy(impl);
    // `impl<T: Sink + ?Sized> Sink for &T`: an object is as good as any other.
    const any =
      params.every(({ kind }) => kind === "type") &&
      predicates.every((one) => one.k === "trait" && (one.ref.trait === trait || isMarker(world, one.ref.trait)));
    if (params.length > 0 && !any) whole = false;
    else if (self.k !== "dyn")
      found.push(
        types.subst(
          self,
          params.map(() => object),
        ),
      );
  }
  return { types: found, whole };
}

/** Has the type the object's traits, with their arguments, and are their associated types as the object says? */
function canBecome({ types }: World, ty: Ty, object: Dynamic["object"]): boolean {
  if (!isConcrete(ty)) return true;
  return object.traits.every(({ trait, args, bindings }) => {
    if (types.implements({ trait, args: [ty, ...args] }, []) === "no") return false;
    return bindings.every(({ assoc, ty: said }) => {
      const own = types.normalize(types.projection(assoc, [ty, ...args]), [], true);
      return own === said || !isConcrete(own) || !isConcrete(said);
    });
  });
}

function isMarker({ names }: World, trait: DefId): boolean {
  return names.def(trait).children.length === 0;
}

/** What reachable code makes into pointers of that type; there may be others. */
function ofPointer(building: Building, instance: Instance, pointer: NonNullable<Resolved["pointer"]>): Resolved {
  const { world, objects } = building;
  const { ty, context, via } = pointer;
  const ret = world.types.unknown("not-inferred");
  const call: Call = { world, instance, known: context, tys: ty.params, ret, via, operand: null, args: null };
  const found = pointerTargets(call, ty, objects.pointersFor(instance.id));
  return { ...found, dynamic: [], unresolved: null };
}

function callFor(building: Building, instance: Instance, dynamic: Dynamic): Call {
  const { world } = building;
  const pointer = world.types.refTo(dynamic.object, true);
  const ret = world.types.unknown("not-inferred");
  return {
    world,
    instance,
    known: [null, ...dynamic.context],
    tys: [pointer],
    ret,
    via: dynamic.via,
    operand: null,
    args: null,
  };
}

/** Candidates whose type reachable code builds, at most eight. */
function ofCandidates(building: Building, instance: Instance, resolved: Resolved): Resolved {
  const { world, constructed } = building;
  const { names, types } = world;
  const fitting = resolved.candidates.filter(({ def }) => {
    const { parent } = names.def(def);
    if (parent === null || names.def(parent).kind !== "impl" || types.genericsOf(def).params.length > 0) return false;
    const self = types.implSelfTy(parent);
    return self.k === "adt" && constructed.has(self.def);
  });
  if (fitting.length > MAX_TYPES) return NOTHING;
  let targets: readonly Target[] = [];
  for (const { def, certainty } of fitting) {
    const tys = types.fnSig(def).params;
    const ret = types.fnSig(def).ret;
    const call: Call = { world, instance, known: [], tys, ret, via: "method", operand: null, args: null };
    const one = resolveCall(call, def, []);
    targets = [...targets, ...one.targets.map((target): Target => ({ ...target, certainty }))];
  }
  return { ...NOTHING, targets };
}
