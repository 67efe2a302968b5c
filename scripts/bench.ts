/**
 * What a cold run costs, against a cold `cargo check` of the same workspace: `npm run bench [-- N]`, N interleaved runs (default 5).
 *
 * The workspace is pprof 0.15.0 with its framehop unwinder; sources are fetched before, target folders are fresh, no cache of ours is kept.
 * CPU seconds are user + system of the whole process tree (bash's `time`); peak memory is the largest sum of resident sizes over the tree,
 * sampled every 20 ms. Exit code 1 where a limit is passed: 0.2 of cargo's CPU seconds, 700 MiB.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

interface Measured {
  readonly cpu: number;
  readonly wall: number;
  readonly peak: number;
}

const limits = { ratio: 0.2, mebibytes: 700 };
const rounds = Number(process.argv[2] ?? 5);
const root = fileURLToPath(new URL("..", import.meta.url));
const temp = mkdtempSync(path.join(tmpdir(), "sigsafe-bench-"));
try {
  execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: "inherit" });
  const manifest = makeWorkspace(path.join(temp, "workspace"));
  const ours: Measured[] = [];
  const cargo: Measured[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const target = path.join(temp, `target-${round}`);
    cargo.push(
      await measure(["cargo", "check", "--locked", "--manifest-path", manifest], { CARGO_TARGET_DIR: target }),
    );
    rmSync(target, { recursive: true });
    const cli = path.join(root, "dist/src/cli/main.js");
    ours.push(await measure([process.execPath, cli, "check", "--manifest-path", manifest, "--format", "json"], {}));
    console.log(`run ${round + 1}: ours ${show(ours.at(-1))}; cargo check ${show(cargo.at(-1))}`);
  }
  conclude(ours, cargo);
} finally {
  rmSync(temp, { recursive: true, force: true });
}

function conclude(ours: readonly Measured[], cargo: readonly Measured[]): void {
  const cpu = median(ours.map((one) => one.cpu));
  const theirs = median(cargo.map((one) => one.cpu));
  const peak = Math.max(...ours.map((one) => one.peak));
  const wall = median(ours.map((one) => one.wall));
  console.log(`median CPU seconds: ours ${cpu.toFixed(2)}, cargo check ${theirs.toFixed(2)}`);
  console.log(`ratio ${(cpu / theirs).toFixed(3)} (at most ${limits.ratio})`);
  console.log(`peak resident memory of our process tree ${peak.toFixed(0)} MiB (below ${limits.mebibytes})`);
  console.log(
    `median wall seconds: ours ${wall.toFixed(2)}, cargo check ${median(cargo.map((one) => one.wall)).toFixed(2)}`,
  );
  process.exitCode = cpu / theirs > limits.ratio || peak >= limits.mebibytes ? 1 : 0;
}

function makeWorkspace(folder: string): string {
  mkdirSync(path.join(folder, "src"), { recursive: true });
  const manifest = path.join(folder, "Cargo.toml");
  const dependency = 'pprof = { version = "=0.15.0", default-features = false, features = ["framehop-unwinder"] }';
  const head = '[package]\nname = "bench"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n[dependencies]\n';
  writeFileSync(manifest, `${head}${dependency}\n`);
  const body = 'let guard = pprof::ProfilerGuard::new(99).unwrap(); println!("{:?}", guard.report().build().is_ok());';
  writeFileSync(path.join(folder, "src/main.rs"), `fn main() { ${body} }\n`);
  execFileSync("cargo", ["fetch", "--quiet", "--manifest-path", manifest], { stdio: "inherit" });
  return manifest;
}

async function measure(command: readonly string[], env: Readonly<Record<string, string>>): Promise<Measured> {
  const script = 'TIMEFORMAT="cpu %3U %3S"; time "$@" >/dev/null 2>"$BENCH_STDERR"';
  const stderr = path.join(temp, "stderr");
  const started = performance.now();
  const child = spawn("bash", ["-c", script, "bash", ...command], {
    cwd: temp,
    env: { ...process.env, ...env, BENCH_STDERR: stderr },
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
  const found = /cpu ([\d.]+) ([\d.]+)/.exec(timing);
  // 1 is what the lint says when it has found something.
  if (found === null || code === null || code > 1) {
    throw new Error(`${command.join(" ")} ended with ${code}: ${timing}${readFileSync(stderr, "utf8")}`);
  }
  return { cpu: Number(found[1]) + Number(found[2]), wall: (performance.now() - started) / 1000, peak };
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

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

function show(one: Measured | undefined): string {
  return one === undefined ? "" : `${one.cpu.toFixed(2)} s CPU, ${one.peak.toFixed(0)} MiB`;
}
