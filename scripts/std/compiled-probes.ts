/**
 * Probes compiled by rustc with -O0 into one library, and what the machine code of each function does (test/referee/probes.py).
 *
 * A probe that rustc refuses is left out, and counted. The library is made in a temporary folder; nothing of it is run.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Compiled } from "./compiled-effects.ts";

/** What each probe does, by its text. */
export interface CompiledProbes {
  readonly effects: Compiled;
  /** With rustc's first word on each. */
  readonly refused: readonly { readonly symbol: string; readonly why: string }[];
}

/** Compiles probes and reads the result; null where a tool is missing. */
export function compileProbes(symbols: readonly string[]): CompiledProbes | null {
  const folder = mkdtempSync(path.join(tmpdir(), "std-probes-"));
  try {
    const library = path.join(folder, "libprobes.so");
    const built = build(symbols, path.join(folder, "probes.rs"), library);
    if (built === null) return null;
    const script = new URL("../../test/referee/probes.py", import.meta.url).pathname;
    const run = spawnSync("python3", [script, library], { encoding: "utf8", maxBuffer: 1 << 28 });
    if (run.status !== 0) return null;
    const read = JSON.parse(run.stdout) as Compiled;
    const effects = symbols.flatMap((symbol, at) => {
      const one = read[`probe_${at}`];
      return one === undefined ? [] : [[symbol, one] as const];
    });
    return { effects: Object.fromEntries(effects), refused: built };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const head = "#![allow(warnings)] extern crate alloc; extern crate core;";
const flags = [
  "--edition=2021",
  "--crate-type=cdylib",
  "-Copt-level=0",
  "-Cdebug-assertions=off",
  "-Csymbol-mangling-version=v0",
  "--error-format=json",
];

/** Compiles without what is refused, until nothing is; a stage of the compiler shows its errors only when those before it have none. */
function build(symbols: readonly string[], source: string, library: string): CompiledProbes["refused"] | null {
  const refused = new Map<number, string>();
  for (let round = 0; round < 12; round += 1) {
    const lines = symbols.map((symbol, at) =>
      refused.has(at) ? "" : `#[unsafe(no_mangle)] pub fn probe_${at}() -> *const () { ${symbol} as *const () }`,
    );
    writeFileSync(source, [head, ...lines, ""].join("\n"));
    const run = spawnSync("rustc", [...flags, "-o", library, source], { encoding: "utf8", maxBuffer: 1 << 30 });
    if (run.status === 0) return [...refused].map(([at, why]) => ({ symbol: symbols[at] ?? "", why }));
    if (run.error !== undefined) return null;
    const before = refused.size;
    for (const { line, why } of errorsOf(run.stderr, source)) if (line >= 2) refused.set(line - 2, why);
    if (refused.size === before) throw new Error(`rustc refuses the probes: ${run.stderr.slice(0, 2000)}`);
  }
  throw new Error("rustc refuses the probes again and again");
}

interface Diagnostic {
  readonly level: string;
  readonly message: string;
  readonly spans: readonly { readonly file_name: string; readonly line_start: number }[];
  readonly children: readonly Diagnostic[];
}

function errorsOf(stderr: string, source: string): readonly { readonly line: number; readonly why: string }[] {
  return stderr.split("\n").flatMap((text) => {
    if (!text.startsWith("{")) return [];
    const one = JSON.parse(text) as Diagnostic;
    if (one.level !== "error") return [];
    const spans = [one, ...one.children].flatMap(({ spans: own }) => own).filter((span) => span.file_name === source);
    return spans.slice(0, 1).map((span) => ({ line: span.line_start, why: one.message }));
  });
}
