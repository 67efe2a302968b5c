/**
 * Steps of the graph as frames of a report: one frame per function that people can read, at the call that leads on.
 *
 * Modelled code and drop glue make no frames of their own; how they were entered is how the next frame is reached, and a
 * first use on the way shows as `init`. The middle of a path that nobody would read is left out, and the frame after the gap
 * says how much: a chain of functions that each allocate would else make a report as large as the chain's square.
 */
import type { Span } from "../base/span.ts";
import type { CallGraph, Node, NodeId } from "../calls/call-graph.ts";
import { isTransparent } from "./causes.ts";
import type { Places } from "./places.ts";
import type { SitePlace, TraceFrame } from "./report-model.ts";
import type { Step } from "./witness.ts";

export interface Frames {
  /** The frames along the steps, and a last one for `end` where the way ends in a function of its own. */
  along(steps: readonly Step[], end: FrameAt | null): TraceFrame[];
}
export interface FrameAt {
  readonly node: NodeId;
  readonly span: Span;
}

/** Frames of one path: half of them from its start, half from its end. */
const LONGEST = 256;
/** The same, once so many frames were given for one program. */
const MANY = 200_000;
const LONGEST_OF_MANY = 32;

/** Frames for one program's paths. */
export function createFrames(graph: CallGraph, places: Places): Frames {
  let given = 0;
  return {
    along(steps, end) {
      const frames = readable(graph, steps, end);
      const longest = given < MANY ? LONGEST : LONGEST_OF_MANY;
      const left = Math.max(0, frames.length - longest);
      given += frames.length - left;
      const half = longest / 2;
      const kept = left === 0 ? frames : [...frames.slice(0, half), ...frames.slice(half + left)];
      return kept.map(({ node, span, via }, at) => {
        const frame = { via, snippet: places.snippet(span), ...sitePlace(places, node, span) };
        return left > 0 && at === half ? { ...frame, omitted: left } : frame;
      });
    },
  };
}

/** A place in a function. */
export function sitePlace(places: Places, node: Node, span: Span): SitePlace {
  return { function: node.path, ...places.at(span) };
}

interface Readable {
  readonly node: Node;
  readonly span: Span;
  readonly via: TraceFrame["via"];
}

function readable(graph: CallGraph, steps: readonly Step[], end: FrameAt | null): Readable[] {
  const frames: Readable[] = [];
  let via: TraceFrame["via"] | null = "entry";
  const add = (node: Node, span: Span): void => {
    if (isTransparent(node)) return;
    frames.push({ node, span, via: via ?? "call" });
    via = null;
  };
  for (const { site, edge } of steps) {
    add(graph.node(site.node), site.span);
    if (edge.conditions.includes("uninit")) via = "init";
    else via ??= edge.via;
  }
  if (end !== null) add(graph.node(end.node), end.span);
  return frames;
}
