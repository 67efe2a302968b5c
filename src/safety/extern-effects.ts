/**
 * What a call of a C function does to a handler, by signal-safety.json: its kinds with conditions, its verdict, errno.
 *
 * Constant arguments are looked at where a record asks for them (system call numbers, clocks). A symbol or system call that
 * the file does not have is unknown: the caller makes a blind spot of it.
 */
import type { Bodies } from "../calls/bodies.ts";
import type { Operand } from "../calls/mir.ts";
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
  const record = found.role === "syscall" ? syscallRecord(options, call) : found;
  if (record === null) return UNKNOWN;
  const shift = found.role === "syscall" ? 1 : 0;
  const constant = (arg: number): number | null => numberOf(options.bodies, call.args[arg + shift]);
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

function syscallRecord(options: ExternOptions, call: ExternCall): LibcRecord | SyscallRecord | null {
  const number = call.args[0];
  if (number?.k === "const" && number.value.k === "const") {
    const name = options.bodies.names.def(number.value.def).name;
    const known = options.safety.syscalls.byName(name);
    if (known !== null) return likeOf(options, known);
  }
  const value = numberOf(options.bodies, number);
  const known = value === null ? null : options.safety.syscalls.byNumber(options.arch, value);
  return known === null ? null : likeOf(options, known);
}

/** A system call that says only which C function makes the same. */
function likeOf(options: ExternOptions, record: SyscallRecord): LibcRecord | SyscallRecord {
  return record.like === undefined ? record : (options.safety.lookup(record.like) ?? record);
}

/** The number that a constant operand stands for. */
export function numberOf(bodies: Bodies, operand: Operand | undefined): number | null {
  if (operand?.k !== "const") return null;
  const { value } = operand;
  if (value.k === "int") return Number(value.value);
  if (value.k !== "const") return null;
  const text = bodies.types.constValue(value.def, value.args);
  return text === null || !/^-?\d+$/.test(text) ? null : Number(text);
}
