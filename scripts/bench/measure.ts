/**
 * What a command costs: CPU seconds of its whole process tree, wall seconds, and the largest sum of resident sizes over the tree, sampled every 20 ms.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export interface Measured {
  /** User and system, seconds. */
  readonly cpu: number;
  readonly wall: number;
  /** MiB. */
  readonly peak: number;
  readonly stderr: string;
  readonly stdout: string;
}

/** Runs a command to its end; an exit code above 1 is an error (1 is what the lint says when it has found something). */
export async function measure(
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Measured> {
  const temp = mkdtempSync(path.join(tmpdir(), "sigsafe-measure-"));
  try {
    const script = 'TIMEFORMAT="cpu %3U %3S"; time "$@" >"$BENCH/stdout" 2>"$BENCH/stderr"';
    const started = performance.now();
    const child = spawn("bash", ["-c", script, "bash", ...command], {
      env: { ...process.env, ...env, BENCH: temp },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let timing = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      timing += text;
    });
    let peak = 0;
    const sampler = setInterval(() => {
      peak = Math.max(peak, residentMebibytes(child.pid ?? 0));
    }, 20);
    const code = await new Promise<number | null>((done) => child.once("close", done));
    clearInterval(sampler);
    const wall = (performance.now() - started) / 1000;
    const [stdout, stderr] = ["stdout", "stderr"].map((name) => readFileSync(path.join(temp, name), "utf8"));
    const found = /cpu ([\d.]+) ([\d.]+)/.exec(timing);
    if (found === null || code === null || code > 1)
      throw new Error(`${command.join(" ")} ended with ${code}: ${timing}${stderr}`);
    return { cpu: Number(found[1]) + Number(found[2]), wall, peak, stdout: stdout ?? "", stderr: stderr ?? "" };
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

/** The middle of a list, and its least and largest. */
export function spread(values: readonly number[]): {
  readonly median: number;
  readonly least: number;
  readonly most: number;
} {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
  return { median, least: sorted[0] ?? 0, most: sorted.at(-1) ?? 0 };
}

/** Resident memory of a process and all below it, from /proc; 0 where there is none. */
function residentMebibytes(root: number): number {
  const children = new Map<number, number[]>();
  const pages = new Map<number, number>();
  try {
    for (const name of readdirSync("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      const stat = read(`/proc/${name}/stat`);
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const parent = Number(fields[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
      pages.set(Number(name), Number(fields[21]));
    }
  } catch {
    return 0;
  }
  const pending = [root];
  let sum = 0;
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    sum += pages.get(at) ?? 0;
    pending.push(...(children.get(at) ?? []));
  }
  return (sum * 4096) / (1 << 20);
}

/** A process may end between two reads. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ") X 0";
  }
}
