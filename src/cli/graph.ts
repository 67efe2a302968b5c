/**
 * `graph`: the handlers' call graph as a document or as text, why a function is reached, and what the names of a line mean.
 */
import path from "node:path";
import { inertJson, inertLines } from "../base/inert.ts";
import { lineIndex } from "../base/line-index.ts";
import { packageFile } from "../base/package-file.ts";
import { pushAll } from "../base/push-all.ts";
import { createBodies } from "../calls/bodies.ts";
import type { CallGraph, Edge, Node, NodeId } from "../calls/call-graph.ts";
import { graphJson } from "../calls/graph-json.ts";
import type { Workspace } from "../crates/crate-graph.ts";
import type { Files } from "../load/files.ts";
import type { DefId } from "../names/defs.ts";
import { renderDot } from "../report/dot.ts";
import type { ProgramOptions, ProgramResult } from "../safety/analyse-program.ts";
import { edgesOf } from "../safety/reach.ts";
import { initParser } from "../syntax/parser.ts";
import type { Types } from "../types/api.ts";
import { describeLine } from "../types/describe.ts";
import { CliError } from "./cli-error.ts";
import type { LoadContext } from "./load.ts";
import type { Model } from "./rule-files.ts";
import type { OutputFlags } from "./run-options.ts";
import { openProgram, runProgram } from "./run-program.ts";

export interface GraphFlags {
  readonly why?: string;
  readonly at?: string;
  readonly handler?: string;
}

/** What `graph` prints. */
export async function graphOutput(
  workspace: Workspace,
  model: Model,
  options: ProgramOptions,
  flags: OutputFlags & GraphFlags,
  context: LoadContext,
): Promise<string> {
  if (flags.at !== undefined) return await describeAt(workspace, model, flags.at, context);
  const [program] = workspace.programs;
  if (program === undefined) throw new CliError("there is no program to look at");
  context.onProgress(`analysing ${program.id}`);
  const { result } = await runProgram(workspace, program, () => model, options);
  const roots = rootsOf(result, flags.handler);
  if (flags.why !== undefined) return whyText(result, roots, flags.why);
  const places = result.places;
  const document = graphJson({
    graph: result.graph,
    handlers: roots,
    describe: (node) => {
      if (node.what.k === "drop-glue") return null;
      const span = node.macroPlace ?? node.span;
      const at = places.at(span);
      // A rule pack's text, and what its macros make, is no file of the program.
      if (at.file.startsWith("<")) return null;
      const end = places.at({ ...span, start: node.macroPlace?.end ?? node.mir?.span.end ?? span.end });
      return { package: at.package, file: at.file, line: at.line, endLine: Math.max(at.line, end.line) };
    },
    lineOf: (span) => places.at(span).line,
    verdictOf: (symbol) => model.safety.lookup(symbol)?.verdict ?? "unknown",
    excludedBy: () => [],
  });
  if (flags.format === "json") return inertJson(`${JSON.stringify(document)}\n`);
  if (flags.format === "dot") return renderDot(document);
  const lines = document.functions.map((one) => `${one.path}  ${one.package} ${one.file}:${one.line}`);
  return `${inertLines(lines)}\n${lines.length} functions, ${document.edges.length} edges, ${document.unresolved.length} calls not followed\n`;
}

function rootsOf(result: ProgramResult, handler: string | undefined): readonly NodeId[] {
  if (handler === undefined) return result.roots;
  const found = result.handlers.findIndex((one) => one.report.id === handler || one.report.function === handler);
  const root = result.roots[found];
  if (root !== undefined) return [root];
  throw new CliError(
    `there is no handler \`${handler}\``,
    `handlers: ${result.handlers.map((one) => one.report.function).join(", ")}`,
  );
}

/** A shortest way from a handler to each function whose path ends in the name. */
function whyText(result: ProgramResult, roots: readonly NodeId[], wanted: string): string {
  const { graph } = result;
  const before = new Map<NodeId, { readonly node: NodeId; readonly edge: Edge }>();
  const queue = [...roots];
  const seen = new Set<NodeId>(roots);
  for (let at = 0; at < queue.length; at += 1) {
    const id = queue[at];
    if (id === undefined) break;
    const node = graph.node(id);
    if (node.path === wanted || node.path.endsWith(`::${wanted}`)) return pathText(result, graph, before, id);
    for (const site of node.sites) {
      for (const edge of edgesOf(graph.site(site))) {
        if (seen.has(edge.target)) continue;
        seen.add(edge.target);
        before.set(edge.target, { node: id, edge });
        queue.push(edge.target);
      }
    }
  }
  throw new CliError(`no handler reaches \`${wanted}\``, "see `sigsafe-lint graph` for what is reached");
}

function pathText(
  result: ProgramResult,
  graph: CallGraph,
  before: ReadonlyMap<NodeId, { readonly node: NodeId; readonly edge: Edge }>,
  target: NodeId,
): string {
  const steps: string[] = [];
  for (let at: NodeId | undefined = target; at !== undefined; ) {
    const step: { readonly node: NodeId; readonly edge: Edge } | undefined = before.get(at);
    const how = step === undefined ? "entry" : [step.edge.via, ...step.edge.conditions].join(", ");
    steps.push(`${line(result, graph.node(at))}  [${how}]`);
    at = step?.node;
  }
  return `${inertLines(steps.reverse())}\n`;
}

function line(result: ProgramResult, node: Node): string {
  const at = result.places.at(node.span);
  return `${node.path}  ${at.package} ${at.file}:${at.line}`;
}

/** What the nodes of a line resolve to, in every program that holds the file. */
async function describeAt(workspace: Workspace, model: Model, at: string, context: LoadContext): Promise<string> {
  const found = /^(.*):(\d+)$/.exec(at);
  if (found === null) throw new CliError(`\`${at}\` is no place`, "write FILE:LINE, as in src/main.rs:12");
  const file = path.resolve(context.cwd, found[1] ?? "");
  const wanted = Number(found[2]);
  await initParser({ grammarWasm: packageFile("assets/tree-sitter-rust.wasm") });
  for (const program of workspace.programs) {
    const { types, files } = openProgram(workspace, program, model);
    const bodies = createBodies(types);
    const crates = program.crates.filter((crate) => file.startsWith(crate.package.root + path.sep));
    const out: string[] = [];
    for (const crate of crates) {
      // Bodies that hold the line may declare functions of their own: the set grows on the way.
      const defs = new Set(bodies.ofCrate(crate.id, null));
      for (const def of defs) {
        const { item, kind } = types.names.def(def);
        if (kind !== "block") {
          if (item === null || path.resolve(files.pathOf(item.span.file)) !== file) continue;
          const lines = lineIndex(files.textOf(item.span.file));
          if (lines.at(item.span.start).line > wanted || lines.at(item.span.end).line < wanted) continue;
          pushAll(out, linesOf(types, files, def, wanted));
        }
        for (const child of types.names.def(def).children) defs.add(child);
      }
    }
    if (out.length > 0) return `${inertLines(out)}\n`;
  }
  throw new CliError(
    `no function with a name or call stands at ${at}`,
    "the file must belong to a crate of the program, and the line to a body",
  );
}

/** The body's path and what its nodes on a line are; nothing where none stands there. */
function linesOf(types: Types, files: Files, def: DefId, wanted: number): string[] {
  const body = types.typedBody(def);
  const file = types.names.def(def).item?.span.file;
  if (body === null || file === undefined) return [];
  const index = lineIndex(files.textOf(file));
  const start = index.startOf(wanted);
  const nodes = describeLine(types, body, { file, start, end: start + index.textOf(wanted).length });
  if (nodes.length === 0) return [];
  const { crate } = types.names.def(def);
  const head = `${types.names.pathOf(def)}  (${types.names.crateNode(crate)?.package.id ?? "std"})`;
  return [head, ...nodes.flatMap((node) => nodeLines(node, index.at(node.span.start).column))];
}

function nodeLines(node: ReturnType<typeof describeLine>[number], column: number): string[] {
  const lines = [`  ${column}: ${node.kind} ${node.text}: ${node.ty}`];
  if (node.receiver !== null) lines.push(`      receiver: ${node.receiver}`);
  for (const step of node.steps) lines.push(`      then: ${step}`);
  for (const target of node.resolvesTo) lines.push(`      resolves to: ${target}`);
  if (node.unresolved !== null) {
    lines.push(`      not resolved: ${node.unresolved.reason}`);
    for (const one of node.unresolved.candidates) lines.push(`        perhaps ${one}`);
  }
  return lines;
}
