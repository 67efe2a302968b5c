/**
 * rules/registrars.json as an index: which calls install a handler, where its function, signal and flags stand, and what the
 * numbers mean on a system and architecture. Users' rule files add registrars of their own, in the same form.
 *
 * It answers by link name and by printed path only; following values to the function is for `safety`.
 */
import { addTo } from "../base/add-to.ts";
import { checkAgainst, ModelError } from "./schema-check.ts";
import type { Delivery } from "./vocabulary.ts";

/** Where a value stands in a call: an argument, behind a pointer if `pointee`, in the first of `fields` that is there (`a.b` is nested). */
export interface ValuePlace {
  readonly arg: number;
  readonly pointee?: true;
  readonly fields?: readonly string[];
}
export interface Registrar {
  readonly id: string;
  readonly match: {
    readonly symbols?: readonly string[];
    readonly paths?: readonly string[];
    /** Bounds on the version of the crate that the path leads into. */
    readonly versions?: string;
    /** Only calls in which these arguments are these named constants, or numbers (by architecture). */
    readonly where?: readonly {
      readonly arg: number;
      readonly constant: string;
      readonly numbers?: Readonly<Record<string, number>>;
    }[];
  };
  readonly entryKind: "signal" | "fork-child" | "atfork" | "user";
  readonly signal?: ValuePlace;
  readonly handlers: readonly ValuePlace[];
  readonly flags?: ValuePlace;
  readonly impliedFlags?: readonly string[];
  readonly oldAction?: ValuePlace;
  /** Functions whose result stands for the struct at the handler's argument; places are in that function's call. */
  readonly constructors?: readonly {
    readonly path: string;
    readonly handler: ValuePlace;
    readonly flags?: ValuePlace;
  }[];
  /** Enum variants: those whose payload is the handler, those that stand for none, those that bring SA_SIGINFO. */
  readonly variants?: {
    readonly handler: readonly string[];
    readonly none: readonly string[];
    readonly siginfo?: readonly string[];
  };
  /** Functions that call what is given here; they are handlers themselves, and what they save is saved for these. */
  readonly dispatchers?: readonly string[];
  /** Installations inside the matched function itself are this one. */
  readonly leaf?: true;
  /** The call takes no flags (`signal`). */
  readonly viaSignal?: true;
  readonly cite: readonly string[];
}
export interface NotHandler {
  readonly paths: readonly string[];
  readonly why: string;
  readonly cite: readonly string[];
}
/** How the kernel is entered, and the registers it is given what in; of the names of one register the first is ours. */
export interface SystemCallRules {
  /** An operand that always is the same stands there too (`int 0x80`). */
  readonly instructions: readonly string[];
  readonly number: readonly string[];
  readonly arguments: readonly (readonly string[])[];
  /** Where a function finds its own parameters. */
  readonly parameters: readonly (readonly string[])[];
  /** Instructions after which the next one runs, and those that jump to a label. */
  readonly plain?: PlainInstructions;
}
export interface PlainInstructions {
  readonly instructions: readonly string[];
  readonly jumps: readonly string[];
  /** What ends a naked function; and what one that returns to its caller must leave alone. */
  readonly returns: readonly string[];
  readonly returnAddress: readonly string[];
  /** What memory that nobody else changes is addressed by: the stack, the thread's own. */
  readonly ownMemory: readonly string[];
  /** Registers that are another way to jump. */
  readonly programCounter: readonly string[];
}

export interface Registrars {
  readonly all: readonly Registrar[];
  /** Every link name that may install a handler, for a search through texts. */
  readonly symbols: ReadonlySet<string>;
  /** C functions that give the address of a function by its name. */
  readonly lookups: ReadonlySet<string>;
  /** What the instruction is that enters the kernel; null where that is not known. */
  readonly systemCalls: (arch: string) => SystemCallRules | null;
  /** What the constants that hold numbers of system calls begin with. */
  readonly systemCallNames: readonly string[];
  /** The registrars that such an instruction may be, called as the C function that stands for it. */
  readonly bySystemCall: readonly Registrar[];
  readonly bySymbol: (symbol: string) => readonly Registrar[];
  readonly byPath: (path: string) => readonly Registrar[];
  /** A function that looks like a registrar and is none. */
  readonly notHandler: (path: string) => NotHandler | null;
  /** `SIG_DFL` and the like for a handler's value; null for a function's address. */
  readonly handlerValue: (value: number, symbol: string | null) => string | null;
  /** By what the numbers of signals and flags go on a target: its system, or its architecture where that is Linux. */
  readonly numbering: (target: string) => string;
  /** `SIGPROF` for 27; real-time signals as `SIGRTMIN+n`; null where there is no such signal. */
  readonly signalName: (numbering: string, number: number) => string | null;
  readonly signalNumber: (numbering: string, name: string) => number | null;
  /** Synchronous faults are delivered as `fault`, all other signals as `async`. */
  readonly delivery: (signal: string) => Delivery;
  /** Signals that an overflow of the stack raises: their handlers need a stack of their own. */
  readonly stackOverflow: ReadonlySet<string>;
  /** Names of the flags that are set, in the order of their bits. */
  readonly flagNames: (numbering: string, bits: number) => readonly string[];
  readonly flagBits: (numbering: string, name: string) => number | null;
  /** One of the numbers that a registrar's `where` has. */
  readonly numberOn: (arch: string, numbers: Readonly<Record<string, number>> | undefined) => number | null;
}

type PerArch = Readonly<Record<string, Readonly<Record<string, number>>>>;
export interface RegistrarFile {
  readonly registrars: readonly Registrar[];
  readonly notHandlers?: readonly NotHandler[];
  readonly lookups?: { readonly symbols: readonly string[] };
  readonly systemCalls?: {
    readonly like: string;
    readonly names: readonly string[];
    readonly architectures: Readonly<Record<string, SystemCallRules>>;
  };
  readonly handlerValues?: readonly HandlerValue[];
  readonly signals?: SignalTable;
  readonly flags?: { readonly bits: PerArch };
  /** By whose numbers systems go that do not go by those of Linux: parts of a target's name. */
  readonly systems?: Readonly<Record<string, readonly string[]>>;
  readonly architectures?: Readonly<Record<string, readonly string[]>>;
}
interface HandlerValue {
  readonly name: string;
  readonly value: number;
  /** Only where this function is called. */
  readonly symbols?: readonly string[];
}
interface SignalTable {
  readonly numbers: PerArch;
  readonly fault: readonly string[];
  readonly aliases: Readonly<Record<string, string>>;
  readonly stackOverflow: readonly string[];
  readonly realtime: { readonly first: number; readonly last: number };
}
export interface RuleSource {
  readonly file: string;
  readonly value: unknown;
}

/** Reads parsed rule files: ours first (it has the tables of signals and flags), then those of users, checked already. Throws a ModelError. */
export function loadRegistrars(
  schema: object | null,
  ours: RuleSource,
  added: readonly RegistrarFile[] = [],
): Registrars {
  const base = checkAgainst<RegistrarFile>(ours.file, schema, ours.value);
  const { signals, flags } = base;
  if (signals === undefined || flags === undefined) {
    throw new ModelError(ours.file, "", "has no signals or no flags", "install the program again");
  }
  const all = [base, ...added].flatMap((one) => one.registrars);
  const symbols = grouped(all, (one) => one.match.symbols ?? []);
  const paths = grouped(all, (one) => one.match.paths ?? []);
  const notHandlers = grouped(
    [base, ...added].flatMap((one) => one.notHandlers ?? []),
    (one) => one.paths,
  );
  const columnOf = (table: PerArch, arch: string): Readonly<Record<string, number>> =>
    table[archClass(base, arch) ?? arch] ?? table["default"] ?? {};
  const fault = new Set(signals.fault);
  const canonical = (name: string): string => signals.aliases[name] ?? name;
  return {
    all,
    symbols: new Set(symbols.keys()),
    lookups: new Set([base, ...added].flatMap((one) => one.lookups?.symbols ?? [])),
    systemCalls: (arch) => base.systemCalls?.architectures[archClass(base, arch) ?? arch] ?? null,
    systemCallNames: base.systemCalls?.names ?? [],
    bySystemCall: symbols.get(base.systemCalls?.like ?? "") ?? [],
    bySymbol: (symbol) => symbols.get(symbol) ?? [],
    byPath: (path) => matching(paths, path),
    notHandler: (path) => matching(notHandlers, path)[0] ?? null,
    handlerValue: (value, symbol) => handlerValue(base.handlerValues ?? [], value, symbol),
    numbering: (target) => systemOf(base, target) ?? target.split("-")[0] ?? "",
    signalName: (numbering, number) =>
      nameOf(columnOf(signals.numbers, numbering), number) ??
      (base.systems?.[numbering] === undefined ? realtimeName(signals, number) : null),
    signalNumber: (numbering, name) => columnOf(signals.numbers, numbering)[canonical(name)] ?? null,
    delivery: (signal) => (fault.has(canonical(signal)) ? "fault" : "async"),
    stackOverflow: new Set(signals.stackOverflow),
    flagNames: (numbering, bits) => setFlags(columnOf(flags.bits, numbering), bits),
    flagBits: (numbering, name) => columnOf(flags.bits, numbering)[name] ?? null,
    numberOn: (arch, numbers) => numbers?.[archClass(base, arch) ?? arch] ?? null,
  };
}

function grouped<T>(list: readonly T[], keysOf: (one: T) => readonly string[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of list) for (const key of keysOf(one)) addTo(groups, key, one);
  return groups;
}

/** The exact path, else the longest pattern `prefix::*` that it falls under. */
function matching<T>(groups: ReadonlyMap<string, readonly T[]>, path: string): readonly T[] {
  const exact = groups.get(path);
  if (exact !== undefined) return exact;
  for (let end = path.lastIndexOf("::"); end > 0; end = path.lastIndexOf("::", end - 1)) {
    const found = groups.get(`${path.slice(0, end)}::*`);
    if (found !== undefined) return found;
  }
  return [];
}

function systemOf(base: RegistrarFile, target: string): string | null {
  const parts = target.split("-");
  for (const [name, members] of Object.entries(base.systems ?? {}))
    if (members.some((one) => parts.includes(one))) return name;
  return null;
}

/** What an architecture of a target's name is called in the tables, where that is another name. */
function archClass(base: RegistrarFile, arch: string): string | null {
  for (const [name, members] of Object.entries(base.architectures ?? {})) if (members.includes(arch)) return name;
  return null;
}

/** Values are machine words: all ones may come as -1 or as the unsigned number (rounded, above 32 bits). */
function handlerValue(values: readonly HandlerValue[], value: number, symbol: string | null): string | null {
  const signed = value === 2 ** 32 - 1 || value >= 2 ** 64 - 2048 ? -1 : value;
  const found = values.find(
    (one) => one.value === signed && (one.symbols === undefined || (symbol !== null && one.symbols.includes(symbol))),
  );
  return found?.name ?? null;
}

function nameOf(column: Readonly<Record<string, number>>, number: number): string | null {
  for (const [name, value] of Object.entries(column)) if (value === number) return name;
  return null;
}

/** The two lowest of them are the C library's own; programs count from the one after. */
function realtimeName({ realtime }: SignalTable, number: number): string | null {
  if (number < realtime.first || number > realtime.last) return null;
  const at = number - (realtime.first + 2);
  if (at === 0) return "SIGRTMIN";
  return at > 0 ? `SIGRTMIN+${at}` : `SIG${number}`;
}

function setFlags(column: Readonly<Record<string, number>>, bits: number): readonly string[] {
  const word = bits >>> 0;
  return Object.entries(column)
    .filter(([, bit]) => (word & bit) >>> 0 === bit >>> 0)
    .sort(([, a], [, b]) => (a >>> 0) - (b >>> 0))
    .map(([name]) => name);
}

/** Is a registrar one whose handlers are linted? Those of code around a fork are where they are asked for. */
export function isLookedFor({ entryKind }: Registrar, forkEntries: boolean): boolean {
  return forkEntries || !isAroundFork(entryKind);
}

/** Does code that is entered so run around a fork, where it interrupts nobody? */
export function isAroundFork(entryKind: Registrar["entryKind"]): boolean {
  return entryKind === "fork-child" || entryKind === "atfork";
}

/** The names of methods, which are called behind a dot, that are looked for: a path names one in a type or trait, by its capital letter, or in `<Type as Trait>`. */
export function methodNames({ all }: Registrars, forkEntries: boolean): readonly string[] {
  const paths = all.flatMap((one) => (isLookedFor(one, forkEntries) ? (one.match.paths ?? []) : []));
  return paths.flatMap((path) => /(?:^<.*>|(?:^|::)[A-Z]\w*)::(\w+)$/.exec(path)?.[1] ?? []);
}

/** The names of functions that a registrar is: symbols, and the last words of paths. */
export function matchedNames({ symbols = [], paths = [] }: Registrar["match"]): readonly string[] {
  return [...symbols, ...paths.map((path) => path.slice(path.lastIndexOf("::") + 2))];
}
