/**
 * The open ends of a resolved call, settled by what reachable code does: types of trait objects, candidates of lost types.
 *
 * At most eight types count, else the call is `limit`. Where objects may come from outside the program the call stays a blind spot
 * `open-world`, with the known types as edges.
 */
import type { Building } from "./building.ts";
import type { Instance } from "./instances.ts";
import { principal } from "./object-types.ts";
import { type Call, resolveCall } from "./resolve-call.ts";
import { glue } from "./resolve-drop.ts";
import { dynamicOn } from "./resolve-object.ts";
import { pointerTargets } from "./resolve-value.ts";
import { both, type Dynamic, lost, NOTHING, type Resolved, type Target } from "./resolved.ts";

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
  const made = objects.typesFor(dynamic.object, instance.id);
  const types = [...new Set([...dynamic.known, ...made])];
  if (types.length > MAX_TYPES) return lost("limit", text);
  let sum = NOTHING;
  for (const ty of types) {
    const one =
      dynamic.member === null ? glue(world, ty, null) : dynamicOn(callFor(building, instance, dynamic), dynamic, ty);
    sum = both(sum, { ...one, dynamic: [] });
    for (const inner of depth < 4 ? one.dynamic : []) sum = both(sum, ofObject(building, instance, inner, depth + 1));
  }
  if (dynamic.member === null)
    sum = { ...sum, targets: sum.targets.map((one): Target => ({ ...one, certainty: "by-type" })) };
  if (types.length > 0 && !isOpen(building, dynamic)) return sum;
  return { ...sum, ...lost("open-world", text, sum.targets) };
}

/** What reachable code makes into pointers of that type; there may be others. */
function ofPointer(building: Building, instance: Instance, pointer: NonNullable<Resolved["pointer"]>): Resolved {
  const { world, objects } = building;
  const { ty, context, via } = pointer;
  const ret = world.types.unknown("not-inferred");
  const call: Call = { world, instance, known: context, tys: ty.params, ret, via, operand: null };
  const found = pointerTargets(call, ty, objects.pointersFor(instance.id));
  return { ...found, dynamic: [], unresolved: null };
}

/** May objects come from code that is not seen? */
function isOpen(building: Building, dynamic: Dynamic): boolean {
  if (dynamic.complete) return false;
  const { world } = building;
  const trait = principal(world, dynamic.object);
  return trait === null || world.names.effectivelyPublic(trait);
}

function callFor(building: Building, instance: Instance, dynamic: Dynamic): Call {
  const { world } = building;
  const pointer = world.types.refTo(dynamic.object, true);
  const ret = world.types.unknown("not-inferred");
  return { world, instance, known: [null, ...dynamic.context], tys: [pointer], ret, via: dynamic.via, operand: null };
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
    const call: Call = { world, instance, known: [], tys, ret, via: "method", operand: null };
    const one = resolveCall(call, def, []);
    targets = [...targets, ...one.targets.map((target): Target => ({ ...target, certainty }))];
  }
  return { ...NOTHING, targets };
}
