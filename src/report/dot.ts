/**
 * A graph in Graphviz's language: handlers, the functions on ways from them, what they end in. From the whole call graph, or
 * from a report's paths alone. Names are quoted so that none can end its string; equal input gives equal bytes.
 */

import { inert } from "../base/inert.ts";
import type { Finding, Report, TraceFrame } from "../safety/report-model.ts";
import { gapText } from "./path-names.ts";
import { shortName } from "./short-name.ts";

/** What is drawn; `graph --format json` has this form. */
export interface DotGraph {
  readonly handlers: readonly number[];
  readonly functions: readonly {
    readonly index: number;
    readonly path: string;
    readonly package: string;
    readonly file: string;
    readonly line: number;
  }[];
  readonly edges: readonly (readonly [from: number, to: number, via: string])[];
  readonly external: readonly { readonly symbol: string; readonly verdict: string; readonly from: readonly number[] }[];
  readonly unresolved: readonly { readonly reason: string; readonly from: number }[];
}

const COLOURS: Readonly<Record<string, string>> = {
  safe: "#2e7d32",
  unsafe: "#c62828",
  unlisted: "#ef6c00",
  error: "#c62828",
  warning: "#ef6c00",
};

/** The graph as a `digraph`, functions in clusters by package. */
export function renderDot(graph: DotGraph): string {
  const roots = new Set(graph.handlers);
  const lines = ["digraph sigsafe {", "  rankdir=LR;", '  node [shape=box, fontname="monospace", fontsize=10];'];
  const packages = [...new Set(graph.functions.map((one) => one.package))].sort();
  for (const [at, name] of packages.entries()) {
    lines.push(`  subgraph cluster_${at} {`, `    label=${quoted(name)};`);
    for (const one of graph.functions) {
      if (one.package !== name) continue;
      const style = roots.has(one.index) ? ', style=filled, fillcolor="#bbdefb"' : "";
      const tip = `${one.path} ${one.file}:${one.line}`;
      lines.push(`    f${one.index} [label=${quoted(shortName(one.path))}, tooltip=${quoted(tip)}${style}];`);
    }
    lines.push("  }");
  }
  for (const [from, to, via] of graph.edges) {
    const label = via === "call" ? "" : ` [label=${quoted(via)}]`;
    lines.push(`  f${from} -> f${to}${label};`);
  }
  for (const [at, one] of graph.external.entries()) {
    const colour = COLOURS[one.verdict] ?? "#616161";
    lines.push(`  x${at} [label=${quoted(one.symbol)}, shape=ellipse, color="${colour}"];`);
    for (const from of one.from) lines.push(`  f${from} -> x${at};`);
  }
  for (const [key, number] of counts(graph)) {
    const [from, reason] = key.split("\n");
    const label = quoted(`${reason}${number === 1 ? "" : ` ×${number}`}`);
    lines.push(`  u${from}_${lines.length} [label=${label}, shape=octagon, style=dashed];`);
    lines.push(`  f${from} -> u${from}_${lines.length - 1} [style=dashed];`);
  }
  return `${[...lines, "}"].join("\n")}\n`;
}

/** The paths of a report's unsuppressed errors and warnings as one graph, each ending in what its finding is about. */
export function pathsOf(report: Report): DotGraph {
  const functions = new Map<string, DotGraph["functions"][number]>();
  const edges = new Map<string, readonly [number, number, string]>();
  const external = new Map<string, { symbol: string; verdict: string; from: Set<number> }>();
  const handlers = new Set<number>();
  for (const finding of report.findings) {
    if (finding.suppressed !== null || finding.level === "note") continue;
    const indices = finding.trace.map((frame) => {
      const key = `${frame.package}\n${frame.function}`;
      const index = functions.get(key)?.index ?? functions.size;
      const { package: owner, file, line } = frame;
      if (!functions.has(key)) functions.set(key, { index, path: frame.function, package: owner, file, line });
      return index;
    });
    for (const [at, to] of indices.entries()) {
      const from = indices[at - 1];
      if (from === undefined) handlers.add(to);
      else edges.set(`${from} ${to}`, [from, to, edgeName(finding.trace[at])]);
    }
    const last = indices.at(-1);
    if (last !== undefined) effectOf(external, finding).from.add(last);
  }
  return {
    handlers: [...handlers],
    functions: [...functions.values()],
    edges: [...edges.values()],
    external: [...external.values()].map((one) => ({ ...one, from: [...one.from] })),
    unresolved: [],
  };
}

function edgeName(frame: TraceFrame | undefined): string {
  return frame?.omitted === undefined ? (frame?.via ?? "call") : gapText(frame);
}

function effectOf(
  external: Map<string, { symbol: string; verdict: string; from: Set<number> }>,
  finding: Finding,
): { from: Set<number> } {
  const symbol = `${finding.rule}: ${shortName(finding.callee)}`;
  const known = external.get(symbol) ?? { symbol, verdict: finding.level, from: new Set<number>() };
  external.set(symbol, known);
  return known;
}

function counts(graph: DotGraph): Map<string, number> {
  const out = new Map<string, number>();
  for (const one of graph.unresolved) {
    const key = `${one.from}\n${one.reason}`;
    out.set(key, (out.get(key) ?? 0) + 1);
  }
  return out;
}

function quoted(text: string): string {
  return `"${inert(text).replace(/[\\"]/gu, "\\$&")}"`;
}
