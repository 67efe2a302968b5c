/**
 * The one vocabulary of packs, reports, fixtures and documents: closed unions, and how a finding's level follows from them.
 *
 * `Kind` is an effect, `Rule` the lint's id. The tables are DESIGN's ("One vocabulary"); nothing else may be used.
 */

export const KINDS = [
  "alloc",
  "dealloc",
  "lock",
  "spin",
  "block",
  "stdio",
  "init",
  "tls",
  "libc",
  "exit",
  "user-code",
  "panic",
  "errno",
  "reentrancy",
  "flags",
] as const;
export type Kind = (typeof KINDS)[number];

export type Rule =
  | "heap-allocation"
  | "heap-free"
  | "lock-wait"
  | "spin-wait"
  | "blocking-call"
  | "buffered-stdio"
  | "lazy-init"
  | "thread-local-init"
  | "unlisted-call"
  | "exit-handlers"
  | "run-time-code"
  | "panic-in-handler"
  | "errno-not-saved"
  | "reentrant-handler"
  | "handler-flags"
  | "unresolved-call";

export type Level = "error" | "warning" | "note";

export const CONDITIONS = [
  "always",
  "uninit",
  "grow",
  "nonempty",
  "contended",
  "last-ref",
  "large",
  "guarded",
  "error-path",
  "spill",
  "first-in-thread",
  "foreign-data",
  "panic",
] as const;
export type Condition = (typeof CONDITIONS)[number];

export type Certainty = "exact" | "by-type" | "model" | "all-impls" | "assumed-cfg" | "by-name";

export type Via =
  | "call"
  | "method"
  | "trait"
  | "dyn"
  | "fn-pointer"
  | "closure"
  | "deref"
  | "operator"
  | "index"
  | "for"
  | "question"
  | "drop"
  | "macro"
  | "init"
  | "callback"
  | "await";

export type UnresolvedReason =
  | "unknown-type"
  | "fn-pointer"
  | "open-world"
  | "unknown-macro"
  | "attribute-macro"
  | "build-output"
  | "parse-error"
  | "no-model"
  | "unknown-extern"
  | "inline-asm"
  | "unknown-handler"
  | "c-source"
  | "limit";
export type Delivery = "async" | "fault";

export const RULE_OF: Readonly<Record<Kind, Rule>> = {
  alloc: "heap-allocation",
  dealloc: "heap-free",
  lock: "lock-wait",
  spin: "spin-wait",
  block: "blocking-call",
  stdio: "buffered-stdio",
  init: "lazy-init",
  tls: "thread-local-init",
  libc: "unlisted-call",
  exit: "exit-handlers",
  "user-code": "run-time-code",
  panic: "panic-in-handler",
  errno: "errno-not-saved",
  reentrancy: "reentrant-handler",
  flags: "handler-flags",
};
