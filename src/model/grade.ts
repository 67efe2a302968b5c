/**
 * How bad a finding is: the level, and the one reason that decided it, after the table of DESIGN ("One vocabulary").
 *
 * A kind starts at its own level. Conditions on the path, the certainty of the path and the way the handler is entered can
 * only lower it; where several do, the one that lowers most decides. Nothing is hidden: `null` is only for a call of C
 * that is listed, safe in practice, or unknown (a blind spot, which is told elsewhere).
 */
import type { LibcVerdict } from "./signal-safety.ts";
import type { Certainty, Condition, Delivery, Kind, Level } from "./vocabulary.ts";

export interface GradeInput {
  readonly kind: Kind;
  /** The level of the kind's lint; for `init` the worst of what it covers. Not used for `libc`. */
  readonly base: Level;
  readonly conditions: readonly Condition[];
  readonly certainty: Certainty;
  readonly delivery: Delivery;
  /** What signal-safety.json says of the function; for `libc` only. */
  readonly verdict?: LibcVerdict;
  readonly strictPosix?: boolean;
  /** For `panic`: written in the crate that defines the handler or in a workspace member. */
  readonly explicitPanic?: boolean;
  /** False where the configuration keeps errors of fault handlers. */
  readonly faultLowers?: boolean;
}
export interface Grade {
  readonly level: Level;
  /** `error: reached on every call`. */
  readonly why: string;
}

interface Cap {
  readonly level: Level;
  readonly why: string;
}

/** The level of one effect and why; null where it is no finding. */
export function gradeLevel(input: GradeInput): Grade | null {
  const base = startOf(input);
  if (base === null) return null;
  let decided = base;
  for (const cap of capsOf(input)) if (rank(cap.level) < rank(decided.level)) decided = cap;
  return { level: decided.level, why: `${decided.level}: ${decided.why}` };
}

/** The worse of two levels; null is no finding. */
export function worse(a: Level | null, b: Level | null): Level | null {
  if (a === null) return b;
  return b === null || rank(a) >= rank(b) ? a : b;
}

/** Levels from `note` to `error`, as numbers that grow. */
export function rank(level: Level): number {
  return level === "error" ? 2 : level === "warning" ? 1 : 0;
}

function startOf(input: GradeInput): Cap | null {
  const { kind, conditions, base } = input;
  if (kind === "libc") return startOfLibc(input.verdict ?? "unknown", input.strictPosix === true, conditions);
  if (kind === "panic") {
    return input.explicitPanic === true
      ? { level: worst("warning", base), why: "the process dies or unwinds out of the handler" }
      : { level: "note", why: "can only panic" };
  }
  return { level: base, why: base === "error" ? keptBy(conditions) : (ownReason[kind] ?? keptBy(conditions)) };
}

function startOfLibc(verdict: LibcVerdict, strict: boolean, conditions: readonly Condition[]): Cap | null {
  if (verdict === "unsafe") return { level: "error", why: keptBy(conditions) };
  if (verdict === "unlisted") return { level: "warning", why: "signal-safety(7) does not list it" };
  if (verdict === "safe-in-practice" && strict) return { level: "warning", why: "POSIX does not list it" };
  return null;
}

/** What lowers a level, strongest first: of two that lower to the same level the first is told. */
function capsOf({ kind, conditions, certainty, delivery, faultLowers }: GradeInput): readonly Cap[] {
  const caps: Cap[] = [];
  if (kind !== "panic" && conditions.includes("panic")) caps.push({ level: "note", why: "only when it panics" });
  if (certainty === "by-name") caps.push({ level: "note", why: "the callee is known by its name only" });
  for (const [condition, why] of lowering) {
    if (conditions.includes(condition)) caps.push({ level: "warning", why });
  }
  if (certainty === "all-impls") caps.push({ level: "warning", why: "any implementation of the trait may be meant" });
  if (certainty === "assumed-cfg")
    caps.push({ level: "warning", why: "it is not known whether this code is compiled" });
  if (delivery === "fault" && faultLowers !== false)
    caps.push({ level: "warning", why: "only in a handler of faults" });
  return caps;
}

const lowering: readonly (readonly [Condition, string])[] = [
  ["guarded", "only if the capacity check before it is wrong"],
  ["error-path", "only on an error"],
  ["spill", "only where the inline storage is full"],
  ["first-in-thread", "only the first time in a thread"],
  ["foreign-data", "only for another platform's data"],
];

/** Conditions that keep the level, most telling first. */
const keeping: readonly (readonly [Condition, string])[] = [
  ["uninit", "on first use, which may be in the handler"],
  ["contended", "waits if the interrupted thread is the holder"],
  ["grow", "whenever there is no room left"],
  ["last-ref", "when the handler drops the last reference"],
  ["large", "for large inputs"],
  ["nonempty", "whenever there is something in it"],
];

/** Why kinds whose own level is no error are told. */
const ownReason: Readonly<Partial<Record<Kind, string>>> = {
  block: "waits for a thread or for I/O",
  tls: "the first use in a thread registers a destructor or runs an initialiser",
  "user-code": "which code runs is chosen at run time",
  errno: "the interrupted code may see the changed errno",
  reentrancy: "the handler can interrupt itself",
  flags: "the way it is installed",
};

function keptBy(conditions: readonly Condition[]): string {
  for (const [condition, why] of keeping) if (conditions.includes(condition)) return why;
  return "reached on every call";
}

/** The configuration may have lowered the lint; it never raises an explicit panic above a warning. */
function worst(limit: Level, base: Level): Level {
  return rank(base) < rank(limit) ? base : limit;
}
