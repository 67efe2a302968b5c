/**
 * What runs cost, against `cargo check` and the bare C parser: `npm run bench [-- N [PART …]]`, N interleaved rounds (default 5).
 *
 * Parts: `pprof`, `server` (cold, warm, beside a cold `cargo check`), `parser` (reading, parsing and lowering a sample of the server's files, beside
 * the C parser over the same), `scaling` (1, 2, 4 and 8 times the crates); without parts: all. Their sections of docs/benchmarks.md are written anew.
 * Sources are fetched before, target folders are fresh; cold runs keep no cache. Exit code 1 where a limit is passed.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { buildCParser } from "./bench/c-parser.ts";
import { type Measured, measure, spread } from "./bench/measure.ts";
import { sourceSample } from "./bench/source-sample.ts";
import { type BenchWorkspace, makeChain, makeWorkspace } from "./bench/workspaces.ts";

const [given, ...parts] = process.argv.slice(2);
const rounds = Number(given ?? 5);
const wanted = (part: string): boolean => parts.length === 0 || parts.includes(part);
const root = fileURLToPath(new URL("..", import.meta.url));
const cli = path.join(root, "dist/src/cli/main.js");
const temp = mkdtempSync(path.join(tmpdir(), "sigsafe-bench-"));
const lines: string[] = [];
let passed = true;

try {
  execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: "inherit" });
  if (wanted("pprof")) await workspacePart("pprof");
  if (wanted("server")) await workspacePart("server");
  if (wanted("parser")) await parserPart();
  if (wanted("scaling")) await scalingPart();
  writeDocument(path.join(root, "docs/benchmarks.md"));
  process.exitCode = passed ? 0 : 1;
} finally {
  rmSync(temp, { recursive: true, force: true });
}

async function workspacePart(which: BenchWorkspace): Promise<void> {
  const manifest = makeWorkspace(which, path.join(temp, which));
  const check = [process.execPath, cli, "check", "--manifest-path", manifest, "--format", "json"];
  const cache = { XDG_CACHE_HOME: path.join(temp, `${which}-cache`) };
  const runs: Record<"cargo" | "cold" | "warm", Measured[]> = { cargo: [], cold: [], warm: [] };
  const stages = new Map<string, { readonly all: number[]; readonly main: number[] }>();
  await measure(check, cache);
  for (let round = 0; round < rounds; round += 1) {
    const target = path.join(temp, `target-${round}`);
    const env = { CARGO_TARGET_DIR: target };
    runs.cargo.push(await measure(["cargo", "check", "--locked", "--manifest-path", manifest], env));
    rmSync(target, { recursive: true, force: true });
    const cold = await measure([process.execPath, ...marks(), ...check.slice(1), "--no-cache"]);
    runs.cold.push(cold);
    runs.warm.push(await measure(check, cache));
    for (const [, stage = "", all, main] of cold.stderr.matchAll(/^STAGE (.*) ([\d.]+) ([\d.]+|NaN)$/gm)) {
      const own = stages.get(stage) ?? { all: [], main: [] };
      stages.set(stage, own);
      own.all.push(Number(all));
      own.main.push(Number(main));
    }
  }
  const crates = packagesIn(manifest);
  heading(`${which} (${crates} packages in Cargo.lock)`);
  table(
    ["run", "CPU s", "wall s", "peak MiB"],
    (["cargo", "cold", "warm"] as const).map((one) => [
      one === "cargo" ? "`cargo check`, cold" : one,
      shown(runs[one].map((run) => run.cpu)),
      shown(runs[one].map((run) => run.wall)),
      shown(
        runs[one].map((run) => run.peak),
        0,
      ),
    ]),
  );
  const ratio = (of: "cold" | "warm", key: "cpu" | "wall"): number =>
    spread(runs[of].map((run, at) => run[key] / (runs.cargo[at]?.[key] ?? 1))).median;
  const limits = which === "pprof" ? { cpu: 0.1, wall: 0.1, warm: 0.05 } : { cpu: null, wall: 0.07, warm: null };
  const rows = [
    row("cold, CPU, of `cargo check`", ratio("cold", "cpu"), limits.cpu),
    row("cold, wall, of `cargo check`", ratio("cold", "wall"), limits.wall),
    row("warm, wall, of `cargo check`", ratio("warm", "wall"), limits.warm),
    row("warm, wall, seconds", spread(runs.warm.map((run) => run.wall)).median, which === "server" ? 0.6 : null),
    row("model of std, main thread's CPU s", spread(stages.get("model of std")?.main ?? []).median, 0.04),
    row("cold, peak MiB", spread(runs.cold.map((run) => run.peak)).most, which === "server" ? 600 : 700, 0),
  ];
  table(["measure", "is", "at most"], rows);
  table(
    ["stage of the cold run", "CPU s", "of the main thread"],
    [...stages].map(([stage, { all, main }]) => [stage, shown(all), shown(main)]),
  );
}

/** A sample of the server's files, read, parsed and lowered with every body: more than a run needs of them. */
async function parserPart(): Promise<void> {
  const program = buildCParser(path.join(temp, "c-parser"));
  const list = path.join(temp, "files");
  writeFileSync(list, sourceSample(makeWorkspace("server", path.join(temp, "parsed"))).join("\n"));
  const theirs: Measured[] = [];
  const ours: Measured[] = [];
  for (let round = 0; round < rounds; round += 1) {
    theirs.push(await measure([program, list]));
    ours.push(
      await measure([
        process.execPath,
        "--import",
        import.meta.resolve("tsx"),
        path.join(root, "scripts/bench/parse-stage.ts"),
        list,
      ]),
    );
  }
  heading(`Reading, parsing and lowering (${ours[0]?.stdout.trim()})`);
  const rows = [
    ["bare C parser", shown(theirs.map((one) => one.cpu))],
    ["read, parse and lower everything", shown(ours.map(stageCpu))],
  ];
  table(["program", "CPU s"], rows);
  const ratio = spread(ours.map((one, at) => stageCpu(one) / (theirs[at]?.cpu ?? 1))).median;
  table(["measure", "is", "at most"], [row("CPU, of the C parser", ratio, 2.2)]);
}

/** Without the start of Node, which the bare parser does not have. */
function stageCpu(run: Measured): number {
  return Number(/^CPU ([\d.]+)/m.exec(run.stderr)?.[1]);
}

async function scalingPart(): Promise<void> {
  const sizes = [1, 2, 4, 8];
  const runs = new Map<number, Measured[]>(sizes.map((size) => [size, []]));
  const manifests = sizes.map((size) => makeChain(size * 4, path.join(temp, `chain-${size}`)));
  const empty: Measured[] = [];
  const none = makeChain(0, path.join(temp, "chain-0"));
  const run = (manifest: string): Promise<Measured> =>
    measure([process.execPath, cli, "check", "--manifest-path", manifest, "--format", "json", "--no-cache"]);
  for (let round = 0; round < rounds; round += 1) {
    empty.push(await run(none));
    for (const [at, size] of sizes.entries()) runs.get(size)?.push(await run(manifests[at] ?? ""));
  }
  const fixed = spread(empty.map((one) => one.cpu)).median;
  const cost = (size: number): number => spread((runs.get(size) ?? []).map((one) => one.cpu)).median;
  heading("Scaling (path crates of the same size, all of whose functions a handler reaches)");
  table(
    ["crates", "CPU s", "peak MiB"],
    [
      [
        "0",
        shown(empty.map((one) => one.cpu)),
        shown(
          empty.map((one) => one.peak),
          0,
        ),
      ],
      ...sizes.map((size) => {
        const own = runs.get(size) ?? [];
        return [
          String(size * 4),
          shown(own.map((one) => one.cpu)),
          shown(
            own.map((one) => one.peak),
            0,
          ),
        ];
      }),
    ],
  );
  table(
    ["measure", "is", "at most"],
    [
      row("CPU for 8 times the crates", cost(8) / cost(1), 9),
      row("the same, less what a run of no crates costs", (cost(8) - fixed) / (cost(1) - fixed), null),
    ],
  );
}

/**
 * Makes the process print its CPU seconds between the marks that the analysis sets: of all threads, and of the main one (Linux tells that), which
 * alone is the stage's own: the parser's code is compiled on other threads while the next stages run.
 */
function marks(): string[] {
  const code = `import { readFileSync } from "node:fs";
    const main = () => { try { return Number(readFileSync("/proc/self/task/" + process.pid + "/schedstat", "utf8").split(" ")[0]) / 1e9; }
      catch { return NaN; } };
    let before = 0; let mainBefore = 0; const own = performance.mark.bind(performance);
    performance.mark = (name, ...rest) => { const { user, system } = process.cpuUsage(); const now = (user + system) / 1e6;
    if (name.startsWith("sigsafe: ")) { const mainNow = main();
      console.error("STAGE " + name.slice(9) + " " + (now - before).toFixed(3) + " " + (mainNow - mainBefore).toFixed(3));
      before = now; mainBefore = mainNow; }
    return own(name, ...rest); };`;
  return ["--import", `data:text/javascript,${encodeURIComponent(code)}`];
}

function packagesIn(manifest: string): number {
  const metadata = ["metadata", "--format-version", "1", "--locked", "--offline", "--manifest-path", manifest];
  return JSON.parse(execFileSync("cargo", metadata, { encoding: "utf8", maxBuffer: 1 << 28 })).packages.length;
}

function row(name: string, value: number, limit: number | null, digits = 3): string[] {
  if (limit !== null && value > limit) passed = false;
  const verdict = limit === null ? "" : `${limit}${value > limit ? " (passed over)" : ""}`;
  return [name, value.toFixed(digits), verdict];
}

function shown(values: readonly number[], digits = 2): string {
  const { median, least, most } = spread(values);
  return `${median.toFixed(digits)} [${least.toFixed(digits)} to ${most.toFixed(digits)}]`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  say([line(head), line(head.map(() => "---")), ...rows.map(line), ""].join("\n"));
}

function say(text: string): void {
  lines.push(text);
  console.log(text);
}

/** Replaces the sections that were made by this run, and keeps the others. */
function writeDocument(file: string): void {
  const sections = new Map<string, string>();
  const old = existsSync(file) ? readFileSync(file, "utf8") : "";
  for (const text of [
    ...old.split(/^(?=## )/m).slice(1),
    ...lines
      .join("\n")
      .split(/^(?=## )/m)
      .slice(1),
  ])
    sections.set(/^## (\w+)/.exec(text)?.[1] ?? "", text.trim());
  const order = ["pprof", "server", "Reading", "Scaling"];
  const body = order.flatMap((name) => sections.get(name) ?? []).join("\n\n");
  const head =
    "# What runs cost\n\nWritten by `npm run bench`. Cold runs keep no cache and find the sources fetched, warm runs repeat an unchanged one. CPU seconds are those of the whole process tree,\nuser and system; peak memory is the largest sum of resident sizes over it. Ratios are medians of ratios within one round.\n";
  writeFileSync(file, `${head}\n${body}\n`);
}

function heading(title: string): void {
  const load = loadavg()[0]?.toFixed(0);
  const machine = `Node ${process.version}, ${cpus().length} processors (${cpus()[0]?.model.trim()}), load at the end ${load}`;
  say(`\n## ${title}\n\n${machine}; ${rounds} interleaved rounds, median [least to most].\n`);
}
