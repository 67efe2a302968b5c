/**
 * What a call of a C function does to a handler, by signal-safety.json: its kinds with conditions, its verdict, errno.
 *
 * Constant arguments are looked at where a record asks for them (system call numbers, clocks). A symbol or system call that
 * the file does not have is unknown: the caller makes a blind spot of it.
 */
import type { Bodies } from "../calls/bodies.ts";
import { computed } from "../calls/const-compute.ts";
import { isBorrowedMutably } from "../calls/local-writes.ts";
import type { Mir, Operand } from "../calls/mir.ts";
import { factsOf } from "../calls/mir-facts.ts";
import type { Allocators } from "../model/allocators.ts";
import {
  factsOfCall,
  type LibcRecord,
  type LibcVerdict,
  type SignalSafety,
  type SyscallRecord,
} from "../model/signal-safety.ts";
import type { Condition, Kind } from "../model/vocabulary.ts";

export interface ExternCall {
  readonly symbol: string;
  readonly args: readonly Operand[];
  /** The body that makes it. */
  readonly mir: Mir | null;
}
export interface ExternFacts {
  /** Nothing is known of it. */
  readonly unknown: boolean;
  readonly effects: readonly { readonly kind: Kind; readonly when: Condition }[];
  readonly verdict: LibcVerdict;
  /** It may fail here and then sets errno. */
  readonly setsErrno: boolean;
  /** It gives the address of errno. */
  readonly errnoLocation: boolean;
}
export interface ExternOptions {
  readonly safety: SignalSafety;
  readonly allocators: Allocators;
  readonly bodies: Bodies;
  /** First part of the target triple, for system call numbers. */
  readonly arch: string;
}

const UNKNOWN: ExternFacts = {
  unknown: true,
  effects: [],
  verdict: "unknown",
  setsErrno: false,
  errnoLocation: false,
};

/** Facts of one call. */
export function externFacts(options: ExternOptions, call: ExternCall): ExternFacts {
  const found = options.safety.lookup(call.symbol);
  if (found === null) return ofAllocator(options, call.symbol);
  const isSystemCall = found.role === "syscall";
  const own = isSystemCall ? syscallRecord(options, call) : null;
  const record = isSystemCall ? own && likeOf(options, own) : found;
  if (record === null) return UNKNOWN;
  // A system call's own entry counts from its number; the C function that is like it is not given the number.
  const shift = isSystemCall && record !== own ? 1 : 0;
  const constant = (arg: number): number | null => numberOf(options.bodies, call.mir, call.args[arg + shift]);
  const facts = factsOfCall(record, constant, (arg) => call.args[arg + shift]?.k === "const");
  return {
    unknown: facts.verdict === "unknown",
    // Kinds that say more than `libc` stand for the call.
    effects: (facts.effects ?? []).length > 0 ? (facts.effects ?? []) : [{ kind: "libc", when: "always" }],
    verdict: facts.verdict,
    setsErrno: facts.errno === "on-failure",
    errnoLocation: found.role === "errno-location",
  };
}

/** A function of an allocator that is linked in. */
function ofAllocator(options: ExternOptions, symbol: string): ExternFacts {
  const found = options.allocators.bySymbol(symbol);
  if (found === null) return UNKNOWN;
  const effects = found.effects.map((kind) => ({ kind, when: "always" as const }));
  return { unknown: false, effects, verdict: "unsafe", setsErrno: false, errnoLocation: false };
}

function syscallRecord(options: ExternOptions, call: ExternCall): SyscallRecord | null {
  const number = call.args[0];
  if (number?.k === "const" && number.value.k === "const") {
    const name = options.bodies.names.def(number.value.def).name;
    const known = options.safety.syscalls.byName(name);
    if (known !== null) return known;
  }
  const value = numberOf(options.bodies, call.mir, number);
  return value === null ? null : options.safety.syscalls.byNumber(options.arch, value);
}

/** A system call that says only which C function makes the same. */
function likeOf(options: ExternOptions, record: SyscallRecord): LibcRecord | SyscallRecord {
  return record.like === undefined ? record : (options.safety.lookup(record.like) ?? record);
}

/** The number that an operand stands for: a constant, or what the body makes of constants. */
function numberOf(bodies: Bodies, mir: Mir | null, operand: Operand | undefined): number | null {
  const text = operand === undefined ? null : textOf(bodies, mir, operand, 0);
  return text === null || !/^-?\d+$/.test(text) ? null : Number(text);
}

const MAX_STEPS = 12;

function textOf(bodies: Bodies, mir: Mir | null, operand: Operand, steps: number): string | null {
  if (operand.k === "const") {
    const { value } = operand;
    if (value.k === "int") return value.value;
    return value.k === "const" ? bodies.types.constValue(value.def, value.args) : null;
  }
  const { local, proj } = operand.place;
  if (mir === null || proj.length > 0 || steps > MAX_STEPS || isBorrowedMutably(mir, local)) return null;
  const definition = factsOf(mir).definition(local);
  if (definition?.k !== "value") return null;
  return computed(definition.value, mir.locals[local]?.ty ?? null, (one) => textOf(bodies, mir, one, steps + 1));
}
