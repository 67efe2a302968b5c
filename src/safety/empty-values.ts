/**
 * Values that own nothing on the heap: `Vec::new()`, `None`, a borrowed `Cow`, a struct of such.
 *
 * Told of a local is only what every assignment to it says: a variant or struct whose parts own nothing, a constant of such, what a function
 * gives that a rule marks, or whose own body says so; an argument, where every call that is known of passes such. A local that is lent to be
 * changed or that goes into a call that was not resolved is not told, nor is a type that can be filled through a shared reference or whose
 * drop is not that of its parts.
 */
import { keptPer } from "../base/kept-per.ts";
import { type Bodies, bodyId } from "../calls/bodies.ts";
import type { CallGraph, Node } from "../calls/call-graph.ts";
import { isBorrowedMutably, type Write, writesTo } from "../calls/local-writes.ts";
import type { BodyKey, Mir, Operand, Rvalue } from "../calls/mir.ts";
import { hasCell, operandTy } from "../calls/value-types.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import type { Fits, RuleFacts } from "./guard-records.ts";
import { callersOf } from "./node-callers.ts";
import { isZeroSized, wholeNumber } from "./room.ts";

export interface EmptyInput {
  readonly bodies: Bodies;
  readonly graph: CallGraph;
  readonly facts: (def: DefId) => RuleFacts | null;
}
/** A body with the types it runs for; a node of the graph, where it is one. */
export interface RunningBody {
  readonly mir: Mir;
  readonly args: readonly Ty[];
  readonly node: Node | null;
}

const MAX_DEPTH = 8;

/** Does what a site drops own nothing whenever it is dropped? */
export function isEmpty(input: EmptyInput, body: RunningBody, operand: Operand, depth = 0): boolean {
  // Of an element, or of what a pointer leads to, the place does not say the type.
  if (operand.k !== "const" && operand.place.proj.some((step) => step.k !== "field")) return false;
  const ty = operandTy(body.mir, operand);
  if (ty === null || !input.bodies.types.needsDrop(concrete(input, body, ty))) return true;
  if (depth > MAX_DEPTH) return false;
  if (operand.k !== "const") {
    return operand.place.proj.length === 0 && isEmptyLocal(input, body, operand.place.local, depth);
  }
  const { value } = operand;
  return value.k === "const" && isGivenEmpty(input, body, value.def, value.args, depth);
}

/** By body, its types, node, local and depth: a local that is set and dropped in a thousand places is asked about at each. */
const answers = keptPer<CallGraph, string, boolean>();

function isEmptyLocal(input: EmptyInput, body: RunningBody, local: number, depth: number): boolean {
  const args = body.args.map((ty) => ty.id).join();
  const key = `${bodyId(body.mir.key)}|${args}|${body.node?.id}|${local}|${depth}`;
  return answers(input.graph, key, () => isEverEmpty(input, body, local, depth));
}

function isEverEmpty(input: EmptyInput, body: RunningBody, local: number, depth: number): boolean {
  const { mir } = body;
  const decl = mir.locals[local];
  if (decl === undefined || mir.blind.length > 0 || isBorrowedMutably(mir, local)) return false;
  if (hasCell(input.bodies.types, concrete(input, body, decl.ty))) return false;
  const isArgument = local >= 1 && local <= mir.argCount;
  if (isArgument && !isPassedEmpty(input, body, local - 1, depth)) return false;
  const writes = writesTo(mir, local);
  if (writes.length === 0 && !isArgument) return false;
  return writes.every((one) => isEmptyWrite(input, body, one, depth)) && !isLost(mir, local);
}

/** Every call of the node that is known of passes a value that owns nothing; what nothing calls is called from elsewhere. */
function isPassedEmpty(input: EmptyInput, { node }: RunningBody, argument: number, depth: number): boolean {
  const calls = node === null ? [] : callersOf(input.bodies, input.graph, node);
  if (calls === null || calls.length === 0) return false;
  return calls.every(({ from, args }) => {
    const operand = args[argument];
    if (operand === undefined || from.mir === null) return false;
    return isEmpty(input, { mir: from.mir, args: from.args, node: from }, operand, depth + 1);
  });
}

function isEmptyWrite(input: EmptyInput, body: RunningBody, write: Write, depth: number): boolean {
  if (write.k === "stmt") {
    return write.stmt.place.proj.length === 0 && isEmptyValue(input, body, write.stmt.value, depth);
  }
  const { callee, args, dest } = write.term;
  if (callee.k !== "def" || dest.proj.length > 0) return false;
  const { types } = input.bodies;
  const found = types.resolveMember(
    callee.def,
    callee.args.map((ty) => concrete(input, body, ty)),
  );
  if (found.def === null) return false;
  const facts = input.facts(found.def);
  if (
    facts?.marks?.includes("owns-nothing") === true ||
    asksForNothing(input, body, found.def, facts, found.args, args)
  )
    return args.every((one) => isEmpty(input, body, one, depth + 1));
  if (facts?.effects !== undefined) return false;
  return isGivenEmpty(input, body, found.def, found.args, depth);
}

/** Room for no element, or for elements that take none. */
function asksForNothing(
  input: EmptyInput,
  body: RunningBody,
  def: DefId,
  facts: RuleFacts | null,
  types: readonly Ty[],
  args: readonly Operand[],
): boolean {
  const fits: Fits | undefined = facts?.fits;
  if (fits === undefined || fits.in !== undefined) return false;
  const wanted = fits.arg === undefined ? undefined : args[fits.arg];
  if (wanted !== undefined && wholeNumber(input.bodies, body, wanted) === 0n) return true;
  return fits.of !== undefined && isZeroSized(input.bodies, def, fits.of, types);
}

function isEmptyValue(input: EmptyInput, body: RunningBody, value: Rvalue, depth: number): boolean {
  const empty = (one: Operand): boolean => isEmpty(input, body, one, depth + 1);
  if (value.k === "use") return empty(value.operand);
  if (value.k === "cast") return value.kind === "unsize" && empty(value.operand);
  if (value.k !== "aggregate" || value.kind.k === "closure") return false;
  const { types } = input.bodies;
  // What a type's own drop does with what was put into it, a plain pointer say, is not known.
  if (value.kind.k === "adt" && types.dropImpl(types.adt(value.kind.def, value.kind.args)) !== null) return false;
  return value.fields.every(empty);
}

/** Does a function or a constant always make such a value? */
function isGivenEmpty(input: EmptyInput, body: RunningBody, def: DefId, args: readonly Ty[], depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  const found = input.bodies.types.resolveMember(
    def,
    args.map((ty) => concrete(input, body, ty)),
  );
  if (found.def === null) return false;
  const key: BodyKey = { def: found.def, closure: null };
  const mir = input.bodies.mir(key);
  return mir !== null && isEmptyLocal(input, { mir, args: found.args, node: null }, 0, depth + 1);
}

const lost = new WeakMap<Mir, ReadonlySet<number>>();

/** Does the local go into a call of which nothing is known? */
function isLost(mir: Mir, local: number): boolean {
  const known = lost.get(mir) ?? lostIn(mir);
  lost.set(mir, known);
  return known.has(local);
}

function lostIn(mir: Mir): ReadonlySet<number> {
  const found = new Set<number>();
  for (const { term } of mir.blocks) {
    if (term.k !== "call" || term.callee.k !== "unresolved") continue;
    for (const one of term.args) if (one.k !== "const") found.add(one.place.local);
  }
  return found;
}

function concrete({ bodies: { types } }: EmptyInput, { args }: RunningBody, ty: Ty): Ty {
  return types.normalize(types.subst(ty, args), [], true);
}
