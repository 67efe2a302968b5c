#!/usr/bin/env node
/**
 * The command's entry: `sigsafe-lint [VERB] [FLAGS]`.
 *
 * Input: the process's arguments. Output: what was asked for on stdout, progress on stderr (on a terminal only), and the exit code:
 * 0 nothing at or above `--fail-on`, 1 findings, 2 the analysis could not be done, 130 interrupted.
 */
import { CommanderError } from "commander";
import { inert, inertLines } from "../base/inert.ts";
import { CrateError } from "../crates/crate-error.ts";
import { ModelError } from "../model/schema-check.ts";
import { CliError } from "./cli-error.ts";
import { settleEngine } from "./engine-settings.ts";
import { clearProgress } from "./progress.ts";
import { createCommand } from "./verbs.ts";

settleEngine();

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // A closed pipe is not an error: whoever read has read enough.
  if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
  process.stderr.write(`error: the output cannot be written: ${inert(error.message)}\n`);
  process.exit(2);
});
// Nobody can be told.
process.stderr.on("error", () => {});

const interrupted = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(name, () => {
    interrupted.abort();
    clearProgress();
    process.exit(name === "SIGINT" ? 130 : name === "SIGTERM" ? 143 : 129);
  });
}

try {
  await createCommand(interrupted.signal).parseAsync(process.argv);
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  clearProgress();
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof CrateError) process.stderr.write(`error: ${error.render()}\n`);
  else if (error instanceof CliError) process.stderr.write(`error: ${error.render()}\n`);
  else if (error instanceof ModelError) process.stderr.write(`error: ${inert(error.message)}\n`);
  else {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      `error: sigsafe-lint failed: ${inert(text)}\n  = help: this is a defect of sigsafe-lint; run again with SIGSAFE_DEBUG=1 and report what it prints\n`,
    );
    if (process.env["SIGSAFE_DEBUG"] !== undefined && error instanceof Error)
      process.stderr.write(`${inertLines((error.stack ?? "").split("\n"))}\n`);
  }
  return 2;
}
