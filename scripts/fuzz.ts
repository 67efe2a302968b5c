/**
 * Fuzzes every reader of foreign files and the whole pipeline: `npm run fuzz -- [--only NAME,NAME] [--runs N] [--seed N] [--print SEED]`.
 *
 * Each reader runs in a process of its own, so that a hang or too much memory is a failure with the seeds it happened at and not the
 * end. Prints one line for each reader and one for each failure; exit code 1 where there is any. `--print` writes one input to stdout.
 */
import { fork } from "node:child_process";
import { parseArgs } from "node:util";
import { type Failure, fuzz, inputOf, type LoopResult } from "./fuzz/loop.ts";
import { fuzzTargets } from "./fuzz/readers.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    runs: { type: "string" },
    seed: { type: "string", default: "1" },
    print: { type: "string" },
    child: { type: "string" },
  },
});

/** Inputs of a process: then a new one, so that what one leaves behind does not add up. */
const perProcess = 5000;
const hangMs = 120_000;
const maxMegabytes = 1024;
/** Of the heap: garbage is collected before it counts as memory that an input took; an input that needs more ends its process. */
const heapMegabytes = 600;

interface ChildResult extends LoopResult {
  readonly megabytes: number;
}

const targets: Awaited<ReturnType<typeof fuzzTargets>> = await fuzzTargets();
const wanted: readonly string[] | undefined = values.only?.split(",");
if (values.child !== undefined) await runChild(values.child);
else if (values.print !== undefined) printInput(Number(values.print));
else await runAll();

async function runChild(name: string): Promise<void> {
  const target = targets.find((one) => one.name === name);
  if (target === undefined) throw new Error(`no reader ${name}`);
  const result = await fuzz(target, Number(values.seed), Number(values.runs), (seed) => process.send?.({ seed }));
  process.send?.({ result: { ...result, megabytes: process.resourceUsage().maxRSS / 1024 } satisfies ChildResult });
}

function printInput(seed: number): void {
  const target = targets.find((one) => wanted?.includes(one.name));
  if (target === undefined) throw new Error("--print needs --only READER");
  process.stdout.write(inputOf(target, target.seeds(), seed));
}

async function runAll(): Promise<void> {
  let failed = false;
  for (const target of targets) {
    if (wanted !== undefined && !wanted.includes(target.name)) continue;
    const runs = Number(values.runs ?? (target.name === "program" ? 20_000 : 50_000));
    const total = { inputs: 0, deep: 0, slowestSeconds: 0, megabytes: 0 };
    const failures: Failure[] = [];
    for (let done = 0; done < runs; done += perProcess) {
      const first = Number(values.seed) + done;
      const part = await inProcess(target.name, first, Math.min(perProcess, runs - done));
      total.inputs += part.inputs;
      total.deep += part.deep;
      total.slowestSeconds = Math.max(total.slowestSeconds, part.slowestSeconds);
      total.megabytes = Math.max(total.megabytes, part.megabytes);
      failures.push(...part.failures);
    }
    failed ||= failures.length > 0;
    const share = Math.round((100 * total.deep) / Math.max(1, total.inputs));
    console.log(
      `${target.name}: ${total.inputs} inputs from seed ${values.seed}, ${share} % past the first token, ${failures.length} failures, slowest ${total.slowestSeconds.toFixed(2)} s, ${Math.round(total.megabytes)} MiB`,
    );
    for (const one of failures)
      console.log(`  ${one.target} --seed ${one.seed}: ${one.what.replaceAll("\n", "\n    ")}`);
  }
  process.exitCode = failed ? 1 : 0;
}

/** Runs a part in a child; a child that hangs or dies is a failure at the seed it last spoke of. */
function inProcess(name: string, first: number, count: number): Promise<ChildResult> {
  return new Promise((done) => {
    const args = ["--child", name, "--seed", String(first), "--runs", String(count)];
    const child = fork(import.meta.filename, args, {
      execArgv: ["--import", "tsx", `--max-old-space-size=${heapMegabytes}`],
    });
    let seed = first;
    let result: ChildResult | null = null;
    let hung = false;
    let timer = setTimeout(hang, hangMs);
    function hang(): void {
      hung = true;
      child.kill("SIGKILL");
    }
    child.on("message", (message: { readonly seed?: number; readonly result?: ChildResult }) => {
      clearTimeout(timer);
      timer = setTimeout(hang, hangMs);
      seed = message.seed ?? seed;
      result = message.result ?? result;
    });
    child.on("exit", (code, signal) => {
      clearTimeout(timer);
      const died = { target: name, seed, what: hung ? "hung" : `the process ended with ${signal ?? code}` };
      const empty = { inputs: seed - first, deep: 0, slowestSeconds: 0, megabytes: 0, failures: [died] };
      const whole = result ?? empty;
      const large = { target: name, seed: first, what: `took ${Math.round(whole.megabytes)} MiB` };
      done(whole.megabytes > maxMegabytes ? { ...whole, failures: [...whole.failures, large] } : whole);
    });
  });
}
