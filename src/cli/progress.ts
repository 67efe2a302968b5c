/**
 * Progress on stderr: one line that is written over while a person looks on a terminal, a line each with `--verbose`, and nothing
 * otherwise. It is taken away before anything else is printed.
 */
import { inert } from "../base/inert.ts";

let shown = false;

/** Says what is being done, as the flags and the terminal ask for. */
export function progressTo(flags: { readonly quiet?: boolean; readonly verbose?: boolean }): (message: string) => void {
  if (flags.verbose === true) return (message) => process.stderr.write(`${inert(message)}\n`);
  if (flags.quiet === true || !isWatched(process.env, process.stderr.isTTY === true)) return () => undefined;
  return (message) => {
    const width = Math.max(20, process.stderr.columns ?? 80) - 1;
    const text = inert(message);
    process.stderr.write(`\r\u001b[K${text.length > width ? `${text.slice(0, width - 1)}…` : text}`);
    shown = true;
  };
}

/** Takes the line away. */
export function clearProgress(): void {
  if (shown) process.stderr.write("\r\u001b[K");
  shown = false;
}

/** Whether a person looks at it: cargo's own rule, and its variable. */
export function isWatched(env: Readonly<Record<string, string | undefined>>, terminal: boolean): boolean {
  const when = env["CARGO_TERM_PROGRESS_WHEN"];
  if (when === "always" || when === "never") return when === "always";
  return terminal && env["CI"] === undefined && env["TERM"] !== "dumb";
}
