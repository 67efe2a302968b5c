/**
 * Which blocks of a body an instance can reach: branches on constants are decided with the instance's types.
 *
 * Decided are constants, also those that a call passes to a parameter that decides a branch, what functions make of them (`const-run.ts`), `size_of` and the like, statics that cannot change, and arms of variants that
 * cannot exist, that a constant is not, or that a function never gives back.
 * Everything else stays two-way: a local that is lent to be changed holds what is stored through the reference too.
 */
import { keptPer } from "../base/kept-per.ts";
import type { DefId } from "../names/defs.ts";
import { variantsOf } from "../names/variants.ts";
import type { Ty } from "../types/ty.ts";
import { computed } from "./const-compute.ts";
import { initialOf, resultOf } from "./const-run.ts";
import { partAt } from "./constant-parts.ts";
import { decidingParameters, isSteadyParameter } from "./deciding-parameters.ts";
import { givesNothing } from "./empty-loops.ts";
import type { Instance } from "./instances.ts";
import { isBorrowedMutably } from "./local-writes.ts";
import type { BodyKey, Constant, Mir, Operand, Place, Rvalue, Terminator } from "./mir.ts";
import { type Definition, factsOf, type MirFacts } from "./mir-facts.ts";
import { concrete, concreteWith, factsFor, type World } from "./world.ts";

const MAX_STEPS = 24;

/** 1 for each block that some path from the entry reaches. */
export function reachableBlocks(world: World, instance: Instance, facts: MirFacts): Uint8Array {
  const reached = new Uint8Array(facts.mir.blocks.length);
  const pending = [0];
  reached[0] = 1;
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    const term = facts.mir.blocks[index]?.term;
    const next = term?.k === "switch" ? taken(world, instance, facts, term) : (facts.successors[index] ?? []);
    for (const to of next) {
      if (reached[to] === 1) continue;
      reached[to] = 1;
      pending.push(to);
    }
  }
  return reached;
}

/** Where a switch may go. */
function taken(world: World, instance: Instance, facts: MirFacts, term: Terminator & { k: "switch" }): number[] {
  const all = [...term.targets.map((one) => one.target), ...(term.otherwise === null ? [] : [term.otherwise])];
  const { on } = term;
  if (on.k === "opaque") return all;
  if (on.k === "variant") {
    const of = (one: Operand): string | null => constantOf(world, instance, facts, one, 0);
    const isOver = givesNothing(world, instance, facts, on.place, of);
    const known = isOver ? 0 : variantOf(world, instance, facts, on.place);
    const arm = known === null ? undefined : term.targets.find((one) => one.value === String(known));
    if (known !== null) return arm !== undefined ? [arm.target] : term.otherwise === null ? all : [term.otherwise];
    return inhabitedArms(world, concrete(world, instance, on.ty), term) ?? all;
  }
  const value = constantOf(world, instance, facts, on.k === "bool" ? on.condition : on.operand, 0);
  if (value === null) return all;
  const hit = term.targets.find((one) => one.value === value);
  if (hit !== undefined) return [hit.target];
  return term.otherwise === null ? all : [term.otherwise];
}

/**
 * What a call passes for each parameter that decides a branch of what it calls. Of code of rule packs only which variant of a generic type
 * (`None`, `Ok`): that says what can be dropped, while its numbers and flags are sizes and orderings.
 */
export function constantsFor(
  world: World,
  instance: Instance,
  callee: BodyKey,
  args: readonly Operand[] | null,
): readonly (string | null)[] {
  if (args === null || instance.what.k !== "body") return [];
  const mir = world.bodies.mir(instance.what.key);
  if (mir === null) return [];
  const facts = factsOf(mir);
  const ofPack = world.names.isPackCrate(world.names.def(callee.def).crate);
  const seen = ofPack ? genericVariantPassed : constantPassed;
  // What is passed first: most calls pass no constant, and which parameters decide needs the callee's body.
  const passed = args.map((arg) => seen(world, instance, facts, arg));
  if (passed.every((one) => one === null)) return [];
  const deciding = decidingParameters(world.bodies, callee);
  const found = passed.map((one, index) => (deciding[index] === true ? one : null));
  return found.every((one) => one === null) ? [] : found;
}

function genericVariantPassed(world: World, instance: Instance, facts: MirFacts, arg: Operand): string | null {
  const ty = arg.k === "const" ? undefined : facts.mir.locals[arg.place.local]?.ty;
  return ty?.k === "adt" && ty.args.length > 0 ? variantPassed(world, instance, facts, arg) : null;
}

function constantPassed(world: World, instance: Instance, facts: MirFacts, arg: Operand): string | null {
  return constantOf(world, instance, facts, arg, 0) ?? variantPassed(world, instance, facts, arg);
}

function variantPassed(world: World, instance: Instance, facts: MirFacts, arg: Operand): string | null {
  const variant = arg.k === "const" ? null : variantOf(world, instance, facts, arg.place);
  return variant === null ? null : `#${variant}`;
}

/** What was passed for a parameter that nothing changes. */
function passedIn(instance: Instance, { mir }: MirFacts, local: number): string | null {
  const passed = instance.constants[local - 1] ?? null;
  return passed !== null && isSteadyParameter(mir, local) ? passed : null;
}

/** What sets a local, where nothing else can. */
function lastingValue(facts: MirFacts, local: number): Definition | null {
  return isBorrowedMutably(facts.mir, local) ? null : facts.definition(local);
}

/** The variant that a local of an enum's type holds, where it is only ever one: it was built, passed or given back as such. */
export function variantOf(world: World, instance: Instance, facts: MirFacts, place: Place, steps = 0): number | null {
  if (steps > MAX_STEPS) return null;
  if (place.proj.length > 0) {
    const part = partAt(world, instance, facts, place);
    return part === null ? null : variantIn(world, part.instance, part.facts, part.operand, steps + 1);
  }
  const passed = passedIn(instance, facts, place.local);
  if (passed !== null) return passed.startsWith("#") ? Number(passed.slice(1)) : null;
  const definition = lastingValue(facts, place.local);
  if (definition?.k === "call") return variantOfCall(world, instance, definition.term);
  if (definition?.k !== "value") return null;
  if (definition.value.k === "aggregate") return variantBuilt(world, definition.value);
  if (definition.value.k !== "use") return null;
  return variantIn(world, instance, facts, definition.value.operand, steps + 1);
}

function variantIn(world: World, instance: Instance, facts: MirFacts, operand: Operand, steps: number): number | null {
  if (operand.k !== "const") return variantOf(world, instance, facts, operand.place, steps);
  if (operand.value.k !== "const" || operand.value.args.length > 0) return null;
  return variantGivenBack(world, operand.value.def, []);
}

function variantBuilt({ names }: World, value: Rvalue): number | null {
  if (value.k !== "aggregate" || value.kind.k !== "adt") return null;
  return names.def(value.kind.def).kind === "enum" ? value.kind.variant : null;
}

/** Nothing is said of functions that give back each other's, nor of one behind so many that give back the next one's. */
const givenBack = keptPer<World, string, number | null>({ answer: null, most: 64 });

/** The variant that a function, or a constant, gives back wherever it ends: `Ok` of what cannot fail. Of one that is asked about meanwhile: none. */
function variantGivenBack(world: World, def: DefId, args: readonly Ty[]): number | null {
  if (world.names.isPackCrate(world.names.def(def).crate)) return variantMarked(world, def);
  return givenBack(world, `${def} ${args.map((one) => one.id).join()}`, () => {
    const mir = world.bodies.mir({ def, closure: null });
    return mir === null || isBorrowedMutably(mir, 0) ? null : variantReturned(world, mir, args);
  });
}

function variantReturned(world: World, mir: Mir, args: readonly Ty[]): number | null {
  const facts = factsOf(mir);
  const any: Instance = {
    id: -1,
    what: { k: "body", key: mir.key },
    args,
    context: [],
    constants: [],
    concrete: new Map(),
  };
  const reached = reachableBlocks(world, any, facts);
  const found = new Set<number | null>();
  for (const [block, { stmts, term }] of mir.blocks.entries()) {
    if (reached[block] !== 1) continue;
    for (const { place, value } of stmts) {
      if (place.local !== 0) continue;
      if (place.proj.length > 0) return null;
      found.add(value.k === "use" ? variantIn(world, any, facts, value.operand, 0) : variantBuilt(world, value));
    }
    if (term.k === "call" && term.dest.local === 0) found.add(variantOfCall(world, any, term));
    if (found.size > 1) return null;
  }
  const [only = null] = found;
  return only;
}

function variantOfCall(world: World, instance: Instance, { callee, dest }: Terminator & { k: "call" }): number | null {
  if (callee.k !== "def" || dest.proj.length > 0) return null;
  const args = callee.args.map((ty) => concrete(world, instance, ty));
  const found = world.types.resolveMember(callee.def, args);
  return found.def === null ? null : variantGivenBack(world, found.def, found.args);
}

/** What stands for a function in a rule pack need not give back what the function does: only a mark says it. */
function variantMarked(world: World, def: DefId): number | null {
  if (factsFor(world, def)?.marks?.includes("always-ok") !== true) return null;
  const { ret } = world.types.fnSig(def);
  if (ret.k !== "adt") return null;
  const variants = variantsOf(world.names, ret.def);
  const ok = variants.findIndex((one) => world.names.def(one).name === "Ok");
  return ok < 0 ? null : ok;
}

function inhabitedArms(world: World, ty: Ty, term: Terminator & { k: "switch" }): number[] | null {
  const possible = ty.k === "adt" ? inhabitedVariants(world, ty) : null;
  if (possible === null) return null;
  const listed = new Set(term.targets.map((one) => Number(one.value)));
  const arms = term.targets.filter((one) => possible[Number(one.value)] !== false).map((one) => one.target);
  const rest = possible.some((one, index) => one && !listed.has(index));
  if (term.otherwise !== null && rest) arms.push(term.otherwise);
  return arms.length === 0 ? null : arms;
}

const inhabitedOf = new WeakMap<World, Map<Ty, readonly boolean[] | null>>();

/** Which variants of an enum can be; null where all can, or none. */
function inhabitedVariants(world: World, ty: Ty & { k: "adt" }): readonly boolean[] | null {
  const memo = inhabitedOf.get(world) ?? new Map<Ty, readonly boolean[] | null>();
  inhabitedOf.set(world, memo);
  const known = memo.get(ty);
  if (known !== undefined) return known;
  const { names, types } = world;
  const variants = variantsOf(names, ty.def);
  const possible = variants.map(
    (one) => !types.fieldTys(one).some((field) => uninhabited(world, concreteWith(world, field, ty.args), 0)),
  );
  const found = possible.every((one) => one) || possible.every((one) => !one) ? null : possible;
  memo.set(ty, found);
  return found;
}

function uninhabited(world: World, ty: Ty, depth: number): boolean {
  if (ty.k === "never") return true;
  if (depth > 3) return false;
  if (ty.k === "tuple") return ty.elems.some((elem) => uninhabited(world, elem, depth + 1));
  if (ty.k !== "adt") return false;
  const def = world.names.def(ty.def);
  return def.kind === "enum" && def.item?.k === "enum" && def.item.variants.length === 0;
}

/** Decimal, "true" or "false"; null where it cannot be told. */
export function constantOf(
  world: World,
  instance: Instance,
  facts: MirFacts,
  operand: Operand,
  steps: number,
): string | null {
  if (steps > MAX_STEPS) return null;
  if (operand.k === "const") return literalOf(world, instance, operand.value);
  const { local, proj } = operand.place;
  const passed = proj.length > 0 ? null : passedIn(instance, facts, local);
  if (passed !== null) return passed.startsWith("#") ? null : passed;
  const definition = lastingValue(facts, local);
  if (definition === null) return null;
  if (proj.length > 0) {
    const whole = proj.length === 1 && proj[0]?.k === "deref" ? staticConstant(world, definition) : null;
    const part = whole === null ? partAt(world, instance, facts, operand.place) : null;
    return part === null ? whole : constantOf(world, part.instance, part.facts, part.operand, steps + 1);
  }
  const of = (one: Operand): string | null => constantOf(world, instance, facts, one, steps + 1);
  if (definition.k === "value") {
    const ty = facts.mir.locals[local]?.ty;
    return computed(definition.value, ty === undefined ? null : concrete(world, instance, ty), of);
  }
  const { callee, args } = definition.term;
  if (callee.k !== "def") return null;
  const types = callee.args.map((ty) => concrete(world, instance, ty));
  const values = args.map((arg) => of(arg) ?? variantPassed(world, instance, facts, shown(facts, arg)));
  return resultOf(world, { def: callee.def, args: types }, values);
}

/** What a shared reference to a whole local refers to; any other operand as it is. */
function shown(facts: MirFacts, operand: Operand): Operand {
  if (operand.k === "const" || operand.place.proj.length > 0) return operand;
  const definition = lastingValue(facts, operand.place.local);
  if (definition?.k !== "value" || definition.value.k !== "ref" || definition.value.mut) return operand;
  return { k: "copy", place: definition.value.place };
}

/** A number or truth value in a static that nothing can change. */
function staticConstant(world: World, definition: Definition): string | null {
  const { names, types } = world;
  if (definition.k !== "value" || definition.value.k !== "use") return null;
  const { operand } = definition.value;
  if (operand.k !== "const" || operand.value.k !== "static") return null;
  const { def } = operand.value;
  const { item } = names.def(def);
  return item?.k === "static" && !item.mut && types.typeOf(def).k === "prim" ? initialOf(world, def) : null;
}

function literalOf(world: World, instance: Instance, value: Constant): string | null {
  switch (value.k) {
    case "int":
      return value.value;
    case "bool":
      return String(value.value);
    case "const":
      return world.types.constValue(
        value.def,
        value.args.map((ty) => concrete(world, instance, ty)),
      );
    case "const-param": {
      const ty = concrete(world, instance, value.ty);
      return ty.k === "const" && !ty.value.startsWith("#") ? ty.value : null;
    }
    default:
      return null;
  }
}
