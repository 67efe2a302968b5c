/**
 * Computes so that Ctrl-C can end it anywhere: JavaScript that is busy hears of no signal, however long it takes, but the engine can be told to
 * stop what it runs. After an interrupt nothing of what was being computed may be used.
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
