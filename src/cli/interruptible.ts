/**
 * Computes so that a signal can end it anywhere: JavaScript that is busy hears of none, however long it takes. At SIGINT the engine can be told to
 * stop what it runs, and after that nothing of what was being computed may be used. Of SIGTERM and SIGHUP it cannot be told, so meanwhile nobody
 * listens to them, and the system ends the process: no output is written yet, but the base of a `diff` stays behind in its temporary directory.
 */
import { Script } from "node:vm";

const slot = "sigsafe-lint: work";
const script = new Script(`globalThis[${JSON.stringify(slot)}]()`);

/** The result of `work`. Where SIGINT comes meanwhile it stops, and whoever listens to SIGINT is told; none listens: it is just called. */
export function interruptible<T>(work: () => T): T {
  if (process.listenerCount("SIGINT") === 0) return work();
  const global = globalThis as Record<string, unknown>;
  global[slot] = work;
  try {
    return script.runInThisContext({ breakOnSigint: true }) as T;
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED") process.emit("SIGINT");
    throw error;
  } finally {
    delete global[slot];
  }
}

/** The result of `work`, while which SIGTERM and SIGHUP end the process as they do where nobody listens (143 and 129 to a shell). */
export async function endable<T>(work: () => Promise<T>): Promise<T> {
  // The first process of a container is shielded from signals that nobody listens to.
  if (process.pid === 1) return await work();
  const names = ["SIGTERM", "SIGHUP"] as const;
  const heard = names.flatMap((name) =>
    process.rawListeners(name).map((listener) => [name, listener as () => void] as const),
  );
  for (const [name, listener] of heard) process.off(name, listener);
  try {
    return await work();
  } finally {
    for (const [name, listener] of heard) process.on(name, listener);
  }
}
