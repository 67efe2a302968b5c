/**
 * What a call gives back where constants alone decide it: the callee is run on numbers and truth values.
 *
 * Input: a function with its type arguments, and what its arguments are, variants (`#1`) too. Output: decimal, "true" or "false"; null as soon as something matters that
 * is not known: a test, a pointer that is written through, a local that is lent to be changed, assembly. Steps and depth are bounded, so it ends.
 */
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import { computed } from "./const-compute.ts";
import type { Mir, Operand, Place, Rvalue, Terminator } from "./mir.ts";
import { concreteWith, factsFor, type World } from "./world.ts";

const MAX_BLOCKS = 200;
const MAX_DEPTH = 4;

const memo = new WeakMap<World, Map<string, string | null>>();

/** The result of a call with these type arguments and values. */
export function resultOf(
  world: World,
  callee: { readonly def: DefId; readonly args: readonly Ty[] },
  values: readonly (string | null)[],
  depth = 0,
): string | null {
  const { types } = world;
  const intrinsic = ofType(world, callee);
  if (intrinsic !== null || depth > MAX_DEPTH || values.includes(null)) return intrinsic;
  const key = `${callee.def} ${callee.args.map((one) => one.id).join()} ${values.join()}`;
  const known = memo.get(world) ?? new Map<string, string | null>();
  memo.set(world, known);
  const before = known.get(key);
  if (before !== undefined) return before;
  known.set(key, null);
  const member = types.resolveMember(callee.def, callee.args);
  const mir =
    member.def === null || !computes(world, member.def) ? null : world.bodies.mir({ def: member.def, closure: null });
  const result =
    member.def === null || mir === null ? null : numberOf(run({ world, mir, args: member.args, depth }, values));
  known.set(key, result);
  return result;
}

/** Does its body give what the function gives? That of modelled code says what it does, and gives any value of the type, unless it is marked. */
function computes(world: World, def: DefId): boolean {
  const isModelled = world.names.isPackCrate(world.names.def(def).crate);
  return !isModelled || factsFor(world, def)?.marks?.includes("computes") === true;
}

/** What a static begins with. */
export function initialOf(world: World, def: DefId): string | null {
  const mir = world.bodies.mir({ def, closure: null });
  return mir === null ? null : run({ world, mir, args: [], depth: 0 }, []);
}

/** `needs_drop`, `size_of` and `align_of` of the standard library. */
function ofType(world: World, callee: { readonly def: DefId; readonly args: readonly Ty[] }): string | null {
  const { names, types } = world;
  const [ty] = callee.args;
  const def = names.def(callee.def);
  if (ty === undefined || !names.isPackCrate(def.crate)) return null;
  if (def.name === "needs_drop") return String(types.needsDrop(ty));
  const number = def.name === "size_of" ? types.sizeOf(ty) : def.name === "align_of" ? types.alignOf(ty) : null;
  return number === null ? null : String(number);
}

interface Run {
  readonly world: World;
  readonly mir: Mir;
  readonly args: readonly Ty[];
  readonly depth: number;
}
type Locals = Map<number, string | null>;

function run(at: Run, values: readonly (string | null)[]): string | null {
  const locals: Locals = new Map(values.map((value, index) => [index + 1, value]));
  let block = 0;
  for (let step = 0; step < MAX_BLOCKS; step += 1) {
    const { stmts, term } = at.mir.blocks[block] ?? { stmts: [], term: { k: "unreachable" as const } };
    for (const { place, value } of stmts) {
      const lent = value.k === "ref" && value.mut;
      if (lent || place.proj[0]?.k === "deref") return null;
      locals.set(place.local, place.proj.length > 0 ? null : valueOf(at, locals, place, value));
    }
    if (term.k === "return") return locals.get(0) ?? null;
    const next = follow(at, locals, term);
    if (next === null) return null;
    block = next;
  }
  return null;
}

/** The block behind a terminator; null where it cannot be told, or there is none. */
function follow(at: Run, locals: Locals, term: Terminator): number | null {
  if (term.k === "goto") return term.target;
  if (term.k === "drop") return term.next;
  if (term.k === "switch") {
    const value = decidedBy(at, locals, term.on);
    if (value === null) return null;
    return term.targets.find((one) => one.value === value)?.target ?? term.otherwise;
  }
  if (term.k !== "call") return null;
  const { callee, dest } = term;
  const result =
    callee.k !== "def" || dest.proj.length > 0
      ? null
      : resultOf(
          at.world,
          { def: callee.def, args: callee.args.map((ty) => concreteWith(at.world, ty, at.args)) },
          term.args.map((one) => operandValue(at, locals, one)),
          at.depth + 1,
        );
  locals.set(dest.local, result);
  return term.next;
}

function decidedBy(at: Run, locals: Locals, on: (Terminator & { k: "switch" })["on"]): string | null {
  if (on.k === "opaque") return null;
  if (on.k === "variant") return variantAt(locals, on.place)?.slice(1) ?? null;
  return numberOf(operandValue(at, locals, on.k === "bool" ? on.condition : on.operand));
}

/** The variant (`#1`) of a local, or of what it refers to: a shared reference is what it refers to. */
function variantAt(locals: Locals, { local, proj }: Place): string | null {
  const known = proj.length === 0 || (proj.length === 1 && proj[0]?.k === "deref") ? locals.get(local) : null;
  return known?.startsWith("#") === true ? known : null;
}

function numberOf(value: string | null): string | null {
  return value?.startsWith("#") === true ? null : value;
}

function operandValue(at: Run, locals: Locals, operand: Operand): string | null {
  if (operand.k !== "const") return operand.place.proj.length > 0 ? null : (locals.get(operand.place.local) ?? null);
  const { value } = operand;
  const filled = (ty: Ty): Ty => concreteWith(at.world, ty, at.args);
  if (value.k === "int") return value.value;
  if (value.k === "bool") return String(value.value);
  if (value.k === "const") return at.world.types.constValue(value.def, value.args.map(filled));
  if (value.k !== "const-param") return null;
  const ty = filled(value.ty);
  return ty.k === "const" && !ty.value.startsWith("#") ? ty.value : null;
}

function valueOf(at: Run, locals: Locals, place: Place, value: Rvalue): string | null {
  if (value.k === "ref") return variantAt(locals, value.place);
  if (value.k === "use") return operandValue(at, locals, value.operand);
  const ty = at.mir.locals[place.local]?.ty;
  return computed(value, ty === undefined ? null : concreteWith(at.world, ty, at.args), (operand) =>
    numberOf(operandValue(at, locals, operand)),
  );
}
