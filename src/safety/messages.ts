/**
 * The one line that says what a finding is about: what the callee does that a handler must not.
 */
import type { Kind } from "../model/vocabulary.ts";
import type { CoveredEffect } from "./report-model.ts";

const DOES: Readonly<Record<Exclude<Kind, "errno">, string>> = {
  alloc: "can allocate from the heap",
  dealloc: "can free heap memory",
  lock: "can wait for a lock",
  spin: "can spin until another holder lets go",
  block: "can block",
  stdio: "uses locked, buffered streams",
  init: "is initialised on first use, which may be in the handler",
  tls: "can set up a thread-local value",
  libc: "is not async-signal-safe",
  exit: "runs exit handlers",
  "user-code": "runs code that is chosen at run time",
  panic: "panics",
  reentrancy: "can be interrupted by itself",
  flags: "is installed in a way that loses something",
};

/** The message of a finding. */
export function messageOf(
  kind: Kind,
  callee: string,
  allocator: string | null,
  covers: readonly CoveredEffect[],
): string {
  if (kind === "errno") {
    const others =
      covers.length > 1 ? ` (and ${covers.length - 1} more ${covers.length === 2 ? "place" : "places"})` : "";
    return `errno is not given back as it was: \`${callee}\` may change it${others}`;
  }
  const heap = (kind === "alloc" || kind === "dealloc") && allocator !== null ? ` (${allocator})` : "";
  const behind = kind === "init" && covers.length > 0 ? `: ${summary(covers)} behind it` : "";
  const many = kind !== "init" && covers.length > 1 ? ` at ${covers.length} places behind it` : "";
  return `\`${callee}\` ${DOES[kind]}${heap}${many}${behind}`;
}

function summary(covers: readonly CoveredEffect[]): string {
  const counts = new Map<Kind, number>();
  for (const one of covers) counts.set(one.kind, (counts.get(one.kind) ?? 0) + 1);
  return [...counts]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([kind, number]) => `${number} ${kind}`)
    .join(", ");
}
