/**
 * Runs the tool in a child process of its own, one input at a time, and remembers the answer under a hash of everything that decides it.
 *
 * The key covers src, rules, the parser's wasm, the arguments and the input's own files, so a re-run after a change of a test costs nothing.
 * It does not cover the registry: inputs must name exact versions. A run that times out or dies is an answer too, never a success.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { GraphJson } from "../../src/calls/graph-json.ts";
import type { Report } from "../../src/safety/report-model.ts";

export interface ToolRun {
  /** Null where it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  readonly cached: boolean;
}
export interface RunInput {
  readonly args: readonly string[];
  /** A folder whose files belong to the key. */
  readonly folder?: string;
  readonly timeoutSeconds?: number;
  /** Joins the environment; runs with one are not remembered. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The project's root. */
export const projectRoot: string = fileURLToPath(new URL("../../", import.meta.url));

/** Runs `sigsafe-lint` with arguments; the answer of an equal earlier run is reused. */
export function runTool(input: RunInput): ToolRun {
  const cache = path.join(tmpdir(), `sigsafe-score.${userInfo().uid}`);
  mkdirSync(cache, { recursive: true });
  const file = path.join(cache, `${keyOf(input)}.json`);
  if (input.env === undefined && existsSync(file))
    return { ...(JSON.parse(readFileSync(file, "utf8")) as ToolRun), cached: true };
  const started = performance.now();
  const child = spawnSync(process.execPath, ["--import", "tsx", "src/cli/main.ts", ...input.args], {
    cwd: projectRoot,
    env: { ...process.env, ...input.env },
    encoding: "utf8",
    maxBuffer: 1 << 29,
    timeout: (input.timeoutSeconds ?? 600) * 1000,
    killSignal: "SIGKILL",
  });
  const run: ToolRun = {
    code: child.status,
    stdout: child.stdout,
    stderr: child.stderr,
    seconds: Math.round((performance.now() - started) / 100) / 10,
    cached: false,
  };
  // Usage errors and failed downloads may pass by the next time.
  if (input.env === undefined && (run.code === 0 || run.code === 1)) {
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(run));
    renameSync(`${file}.${process.pid}`, file);
  }
  return run;
}

/** The report of a run, or why there is none. */
export function reportOf(run: ToolRun): Report | string {
  return run.code === 0 || run.code === 1 ? (JSON.parse(run.stdout) as Report) : failure(run);
}

/** The graph of a run, or why there is none. */
export function graphOf(run: ToolRun): GraphJson | string {
  return run.code === 0 ? (JSON.parse(run.stdout) as GraphJson) : failure(run);
}

function failure(run: ToolRun): string {
  const said = run.stderr.trim().split("\n").slice(0, 3).join(" | ");
  return run.code === null ? `killed after ${run.seconds} s ${said}` : `exit ${run.code}: ${said}`;
}

let own: string | null = null;

function keyOf(input: RunInput): string {
  own ??= hashFiles(["src", "rules", "assets", "signal-safety.json"].map((name) => path.join(projectRoot, name)));
  const folder = input.folder === undefined ? "" : hashFiles([input.folder]);
  const args = input.args.map((arg) => (input.folder === undefined ? arg : arg.replace(input.folder, ".")));
  return createHash("sha256")
    .update(JSON.stringify([own, folder, args]))
    .digest("hex")
    .slice(0, 24);
}

function hashFiles(roots: readonly string[]): string {
  const hash = createHash("sha256");
  const pending = [...roots];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    if (statSync(at).isDirectory()) {
      const names = readdirSync(at).sort();
      for (const name of names) if (name !== "target") pending.push(path.join(at, name));
    } else hash.update(path.basename(at)).update("\0").update(readFileSync(at)).update("\0");
  }
  return hash.digest("hex");
}
