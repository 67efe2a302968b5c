/** Runs the command line from its sources as a process of its own, and gives back what it printed and how it ended. */
import { spawn } from "node:child_process";
import { packageFile } from "../../src/base/package-file.ts";

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Variables of the surrounding test run that would change what is printed or found. */
const quiet: Readonly<Record<string, string | undefined>> = {
  NO_COLOR: undefined,
  FORCE_COLOR: undefined,
  CLICOLOR_FORCE: undefined,
  CARGO_TERM_COLOR: undefined,
  // No results of other runs, and none kept for them.
  XDG_CACHE_HOME: "/dev/null",
};

/** Runs `sigsafe-lint` with these arguments; `env` is added to the environment, undefined removes a variable. */
export function runCli(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string | undefined>> } = {},
): Promise<CliRun> {
  return new Promise((done, fail) => {
    const child = spawn(
      process.execPath,
      ["--import", import.meta.resolve("tsx"), packageFile("src/cli/main.ts"), ...args],
      {
        cwd: options.cwd ?? packageFile("."),
        env: { ...process.env, ...quiet, ...options.env },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const out: Record<"stdout" | "stderr", Buffer[]> = { stdout: [], stderr: [] };
    child.stdout.on("data", (chunk: Buffer) => out.stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => out.stderr.push(chunk));
    child.on("error", fail);
    child.on("close", (code) =>
      done({ code, stdout: Buffer.concat(out.stdout).toString(), stderr: Buffer.concat(out.stderr).toString() }),
    );
  });
}
