/**
 * The compiler as judge of names and types: every call of whole crates, as rustc's MIR has it, against what the tool resolves it to.
 *
 * Input: a workspace (test/mir-judge by default). Each crate of its closure is compiled by the stable compiler, which then prints its MIR
 * (rustc-mir.sh; RUSTC_BOOTSTRAP for that print alone). Nothing of this is part of the product. Null where there is no cargo.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { packageFile } from "../../../src/base/package-file.ts";
import { createBodies } from "../../../src/calls/bodies.ts";
import { loadFromFlags } from "../../../src/cli/load.ts";
import { readModel } from "../../../src/cli/rule-files.ts";
import { openProgram } from "../../../src/cli/run-program.ts";
import { initParser } from "../../../src/syntax/parser.ts";
import { projectRoot } from "../run-tool.ts";
import { generatedRanges } from "./generated.ts";
import { judge, type Verdict } from "./judge.ts";
import { readMir } from "./read-mir.ts";
import { toolFacts } from "./tool-facts.ts";

const target = "x86_64-unknown-linux-gnu";

/** The crates of the workspace whose `name@version` holds `only`. */
export async function scoreMir(
  manifest: string,
  only: string | null,
  onCrate: (verdict: Verdict) => void,
): Promise<readonly Verdict[] | null> {
  const dumps = printMir(manifest);
  if (dumps === null) return null;
  await initParser({ grammarWasm: packageFile("assets/tree-sitter-rust.wasm") });
  const workspace = await loadFromFlags(
    {
      manifestPath: manifest,
      exclude: [],
      package: [],
      target: [target],
      features: [],
      defaultFeatures: true,
      profile: "dev",
      cache: false,
      locked: true,
    },
    { cwd: projectRoot, signal: new AbortController().signal, onProgress: () => undefined },
  );
  const [program] = workspace.programs;
  if (program === undefined) throw new Error(`there is no program in ${manifest}`);
  const { types, files } = openProgram(workspace, program, readModel());
  const bodies = createBodies(types);
  const printed = readdirSync(dumps);
  const verdicts: Verdict[] = [];
  for (const crate of program.crates) {
    const name = `${crate.package.id}.${crate.name}.mir.gz`;
    if ((only !== null && !crate.package.id.includes(only)) || !printed.includes(name)) continue;
    const verdict = judge({
      crate: crate.package.id,
      mir: readMir(gunzipSync(readFileSync(path.join(dumps, name))).toString()),
      tool: toolFacts(bodies, files, crate.id),
      root: path.dirname(path.resolve(manifest)),
      madeAt: generatedRanges(),
    });
    verdicts.push(verdict);
    onCrate(verdict);
  }
  return verdicts;
}

/** Compiles the workspace with the printing wrapper; the folder with the prints, one file a crate. */
function printMir(manifest: string): string | null {
  const folder = path.dirname(path.resolve(manifest));
  const cache = path.join(tmpdir(), `sigsafe-mir.${userInfo().uid}`, path.basename(folder));
  const dumps = path.join(cache, "mir");
  mkdirSync(dumps, { recursive: true });
  const env = {
    ...process.env,
    MIR_DIR: dumps,
    RUSTC_WRAPPER: path.join(projectRoot, "test/mir-judge/rustc-mir.sh"),
    CARGO_TARGET_DIR: path.join(cache, "target"),
  };
  const args = ["check", "--quiet", "--locked", "--target", target, "--manifest-path", path.resolve(manifest)];
  const run = spawnSync("cargo", args, { cwd: folder, env, encoding: "utf8" });
  if (run.error !== undefined) return null;
  if (run.status !== 0)
    throw new Error(`cargo check of ${manifest}: ${run.stderr.trim().split("\n").slice(-3).join(" | ")}`);
  return dumps;
}

/** One crate on a line. */
export function renderVerdict(one: Verdict): string {
  return [
    `  ${one.crate.padEnd(34)} ${one.bodies} bodies, calls ${share(one.functions, one.calls)}, with types ${share(one.exact, one.calls)},`,
    `in macros ${share(one.madeRight, one.made)}, variables ${share(one.variablesRight, one.variables)}`,
  ].join(" ");
}

/** The numbers of all crates, then each disagreement. */
export function renderMir(verdicts: readonly Verdict[]): string {
  const sum = (of: (one: Verdict) => number): number => verdicts.reduce((all, one) => all + of(one), 0);
  const calls = sum((one) => one.calls);
  const head = [
    `mir: calls ${share(
      sum((one) => one.functions),
      calls,
    )}, with types ${share(
      sum((one) => one.exact),
      calls,
    )},`,
    `in macros ${share(
      sum((one) => one.madeRight),
      sum((one) => one.made),
    )},`,
    `variables ${share(
      sum((one) => one.variablesRight),
      sum((one) => one.variables),
    )} of ${verdicts.length} crates`,
  ].join(" ");
  const lines = verdicts.flatMap((one) =>
    one.disagreements
      .filter(({ kind }) => kind !== "extra")
      .map(
        ({ kind, at, rustc, tool }) =>
          `  ${kind} ${at.replace(/^.*\/registry\/src\/[^/]*\//, "")}: rustc ${rustc} - tool ${tool}`,
      ),
  );
  return [head, ...lines].join("\n");
}

function share(part: number, of: number): string {
  return of === 0 ? "-" : `${part}/${of} ${((100 * part) / of).toFixed(2)} %`;
}
