/**
 * signal-safety.json as an index: what a call of a C function, named by its symbol, does to a signal handler.
 *
 * A symbol that the file does not have is unknown, which is an answer of its own (a blind spot), never "safe". Raw system
 * calls are looked up by the number's constant name (`SYS_futex`) or by the number on an architecture.
 */
import { checkAgainst, ModelError } from "./schema-check.ts";
import type { Condition, Kind } from "./vocabulary.ts";

export type LibcVerdict = "listed" | "safe-in-practice" | "unlisted" | "unsafe" | "unknown";
export type ErrnoFact = "never" | "on-failure" | "unknown";

export interface LibcEffect {
  readonly kind: Kind;
  readonly when: Condition;
  /** The C library makes the lock anew in the child of a fork: nobody holds it there. */
  readonly anewInChild?: true;
}
/** What holds instead of the record's own facts where argument `arg` is one of these constants. */
export interface ByArgument {
  readonly arg: number;
  readonly values: readonly number[];
  readonly verdict: LibcVerdict;
  readonly effects?: readonly LibcEffect[];
  readonly errno?: ErrnoFact;
  readonly cite: readonly string[];
}
export interface Invokes {
  readonly arg: number;
  /** `now` and `uninit` (the first time only) run inside the call; the others do not. */
  readonly when: "now" | "uninit" | "later" | "other-thread" | "at-exit" | "at-fork";
}
export interface LibcRecord {
  readonly name: string;
  readonly verdict: LibcVerdict;
  /** The standard that has it in its list, and the one that took it out again. */
  readonly standard?: { readonly section: 2 | 3; readonly since: string; readonly removed?: string };
  readonly errno: ErrnoFact;
  /** It cannot fail where all these arguments are constants. */
  readonly errnoNeverIfConstant?: readonly number[];
  /** Kinds that say more than `libc`; they are graded by their own kind and condition. */
  readonly effects?: readonly LibcEffect[];
  readonly invokes?: readonly Invokes[];
  readonly byArgument?: readonly ByArgument[];
  readonly noreturn?: true;
  /** `signal-mask`: sets the thread's mask by (how, set). `set-fill`, `set-add`: puts all signals, or the second argument's, into a set. `copy`: what it writes is what it was given. */
  readonly role?: "errno-location" | "syscall" | "fork" | "signal-mask" | "set-fill" | "set-add" | "copy";
  readonly note?: string;
  /** What to call in a handler instead. */
  readonly instead?: string;
  readonly cite: readonly string[];
}
export interface SyscallRecord extends Omit<LibcRecord, "cite" | "invokes"> {
  readonly name: string;
  /** The C function that makes the same system call. */
  readonly like?: string;
  readonly numbers: Readonly<Record<string, number>>;
  readonly cite?: readonly string[];
}

export interface SignalSafety {
  /** Null where nothing is known of it. Aliases and fortified variants answer with the record they stand for. */
  readonly lookup: (symbol: string) => LibcRecord | null;
  readonly syscalls: {
    readonly byName: (constant: string) => SyscallRecord | null;
    readonly byNumber: (arch: string, number: number) => SyscallRecord | null;
  };
  readonly all: readonly LibcRecord[];
  readonly source: SafetySource;
}
export interface SafetySource {
  readonly page: string;
  /** The release of the page that was read. */
  readonly edition: string;
  readonly date: string;
  readonly standards: readonly string[];
  readonly witnesses: readonly string[];
}

interface SafetyFile {
  readonly source: SafetySource;
  readonly prefixes: readonly (Omit<LibcRecord, "name"> & { readonly prefix: string })[];
  readonly functions: readonly (LibcRecord | { readonly name: string; readonly alias: string })[];
  readonly syscalls: readonly SyscallRecord[];
}

const file = "signal-safety.json";

/** Does a C function put nothing where it writes but what it was given? */
export function onlyCopies(safety: SignalSafety): (symbol: string) => boolean {
  return (symbol) => {
    const role = safety.lookup(symbol)?.role;
    return role === "copy" || role === "set-fill" || role === "set-add";
  };
}

/** Reads the parsed signal-safety.json, held against its schema where one is given. Throws a ModelError where it does not fit. */
export function loadSignalSafety(schema: object | null, value: unknown): SignalSafety {
  const data = checkAgainst<SafetyFile>(file, schema, value);
  const records = new Map<string, LibcRecord>();
  for (const one of data.functions) {
    if (records.has(one.name)) throw twice(one.name);
    if (!("alias" in one)) records.set(one.name, one);
  }
  const all = [...records.values()];
  for (const one of data.functions) {
    if (!("alias" in one)) continue;
    const target = records.get(one.alias);
    if (target === undefined || records.has(one.name)) throw twice(one.name);
    records.set(one.name, target);
  }
  const byName = new Map(data.syscalls.map((one) => [one.name, one]));
  const byNumber = new Map(
    data.syscalls.flatMap((one) => Object.entries(one.numbers).map(([arch, number]) => [`${arch} ${number}`, one])),
  );
  return {
    lookup: (symbol) => records.get(symbol) ?? byPrefix(data.prefixes, symbol),
    syscalls: {
      byName: (constant) => byName.get(constant) ?? null,
      byNumber: (arch, number) => byNumber.get(`${arch} ${number}`) ?? null,
    },
    all,
    source: data.source,
  };
}

/** The facts that hold for a call whose constant arguments are known: `constant(n)` is argument n's value, or null. */
export function factsOfCall<R extends LibcRecord | SyscallRecord>(
  record: R,
  constant: (arg: number) => number | null,
  isConstant: (arg: number) => boolean,
): Pick<LibcRecord, "verdict" | "errno" | "effects"> {
  for (const one of record.byArgument ?? []) {
    const value = constant(one.arg);
    if (value === null || !one.values.includes(value)) continue;
    return { verdict: one.verdict, errno: one.errno ?? record.errno, effects: one.effects ?? [] };
  }
  const errno = record.errnoNeverIfConstant?.every(isConstant) ? "never" : record.errno;
  return { verdict: record.verdict, errno, effects: record.effects ?? [] };
}

function byPrefix(prefixes: SafetyFile["prefixes"], symbol: string): LibcRecord | null {
  for (const { prefix, ...facts } of prefixes) if (symbol.startsWith(prefix)) return { ...facts, name: symbol };
  return null;
}

function twice(name: string): ModelError {
  return new ModelError(file, "/functions", `${name} stands twice, or its alias leads nowhere`, "keep one entry");
}
