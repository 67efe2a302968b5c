/**
 * Which blocks of a body an instance can reach: branches on constants are decided with the instance's types.
 *
 * Decided are `if CONST`, const parameters, comparisons of `size_of`, `needs_drop`, and arms of variants that cannot exist.
 * Everything else stays two-way.
 */
import type { Ty } from "../types/ty.ts";
import type { Instance } from "./instances.ts";
import type { Constant, Operand, Rvalue, Terminator } from "./mir.ts";
import type { MirFacts } from "./mir-facts.ts";
import { concrete, concreteWith, type World } from "./world.ts";

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
  if (on.k === "variant") return inhabitedArms(world, concrete(world, instance, on.ty), term) ?? all;
  const value = constantOf(world, instance, facts, on.k === "bool" ? on.condition : on.operand, 0);
  if (value === null) return all;
  const hit = term.targets.find((one) => one.value === value);
  if (hit !== undefined) return [hit.target];
  return term.otherwise === null ? all : [term.otherwise];
}

function inhabitedArms(world: World, ty: Ty, term: Terminator & { k: "switch" }): number[] | null {
  if (ty.k !== "adt") return null;
  const { names, types } = world;
  const variants = names.def(ty.def).children.filter((one) => names.def(one).kind === "variant");
  if (variants.length === 0) return null;
  const possible = variants.map(
    (one) => !types.fieldTys(one).some((field) => uninhabited(world, concreteWith(world, field, ty.args), 0)),
  );
  if (possible.every((one) => one) || possible.every((one) => !one)) return null;
  const listed = new Set(term.targets.map((one) => Number(one.value)));
  const arms = term.targets.filter((one) => possible[Number(one.value)] !== false).map((one) => one.target);
  const rest = possible.some((one, index) => one && !listed.has(index));
  if (term.otherwise !== null && rest) arms.push(term.otherwise);
  return arms.length === 0 ? null : arms;
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
  if (operand.place.proj.length > 0) return null;
  const definition = facts.definition(operand.place.local);
  if (definition === null) return null;
  if (definition.k === "call") return callConstant(world, instance, definition.term);
  return valueConstant(world, instance, facts, definition.value, steps + 1);
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

function valueConstant(world: World, instance: Instance, facts: MirFacts, value: Rvalue, steps: number): string | null {
  const of = (operand: Operand): string | null => constantOf(world, instance, facts, operand, steps);
  switch (value.k) {
    case "use":
      return of(value.operand);
    case "cast":
      return value.kind === "other" && value.to.k === "prim" && /^[iu]/.test(value.to.name) ? of(value.operand) : null;
    case "unary": {
      const inner = of(value.operand);
      if (value.op !== "not") return null;
      return inner === "true" ? "false" : inner === "false" ? "true" : null;
    }
    case "binary": {
      const left = of(value.left);
      const right = of(value.right);
      return left === null || right === null ? null : compared(value.op, left, right);
    }
    default:
      return null;
  }
}

function compared(op: string, left: string, right: string): string | null {
  if (op === "eq") return String(left === right);
  if (op === "ne") return String(left !== right);
  if (op === "bitand" && isBool(left) && isBool(right)) return String(left === "true" && right === "true");
  if (op === "bitor" && isBool(left) && isBool(right)) return String(left === "true" || right === "true");
  if (!/^-?\d+$/.test(left) || !/^-?\d+$/.test(right)) return null;
  const a = BigInt(left);
  const b = BigInt(right);
  switch (op) {
    case "lt":
      return String(a < b);
    case "le":
      return String(a <= b);
    case "gt":
      return String(a > b);
    case "ge":
      return String(a >= b);
    case "add":
      return String(a + b);
    case "sub":
      return a < b ? null : String(a - b);
    case "mul":
      return String(a * b);
    default:
      return null;
  }
}

function isBool(text: string): boolean {
  return text === "true" || text === "false";
}

/** `needs_drop::<T>()` and `size_of::<T>()` of the standard library. */
function callConstant(world: World, instance: Instance, term: Terminator & { k: "call" }): string | null {
  const { callee } = term;
  const [generic] = callee.k === "def" ? callee.args : [];
  if (callee.k !== "def" || generic === undefined || term.args.length > 0) return null;
  const def = world.names.def(callee.def);
  if (!world.names.isPackCrate(def.crate) || (def.name !== "needs_drop" && def.name !== "size_of")) return null;
  const ty = concrete(world, instance, generic);
  if (def.name === "needs_drop") return String(world.types.needsDrop(ty));
  const size = world.types.sizeOf(ty);
  return size === null ? null : String(size);
}
