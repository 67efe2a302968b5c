/**
 * How much of what handlers reach was resolved: paths, macro calls, receivers and types of the bodies outside std, and files that the grammar
 * does not understand.
 *
 * Of a published crate with the features of its case, every body that some handler reaches is counted once, whole; for the crates that are
 * there for breadth (`whole`), every body of the crate, reached or not. Each miss has its place and reason.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { packageFile } from "../../src/base/package-file.ts";
import { createBodies } from "../../src/calls/bodies.ts";
import { loadCrate } from "../../src/cli/load.ts";
import { readModel } from "../../src/cli/rule-files.ts";
import { openProgram } from "../../src/cli/run-program.ts";
import type { CrateNode, Workspace } from "../../src/crates/crate-graph.ts";
import type { DefId } from "../../src/names/defs.ts";
import { analyseProgram, type ProgramResult } from "../../src/safety/analyse-program.ts";
import { edgesOf } from "../../src/safety/reach.ts";
import { initParser } from "../../src/syntax/parser.ts";
import { corpusCases } from "./corpus-cases.ts";
import { countNodes } from "./count-nodes.ts";
import { type ParseHealth, parseHealth } from "./parse-health.ts";
import { projectRoot } from "./run-tool.ts";

interface Case {
  readonly crate: string;
  readonly features?: readonly string[];
  readonly defaultFeatures?: boolean;
  readonly whole?: boolean;
}
export interface Resolved {
  readonly name: string;
  readonly failure: string | null;
  readonly handlers: number;
  readonly bodies: number;
  readonly nodes: number;
  /** `file:line reason text`, each once for each node. */
  readonly misses: readonly string[];
  readonly seconds: number;
}
/** Every case whose name holds `only`. */
export async function scoreResolution(only: string | null): Promise<readonly Resolved[]> {
  await initParser({ grammarWasm: packageFile("assets/tree-sitter-rust.wasm") });
  const cases = JSON.parse(readFileSync(path.join(projectRoot, "test/corpus/resolution.json"), "utf8")) as Case[];
  const found: Resolved[] = [];
  for (const one of cases) {
    const name = [one.crate, ...(one.features ?? [])].join(" ");
    if (only !== null && !name.includes(only)) continue;
    const started = performance.now();
    const counted = await resolve(one).catch((error: Error) => ({
      failure: error.message,
      handlers: 0,
      bodies: 0,
      nodes: 0,
      misses: [],
    }));
    found.push({ name, ...counted, seconds: Math.round((performance.now() - started) / 100) / 10 });
  }
  return found;
}

async function load(one: Case): Promise<Workspace> {
  const flags = {
    exclude: [],
    package: [],
    target: ["x86_64-unknown-linux-gnu"],
    features: [...(one.features ?? [])],
    defaultFeatures: one.defaultFeatures !== false,
    profile: "release",
    cache: false,
  };
  return loadCrate(one.crate, flags, {
    cwd: projectRoot,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
}

async function resolve(one: Case): Promise<Omit<Resolved, "name" | "seconds">> {
  const workspace = await load(one);
  const model = readModel();
  const [program] = workspace.programs;
  if (program === undefined) throw new Error("there is no program");
  const { types, files } = openProgram(workspace, program, model);
  const bodies = createBodies(types);
  const packs = { entry: model.packs.entry, stdVersion: model.packs.stdVersion, leaves: model.packs.leaves };
  const options = { strictPosix: false, forkEntries: false, faultLowers: true };
  const result = analyseProgram({ bodies, files, packs, model, options });
  const own = program.crates.filter((crate) => crate.isMember).map((crate) => crate.id);
  const defs = one.whole === true ? own.flatMap((crate) => [...bodies.ofCrate(crate, null)]) : reachedBodies(result);
  let nodes = 0;
  let count = 0;
  const misses: string[] = [];
  for (const def of new Set(defs)) {
    const body = types.typedBody(def);
    if (body === null || types.names.isPackCrate(types.names.def(def).crate)) continue;
    const counted = countNodes(body);
    nodes += counted.nodes;
    count += 1;
    for (const miss of counted.misses) {
      const at = result.places.at(miss.span);
      misses.push(`${at.package} ${at.file}:${at.line} ${miss.reason} ${miss.text}`);
    }
  }
  return { failure: null, handlers: result.handlers.length, bodies: count, nodes, misses };
}

function reachedBodies({ graph, roots }: ProgramResult): DefId[] {
  const seen = new Set(roots);
  const found: DefId[] = [];
  for (const id of seen) {
    const node = graph.node(id);
    if (node.what.k === "body" && !node.model) found.push(node.what.key.def);
    for (const site of node.sites) for (const edge of edgesOf(graph.site(site))) seen.add(edge.target);
  }
  return found;
}

/** Files with ERROR nodes after repair, over the sources of every package in the programs of the corpus. */
export async function scoreParsing(only: string | null): Promise<ParseHealth> {
  const crates: CrateNode[] = [];
  for (const one of corpusCases()) {
    if (only !== null && !one.id.includes(only) && !one.crate.includes(only)) continue;
    const workspace = await load({ ...one, crate: `${one.crate}@${one.version}` }).catch(() => null);
    crates.push(...(workspace?.programs ?? []).flatMap((program) => program.crates));
  }
  return parseHealth(crates, new Set());
}

/** The cases as a table, then each place that was missed, the commonest reasons first. */
export function renderResolution(results: readonly Resolved[]): string {
  const share = (nodes: number, missed: number): string =>
    nodes === 0 ? "-" : `${nodes - missed}/${nodes} ${((100 * (nodes - missed)) / nodes).toFixed(2)} %`;
  const nodes = results.reduce((sum, one) => sum + one.nodes, 0);
  const missed = results.reduce((sum, one) => sum + one.misses.length, 0);
  const rows = results.map(
    (one) =>
      `  ${one.name.padEnd(44)} ${one.failure ?? `${one.handlers} handlers, ${one.bodies} bodies, ${share(one.nodes, one.misses.length)}`} (${one.seconds} s)`,
  );
  const counts = new Map<string, number>();
  for (const miss of results.flatMap((one) => one.misses)) counts.set(miss, (counts.get(miss) ?? 0) + 1);
  const lines = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([miss, n]) => `  ${n} x ${miss}`);
  return [`resolution: ${share(nodes, missed)} of the nodes of ${results.length} programs`, ...rows, ...lines].join(
    "\n",
  );
}

/** One line, then each file. */
export function renderParsing({ files, packages, broken }: ParseHealth): string {
  const percent = ((100 * broken.length) / Math.max(files, 1)).toFixed(2);
  const head = `parsing: ${broken.length} of ${files} files (${percent} %) of ${packages} packages hold ERROR nodes after repair`;
  return [head, ...broken.map((one) => `  ${one}`)].join("\n");
}
